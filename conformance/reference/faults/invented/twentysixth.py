"""The twenty-sixth round: sentences that look boring, read from the last to the first."""

from datetime import UTC, datetime

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient, SmsTemplate
from conformance.reference.moments import parse_moment
from conformance.reference.registers import Organisation, Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.rules.order_status import COMPLETED
from conformance.reference.rules.problems import Errors
from conformance.reference.wire import Answer, Call, Json, Value

# Get order details


@fault(breaks="details.same-after-processing")
class RecipientsWithoutContactDropOut(Rules):
    """Once an order is processed, it reads without the recipients that had no contact details."""

    def recipients(self, order: Order) -> Value:
        """What is left after the worker has tidied up."""
        return [
            self.recipient(recipient)
            for recipient in order.recipients
            if order.status != COMPLETED or not self._was_dropped(order, recipient)
        ]

    def _was_dropped(self, order: Order, recipient: Recipient) -> bool:
        return self.needs_lookup(order, recipient) and self.lacks_contact(order, recipient)


@fault(breaks="details.other-resource-of-apps")
class ResourceOfAnAppIsItself(Rules):
    """The resourceId that an app sends with its order is replaced by the id of the app."""

    def document(self, call: Call) -> Json:
        """The order belongs to whom the PlatformAccessToken names."""
        document = super().document(call)
        token = self.platform_token(call)
        claims = self.platform_claims(call, token) if token else None
        if claims and isinstance(document.get("resourceId"), str):
            document["resourceId"] = f"app_{claims.get('iss')}_{claims.get('urn:altinn:app')}"
        return document


@fault(breaks="details.ignore-reservation-returned")
class IgnoreReservationNeedsAPerson(Rules):
    """An order with ignoreReservation true reads false when it names no person."""

    def ignore_reservation(self, order: Order) -> Value:
        """There is nobody whose reservation could be ignored."""
        names_person = any(given.national_identity_number for given in order.recipients)
        return super().ignore_reservation(order) and names_person


# Send email notifications (August 2024)


@fault(breaks="problem.status-400")
class ProblemOfSyntaxSays500(Rules):
    """The problem details of a body that is no JSON object say status 500, in an answer of 400."""

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        """What the handler of exceptions makes of it, with the status mapped afterwards."""
        answer = super().bad_request(call, errors)
        if "$" in errors:
            answer.content = answer.content | {"status": 500}
        return answer


@fault(breaks="lookup.absent-for-addresses")
class LookupBecauseOfIgnoreReservation(Rules):
    """An order with ignoreReservation gets a recipientLookup, though all have addresses."""

    def requires_lookup(self, order: Order) -> bool:
        """Reservations are looked up whenever the order says something about them."""
        return super().requires_lookup(order) or order.ignore_reservation is not None


# Send email notifications (January 2025)


@fault(breaks="delivery.at-send-time")
class SchedulerForgetsOffsets(Rules):
    """An order is scheduled by the clock time of requestedSendTime, whatever its offset says."""

    def order(
        self,
        document: Json,
        creator: str,
        channel: str,
        template: EmailTemplate | SmsTemplate,
    ) -> Order:
        """The time is kept in the zone it was sent in."""
        order = super().order(document, creator, channel, template)
        sent = document.get("requestedSendTime")
        if isinstance(sent, str) and parse_moment(sent) is not None:
            zone = datetime.fromisoformat(sent.upper()).tzinfo
            order.requested_send_time = order.requested_send_time.astimezone(zone)
        return order

    def start_time(self, order: Order) -> datetime:
        """A date without zone in the agenda, which counts in UTC."""
        return order.requested_send_time.replace(tzinfo=UTC)


@fault(breaks="keyword.person-name-in-body")
class MiddleNamesLeftOut(Rules):
    """$recipientName$ is the first and the last word of a person's name, not the full name."""

    def recipient_name(self, party: Party) -> str:
        """Given name and family name."""
        words = party.name.split()
        return f"{words[0]} {words[-1]}" if isinstance(party, Person) else party.name


# Get email notifications


@fault(breaks="summary.delivered-in-the-end")
class SecondAddressStaysNew(Rules):
    """Only the first notification of an organisation is updated; others stay New, though sent."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        """Reports are matched with the first row of the organisation."""
        if notification.party and notification.address in notification.party.addresses[1:]:
            return ()
        return super().course(notification)

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        """All addresses get their mail, beside the notification that is updated."""
        template, party = order.template, notification.party
        if not isinstance(party, Organisation) or not isinstance(template, EmailTemplate):
            return super().mails(order, notification)
        return [self.mail(template, address, party) for address in party.addresses]


@fault(breaks="summary.senders-reference")
class SummaryReferenceComesWithNotifications(Rules):
    """A summary has no sendersReference as long as no notification has been generated."""

    def summary_senders_reference(self, order: Order) -> Value:
        """Read from the first row of the notifications joined with their order."""
        return super().summary_senders_reference(order) if order.notifications else None


@fault(breaks="summary.organisation-not-identified")
class NoAddressIsAnInvalidFormat(Rules):
    """An organisation without an address is Failed_InvalidEmailFormat: nothing is no address."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        """The missing address is checked like any other."""
        party = self.party(recipient)
        if recipient.organization_number and not self.addresses_of(order, recipient):
            return [self.new_notification(None, party, statuses.INVALID_FORMAT)]
        return super().notifications_for(order, recipient)
