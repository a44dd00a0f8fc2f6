"""The emails that arrive."""

from __future__ import annotations

import pytest

from conformance.api import Api
from conformance.behaviour import scenarios
from conformance.conftest import Known, Mails
from conformance.expect import expect, expect_mail, expect_readings
from conformance.marks import requirement, watches, watches_each
from conformance.target.description import most_addressed
from conformance.watching import Watched


def recipient(watched: Watched, position: int = 0) -> str:
    """Return the address of a recipient of a watched order."""
    return str(watched.placed.order["recipients"][position]["emailAddress"])


@requirement("delivery.delivered")
@watches(scenarios.plain)
def test_the_email_arrives(watched: Watched, mails: Mails) -> None:
    """The email of an order arrives at its recipient."""
    address = recipient(watched)
    domain = address.rpartition("@")[2]

    expected = f"an email in the mailbox, which has to be the one that gets the mail of {domain}"
    expect(watched.placed.receipt).saw(expected, bool(mails(address).mails), "none arrived")


@requirement("delivery.default-now")
@watches(scenarios.addresses)
def test_an_order_without_send_time_is_sent_at_once(watched: Watched, mails: Mails) -> None:
    """An order without requestedSendTime arrives within the time of processing."""
    expect_mail(mails(recipient(watched)), watched.placed.receipt).arrived()


@requirement("delivery.every-recipient")
@watches(scenarios.addresses)
def test_every_recipient_gets_the_email(watched: Watched, mails: Mails) -> None:
    """Each of three recipients gets the email."""
    for position in range(3):
        expect_mail(mails(recipient(watched, position)), watched.placed.receipt).arrived()


@requirement("delivery.every-recipient")
@watches(scenarios.many_addresses)
def test_the_last_of_many_recipients_gets_the_email(watched: Watched, mails: Mails) -> None:
    """The last of many recipients gets the email."""
    expect_mail(mails(recipient(watched, -1)), watched.placed.receipt).arrived()


@requirement("delivery.every-recipient")
@watches(scenarios.addresses_of_any_usual_form)
def test_an_address_of_any_usual_form_gets_the_email(watched: Watched, mails: Mails) -> None:
    """Capitals, a plus, dots and underscores in an address keep no email back."""
    for position in range(3):
        expect_mail(mails(recipient(watched, position)), watched.placed.receipt).arrived()


@requirement("delivery.ordered-by-apps")
@watches(scenarios.by_platform_token, asking_with="platform_access_token")
def test_the_recipients_of_an_app_get_the_email(watched: Watched, mails: Mails) -> None:
    """Each of the two recipients of an order of an app gets the email, in HTML as ordered."""
    for position in range(2):
        arrived = expect_mail(mails(recipient(watched, position)), watched.placed.receipt)
        arrived.arrived().is_in("Html")


@requirement("delivery.minimal-order")
@watches(scenarios.minimal)
def test_the_email_of_a_minimal_order_arrives(watched: Watched, mails: Mails) -> None:
    """An order of nothing but subject, body and one address arrives there."""
    expect_mail(mails(recipient(watched)), watched.placed.receipt).arrived()


@requirement("delivery.typography")
@watches(scenarios.typography)
def test_the_signs_of_a_well_set_text_arrive(watched: Watched, mails: Mails) -> None:
    """Spaces that do not break, dashes and quotation marks arrive as they were ordered."""
    arrived = expect_mail(mails(recipient(watched)), watched.placed.receipt)

    arrived.has_text(watched.placed.order["body"])


@requirement("delivery.once")
@watches(scenarios.addresses)
def test_a_recipient_gets_the_email_once(watched: Watched, mails: Mails) -> None:
    """A recipient gets one email for one order."""
    expect_mail(mails(recipient(watched)), watched.placed.receipt).arrived_once()


@requirement("delivery.like-orders")
@watches(scenarios.one_twin)
@watches(scenarios.other_twin)
def test_each_of_two_like_orders_is_sent(watched: Watched, mails: Mails) -> None:
    """Of two orders that are the same but for their ids each brings the recipient an email."""
    expect_mail(mails(recipient(watched)), watched.placed.receipt).arrived_for_each(orders=2)


@requirement("delivery.default-plain")
@watches(scenarios.addresses)
def test_a_body_without_content_type_arrives_as_text(watched: Watched, mails: Mails) -> None:
    """An order without contentType arrives as plain text, even if its body looks like HTML."""
    arrived = expect_mail(mails(recipient(watched)), watched.placed.receipt)

    arrived.is_plain().has_text(watched.placed.order["body"])


