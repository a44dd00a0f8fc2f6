"""The marks of a test: the requirement it verifies, and the order it watches."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from conformance.target.permits import Cost
from conformance.watching import Placing, Scenario

requirement = pytest.mark.requirement
"""``@requirement("order.status-202")``: the one requirement that a test verifies."""


def watches(
    scenario: Scenario, *, refused: Sequence[int] = (), asking_with: str = "main"
) -> pytest.MarkDecorator:
    """Mark a test with the watched order that it judges once it has been processed.

    ``refused`` are the response codes of which one refuses the order, where the test is to see that
    nothing comes of it; ``asking_with`` names the credential it is placed with.
    """
    return pytest.mark.watches.with_args(scenario, Placing(tuple(refused), asking_with))


def watches_each(*scenarios: Scenario) -> pytest.MarkDecorator:
    """Run a test once for each of several watched orders; it gets each as ``watched``."""
    cases = [pytest.param(each, id=each.__name__, marks=watches(each)) for each in scenarios]
    return pytest.mark.parametrize("watched", cases, indirect=True)


USUAL = Cost(requests=3, orders=2)
"""What a test sends at most, unless it is marked otherwise."""


def costs(
    *,
    requests: int = USUAL.requests,
    orders: int = USUAL.orders,
    emails: int = USUAL.emails,
    each_case: Cost = Cost(),  # noqa: B008
) -> pytest.MarkDecorator:
    """Mark a test with what it sends at most, once and for each generated case.

    A refused order counts as well: a deployment may accept it.
    """
    return pytest.mark.costs.with_args(Cost(requests, orders, emails), each_case)
