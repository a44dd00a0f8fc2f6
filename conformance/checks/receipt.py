"""Checks of the 202 that answers an accepted order.

Send email notifications, sections Response body, Response headers and Examples › 202 Accepted.
"""

from __future__ import annotations

from conformance.checks.answers import PLACE
from conformance.checks.registry import check
from conformance.checks.values import is_guid, url_path
from conformance.exchange import ABSENT, Exchange, shown
from conformance.finding import Finding


@check("order.id-is-guid", PLACE, status=202)
def order_id_is_guid(exchange: Exchange) -> Finding | None:
    """Response body: orderId, a GUID."""
    id = exchange.response.member("orderId")
    return None if is_guid(id) else Finding("an orderId that is a GUID", shown(id), exchange)


@check("order.location-present", PLACE, status=202, any_body=True)
def location_is_url(exchange: Exchange) -> Finding | None:
    """Response headers: Location, a URL."""
    location = exchange.response.header("location")
    if url_path(location) is not None:
        return None
    return Finding(
        "a Location header with a URL", f"Location {shown(location or ABSENT)}", exchange
    )


@check("order.location-names-order", PLACE, status=202)
def location_names_order(exchange: Exchange) -> Finding | None:
    """Response headers: the self link for the generated notification order."""
    path = url_path(exchange.response.header("location"))
    id = exchange.response.member("orderId")
    if path is None or not is_guid(id) or path.lower().endswith(f"/orders/{id}".lower()):
        return None
    return Finding(f"a Location whose path ends with /orders/{id}", f"the path {path}", exchange)
