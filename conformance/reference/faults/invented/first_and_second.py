"""Faults invented from the documents alone, without a look at the suite that must find them."""

import html
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.order_status import COMPLETED
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


@fault(breaks="keyword.own-values")
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


@fault(breaks="problem.names-no-other")
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


# Round two


@fault(breaks="keyword.anywhere")
class StrayDollarHidesKeyword(Rules):
    """Pairs dollar signs from the left, so that one before a keyword leaves it unreplaced."""

    def substitute(self, text: str, party: Party | None) -> str:
        if party is None:
            return text
        pieces = text.split("$")
        values = {
            "recipientName": self.recipient_name(party),
            "recipientNumber": self.recipient_number(party),
        }
        for position in range(1, len(pieces) - 1, 2):
            pieces[position] = values.get(pieces[position], f"${pieces[position]}$")
        unpaired = "$" if len(pieces) % 2 == 0 else ""
        return "".join(pieces[:-1]) + unpaired + pieces[-1]


@fault(breaks="keyword.template-kept-when-processed")
class TemplateOverwrittenByPersonalTexts(Rules):
    """Keeps in emailTemplate, once an order is processed, what the last recipient read."""

    def email_template(self, order: Order) -> Value:
        template = order.template
        if order.status == COMPLETED and isinstance(template, EmailTemplate):
            for party in [sent.party for sent in order.notifications if sent.address][-1:]:
                subject = self.substituted_subject(template.subject, party)
                body = self.substituted_body(template.body, party)
                order = replace(order, template=replace(template, subject=subject, body=body))
        return super().email_template(order)


_ASKED: ContextVar[str] = ContextVar("asked")


@fault(breaks="condition.checked-for-each-order")
class ConditionOnceMetStaysMet(Rules):
    """Asks a conditionEndpoint no more for other orders once it has said true for one."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._met: set[str] = set()

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        _ASKED.set(url or "")
        return None if url in self._met else url

    def condition_met(self, status: int, body: bytes) -> bool | None:
        met = super().condition_met(status, body)
        if met:
            self._met.add(_ASKED.get())
        return met


@fault(breaks="condition.checked")
class ConditionIgnoredWithReservations(Rules):
    """Sends without asking the conditionEndpoint when ignoreReservation is true."""

    def condition_url(self, order: Order) -> str | None:
        return None if order.ignore_reservation else super().condition_url(order)


@fault(breaks="summary.due-is-processed")
class SendTimeHoldsOneOrder(Rules):
    """Of orders with one and the same requestedSendTime, starts only the first in time."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._slots: dict[datetime, str] = {}

    def start_time(self, order: Order) -> datetime:
        start = super().start_time(order)
        is_first = self._slots.setdefault(start, order.id) == order.id
        return start if is_first else start + timedelta(days=1)


@fault(breaks="not-found.details")
class NilGuidFindsNewestOrder(Rules):
    """Takes the GUID of zeros for no filter: answers with the caller's newest order."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._newest: dict[str, Order] = {}

    def accepted(self, order: Order) -> Answer:
        self._newest[order.creator] = order
        return super().accepted(order)

    def order_not_found(self, call: Call) -> Answer:
        newest = self._newest.get(self.authorise(call))
        if newest is None or call.order_id != "00000000-0000-0000-0000-000000000000":
            return super().order_not_found(call)
        return self.order_found(newest)


@fault(breaks="details.resource-id-returned")
class ResourceIdCutAfterApp(Rules):
    """Cuts the resourceId of an app whose name has an underscore: app_ttd_my_app."""

    def resource_id(self, order: Order) -> Value:
        parts = (order.resource_id or "").split("_")
        return "_".join(parts[:3]) if parts[0] == "app" else super().resource_id(order)


@fault(breaks="validation.body-required")
class HtmlOrderMayLackBody(Rules):
    """Accepts an order without a body when the contentType is Html."""

    def email_errors(self, document: Json) -> Errors:
        errors = super().email_errors(document)
        if document.get("contentType") == "Html" and not document.get("body"):
            errors.pop("Body", None)
        return errors


@fault(breaks="lookup.status-agrees-with-lists")
class FailedLookupNeedsOneReason(Rules):
    """Says PartialSuccess when all recipients fail, some reserved and some without contact."""

    def lookup_status(self, order: Order) -> Value:
        status = super().lookup_status(order)
        both_reasons = self.reserved(order) and self.missing_contact(order)
        return "PartialSuccess" if both_reasons else status


@fault(breaks="lookup.contactless-person-listed")
class LeadingZeroLostInMissingContact(Rules):
    """Lists a person in missingContact without the zero that the number starts with."""

    def missing_contact(self, order: Order) -> Value:
        return [number.removeprefix("0") for number in super().missing_contact(order)]
