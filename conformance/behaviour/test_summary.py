"""The email notifications of an order, before it is processed."""

from __future__ import annotations

import pytest

from conformance.api import Api, control, given_object
from conformance.checks import answers, summary
from conformance.expect import expect
from conformance.marks import requirement
from conformance.orders import Orders
from conformance.target.description import Target


@requirement("summary.status-200")
def test_the_notifications_of_an_order_are_answered_200(api: Api) -> None:
    """The email notifications of an accepted order are answered 200."""
    placed = api.given_order()

    answer = api.get_notifications(placed.id)

    expect(answer).has_status(200)


@requirement("summary.media-type-json")
def test_the_summary_is_json(api: Api) -> None:
    """The body of the summary is JSON."""
    answer = control(api.get_notifications(api.given_order().id))

    expect(answer).passes(answers.summary_is_json)


@requirement("summary.schema")
def test_the_summary_follows_the_contract(api: Api, build: Orders) -> None:
    """Every property of the summary has the documented type."""
    placed = api.given_order(sendersReference=build.reference())

    answer = api.given_notifications(placed)

    expect(answer).passes(summary.follows_schema)


@requirement("summary.order-id")
def test_the_summary_names_the_order(api: Api) -> None:
    """orderId is the one that was asked for, not that of a later order."""
    placed, _ = api.given_order(), api.given_order()

    answer = api.given_notifications(placed)

    expect(answer).has_id("orderId", placed.id)


@requirement("summary.senders-reference")
@pytest.mark.parametrize(
    "reference", ["ref-2023-12-01", "Sak 17 (økonomi)", "0042", "reference-" * 13 + "end"]
)
def test_the_summary_has_the_reference(api: Api, reference: str) -> None:
    """sendersReference is the one that was sent."""
    placed = api.given_order(sendersReference=reference)

    answer = api.given_notifications(placed)

    expect(answer).has("sendersReference", reference)


@requirement("summary.senders-reference")
def test_each_summary_has_its_own_reference(api: Api, build: Orders) -> None:
    """sendersReference is the one that was sent with the order, not with a later one."""
    reference = build.reference()
    placed, _ = api.given_order(sendersReference=reference), api.given_order(sendersReference="x")

    answer = api.given_notifications(placed)

    expect(answer).has("sendersReference", reference)


@requirement("summary.senders-reference-unsent")
def test_the_summary_invents_no_reference(api: Api) -> None:
    """sendersReference is absent or null when none was sent."""
    answer = api.given_notifications(api.given_order())

    expect(answer).lacks("sendersReference")


@requirement("summary.sms-order-has-none")
def test_an_sms_order_has_no_email_notifications(api: Api, target: Target) -> None:
    """The summary of an SMS order lists nothing, or there is none."""
    given_object(api.get_sms_order(target.sms_order), "the details of the SMS order")

    answer = api.get_notifications(target.sms_order)

    expect(answer).has_status(200, 404).lacks("generated", 0).lacks("notifications", [])


@requirement("summary.generated-is-count")
def test_generated_is_a_count(api: Api) -> None:
    """generated is a whole number."""
    answer = api.given_notifications(api.given_order())

    expect(answer).passes(summary.generated_is_count)


@requirement("summary.succeeded-is-count")
def test_succeeded_is_a_count(api: Api) -> None:
    """succeeded is a whole number of at most generated."""
    answer = api.given_notifications(api.given_order())

    expect(answer).passes(summary.succeeded_is_count)


@requirement("summary.notifications-is-list")
def test_notifications_is_a_list(api: Api) -> None:
    """notifications is a list although nothing was generated yet."""
    answer = api.given_notifications(api.given_order())

    expect(answer).passes(summary.notifications_is_list)
