"""The marks of a test: the requirement it verifies, and the order it watches."""

from __future__ import annotations

import pytest

from conformance.target.permits import Cost
from conformance.watching import Scenario

requirement = pytest.mark.requirement
"""``@requirement("order.status-202")``: the one requirement that a test verifies."""


def watches(scenario: Scenario, refused: bool = False) -> pytest.MarkDecorator:
    """Mark a test with the watched order that it judges once it has been processed.

    ``refused`` says that the order is to be refused, and the test to see that nothing comes of it.
    """
    return pytest.mark.watches.with_args(scenario, refused=refused)


USUAL = Cost(requests=6, orders=3)
"""What a test sends at most, unless it is marked with more or less."""


def costs(usual: Cost = USUAL, *, each_case: Cost = Cost()) -> pytest.MarkDecorator:  # noqa: B008
    """Mark a test with what it sends at most, once and for each generated case."""
    return pytest.mark.costs.with_args(usual, each_case)
