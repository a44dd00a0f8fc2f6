"""Services in Java, Go and C#, as their frameworks make them."""

import html
import json
import re
import secrets
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.problems import Errors
from conformance.reference.variants.problems import camel_case
from conformance.reference.variants.services.spelling import (
    ends_well,
    escaped_for_script,
    sentences,
    with_escaped_names,
)
from conformance.reference.wire import Answer, Call, Headers, Json, Value


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
        unreadable = any("valid JSON" in text for _, text in sentences(errors))
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
        return with_escaped_names(
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
        return escaped_for_script(text) + b"\n"

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
        return (statuses.SUCCEEDED,) if ends_well(course) else course

    def sends_mail(self, status: str) -> bool:
        return status == statuses.SUCCEEDED

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        return mails if mails and ends_well(self.end(mails[0].to)) else []

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        lines = re.split(r"\r\n|\r|\n", mail.body)
        return replace(mail, body="\r\n".join([*lines, ""]))


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
                f"$.{camel_case(member)}".replace("$.$", "$"): texts
                for member, texts in errors.items()
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
                for member, text in sentences(errors)
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
