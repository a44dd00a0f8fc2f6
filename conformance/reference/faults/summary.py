"""Wrong answers to reading the emails of an order: the summary as a whole."""

from dataclasses import replace
from http import HTTPStatus

from conformance.reference.deviations import fault
from conformance.reference.model import EMAIL, Notification, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Json, Value

SHORT = 10


@fault(breaks="summary.status-200")
class SummaryNotFoundUntilGenerated(Rules):
    """The emails of an order are answered 404 until the first one is generated."""

    def emails_found(self, order: Order) -> Answer:
        return super().emails_found(order) if order.notifications else Answer(404)


@fault(breaks="summary.senders-reference")
class SummaryReferenceCutAt100(Rules):
    """The summary has the first hundred characters of sendersReference."""

    def summary(self, order: Order) -> Json:
        summary = super().summary(order)
        reference = summary.get("sendersReference")
        return {**summary, "sendersReference": reference[:100]} if reference else summary


@fault(breaks="summary.status-200")
class EmptySummaryNoContent(Rules):
    """The emails of an order are answered 204 without a body until the first one is generated."""

    def emails_found(self, order: Order) -> Answer:
        if order.notifications:
            return super().emails_found(order)
        return Answer(HTTPStatus.NO_CONTENT)


@fault(breaks="summary.found-when-processed")
class ProcessedEmailsNotFound(Rules):
    """The emails of an order are gone as soon as all of them have been sent.

    What they would say cannot be verified.
    """

    def emails_found(self, order: Order) -> Answer:
        ends = [each.status == statuses.DELIVERED for each in order.notifications]
        return Answer(404) if ends and all(ends) else super().emails_found(order)


@fault(breaks="summary.sms-order-has-none")
class SmsOrderCrashesSummary(Rules):
    """The emails of an SMS order are answered 500."""

    def emails_found(self, order: Order) -> Answer:
        return super().emails_found(order) if order.channel == EMAIL else Answer(500)


@fault(breaks="summary.sms-order-has-none")
class SmsCountedAmongEmails(Rules):
    """The emails of an SMS order are counted, though none is listed: they are text messages.

    That breaks summary.generated-equals-list, too.
    """

    def generated(self, order: Order) -> Value:
        is_email = order.channel == EMAIL
        return super().generated(order) if is_email else len(order.recipients)


@fault(breaks="summary.media-type-json")
class SummaryAsText(Rules):
    """The summary is JSON, but called text/plain."""

    def emails_found(self, order: Order) -> Answer:
        answer = super().emails_found(order)
        answer.headers["content-type"] = "text/plain; charset=utf-8"
        return answer


@fault(breaks="summary.media-type-json")
class SummaryWithoutMediaType(Rules):
    """The summary comes without a Content-Type."""

    def emails_found(self, order: Order) -> Answer:
        answer = super().emails_found(order)
        del answer.headers["content-type"]
        return answer


@fault(breaks="summary.schema")
class ReferenceAsObject(Rules):
    """sendersReference of the summary is an object that holds the reference.

    That breaks summary.senders-reference, too.
    """

    def summary_senders_reference(self, order: Order) -> Value:
        reference = super().summary_senders_reference(order)
        return None if reference is None else {"value": reference}


@fault(breaks="summary.schema")
class NobodyReached(Rules):
    """A notification that reached nobody has no recipient, not even an empty one."""

    def notification(self, notification: Notification) -> Value:
        listed: Json = super().notification(notification)
        if notification.address is None:
            listed["recipient"] = None
        return listed


