"""Random orders that are watched while they are processed, against the model."""

from __future__ import annotations

import pytest

from conformance.api import Api
from conformance.conftest import Calls, Mails, WasCalled
from conformance.expect import expect, expect_mail, expect_readings, expect_summary
from conformance.expect.summary import SummaryExpectation
from conformance.fuzz.model import Model
from conformance.fuzz.processed import (
    AppOrder,
    MetOrder,
    OtherOrder,
    ProcessedOrder,
    RefusedOrder,
    UnmetOrder,
)
from conformance.marks import (
    conditions_are_asked,
    others_are_processed,
    requirement,
    watches_generated,
)
from conformance.watching import Watched

each_processed = watches_generated("processed orders", ProcessedOrder)
each_of_apps = watches_generated("orders of apps", AppOrder, asking_with="platform_access_token")
each_of_others = watches_generated(
    "orders of a second organisation", OtherOrder, asking_with="second_organisation_bearer"
)
of_another = pytest.mark.usefixtures("second_organisation")
each_met = watches_generated("conditional orders", MetOrder)
PLAIN = "Plain"
FORMATS = {PLAIN: "delivery.default-plain", "Html": "delivery.html-as-html"}
"""The requirements of how an email arrives, by the contentType of its order."""


@each_processed
@requirement("summary.one-per-address")
def test_every_address_of_any_order_is_notified(watched: Watched, model: Model) -> None:
    """Whoever else is in an order, each of its addresses is notified, and nobody else is."""
    to = model.ordered(watched.placed.order)

    expect_summary(watched.summary).sends_to(*to.addresses).succeeds_for_none_but(*to.all_addresses)


@each_processed
@requirement("summary.registered-address")
def test_everyone_who_can_be_reached_is_notified(watched: Watched, model: Model) -> None:
    """Whoever else is in an order, each person and organisation is notified who can be reached."""
    to = model.ordered(watched.placed.order)

    told = expect_summary(watched.summary).reaches(*to.reachable)
    told.sends_once_to(*to.reachable, *to.overridden)


@each_processed
@requirement("summary.delivered-in-the-end")
def test_nothing_of_any_order_is_left_behind(watched: Watched, mails: Mails, model: Model) -> None:
    """Whoever else is in an order, no notification whose email arrived is New or Sending."""
    arrived = [mails(each) for each in model.ordered(watched.placed.order).all_addresses]
    addresses = [each.address for each in arrived if each.mails]

    expect_summary(watched.summary).leaves_none_open(*addresses)


@each_processed
@requirement("summary.notification-ids-stable")
def test_the_readings_of_any_order_agree(watched: Watched) -> None:
    """At any moment of the processing what was listed is listed, and statuses move forward."""
    readings = expect_readings(watched.readings).keep_ids().move_forward()

    readings.update_forward().update_with_status()


@each_processed
@requirement("keyword.own-values")
def test_any_email_is_what_the_model_says(watched: Watched, mails: Mails, model: Model) -> None:
    """Each reads the template, with the own values in place of keywords and all else as it was."""
    expect_texts(watched, mails, model)


@each_processed
@requirement("delivery.every-recipient")
def test_any_order_arrives_at_every_address(watched: Watched, mails: Mails, model: Model) -> None:
    """Whoever else is in an order, each address that it names gets an email."""
    for address in model.ordered(watched.placed.order).addresses:
        expect_mail(mails(address), watched.placed.receipt).arrived()


@each_processed
@requirement("delivery.registered-address")
def test_any_order_arrives_at_everyone_who_can_be_reached(
    watched: Watched, mails: Mails, model: Model
) -> None:
    """Whoever else is in an order, each who is known and can be reached gets an email."""
    for each in model.ordered(watched.placed.order).reachable:
        expect_mail(mails(each.address), watched.placed.receipt).arrived()


@each_processed
@requirement("delivery.once")
def test_any_order_arrives_once(watched: Watched, mails: Mails, model: Model) -> None:
    """Whoever else is in an order, no address that it names gets a second email."""
    for address in model.ordered(watched.placed.order).addresses:
        expect_mail(mails(address), watched.placed.receipt).arrived_once()


@each_processed
@requirement("details.same-after-processing")
def test_any_processed_order_reads_as_it_was_sent(api: Api, watched: Watched) -> None:
    """Nothing of an order is changed by its processing."""
    order = watched.placed.order
    answer = expect(api.get_order(watched.placed.id)).has_status(200)

    answer.has_recipients(order["recipients"]).has("emailTemplate.subject", order["subject"])
    answer.has("emailTemplate.body", order["body"])


@each_processed
@requirement("delivery.default-plain")
def test_any_text_arrives_in_its_format(watched: Watched, mails: Mails, model: Model) -> None:
    """What is ordered as Html arrives as HTML, all else as plain text."""
    ordered = watched.placed.order.get("contentType", PLAIN)
    to = model.ordered(watched.placed.order)
    registered = [mails(place) for each in to.reachable for place in each.addresses]

    for arrived in (mails(to.addresses[0]), *(each for each in registered if each.mails)):
        expect_mail(arrived, watched.placed.receipt, FORMATS[ordered]).is_in(ordered)


@each_of_apps
@requirement("auth.order-platform-token-sent")
def test_any_order_of_an_app_is_processed(watched: Watched, model: Model) -> None:
    """Whoever else is in an order of an app, each who can be reached is notified, nobody else."""
    expect_all_notified(watched, model)


