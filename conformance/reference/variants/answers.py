"""How values are spelled: JSON, media types, GUIDs, times; members nobody asked for."""

import itertools
import json
import uuid
from datetime import UTC, datetime

from conformance.reference.deviations import variant
from conformance.reference.model import Notification, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Json, Value

# Media types and JSON


@variant
class NoCharset(Rules):
    """Media types come without a charset."""

    def json_media_type(self) -> str:
        return super().json_media_type().partition(";")[0]

    def problem_media_type(self) -> str:
        return super().problem_media_type().partition(";")[0]


@variant
class MediaTypesInOtherLetters(Rules):
    """Media types are spelled Application/JSON;Charset="UTF-8"; they know no case."""

    def json_media_type(self) -> str:
        return 'Application/JSON;Charset="UTF-8"'

    def problem_media_type(self) -> str:
        return 'Application/Problem+JSON;Charset="UTF-8"'


@variant
class MediaTypesWithVersion(Rules):
    """Media types have a further parameter, which names the version of the API."""

    def json_media_type(self) -> str:
        return f"{super().json_media_type()}; api-version=1.0"

    def problem_media_type(self) -> str:
        return f"{super().problem_media_type()}; api-version=1.0"


@variant
class CompactJson(Rules):
    """JSON is written without any white space."""

    def encode(self, value: Value) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@variant
class IndentedJson(Rules):
    """JSON is written over many lines."""

    def encode(self, value: Value) -> bytes:
        return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\r\n"


@variant
class EscapedJson(Rules):
    """JSON is written in ASCII, all other letters escaped, and the slash too."""

    def encode(self, value: Value) -> bytes:
        return json.dumps(value).replace("/", "\\/").encode()


@variant
class MembersSorted(Rules):
    """The members of JSON objects come in the order of the alphabet."""

    def encode(self, value: Value) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


# Members


@variant
class NullsForUnsentMembers(Rules):
    """Optional members that were not sent are null instead of absent."""

    def present(self, members: Json) -> Json:
        return members


@variant
class ExtraMembers(Rules):
    """Answers carry members that the documents do not mention."""

    def receipt(self, order: Order) -> Json:
        return super().receipt(order) | {"apiVersion": "1"}

    def details(self, order: Order) -> Json:
        return super().details(order) | {"apiVersion": "1", "attachments": []}

    def summary(self, order: Order) -> Json:
        return super().summary(order) | {"apiVersion": "1"}

    def problem(self, errors: dict[str, list[str]]) -> Json:
        return super().problem(errors) | {"instance": "/orders/email"}


@variant
class ExtraMembersInside(Rules):
    """Links, templates, lookups and notifications carry members that the documents do not know."""

    def lookup(self, order: Order) -> Value:
        lookup = super().lookup(order)
        return lookup and {**lookup, "unknown": []}

    def links(self, order: Order) -> Value:
        return {**super().links(order), "cancel": None}

    def email_template(self, order: Order) -> Value:
        template = super().email_template(order)
        return template and {**template, "language": "nb"}

    def notification(self, notification: Notification) -> Value:
        return {**super().notification(notification), "operationId": self.new_id(), "tries": 1}

    def recipient(self, recipient: Recipient) -> Value:
        return {**super().recipient(recipient), "isReserved": None, "addressInfo": []}

    def notification_recipient(self, notification: Notification) -> Value:
        return {**super().notification_recipient(notification), "isReserved": False}


@variant
class ChangingExtraMembers(Rules):
    """The details of an order carry a member, unknown to the documents, that changes."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._readings = itertools.count(1)

    def details(self, order: Order) -> Json:
        return super().details(order) | {"reading": next(self._readings)}


# GUIDs


@variant
class UpperCaseGuids(Rules):
    """GUIDs are in upper case."""

    def new_id(self) -> str:
        return super().new_id().upper()


@variant
class IdsInCapitalsWhenRead(Rules):
    """The id of an order is in upper case where it is read, though not in its receipt."""

    def details_id(self, order: Order) -> Value:
        return super().details_id(order).upper()

    def summary_order_id(self, order: Order) -> Value:
        return super().summary_order_id(order).upper()


@variant
class TimeOrderedGuids(Rules):
    """GUIDs are made from the time rather than at random."""

    def new_id(self) -> str:
        return str(uuid.uuid1())


@variant
class CountedGuids(Rules):
    """GUIDs are given out in a row, each the next to the one before."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._guids = itertools.count(uuid.uuid4().int >> 32 << 32)

    def new_id(self) -> str:
        return str(uuid.UUID(int=next(self._guids)))


# Times


@variant
class TrimmedTimes(Rules):
    """The fraction of a second loses its trailing zeros, and is left out when nothing is left."""

    def timestamp(self, moment: datetime) -> Value:
        return super().timestamp(moment)[:-1].rstrip("0").rstrip(".") + "Z"


@variant
class TimesInMilliseconds(Rules):
    """Times have three digits of a second."""

    def timestamp(self, moment: datetime) -> Value:
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


@variant
class TimesWithSevenDigits(Rules):
    """Times have seven digits of a second, as in the examples of order details."""

    def timestamp(self, moment: datetime) -> Value:
        return super().timestamp(moment).replace("Z", "7Z")


@variant
class TimesInNanoseconds(Rules):
    """Times have nine digits of a second."""

    def timestamp(self, moment: datetime) -> Value:
        return super().timestamp(moment).replace("Z", "999Z")


@variant
class TimesWithZeroOffset(Rules):
    """Times in UTC end with +00:00 instead of Z."""

    def timestamp(self, moment: datetime) -> Value:
        return super().timestamp(moment).replace("Z", "+00:00")


@variant
class TimesInLowerCase(Rules):
    """Times are spelled with t and z, which RFC 3339 permits."""

    def timestamp(self, moment: datetime) -> Value:
        return super().timestamp(moment).lower()


@variant
class ClockOfWholeSeconds(Rules):
    """The deployment's own clock knows no fraction of a second."""

    def now(self) -> datetime:
        return super().now().replace(microsecond=0)
