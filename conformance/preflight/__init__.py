"""The preflight: what shows, before the first test, that a run can be trusted.

It stops a run only for what is not the implementation's doing: an address where nobody listens, a
host that is not this API, a credential that is refused. What else is not as the target file says
is told beforehand. It may be the deployment's doing as well, so the tests judge it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from conformance.api import Api
from conformance.clock import Clock, chance
from conformance.exchange import Exchange
from conformance.observers.callback import ConditionEndpoint
from conformance.orders import Orders
from conformance.preflight import capabilities
from conformance.preflight.reaching import place_order
from conformance.reporting.model import Check
from conformance.target.client import client_of
from conformance.target.description import Target
from conformance.target.permits import Permission
from conformance.trace import Trace

NAME = "preflight"
"""Stands for a test in the record of its exchanges."""
SECONDS = 20.0
"""How long each answer may take."""
PATIENCE = 5.0
"""How many seconds a rate limit is waited for."""


class Preflight:
    """Checks a target, from the connection to each capability.

    Args:
        target: the deployment.
        clock: the clock of the run.
        seed: the seed of the run.
        permission: what the run allows to be sent.
        condition: the condition endpoint of the run, where it listens already.

    Attributes:
        exchanges: what was asked and answered.
    """

    def __init__(
        self,
        target: Target,
        clock: Clock,
        seed: int,
        permission: Permission,
        condition: ConditionEndpoint | None = None,
    ) -> None:
        self._target = target
        self._clock = clock
        self._seed = seed
        self._permission = permission
        self._condition = condition
        self.exchanges: list[Exchange] = []

    def checks(self) -> Iterator[Check]:
        """Yield each check when it is done.

        Raises:
            OperatorError: when a run could not be trusted, with the one cause and its mend.
        """
        limits = {"timeout": SECONDS, "patience": PATIENCE}
        target, clock = self._target, self._clock
        with closing(client_of(target, clock, self._permission, **limits)) as client:
            self.exchanges = client.journal
            orders = Orders(chance(self._seed, NAME), clock, target.mail_domain)
            api = Api(client, target.url, target.main, orders, Trace(self._seed, NAME))
            order = place_order(api, target, clock)
            yield Check("order", f"placed at {target.url} in {order.seconds:.2f} s")
            yield from capabilities.checks(target, api, order, clock, self._condition)
