"""The condition endpoint: whether it is asked, and whether its answer is heeded."""

from __future__ import annotations

from conformance.api import Api
from conformance.behaviour import scenarios
from conformance.behaviour.operations import Ask, each_reading
from conformance.conftest import Calls, Known, Mails, WasCalled
from conformance.expect import expect, expect_mail, expect_readings, expect_summary
from conformance.marks import (
    conditions_are_asked,
    others_are_processed,
    requirement,
    watches,
    watches_each,
)
from conformance.watching import Watched


@requirement("condition.checked")
@watches_each(scenarios.condition_met, scenarios.condition_among_options)
def test_the_condition_is_checked(watched: Watched, condition_was_called: WasCalled) -> None:
    """The condition endpoint of a due order is called, whatever else is ordered."""
    url = watched.placed.order["conditionEndpoint"]

    expected = f"a call of the conditionEndpoint, which the deployment has to reach at {url}"
    expect(watched.placed.receipt).saw(expected, condition_was_called(url), "none came")


@conditions_are_asked
@requirement("condition.url-as-ordered")
@watches_each(
    scenarios.condition_met,
    scenarios.condition_at_a_folder,
    scenarios.condition_without_query,
    scenarios.condition_with_long_query,
    scenarios.condition_with_escapes,
)
def test_the_condition_is_checked_by_its_url(watched: Watched, condition_calls: Calls) -> None:
    """The URL that is called is the one that was ordered, with its query or without any."""
    url = watched.placed.order["conditionEndpoint"]

    called = condition_calls(url)

    holds = any(call.asks_for(url) for call in called)
    expect(watched.placed.receipt).saw(f"a call of {url}", holds, f"one of {called[0].path}")


@conditions_are_asked
@requirement("condition.checked-for-each-order")
@watches(scenarios.condition_met_by_query)
@watches(scenarios.condition_asked_again)
def test_each_order_has_its_condition_checked(
    watched_orders: list[Watched], condition_calls: Calls
) -> None:
    """Two orders with the same conditionEndpoint lead to two calls of it."""
    placed = watched_orders[0].placed
    url = placed.order["conditionEndpoint"]

    asked = sum(call.asks_for(url) for call in condition_calls(url))

    expect(placed.receipt).saw(f"two calls of {url} for two orders", asked > 1, f"{asked} of them")


@conditions_are_asked
@each_reading("condition.not-met-{}-found")
@watches(scenarios.condition_not_met)
def test_an_order_that_is_not_sent_is_still_found(api: Api, watched: Watched, ask: Ask) -> None:
    """An order whose condition was not met is an order all the same: it is answered 200."""
    answer = ask(api, watched.placed)

    expect(answer).has_status(200)


@conditions_are_asked
@requirement("condition.own-answer")
@watches(scenarios.condition_met_by_query)
def test_a_condition_is_met_beside_one_that_is_not(watched: Watched) -> None:
    """An order is sent although a condition that differs in its query only is not met."""
    expect_summary(watched.summary).has_notifications(count=1)


@others_are_processed
@conditions_are_asked
@requirement("condition.own-answer")
@watches(scenarios.condition_not_met_by_query)
def test_a_condition_is_not_met_beside_one_that_is(watched: Watched) -> None:
    """Nothing is sent although a condition that differs in its query only is met."""
    expect_summary(watched.summary).has_no_success()


@others_are_processed
@conditions_are_asked
@requirement("condition.not-met-not-sent")
@watches_each(scenarios.condition_not_met, scenarios.condition_among_options)
def test_nothing_is_sent_when_the_condition_is_not_met(watched: Watched) -> None:
    """An order whose condition is not met has no successful notification, whatever its options."""
    expect_summary(watched.summary).has_no_success()


@others_are_processed
@conditions_are_asked
@requirement("condition.not-met-not-sent-for-apps")
@watches(scenarios.condition_not_met_for_app, asking_with="platform_access_token")
def test_nothing_is_sent_for_an_app_when_the_condition_is_not_met(watched: Watched) -> None:
    """An order of an app whose condition is not met has no successful notification."""
    expect_summary(watched.summary).has_no_success()


@others_are_processed
@conditions_are_asked
@requirement("condition.not-met-whoever-is-ordered-to")
@watches(scenarios.condition_not_met_for_known)
def test_nobody_is_sent_to_when_the_condition_is_not_met(watched: Watched) -> None:
    """A condition that is not met keeps an order to persons and organisations from being sent."""
    expect_summary(watched.summary).has_no_success()


@conditions_are_asked
@requirement("condition.met-sent")
@watches(scenarios.condition_met)
def test_the_email_is_sent_when_the_condition_is_met(watched: Watched) -> None:
    """An order whose condition is met has its notification."""
    expect_summary(watched.summary).has_notifications(count=1)


@conditions_are_asked
@requirement("condition.met-delivered")
@watches(scenarios.condition_met)
def test_the_email_arrives_when_the_condition_is_met(watched: Watched, mails: Mails) -> None:
    """An order whose condition is met arrives at its recipient."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_mail(mails(address), watched.placed.receipt).arrived()


@conditions_are_asked
@requirement("condition.met-once")
@watches(scenarios.condition_met)
def test_the_email_arrives_once_when_the_condition_is_met(watched: Watched, mails: Mails) -> None:
    """An order whose condition is met brings its recipient one email."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_mail(mails(address), watched.placed.receipt).arrived_once()


@conditions_are_asked
@requirement("condition.met-delivered")
@watches(scenarios.condition_met_for_reserved)
def test_an_order_with_every_option_arrives_when_the_condition_is_met(
    watched: Watched, mails: Mails
) -> None:
    """An order whose condition is met arrives as its other options say."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_mail(mails(address), watched.placed.receipt).arrived().is_in("Html")


@conditions_are_asked
@requirement("condition.met-reservation-ignored")
@watches(scenarios.condition_met_for_reserved)
def test_a_reserved_person_gets_the_email_when_the_condition_is_met(
    watched: Watched, mails: Mails, people: Known
) -> None:
    """A condition that is met leaves the override of a reservation as it is."""
    expect_mail(mails(people.reserved.address), watched.placed.receipt).arrived()


@conditions_are_asked
@requirement("condition.not-met-not-delivered")
@watches(scenarios.condition_not_met)
def test_nothing_arrives_when_the_condition_is_not_met(watched: Watched, mails: Mails) -> None:
    """An order whose condition is not met does not arrive."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_mail(mails(address), watched.placed.receipt).none_arrived()


@others_are_processed
@requirement("condition.nothing-sent-early")
@watches(scenarios.condition_far_ahead)
def test_nothing_of_an_order_with_a_condition_is_sent_early(watched: Watched) -> None:
    """Weeks before the send time nothing is being sent, though the condition is met."""
    send_time = watched.placed.order["requestedSendTime"]

    expect_readings(watched.readings).end_before(send_time).are_never_sent()


@conditions_are_asked
@requirement("condition.checked-when-due")
@watches(scenarios.condition_far_ahead)
def test_the_condition_is_not_checked_early(
    watched: Watched, condition_was_called: WasCalled
) -> None:
    """Weeks before the send time the condition endpoint is not called."""
    called = condition_was_called(watched.placed.order["conditionEndpoint"])

    expect(watched.placed.receipt).saw("no call of the conditionEndpoint", not called, "one came")
