"""Orders whose processing is watched: placed first, judged last, so that a run waits only once.

A scenario builds the members of one such order. The plugin places the order of every scenario that
a chosen test needs before the first test, samples their summaries while other tests run, and lets
the tests that watch come last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from conformance.api import Api, Placed, given_object
from conformance.clock import Clock
from conformance.errors import Blocked
from conformance.exchange import Exchange
from conformance.finding import Nonconformance
from conformance.observers.callback import ConditionEndpoint
from conformance.orders import Orders
from conformance.target.client import Unreachable
from conformance.target.description import Identity

SAMPLES = 20
"""How often the summaries of watched orders are read while their processing is awaited."""


@dataclass(frozen=True)
class World:
    """What a scenario may build its order from."""

    build: Orders
    identities: Mapping[str, tuple[Identity, ...]]
    condition: ConditionEndpoint | None

    def condition_url(self, name: str, *, met: bool) -> str:
        """Return the URL of a condition; Blocked when the deployment cannot call this machine."""
        if self.condition is None:
            raise Blocked("the target provides no callback", "configuration")
        return self.condition.url(name, met)

    def first(self, kind: str) -> Identity:
        """Return the first identity of a kind of the target file, such as reachable_people."""
        known = self.identities.get(kind)
        if not known:
            raise Blocked(f"the target names no {kind.replace('_', ' ')}", "configuration")
        return known[0]


Scenario = Callable[[World], dict[str, Any]]


@dataclass
class Watched:
    """One watched order, its readings over time and the last of them."""

    placed: Placed
    readings: list[Exchange] = field(default_factory=list)

    @property
    def summary(self) -> Exchange:
        """The last reading; Blocked unless it is a 200 with a JSON object."""
        if not self.readings:
            raise Blocked("the notifications of a watched order could not be read")
        return given_object(self.readings[-1], "the notifications of a watched order")


class Watch:
    """All watched orders of a run, and the one wait for them."""

    def __init__(self, api: Api, clock: Clock, seconds: float) -> None:
        self._api = api
        self._clock = clock
        self._seconds = seconds
        self._orders: dict[str, Watched | Exception] = {}
        self._deadline = self._next = clock.now()

    def place(self, name: str, members: Callable[[], dict[str, Any]], refused: bool) -> None:
        """Place the order of a scenario; what keeps it from being placed is told to its tests."""
        try:
            place = self._given_refusal if refused else self._api.given_order
            self._orders[name] = Watched(place(**members()))
        except (Blocked, Nonconformance, Unreachable) as error:
            self._orders[name] = error
        self._deadline = self._clock.now() + timedelta(seconds=self._seconds)

    def sample(self) -> None:
        """Read all summaries when the time between samples has passed, until the deadline."""
        now = self._clock.now()
        if self._next <= now <= self._deadline:
            self._next = now + timedelta(seconds=max(0.1, self._seconds / SAMPLES))
            self._read_all()

    def settled(self, name: str) -> Watched:
        """Wait until the orders are settled and return the one of a scenario, read once more."""
        while self._clock.now() < self._deadline:
            self.sample()
            self._clock.sleep(min(self._until(self._next), self._until(self._deadline)))
        order = self._orders[name]
        if isinstance(order, Exception):
            raise order
        if order.placed.id:
            order.readings.append(self._api.get_notifications(order.placed.id))
        return order

    def _given_refusal(self, **members: Any) -> Placed:
        """Place an order that is refused: what is watched for is that nothing comes of it."""
        refusal = self._api.given_refusal(**members)
        return Placed("", refusal.request.json, refusal)

    def _until(self, instant: datetime) -> float:
        return (instant - self._clock.now()).total_seconds()

    def _read_all(self) -> None:
        for order in self._orders.values():
            if isinstance(order, Watched) and order.placed.id:
                try:
                    order.readings.append(self._api.get_notifications(order.placed.id))
                except (Nonconformance, Unreachable):
                    continue  # the reading that a test judges comes last, and tells