@fault(breaks="summary.one-per-address")
class FirstSummaryKept(Rules):
    """The summary of an order is for ever what it was when the order was placed.

    So no order ever lists a notification, and hardly anything of them can be verified.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._first: dict[str, Json] = {}

    def accepted(self, order: Order) -> Answer:
        self.summary(order)
        return super().accepted(order)

    def summary(self, order: Order) -> Json:
        return self._first.setdefault(order.id, super().summary(order))


@fault(breaks="summary.order-id")
class SummaryOfAnotherOrder(Rules):
    """orderId of the summary is an id that no order has."""

    def summary_order_id(self, order: Order) -> Value:
        return self.new_id()


@fault(breaks="summary.order-id")
class SummaryNamesNewestOrder(Rules):
    """orderId of any summary is the id of the order that was placed last."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._newest = ""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        self._newest = order.id
        return order

    def summary_order_id(self, order: Order) -> Value:
        return self._newest or super().summary_order_id(order)


@fault(breaks="summary.senders-reference")
class ReferenceInAscii(Rules):
    """sendersReference of the summary has question marks for letters beyond ASCII."""

    def summary_senders_reference(self, order: Order) -> Value:
        reference = super().summary_senders_reference(order)
        return reference and reference.encode("ascii", "replace").decode("ascii")


@fault(breaks="summary.senders-reference")
class ReferenceCutShort(Rules):
    """sendersReference of the summary ends after ten characters."""

    def summary_senders_reference(self, order: Order) -> Value:
        reference = super().summary_senders_reference(order)
        return reference and reference[:SHORT]


@fault(breaks="summary.senders-reference")
class ReferenceOfNewestOrder(Rules):
    """sendersReference of any summary is that of the order that was placed last."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._newest: Value = None

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        self._newest = order.senders_reference
        return order

    def summary_senders_reference(self, order: Order) -> Value:
        return self._newest


@fault(breaks="summary.senders-reference-processed")
class ReferenceLostWhenGenerated(Rules):
    """sendersReference of the summary is left out as soon as notifications are listed."""

    def summary_senders_reference(self, order: Order) -> Value:
        return None if order.notifications else super().summary_senders_reference(order)


@fault(breaks="summary.senders-reference-unsent")
class ReferenceInvented(Rules):
    """sendersReference of the summary is the id of the order when none was sent."""

    def summary_senders_reference(self, order: Order) -> Value:
        return super().summary_senders_reference(order) or order.id


@fault(breaks="summary.senders-reference-unsent")
class ReferenceEmpty(Rules):
    """sendersReference of the summary is an empty text when none was sent."""

    def summary_senders_reference(self, order: Order) -> Value:
        return super().summary_senders_reference(order) or ""


# Whose notifications


class _Lumped(Rules):
    """The summary of an order lists the notifications of others, too."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._orders: list[Order] = []

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        self._orders.append(order)
        return order

    def belong_together(self, one: Order, other: Order) -> bool:
        """Whether each lists the notifications of both."""
        return one is other

    def summary(self, order: Order) -> Json:
        together = [each for each in self._orders if self.belong_together(each, order)]
        listed = [notification for each in together for notification in each.notifications]
        return super().summary(replace(order, notifications=listed))


@fault(breaks="summary.own-notifications")
class SummaryOfReference(_Lumped):
    """The summary lists the notifications of all orders with the same sendersReference."""

    def belong_together(self, one: Order, other: Order) -> bool:
        same = other.senders_reference and one.senders_reference == other.senders_reference
        return bool(same) or one is other


@fault(breaks="summary.own-notifications")
class SummaryOfAddresses(_Lumped):
    """The summary lists the notifications of all orders to the same addresses."""

    def belong_together(self, one: Order, other: Order) -> bool:
        addressed = all(each.email_address for each in one.recipients)
        return one is other or (addressed and one.recipients == other.recipients)


# generated


@fault(breaks="summary.generated-is-count")
class GeneratedAsText(Rules):
    """The count of generated notifications is a text, which breaks summary.schema, too."""

    def generated(self, order: Order) -> Value:
        return str(super().generated(order))


@fault(breaks="summary.generated-equals-list")
class GeneratedCountsRecipients(Rules):
    """The count of generated notifications is that of the recipients, also before any is listed."""

    def generated(self, order: Order) -> Value:
        return len(order.recipients)


