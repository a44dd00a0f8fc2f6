"""The email notifications of orders that have been processed."""

from __future__ import annotations

import pytest

from conformance.api import Api
from conformance.behaviour import scenarios
from conformance.checks import summary
from conformance.checks.registry import Check
from conformance.conftest import Known
from conformance.expect import expect_summary
from conformance.marks import requirement, watches
from conformance.watching import Scenario, Watched

NOT_ATTEMPTED = ("Failed", "Failed_RecipientNotIdentified", "Failed_RecipientReserved")


@pytest.mark.parametrize(
    "_scenario",
    [
        pytest.param(scenario, id=scenario.__name__, marks=watches(scenario))
        for scenario in (scenarios.addresses, scenarios.address_and_stranger)
    ],
)
@pytest.mark.parametrize(
    "check",
    [
        pytest.param(check, id=check.requirement, marks=requirement(check.requirement))
        for check in (
            summary.follows_schema,
            summary.generated_equals_list,
            summary.succeeded_equals_successes,
            summary.notification_ids_are_guids,
            summary.notification_ids_are_unique,
            summary.succeeded_flag_follows_status,
            summary.statuses_are_documented,
            summary.descriptions_are_documented,
            summary.last_updates_are_in_utc,
        )
    ],
)
def test_the_notifications_of_a_processed_order(
    watched: Watched, check: Check, _scenario: Scenario
) -> None:
    """Each notification of a processed order, and each count of them, is as documented."""
    expect_summary(watched.summary).lists_notifications().passes(check)


@requirement("summary.one-per-address")
@watches(scenarios.addresses)
def test_every_address_gets_a_notification(watched: Watched) -> None:
    """An order to three addresses lists three notifications."""
    expect_summary(watched.summary).has_notifications(count=3)


@requirement("summary.recipient-address")
@watches(scenarios.addresses)
def test_a_notification_names_its_address(watched: Watched) -> None:
    """The notifications name the addresses that were ordered."""
    addresses = [each["emailAddress"] for each in watched.placed.order["recipients"]]

    expect_summary(watched.summary).lists_notifications().sends_to(*addresses)


@requirement("summary.notification-ids-stable")
@watches(scenarios.addresses)
def test_a_notification_keeps_its_id(api: Api, watched: Watched) -> None:
    """Two readings list the same ids."""
    expect_summary(watched.summary).lists_notifications()

    again = api.given_notifications(watched.placed)

    expect_summary(again).lists_same_ids(watched.summary)


@requirement("summary.last-update-plausible")
@watches(scenarios.addresses)
def test_an_update_lies_between_the_order_and_now(watched: Watched) -> None:
    """lastUpdate is no earlier than the order and no later than the reading."""
    expect_summary(watched.summary).lists_notifications().was_updated_since(watched.placed.receipt)


@requirement("summary.statuses-move-forward")
@watches(scenarios.addresses)
def test_a_status_never_moves_back(watched: Watched) -> None:
    """Over several readings no notification returns to an earlier status."""
    expect_summary(watched.summary).lists_notifications().moves_forward_from(watched.readings)


@requirement("summary.delivered-in-the-end")
@watches(scenarios.addresses)
def test_a_notification_to_a_mailbox_succeeds(watched: Watched) -> None:
    """Notifications to addresses that take mail end as Succeeded or Delivered."""
    expect_summary(watched.summary).lists_notifications().has_statuses(*summary.SUCCESSES)


@requirement("summary.registered-address")
@watches(scenarios.registered)
def test_a_registered_address_is_used(
    watched: Watched, people: Known, organisations: Known
) -> None:
    """Recipients given by number are sent to at addresses that the registers know."""
    expect_summary(watched.summary).lists_notifications().sends_to(
        people.reachable.address, organisations.reachable.address
    )


@requirement("summary.recipient-not-identified")
@watches(scenarios.contactless)
def test_a_recipient_without_contact_is_not_identified(watched: Watched) -> None:
    """A notification to a person without contact details is Failed_RecipientNotIdentified."""
    expect_summary(watched.summary).has_statuses("Failed_RecipientNotIdentified")


@requirement("summary.reserved-not-sent")
@watches(scenarios.reservation_not_ignored)
def test_a_reserved_person_is_not_sent_to_when_ordered_so(watched: Watched) -> None:
    """An ignoreReservation that is false ignores nothing."""
    expect_summary(watched.summary).has_no_success()


@requirement("summary.reserved-not-sent")
@watches(scenarios.reserved)
def test_a_reserved_person_is_not_sent_to(watched: Watched) -> None:
    """No notification to a reserved person succeeds."""
    expect_summary(watched.summary).has_no_success()


@requirement("summary.reservation-ignored")
@watches(scenarios.reservation_ignored)
def test_a_reserved_person_is_sent_to_when_ordered(watched: Watched, people: Known) -> None:
    """A reservation that the order overrides does not keep it from being sent."""
    sent = expect_summary(watched.summary).lists_notifications()

    sent.sends_to(people.reserved.address).has_none_of(*NOT_ATTEMPTED)


@requirement("summary.nothing-sent-early")
@watches(scenarios.far_ahead)
def test_nothing_is_sent_early(watched: Watched) -> None:
    """Weeks before the send time nothing has succeeded."""
    expect_summary(watched.summary).has_no_success()
