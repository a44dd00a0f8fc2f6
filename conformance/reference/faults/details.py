"""Wrong answers to reading an order: the answer as a whole, its times and simple members."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from conformance.reference.credentials import ORGANISATION
from conformance.reference.deviations import fault
from conformance.reference.model import Order
from conformance.reference.moments import parse_moment
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Value

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


@fault(breaks="details.found-when-processed")
class ProcessedOrderNotFound(Rules):
    """An order is gone as soon as its emails are generated; only they are kept.

    What its details would say when it is processed cannot be verified.
    """

    def order_found(self, order: Order) -> Answer:
        return Answer(404) if order.notifications else super().order_found(order)


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
class RecipientsLostFromCache(Rules):
    """When details are read again, one recipient is missing of several."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._read: set[str] = set()

    def details(self, order: Order) -> Json:
        details = super().details(order)
        if order.id in self._read and len(order.recipients) > 1:
            details["recipients"] = details["recipients"][1:]
        self._read.add(order.id)
        return details


@fault(breaks="details.repeatable")
class PlacedAgainIsNewer(Rules):
    """When an order of the same content is placed, the older one is created at that time too."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._orders: list[Order] = []

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        for older in self._orders:
            if older.recipients == order.recipients:
                older.created = order.created
        self._orders.append(order)
        return order


@fault(breaks="details.repeatable")
class AskedForEmailsIsTouched(Rules):
    """An order is sent a second later than ordered once its emails have been asked for."""

    def emails_found(self, order: Order) -> Answer:
        order.requested_send_time += timedelta(seconds=1)
        return super().emails_found(order)


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


@fault(breaks="details.creator-own")
class CreatorIsAlwaysTheSame(Rules):
    """The creator in the details is one and the same organisation, whichever ordered."""

    def creator(self, order: Order) -> Value:
        return ORGANISATION


@fault(breaks="details.own-content")
class TemplateFoundByReference(Rules):
    """The template in the details is that of the last order with the same sendersReference."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._last: dict[str | None, Order] = {}

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        self._last[order.senders_reference] = order
        return order

    def email_template(self, order: Order) -> Value:
        last = self._last.get(order.senders_reference or "", order)
        return super().email_template(last)


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


@fault(breaks="details.senders-reference-returned")
class ReferenceDecodedAsUrl(Rules):
    """A percent sign with two digits in the sendersReference comes back decoded."""

    def senders_reference(self, order: Order) -> Value:
        return order.senders_reference and unquote(order.senders_reference)


@fault(breaks="details.senders-reference-returned")
class SpacesInReferenceJoined(Rules):
    """Two spaces in the sendersReference come back as one."""

    def senders_reference(self, order: Order) -> Value:
        return order.senders_reference and re.sub(" +", " ", order.senders_reference)


@fault(breaks="details.senders-reference-returned")
class ReferenceInCapitals(Rules):
    """The sendersReference comes back in upper case."""

    def senders_reference(self, order: Order) -> Value:
        return order.senders_reference and order.senders_reference.upper()


@fault(breaks="details.resource-id-returned")
class ResourceIdAsPath(Rules):
    """The resourceId app_{org}_{app} comes back as {org}/{app}."""

    def resource_id(self, order: Order) -> Value:
        return order.resource_id and re.sub(r"app_([^_]+)_", r"\1/", order.resource_id)


@fault(breaks="details.resource-id-returned")
class ResourceIdAsUrn(Rules):
    """The resourceId comes back as a URN that ends with it."""

    def resource_id(self, order: Order) -> Value:
        return order.resource_id and f"urn:altinn:resource:{order.resource_id}"


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