@requirement("delivery.recipients-apart")
@watches(scenarios.addresses)
def test_a_recipient_does_not_see_the_others(watched: Watched, mails: Mails) -> None:
    """The email to one of three recipients shows the address of that one alone."""
    address = recipient(watched, 1)

    expect_mail(mails(address), watched.placed.receipt).is_addressed_to(address)


@requirement("delivery.unreachable-stops-no-other")
@watches(scenarios.address_and_stranger)
def test_an_unknown_recipient_keeps_no_email_back(watched: Watched, mails: Mails) -> None:
    """The addresses before and after a recipient whom nobody knows get the email."""
    expect_mail(mails(recipient(watched, 0)), watched.placed.receipt).arrived()
    expect_mail(mails(recipient(watched, 2)), watched.placed.receipt).arrived()


@requirement("delivery.long-texts")
@watches(scenarios.long_texts)
def test_long_texts_arrive(watched: Watched, mails: Mails) -> None:
    """A long subject and a body in one long line arrive whole."""
    ordered = watched.placed.order
    arrived = expect_mail(mails(recipient(watched)), watched.placed.receipt)

    arrived.has_subject(ordered["subject"]).has_text(ordered["body"])


@requirement("delivery.long-texts")
@watches(scenarios.long_html)
def test_a_long_line_of_html_arrives(watched: Watched, mails: Mails) -> None:
    """HTML in one long line arrives with no word and no tag of it broken."""
    arrived = expect_mail(mails(recipient(watched)), watched.placed.receipt)

    arrived.has_html(watched.placed.order["body"])


@requirement("delivery.longer-texts")
@watches(scenarios.longer_texts)
def test_longer_texts_arrive(watched: Watched, mails: Mails) -> None:
    """A subject of some 290 characters and a body of 72 000 arrive whole."""
    ordered = watched.placed.order
    arrived = expect_mail(mails(recipient(watched)), watched.placed.receipt)

    arrived.has_subject(ordered["subject"]).has_text(ordered["body"])


@requirement("delivery.subject")
@watches(scenarios.html)
def test_the_subject_of_html_arrives(watched: Watched, mails: Mails) -> None:
    """The subject of an Html order is text, and arrives as it was ordered."""
    arrived = mails(recipient(watched))

    expect_mail(arrived, watched.placed.receipt).has_subject(watched.placed.order["subject"])


@requirement("delivery.subject")
@watches(scenarios.plain)
def test_the_subject_arrives(watched: Watched, mails: Mails) -> None:
    """The subject arrives as it was ordered."""
    arrived = mails(recipient(watched))

    expect_mail(arrived, watched.placed.receipt).has_subject(watched.placed.order["subject"])


@requirement("delivery.subject")
@watches(scenarios.neighbouring_letters)
def test_the_spaces_of_a_short_subject_arrive(watched: Watched, mails: Mails) -> None:
    """Between two words of a subject, both with letters beyond ASCII, the space arrives."""
    arrived = mails(recipient(watched))

    expect_mail(arrived, watched.placed.receipt).has_words(watched.placed.order["subject"])


@requirement("delivery.body")
@watches(scenarios.plain)
def test_the_body_arrives(watched: Watched, mails: Mails) -> None:
    """The body arrives as it was ordered."""
    arrived = mails(recipient(watched))

    expect_mail(arrived, watched.placed.receipt).has_text(watched.placed.order["body"])


@requirement("delivery.own-body")
@watches_each(scenarios.one_subject, scenarios.same_subject)
def test_the_body_arrives_though_another_order_has_the_subject(
    watched: Watched, mails: Mails, organisations: Known
) -> None:
    """Of two orders with one subject, to one organisation, each arrives with its own body."""
    ordered = watched.placed.order
    arrived = mails(organisations.reachable.address)

    expect_mail(arrived, watched.placed.receipt).one_is(ordered["subject"], ordered["body"])


@requirement("delivery.plain-as-text")
@watches(scenarios.plain)
def test_plain_arrives_as_text(watched: Watched, mails: Mails) -> None:
    """A Plain order arrives as plain text without HTML."""
    expect_mail(mails(recipient(watched)), watched.placed.receipt).is_plain()


@requirement("delivery.html-as-html")
@watches_each(scenarios.html, scenarios.scheduled_html)
@pytest.mark.parametrize("position", [0, 1, -1])
def test_html_arrives_as_html(watched: Watched, mails: Mails, position: int) -> None:
    """An Html order arrives as HTML, at each of its addresses."""
    arrived = mails(recipient(watched, position))

    expect_mail(arrived, watched.placed.receipt).has_html(watched.placed.order["body"])


