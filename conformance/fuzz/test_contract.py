"""Each operation under cases from the contract.

Every answer is also judged by all other checks, as every answer of a run is.
"""

from __future__ import annotations

from typing import Any

import pytest

from conformance.api import Api, control
from conformance.behaviour.operations import READINGS
from conformance.checks import details, summary
from conformance.checks.answers import DETAILS, NOTIFICATIONS
from conformance.expect import expect
from conformance.fuzz.cases import (
    flawed_orders,
    invalid_orders,
    sure_flaws,
    unknown_ids,
    valid_orders,
)
from conformance.fuzz.engine import Engine
from conformance.fuzz.returned import expect_returned
from conformance.marks import costs, requirement
from conformance.target.permits import Cost


@costs(each_case=Cost(requests=1, orders=1))
@requirement("order.contract-accepted")
def test_any_valid_order_is_accepted(api: Api, fuzz: Engine) -> None:
    """Any order within the documented types and limits is accepted."""
    control(api.order_email())

    def accepted(order: dict[str, Any]) -> None:
        expect(api.place(order)).is_accepted()

    fuzz.each(valid_orders(api.build), accepted)


@costs(requests=90, orders=90, emails=90, each_case=Cost(requests=1, orders=1, emails=2))
@requirement("validation.contract-kept")
def test_any_invalid_order_is_refused(api: Api, fuzz: Engine) -> None:
    """Any order outside of the documented types, enumerations and required members is refused."""
    control(api.order_email())

    def refused(order: Any) -> None:
        flaw = sure_flaws(order)[0]
        answer = api.place(order)
        expect(answer).is_refused(400, flaw=f"{flaw.path} {flaw.message}")

    fuzz.all(flawed_orders(api.build), refused)
    fuzz.each(invalid_orders(api.build), refused)


@costs(each_case=Cost(requests=2, orders=1))
@requirement("details.schema")
def test_the_details_of_any_order_follow_the_contract(api: Api, fuzz: Engine) -> None:
    """The details of any order have the documented types, and return what was ordered."""

    def reads_back(order: dict[str, Any]) -> None:
        answer = api.given_details(api.given_order(**order))
        expect(answer).passes(details.follows_schema)
        expect_returned(answer, order)

    fuzz.each(valid_orders(api.build), reads_back)


@costs(each_case=Cost(requests=2, orders=1))
@requirement("summary.schema")
def test_the_summary_of_any_order_follows_the_contract(api: Api, fuzz: Engine) -> None:
    """Every property of the summary of any order has the documented type."""

    def reads_back(order: dict[str, Any]) -> None:
        placed = api.given_order(**order)
        expect(api.given_notifications(placed)).passes(summary.follows_schema)

    fuzz.each(valid_orders(api.build), reads_back)


@costs(each_case=Cost(requests=1))
@pytest.mark.parametrize(
    ("operation", "name"),
    [
        pytest.param(DETAILS, "details", marks=requirement("not-found.details")),
        pytest.param(NOTIFICATIONS, "summary", marks=requirement("not-found.summary")),
    ],
)
def test_any_unknown_id_is_not_found(api: Api, fuzz: Engine, operation: str, name: str) -> None:
    """Any GUID that names no order is answered 404."""
    placed = api.given_order()
    ask = READINGS[name]
    control(ask(api, placed))

    def not_found(id: str) -> None:
        expect(ask(api, placed.called(id))).has_status(404)

    fuzz.each(unknown_ids(operation), not_found)
