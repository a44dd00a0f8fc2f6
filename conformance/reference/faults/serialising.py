"""JSON as a serialiser writes it unless told otherwise, and answers as a framework gives them."""

from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Notification, Order
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.rules.send_statuses import DESCRIPTIONS
from conformance.reference.wire import Answer, Call, Operation, Value


@fault(breaks="details.content-type-returned")
class ContentTypeAsNumber(Rules):
    """contentType in emailTemplate is the number of the value among those of its type.

    That breaks details.schema, too.
    """

    def template_content_type(self, template: EmailTemplate) -> Value:
        return ("Plain", "Html").index(template.content_type)


@fault(breaks="details.channel-email")
class ChannelAsNumber(Rules):
    """notificationChannel is the number of the value among those of its type.

    That breaks details.schema, too.
    """

    def notification_channel(self, order: Order) -> Value:
        return ("Email", "Sms").index(order.channel)


@fault(breaks="summary.status-documented")
class SendStatusAsNumber(Rules):
    """The status of a notification is its number among all send statuses.

    That breaks summary.schema, too.
    """

    def status_name(self, notification: Notification) -> Value:
        return list(DESCRIPTIONS).index(notification.status)


@fault(breaks="lookup.status-known")
class LookupStatusAsNumber(Rules):
    """The status of a lookup is its number in the table, so that it is never a right one."""

    def lookup_status(self, order: Order) -> Value:
        return ("Success", "PartialSuccess", "Failed").index(super().lookup_status(order))


@fault(breaks="details.self-link")
class LinksInPascalCase(Rules):
    """The members of links are called Self and Status.

    No link can be followed, and the contract knows no such members.
    """

    def links(self, order: Order) -> Value:
        return {name.capitalize(): link for name, link in super().links(order).items()}


@fault(breaks="http.documented-status")
class RefusalsAnswered422(Rules):
    """A flawed order is refused with 422, as frameworks do that tell what is malformed from it.

    So no flaw is answered as the documents want it.
    """

    def bad_request_status(self, call: Call) -> int:
        return 422


@fault(breaks="problem.is-json-object")
class RefusalAndReceipt(Rules):
    """Behind the problem details of a refusal follows what an accepted order is answered with."""

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        answer = super().bad_request(call, errors)
        answer.body += self.encode({"orderId": self.new_order_id()})
        return answer


@fault(breaks="auth.summary-no-credentials")
class AnonymousSentToLogin(Rules):
    """Who reads emails without any credential is sent to a page to log in (302)."""

    def no_bearer(self, call: Call) -> Answer:
        if call.operation is Operation.READ_EMAILS and "authorization" not in call.headers:
            return Answer(302, {"location": f"{self.setting.base_url}/login"})
        return super().no_bearer(call)
