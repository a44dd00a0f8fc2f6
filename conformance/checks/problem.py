"""Checks of the problem details in a 400.

Send email notifications, sections Response codes and Examples › 400 Bad Request.
"""

from __future__ import annotations

from typing import Any

from conformance.checks.answers import JSON_MEDIA_TYPES, PLACE
from conformance.checks.details import IDENTIFIERS
from conformance.checks.registry import check
from conformance.checks.values import is_text
from conformance.exchange import ABSENT, Exchange, shown
from conformance.finding import Finding

TELLING = (
    "subject",
    "recipients",
    "contentType",
    "requestedSendTime",
    "sendersReference",
    "resourceId",
    "ignoreReservation",
    "conditionEndpoint",
)
"""The members of an order, but for body: frameworks call that of the request so as well."""


@check("problem.is-json-object", PLACE, status=400, any_body=True)
def is_json_object(exchange: Exchange) -> Finding | None:
    """Response codes: refer to problem details in response body."""
    answer = exchange.response
    if answer.media_type in JSON_MEDIA_TYPES and isinstance(answer.json, dict):
        return None
    kind = "a JSON object" if isinstance(answer.json, dict) else "a body that is no JSON object"
    stated = answer.media_type or "none"
    return Finding(
        "problem details: a JSON object as application/json or application/problem+json",
        f"{kind} as Content-Type {stated}",
        exchange,
    )


@check("problem.explains", PLACE, status=400)
def explains(exchange: Exchange) -> Finding | None:
    """Examples: the error message in the detail property; the example shows errors."""
    problem = _problem(exchange)
    if problem is None or is_text(problem.get("detail")) or _has_text(problem.get("errors")):
        return None
    return Finding("the error message in detail or errors", "neither holds a text", exchange)


@check("problem.status-400", PLACE, status=400)
def status_is_400(exchange: Exchange) -> Finding | None:
    """Examples: "status": 400."""
    problem = _problem(exchange)
    stated = ABSENT if problem is None else problem.get("status", ABSENT)
    if problem is None or (stated == 400 and not isinstance(stated, bool)):
        return None
    return Finding("the member status to be 400", shown(stated), exchange)


@check("problem.title", PLACE, status=400)
def has_title(exchange: Exchange) -> Finding | None:
    """Examples: "title": "One or more validation errors occurred."."""
    return _text_member(exchange, "title")


@check("problem.detail-is-text", PLACE, status=400)
def detail_is_text(exchange: Exchange) -> Finding | None:
    """Examples: the error message in the detail property; null stands for absent."""
    detail = (_problem(exchange) or {}).get("detail")
    if detail is None or isinstance(detail, str):
        return None
    return Finding("the member detail to be a text", shown(detail), exchange)


@check("problem.trace-id", PLACE, status=400)
def has_trace_id(exchange: Exchange) -> Finding | None:
    """Examples: "traceId": "00-9ac2962c…-00"."""
    return _text_member(exchange, "traceId")


@check("problem.type", PLACE, status=400)
def has_type(exchange: Exchange) -> Finding | None:
    """Examples: "type", an RFC 7231 link or blank."""
    problem = _problem(exchange)
    if problem is None or isinstance(problem.get("type"), str):
        return None
    return Finding("the member type to be a string", shown(problem.get("type", ABSENT)), exchange)


@check("problem.errors-shape", PLACE, status=400)
def errors_map_members_to_texts(exchange: Exchange) -> Finding | None:
    """Examples: "errors": {"Subject": ["'Subject' must not be empty."]}."""
    problem = _problem(exchange)
    errors = None if problem is None else problem.get("errors")
    if errors is None or _texts(errors):
        return None
    expected = "errors to map each member to a list of one or more texts"
    return Finding(expected, shown(errors), exchange)


@check("validation.names-no-order", PLACE, status=400, any_body=True)
def names_no_order(exchange: Exchange) -> Finding | None:
    """Response codes: an order is generated with 202, so that a refusal has none to name."""
    location, id = exchange.response.header("location"), exchange.response.member("orderId")
    if location is None and id in (ABSENT, None):
        return None
    named = f"Location {location}" if location is not None else f"orderId {shown(id)}"
    return Finding("neither Location nor orderId in a refusal", named, exchange)


def names_member(exchange: Exchange, *members: str) -> Finding | None:
    """Examples: the key Subject for the flawed subject; in any case, and with a path around it.

    Of a flaw within a member, either may be named.
    """
    errors = (_problem(exchange) or {}).get("errors")
    if not isinstance(errors, dict) or not errors:
        return None  # the message is in detail; that it is somewhere is a promise of its own
    if any(member.lower() in key.lower() for key in errors for member in members):
        return None
    expected = f"a key in errors that names {' or '.join(members)}"
    return Finding(expected, f"the keys {shown(sorted(errors))}", exchange)


def names_no_other(exchange: Exchange, member: str) -> Finding | None:
    """Examples: Subject alone for the flawed subject; keys that are no members tell nothing."""
    errors = (_problem(exchange) or {}).get("errors")
    keys = sorted(errors) if isinstance(errors, dict) else []
    others = [name for name in TELLING if name != member]
    wrong = [key for key in keys if any(name.lower() in key.lower() for name in others)]
    if not wrong:
        return None
    return Finding(f"errors to name no other member than {member}", f"{shown(wrong)}", exchange)


def names_no_other_identifier(exchange: Exchange, identifier: str) -> Finding | None:
    """Examples: the flawed member; a key may name the list of recipients, or all identifiers."""
    errors = (_problem(exchange) or {}).get("errors")
    keys = sorted(errors) if isinstance(errors, dict) else []
    others = [name.lower() for name in IDENTIFIERS if name != identifier]
    named = any(identifier.lower() in key.lower() for key in keys)
    wrong = [key for key in keys if any(name in key.lower() for name in others)]
    if named or not wrong:
        return None
    return Finding(f"errors to name no other identifier than {identifier}", shown(wrong), exchange)


def _problem(exchange: Exchange) -> dict[str, Any] | None:
    body = exchange.response.json
    return body if isinstance(body, dict) else None


def _text_member(exchange: Exchange, name: str) -> Finding | None:
    problem = _problem(exchange)
    if problem is None or is_text(problem.get(name)):
        return None
    return Finding(f"the member {name} to be a text", shown(problem.get(name, ABSENT)), exchange)


def _has_text(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_text, value.values() if isinstance(value, dict) else value))
    return is_text(value)


def _texts(errors: Any) -> bool:
    return isinstance(errors, dict) and all(
        isinstance(texts, list) and bool(texts) and all(is_text(text) for text in texts)
        for texts in errors.values()
    )
