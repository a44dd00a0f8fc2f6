"""Checks of the details of an order: Get order details, sections Response body and Examples."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from conformance import contract
from conformance.checks.answers import DETAILS
from conformance.checks.registry import check
from conformance.checks.values import is_email_address, is_text, url_path, utc_instant
from conformance.exchange import ABSENT, Exchange, shown
from conformance.finding import Finding

IDENTIFIERS = ("emailAddress", "mobileNumber", "nationalIdentityNumber", "organizationNumber")
MEMBERS = (
    "id",
    "creator",
    "sendersReference",
    "requestedSendTime",
    "created",
    "notificationChannel",
    "ignoreReservation",
    "resourceId",
    "recipients",
    "emailTemplate",
    "links",
)
TEMPLATE = ("fromAddress", "subject", "body", "contentType")


def asked_id(exchange: Exchange) -> str:
    """Return the id that a request for details or notifications names in its path."""
    return urlsplit(exchange.request.url).path.rpartition("/orders/")[2].partition("/")[0]


def schema_finding(exchange: Exchange) -> Finding | None:
    """Return where a JSON body departs from the contract, None where it does not."""
    if exchange.response.json is ABSENT:
        return None
    found = contract.load().violations(
        exchange.operation, exchange.response.status, exchange.response.json
    )
    if not found:
        return None
    told = "; ".join(f"{each.path or 'the body'}: {each.message}" for each in found[:3])
    return Finding("a body that follows the contract", told, exchange)


@check("details.id-names-order", DETAILS, status=200)
def id_names_order(exchange: Exchange) -> Finding | None:
    """Response body: id, the order to which the retrieved details are associated."""
    return names_asked_order(exchange, "id")


def names_asked_order(exchange: Exchange, member: str) -> Finding | None:
    """Return a finding unless a member holds the id that was asked for, in any case."""
    id, asked = exchange.response.member(member), asked_id(exchange)
    if isinstance(id, str) and id.lower() == asked.lower():
        return None
    return Finding(f"{member} to be {asked}", shown(id), exchange)


@check("details.creator-present", DETAILS, status=200)
def creator_is_present(exchange: Exchange) -> Finding | None:
    """Response body: creator, the abbreviated name of the one who created the order."""
    creator = exchange.response.member("creator")
    return None if is_text(creator) else Finding("a creator", shown(creator), exchange)


@check("details.times-in-utc", DETAILS, status=200)
def times_are_in_utc(exchange: Exchange) -> Finding | None:
    """Examples: "requestedSendTime": "2023-12-12T14:13:27.8367317Z"."""
    for name in ("requestedSendTime", "created"):
        value = exchange.response.member(name)
        if utc_instant(value) is None:
            return Finding(f"{name} to be a date-time in UTC", shown(value), exchange)
    return None


@check("details.from-address", DETAILS, status=200)
def from_address_is_email(exchange: Exchange) -> Finding | None:
    """Examples: "fromAddress": "noreply@altinn.no"."""
    value = exchange.response.member("emailTemplate.fromAddress")
    if value is ABSENT or is_email_address(value):
        return None
    return Finding("fromAddress to be an email address", shown(value), exchange)


def template_is_complete(exchange: Exchange) -> Finding | None:
    """Examples: emailTemplate with fromAddress, subject, body and contentType."""
    template = exchange.response.member("emailTemplate")
    if isinstance(template, dict) and all(isinstance(template.get(n), str) for n in TEMPLATE):
        return None
    return Finding(f"an emailTemplate with {', '.join(TEMPLATE)}", shown(template), exchange)


@check("details.self-link", DETAILS, status=200)
def self_link_names_order(exchange: Exchange) -> Finding | None:
    """Examples: links.self ends with /orders/ and the id."""
    return _link(exchange, "self", "")


@check("details.status-link", DETAILS, status=200)
def status_link_names_order(exchange: Exchange) -> Finding | None:
    """Examples: links.status ends with /orders/, the id and /status."""
    return _link(exchange, "status", "/status")


def _link(exchange: Exchange, name: str, tail: str) -> Finding | None:
    value = exchange.response.member(f"links.{name}")
    end = f"/orders/{asked_id(exchange)}{tail}"
    path = url_path(value)
    if path is not None and path.lower().endswith(end.lower()):
        return None
    return Finding(f"links.{name} to be a URL that ends with {end}", shown(value), exchange)


def recipients_of(exchange: Exchange) -> list[Any]:
    """Return the recipients in the details of an order, [] when there is no such list."""
    recipients = exchange.response.member("recipients")
    return recipients if isinstance(recipients, list) else []


# Last, as the others tell more precisely what is wrong.
@check("details.schema", DETAILS, status=200, any_body=True)
def follows_schema(exchange: Exchange) -> Finding | None:
    """Response body: the type of every property."""
    return schema_finding(exchange)
