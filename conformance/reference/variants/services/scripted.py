"""Services in Python, JavaScript, Ruby and PHP, as their frameworks make them."""

import gzip
import hashlib
import html
import json
import re
import secrets
import uuid
from dataclasses import replace
from datetime import UTC, datetime

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.rules.problems import Errors
from conformance.reference.variants.problems import camel_case
from conformance.reference.variants.services.spelling import (
    PIXEL,
    escaped_for_script,
    labelled,
    sentences,
    with_escaped_names,
)
from conformance.reference.variants.unforeseen import with_lower_domain
from conformance.reference.wire import Answer, Call, Headers, Json, Value

_INDEX = re.compile(r"\[(\d+)\]")
_BARE_ID = re.compile(r"(?<=/orders/)[0-9a-fA-F]{32}(?=/|$)")
_END_OF_BODY = re.compile(r"(?=</body>|$(?![\s\S]))", re.IGNORECASE)


def _milliseconds(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


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
        told = [f"body -> {member}: {text}" for member, text in sentences(errors)]
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
            replace(given, email_address=with_lower_domain(given.email_address))
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
        told = sentences(errors)
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
        return with_escaped_names(
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
    return "/" + _INDEX.sub(r"/\1", camel_case(member)).replace(".", "/")


def _handlebars(name: str) -> str:
    return html.escape(name).replace("=", "&#x3D;").replace("`", "&#x60;")


@variant
class RailsService(Rules):
    """Rails with Active Model, Sidekiq and premailer.

    JSON escapes <, >, & and has milliseconds; messages are Active Model's; workers go from New to
    Succeeded; premailer makes a document of HTML; the problem says both ``detail`` and ``errors``,
    its title in Norwegian.
    """

    def encode(self, value: Value) -> bytes:
        return escaped_for_script(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def timestamp(self, moment: datetime) -> Value:
        return _milliseconds(moment)

    def problem_media_type(self) -> str:
        return self.json_media_type()

    def problem(self, errors: Errors) -> Json:
        return {
            "type": "",
            "title": "Én eller flere felter er ugyldige.",
            "status": 400,
            "detail": ", ".join(f"{camel_case(member)} kan ikke være tom" for member in errors),
            "traceId": str(uuid.uuid4()),
            "errors": {camel_case(member): ["can't be blank"] for member in errors},
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
        named = {_INDEX.sub(r".\1", camel_case(member)): texts for member, texts in errors.items()}
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
            "detail": "\n".join(f"{member}: {text}" for member, text in sentences(errors)),
            "errors": {camel_case(member): list(texts) for member, texts in errors.items()},
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
            body = _END_OF_BODY.sub(PIXEL.format(mail.key), body, count=1)
        ses_id = f"0102{secrets.token_hex(6)}-{uuid.uuid4()}-000000"
        label = {
            "Feedback-ID": "::1.eu-north-1.x:AmazonSES",
            "X-SES-Outgoing": "2025.01.16-54.240.3.1",
        }
        return replace(labelled(mail, label, body), key=ses_id)

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers |= {
            "apigw-requestid": secrets.token_urlsafe(11),
            "x-amzn-trace-id": f"Root=1-{secrets.token_hex(4)}-{secrets.token_hex(12)};Sampled=0",
        }
        return answer
