"""Liberties that gateways, databases and mail systems take, and that no document denies them."""

import html
import json
import re
from collections.abc import Iterable, MutableMapping
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html.parser import HTMLParser
from itertools import count

from starlette.types import Message

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Order, Recipient
from conformance.reference.registers import Organisation, Party
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Headers, Json, RefusalError, Value

_ASKED: ContextVar[int] = ContextVar("asked", default=0)
"""How often the order of the running task was asked for; each order has a task of its own."""


@variant
class ConditionProbedByHead(Rules):
    """HEAD asks whether the condition endpoint is there, GET what it says.

    The documents name the URL to use when checking, not the requests that make up the check.
    """

    def condition_tries(self) -> int:
        return super().condition_tries() + 1

    def condition_method(self) -> str:
        asked = _ASKED.get()
        _ASKED.set(asked + 1)
        return super().condition_method() if asked else "HEAD"


@variant
class CountsWithFraction(Rules):
    """Counts are written 1.0, as runtimes do whose only numbers are floating point.

    JSON has one kind of number, and 1.0 is the integer one (JSON Schema, section 6.1.1).
    """

    def generated(self, order: Order) -> Value:
        return float(super().generated(order))

    def succeeded(self, order: Order) -> Value:
        return float(super().succeeded(order))


@variant
class PreviewsCutInHalf(Rules):
    r"""An extra member holds a preview that was cut within an emoji, so it ends in \ud83d.

    Systems that count UTF-16 units do so; the grammar of JSON allows it (RFC 8259, section 8.2),
    and the documents close no object to further members.
    """

    def encode(self, value: Value) -> bytes:
        return json.dumps(value).encode("ascii")

    def details(self, order: Order) -> Json:
        return {**super().details(order), "preview": "Nytt varsel \ud83d"}

    def receipt(self, order: Order) -> Json:
        return {**super().receipt(order), "preview": "Nytt varsel \ud83d"}

    def summary(self, order: Order) -> Json:
        return {**super().summary(order), "preview": "Nytt varsel \ud83d"}


@variant
class MembersOnceMoreInPascalCase(Rules):
    """Each member is there again in PascalCase, for clients of an older serializer.

    Names in JSON are case-sensitive, so these are further members, which nothing forbids.
    """

    def encode(self, value: Value) -> bytes:
        return super().encode(_doubled(value))


def _doubled(value: Value) -> Value:
    if isinstance(value, list):
        return [_doubled(item) for item in value]
    if not isinstance(value, dict):
        return value
    members = {name: _doubled(member) for name, member in value.items()}
    return members | {name[:1].upper() + name[1:]: each for name, each in members.items()}


@variant
class OddExtraMembers(Rules):
    """Further members with an empty name, with the names of JavaScript, and with 1E400.

    All of it is JSON by its grammar (RFC 8259), and no document closes an object.
    """

    _ODD = b'"": "", "__proto__": {"": null}, "a/b~c": [], "$ref": "#/", "limit": 1E400'

    def encode(self, value: Value) -> bytes:
        text = super().encode(value)
        return text[:-1] + b", " + self._ODD + b"}" if text.endswith(b"}") else text


@variant
class NotFoundNamesWhatWasAsked(Rules):
    """A 404 has problem details with the id that was asked for, as orderId and id.

    "Refer to problem details in response body for further information"; problem details may be
    extended by any member (RFC 9457, section 3.2), and these say which order there is not.
    """

    def absent(self, call: Call) -> Answer:
        problem = {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "No order matching the provided ID was found.",
            "instance": call.path,
            "orderId": call.order_id,
            "id": call.order_id,
        }
        return Answer(404, {"content-type": self.problem_media_type()}, self.encode(problem))


@variant
class HeadersBeyondAscii(Rules):
    """A header of the gateway holds a name in UTF-8, another is eight kilobytes long.

    Field values may hold any octet above 0x7F (RFC 9110, section 5.5), and have no limit.
    """

    def sent(self, message: Message) -> Iterable[Message]:
        for each in super().sent(message):
            if each["type"] == "http.response.start":
                _add_header(each, b"x-served-by", "Ærfugl på Brønnøysund №1".encode())
                _add_header(each, b"content-security-policy", b"default-src 'self'; " * 400)
            yield each


def _add_header(message: MutableMapping[str, object], name: bytes, value: bytes) -> None:
    headers = message.get("headers") or ()
    message["headers"] = [*headers, (name, value.strip())]  # type: ignore[misc]


