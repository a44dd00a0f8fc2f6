"""Wrong answers to reading an order: the answer as a whole, its times and simple members."""

import re
from datetime import timedelta

from conformance.reference.deviations import fault
from conformance.reference.model import Order
from conformance.reference.moments import parse_moment
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Json, Value

# The answer as a whole


@fault(breaks="details.status-200")
class DetailsAnswered206(Rules):
    """The details of an order are answered 206 Partial Content.

    What they say cannot be verified, and no page documents that code.
    """

    def order_found(self, order: Order) -> Answer:
        answer = super().order_found(order)
        answer.status = 206
        return answer


@fault(breaks="details.status-200")
class FreshOrderNotFound(Rules):
    """An order can be read only when its details have been asked for once before.

    So the first who follows a link, or comes with another credential, finds nothing.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._known: set[str] = set()

    def order_found(self, order: Order) -> Answer:
        if order.id in self._known:
            return super().order_found(order)
        self._known.add(order.id)
        return Answer(404)


@fault(breaks="details.media-type-json")
class DetailsAsVendorJson(Rules):
    """The details of an order have a media type of the vendor's own."""

    def order_found(self, order: Order) -> Answer:
        answer = super().order_found(order)
        answer.headers["content-type"] = "application/vnd.altinn.order+json"
        return answer


@fault(breaks="details.schema")
class BooleanAsText(Rules):
    """ignoreReservation in the details is the text true or false, not the boolean ordered."""

    def ignore_reservation(self, order: Order) -> Value:
        ordered = super().ignore_reservation(order)
        return None if ordered is None else str(ordered).lower()


