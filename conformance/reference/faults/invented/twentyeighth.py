"""The twenty-eighth round."""

import dataclasses
import html

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.order_status import CONDITION_NOT_MET
from conformance.reference.rules.send_statuses import INVALID_FORMAT, SUCCEEDED
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, RefusalError

_ENCODED_WORD = 45


@fault(breaks="http.other-headers")
class ExpectationRefused(Rules):
    """A valid order sent with ``Expect: 100-continue``, as curl does with long texts, is a 417."""

    def authorise(self, call: Call) -> str:
        if call.places_order and "expect" in call.headers:
            raise RefusalError(Answer(417))
        return super().authorise(call)


@fault(breaks="validation.contract-kept")
class SingleValuesUnwrapped(Rules):
    """A list of one value passes for the value: ``"subject": ["Hello"]`` is accepted."""

    def decode(self, body: bytes) -> object:
        return _unwrapped(super().decode(body))


def _unwrapped(value: object) -> object:
    if isinstance(value, dict):
        return {name: _unwrapped(member) for name, member in value.items()}
    if isinstance(value, list):
        items = [_unwrapped(item) for item in value]
        return items[0] if len(items) == 1 and not isinstance(items[0], dict) else items
    return value


@fault(breaks="details.members-in-any-order")
class ContentTypeAheadOfBodyLost(Rules):
    """contentType counts only behind the body, as in the example; ahead of it Html is Plain."""

    def content_type_in(self, document: Json) -> str:
        names = list(document)
        if "contentType" in names and names.index("contentType") < names.index("body"):
            return self.default_content_type()
        return super().content_type_in(document)


@fault(breaks="condition.not-met-not-sent")
class UnmetConditionCountsAsSuccess(Rules):
    """What an unmet condition held back is listed as Succeeded, and counted, though never sent."""

    def emails_found(self, order: Order) -> Answer:
        if order.status == CONDITION_NOT_MET and not order.notifications:
            kept = [notification for notification in self.generate(order) if notification.address]
            order.notifications = [dataclasses.replace(each, status=SUCCEEDED) for each in kept]
        return super().emails_found(order)


@fault(breaks="lookup.reserved-listed")
class ReservationLiftedForGood(Rules):
    """Once an order has overridden a reservation, later orders take the person for not reserved.

    The flag is cleared on the cached contact record instead of a copy.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._lifted: set[str | None] = set()

    def accepted(self, order: Order) -> Answer:
        answer = super().accepted(order)
        if self.overrides_reservation(order):
            self._lifted.update(recipient.number for recipient in order.recipients)
        return answer

    def is_reserved(self, recipient: Recipient) -> bool:
        return super().is_reserved(recipient) and recipient.number not in self._lifted


@fault(breaks="delivery.every-recipient")
class CapitalsFailToBeSent(Rules):
    """An address with capital letters is accepted, then Failed_InvalidEmailFormat; no email."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        address = notification.address or ""
        if address != address.lower():
            return (INVALID_FORMAT,)
        return super().course(notification)


@fault(breaks="condition.not-met-not-sent-for-apps")
class ConditionsOfAppsLost(Rules):
    """The conditionEndpoint of an order placed with a PlatformAccessToken is never asked."""

    def document(self, call: Call) -> Json:
        document = super().document(call)
        condition = document.get("conditionEndpoint")
        if self.platform_caller(call) and not self.errors_in_condition_endpoint(condition):
            document.pop("conditionEndpoint", None)
        return document


@fault(breaks="keyword.name-in-html-body")
class NamesInHtmlEscapedTwice(Rules):
    """In HTML a name is escaped by caller and template alike: its ``&`` is read as ``&amp;``."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None or not mail.is_html:
            return mail
        escaped = dataclasses.replace(party, name=html.escape(html.escape(party.name)))
        return dataclasses.replace(mail, body=self.substituted_body(template.body, escaped))
