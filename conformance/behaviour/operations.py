"""The three operations, for tests that make the same promise of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.api import Api, Placed
from conformance.exchange import Exchange
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
