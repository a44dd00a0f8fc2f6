"""The three operations, for tests that make the same promise of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from conformance.api import Api, Placed, control
from conformance.errors import Blocked
from conformance.exchange import Exchange, Request
from conformance.marks import requirement

Ask = Callable[[Api, Placed], Exchange]


def place_again(api: Api, placed: Placed) -> Exchange:
    """Place the same order."""
    return api.place(placed.order)


def read_details(api: Api, placed: Placed) -> Exchange:
    """Read the details of the order."""
    return api.get_order(placed.id)


def read_notifications(api: Api, placed: Placed) -> Exchange:
    """Read the email notifications of the order."""
    return api.get_notifications(placed.id)


def one_digit_off(id: str) -> str:
    """Return the id that differs from another in its last digit."""
    return id[:-1] + ("1" if id.endswith("0") else "0")


def at_once(ask: Callable[..., Exchange], *arguments: Sequence[Any]) -> list[Exchange]:
    """Ask with each of the arguments, side by side as ``map`` takes them, at the same time."""
    with ThreadPoolExecutor(min(map(len, arguments))) as threads:
        return list(threads.map(ask, *arguments))


def once_more(
    api: Api,
    asked: Exchange,
    *,
    method: str = "",
    url: str = "",
    headers: Sequence[tuple[str, str]] = (),
    operation: str = "",
) -> Exchange:
    """Repeat a request with another method, another URL or further headers.

    What the documents promise of every answer is judged of this one only where ``operation`` says
    so: most of what is asked here they do not know.
    """
    before = asked.request
    method = method or before.method
    named = {name for name, _ in headers}
    kept = tuple(
        pair for pair in before.headers if pair[0] == "Content-Type" and pair[0] not in named
    )
    body = None if method in BODILESS else before.body
    return api.send(Request(method, url or before.url, (*kept, *headers), body), operation)


ACCEPTED = (
    "application/json",
    "image/png;q=0.5, application/json",
    "application/json, text/plain, */*",
    "application/json, application/xml;q=0.5, text/html;q=0.1",
)
"""What a client accepts that can read JSON: as programs say it, and libraries for the web."""
PREFERRED = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "application/xml, application/json;q=0.9",
)
"""What accepts JSON and would rather have something else, as browsers do."""
BODILESS = ("GET", "HEAD", "DELETE", "OPTIONS")
"""Methods to whose requests HTTP gives a body no meaning (RFC 9110, section 9.3)."""


def given_answered(api: Api, ask: Ask) -> Placed:
    """Place an order for which an operation is answered; Blocked where it is not.

    It is the control of a refusal: what is refused with another credential or id is answered with
    these. That an order can be placed is shown by placing it.
    """
    placed = api.given_order()
    if ask is not place_again:
        control(ask(api, placed))
    return placed


def given_refused(exchange: Exchange) -> Exchange:
    """Return an exchange that must be a 401 or 403; Blocked when it is neither."""
    status = exchange.response.status
    if status not in (401, 403):
        told = f"a request without a valid credential was answered {status}"
        raise Blocked(told, disputes_status=True)
    return exchange


READINGS: dict[str, Ask] = {"details": read_details, "summary": read_notifications}
OPERATIONS: dict[str, Ask] = {"order": place_again, **READINGS}


def each_operation(id: str) -> pytest.MarkDecorator:
    """Run a test for all three operations; ``{}`` in the requirement's id is the operation."""
    return _each(OPERATIONS, id)


def each_reading(id: str) -> pytest.MarkDecorator:
    """Run a test for the two operations that read an order."""
    return _each(READINGS, id)


def _each(operations: dict[str, Ask], id: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "ask",
        [
            pytest.param(ask, id=name, marks=requirement(id.format(name)))
            for name, ask in operations.items()
        ],
    )
