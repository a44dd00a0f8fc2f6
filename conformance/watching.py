"""Orders whose processing is watched: placed first, judged last, so that a run waits only once.

A scenario builds the members of one such order. The order of every scenario that a chosen test
needs is placed at the start of a run, once, however many processes test; their summaries are read
in the background while other tests run, and the tests that watch come last.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from conformance.api import Api, Placed, arranging, given_object
from conformance.checks.summary import notifications_of, status_of
from conformance.checks.values import instant_of
from conformance.clock import Clock
from conformance.errors import Blocked, OperatorError
from conformance.exchange import Exchange
from conformance.finding import Nonconformance
from conformance.observers.callback import NOTE, ConditionEndpoint
from conformance.orders import Orders
from conformance.target.client import Unreachable
from conformance.target.credentials import Credential
from conformance.target.description import Identity

SAMPLES = 20
"""How often the summaries of watched orders are read while their processing is awaited."""
LONGER = 2
"""How many times as long as told it is waited at most while send statuses still change."""
SOON = timedelta(minutes=1)
"""How far ahead a send time may lie at most to be waited for."""
GRACE_SECONDS = 3.0
"""How long the request that is under way may take when watching is stopped."""
TOLD = (Blocked, Nonconformance, Unreachable, OperatorError)


@dataclass(frozen=True)
class World:
    """What a scenario may build its order from; ``run`` is a text that only this run uses."""

    run: str
    build: Orders
    identities: Mapping[str, tuple[Identity, ...]]
    condition: ConditionEndpoint | None

    def condition_url(self, name: str, *, met: bool, note: str | None = NOTE) -> str:
        """Return the URL of a condition; Blocked when the deployment cannot call this machine.

        For the others see :meth:`ConditionEndpoint.url`.
        """
        if self.condition is None:
            raise Blocked("the target provides no callback", "configuration")
        return self.condition.url(name, met, note)

    @property
    def escaped_slash(self) -> str:
        """A slash that separates nothing, unless a gateway may spell it out; then a space."""
        return "%2F" if self.condition and self.condition.is_direct else "%20"

    def first(self, kind: str) -> Identity:
        """Return the first identity of a kind of the target file, such as reachable_people."""
        known = self.identities.get(kind)
        if not known:
            raise Blocked(f"the target names no {kind.replace('_', ' ')}", "configuration")
        return known[0]


Scenario = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Placing:
    """How a watched order is placed.

    Attributes:
        refused: the response codes of which one refuses it; none where it is to be accepted.
        credential: by the name of the target file, or anonymous.
    """

    refused: tuple[int, ...] = ()
    credential: str = "main"


@dataclass
class Watched:
    """One watched order, its readings over time, and why the last could not be made.

    ``details`` are those that were read right after it was placed, None when they could not be.
    """

    placed: Placed
    details: Exchange | None = None
    readings: list[Exchange] = field(default_factory=list)
    failure: Exception | None = None

    @property
    def details_at_once(self) -> Exchange:
        """The details right after the placing; Blocked unless they are a 200 with an object."""
        if self.details is None:
            raise Blocked("the details of a watched order could not be read")
        return given_object(self.details, "the details of a watched order")

    @property
    def summary(self) -> Exchange:
        """The last reading; Blocked unless it is a 200 with a JSON object."""
        if self.failure:
            raise self.failure
        if not self.readings:
            raise Blocked("the notifications of a watched order could not be read")
        return given_object(self.readings[-1], "the notifications of a watched order")

    @property
    def statuses(self) -> dict[str, Any]:
        """The send statuses of the last reading, by the ids of the notifications."""
        last = self.readings[-1:]
        return {
            str(each.get("id")): status_of(each)
            for reading in last
            for each in notifications_of(reading)
        }


Ordering = tuple[Callable[[], dict[str, Any]], Credential, tuple[int, ...]]
"""What builds the members of an order, who places it, and the codes of which one refuses it."""


class Watch:
    """All watched orders of a run, and the one wait for them.

    Args:
        api: places the orders and reads their summaries, in a thread of its own.
        clock: the clock of the run.
        seconds: within how many seconds a due order is settled.
    """

    def __init__(self, api: Api, clock: Clock, seconds: float) -> None:
        self._api = api
        self._clock = clock
        self._seconds = seconds
        self._orders: dict[str, Watched | Exception] = {}
        self._readers: dict[str, Api] = {}
        self._stopped = threading.Event()
        self._settled = threading.Event()
        self._thread: threading.Thread | None = None
        self._changed = 0.0

    def start(self, orders: Mapping[str, Ordering]) -> None:
        """Begin to place orders, by the names of their scenarios, and to watch them."""
        self._thread = threading.Thread(target=self._watch, args=(orders,), daemon=True)
        self._thread.start()

    def settled(self, name: str) -> Watched:
        """Wait until the orders are settled, and return the one of a scenario."""
        self._settled.wait()
        order = self._orders.get(name, Blocked(f"{name} was not placed", "suite"))
        if isinstance(order, Exception):
            raise order
        return order

    def placed(self) -> list[Placed]:
        """Wait until the orders are settled, and return those that were answered as expected."""
        self._settled.wait()
        return [each.placed for each in self._orders.values() if isinstance(each, Watched)]

    def stop(self) -> bool:
        """Stop watching; tell whether nothing is under way any more.

        An answer that is long in coming is not waited for: whoever ends a run wants its reports.
        """
        self._stopped.set()
        if self._thread is None:
            return True
        self._thread.join(GRACE_SECONDS)
        return not self._thread.is_alive()

    def _watch(self, orders: Mapping[str, Ordering]) -> None:
        try:
            for name, ordering in orders.items():
                if not self._stopped.is_set():
                    self._orders[name] = self._placed(ordering)
            self._read_until(self._last_due().timestamp() + self._seconds)
        finally:
            self._settled.set()

    def _placed(self, ordering: Ordering) -> Watched | Exception:
        """Place one order; what keeps it from being placed is told to its tests."""
        members, credential, refused = ordering
        api = self._api.asking_with(credential)
        try:
            if not refused:
                placed = api.given_order(**members())
                self._readers[placed.id] = api
                return self._read_at_once(placed)
            refusal = api.given_refusal(*refused, **members())
            return Watched(Placed("", refusal.request.json, refusal))
        except TOLD as error:
            return error

    def _read_at_once(self, placed: Placed) -> Watched:
        """Read an order before it is processed; whoever keeps what it was then is found later."""
        watched = Watched(placed)
        with suppress(*TOLD):
            watched.details = self._readers[placed.id].get_order(placed.id)
            watched.readings.append(self._readers[placed.id].get_notifications(placed.id))
        return watched

    def _last_due(self) -> datetime:
        """Return when the last of the orders is due, but for those far ahead."""
        now = self._clock.now()
        orders = [each.placed.order for each in self._placed_orders()]
        times = [instant_of(order.get("requestedSendTime")) for order in orders]
        return max([now, *(due for due in times if due and due < now + SOON)])

    def _read_until(self, deadline: float) -> None:
        """Read all summaries now and then, and once more when the time is over.

        It is not over yet where send statuses still change: the deployment is slower than told.
        """
        interval = max(0.1, self._seconds / SAMPLES)
        latest = deadline + LONGER * self._seconds
        left = deadline - self._clock.now().timestamp()
        while left > 0 and not self._stopped.wait(min(interval, left)):
            self._read_all()
            end = max(deadline, min(latest, self._changed + self._seconds / 2))
            left = end - self._clock.now().timestamp()
        self._read_all()
        for order in self._placed_orders():
            if order.failure:  # the last reading is judged: one that got lost is not the last
                self._read(order)

    def _read_all(self) -> None:
        for order in self._placed_orders():
            if not self._stopped.is_set():
                self._read(order)

    def _placed_orders(self) -> list[Watched]:
        orders = [each for each in self._orders.values() if isinstance(each, Watched)]
        return [each for each in orders if each.placed.id]

    def _read(self, order: Watched) -> None:
        before = order.statuses
        try:
            with arranging():
                reader = self._readers[order.placed.id]
                order.readings.append(reader.get_notifications(order.placed.id))
            order.failure = None
            if order.statuses != before:
                self._changed = self._clock.now().timestamp()
        except TOLD as error:
            order.failure = error