@each_of_apps
@requirement("delivery.ordered-by-apps")
def test_any_order_of_an_app_arrives(watched: Watched, mails: Mails, model: Model) -> None:
    """Each address that it names gets the email, in the format that was ordered."""
    expect_all_arrived(watched, mails, model)


@each_of_apps
@requirement("delivery.ordered-by-apps")
def test_any_order_of_an_app_reads_as_ordered(watched: Watched, mails: Mails, model: Model) -> None:
    """Each reads the template, with the own values in place of keywords and all else as it was."""
    expect_texts(watched, mails, model)


@of_another
@each_of_others
@requirement("auth.order-any-organisation-sent")
def test_any_order_of_a_second_organisation_is_processed(watched: Watched, model: Model) -> None:
    """Whoever else is in it, each who can be reached is notified, nobody else."""
    expect_all_notified(watched, model)


@of_another
@each_of_others
@requirement("delivery.ordered-by-any-organisation")
def test_any_order_of_a_second_organisation_arrives(
    watched: Watched, mails: Mails, model: Model
) -> None:
    """Each email is in the format that was ordered, and reads the template with the own values."""
    expect_all_arrived(watched, mails, model)
    expect_texts(watched, mails, model)


@each_met
@requirement("condition.checked")
def test_any_condition_is_checked(watched: Watched, condition_was_called: WasCalled) -> None:
    """Whatever else is asked for, the condition endpoint of a due order is called."""
    url = watched.placed.order["conditionEndpoint"]

    expect(watched.placed.receipt).saw(f"a call of {url}", condition_was_called(url), "none came")


@conditions_are_asked
@each_met
@requirement("condition.url-as-ordered")
def test_any_condition_is_checked_by_its_own_url(watched: Watched, condition_calls: Calls) -> None:
    """Whatever else is asked for, the URL that is called is the one that was ordered."""
    url = watched.placed.order["conditionEndpoint"]

    called = condition_calls(url)

    holds = any(call.asks_for(url) for call in called)
    expect(watched.placed.receipt).saw(f"a call of {url}", holds, f"one of {called[0].path}")


@conditions_are_asked
@each_met
@requirement("condition.own-answer")
def test_any_order_is_sent_whose_condition_is_met(watched: Watched, model: Model) -> None:
    """Whatever else is asked for, an order is sent if its own condition is met."""
    to = model.ordered(watched.placed.order)

    expect_all_notified(watched, model).sends_once_to(*to.reachable, *to.overridden)


@conditions_are_asked
@each_met
@requirement("condition.met-delivered")
def test_any_order_arrives_whose_condition_is_met(
    watched: Watched, mails: Mails, model: Model
) -> None:
    """Each address that it names gets the email, in the format that was ordered."""
    expect_all_arrived(watched, mails, model)


@conditions_are_asked
@each_met
@requirement("condition.met-text")
def test_any_order_reads_as_ordered_whose_condition_is_met(
    watched: Watched, mails: Mails, model: Model
) -> None:
    """Each reads the template, with the own values in place of keywords and all else as it was."""
    expect_texts(watched, mails, model)


@conditions_are_asked
@each_met
@requirement("condition.met-reservation-ignored")
def test_any_order_whose_condition_is_met_overrides_reservations(
    watched: Watched, mails: Mails, model: Model
) -> None:
    """Whatever else is asked for, each reserved person gets the email where the order says so."""
    for each in model.ordered(watched.placed.order).overridden:
        expect_mail(mails(each.address), watched.placed.receipt).arrived()


@others_are_processed
@conditions_are_asked
@watches_generated("conditional orders", UnmetOrder)
@requirement("condition.own-answer")
def test_no_order_is_sent_whose_condition_is_not_met(watched: Watched) -> None:
    """Whatever else is asked for, an order is not sent if its own condition is not met."""
    expect_summary(watched.summary).has_no_success()


@watches_generated("refused orders", RefusedOrder, refused=[400])
@requirement("validation.refused-not-delivered")
def test_any_flaw_leaves_nothing_behind(watched: Watched, mails: Mails) -> None:
    """Whatever an order was refused for, its valid recipients get nothing."""
    for recipient in watched.placed.order["recipients"][:2]:
        expect_mail(mails(recipient["emailAddress"]), watched.placed.receipt).none_arrived()


def expect_all_notified(watched: Watched, model: Model) -> SummaryExpectation:
    """Judge that each who can be reached is notified, and nobody else; return what judges more."""
    to = model.ordered(watched.placed.order)

    told = expect_summary(watched.summary).sends_to(*to.addresses).reaches(*to.reachable)
    return told.succeeds_for_none_but(*to.all_addresses)


def expect_all_arrived(watched: Watched, mails: Mails, model: Model) -> None:
    """Judge that each address that is named gets the email, in the format that was ordered."""
    for address in model.ordered(watched.placed.order).addresses:
        arrived = expect_mail(mails(address), watched.placed.receipt).arrived()
        arrived.is_in(watched.placed.order.get("contentType", PLAIN))


def expect_texts(watched: Watched, mails: Mails, model: Model) -> None:
    """Judge that each email reads as the model says, of whose text something is known."""
    for address, subject, body in model.emails(watched.placed.order):
        expect_mail(mails(address), watched.placed.receipt).one_is(subject, body)