@fault(breaks="details.repeatable")
class CachedTimesLoseFraction(Rules):
    """When details are read again, the times are cut to the second."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._cached: set[str] = set()

    def details(self, order: Order) -> Json:
        details = super().details(order)
        if order.id in self._cached:
            details["created"] = re.sub(r"\.\d+", "", details["created"])
        self._cached.add(order.id)
        return details


@fault(breaks="details.repeatable")
class RecipientsInAnyOrder(Rules):
    """The recipients of an order change places each time they are read."""

    def recipients(self, order: Order) -> Value:
        order.recipients = (*order.recipients[1:], *order.recipients[:1])
        return super().recipients(order)


# Who, and what for


@fault(breaks="details.id-names-order")
class DetailsHaveTheirOwnId(Rules):
    """The id in the details of an order is another one each time.

    So the links of an order lead to details of another id.
    """

    def details_id(self, order: Order) -> Value:
        return self.new_id()


@fault(breaks="details.creator-present")
class CreatorEmpty(Rules):
    """The creator in the details of an order is empty, and so not the one who ordered."""

    def creator(self, order: Order) -> Value:
        return ""


@fault(breaks="details.creator-is-orderer")
class CreatorByNumber(Rules):
    """The creator in the details of an order is an organization number, not the short name."""

    def creator(self, order: Order) -> Value:
        return "991825827"


@fault(breaks="details.channel-email")
class ChannelInLowerCase(Rules):
    """The notificationChannel of an email order is email, a value the contract does not have."""

    def notification_channel(self, order: Order) -> Value:
        return str(super().notification_channel(order)).replace("Email", "email")


@fault(breaks="details.senders-reference-returned")
class ReferenceInLatin1(Rules):
    """Letters beyond ASCII in the sendersReference come back as question marks."""

    def senders_reference(self, order: Order) -> Value:
        reference = order.senders_reference
        return reference and reference.encode("ascii", "replace").decode()


@fault(breaks="details.senders-reference-returned")
class NumericReferenceIsNumber(Rules):
    """A sendersReference of nothing but digits comes back as a number."""

    def senders_reference(self, order: Order) -> Value:
        reference = order.senders_reference
        return int(reference) if reference and reference.isdecimal() else reference


@fault(breaks="details.senders-reference-returned")
class ReferenceCutAt32(Rules):
    """A sendersReference is cut after thirty-two characters."""

    def senders_reference(self, order: Order) -> Value:
        return order.senders_reference and order.senders_reference[:32]


@fault(breaks="details.resource-id-returned")
class ResourceIdAsPath(Rules):
    """The resourceId app_{org}_{app} comes back as {org}/{app}."""

    def resource_id(self, order: Order) -> Value:
        return order.resource_id and re.sub(r"app_([^_]+)_", r"\1/", order.resource_id)


@fault(breaks="details.ignore-reservation-returned")
class FalseIsLeftOut(Rules):
    """An ignoreReservation that was ordered as false is missing from the details."""

    def ignore_reservation(self, order: Order) -> Value:
        return order.ignore_reservation or None


@fault(breaks="details.unsent-not-invented")
class UnsentTextsAreEmpty(Rules):
    """A sendersReference or resourceId that was not ordered is an empty text in the details."""

    def senders_reference(self, order: Order) -> Value:
        return order.senders_reference or ""

    def resource_id(self, order: Order) -> Value:
        return order.resource_id or ""


# Times


@fault(breaks="details.send-time-returned")
class SendTimeWithoutFraction(Rules):
    """requestedSendTime loses its fraction of a second."""

    def requested_send_time(self, order: Order) -> Value:
        return self.timestamp(order.requested_send_time.replace(microsecond=0))


@fault(breaks="details.send-time-returned")
class SendTimeFractionNotPadded(Rules):
    """The milliseconds of requestedSendTime lose their leading zeros, .045 becoming .45."""

    def requested_send_time(self, order: Order) -> Value:
        moment = order.requested_send_time
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000}Z"


@fault(breaks="details.send-time-offset-converted")
class OffsetDropped(Rules):
    """A requestedSendTime with an offset is taken for the same time of day in UTC."""

    def email_order(self, document: Json, organisation: str) -> Order:
        sent = str(document.get("requestedSendTime"))
        without = re.sub(r"[+-]\d\d:\d\d$", "Z", sent)
        return super().email_order(_at(document, without), organisation)


@fault(breaks="details.send-time-offset-converted")
class OffsetInWholeHours(Rules):
    """The minutes in the offset of a requestedSendTime are ignored."""

    def email_order(self, document: Json, organisation: str) -> Order:
        sent = str(document.get("requestedSendTime"))
        rounded = re.sub(r"([+-]\d\d):\d\d$", r"\1:00", sent)
        return super().email_order(_at(document, rounded), organisation)


@fault(breaks="details.send-time-default")
class DefaultSendTimeIsUnset(Rules):
    """requestedSendTime is the first day of the calendar when none was ordered."""

    def requested_send_time(self, order: Order) -> Value:
        if order.requested_send_time > order.created:
            return super().requested_send_time(order)
        return "0001-01-01T00:00:00Z"


@fault(breaks="details.times-in-utc")
class SendTimeInZoneOrdered(Rules):
    """requestedSendTime comes back in the zone that it was ordered in.

    The contract wants UTC.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._ordered: dict[str, Value] = {}

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        self._ordered[order.id] = document.get("requestedSendTime")
        return order

    def requested_send_time(self, order: Order) -> Value:
        return self._ordered.get(order.id) or super().requested_send_time(order)


@fault(breaks="details.times-in-utc")
class CreatedWithoutZone(Rules):
    """created has no Z, so that it is no time in UTC and none that a client can place."""

    def created(self, order: Order) -> Value:
        return str(super().created(order)).removesuffix("Z")


@fault(breaks="details.created-is-registration")
class CreatedInNorway(Rules):
    """created is the time in Norway called UTC."""

    def created(self, order: Order) -> Value:
        return self.timestamp(order.created + timedelta(hours=1))


@fault(breaks="details.repeatable")
class CreatedWhenRead(Rules):
    """created is the time at which the details are read."""

    def created(self, order: Order) -> Value:
        return self.timestamp(self.now())


def _at(document: Json, send_time: str) -> Json:
    if parse_moment(document.get("requestedSendTime")) is None:
        return document
    return document | {"requestedSendTime": send_time}
