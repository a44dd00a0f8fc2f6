"""Wrong answers to reading the emails of an order: recipients that are not sent to."""

from itertools import pairwise

from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.setting import Setting
from conformance.reference.wire import Json, Value


@fault(breaks="delivery.every-recipient")
class NobodyBeyondTheHundredth(Rules):
    """Of the recipients of an order a hundred are read, a page, and the others forgotten."""

    def generate(self, order: Order) -> list[Notification]:
        return super().generate(order)[:100]


@fault(breaks="summary.unreachable-stops-no-other")
class OrderEndsAtUnreachable(Rules):
    """The recipients of an order after one without an address are forgotten.

    That breaks delivery.unreachable-stops-no-other, too.
    """

    def generate(self, order: Order) -> list[Notification]:
        generated: list[Notification] = []
        for each in super().generate(order):
            generated.append(each)
            if each.address is None:
                break
        return generated


@fault(breaks="summary.each-by-itself")
class ReservationHeededAlone(Rules):
    """A reserved person is sent to where an order has other recipients, too."""

    def overrides_reservation(self, order: Order) -> bool:
        return len(order.recipients) > 1 or super().overrides_reservation(order)


@fault(breaks="summary.each-by-itself")
class ReservedFirstStopsOrder(Rules):
    """Nobody is sent to where the first recipient of an order is reserved."""

    def addresses_of(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        stops = self.is_reserved(order.recipients[0]) and not self.overrides_reservation(order)
        return () if stops else super().addresses_of(order, recipient)


@fault(breaks="summary.not-identified-without-address")
class AddressOfRecipientBefore(Rules):
    """A recipient who was not identified bears the address of the recipient before."""

    def notifications(self, order: Order) -> Value:
        listed: list[Json] = super().notifications(order)
        for before, each in pairwise(listed):
            each["recipient"] = each["recipient"] or before["recipient"]
        return listed


@fault(breaks="summary.organisation-not-identified")
class OrganisationNotFoundIsFailed(Rules):
    """An organisation whose address was not found has the status Failed, which tells no cause."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        listed = super().notifications_for(order, recipient)
        for notification in listed:
            if notification.address is None and recipient.organization_number:
                notification.status = statuses.FAILED
        return listed


@fault(breaks="summary.recipient-not-identified")
class NotIdentifiedIsFailed(Rules):
    """A recipient whose address was not found has the status Failed, which tells no cause."""

    def unreachable_status(self) -> str:
        return statuses.FAILED


@fault(breaks="summary.recipient-not-identified")
class NotIdentifiedIsInvalidFormat(Rules):
    """A person whose address was not found is said to have one in an invalid format."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        listed = super().notifications_for(order, recipient)
        for notification in listed:
            if notification.address is None and recipient.national_identity_number:
                notification.status = statuses.INVALID_FORMAT
        return listed


@fault(breaks="summary.recipient-not-identified")
class NotIdentifiedStaysNew(Rules):
    """A notification to a recipient whose address was not found stays New for ever."""

    def unreachable_status(self) -> str:
        return statuses.NEW


@fault(breaks="summary.reserved-not-sent")
class ReservationsNotHeeded(Rules):
    """Reserved persons are sent to as all others are.

    That breaks delivery.reserved-not-delivered, too.
    """

    def overrides_reservation(self, order: Order) -> bool:
        return True


@fault(breaks="summary.reserved-not-sent")
class ReservedCountsAsSucceeded(Rules):
    """A reserved person is not sent to, but the notification is listed as Succeeded."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        listed = super().notifications_for(order, recipient)
        for notification in listed:
            if notification.address is None and self.is_reserved(recipient):
                notification.status = statuses.SUCCEEDED
        return listed


@fault(breaks="summary.reserved-not-sent")
class ReservationHeededInPlainTextOnly(Rules):
    """Reserved persons are sent to when the email is HTML.

    That breaks delivery.reserved-not-delivered, too.
    """

    def overrides_reservation(self, order: Order) -> bool:
        template = order.template
        is_html = isinstance(template, EmailTemplate) and template.content_type == "Html"
        return is_html or super().overrides_reservation(order)


@fault(breaks="summary.reserved-not-sent")
class AnyIgnoreReservationOverrides(Rules):
    """Reservations are ignored as soon as ignoreReservation is sent, be it true or false.

    That breaks delivery.reserved-not-delivered, too.
    """

    def overrides_reservation(self, order: Order) -> bool:
        return order.ignore_reservation is not None


@fault(breaks="summary.reserved-not-sent")
class OverrideStaysOn(Rules):
    """Once an order has ignored reservations, all that come after it do."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._is_on = False

    def overrides_reservation(self, order: Order) -> bool:
        self._is_on = self._is_on or super().overrides_reservation(order)
        return self._is_on


@fault(breaks="summary.reservation-ignored")
class ReservationsAlwaysHeeded(Rules):
    """Reserved persons are never sent to, whatever the order says."""

    def overrides_reservation(self, order: Order) -> bool:
        return False


@fault(breaks="summary.reservation-ignored")
class ReservationFoundLate(Rules):
    """When a reservation is to be ignored, the email is generated, and stopped on its way out."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        listed = super().notifications_for(order, recipient)
        if self.is_reserved(recipient):
            for notification in listed:
                notification.status = statuses.FAILED
        return listed

    def course(self, notification: Notification) -> tuple[str, ...]:
        return () if notification.status == statuses.FAILED else super().course(notification)
