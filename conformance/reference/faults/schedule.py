"""Orders that are not sent at the time that they name."""

from datetime import datetime, timedelta

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import Notification, Order
from conformance.reference.moments import parse_moment
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.setting import Setting
from conformance.reference.wire import Json, Value

_HOUR = timedelta(hours=1)
_NONE = timedelta()


@fault(breaks="summary.nothing-sent-early")
class SendTimeNotHeeded(Rules):
    """An order is sent at once, whatever its requestedSendTime.

    That breaks delivery.not-early and condition.checked-when-due, too.
    """

    def start_time(self, order: Order) -> datetime:
        return order.created


@fault(breaks="summary.nothing-sent-early")
class SuccessClaimedAhead(Rules):
    """As soon as it is placed an order lists its notifications as Succeeded, though none is sent.

    Of orders with a condition, and of recipients without an address, it claims nothing yet.
    """

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        if order.condition_endpoint is None:
            order.notifications = super().generate(order)
        for notification in order.notifications:
            if notification.address is not None:
                notification.status = statuses.SUCCEEDED
        return order

    def generate(self, order: Order) -> list[Notification]:
        return [] if order.notifications else super().generate(order)

    def course(self, notification: Notification) -> tuple[str, ...]:
        return () if notification.address is None else (statuses.DELIVERED,)


@fault(breaks="summary.nothing-sent-early")
class SendTimeZoneDropped(Rules):
    """An order is sent when the clock in UTC shows what its send time shows in another zone.

    Early where that is west, late where that is east, which breaks summary.due-is-processed,
    delivery.not-early and delivery.at-send-time, too.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._offsets: dict[str, timedelta] = {}

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        text = str(document.get("requestedSendTime"))
        if parse_moment(text) is not None:
            self._offsets[order.id] = datetime.fromisoformat(text.upper()).utcoffset() or _NONE
        return order

    def start_time(self, order: Order) -> datetime:
        return super().start_time(order) + self._offsets.get(order.id, _NONE)


@fault(breaks="summary.nothing-sent-early")
class SendingFromTheStart(Rules):
    """Notifications are generated when an order is placed, and are Sending until it is due."""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        order.notifications = super().generate(order)
        return order

    def generate(self, order: Order) -> list[Notification]:
        return []

    def status_name(self, notification: Notification) -> Value:
        is_new = notification.status == statuses.NEW
        return statuses.SENDING if is_new else super().status_name(notification)


@fault(breaks="delivery.not-early")
class SentHoursAhead(Rules):
    """An order is sent up to three hours before its time.

    That breaks summary.nothing-sent-early, too.
    """

    def start_time(self, order: Order) -> datetime:
        return super().start_time(order) - 3 * _HOUR


@fault(breaks="summary.due-is-processed")
class NamedSendTimeAnHourLate(Rules):
    """An order is started an hour late where it names its send time.

    That breaks delivery.at-send-time, too.
    """

    def start_time(self, order: Order) -> datetime:
        start = super().start_time(order)
        return start + _HOUR if _names_its_time(order) else start


@fault(breaks="delivery.at-send-time")
class EmailsOfNamedSendTimeLost(Rules):
    """An order that names its send time goes through all statuses, but its email never leaves."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        return [] if _names_its_time(order) else super().mails(order, notification)


def _names_its_time(order: Order) -> bool:
    return order.requested_send_time > order.created
