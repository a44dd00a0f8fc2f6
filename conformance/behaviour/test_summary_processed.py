"""The email notifications of orders that have been processed."""

from __future__ import annotations

import pytest

from conformance.api import Api
from conformance.behaviour import scenarios
from conformance.checks import summary
from conformance.checks.registry import Check
from conformance.conftest import Known
from conformance.expect import expect, expect_readings, expect_summary
from conformance.marks import (
    costs,
    others_are_processed,
    requirement,
    watches,
    watches_each,
)
from conformance.target.description import most_addressed
from conformance.watching import Watched

NOT_ATTEMPTED = ("Failed", "Failed_RecipientNotIdentified", "Failed_RecipientReserved")


@watches_each(scenarios.addresses, scenarios.address_and_stranger)
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
            summary.not_identified_without_address,
        )
    ],
)
def test_the_notifications_of_a_processed_order(watched: Watched, check: Check) -> None:
    """Each notification of a processed order, and each count of them, is as documented."""
    expect_summary(watched.summary).lists_notifications().passes(check)


@requirement("summary.found-when-processed")
@watches(scenarios.addresses)
def test_the_notifications_of_a_processed_order_are_still_found(api: Api, watched: Watched) -> None:
    """The summary of an order is answered 200 when the time to process it is over."""
    answer = api.get_notifications(watched.placed.id)

    expect(answer).has_status(200)