@fault(breaks="details.unsent-not-invented")
class UnsentTakenFromOrderBefore(Rules):
    """A member that was not sent has the value that the order before was sent with."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._before: Json = {}

    def email_order(self, document: Json, organisation: str) -> Order:
        names = ("sendersReference", "resourceId")
        taken = {name: self._before[name] for name in names if name in self._before}
        self._before = document
        return super().email_order(taken | document, organisation)


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


@fault(breaks="details.send-time-returned")
class OneDigitIsOneMillisecond(Rules):
    """A single digit of a second in requestedSendTime is read as milliseconds, .1 as .001."""

    def email_order(self, document: Json, organisation: str) -> Order:
        sent = str(document.get("requestedSendTime"))
        padded = re.sub(r"\.(\d)(?!\d)", r".00\1", sent)
        return super().email_order(_at(document, padded), organisation)


@fault(breaks="details.send-time-returned")
class SevenDigitsAreMicroseconds(Rules):
    """Seven digits of a second in requestedSendTime are read as so many microseconds."""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        found = re.search(r"\.(\d{7})\D", str(document.get("requestedSendTime")))
        if found:
            whole = order.requested_send_time.replace(microsecond=0)
            order.requested_send_time = whole + timedelta(microseconds=int(found[1]))
        return order


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


@fault(breaks="details.send-time-offset-converted")
class MinutesOfOffsetAlwaysEast(Rules):
    """The minutes of an offset count as east of Greenwich, -03:30 being two and a half hours."""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        found = re.search(r"-\d\d:(\d\d)$", str(document.get("requestedSendTime")))
        if found:
            order.requested_send_time -= 2 * timedelta(minutes=int(found[1]))
        return order


@fault(breaks="details.send-time-offset-converted")
class OffsetAtMostTwelveHours(Rules):
    """An offset of more than twelve hours, as in the Pacific, counts as one of twelve."""

    def email_order(self, document: Json, organisation: str) -> Order:
        sent = str(document.get("requestedSendTime"))
        nearer = re.sub(r"([+-])1[34]:\d\d$", r"\g<1>12:00", sent)
        return super().email_order(_at(document, nearer), organisation)


@fault(breaks="details.send-time-offset-converted")
class OtherDayNotCarried(Rules):
    """The hour of a requestedSendTime is converted to UTC, its date is not."""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        sent = str(document.get("requestedSendTime"))
        if parse_moment(sent) is not None:
            clock = order.requested_send_time.timetz()
            order.requested_send_time = datetime.combine(_day(sent), clock)
        return order


@fault(breaks="details.send-time-offset-converted")
class WinterTimeOfTheNightIsSummerTime(Rules):
    """Times are kept as clocks in Norway show them.

    So the second 02:30 of the night in October in which they are put back is the first one.
    """

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        moment = order.requested_send_time
        is_last_sunday = moment.month == 10 and moment.day > 24 and moment.isoweekday() == 7
        if is_last_sunday and moment.hour == 1:
            order.requested_send_time -= timedelta(hours=1)
        return order


@fault(breaks="details.send-time-offset-converted")
class SendTimeWithOffsetOfToday(Rules):
    """Times are kept as clocks in Norway will show them, and made of UTC as clocks do today.

    So a send time in the other half of the year is an hour off.
    """

    def requested_send_time(self, order: Order) -> Value:
        moment = order.requested_send_time
        return self.timestamp(moment + _summer_time(self.now()) - _summer_time(moment))


@fault(breaks="details.send-time-offset-converted")
class TwelveHourClock(Rules):
    """The hours of requestedSendTime are those of a clock with twelve."""

    def requested_send_time(self, order: Order) -> Value:
        return f"{order.requested_send_time:%Y-%m-%dT%I:%M:%S.%fZ}"


@fault(breaks="details.send-time-offset-converted")
class YearOfWeek(Rules):
    """The last days of December, when they share a week with January, are shown in its year."""

    def requested_send_time(self, order: Order) -> Value:
        moment = order.requested_send_time
        saturday = moment + timedelta(days=6 - moment.isoweekday() % 7)
        return f"{saturday.year}{str(super().requested_send_time(order))[4:]}"


@fault(breaks="details.send-time-default")
class DefaultSendTimeIsUnset(Rules):
    """requestedSendTime is the first day of the calendar when none was ordered."""

    def requested_send_time(self, order: Order) -> Value:
        if order.requested_send_time > order.created:
            return super().requested_send_time(order)
        return "0001-01-01T00:00:00Z"


@fault(breaks="details.send-time-default")
class DefaultSendTimeOfStart(Rules):
    """requestedSendTime is the time at which the deployment was started when none was ordered.

    This one was started the day before.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._started = self.now() - timedelta(days=1)

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        if document.get("requestedSendTime") is None:
            order.requested_send_time = self._started
        return order


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


@fault(breaks="details.same-after-processing")
class SendTimeMovedByProcessing(Rules):
    """Once an order is processed its requestedSendTime is written back as if it were local time."""

    def requested_send_time(self, order: Order) -> Value:
        moved = timedelta(hours=1 if order.notifications else 0)
        return self.timestamp(order.requested_send_time - moved)


def _summer_time(moment: datetime) -> timedelta:
    """By how much the clocks of Norway are put forward, from one Sunday to another."""
    ends = (datetime(moment.year, month, 31, 1, tzinfo=UTC) for month in (3, 10))
    start, end = (each - timedelta(days=each.isoweekday() % 7) for each in ends)
    return timedelta(hours=1 if start <= moment < end else 0)


def _day(sent: str) -> datetime:
    return datetime.fromisoformat(sent[:10])


def _at(document: Json, send_time: str) -> Json:
    if parse_moment(document.get("requestedSendTime")) is None:
        return document
    return document | {"requestedSendTime": send_time}


@fault(breaks="details.as-ordered-by-apps")
class AppsForgetReservations(Rules):
    """An order that an app placed reads without the ignoreReservation that it was sent with."""

    def document(self, call: Call) -> Json:
        document = super().document(call)
        if self.platform_token(call) is not None:
            document.pop("ignoreReservation", None)
        return document
