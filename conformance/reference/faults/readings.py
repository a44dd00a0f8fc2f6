"""Wrong answers to reading the emails of an order: what becomes of them from reading to reading.

These deployments take their time over New and Sending, so that both are read.
"""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from conformance.reference.deviations import fault
from conformance.reference.model import Notification, Order
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.setting import Setting
from conformance.reference.wire import Json, Value

_STEPS = 15
_MINUTE = timedelta(minutes=1)


class _Slow(Rules):
    """A notification is New, and then Sending, for several steps."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        unsettled = [statuses.NEW] * _STEPS + [statuses.SENDING] * _STEPS
        return (*unsettled, *course[1:]) if course else course


@fault(breaks="summary.notification-ids-stable")
class NotificationIdOfStatus(_Slow):
    """A notification has another id in each of its statuses, and keeps it as long as that."""

    def notification_id(self, notification: Notification) -> Value:
        return str(uuid.uuid5(uuid.UUID(notification.id), notification.status))


@fault(breaks="summary.notification-ids-stable")
class UnlistedWhileSending(_Slow):
    """A notification is not listed while it is being sent."""

    def summary(self, order: Order) -> Json:
        listed = [each for each in order.notifications if each.status != statuses.SENDING]
        return super().summary(replace(order, notifications=listed))


@fault(breaks="summary.statuses-move-forward")
class EventsOutOfOrder(Rules):
    """That an email was accepted is told after that it was delivered, and is what stays."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        if statuses.DELIVERED not in course:
            return course
        return (statuses.SENDING, *[statuses.DELIVERED] * 3 * _STEPS, statuses.SUCCEEDED)

    def sends_mail(self, status: str) -> bool:
        return status == statuses.SENDING


@fault(breaks="summary.succeeded-equals-successes")
class DeliveredAloneCounted(Rules):
    """succeeded of the summary counts notifications that are Delivered, and not those Succeeded."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        if statuses.DELIVERED not in course:
            return course
        return (statuses.SENDING, *[statuses.SUCCEEDED] * 3 * _STEPS, statuses.DELIVERED)

    def succeeded(self, order: Order) -> Value:
        return sum(each.status == statuses.DELIVERED for each in order.notifications)


@fault(breaks="summary.notification-ids-unique")
class ListedOnceForEachEvent(Rules):
    """A notification is listed once for each status that it has had since it was Sending."""

    def notifications(self, order: Order) -> Value:
        events = {statuses.SUCCEEDED: 2, statuses.DELIVERED: 3}
        listed = [each for each in order.notifications for _ in range(events.get(each.status, 1))]
        return super().notifications(replace(order, notifications=listed))


@fault(breaks="summary.last-update-plausible")
class LastUpdateSetWhenSettled(_Slow):
    """lastUpdate is the first moment of the calendar until a notification is settled."""

    def last_update(self, notification: Notification) -> Value:
        is_open = notification.status in (statuses.NEW, statuses.SENDING)
        return "0001-01-01T00:00:00Z" if is_open else super().last_update(notification)


@fault(breaks="summary.last-update-moves-forward")
class LastUpdateBackWhenSettled(_Slow):
    """lastUpdate of a success is a minute early, and so before that of the status before it."""

    def last_update(self, notification: Notification) -> Value:
        if not self.is_success(notification.status):
            return super().last_update(notification)
        return super().last_update(replace(notification, changed=notification.changed - _MINUTE))


@fault(breaks="summary.last-update-follows-status")
class LastUpdateStaysAtFirst(_Slow):
    """lastUpdate says for ever when a notification was generated."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._generated: dict[str, datetime] = {}

    def last_update(self, notification: Notification) -> Value:
        first = self._generated.setdefault(notification.id, notification.changed)
        return super().last_update(replace(notification, changed=first))