@fault(breaks="summary.generated-equals-list")
class GeneratedCountsUnsettled(Rules):
    """The count of generated notifications leaves out those that have succeeded.

    succeeded is then more than generated, which breaks summary.succeeded-is-count, too.
    """

    def generated(self, order: Order) -> Value:
        return sum(not self.is_success(each.status) for each in order.notifications)


@fault(breaks="summary.generated-equals-list")
class GeneratedCountsAddresses(Rules):
    """Notifications without an address are listed, but not counted as generated."""

    def generated(self, order: Order) -> Value:
        return sum(each.address is not None for each in order.notifications)


# succeeded


@fault(breaks="summary.succeeded-is-count")
class SucceededAsFlag(Rules):
    """succeeded of the summary says true or false instead of how many.

    That breaks summary.schema, too.
    """

    def succeeded(self, order: Order) -> Value:
        return bool(super().succeeded(order))


@fault(breaks="summary.succeeded-is-count")
class SucceededMinusOneAtFirst(Rules):
    """succeeded of the summary is -1 as long as nothing is known, which is against the schema."""

    def succeeded(self, order: Order) -> Value:
        return super().succeeded(order) if order.notifications else -1


@fault(breaks="summary.succeeded-equals-successes")
class SucceededIsOneAtMost(Rules):
    """succeeded of the summary is 1 as soon as any notification has succeeded."""

    def succeeded(self, order: Order) -> Value:
        return min(1, super().succeeded(order))


@fault(breaks="summary.succeeded-equals-successes")
class SucceededCountsSettled(Rules):
    """succeeded of the summary counts every notification that is settled, failed or not.

    So that a reserved person counts, which breaks summary.reserved-not-sent, too.
    """

    def succeeded(self, order: Order) -> Value:
        unsettled = (statuses.NEW, statuses.SENDING)
        return sum(each.status not in unsettled for each in order.notifications)


# notifications


@fault(breaks="summary.succeeded-equals-successes")
class DeliveredNotCounted(Rules):
    """succeeded of the summary counts notifications that are Succeeded, and not those Delivered."""

    def succeeded(self, order: Order) -> Value:
        return sum(each.status == statuses.SUCCEEDED for each in order.notifications)


@fault(breaks="summary.notifications-is-list")
class NotificationsNullAtFirst(Rules):
    """notifications is null before there are any, which breaks summary.schema, too."""

    def summary(self, order: Order) -> Json:
        return super().summary(order) | {"notifications": self.notifications(order) or None}


@fault(breaks="summary.notifications-is-list")
class NotificationsMissingAtFirst(Rules):
    """notifications is left out before there are any, which breaks summary.schema, too."""

    def notifications(self, order: Order) -> Value:
        return super().notifications(order) or None


@fault(breaks="summary.one-per-address")
class OneNotificationForAll(Rules):
    """An order lists a notification for the first of its recipients only, though all get emails."""

    def notifications(self, order: Order) -> Value:
        return super().notifications(order)[:1]

    def generated(self, order: Order) -> Value:
        return min(1, super().generated(order))

    def succeeded(self, order: Order) -> Value:
        return sum(self.is_success(each.status) for each in order.notifications[:1])


@fault(breaks="summary.one-per-address")
class OneNotificationForEachDomain(Rules):
    """Of several addresses in one domain only the first one gets a notification, and an email.

    That breaks delivery.every-recipient and summary.recipient-address, too.
    """

    def generate(self, order: Order) -> list[Notification]:
        by_domain: dict[str, Notification] = {}
        for each in super().generate(order):
            by_domain.setdefault((each.address or each.id).rpartition("@")[2], each)
        return list(by_domain.values())


@fault(breaks="summary.registered-once")
class PersonTwice(Rules):
    """A person given by number has two notifications, and gets two emails."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        listed = super().notifications_for(order, recipient)
        is_person = recipient.national_identity_number is not None
        again = super().notifications_for(order, recipient) if is_person else []
        return [*listed, *again]
