"""Faults invented from the documents alone, without a look at the suite that must find them."""

import html
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Value

# Round one


@fault(breaks="keyword.own-values")
class PersonInheritsNumberOfOrganisation(Rules):
    """Keeps $recipientNumber$ of the organisation before a person in the same order."""

    _inherited = ""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        self._inherited = ""
        for recipient in order.recipients:
            if notification.party and recipient.number == notification.party.number:
                break
            self._inherited = recipient.organization_number or self._inherited
        return super().mails(order, notification)

    def recipient_number(self, party: Party) -> str:
        return super().recipient_number(party) or self._inherited


@fault(breaks="keyword.organisation-name-in-body")
class SecondAddressNotPersonalised(Rules):
    """Replaces keywords only in the email to the first of an organisation's addresses."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        first, *others = super().notifications_for(order, recipient)
        return [first, *(replace(other, party=None) for other in others)]


@fault(breaks="keyword.organisation-name-in-subject")
class HtmlOrderEscapesNameInSubject(Rules):
    """Escapes a name for HTML in the subject, too, when the body is HTML."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None or not mail.is_html:
            return mail
        escaped = replace(party, name=html.escape(party.name))
        return replace(mail, subject=self.substituted_subject(template.subject, escaped))


@fault(breaks="order.location-present")
class LocationMissingWhenLookupFailed(Rules):
    """Sends no Location with a 202 whose recipientLookup is Failed."""

    def location(self, order: Order) -> str | None:
        failed = self.requires_lookup(order) and self.lookup_status(order) == "Failed"
        return None if failed else super().location(order)


@fault(breaks="details.send-time-returned")
class OtherSeasonSendTimeOneHourOff(Rules):
    """Reads a send time with the offset that Oslo has today, not with the one of that day."""

    def order(self, document: Json, creator: str, channel: str, template: object) -> Order:
        order = super().order(document, creator, channel, template)  # type: ignore[arg-type]
        shift = _daylight_saving(order.requested_send_time) - _daylight_saving(self.now())
        return replace(order, requested_send_time=order.requested_send_time + shift)


def _daylight_saving(moment: datetime) -> timedelta:
    return moment.astimezone(ZoneInfo("Europe/Oslo")).dst() or timedelta()


@fault(breaks="summary.one-per-address")
class SummaryEndsAfterTwentyNotifications(Rules):
    """Counts and lists the first page of an order's notifications, twenty of them."""

    def summary(self, order: Order) -> Json:
        return super().summary(replace(order, notifications=order.notifications[:20]))


@fault(breaks="auth.order-expired-bearer")
class TokenOnceValidNeverExpires(Rules):
    """Remembers valid Altinn tokens, and takes them when they have expired since."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._known: dict[str, Claims] = {}

    def bearer_claims(self, call: Call, token: str) -> Claims | None:
        claims = self._known.get(token) or super().bearer_claims(call, token)
        if claims is not None:
            self._known[token] = claims
        return claims


@fault(breaks="problem.names-member")
class WrongPersonReportedAsOrganisation(Rules):
    """Says of a wrong nationalIdentityNumber that the OrganizationNumber is wrong."""

    def errors_in_each_identifier(self, recipient: Json) -> Errors:
        errors = super().errors_in_each_identifier(recipient)
        if errors.pop(".NationalIdentityNumber"):
            errors[".OrganizationNumber"] = ["'OrganizationNumber' must be 9 digits."]
        return errors


@fault(breaks="summary.own-notifications")
class NotificationsJoinedBySendersReference(Rules):
    """Lists the notifications of every order of the caller with the same sendersReference."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._orders: list[Order] = []

    def accepted(self, order: Order) -> Answer:
        self._orders.append(order)
        return super().accepted(order)

    def summary(self, order: Order) -> Json:
        key = (order.creator, order.senders_reference)
        alike = [one for one in self._orders if (one.creator, one.senders_reference) == key]
        if order.senders_reference is None:
            alike = [order]
        joined = [notification for one in alike for notification in one.notifications]
        return super().summary(replace(order, notifications=joined))


@fault(breaks="summary.not-identified-without-address")
class UnreachableShowsAddressOfPrevious(Rules):
    """Shows, for a recipient without an address, the address of the one before in the list."""

    def notifications(self, order: Order) -> Value:
        address: str | None = None
        listed = []
        for notification in order.notifications:
            address = notification.address or address
            listed.append(self.notification(replace(notification, address=address)))
        return listed
