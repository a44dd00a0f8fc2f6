"""Whole second implementations: what one product does at once, from placing to delivery.

Each is a service as its framework, its database and its mail provider make it; every sentence of
the documents holds, and almost nothing else is as the embedded reference has it.
"""

import gzip
import hashlib
import html
import json
import re
import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.order_status import CONDITION_NOT_MET
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Headers, Json, RefusalError, Value

_FIRST_LETTER = re.compile(r"(^|\.)([A-Z])")
_INDEX = re.compile(r"\[(\d+)\]")
_BARE_ID = re.compile(r"(?<=/orders/)[0-9a-fA-F]{32}(?=/|$)")
_PARAGRAPH = re.compile(r"<(p|h[1-6]|td|li|div)(?=[\s>])", re.IGNORECASE)
_END_OF_BODY = re.compile(r"(?=</body>|$(?![\s\S]))", re.IGNORECASE)
_PIXEL = '<img src="https://track.mailer.example/o/{}.gif" width="1" height="1" alt="">'


@dataclass(frozen=True)
class _Labelled(Mail):
    """A mail with the headers of whoever carried it."""

    label: tuple[tuple[str, str], ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        return {**super().headers, **dict(self.label)}


def _labelled(mail: Mail, label: Mapping[str, str], body: str | None = None) -> Mail:
    return _Labelled(
        sender=mail.sender,
        to=mail.to,
        subject=mail.subject,
        body=mail.body if body is None else body,
        content_type=mail.content_type,
        created=mail.created,
        key=mail.key,
        label=tuple(label.items()),
    )


def _camel(member: str) -> str:
    """``Recipients[0].EmailAddress`` as JSON spells it."""
    return _FIRST_LETTER.sub(lambda found: found[1] + found[2].lower(), member)


def _sentences(errors: Errors) -> list[tuple[str, str]]:
    return [(_camel(member), text) for member, texts in errors.items() for text in texts]


def _milliseconds(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _escaped_for_script(text: str) -> bytes:
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text.encode()


def _with_escaped_names(
    mail: Callable[[Party | None], Mail], party: Party | None, escape: Callable[[str], str]
) -> Mail:
    """A template engine escapes what it puts into HTML, and only there."""
    plain = mail(party)
    if party is None or not plain.is_html:
        return plain
    return replace(plain, body=mail(replace(party, name=escape(party.name))).body)


def _ends_well(course: tuple[str, ...]) -> bool:
    return course[-1] in statuses.SUCCESSES


@variant
class SpringBootService(Rules):
    """Spring Boot with its own ProblemDetail, Jackson and Spring Security.

    The error message of a 400 stands "in the detail property", so there is no ``errors``; members
    without a value are null, which reads like absent; fractions come in threes as ``Instant`` has
    them; an id that is no GUID is 400; Thymeleaf escapes names in HTML.
    """

    def json_media_type(self) -> str:
        return "application/json"

    def problem_media_type(self) -> str:
        return "application/problem+json"

    def present(self, members: Json) -> Json:
        return {
            name: value
            for name, value in members.items()
            if value is not None or name != "recipientLookup"
        }

    def timestamp(self, moment: datetime) -> Value:
        precise = moment.astimezone(UTC).replace(tzinfo=None)
        spec = "microseconds" if precise.microsecond % 1000 else "milliseconds"
        return precise.isoformat(timespec=spec if precise.microsecond else "seconds") + "Z"

    def _problem_detail(self, call: Call, status: int, title: str, detail: str) -> Answer:
        problem = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "instance": call.path,
            "traceId": self.trace_id(),
        }
        return Answer(status, {"content-type": self.problem_media_type()}, self.encode(problem))

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        unreadable = any("valid JSON" in text for _, text in _sentences(errors))
        detail = "Failed to read request" if unreadable else "Invalid request content."
        return self._problem_detail(call, 400, "Bad Request", detail)

    def malformed_id(self, call: Call) -> Answer:
        detail = f"Failed to convert 'id' with value: '{call.order_id}'"
        return self._problem_detail(call, 400, "Bad Request", detail)

    def not_found(self, call: Call) -> Answer:
        return self._problem_detail(call, 404, "Not Found", "No such order.")

    def unsupported_media_type(self, call: Call) -> Answer:
        detail = "Content-Type is not supported."
        return self._problem_detail(call, 415, "Unsupported Media Type", detail)

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        problem = self._problem_detail(call, answer.status, "Not Supported", "Not supported.")
        problem.headers.update(answer.headers)
        return problem

    def no_bearer(self, call: Call) -> Answer:
        return self.unauthorized(call)

    def unauthorized(self, call: Call) -> Answer:
        challenge = "Bearer"
        if self.bearer_token(call):
            challenge = (
                'Bearer error="invalid_token", error_description="An error occurred while '
                'attempting to decode the Jwt: Signed JWT rejected", '
                'error_uri="https://tools.ietf.org/html/rfc6750#section-3.1"'
            )
        return Answer(401, {"www-authenticate": challenge})

    def forbidden(self, call: Call) -> Answer:
        challenge = (
            'Bearer error="insufficient_scope", error_description="The request requires higher '
            'privileges than provided by the access token."'
        )
        return Answer(403, {"www-authenticate": challenge})

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        written = super().mail
        return _with_escaped_names(
            lambda named: written(template, address, named), party, lambda name: html.escape(name)
        )

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer.headers.update(
            {
                "vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
                "x-content-type-options": "nosniff",
                "x-xss-protection": "0",
                "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
                "pragma": "no-cache",
                "expires": "0",
                "x-frame-options": "DENY",
            }
        )
        return super().answer(call, answer)


@variant
class FastApiService(Rules):
    """FastAPI and pydantic, their 422 turned into the documented 400.

    ``UUID`` reads a GUID without hyphens, too; the domain of an address, which has no case, is
    written in lower case; ignoreReservation has its default; lxml writes HTML with character
    references, which are the same text to every reader; HEAD is no method of a FastAPI route.
    """

    def json_media_type(self) -> str:
        return "application/json"

    def problem_media_type(self) -> str:
        return "application/json"

    def encode(self, value: Value) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def timestamp(self, moment: datetime) -> Value:
        return moment.astimezone(UTC).isoformat()

    def path(self, path: str) -> str:
        return _BARE_ID.sub(lambda found: str(uuid.UUID(found[0])), super().path(path))

    def problem(self, errors: Errors) -> Json:
        told = [f"body -> {member}: {text}" for member, text in _sentences(errors)]
        return {
            "type": "about:blank",
            "title": "Request validation failed",
            "status": 400,
            "detail": "; ".join(told),
            "traceId": secrets.token_hex(16),
        }

    def malformed_id(self, call: Call) -> Answer:
        return self.bad_request(call, {"id": ["Input should be a valid UUID"]})

    def _detail(self, status: int, detail: str, headers: Headers | None = None) -> Answer:
        answer = self.json_answer(status, {"detail": detail})
        answer.headers.update(headers or {})
        return answer

    def not_found(self, call: Call) -> Answer:
        return self._detail(404, "Not Found")

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        detail = "Not Found" if answer.status == 404 else "Method Not Allowed"
        return self._detail(answer.status, detail, answer.headers)

    def unauthorized(self, call: Call) -> Answer:
        return self._detail(401, "Not authenticated", {"www-authenticate": "Bearer"})

    def forbidden(self, call: Call) -> Answer:
        challenge = 'Bearer scope="altinn:serviceowner/notifications.create"'
        return self._detail(403, "Not enough permissions", {"www-authenticate": challenge})

    def recipients_in(self, document: Json) -> list[Recipient]:
        return [
            replace(given, email_address=_lower_domain(given.email_address))
            for given in super().recipients_in(document)
        ]

    def ignore_reservation(self, order: Order) -> Value:
        return bool(order.ignore_reservation)

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html:
            return mail
        return replace(mail, body=mail.body.encode("ascii", "xmlcharrefreplace").decode())

    def answer(self, call: Call, answer: Answer) -> Answer:
        if call.method == "HEAD":
            answer = self._detail(405, "Method Not Allowed", {"allow": "GET"})
        answer.headers["server"] = "uvicorn"
        return super().answer(call, answer)


def _lower_domain(address: str | None) -> str | None:
    if address is None:
        return None
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


@variant
class ExpressService(Rules):
    """Express with Ajv, Handlebars and Nodemailer behind the compression middleware.

    ``toISOString`` has milliseconds; ``errors`` has JSON pointers, in which the member's name
    stands; another method is 404 "Cannot PUT", and OPTIONS, which is no wrong method but asks for
    the right ones (RFC 9110, section 9.3.7), 200 with Allow; every answer has a weak ETag, by which
    a caller may ask; Handlebars escapes names in HTML.
    """

    def timestamp(self, moment: datetime) -> Value:
        return _milliseconds(moment)

    def encode(self, value: Value) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def problem(self, errors: Errors) -> Json:
        told = _sentences(errors)
        return {
            "type": "https://errors.varsling.example/invalid-request",
            "title": "Bad Request",
            "status": 400,
            "detail": f"request/body/{told[0][0]} {told[0][1]}",
            "traceId": str(uuid.uuid4()),
            "errors": {_pointer(member): texts for member, texts in errors.items()},
        }

    def not_found(self, call: Call) -> Answer:
        return self.json_answer(404, {"name": "NotFoundError", "status": 404, "message": "x"})

    def unauthorized(self, call: Call) -> Answer:
        error = "invalid_token" if self.bearer_token(call) else "invalid_request"
        answer = self.json_answer(401, {"error": error})
        answer.headers["www-authenticate"] = f'Bearer realm="varsling", error="{error}"'
        return answer

    def forbidden(self, call: Call) -> Answer:
        return self.json_answer(403, {"error": "insufficient_scope"})

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        allow = answer.headers.get("Allow", "")
        kind = {"content-type": "text/html; charset=utf-8"}
        if call.method == "OPTIONS" and allow:
            return Answer(200, {"allow": allow, **kind}, allow.encode())
        page = f"<!DOCTYPE html><pre>Cannot {call.method} {html.escape(call.path)}</pre>"
        return Answer(404, kind, page.encode())

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        written = super().mail
        return _with_escaped_names(
            lambda named: written(template, address, named), party, _handlebars
        )

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        tag = f'W/"{len(answer.body):x}-{hashlib.sha256(answer.body).hexdigest()[:27]}"'
        answer.headers |= {"x-powered-by": "Express", "etag": tag, "vary": "Accept-Encoding"}
        if call.method == "GET" and tag in call.headers.get("if-none-match", ""):
            return Answer(304, answer.headers)
        if len(answer.body) >= 1024 and "gzip" in call.headers.get("accept-encoding", ""):
            answer.headers["content-encoding"] = "gzip"
            answer.body = gzip.compress(answer.body)
        return answer


def _pointer(member: str) -> str:
    """``/recipients/0/emailAddress``."""
    return "/" + _INDEX.sub(r"/\1", _camel(member)).replace(".", "/")


def _handlebars(name: str) -> str:
    return html.escape(name).replace("=", "&#x3D;").replace("`", "&#x60;")


@variant
class GoService(Rules):
    """net/http, encoding/json, go-playground/validator and net/smtp to a Postfix relay.

    JSON escapes <, > and & and ends with a newline; RFC3339Nano drops zeros at the end; ids are
    UUIDv7; keys of ``errors`` begin with the name of the struct; refusals are lines of text; the
    relay tells of no delivery, so an email stays Succeeded; mail has CRLF and ends with one.
    """

    def json_media_type(self) -> str:
        return "application/json"

    def encode(self, value: Value) -> bytes:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return _escaped_for_script(text) + b"\n"

    def timestamp(self, moment: datetime) -> Value:
        text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
        return text.rstrip("0").rstrip(".") + "Z"

    def new_id(self) -> str:
        milliseconds = int(time.time() * 1000)
        number = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64
        return str(uuid.UUID(int=number | 2 << 62 | secrets.randbits(62)))

    def problem(self, errors: Errors) -> Json:
        return {
            "type": "about:blank",
            "title": "validation failed",
            "status": 400,
            "traceId": secrets.token_urlsafe(10),
            "errors": {
                f"EmailNotificationOrderRequestExt.{member}": [
                    f"Key: '{member}' Error:Field validation failed on the 'valid' tag"
                ]
                for member in errors
            },
        }

    def _line(self, status: int, text: str, headers: Headers) -> Answer:
        kind = {
            "content-type": "text/plain; charset=utf-8",
            "x-content-type-options": "nosniff",
        }
        return Answer(status, kind | headers, text.encode() + b"\n")

    def unauthorized(self, call: Call) -> Answer:
        return self._line(401, "token contains an invalid number of segments", {})

    def forbidden(self, call: Call) -> Answer:
        return self._line(403, "Forbidden", {})

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        text = "404 page not found" if answer.status == 404 else "Method Not Allowed"
        return self._line(answer.status, text, answer.headers)

    def unsupported_media_type(self, call: Call) -> Answer:
        return self._line(415, "Unsupported Media Type", {})

    def end(self, address: str) -> tuple[str, ...]:
        course = super().end(address)
        return (statuses.SUCCEEDED,) if _ends_well(course) else course

    def sends_mail(self, status: str) -> bool:
        return status == statuses.SUCCEEDED

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        return mails if mails and _ends_well(self.end(mails[0].to)) else []

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        lines = re.split(r"\r\n|\r|\n", mail.body)
        return replace(mail, body="\r\n".join([*lines, ""]))


@variant
class RailsService(Rules):
    """Rails with Active Model, Sidekiq and premailer.

    JSON escapes <, >, & and has milliseconds; messages are Active Model's; workers go from New to
    Succeeded; premailer makes a document of HTML; the problem says both ``detail`` and ``errors``,
    its title in Norwegian.
    """

    def encode(self, value: Value) -> bytes:
        return _escaped_for_script(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def timestamp(self, moment: datetime) -> Value:
        return _milliseconds(moment)

    def problem_media_type(self) -> str:
        return self.json_media_type()

    def problem(self, errors: Errors) -> Json:
        return {
            "type": "",
            "title": "Én eller flere felter er ugyldige.",
            "status": 400,
            "detail": ", ".join(f"{_camel(member)} kan ikke være tom" for member in errors),
            "traceId": str(uuid.uuid4()),
            "errors": {_camel(member): ["can't be blank"] for member in errors},
        }

    def unauthorized(self, call: Call) -> Answer:
        headers = {
            "www-authenticate": 'Bearer realm="Application"',
            "content-type": "text/html; charset=utf-8",
        }
        return Answer(401, headers, b"HTTP Token: Access denied.\n")

    def forbidden(self, call: Call) -> Answer:
        return self.json_answer(403, {"status": 403, "error": "Forbidden"})

    def not_found(self, call: Call) -> Answer:
        return self.json_answer(404, {"status": 404, "error": "Not Found"})

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return self.json_answer(404, {"status": 404, "error": "Not Found"})

    def course(self, notification: Notification) -> tuple[str, ...]:
        return tuple(s for s in super().course(notification) if s != statuses.SENDING)

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html:
            return mail
        document = f"<!DOCTYPE html>\n<html>\n<body>{mail.body}</body>\n</html>\n"
        return replace(mail, body=document)

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers |= {
            "x-request-id": str(uuid.uuid4()),
            "x-runtime": "0.012345",
            "cache-control": "max-age=0, private, must-revalidate",
            "referrer-policy": "strict-origin-when-cross-origin",
            "x-permitted-cross-domain-policies": "none",
        }
        return answer


@variant
class LaravelService(Rules):
    """Laravel on PHP, its 422 turned into the documented 400, its mails in its layout.

    ``json_encode`` escapes solidus and all beyond ASCII; a problem has a blank type and a message
    beside its title; keys have dots for brackets; a 401 has no challenge; cookies and rate limits
    are named in headers; HTML stands in a layout of tables.
    """

    def json_media_type(self) -> str:
        return "application/json"

    def problem_media_type(self) -> str:
        return "application/json"

    def encode(self, value: Value) -> bytes:
        return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()

    def problem(self, errors: Errors) -> Json:
        named = {_INDEX.sub(r".\1", _camel(member)): texts for member, texts in errors.items()}
        return {
            "message": "The given data was invalid.",
            "type": "",
            "traceId": secrets.token_hex(16),
            "title": "The given data was invalid.",
            "status": 400,
            "errors": {
                member: [f"The {member} field is required." for _ in texts]
                for member, texts in named.items()
            },
        }

    def _message(self, status: int, message: str) -> Answer:
        return self.json_answer(status, {"message": message})

    def unauthorized(self, call: Call) -> Answer:
        return self._message(401, "Unauthenticated.")

    def forbidden(self, call: Call) -> Answer:
        return self._message(403, "This action is unauthorized.")

    def not_found(self, call: Call) -> Answer:
        return self._message(404, "")

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        refusal = self._message(answer.status, "The method or route is not supported.")
        refusal.headers |= answer.headers
        return refusal

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html:
            return mail
        layout = (
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/'
            'xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml">'
            '<head>\n<meta charset="utf-8" /><title>Varsel</title>\n</head><body>\n<table '
            'class="wrapper" width="100%"><tr><td align="center"><table class="content"><tr>'
            '<td class="header"><a href="https://varsling.example">Varsling</a></td></tr><tr>'
            f'<td class="content-cell">\n{mail.body}\n</td></tr><tr><td class="footer">'
            "© Varsling. All rights reserved.</td></tr></table></td></tr></table></body></html>"
        )
        return replace(mail, body=layout)

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers |= {
            "set-cookie": f"laravel_session={secrets.token_hex(20)}; path=/; httponly",
            "cache-control": "no-cache, private",
            "x-ratelimit-limit": "60",
            "x-ratelimit-remaining": "0",
        }
        return answer


@variant
class DurableFunction(Rules):
    """ASP.NET Core in Azure Functions: an order is a long-running operation.

    A 202 says when to look again (Retry-After, RFC 9110, section 10.2.3) and where; tokens have the
    default clock skew of five minutes (RFC 7519, section 4.1.4); errors of JSON stand at ``$.``
    beside one of the parameter; the media type names a version; a reserved person's email is
    Failed_RecipientReserved, with an empty address; times have seven digits and an offset.
    """

    def json_media_type(self) -> str:
        return "application/json; charset=utf-8; v=1.0"

    def timestamp(self, moment: datetime) -> Value:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0+00:00")

    def problem_type(self) -> Value:
        return "https://tools.ietf.org/html/rfc9110#section-15.5.1"

    def problem_errors(self, errors: Errors) -> Value:
        return {
            "emailNotificationOrderRequest": ["The emailNotificationOrderRequest is required."],
            **{
                f"$.{_camel(member)}".replace("$.$", "$"): texts for member, texts in errors.items()
            },
        }

    def not_found(self, call: Call) -> Answer:
        problem = {
            "type": "https://tools.ietf.org/html/rfc9110#section-15.5.5",
            "title": "Not Found",
            "status": 404,
            "traceId": self.trace_id(),
        }
        return Answer(404, {"content-type": self.problem_media_type()}, self.encode(problem))

    def is_expired(self, call: Call, claims: Claims) -> bool:
        end = claims.get("exp")
        if isinstance(end, int):
            claims = {**claims, "exp": end + 300}
        return super().is_expired(call, claims)

    def accepted(self, order: Order) -> Answer:
        answer = super().accepted(order)
        answer.headers |= {"retry-after": "60", "operation-location": str(self.status_link(order))}
        return answer

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        notifications = super().notifications_for(order, recipient)
        if self.is_reserved(recipient) and not self.overrides_reservation(order):
            for notification in notifications:
                notification.status = "Failed_RecipientReserved"
        return notifications

    def used_address(self, notification: Notification) -> Value:
        return notification.address or ""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers |= {
            "set-cookie": f"ARRAffinity={'0' * 64};Path=/;HttpOnly;Domain=127.0.0.1",
            "request-context": "appId=cid-v1:3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "api-supported-versions": "1.0",
        }
        return answer


def _json_path(member: str) -> str:
    return member if member == "$" else f"$.{_camel(member)}"


@variant
class LambdaService(Rules):
    """Lambda behind an HTTP API of API Gateway, with DynamoDB and SES.

    Gateway and authorizer refuse in their own words; notifications are stored by id, so they are
    listed by id; SES tells Delivery and no sooner thing, so Sending is followed by Delivered, and
    adds its headers and its pixel; a condition that cannot be asked in three tries is not met.
    """

    def json_media_type(self) -> str:
        return "application/json"

    def timestamp(self, moment: datetime) -> Value:
        return _milliseconds(moment)

    def problem(self, errors: Errors) -> Json:
        return {
            "type": "urn:problem:bad-request",
            "title": "BadRequestException",
            "status": 400,
            "detail": "\n".join(f"{member}: {text}" for member, text in _sentences(errors)),
            "errors": {_camel(member): list(texts) for member, texts in errors.items()},
            "instance": f"urn:uuid:{uuid.uuid4()}",
            "traceId": f"Root=1-{secrets.token_hex(4)}-{secrets.token_hex(12)}",
        }

    def unauthorized(self, call: Call) -> Answer:
        answer = self.json_answer(401, {"message": "Unauthorized"})
        answer.headers["www-authenticate"] = "Bearer"
        return answer

    def no_bearer(self, call: Call) -> Answer:
        return self.unauthorized(call)

    def forbidden(self, call: Call) -> Answer:
        return self.json_answer(403, {"message": "Forbidden"})

    def not_found(self, call: Call) -> Answer:
        return self.json_answer(404, {"message": "Not Found"})

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return self.not_found(call)

    def notifications(self, order: Order) -> Value:
        stored = sorted(order.notifications, key=lambda notification: notification.id)
        return [self.notification(notification) for notification in stored]

    def end(self, address: str) -> tuple[str, ...]:
        return tuple(s for s in super().end(address) if s != statuses.SUCCEEDED)

    def condition_tries(self) -> int:
        return 3

    def sends_without_condition(self) -> bool:
        return False

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        body = mail.body
        if mail.is_html:
            body = _END_OF_BODY.sub(_PIXEL.format(mail.key), body, count=1)
        ses_id = f"0102{secrets.token_hex(6)}-{uuid.uuid4()}-000000"
        label = {
            "Feedback-ID": "::1.eu-north-1.x:AmazonSES",
            "X-SES-Outgoing": "2025.01.16-54.240.3.1",
        }
        return replace(_labelled(mail, label, body), key=ses_id)

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers |= {
            "apigw-requestid": secrets.token_urlsafe(11),
            "x-amzn-trace-id": f"Root=1-{secrets.token_hex(4)}-{secrets.token_hex(12)};Sampled=0",
        }
        return answer


@variant
class TransactionalOutbox(Rules):
    """The emails of an order are rows of an outbox, written with the order itself.

    They are New ("has been created, but has not been picked up") until the order is due, and no
    email leaves before; when the condition is not met they are Failed ("was not sent"). A row is
    changed by each attempt, so lastUpdate goes on while the status stays. The lookup of a person
    whose reservation is overridden is a success, though the person is listed.
    """

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        order.notifications = super().generate(order)
        return order

    def generate(self, order: Order) -> list[Notification]:
        return []

    def notifications(self, order: Order) -> Value:
        if order.status == CONDITION_NOT_MET:
            for row in order.notifications:
                if row.status == statuses.NEW:
                    row.status, row.changed = statuses.FAILED, order.changed
        return super().notifications(order)

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        return (statuses.SENDING,) * 3 + course if course else ()

    def is_unreachable(self, order: Order, recipient: Recipient) -> bool:
        overridden = self.is_reserved(recipient) and self.overrides_reservation(order)
        return super().is_unreachable(order, recipient) and (
            not overridden or self.lacks_contact(order, recipient)
        )


@variant
class QuarkusOnOracle(Rules):
    """Quarkus with JSON-B and quarkus-resteasy-problem, on Oracle.

    JSON-B sorts members; RAWTOHEX makes the id of the receipt and of Location upper case while
    what Java reads back is lower case ("any case"); DATE has whole seconds, except for the send
    time that was asked for; numbers come out of a HashSet; recipients come without an order; a
    problem has ``detail`` and ``violations``.
    """

    def json_media_type(self) -> str:
        return "application/json;charset=UTF-8"

    def problem_media_type(self) -> str:
        return "application/problem+json"

    def encode(self, value: Value) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()

    def order_id(self, order: Order) -> Value:
        return order.id.upper()

    def location(self, order: Order) -> str | None:
        return f"{self.setting.base_url}/orders/{order.id.upper()}"

    def created(self, order: Order) -> Value:
        return self._date(order.created)

    def last_update(self, notification: Notification) -> Value:
        return self._date(notification.changed)

    def _date(self, moment: datetime) -> str:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def reserved(self, order: Order) -> Value:
        return _hashed(super().reserved(order))

    def missing_contact(self, order: Order) -> Value:
        return _hashed(super().missing_contact(order))

    def recipients(self, order: Order) -> Value:
        return list(reversed(super().recipients(order)))

    def problem(self, errors: Errors) -> Json:
        return {
            "status": 400,
            "title": "Bad Request",
            "type": "about:blank",
            "detail": "Request validation failed.",
            "traceId": secrets.token_hex(8),
            "violations": [
                {"field": f"orderEmail.request.{member}", "in": "body", "message": text}
                for member, text in _sentences(errors)
            ],
        }

    def not_found(self, call: Call) -> Answer:
        problem = {"status": 404, "title": "Not Found", "detail": "HTTP 404 Not Found"}
        return Answer(404, {"content-type": self.problem_media_type()}, self.encode(problem))

    def unauthorized(self, call: Call) -> Answer:
        problem = {"status": 401, "title": "Unauthorized", "detail": "Not Authorized"}
        headers = {"content-type": self.problem_media_type(), "www-authenticate": "Bearer"}
        return Answer(401, headers, self.encode(problem))


def _hashed(numbers: list[str]) -> list[str]:
    return sorted(numbers, key=lambda number: number[::-1])


@variant
class MarketingPlatform(Rules):
    """A platform for campaigns (SendGrid, Mailchimp) with its editor, its tracking and its events.

    HTML becomes a document with a style sheet, a hidden preheader and a pixel at its end; the
    events are processed and delivered, nothing is told of sending; a bounce is often told only
    after a delivery to the relay ("a late bounce lowers succeeded"). Texts in plain stay as they
    are. Answers tell more than was documented of whatever there is.
    """

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        if course and course[-1] == statuses.BOUNCED:
            return (statuses.SUCCEEDED, statuses.DELIVERED, statuses.BOUNCED)
        return tuple(status for status in course if status != statuses.SENDING)

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        return mails if mails and _ends_well(self.course(notification)) else []

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        label = {
            "List-Unsubscribe": f"<https://track.mailer.example/u/{mail.key}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
            "Auto-Submitted": "auto-generated",
            "X-SG-EID": secrets.token_urlsafe(60),
        }
        if not mail.is_html:
            return _labelled(mail, label)
        body = (
            '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
            "<style>p, td { margin: 0; mso-line-height-rule: exactly; }</style></head><body>"
            '<div style="display:none;max-height:0;overflow:hidden">&#847;&zwnj;&nbsp;</div>'
            f"{mail.body}{_PIXEL.format(mail.key)}</body></html>"
        )
        return _labelled(mail, label, body)

    def receipt(self, order: Order) -> Json:
        more = {"status": "Registered", "estimatedEmails": len(order.recipients), "errors": []}
        return super().receipt(order) | more

    def details(self, order: Order) -> Json:
        return super().details(order) | {
            "campaign": {"id": 17, "name": None},
            "conditionEndpoint": order.condition_endpoint,
            "tags": [],
            "processingStatus": self.processing_status(order),
        }

    def links(self, order: Order) -> Value:
        mine = str(self.self_link(order))
        return {**super().links(order), "cancel": f"{mine}/cancel", "opens": f"{mine}/opens"}

    def summary(self, order: Order) -> Json:
        summary = super().summary(order)
        return summary | {"failed": summary["generated"] - summary["succeeded"], "opened": 0.0}

    def notification(self, notification: Notification) -> Value:
        more = {"attempts": 1, "opens": [], "providerMessageId": secrets.token_hex(8)}
        return super().notification(notification) | more


@variant
class MinuteSlots(Rules):
    """Orders are put into slots of one minute, emails into a queue with retries.

    An order without a send time belongs to the minute that has begun (the default is judged within
    two minutes); a slot is opened up to a minute before its time; an overloaded relay lets an email
    be Sending for minutes, each attempt with its lastUpdate. The slips of the pen in the
    descriptions of statuses are mended.
    """

    def order_default(self, order: Order) -> Order:
        order.requested_send_time = order.created.replace(second=0, microsecond=0)
        return order

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        return order if document.get("requestedSendTime") else self.order_default(order)

    def start_time(self, order: Order) -> datetime:
        return super().start_time(order) - timedelta(seconds=55)

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        return (statuses.SENDING,) * 5 + course[1:] if course else ()

    def description(self, status: str) -> str:
        text = super().description(status)
        return text.replace("was was", "was").replace("phising", "phishing")


@variant
class MailHouse(Rules):
    """A mail house generates emails, and where there is no address there is none to generate.

    "The total number of email notifications generated so far" counts what was generated; whom no
    email can reach is told by the lookup, in missingContact and isReserved, and by nothing else. A
    relative Location leads to the order, links have the public name of the house, refusals are
    HTML of nginx.
    """

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        reachable = bool(self.addresses_of(order, recipient))
        return super().notifications_for(order, recipient) if reachable else []

    def location(self, order: Order) -> str | None:
        return "/" + self.setting.base_url.split("/", 3)[3] + f"/orders/{order.id}"

    def _public(self, link: str) -> str:
        return "https://varsling.example.no/" + link.split("/", 3)[3]

    def self_link(self, order: Order) -> Value:
        return self._public(str(super().self_link(order)))

    def status_link(self, order: Order) -> Value:
        return self._public(str(super().status_link(order)))

    def _nginx(self, status: int, title: str) -> Answer:
        page = (
            f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>"
            f"{status} {title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>"
        )
        return Answer(status, {"content-type": "text/html", "server": "nginx"}, page.encode())

    def unauthorized(self, call: Call) -> Answer:
        answer = self._nginx(401, "Authorization Required")
        answer.headers["www-authenticate"] = 'Bearer realm="varsling"'
        return answer

    def forbidden(self, call: Call) -> Answer:
        return self._nginx(403, "Forbidden")

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return self._nginx(answer.status, "Not Allowed" if answer.status == 405 else "Not Found")


@variant
class ReadModel(Rules):
    """Commands and queries apart: what is read is a projection, brought up to date in steps.

    Emails are generated one after another, so "generated so far" grows while the first is already
    delivered; the summary is as old as its snapshot, a moment; order and numbers agree in each
    snapshot, and everything is there within the five minutes in which an order settles.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._snapshots: dict[str, tuple[float, Answer]] = {}
        self._projected: dict[str, float] = {}

    def generate(self, order: Order) -> list[Notification]:
        notifications = super().generate(order)
        for position, notification in enumerate(notifications):
            delay = 0.45 * position / len(notifications)
            self._projected[notification.id] = time.monotonic() + delay
        return notifications

    def _known(self, order: Order) -> Order:
        known = [n for n in order.notifications if self._projected[n.id] <= time.monotonic()]
        return replace(order, notifications=known)

    def emails_found(self, order: Order) -> Answer:
        taken, answer = self._snapshots.get(order.id, (0.0, None))
        if answer is None or time.monotonic() - taken > 0.1:
            answer = super().emails_found(self._known(order))
            self._snapshots[order.id] = (time.monotonic(), answer)
        return deepcopy(answer)

    def details(self, order: Order) -> Json:
        return super().details(order) | {"version": 3}


@variant
class KongGateway(Rules):
    """Kong in front: a consumer has a number of calls a second, told in the headers of each answer.

    The one too many is 429 with Retry-After, in the gateway's words ("bodies of 429 may be
    theirs"); a caller who waits is served. Kong writes its own 401, 403 and 404 of paths; answers
    are pretty-printed, name the way they came and close no connection.
    """

    _LIMIT = 40

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._second = 0
        self._calls = 0

    def authorise(self, call: Call) -> str:
        organisation = super().authorise(call)
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._calls = second, 0
        self._calls += 1
        if self._calls > self._LIMIT:
            answer = self._message(429, "API rate limit exceeded")
            answer.headers["retry-after"] = "1"
            raise RefusalError(answer)
        return organisation

    def _message(self, status: int, message: str) -> Answer:
        told = {"message": message, "request_id": secrets.token_hex(16)}
        return self.json_answer(status, told)

    def encode(self, value: Value) -> bytes:
        return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\r\n").encode()

    def unauthorized(self, call: Call) -> Answer:
        answer = self._message(401, "Unauthorized")
        answer.headers["www-authenticate"] = 'Key realm="kong", Bearer error="invalid_token"'
        return answer

    def forbidden(self, call: Call) -> Answer:
        return self._message(403, "You cannot consume this service")

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return self._message(404, "no Route matched with those values")

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        left = str(max(self._LIMIT - self._calls, 0))
        answer.headers |= {
            "via": "1.1 kong/3.9.0",
            "x-kong-upstream-latency": "4",
            "x-kong-proxy-latency": "1",
            "ratelimit-limit": str(self._LIMIT),
            "ratelimit-remaining": left,
            "ratelimit-reset": "1",
            "x-ratelimit-remaining-second": left,
        }
        return answer


@variant
class StylesInlined(Rules):
    """HTML passes through Premailer or Juice, which write the style sheet into the elements.

    "The body of the email": every element, every attribute that was ordered and every text is
    there; only a style attribute is added, as mail readers that ignore style sheets need it.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html:
            return mail
        body = _PARAGRAPH.sub(r'<\1 style="font-family: Roboto, sans-serif"', mail.body)
        return replace(mail, body=body)


@variant
class BackToTheQueue(Rules):
    """A transient error of the provider puts an email back: Sending becomes New once more.

    It then "has not been picked up for processing yet"; no sentence says that a status is had only
    once. The provider is busy at the first attempt for each email, and the second succeeds.
    """

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        return (statuses.SENDING, statuses.NEW, *course) if course else ()


@variant
class ProblemClass(Rules):
    """A 400 is written from a class, of which each member that has no value is null.

    "The error message in the detail property"; errors and instance are null, which tells as little
    as if they were absent; what is wrong stands in a sentence, in Norwegian.
    """

    def problem(self, errors: Errors) -> Json:
        members = ", ".join(member for member, _ in _sentences(errors))
        return {
            "title": "Ugyldig bestilling",
            "status": 400,
            "detail": f"Bestillingen er ikke gyldig: kontroller {members}.",
            "instance": None,
            "errors": None,
            "type": "about:blank",
            "traceId": self.trace_id(),
        }


@variant
class TwoInstances(Rules):
    """Two instances whose clocks are a second and a half apart, behind one load balancer.

    So what happened later may have the earlier time ("within 2 minutes, no order"), and each names
    itself in an affinity cookie.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._turn = 0

    def now(self) -> datetime:
        self._turn += 1
        return super().now() + timedelta(seconds=0.75 if self._turn % 2 else -0.75)

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers["set-cookie"] = f"SERVERID=varsling-{self._turn % 2}; Path=/"
        return answer
