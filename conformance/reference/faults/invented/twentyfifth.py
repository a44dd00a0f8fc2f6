"""The twenty-fifth round: faults that a feature shows only beside another one.

Or only for a later item, another kind of recipient, another operation, a later moment, or a value
that the examples do not have.
"""

import re
from dataclasses import replace

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import SMS, Notification, Order, Recipient
from conformance.reference.registers import Organisation, Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.order_status import COMPLETED
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Value


@fault(breaks="auth.details-no-scope", also=("auth.summary-no-scope",))
class OwnOrdersReadWithoutScope(Rules):
    """An organisation reads the orders that it created itself with a bearer that lacks the scope.

    Whoever owns the resource is let in before the scopes are looked at; placing orders, and reading
    those that do not exist, are forbidden as they should be.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._creators: dict[str, str] = {}

    def accepted(self, order: Order) -> Answer:
        self._creators[order.id] = order.creator
        return super().accepted(order)

    def has_scope(self, call: Call, claims: Claims) -> bool:
        creator = self._creators.get(call.order_id.lower())
        owns = creator is not None and creator == self.organisation(call, claims)
        return owns or super().has_scope(call, claims)


@fault(breaks="lookup.every-mix")
class LookupFailsWithItsLast(Rules):
    """The lookup's status is Failed when the last recipient is unreachable, whoever was reached.

    A loop over the recipients sets the status anew for each; where an unreachable one comes before
    a reachable one, as in the documents' example, PartialSuccess is right.
    """

    def lookup_status(self, order: Order) -> Value:
        if self.is_unreachable(order, self.looked_up(order)[-1]):
            return "Failed"
        return super().lookup_status(order)


@fault(breaks="keyword.reserved-person-named")
class OverriddenPeopleNameless(Rules):
    """$recipientName$ is empty for a reserved person whose reservation the order ignores.

    Names are taken from the answer of the register, which has none for those who are reserved.
    """

    def recipient_name(self, party: Party) -> str:
        if isinstance(party, Person) and party.reserved:
            return ""
        return super().recipient_name(party)


@fault(breaks="keyword.anywhere")
class KeywordsAfterSpaceOnly(Rules):
    """A keyword is replaced only at the start of the text or after white space.

    As in all the examples; after a bracket, a quote or a tag of HTML it is sent as it stands.
    """

    def keyword_pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\S)(?:{super().keyword_pattern().pattern})")


@fault(breaks="delivery.html-as-html")
class HtmlForTheFirstOnly(Rules):
    """Of an order for Html, the first email is Html and all others are plain text.

    The builder of emails goes back to its default after each that it has built.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        if notification is order.notifications[0]:
            return mails
        return [replace(mail, content_type=self.default_content_type()) for mail in mails]


@fault(breaks="condition.met-reservation-ignored")
class ReservationsHoldWithCondition(Rules):
    """ignoreReservation is forgotten for orders with a conditionEndpoint.

    Once the condition has been met, the order goes on by a way of its own that does not know it;
    the reserved person gets nothing.
    """

    def overrides_reservation(self, order: Order) -> bool:
        return order.condition_endpoint is None and super().overrides_reservation(order)


@fault(breaks="details.same-after-processing")
class NumbersReadAsAddressesOnceSent(Rules):
    """When an order has been processed, its recipients by number are read as email addresses.

    The worker stores the recipients as it has looked them up; until then they read as ordered.
    """

    def details(self, order: Order) -> Json:
        if order.status == COMPLETED and order.channel != SMS:
            stored = tuple(self._looked_up(order, given) for given in order.recipients)
            order = replace(order, recipients=stored)
        return super().details(order)

    def _looked_up(self, order: Order, recipient: Recipient) -> Recipient:
        addresses = self.addresses_of(order, recipient)
        return Recipient(email_address=addresses[0]) if addresses else recipient


@fault(breaks="details.sms-common-members")
class SmsOrdersLinkToSms(Rules):
    """links.self of an SMS order is /orders/sms/{id}, where nothing is.

    The link is made from the path that the order was posted to, email orders have a rule of their
    own.
    """

    def self_link(self, order: Order) -> Value:
        if order.channel == SMS:
            return f"{self.setting.base_url}/orders/sms/{order.id}"
        return super().self_link(order)


@fault(breaks="summary.registered-address")
class SecondAddressShownAsFirst(Rules):
    """All emails of an organisation with two addresses show the first one as their recipient.

    The summary looks the organisation up again; the emails go to both addresses.
    """

    def used_address(self, notification: Notification) -> Value:
        party = notification.party
        if isinstance(party, Organisation) and notification.address in party.addresses:
            return party.addresses[0]
        return super().used_address(notification)


@fault(breaks="order.location-present")
class NoLocationWhenLookupFailed(Rules):
    """The 202 of an order whose lookup failed for all recipients has no Location.

    It is answered on another branch than the others.
    """

    def location(self, order: Order) -> str | None:
        if self.requires_lookup(order) and self.lookup_status(order) == "Failed":
            return None
        return super().location(order)
