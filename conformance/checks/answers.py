"""Checks of any answer: documented status codes, media types, the bodies of 404."""

from __future__ import annotations

from typing import Any

from conformance.checks.registry import check
from conformance.exchange import ABSENT, Exchange, shown
from conformance.finding import Finding

PLACE, DETAILS, NOTIFICATIONS = "placeEmailOrder", "getOrder", "getEmailNotifications"
JSON_MEDIA_TYPES = ("application/json", "application/problem+json")
DOCUMENTED = {
    PLACE: {202, 400, 401, 403},
    DETAILS: {200, 401, 403, 404},
    NOTIFICATIONS: {200, 401, 403, 404},
}
# What real deployments answer where the documents are silent: 400 to an id that is no GUID,
# 405 and 415 to a wrong method or media type.
TOLERATED = {PLACE: {415}, DETAILS: {400}, NOTIFICATIONS: {400}}
ORDER_MEMBERS = {"orderId", "recipients", "emailTemplate", "notifications"}


@check("http.documented-status", PLACE, DETAILS, NOTIFICATIONS, any_body=True)
def documented_status(exchange: Exchange) -> Finding | None:
    """All documents, Response codes. 2xx are left to the requirement that names the right one."""
    status, operation = exchange.response.status, exchange.operation
    if status in DOCUMENTED[operation] | TOLERATED[operation] or 200 <= status < 300:
        return None
    codes = ", ".join(str(code) for code in sorted(DOCUMENTED[operation]))
    return Finding(f"one of the documented response codes {codes}", f"status {status}", exchange)


def _another_success(exchange: Exchange, documented: int) -> Finding | None:
    status = exchange.response.status
    if 200 <= status < 300 and status != documented:
        return Finding(f"status {documented}", f"status {status}", exchange, disputes_status=True)
    return None


@check("order.status-202", PLACE, any_body=True)
def accepted_is_202(exchange: Exchange) -> Finding | None:
    """Send email notifications, Response codes: 202 Accepted."""
    return _another_success(exchange, 202)


@check("details.status-200", DETAILS, any_body=True)
def details_are_200(exchange: Exchange) -> Finding | None:
    """Get order details, Response codes: 200 OK."""
    return _another_success(exchange, 200)


@check("summary.status-200", NOTIFICATIONS, any_body=True)
def summary_is_200(exchange: Exchange) -> Finding | None:
    """Get email notifications, Response codes: 200 OK."""
    return _another_success(exchange, 200)


def _is_json_text(exchange: Exchange) -> bool:
    """Tell whether the body is JSON in UTF-8 without a byte order mark (RFC 8259, section 8.1)."""
    try:
        text = exchange.response.body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return exchange.response.json is not ABSENT and not text.startswith("\ufeff")


def json_media_type(exchange: Exchange) -> Finding | None:
    """All documents, Response › Content-Type."""
    answer = exchange.response
    if answer.media_type == "application/json" and _is_json_text(exchange):
        return None
    stated = shown(answer.header("content-type") if answer.media_type else ABSENT)
    actual = f"Content-Type {stated}" + (
        "" if _is_json_text(exchange) else ", a body that is no JSON in UTF-8"
    )
    return Finding("a JSON body with Content-Type application/json", actual, exchange)


order_is_json = check("order.media-type-json", PLACE, status=202, any_body=True)(json_media_type)
details_are_json = check("details.media-type-json", DETAILS, status=200, any_body=True)(
    json_media_type
)
summary_is_json = check("summary.media-type-json", NOTIFICATIONS, status=200, any_body=True)(
    json_media_type
)


def json_or_not_acceptable(exchange: Exchange) -> Finding | None:
    """Whoever accepts no JSON: the documents know no other answer; HTTP allows to say so (406)."""
    answer = exchange.response
    if answer.status == 406 or (200 <= answer.status < 300 and json_media_type(exchange) is None):
        return None
    actual = f"status {answer.status} with Content-Type {answer.media_type or 'none'}"
    return Finding("status 406, or the answer in JSON all the same", actual, exchange)


def not_found_body(exchange: Exchange) -> Finding | None:
    """Get order details and Get email notifications, 404 Not Found.

    The documents promise problem details in one place and an empty body in another; either will
    do, which may repeat the id. A gateway's own text is no order either: only JSON is judged.
    """
    body = exchange.response.json
    if body is ABSENT or exchange.response.media_type not in JSON_MEDIA_TYPES:
        return None
    expected = "an empty body, or a problem details object whose status is 404"
    if not isinstance(body, dict):
        return Finding(expected, f"the JSON value {shown(body)}", exchange)
    if body.get("status") not in (None, 404):
        return Finding(expected, f"status {shown(body['status'])} in the body", exchange)
    told = [each for each in members_of_order(body) if each != "orderId"]
    return Finding(expected, f"a body with {', '.join(told)}", exchange) if told else None


def members_of_order(body: Any) -> list[str]:
    """Return the members of a JSON value by which it is a receipt, an order or its emails."""
    return sorted(ORDER_MEMBERS & set(body)) if isinstance(body, dict) else []


details_not_found_body = check("not-found.details-body", DETAILS, status=404, any_body=True)(
    not_found_body
)
summary_not_found_body = check("not-found.summary-body", NOTIFICATIONS, status=404, any_body=True)(
    not_found_body
)