@variant
class OverloadedNowAndThen(Rules):
    """Every twentieth call is answered 503 with Retry-After, by the gateway, before anything else.

    The documents promise no availability, and 503 is temporary (RFC 9110, section 15.6.4).
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._calls = count(1)

    def authorise(self, call: Call) -> str:
        if next(self._calls) % 20 == 0:
            headers = {"retry-after": "1", "content-type": "text/html"}
            raise RefusalError(Answer(503, headers, b"<h1>Service Unavailable</h1>"))
        return super().authorise(call)


@variant
class GatewayClockIsWrong(Rules):
    """The Date of answers is three hours late: the gateway has lost its time server.

    The documents promise the times of orders, which are right, and say nothing of Date.
    """

    def dated(self, headers: Headers) -> Headers:
        late = datetime.now(UTC) - timedelta(hours=3)
        return super().dated(headers) | {"date": format_datetime(late, usegmt=True)}


@variant
class LinksToPascalCasePaths(Rules):
    """Links lead to /Orders/, from the name of a controller; paths are served in any letters.

    A self link is any URL that leads to the order, and these do.
    """

    def path(self, path: str) -> str:
        return super().path(path).replace("/Orders/", "/orders/")

    def location(self, order: Order) -> str | None:
        return _in_pascal_case(super().location(order))

    def self_link(self, order: Order) -> Value:
        return _in_pascal_case(super().self_link(order))

    def status_link(self, order: Order) -> Value:
        return _in_pascal_case(super().status_link(order))


def _in_pascal_case(link: str | None) -> str | None:
    return link and link.replace("/orders/", "/Orders/")


@variant
class LinksPercentEncoded(Rules):
    """The hyphens of the id are %2D in links, by an encoder that knows letters and digits only.

    Such URLs are equivalent (RFC 3986, section 6.2.2.2), and lead to the order.
    """

    def location(self, order: Order) -> str | None:
        return _percent_encoded(super().location(order), order)

    def self_link(self, order: Order) -> Value:
        return _percent_encoded(super().self_link(order), order)

    def status_link(self, order: Order) -> Value:
        return _percent_encoded(super().status_link(order), order)


def _percent_encoded(link: str | None, order: Order) -> str | None:
    return link and link.replace(order.id, order.id.replace("-", "%2D"))


class _App(str):
    """An organisation that calls by a PlatformAccessToken."""

    __slots__ = ()


@variant
class OrdersBelongToTheirCredential(Rules):
    """Orders of an Altinn app are for the app to read, those of an external system for it.

    Both have the same creator; the documents name two kinds of callers, "external system callers"
    and "Altinn Apps", and nowhere say that one finds what the other ordered.
    """

    def platform_organisation(self, call: Call, claims: object) -> str | None:
        name = super().platform_organisation(call, claims)  # type: ignore[arg-type]
        return name and _App(name)

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        same_kind = isinstance(order.creator, _App) is isinstance(organisation, _App)
        return same_kind and super().may_read(call, order, organisation)


@variant
class RefusalsShowWhatWasSent(Rules):
    """Problem details have the refused document as a further member, for whoever debugs.

    Problem details may be extended by any member (RFC 9457, section 3.2).
    """

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        answer = super().bad_request(call, errors)
        answer.content = {**answer.content, "request": call.body.decode(errors="replace")}
        return answer


@variant
class HtmlMinified(Rules):
    """HTML is minified before it is sent: no comments, optional quotes or repeated white space.

    To a reader of HTML it is the same document, in HTML format, as the documents want.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=_minified(mail.body)) if mail.is_html else mail


def _minified(text: str) -> str:
    minifier = _Minifier()
    minifier.feed(text)
    minifier.close()
    return "".join(minifier.parts)


class _Minifier(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = "".join(f" {name}{self._value(value)}" for name, value in attrs)
        self.parts.append(f"<{tag}{written}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def _value(self, value: str | None) -> str:
        if value is None:
            return ""
        is_plain = re.fullmatch(r"[\w.:#-]+", value, re.ASCII) is not None
        return f"={value}" if is_plain else f'="{html.escape(value)}"'


@variant
class HtmlWithPreheader(Rules):
    """HTML starts with a hidden element that has the subject, for lists of emails to preview.

    The ordered body follows whole and unchanged, and nothing else is shown.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        hidden = f'<div style="display:none">{html.escape(mail.subject)}</div>'
        return replace(mail, body=hidden + mail.body) if mail.is_html else mail


@variant
class TrailingBlanksDropped(Rules):
    """Blanks at the end of lines and of subjects are dropped when an email is sent.

    Transport does not preserve them, least of all in a header, and they mean nothing to a reader.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        body = re.sub(r"[ \t]+(?=\r?\n|\Z)", "", mail.body)
        return replace(mail, subject=mail.subject.rstrip(" \t"), body=body)


@variant
class SenderDomainInCapitals(Rules):
    """Emails come from the domain of fromAddress in capitals, as the mail server is configured.

    Domains know no case (RFC 5321, section 2.4), so it is the same address.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        name, _, domain = mail.sender.rpartition("@")
        return replace(mail, sender=f"{name}@{domain.upper()}")


@variant
class ResourceAddsAddresses(Rules):
    """Whoever follows the resource on behalf of an organisation gets the email as well.

    This is what an order is related to a resource for; an organisation is notified by as many
    addresses as are registered for it and the matter.
    """

    def registered_addresses(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        addresses = super().registered_addresses(order, recipient)
        follows = order.resource_id and isinstance(self.party(recipient), Organisation)
        return (
            (*addresses, f"saksbehandler@{recipient.number}.example.com") if follows else addresses
        )
