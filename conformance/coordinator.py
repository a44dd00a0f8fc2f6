"""What there is only once in a run, however many processes test.

The process that judges holds the budget and the pace, the watched orders and the condition
endpoint. Workers of xdist ask it over a connection that only processes of this run can open.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import AuthenticationError, connection
from typing import Any, Protocol

from conformance.api import Api
from conformance.clock import Clock, chance
from conformance.exchange import Exchange
from conformance.observers.callback import Call, ConditionEndpoint
from conformance.orders import Orders
from conformance.target.client import client_of
from conformance.target.credentials import ANONYMOUS
from conformance.target.description import Target
from conformance.target.permits import Budget, Cost, Permission, Permits
from conformance.trace import Trace
from conformance.watching import TOLD, Ordering, Placing, Scenario, Watch, Watched, World

WATCHED = "watched orders"
"""Stands for a test in the record of exchanges that were made for all of them."""


@dataclass(frozen=True)
class Beginning:
    """What a run begins with, once its tests are known.

    Attributes:
        budget: what it may send.
        scenarios: whose orders are placed and watched, and how they are placed.
        tests: requirement and title of every test, by its id.
    """

    budget: Budget
    scenarios: Mapping[Scenario, Placing]
    tests: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Shared(Permission, Protocol):
    """What the tests of all processes share."""

    def begin(self, beginning: Beginning) -> None:
        """Set the budget, and place and watch orders; whoever asks first decides on them."""

    def settled(self, name: str) -> Watched:
        """Wait until the watched orders are settled, and return the one of a scenario."""

    def orders_with(self, member: str) -> list[dict[str, Any]]:
        """Wait until the watched orders are settled, and return the accepted ones with a member."""

    def calls_of(self, url: str) -> list[Call]:
        """Return the calls of the path of a URL of the condition endpoint."""


class Coordinator:
    """Holds what is shared, in the process that judges.

    Args:
        target: the deployment under test.
        clock: the clock of the run.
        seed: the seed of the run.

    Attributes:
        tests: requirement and title of every test, by its id; empty before there are any.
    """

    def __init__(self, target: Target, clock: Clock, seed: int) -> None:
        self.tests: dict[str, tuple[str, str]] = {}
        self._target = target
        self._clock = clock
        self._seed = seed
        self._run = self._orders("run").mark()
        self._permits = Permits(target.budget, target.requests_per_second)
        self._lock = threading.Lock()
        self._watch: Watch | None = None
        self.condition = ConditionEndpoint(target.callback) if target.callback else None
        self.client = client_of(target, clock, self)

    def take(self, cost: Cost) -> float:
        """Return how many seconds to wait before sending; Blocked when the budget is used up."""
        return self._permits.take(cost)

    def begin(self, beginning: Beginning) -> None:
        """Set the budget, and place and watch orders; whoever asks first decides on them."""
        with self._lock:
            if self._watch is not None:
                return
            self.tests = dict(beginning.tests)
            self._permits.limit(beginning.budget)
            target = self._target
            trace = Trace(self._seed, WATCHED)
            api = Api(self.client, target.url, target.main, self._orders(WATCHED), trace)
            scenarios = beginning.scenarios.items()
            self._watch = Watch(api, self._clock, target.processing_seconds or 0.0)
        self._watch.start({each.__name__: self._ordering(each, how) for each, how in scenarios})

    def _ordering(self, scenario: Scenario, how: Placing) -> Ordering:
        members = partial(scenario, self._world(scenario.__name__))
        known = {"main": self._target.main, "anonymous": ANONYMOUS, **self._target.credentials}
        return members, known[how.credential], how.refused

    def settled(self, name: str) -> Watched:
        """Wait until the watched orders are settled, and return the one of a scenario."""
        assert self._watch is not None
        return self._watch.settled(name)

    def orders_with(self, member: str) -> list[dict[str, Any]]:
        """Wait until the watched orders are settled, and return the accepted ones with a member."""
        assert self._watch is not None
        placed = [each for each in self._watch.placed() if each.id]
        return [each.order for each in placed if member in each.order]

    def calls_of(self, url: str) -> list[Call]:
        """Return the calls of the path of a URL of the condition endpoint."""
        return self.condition.calls_of(url) if self.condition else []

    def close(self) -> list[Exchange]:
        """Stop watching, let go of everything, and return the exchanges of the watching."""
        stopped = self._watch is None or self._watch.stop()
        if self.condition:
            self.condition.close()
        if stopped:
            self.client.close()
        return self.client.drain()

    def _world(self, name: str) -> World:
        return World(self._run, self._orders(name), self._target.identities, self.condition)

    def _orders(self, purpose: str) -> Orders:
        return Orders(chance(self._seed, purpose), self._clock, self._target.mail_domain)


Address = tuple[str, bytes]
"""Where a coordinator answers the processes of its run, and what lets them in."""


class Desk:
    """Answers the workers of a run on behalf of its coordinator, until this process ends."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator
        self._key = secrets.token_bytes(32)
        self._closed = False
        self._listener = connection.Listener()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> Address:
        """Where it answers, and what lets a worker in."""
        return str(self._listener.address), self._key

    def close(self) -> None:
        """Let nobody else in."""
        self._closed = True
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed:
            with suppress(OSError):  # whoever called has gone again
                caller = self._listener.accept()
                threading.Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: connection.Connection[Any, Any]) -> None:
        """Answer one caller; whoever has not the key, or nothing to say, keeps no other waiting."""
        with suppress(AuthenticationError, EOFError, OSError), caller:
            connection.deliver_challenge(caller, self._key)
            connection.answer_challenge(caller, self._key)
            while True:
                name, argument = caller.recv()
                try:
                    caller.send((getattr(self._coordinator, name)(argument), None))
                except TOLD as error:
                    caller.send((None, error))


class Remote:
    """A coordinator that another process holds."""

    def __init__(self, address: Address) -> None:
        self._connection = connection.Client(address[0], authkey=address[1])
        self._lock = threading.Lock()

    def take(self, cost: Cost) -> float:
        """Return how many seconds to wait before sending; Blocked when the budget is used up."""
        return float(self._ask("take", cost))

    def begin(self, beginning: Beginning) -> None:
        """Have the budget set, and orders placed and watched, unless they are already."""
        self._ask("begin", beginning)

    def settled(self, name: str) -> Watched:
        """Wait until the watched orders are settled, and return the one of a scenario."""
        order: Watched = self._ask("settled", name)
        return order

    def orders_with(self, member: str) -> list[dict[str, Any]]:
        """Wait until the watched orders are settled, and return the accepted ones with a member."""
        orders: list[dict[str, Any]] = self._ask("orders_with", member)
        return orders

    def calls_of(self, url: str) -> list[Call]:
        """Return the calls of the path of a URL of the condition endpoint."""
        calls: list[Call] = self._ask("calls_of", url)
        return calls

    def _ask(self, name: str, argument: object) -> Any:
        with self._lock:
            self._connection.send((name, argument))
            answer, error = self._connection.recv()
        if error:
            raise error
        return answer
