"""Orders that do not exist, or not for the one who asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.api import Api, control, given_not_found
from conformance.behaviour.operations import Ask, each_reading
from conformance.checks.answers import not_found_body
from conformance.expect import expect
from conformance.orders import Orders
from conformance.target.credentials import Credential


@each_reading("not-found.{}")
def test_an_unknown_order_is_not_found(api: Api, build: Orders, ask: Ask) -> None:
    """An id that was never given out is answered 404."""
    placed = api.given_order()
    control(ask(api, placed))

    answer = ask(api, placed.called(build.guid()))

    expect(answer).has_status(404)


@each_reading("not-found.{}")
def test_the_guid_of_zeros_is_not_found(api: Api, ask: Ask) -> None:
    """The GUID of zeros names no order."""
    placed = api.given_order()
    control(ask(api, placed))

    answer = ask(api, placed.called("00000000-0000-0000-0000-000000000000"))

    expect(answer).has_status(404)


@each_reading("not-found.{}-body")
def test_the_404_holds_no_order(api: Api, build: Orders, ask: Ask) -> None:
    """The body of a 404 is empty or a problem, never an order."""
    placed = api.given_order()
    control(ask(api, placed))

    answer = given_not_found(ask(api, placed.called(build.guid())))

    expect(answer).passes(not_found_body)


@each_reading("not-found.{}-malformed-id")
@pytest.mark.parametrize(
    "id", ["17", "no-guid", "00000000-0000-0000-0000-00000000000g", "it's", "%00"]
)
def test_a_malformed_id_is_not_found(api: Api, ask: Ask, id: str) -> None:
    """An id that is no GUID is answered 404 or 400."""
    placed = api.given_order()
    control(ask(api, placed))

    answer = ask(api, placed.called(id))

    expect(answer).has_status(404, 400)


@each_reading("not-found.{}-foreign")
def test_the_order_of_another_organisation_is_not_found(
    api: Api, ask: Ask, credential: Callable[[str], Credential]
) -> None:
    """An order is answered 404 to another organisation, which can read its own."""
    other = api.asking_with(credential("second_organisation_bearer"))
    control(ask(other, other.given_order()))

    answer = ask(other, api.given_order())

    expect(answer).has_status(404)
