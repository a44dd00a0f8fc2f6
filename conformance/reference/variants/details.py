"""The details of an order (Get order details, Response body)."""

from datetime import timedelta

from conformance.reference.deviations import variant
from conformance.reference.model import SMS, EmailTemplate, Notification, Order, SmsTemplate
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Json, Value

_SKEW = timedelta(seconds=90)


@variant
class IgnoreReservationFalse(Rules):
    """ignoreReservation is false where it was not ordered."""

    def ignore_reservation(self, order: Order) -> Value:
        return bool(super().ignore_reservation(order))


@variant
class SmsInCapitals(Rules):
    """The notificationChannel of an SMS order is SMS, as the prose spells it."""

    def notification_channel(self, order: Order) -> Value:
        return "SMS" if order.channel == SMS else super().notification_channel(order)


@variant
class RecipientsReversed(Rules):
    """The recipients of an order are listed the other way round."""

    def recipients(self, order: Order) -> Value:
        return super().recipients(order)[::-1]


@variant
class RecipientsInAnyOrder(Rules):
    """The recipients of an order change places each time they are read; no page orders them."""

    def recipients(self, order: Order) -> Value:
        order.recipients = (*order.recipients[1:], *order.recipients[:1])
        return super().recipients(order)


@variant
class LineBreaksOfWindows(Rules):
    """The line breaks of a body are returned as those of Windows, however they were sent."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        return "\r\n".join(super().template_body(template).splitlines())


@variant
class ConditionTold(Rules):
    """The details of an order tell its condition endpoint, of which the page does not speak."""

    def details(self, order: Order) -> Json:
        return super().details(order) | {"conditionEndpoint": order.condition_endpoint}


@variant
class TimesRewrittenFromCache(Rules):
    """The first reading tells times in UTC with an offset, later ones with the letter Z."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._read: set[str] = set()

    def details(self, order: Order) -> Json:
        details = super().details(order)
        if order.id not in self._read:
            details["created"] = details["created"].replace("Z", "0+00:00")
        self._read.add(order.id)
        return details


@variant
class SendTimeAfterCreated(Rules):
    """The default of requestedSendTime is read from the clock after created is."""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        if document.get("requestedSendTime") is None:
            order.requested_send_time = order.created + timedelta(milliseconds=40)
        return order


@variant
class ClockAhead(Rules):
    """The times of events are a minute and a half ahead of the caller's clock."""

    def created(self, order: Order) -> Value:
        return self.timestamp(order.created + _SKEW)

    def last_update(self, notification: Notification) -> Value:
        return self.timestamp(notification.changed + _SKEW)


@variant
class ClockBehind(Rules):
    """The times of events are a minute and a half behind the caller's clock."""

    def created(self, order: Order) -> Value:
        return self.timestamp(order.created - _SKEW)

    def last_update(self, notification: Notification) -> Value:
        return self.timestamp(notification.changed - _SKEW)


@variant
class NoStatusOfOrders(Rules):
    """Nothing lies behind links.status; what is read there is in none of the documents."""

    def status_found(self, order: Order) -> Answer:
        return Answer(404)
