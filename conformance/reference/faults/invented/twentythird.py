"""The twenty-third round."""

import re
from dataclasses import replace
from datetime import timedelta

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import (
    EmailTemplate,
    Notification,
    Order,
    Recipient,
    SmsTemplate,
)
from conformance.reference.registers import Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.keywords import NAME, NUMBER
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Operation, Value


@fault(breaks="keyword.anywhere")
class DollarSignHidesTheKeywordAfterIt(Rules):
    """A dollar sign earlier in a text keeps the keyword after it from being replaced.

    Whatever stands between two dollar signs is taken for a keyword, so that the first one pairs
    with the beginning of the keyword.
    """

    def keyword_pattern(self) -> re.Pattern[str]:
        return re.compile(r"\$[^$]*\$")

    def replacement(self, keyword: str, party: Party) -> str:
        return super().replacement(keyword, party) if keyword in (NAME, NUMBER) else keyword


@fault(breaks="condition.not-met-whoever-is-ordered-to")
class ConditionSkippedForLookups(Rules):
    """The condition of an order is not asked for when any of its recipients was looked up.

    Such orders come to the sender by another queue, which knows no conditions.
    """

    def condition_url(self, order: Order) -> str | None:
        return None if self.requires_lookup(order) else super().condition_url(order)


@fault(breaks="auth.order-bearer-as-platform-token")
class AltinnTokenServesAsPlatformToken(Rules):
    """An Altinn token without the scope passes for a Platform Access Token, sent in that header.

    The same authority signed it and it is current; no more is looked at.
    """

    def platform_claims(self, call: Call, token: str) -> Claims | None:
        return super().platform_claims(call, token) or self.bearer_claims(call, token)

    def platform_organisation(self, call: Call, claims: Claims) -> str | None:
        return super().platform_organisation(call, claims) or self.organisation(call, claims)


@fault(breaks="summary.registered-address")
class AddressesOfPersonsMasked(Rules):
    """The email summary masks addresses from the contact register of persons.

    The first letter and the domain are left: ``l***@example.org``.
    """

    def used_address(self, notification: Notification) -> Value:
        address = notification.address
        if address is None or not isinstance(notification.party, Person):
            return address
        return f"{address[0]}***@{address.rpartition('@')[2]}"


@fault(breaks="keyword.own-values")
class SecondAddressReadsKeywords(Rules):
    """Of an organisation with several addresses, only the first gets keywords replaced.

    The join of recipients and addresses has the name and the number in its first row only.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        party = notification.party
        first = next(other for other in order.notifications if other.party == party)
        known = party if first is notification else None
        return super().mails(order, replace(notification, party=known))


@fault(breaks="lookup.missing-whatever-is-ignored")
class IgnoredReservationSkipsTheRegister(Rules):
    """With ignoreReservation true, persons without an address are not in missingContact.

    The register is not asked for them then, and they count as found.
    """

    def lacks_contact(self, order: Order, recipient: Recipient) -> bool:
        if order.ignore_reservation and recipient.national_identity_number is not None:
            return False
        return super().lacks_contact(order, recipient)


@fault(breaks="details.send-time-returned")
class NightlyOrdersPutOff(Rules):
    """An order for a time between 22 and 7 o'clock (UTC) is scheduled for 7 o'clock after it.

    The night's rest of text messages is kept for emails too.
    """

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        order = super().order(document, creator, channel, template)
        asked = order.requested_send_time
        if document.get("requestedSendTime") is None or 7 <= asked.hour < 22:
            return order
        morning = asked.replace(hour=7, minute=0, second=0, microsecond=0)
        later = morning if morning >= asked else morning + timedelta(days=1)
        return replace(order, requested_send_time=later)


@fault(breaks="not-found.details")
class IdsComparedByThirtyTwoLetters(Rules):
    """An id that differs from an order's in its last four digits alone is answered with that order.

    Ids are compared by their first 32 letters, the length of a GUID without hyphens.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._orders: dict[str, Order] = {}

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        self._orders[order.id[:32]] = order
        return order

    def absent(self, call: Call) -> Answer:
        order = (
            self._orders.get(call.order_id.lower()[:32]) if self.is_guid(call.order_id) else None
        )
        if order is not None and self.may_read(call, order, self.authorise(call)):
            if call.operation is Operation.READ_ORDER:
                return self.order_found(order)
            if call.operation is Operation.READ_EMAILS:
                return self.emails_found(order)
        return super().absent(call)


@fault(breaks="keyword.organisation-number-in-subject")
class SubjectPersonalisedOnlyWithTheBody(Rules):
    """Keywords in a subject stay as they are when the body has none.

    Whether names and numbers are needed at all is decided by a look at the body.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        is_personal = NAME in template.body or NUMBER in template.body
        return super().mail(template, address, party if is_personal else None)


@fault(breaks="validation.recipients-is-list")
class NullRecipientsDropped(Rules):
    """A null among the recipients is dropped without a word.

    The order is accepted for the rest.
    """

    def errors_in_recipients(self, value: object, address: str) -> Errors:
        return super().errors_in_recipients(_without_nulls(value), address)

    def recipients_in(self, document: Json) -> list[Recipient]:
        listed = _without_nulls(document.get("recipients"))
        return super().recipients_in({**document, "recipients": listed})


def _without_nulls(value: object) -> object:
    return [item for item in value if item is not None] if isinstance(value, list) else value