@requirement("delivery.registered-html")
@watches(scenarios.all_options)
def test_html_arrives_as_html_at_registered_addresses(
    watched: Watched, mails: Mails, people: Known, organisations: Known
) -> None:
    """An Html order arrives as HTML at the addresses that are used of those registered."""
    organisation = most_addressed(organisations.all_reachable[:2])

    for address in (*people.reachable.addresses, *organisation.addresses):
        expect_mail(mails(address), watched.placed.receipt).is_in("Html")


@requirement("delivery.registered-address")
@watches(scenarios.registered)
def test_a_recipient_given_by_number_gets_the_email(
    watched: Watched, mails: Mails, people: Known, organisations: Known
) -> None:
    """A person and an organisation get the email at their registered addresses."""
    placed = watched.placed.receipt

    expect_mail(mails(people.reachable.address), placed).arrived()
    expect_mail(mails(organisations.reachable.address), placed).arrived()


@requirement("delivery.from-address")
@watches_each(scenarios.plain, scenarios.html)
def test_the_sender_is_the_from_address(api: Api, watched: Watched, mails: Mails) -> None:
    """The sender of the email is the fromAddress of the template."""
    details = api.given_details(watched.placed).response
    arrived = mails(recipient(watched))

    expect_mail(arrived, watched.placed.receipt).is_from(
        details.member("emailTemplate.fromAddress")
    )


@requirement("delivery.at-send-time")
@watches(scenarios.send_time_now)
def test_the_email_arrives_at_its_send_time(watched: Watched, mails: Mails) -> None:
    """The email of an order whose send time, told in another zone, has come arrives."""
    expect_mail(mails(recipient(watched)), watched.placed.receipt).arrived()


@requirement("delivery.not-early")
@watches(scenarios.in_two_hours)
def test_nothing_arrives_hours_early(watched: Watched, mails: Mails) -> None:
    """Two hours before the send time, told in another zone, nothing has arrived."""
    expect_readings(watched.readings).end_before(watched.placed.order["requestedSendTime"])

    expect_mail(mails(recipient(watched)), watched.placed.receipt).none_arrived()


@requirement("delivery.not-early")
@watches(scenarios.far_ahead)
def test_nothing_arrives_weeks_early(watched: Watched, mails: Mails) -> None:
    """Weeks before the send time nothing has arrived."""
    expect_mail(mails(recipient(watched)), watched.placed.receipt).none_arrived()


@requirement("delivery.reservation-ignored")
@watches(scenarios.reservation_ignored)
def test_a_reserved_person_gets_the_email_when_ordered(
    watched: Watched, mails: Mails, people: Known
) -> None:
    """A reserved person whose reservation the order overrides gets the email."""
    expect_mail(mails(people.reserved.address), watched.placed.receipt).arrived()


@requirement("delivery.reservation-ignored-for-apps")
@watches(scenarios.reservation_ignored_for_app, asking_with="platform_access_token")
def test_a_reserved_person_gets_the_email_when_an_app_orders_it(
    watched: Watched, mails: Mails, people: Known
) -> None:
    """A reserved person whose reservation the order of an app overrides gets the email."""
    expect_mail(mails(people.reserved.address), watched.placed.receipt).arrived()


@requirement("delivery.reservation-ignored")
@watches(scenarios.reservations_ignored)
@pytest.mark.parametrize("position", [0, -1])
def test_every_reserved_person_gets_the_email_when_ordered(
    watched: Watched, mails: Mails, people: Known, position: int
) -> None:
    """The override of an order holds for the first of its reserved persons and for the last."""
    numbers = [each["nationalIdentityNumber"] for each in watched.placed.order["recipients"]]
    known = [each for each in people.all_reserved if each.number == numbers[position]]

    arrived = expect_mail(mails(known[0].address), watched.placed.receipt).arrived()
    arrived.has_text(watched.placed.order["body"])


@requirement("delivery.reserved-not-delivered")
@watches(scenarios.reservation_not_ignored)
def test_a_reserved_person_gets_nothing_when_ordered_so(
    watched: Watched, mails: Mails, people: Known
) -> None:
    """An ignoreReservation that is false ignores nothing."""
    expect_mail(mails(people.reserved.address), watched.placed.receipt).none_arrived()


@requirement("delivery.reserved-not-delivered")
@watches(scenarios.reserved)
def test_a_reserved_person_gets_nothing(watched: Watched, mails: Mails, people: Known) -> None:
    """A reserved person gets no email at the address that the registers know."""
    expect_mail(mails(people.reserved.address), watched.placed.receipt).none_arrived()
