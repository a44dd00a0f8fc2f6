"""Choices that other frameworks, gateways, databases and mailers make for a deployment."""

import itertools
import json
import re
import time
import unicodedata
from dataclasses import replace
from datetime import timedelta

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Order, Recipient
from conformance.reference.moments import parse_moment
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.problems import Errors
from conformance.reference.rules.send_statuses import INVALID_FORMAT
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, RefusalError, Value

_HALF_A_PAIR = re.compile(r"[\ud800-\udfff]")
_COLUMN = 255
_SKEW_SECONDS = 300
_HORIZON = timedelta(days=366)
_LAG_SECONDS = 0.25
_VERSION = "?api-version=1.0"
_ORDER_ID = re.compile(r"(?<=/orders/)[^/]+")
_HEX = r"[0-9A-Fa-f]"
_HYPHENATED = rf"{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}"
_ANY_GUID = re.compile(rf"{_HEX}{{32}}|{_HYPHENATED}|\{{{_HYPHENATED}\}}|\({_HYPHENATED}\)")


# What is read


@variant
class HalfPairsReplaced(Rules):
    """Half of a surrogate pair, which the grammar of JSON permits, becomes U+FFFD, as in Go."""

    def decode(self, body: bytes) -> object:
        document = json.loads(body.decode("utf-8"))
        text = _HALF_A_PAIR.sub("\ufffd", json.dumps(document, ensure_ascii=False))
        return super().decode(text.encode())


@variant
class GuidsInAnyForm(Rules):
    """The id in a path may lack its hyphens, or stand in braces, as .NET reads GUIDs."""

    def path(self, path: str) -> str:
        return _ORDER_ID.sub(lambda found: _hyphenated(found[0]), super().path(path))


@variant
class ReferencesFitColumns(Rules):
    """A reference or resource id of more than 255 characters is refused: a column is that wide."""

    def errors_in_optional_text(self, member: str, value: object) -> list[str]:
        errors = super().errors_in_optional_text(member, value)
        if isinstance(value, str) and len(value) > _COLUMN:
            return [*errors, f"'{member}' must be {_COLUMN} characters or fewer."]
        return errors


@variant
class ControlCharactersRefused(Rules):
    """Control characters in texts are refused, NUL among them, which PostgreSQL cannot store."""

    def errors_in_required_text(self, member: str, value: object) -> list[str]:
        return super().errors_in_required_text(member, value) or _controls(member, value)

    def errors_in_optional_text(self, member: str, value: object) -> list[str]:
        return super().errors_in_optional_text(member, value) or _controls(member, value)


@variant
class AddressesJudgedWhenSent(Rules):
    """Any text with one ``@`` inside is taken as an address, as .NET's EmailAddressAttribute does.

    What the email service cannot use ends as Failed_InvalidEmailFormat.
    """

    def is_email_address(self, text: str) -> bool:
        local, _, domain = text.partition("@")
        is_one_line = "\r" not in text and "\n" not in text
        return bool(local and domain) and "@" not in domain and is_one_line

    def end(self, address: str) -> tuple[str, ...]:
        return super().end(address) if super().is_email_address(address) else (INVALID_FORMAT,)


@variant
class DomainsInLowerCase(Rules):
    """The domain of an address is written in lower case, as Django normalises addresses."""

    def recipients_in(self, document: Json) -> list[Recipient]:
        return [
            replace(recipient, email_address=with_lower_domain(recipient.email_address))
            for recipient in super().recipients_in(document)
        ]


@variant
class SendTimesWithinYear(Rules):
    """A send time more than a year ahead is refused: no order is kept so long."""

    def errors_in_send_time(self, value: object) -> list[str]:
        errors = super().errors_in_send_time(value)
        moment = parse_moment(value)
        if moment is not None and moment > self.now() + _HORIZON:
            return [*errors, "'RequestedSendTime' must be within a year."]
        return errors


# Who may


@variant
class ClockSkewAllowed(Rules):
    """Tokens are good five minutes sooner and longer (RFC 7519, section 4.1.4), as in ASP.NET."""

    def is_expired(self, call: Call, claims: Claims) -> bool:
        return super().is_expired(call, _shifted(claims, "exp", _SKEW_SECONDS))

    def is_premature(self, call: Call, claims: Claims) -> bool:
        return super().is_premature(call, _shifted(claims, "nbf", -_SKEW_SECONDS))


@variant
class CredentialsBeforeRouting(Rules):
    """Without a valid credential every path and method is 401 or 403, as with Spring Security."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        try:
            self.authorise(call)
        except RefusalError as refusal:
            return refusal.answer
        return super().unrouted(call, answer)


# What is answered


@variant
class RetryAfterWhenAccepted(Rules):
    """A 202 says when to come back for the result, as the long-running operations of Azure do."""

    def accepted(self, order: Order) -> Answer:
        answer = super().accepted(order)
        answer.headers["retry-after"] = "30"
        return answer


@variant
class LinksWithApiVersion(Rules):
    """Location and links name the version of the API in their query."""

    def location(self, order: Order) -> str | None:
        location = super().location(order)
        return location and f"{location}{_VERSION}"

    def self_link(self, order: Order) -> Value:
        return f"{super().self_link(order)}{_VERSION}"

    def status_link(self, order: Order) -> Value:
        return f"{super().status_link(order)}{_VERSION}"


@variant
class RecipientErrorsByMember(Rules):
    """What is wrong with a recipient's member is told under its bare name, EmailAddress."""

    def problem_errors(self, errors: Errors) -> Value:
        renamed: Errors = {}
        for name, texts in errors.items():
            renamed.setdefault(name.rpartition("].")[2], []).extend(texts)
        return super().problem_errors(renamed)


@variant
class LaggingReplica(Rules):
    """Every other summary is read from a replica of the database that lags a little behind."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._reads = itertools.count()
        self._replica: dict[str, tuple[float, Json]] = {}

    def summary(self, order: Order) -> Json:
        if next(self._reads) % 2:
            return super().summary(order)
        now = time.monotonic()
        copied, copy = self._replica.get(order.id, (0.0, {}))
        if not copy or now - copied > _LAG_SECONDS:
            copy = super().summary(order)
            self._replica[order.id] = now, copy
        return copy


# What is sent


@variant
class HtmlInAscii(Rules):
    """All that is not ASCII leaves as character references in emails in HTML."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        body = mail.body.encode("ascii", "xmlcharrefreplace").decode("ascii")
        return replace(mail, body=body) if mail.is_html else mail


def _hyphenated(text: str) -> str:
    if _ANY_GUID.fullmatch(text.strip()) is None:
        return text
    digits = re.sub(r"[^0-9A-Fa-f]", "", text)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def with_lower_domain(address: str | None) -> str | None:
    """Return an address with its domain in lower case, in which case does not matter."""
    if address is None:
        return None
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _controls(member: str, value: object) -> list[str]:
    text = value if isinstance(value, str) else ""
    has_control = any(unicodedata.category(each) == "Cc" and each not in "\t\n\r" for each in text)
    return [f"'{member}' must have no control characters."] if has_control else []


def _shifted(claims: Claims, name: str, seconds: int) -> Claims:
    moment = claims.get(name)
    if not isinstance(moment, int | float) or isinstance(moment, bool):
        return claims
    return {**claims, name: moment + seconds}
