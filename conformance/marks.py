"""The marks of a test: the requirement it verifies, and the order it watches."""

from __future__ import annotations

import pytest

from conformance.watching import Scenario

requirement = pytest.mark.requirement
"""``@requirement("order.status-202")``: the one requirement that a test verifies."""


def watches(scenario: Scenario, refused: bool = False) -> pytest.MarkDecorator:
    """Mark a test with the watched order that it judges once it has been processed.

    ``refused`` says that the order is to be refused, and the test to see that nothing comes of it.
    """
    return pytest.mark.watches.with_args(scenario, refused=refused)
