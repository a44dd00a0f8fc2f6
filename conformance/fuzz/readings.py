"""Sequences of readings along the links of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from conformance import contract
from conformance.api import Api, Placed
from conformance.behaviour.operations import (
    Ask,
    one_digit_off,
    read_details,
    read_notifications,
)
from conformance.checks.answers import DETAILS, NOTIFICATIONS
from conformance.exchange import Exchange
from conformance.expect import expect
from conformance.fuzz.returned import expect_reference, expect_returned

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from conformance.fuzz.model import Model

MOST_ORDERS = 3
MOST_STEPS = 12


@dataclass(frozen=True)
class Reading:
    """How an order is read, what judges it, and the requirement that others are not found."""

    ask: Ask
    judge: Callable[[Exchange, Mapping[str, Any]], None]
    not_found: str


READINGS = {
    DETAILS: Reading(read_details, expect_returned, "not-found.details"),
    NOTIFICATIONS: Reading(read_notifications, expect_reference, "not-found.summary"),
}
"""The readings by their operationId."""


@dataclass(frozen=True)
class Step:
    """One reading.

    Attributes:
        operation: the operationId of a link of the contract.
        order: which of the orders.
        unknown: whether the id is one that differs from the order's in one digit.
    """

    operation: str
    order: int
    unknown: bool


@dataclass(frozen=True)
class Sequence:
    """Orders that are placed one after the other, and what is read then."""

    orders: tuple[dict[str, Any], ...]
    steps: tuple[Step, ...]


def sequences(model: Model) -> SearchStrategy[Sequence]:
    """Return any sequences of readings of some orders."""
    from hypothesis import strategies as st

    steps = st.builds(
        Step, st.sampled_from(sorted(links())), st.integers(0, MOST_ORDERS - 1), st.booleans()
    )
    return st.builds(
        Sequence,
        st.builds(
            _sharing,
            st.lists(model.orders(), min_size=1, max_size=MOST_ORDERS),
            st.booleans(),
        ),
        st.lists(steps, min_size=2, max_size=MOST_STEPS).map(tuple),
    )


def _sharing(orders: list[dict[str, Any]], shares: bool) -> tuple[dict[str, Any], ...]:
    """Return orders with a sender's reference of their own each, or all with the same."""
    shared = {"sendersReference": "conformance, shared"} if shares else {}
    return tuple({**order, **shared} for order in orders)


@cache
def links() -> Mapping[str, str]:
    """Return the operations that the contract links to an accepted order, and where its id is."""
    accepted = contract.load().document["paths"]["/orders/email"]["post"]["responses"]["202"]
    return {each["operationId"]: each["parameters"]["id"] for each in accepted["links"].values()}


def expect_sequence(api: Api, sequence: Sequence) -> None:
    """Place the orders, and judge each reading: of its own order, or of none.

    Raises:
        Nonconformance: for the first reading that is wrong.
    """
    placed = [api.given_order(**order) for order in sequence.orders]
    for step in sequence.steps:
        expect_step(api, placed[step.order % len(placed)], step)


def expect_step(api: Api, placed: Placed, step: Step) -> None:
    """Judge one reading of an order."""
    id = str(placed.receipt.response.member(links()[step.operation].partition("#/")[2]))
    reading = READINGS[step.operation]
    if step.unknown:
        other = one_digit_off(id)
        expect(reading.ask(api, placed.called(other)), reading.not_found).finds_nothing_but(other)
    else:
        answer = reading.ask(api, placed.called(id))
        expect(answer).has_status(200)
        reading.judge(answer, placed.order)
