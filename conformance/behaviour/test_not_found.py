"""Orders that do not exist, or not for the one who asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.api import Api, control, given_not_found
from conformance.behaviour import scenarios
from conformance.behaviour.operations import Ask, each_reading, given_answered, one_digit_off
from conformance.checks.answers import not_found_body
from conformance.checks.summary import notifications_of
from conformance.checks.values import is_guid
from conformance.errors import Blocked
from conformance.exchange import member
from conformance.expect import expect
from conformance.marks import costs, watches
from conformance.orders import Orders
from conformance.target.credentials import Credential
from conformance.watching import Watched

MALFORMED = [
    "17",
    "no-guid",
    "00000000-0000-0000-0000-00000000000g",
    "it's",
    "%00",
    "%20",
    "{}0",
    "{:.35}",
    "{0}{0}",
    "________-____-____-____-____________",
]
"""Ids that are no GUID in any notation; the braces stand for the id of an order that exists."""


@pytest.fixture
def notification_id(watched: Watched) -> str:
    """The id of an email of the watched order; Blocked when it has none."""
    ids = [member(each, "id") for each in notifications_of(watched.summary)]
    if not ids or not is_guid(ids[-1]):
        raise Blocked("a processed order lists no notification with an id")
    return str(ids[-1])


@each_reading("not-found.{}")
def test_an_unknown_order_is_not_found(api: Api, build: Orders, ask: Ask) -> None:
    """An id that was never given out is answered 404."""
    placed = given_answered(api, ask)

    answer = ask(api, placed.called(build.guid()))

    expect(answer).has_status(404)


@each_reading("not-found.{}")
def test_the_guid_of_zeros_is_not_found(api: Api, ask: Ask) -> None:
    """The GUID of zeros names no order; whoever takes it for no GUID may answer 400."""
    placed = given_answered(api, ask)

    answer = ask(api, placed.called("00000000-0000-0000-0000-000000000000"))

    expect(answer).has_status(404, 400)


@each_reading("not-found.{}")
def test_an_id_that_differs_in_one_digit_is_not_found(api: Api, build: Orders, ask: Ask) -> None:
    """An id that is that of an order but for its last digit does not lead to that order."""
    placed = api.given_order(sendersReference=build.reference())
    control(ask(api, placed))
    other = one_digit_off(placed.id)

    answer = ask(api, placed.called(other))

    expect(answer).finds_nothing_but(other, not_by=placed.order["sendersReference"])


@each_reading("not-found.{}-notification-id")
@watches(scenarios.addresses)
def test_a_notification_is_no_order(
    api: Api, ask: Ask, watched: Watched, notification_id: str
) -> None:
    """The id of an email does not lead to its order; another order may have that id."""
    control(ask(api, watched.placed))

    answer = ask(api, watched.placed.called(notification_id))

    own = watched.placed.order["sendersReference"]
    expect(answer).finds_nothing_but(notification_id, not_by=own)


@each_reading("not-found.{}-body")
def test_the_404_holds_no_order(api: Api, build: Orders, ask: Ask) -> None:
    """The body of a 404 is empty or a problem, never an order."""
    placed = given_answered(api, ask)

    answer = given_not_found(ask(api, placed.called(build.guid())))

    expect(answer).passes(not_found_body)


@each_reading("not-found.{}-malformed-id")
@pytest.mark.parametrize("id", MALFORMED)
def test_a_malformed_id_is_not_found(api: Api, ask: Ask, id: str) -> None:
    """An id that is no GUID is answered 404 or 400."""
    placed = given_answered(api, ask)

    answer = ask(api, placed.called(id.format(placed.id)))

    expect(answer).has_status(404, 400)


@costs(requests=5)
@each_reading("not-found.{}-foreign")
def test_the_order_of_another_organisation_is_not_found(
    api: Api, ask: Ask, credential: Callable[[str], Credential]
) -> None:
    """An order is answered 404 to another organisation, which can read its own.

    Its owner reads it before, so that one answer is not kept for all who ask.
    """
    other = api.asking_with(credential("second_organisation_bearer"))
    given_answered(other, ask)
    placed = given_answered(api, ask)

    answer = ask(other, placed)

    expect(answer).has_status(404)
