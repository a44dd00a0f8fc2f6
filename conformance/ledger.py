"""The ledger of a run: every order that it placed, and whether it was cancelled at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from conformance.checks.values import instant_of
from conformance.clock import Clock
from conformance.errors import Blocked, OperatorError
from conformance.exchange import Exchange, Request, recorded
from conformance.finding import Nonconformance
from conformance.reporting.model import Order
from conformance.target.client import Unreachable, client_of
from conformance.target.description import Target
from conformance.target.permits import Permits, is_order
from conformance.trace import HEADER, Trace

CANCELLING = "cancelling"
"""Stands for a test in the record of the requests that cancel orders."""
MARGIN = timedelta(minutes=5)
"""An order that is due sooner may be on its way already."""
AT_ONCE = 4
"""How many requests that cancel are under way at once."""
PATIENCE = 30.0
"""How many seconds a rate limit is waited for, for one order."""
GRACE_SECONDS = 3.0
"""How long what is under way may take when it is interrupted."""
MOST_FAILURES = 8
"""After so many requests in a row without an answer no others are sent."""


def placed(exchanges: Iterable[Mapping[str, Any]]) -> tuple[Order, ...]:
    """Return the orders that recorded exchanges placed, each once, in their order."""
    found: dict[str, Order] = {}
    for each in exchanges:
        exchange = Exchange.from_json(each)
        id = _order_id(exchange)
        if id:
            found.setdefault(id, _entry(id, each["test"], exchange.request))
    return tuple(found.values())


def _order_id(exchange: Exchange) -> str:
    """Return the id of the order that an exchange placed, "" when it placed none."""
    if not is_order(exchange.request) or not 200 <= exchange.response.status < 300:
        return ""
    id = exchange.response.member("orderId")
    return id if isinstance(id, str) else ""


def _entry(id: str, test: str, request: Request) -> Order:
    order = request.json if isinstance(request.json, dict) else {}
    recipients, due = order.get("recipients"), order.get("requestedSendTime")
    return Order(
        id,
        test,
        recipients=len(recipients) if isinstance(recipients, list) else 0,
        due=due if isinstance(due, str) else "",
        trace_id=next((v.split("-")[1] for name, v in request.headers if name == HEADER), ""),
        credential=next((value for _, value in request.headers if "$" in value), ""),
    )


class Cancelling:
    """Cancels the orders of a run that are not due yet.

    Args:
        target: the deployment; its ``cancel`` says how.
        clock: the clock of the run.
        seed: the seed of the run.
    """

    def __init__(self, target: Target, clock: Clock, seed: int) -> None:
        self._target = target
        self._clock = clock
        self._trace = Trace(seed, CANCELLING)
        self._outcomes: dict[str, str] = {}
        self._failed: list[Order] = []
        permits = Permits(rate=target.requests_per_second)
        self._client = client_of(target, clock, permits, patience=PATIENCE)

    def cancel(self, orders: Sequence[Order]) -> None:
        """Ask for those that are not due; what is done stays done when it is interrupted."""
        pool = ThreadPoolExecutor(AT_ONCE)
        later = self.due_later(orders)
        self._outcomes = {each.id: "no, it was interrupted" for each in later}
        asked = [pool.submit(self._cancel, each) for each in later]
        try:
            for each in asked:
                each.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            wait([each for each in asked if not each.cancelled()], timeout=GRACE_SECONDS)

    def due_later(self, orders: Sequence[Order]) -> list[Order]:
        """Return the orders that are not due yet."""
        earliest = self._clock.now() + MARGIN
        return [each for each in orders if (due := instant_of(each.due)) and due > earliest]

    def told(self, orders: Iterable[Order]) -> tuple[Order, ...]:
        """Return the orders with what became of them."""
        return tuple(
            replace(each, cancelled=self._outcomes.get(each.id, each.cancelled)) for each in orders
        )

    def close(self) -> list[dict[str, Any]]:
        """Let go of the connections, and return the exchanges to be recorded."""
        self._client.close()
        return recorded(CANCELLING, self._client.drain())

    def _cancel(self, order: Order) -> None:
        if len(self._failed) >= MOST_FAILURES:
            self._outcomes[order.id] = "no, too many had no answer"
            return
        known = self._target.credentials.values()
        owner = next((each for each in known if each.shown == order.credential), self._target.main)
        try:
            status = self._client.send(self._request(order), owner).response.status
            self._failed.clear()
            self._outcomes[order.id] = "yes" if 200 <= status < 300 else f"no, answered {status}"
        except Nonconformance as error:
            self._outcomes[order.id] = f"no, {error.finding.actual}"
            self._failed.append(order)
        except (Unreachable, Blocked, OperatorError) as error:
            self._outcomes[order.id] = f"no, {error}"
            self._failed.append(order)

    def _request(self, order: Order) -> Request:
        method, _, path = self._target.cancel.partition(" ")
        id = quote(order.id, safe="", errors="replace")
        return Request(method, self._target.url + path.replace("{id}", id), (self._trace.header(),))
