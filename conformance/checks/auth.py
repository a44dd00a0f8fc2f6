"""Checks of what a request without a valid credential is answered: Response codes 401 and 403."""

from __future__ import annotations

from conformance.checks.answers import DETAILS, NOTIFICATIONS, PLACE, members_of_order
from conformance.checks.registry import check
from conformance.exchange import Exchange
from conformance.finding import Finding


def reveals_nothing(exchange: Exchange) -> Finding | None:
    """All documents, Response codes: who may not place or read an order is told of none."""
    expected = "neither Location nor an order in a refusal"
    location, told = exchange.response.header("location"), members_of_order(exchange.response.json)
    if location is not None:
        return Finding(expected, f"Location {location}", exchange)
    return Finding(expected, f"a body with {', '.join(told)}", exchange) if told else None


for _operation, _name in ((PLACE, "order"), (DETAILS, "details"), (NOTIFICATIONS, "summary")):
    for _status in (401, 403):
        check(f"auth.{_name}-refusal-reveals-nothing", _operation, status=_status, any_body=True)(
            reveals_nothing
        )
