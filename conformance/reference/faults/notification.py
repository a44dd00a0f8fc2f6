"""Wrong answers to reading the emails of an order: each notification and its status."""

import itertools
import uuid
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from conformance.reference.deviations import fault
from conformance.reference.model import Notification, Order
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Json, Value

_HOUR = timedelta(hours=1)
_SEVERAL = 2
_STALE_READING = 2

# Ids


@fault(breaks="summary.notification-id")
class NotificationsNumbered(Rules):
    """The id of a notification is its number in the list, which breaks summary.schema, too."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._numbers = itertools.count(1)

    def new_notification_id(self) -> str:
        return str(next(self._numbers))


@fault(breaks="summary.notification-id")
class NotificationIdWithoutHyphens(Rules):
    """The id of a notification has no hyphens, which breaks summary.schema, too."""

    def notification_id(self, notification: Notification) -> Value:
        return super().notification_id(notification).replace("-", "")


@fault(breaks="summary.notification-ids-unique")
class NotificationsShareId(Rules):
    """All notifications of an order have the id of the first."""

    def generate(self, order: Order) -> list[Notification]:
        generated = super().generate(order)
        return [replace(notification, id=generated[0].id) for notification in generated]


@fault(breaks="summary.notification-ids-unique")
class NotificationIdOfDomain(Rules):
    """Notifications to addresses in the same domain have the same id."""

    def generate(self, order: Order) -> list[Notification]:
        ids: dict[str, str] = {}
        generated = super().generate(order)
        for each in generated:
            each.id = ids.setdefault((each.address or each.id).rpartition("@")[2], each.id)
        return generated


@fault(breaks="summary.notification-ids-own")
class NotificationIdOfAddress(Rules):
    """The id of a notification is made of its address, so that every order to it has the same."""

    def generate(self, order: Order) -> list[Notification]:
        generated = super().generate(order)
        for each in generated:
            each.id = str(uuid.uuid5(uuid.NAMESPACE_URL, each.address or each.id))
        return generated


@fault(breaks="summary.notification-ids-stable")
class NotificationIdsChange(Rules):
    """The ids of notifications are made anew whenever they are read."""

    def notification_id(self, notification: Notification) -> Value:
        return self.new_id()


@fault(breaks="summary.notification-ids-stable")
class NotificationIdsFollowStatus(Rules):
    """A notification gets a new id from one reading to the next once it is settled."""

    def notification_id(self, notification: Notification) -> Value:
        is_settled = self.is_success(notification.status)
        return self.new_id() if is_settled else super().notification_id(notification)


# Recipients


@fault(breaks="summary.recipient-address")
class AddressOfFirstRecipient(Rules):
    """All notifications of an order name the address of its first one."""

    def notifications(self, order: Order) -> Value:
        listed: list[Json] = super().notifications(order)
        return [each | {"recipient": listed[0]["recipient"]} for each in listed]


@fault(breaks="summary.recipient-address")
class AddressMasked(Rules):
    """Addresses that an order itself gives are masked in the summary."""

    def used_address(self, notification: Notification) -> Value:
        address = super().used_address(notification)
        if address is None or notification.party is not None:
            return address
        return f"{address[:1]}***@{address.rpartition('@')[2]}"


@fault(breaks="summary.recipient-address")
class AddressForgottenWhenDelivered(Rules):
    """Once delivered, a notification to an address of the order names no address any more."""

    def used_address(self, notification: Notification) -> Value:
        is_over = notification.status == statuses.DELIVERED and notification.party is None
        return None if is_over else super().used_address(notification)


@fault(breaks="summary.registered-address")
class RegisteredAddressHidden(Rules):
    """The notification to a recipient given by number does not name the address."""

    def used_address(self, notification: Notification) -> Value:
        return None if notification.party else super().used_address(notification)


@fault(breaks="summary.registered-address")
class RegisteredAddressMadeUp(Rules):
    """The notification to a recipient given by number names an address made of that number."""

    def used_address(self, notification: Notification) -> Value:
        address = super().used_address(notification)
        if address is None or notification.party is None:
            return address
        return f"{notification.party.number}@{address.rpartition('@')[2]}"


# Whether it succeeded


@fault(breaks="summary.succeeded-flag")
class DeliveredIsNoSuccess(Rules):
    """A notification that is Delivered has not succeeded; only Succeeded has."""

    def is_success(self, status: str) -> bool:
        return super().is_success(status) and status != statuses.DELIVERED


@fault(breaks="summary.succeeded-flag")
class SucceededWhenNotNew(Rules):
    """A notification has succeeded as soon as it is not New, also when it failed.

    That breaks summary.reserved-not-sent, too.
    """

    def is_success(self, status: str) -> bool:
        return status != statuses.NEW


@fault(breaks="summary.succeeded-flag")
class SucceededMissingWhenFalse(Rules):
    """succeeded of a notification is left out where it would be false.

    That breaks summary.schema, too.
    """

    def notification(self, notification: Notification) -> Value:
        listed: Json = super().notification(notification)
        return {name: value for name, value in listed.items() if value is not False}


# Statuses


@fault(breaks="summary.status-documented")
class QueuedUntilDue(Rules):
    """Notifications are generated as Queued when an order is placed, and wait for its send time.

    That breaks summary.schema, too.
    """

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        order.notifications = super().generate(order)
        for notification in order.notifications:
            if notification.address is not None:
                notification.status = "Queued"
        return order

    def generate(self, order: Order) -> list[Notification]:
        return []


@fault(breaks="summary.status-documented")
class OpenedAfterDelivered(Rules):
    """A notification goes on to Opened when the email is read.

    It does not end as Succeeded or Delivered then, which breaks summary.delivered-in-the-end and
    summary.schema, too.
    """

    def status_name(self, notification: Notification) -> Value:
        is_delivered = notification.status == statuses.DELIVERED
        return "Opened" if is_delivered else super().status_name(notification)

    def notification_succeeded(self, notification: Notification) -> Value:
        return False

    def succeeded(self, order: Order) -> Value:
        return 0


@fault(breaks="summary.description")
class DescriptionOfStepBefore(Rules):
    """A notification that is Delivered is described as accepted by the email service."""

    def description(self, status: str) -> str:
        return super().description(statuses.SUCCEEDED if status == statuses.DELIVERED else status)


@fault(breaks="summary.description")
class DescriptionEmpty(Rules):
    """The statuses of notifications have no description."""

    def description(self, status: str) -> str:
        return ""


@fault(breaks="summary.description")
class DescriptionOfTextMessages(Rules):
    """The descriptions speak of text messages."""

    def description(self, status: str) -> str:
        return super().description(status).replace("email", "SMS")


@fault(breaks="summary.last-update-utc")
class LastUpdateWithoutZone(Rules):
    """lastUpdate has no time zone, which breaks summary.schema, too."""

    def last_update(self, notification: Notification) -> Value:
        return super().last_update(notification).rstrip("Z")


@fault(breaks="summary.last-update-utc")
class LastUpdateInOslo(Rules):
    """lastUpdate is in the time zone of Oslo, which breaks summary.schema, too."""

    def last_update(self, notification: Notification) -> Value:
        local = super().last_update(replace(notification, changed=notification.changed + _HOUR))
        return str(local).replace("Z", "+01:00")


@fault(breaks="summary.last-update-plausible")
class LastUpdateNeverSet(Rules):
    """lastUpdate is the first moment of the calendar."""

    def last_update(self, notification: Notification) -> Value:
        return "0001-01-01T00:00:00Z"


@fault(breaks="summary.last-update-plausible")
class LastUpdateLocalCalledUtc(Rules):
    """lastUpdate is the local time of Oslo, said to be UTC."""

    def last_update(self, notification: Notification) -> Value:
        return super().last_update(replace(notification, changed=notification.changed + _HOUR))


@fault(breaks="summary.statuses-move-forward")
class StaleReading(Rules):
    """One reading of a settled order comes from a copy that still shows it as being sent."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._readings: Counter[str] = Counter()

    def emails_found(self, order: Order) -> Answer:
        if not any(self.is_success(each.status) for each in order.notifications):
            return super().emails_found(order)
        self._readings[order.id] += 1
        if self._readings[order.id] != _STALE_READING:
            return super().emails_found(order)
        stale = [replace(each, status=statuses.SENDING) for each in order.notifications]
        return super().emails_found(replace(order, notifications=stale))


@fault(breaks="summary.delivered-in-the-end")
class StuckInSending(Rules):
    """The emails leave, but their notifications stay at Sending."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        return super().course(notification)[:1]

    def sends_mail(self, status: str) -> bool:
        return status == statuses.SENDING


@fault(breaks="summary.delivered-in-the-end")
class LastRecipientForgotten(Rules):
    """The email to the last of several addresses leaves, but its notification says it failed."""

    def notifications(self, order: Order) -> Value:
        return super().notifications(_with_last_failed(order))

    def succeeded(self, order: Order) -> Value:
        return super().succeeded(_with_last_failed(order))


def _with_last_failed(order: Order) -> Order:
    if len(order.notifications) < _SEVERAL:
        return order
    *others, last = order.notifications
    return replace(order, notifications=[*others, replace(last, status=statuses.FAILED)])
