"""The marks of a test: the requirement it verifies, and the order it watches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from conformance.target.permits import Cost
from conformance.watching import Placing, Scenario

requirement = pytest.mark.requirement
"""``@requirement("order.status-202")``: the one requirement that a test verifies."""
others_are_processed = pytest.mark.usefixtures("others_are_processed")
"""Not verified unless another order lists notifications."""
conditions_are_asked = pytest.mark.usefixtures("conditions_are_asked")
"""Not verified unless a condition endpoint of the run was called."""


def watches(
    scenario: Scenario, *, refused: Sequence[int] = (), asking_with: str = "main"
) -> pytest.MarkDecorator:
    """Mark a test with the watched order that it judges once it has been processed.

    ``refused`` are the response codes of which one refuses the order, where the test is to see that
    nothing comes of it; ``asking_with`` names the credential it is placed with.
    """
    return watches_as(scenario, Placing(tuple(refused), asking_with))


def watches_as(scenario: Scenario, placing: Placing) -> pytest.MarkDecorator:
    """Mark a test with the watched order that it judges, and with how that is placed."""
    return pytest.mark.watches.with_args(scenario, placing)


def watches_each(*scenarios: Scenario) -> pytest.MarkDecorator:
    """Run a test once for each of several watched orders; it gets each as ``watched``."""
    cases = [pytest.param(each, id=each.__name__, marks=watches(each)) for each in scenarios]
    return pytest.mark.parametrize("watched", cases, indirect=True)


USUAL = Cost(requests=3, orders=2)
"""What a test sends at most, unless it is marked otherwise."""


def costs(
    *, requests: int = USUAL.requests, orders: int = USUAL.orders, emails: int = USUAL.emails
) -> pytest.MarkDecorator:
    """Mark a test with what it sends at most, once.

    A refused order counts as well: a deployment may accept it.
    """
    return pytest.mark.costs.with_args(Cost(requests, orders, emails))


def tries(kind: str, each: Cost) -> pytest.MarkDecorator:
    """Mark a test with the kind of cases that it tries, and with what each sends at most."""
    return pytest.mark.tries.with_args(kind, each)


def watches_generated(
    kind: str,
    scenario: Callable[[int], Scenario],
    *,
    refused: Sequence[int] = (),
    asking_with: str = "main",
) -> pytest.MarkDecorator:
    """Run a test once for each generated order of a kind of cases; it gets each as ``watched``.

    ``scenario`` makes the scenario of a number; how many there are is a matter of the effort. For
    the others see :func:`watches`.
    """
    placing = Placing(tuple(refused), asking_with)
    return pytest.mark.watches_generated.with_args(kind, scenario, placing)