@requirement("summary.minimal-is-processed")
@watches(scenarios.minimal)
def test_a_minimal_order_is_processed(watched: Watched) -> None:
    """An order of nothing but subject, body and one address lists a notification to it."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_summary(watched.summary).has_notifications(count=1).sends_to(address)


@requirement("summary.one-per-address")
@watches(scenarios.addresses)
def test_every_address_gets_a_notification(watched: Watched) -> None:
    """An order to three addresses lists three notifications."""
    expect_summary(watched.summary).has_notifications(count=3)


@requirement("summary.one-per-address")
@watches(scenarios.many_addresses)
def test_every_one_of_many_addresses_gets_a_notification(watched: Watched) -> None:
    """An order to many addresses, some of them alike, lists as many notifications."""
    addresses = [each["emailAddress"] for each in watched.placed.order["recipients"]]

    expect_summary(watched.summary).has_notifications(count=len(addresses)).sends_to(*addresses)


@requirement("summary.recipient-address")
@watches_each(scenarios.addresses, scenarios.addresses_of_any_usual_form)
def test_a_notification_names_its_address(watched: Watched) -> None:
    """The notifications name the addresses that were ordered, plus, dots and all."""
    addresses = [each["emailAddress"] for each in watched.placed.order["recipients"]]

    expect_summary(watched.summary).lists_notifications().sends_to(*addresses)


@requirement("summary.senders-reference-processed")
@watches(scenarios.addresses)
def test_the_summary_of_a_processed_order_has_the_reference(watched: Watched) -> None:
    """sendersReference is still the one that was sent when notifications are listed."""
    expect_summary(watched.summary).lists_notifications()

    reference = watched.placed.order["sendersReference"]

    expect(watched.summary).has("sendersReference", reference)


@costs(requests=4)
@requirement("summary.notification-ids-stable")
@watches_each(
    scenarios.addresses,
    scenarios.many_addresses,
    scenarios.plain,
    scenarios.html,
    scenarios.one_twin,
    scenarios.other_twin,
)
def test_a_notification_keeps_its_id(api: Api, watched: Watched) -> None:
    """Every reading lists the ids of the reading before it, and so do more when all is settled."""
    again = [api.given_notifications(watched.placed) for _ in range(4)]

    expect_readings([*watched.readings, *again]).list_notifications().keep_ids()


@requirement("summary.last-update-plausible")
@watches(scenarios.addresses)
def test_an_update_lies_between_the_order_and_its_reading(watched: Watched) -> None:
    """In every reading lastUpdate is no earlier than the order and no later than the reading."""
    readings = expect_readings(watched.readings).list_notifications()

    readings.were_updated_since(watched.placed.receipt)


@requirement("summary.last-update-moves-forward")
@watches(scenarios.addresses)
def test_an_update_never_moves_back(watched: Watched) -> None:
    """Over several readings no lastUpdate becomes earlier."""
    expect_readings(watched.readings).list_notifications().update_forward()


@requirement("summary.last-update-follows-status")
@watches(scenarios.addresses)
def test_another_status_is_another_update(watched: Watched) -> None:
    """Over several readings lastUpdate changes with the status."""
    expect_readings(watched.readings).list_notifications().update_with_status()


@requirement("summary.statuses-move-forward")
@watches(scenarios.addresses)
def test_a_status_never_moves_back(watched: Watched) -> None:
    """Over several readings no notification returns to an earlier status."""
    expect_readings(watched.readings).list_notifications().move_forward()


@requirement("summary.own-notifications")
@watches(scenarios.one_twin)
@watches(scenarios.other_twin)
def test_a_summary_lists_its_own_notifications(watched_orders: list[Watched]) -> None:
    """Of two orders that are the same but for their ids each lists one notification."""
    one, other = watched_orders

    expect_summary(one.summary).has_notifications(count=1)
    expect_summary(other.summary).has_notifications(count=1)


@requirement("summary.notification-ids-own")
@watches(scenarios.one_twin)
@watches(scenarios.other_twin)
def test_notifications_of_two_orders_have_two_ids(watched_orders: list[Watched]) -> None:
    """Two orders that are the same but for their ids list different notifications."""
    one, other = watched_orders

    expect_summary(one.summary).lists_notifications().shares_no_id_with(other.summary)


@requirement("summary.delivered-in-the-end")
@watches(scenarios.addresses)
def test_a_notification_to_a_mailbox_succeeds(watched: Watched) -> None:
    """Notifications to addresses that take mail end as Succeeded or Delivered."""
    expect_summary(watched.summary).lists_notifications().has_statuses(*summary.SUCCESSES)


@requirement("summary.delivered-in-the-end")
@watches(scenarios.many_addresses)
def test_notifications_to_unusual_addresses_are_attempted(watched: Watched) -> None:
    """None of many addresses, of which some have a plus or a dot, is taken for no address."""
    sent = expect_summary(watched.summary).lists_notifications()

    sent.has_none_of(*NOT_ATTEMPTED, "Failed_InvalidEmailFormat")


@requirement("summary.kinds-in-any-order")
@watches_each(scenarios.alternating, scenarios.keywords_for_all)
def test_recipients_of_all_kinds_in_turn_are_notified(
    watched: Watched, people: Known, organisations: Known
) -> None:
    """Addresses, persons and organisations each get a notification, keywords or not."""
    ordered = [each.get("emailAddress") for each in watched.placed.order["recipients"]]
    sent = expect_summary(watched.summary).sends_to(*filter(None, ordered))

    sent.reaches(*people.all_reachable[:2], *organisations.all_reachable[:2])


@requirement("summary.registered-address")
@watches(scenarios.registered)
def test_a_registered_address_is_used(
    watched: Watched, people: Known, organisations: Known
) -> None:
    """Recipients given by number are sent to at addresses that the registers know."""
    expect_summary(watched.summary).lists_notifications().reaches(
        people.reachable, organisations.reachable
    )


@requirement("summary.registered-once")
@watches(scenarios.registered)
def test_a_registered_address_is_used_once(
    watched: Watched, people: Known, organisations: Known
) -> None:
    """A recipient given by number has one notification to its address."""
    expect_summary(watched.summary).lists_notifications().sends_once_to(
        people.reachable, organisations.reachable
    )


@requirement("summary.registered-once")
@watches(scenarios.several_addresses)
def test_each_address_of_an_organisation_is_used_once(
    watched: Watched, organisations: Known
) -> None:
    """Of an organisation with several addresses no two notifications name the same one."""
    known = most_addressed(organisations.all_reachable)

    expect_summary(watched.summary).lists_notifications().sends_once_to(known)


@requirement("summary.unreachable-stops-no-other")
@watches(scenarios.address_and_stranger)
def test_an_unknown_recipient_stops_no_other(watched: Watched) -> None:
    """The addresses before and after a recipient whom nobody knows are sent to."""
    first, _, last = watched.placed.order["recipients"]
    addresses = first["emailAddress"], last["emailAddress"]

    expect_summary(watched.summary).sends_to(*addresses).identifies(*addresses)


@requirement("summary.each-by-itself")
@watches(scenarios.reached_and_not)
def test_one_of_three_is_sent_to(watched: Watched) -> None:
    """An address between a reserved recipient and one without contact is alone sent to."""
    address = watched.placed.order["recipients"][1]["emailAddress"]

    sent = expect_summary(watched.summary).sends_to(address)

    sent.identifies(address).succeeds_for_none_but(address)


@others_are_processed
@requirement("summary.not-identified-without-address")
@watches(scenarios.reached_and_not)
def test_who_is_not_identified_has_no_address(watched: Watched) -> None:
    """A recipient who was not identified does not bear the address of another one."""
    expect_summary(watched.summary).passes(summary.not_identified_without_address)


@others_are_processed
@requirement("summary.organisation-not-identified")
@watches(scenarios.contactless_organisation)
def test_an_organisation_without_contact_is_not_identified(watched: Watched) -> None:
    """A notification to an organisation without contact is Failed_RecipientNotIdentified."""
    expect_summary(watched.summary).has_statuses("Failed_RecipientNotIdentified")


@others_are_processed
@requirement("summary.recipient-not-identified")
@watches(scenarios.contactless)
def test_a_recipient_without_contact_is_not_identified(watched: Watched) -> None:
    """A notification to a person without contact details is Failed_RecipientNotIdentified."""
    expect_summary(watched.summary).has_statuses("Failed_RecipientNotIdentified")


@others_are_processed
@requirement("summary.reserved-not-sent")
@watches(scenarios.reservation_not_ignored)
def test_a_reserved_person_is_not_sent_to_when_ordered_so(watched: Watched) -> None:
    """An ignoreReservation that is false ignores nothing."""
    expect_summary(watched.summary).has_no_success()


@others_are_processed
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

    sent.reaches(people.reserved).has_none_of(*NOT_ATTEMPTED)


@others_are_processed
@requirement("summary.nothing-sent-early")
@watches(scenarios.far_ahead)
def test_nothing_is_sent_weeks_early(watched: Watched) -> None:
    """Weeks before the send time nothing is being sent, or has succeeded."""
    send_time = watched.placed.order["requestedSendTime"]

    expect_readings(watched.readings).end_before(send_time).are_never_sent()


@others_are_processed
@requirement("summary.nothing-sent-early-for-apps")
@watches(scenarios.far_ahead_for_app, asking_with="platform_access_token")
def test_nothing_is_sent_weeks_early_for_an_app(watched: Watched) -> None:
    """Weeks before the send time of an order of an app nothing of it is sent."""
    send_time = watched.placed.order["requestedSendTime"]

    expect_readings(watched.readings).end_before(send_time).are_never_sent()


@others_are_processed
@requirement("summary.nothing-sent-early")
@watches(scenarios.in_two_hours)
def test_nothing_is_sent_hours_early(watched: Watched) -> None:
    """Two hours before the send time, told in another zone, nothing is sent."""
    send_time = watched.placed.order["requestedSendTime"]

    expect_readings(watched.readings).end_before(send_time).are_never_sent()


@requirement("summary.due-is-processed")
@watches(scenarios.send_time_now)
def test_an_order_is_processed_at_its_send_time(watched: Watched) -> None:
    """An order whose send time, told in another zone, has come lists its notification."""
    expect_summary(watched.summary).has_notifications(count=1)


@requirement("summary.due-is-processed")
@watches(scenarios.at_one_instant)
@watches(scenarios.at_the_same_instant)
def test_orders_with_one_send_time_are_all_processed(watched_orders: list[Watched]) -> None:
    """Of two orders that are due at the same instant each lists its notification."""
    one, other = watched_orders

    expect_summary(one.summary).has_notifications(count=1)
    expect_summary(other.summary).has_notifications(count=1)
