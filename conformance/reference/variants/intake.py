"""What an order may hold beyond the documents, and how strictly the rest is read.

The documents name members and types; how an address, a number, a time or a URL is read in detail is
left to the deployment.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from conformance.reference.deviations import variant
from conformance.reference.model import Recipient
from conformance.reference.moments import parse_moment
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.wire import Call, Json

MEMBERS = {
    "body",
    "conditionEndpoint",
    "contentType",
    "ignoreReservation",
    "recipients",
    "requestedSendTime",
    "resourceId",
    "sendersReference",
    "subject",
}
LAX_CONTENT_TYPES = {"plain": "Plain", "html": "Html", "0": "Plain", "1": "Html"}
PERSON_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
ORGANISATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)
CENTURIES = (
    (1900, range(100), range(500)),
    (2000, range(40), range(500, 1000)),
    (1800, range(54, 100), range(500, 750)),
    (1900, range(40, 100), range(900, 1000)),
)
"""For the last two digits of a year and an individual number, when the century began."""
PATIENCE = timedelta(minutes=5)

_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_DOTLESS_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+")
_URL = re.compile(r"https?://|www\.", re.IGNORECASE)
_HOST = re.compile(r"\w\.\w")
_ANY_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://)?[^\s/]\S*")
_RESOURCE = re.compile(r"app_[a-z]+_[a-z0-9-]+|[a-z0-9_-]{4,}")
_LINE_BREAKS = re.compile(r"[\r\n]+")

# Members


@variant
class UnknownMembersRefused(Rules):
    """An order with members that the documents do not know is refused."""

    def email_errors(self, document: Json) -> Errors:
        unknown = {name: [f"{name!r} is not known."] for name in document if name not in MEMBERS}
        return super().email_errors(document) | unknown


@variant
class NullMembersRefused(Rules):
    """An optional member that is null, rather than left out, is refused."""

    def email_errors(self, document: Json) -> Errors:
        nulls = {name: ["It is null."] for name, value in document.items() if value is None}
        return nulls | super().email_errors(document)


@variant
class MembersKnowNoCase(Rules):
    """The members of an order may be spelt in any case."""

    def document(self, call: Call) -> Json:
        known = {name.lower(): name for name in MEMBERS}
        document = super().document(call)
        return {known.get(name.lower(), name): value for name, value in document.items()}


# Texts


@variant
class WhiteSpaceIsText(Rules):
    """A subject or body of white space alone is accepted."""

    def is_empty(self, text: str | None) -> bool:
        return not text


@variant
class UrlsRefused(Rules):
    """A subject or body with a URL in it is refused, against phishing."""

    def errors_in_required_text(self, member: str, value: object) -> list[str]:
        if isinstance(value, str) and _URL.search(value):
            return [f"'{member}' must not contain a URL."]
        return super().errors_in_required_text(member, value)


@variant
class HostsInTextsRefused(Rules):
    """A subject or body with anything in it that could be the name of a host is refused."""

    def errors_in_required_text(self, member: str, value: object) -> list[str]:
        if isinstance(value, str) and _HOST.search(value):
            return [f"'{member}' must not contain a host."]
        return super().errors_in_required_text(member, value)


@variant
class TextsTrimmed(Rules):
    """White space around a subject, body or reference is cut off when the order is placed."""

    def document(self, call: Call) -> Json:
        document = super().document(call)
        for member in {"subject", "body", "sendersReference"} & set(document):
            if isinstance(document[member], str):
                document[member] = document[member].strip()
        return document


@variant
class SubjectOfOneLine(Rules):
    """Line breaks in a subject become spaces when the order is placed."""

    def document(self, call: Call) -> Json:
        document = super().document(call)
        if isinstance(document.get("subject"), str):
            document["subject"] = _LINE_BREAKS.sub(" ", document["subject"])
        return document


# Recipients


@variant
class StrictEmailAddresses(Rules):
    """Only email addresses of letters, digits and a few signs are accepted."""

    def is_email_address(self, text: str) -> bool:
        return _PLAIN_ADDRESS.fullmatch(text) is not None and super().is_email_address(text)


@variant
class DotlessDomains(Rules):
    """An email address may have a domain without a dot."""

    def is_email_address(self, text: str) -> bool:
        return _DOTLESS_ADDRESS.fullmatch(text) is not None or super().is_email_address(text)


@variant
class ControlDigitsChecked(Rules):
    """The control digits of national identity numbers and organization numbers must be right."""

    def is_national_identity_number(self, text: str) -> bool:
        is_right = super().is_national_identity_number(text)
        return is_right and all(_is_divisible(text, weights) for weights in PERSON_WEIGHTS)

    def is_organization_number(self, text: str) -> bool:
        return super().is_organization_number(text) and _is_divisible(text, ORGANISATION_WEIGHTS)


@variant
class BirthdaysChecked(Rules):
    """A national identity number must hold a day of the calendar, in a century that it names."""

    def is_national_identity_number(self, text: str) -> bool:
        return super().is_national_identity_number(text) and _has_birthday(text)


def _has_birthday(number: str) -> bool:
    """Other kinds of numbers have 40 added to the day, or 40 or 80 to the month."""
    day, month, year, individual = map(int, re.findall(r"^(..)(..)(..)(...)", number)[0])
    for begins, years, individuals in CENTURIES:
        if year in years and individual in individuals:
            with suppress(ValueError):
                return bool(date(begins + year, month % 40, day % 40))
    return False


def _is_divisible(digits: str, weights: Sequence[int]) -> bool:
    """Whether the weighted sum leaves no remainder, modulo 11."""
    weighted = (int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    return sum(weighted) % 11 == 0


@variant
class EmptyIdentifiersIgnored(Rules):
    """An identifier of a recipient that is an empty text counts as not sent."""

    def document(self, call: Call) -> Json:
        document = super().document(call)
        if isinstance(document.get("recipients"), list):
            document["recipients"] = [_without_empty(given) for given in document["recipients"]]
        return document


def _without_empty(recipient: object) -> object:
    if not isinstance(recipient, dict):
        return recipient
    return {name: value for name, value in recipient.items() if value != ""}


@variant
class RecipientsMerged(Rules):
    """A recipient that is named twice is one recipient."""

    def recipients_in(self, document: Json) -> list[Recipient]:
        return _each_once(super().recipients_in(document))


@variant
class RecipientsNamedTwiceRefused(Rules):
    """An order that names a recipient twice is refused."""

    def email_errors(self, document: Json) -> Errors:
        errors = super().email_errors(document)
        named = [] if errors else self.recipients_in(document)
        twice = len(set(named)) < len(named)
        return {"Recipients": ["A recipient is named twice."]} if twice else errors


def _each_once(recipients: Iterable[Recipient]) -> list[Recipient]:
    return list(dict.fromkeys(recipients))


# Options


@variant
class LaxContentTypes(Rules):
    """The contentType may be in any case, or a number: 0 is Plain, 1 is Html."""

    def errors_in_content_type(self, value: object) -> list[str]:
        if str(value).lower() in LAX_CONTENT_TYPES:
            return []
        return super().errors_in_content_type(value)

    def content_type_in(self, document: Json) -> str:
        given = str(document.get("contentType")).lower()
        return LAX_CONTENT_TYPES.get(given) or super().content_type_in(document)


@variant
class LaxSendTimes(Rules):
    """A requestedSendTime may have a space instead of the T, or no seconds."""

    def document(self, call: Call) -> Json:
        document = super().document(call)
        if isinstance(document.get("requestedSendTime"), str):
            document["requestedSendTime"] = _as_rfc3339(document["requestedSendTime"])
        return document


def _as_rfc3339(text: str) -> str:
    joined = re.sub(r"(?<=^\d{4}-\d\d-\d\d) ", "T", text)
    return re.sub(r"(?<=^\d{4}-\d\d-\d\dT\d\d:\d\d)(?=[Zz+-])", ":00", joined)


@variant
class AnyIsoSendTimes(Rules):
    """A requestedSendTime may be in any notation of ISO 8601 that has a zone."""

    def document(self, call: Call) -> Json:
        document = super().document(call)
        with suppress(ValueError, OverflowError):
            moment = datetime.fromisoformat(str(document.get("requestedSendTime")))
            if moment.tzinfo:
                document["requestedSendTime"] = moment.astimezone(UTC).isoformat()
        return document


@variant
class PastSendTimesRefused(Rules):
    """A requestedSendTime more than five minutes ago is refused."""

    def errors_in_send_time(self, value: object) -> list[str]:
        moment = parse_moment(value)
        if moment is not None and moment < self.now() - PATIENCE:
            return ["'RequestedSendTime' must not be in the past."]
        return super().errors_in_send_time(value)


@variant
class StrictResourceIds(Rules):
    """A resourceId must look like an id of the Resource Registry."""

    def errors_in_resource_id(self, value: object) -> list[str]:
        if isinstance(value, str) and _RESOURCE.fullmatch(value) is None:
            return ["'ResourceId' must be the id of a resource."]
        return super().errors_in_resource_id(value)


@variant
class OneLabelHostsRefused(Rules):
    """A conditionEndpoint on a host without a dot, such as localhost, is refused."""

    def is_web_url(self, text: str) -> bool:
        return super().is_web_url(text) and "." in (urlsplit(text).hostname or "")


@variant
class AnySchemeOfCondition(Rules):
    """A conditionEndpoint may have another scheme than http and https."""

    def is_web_url(self, text: str) -> bool:
        return _ANY_URL.fullmatch(text) is not None or super().is_web_url(text)
