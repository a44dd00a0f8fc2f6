"""The details of an order, read back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from conformance.api import Api, control
from conformance.checks import answers, details
from conformance.conftest import Known
from conformance.expect import expect
from conformance.marks import requirement
from conformance.orders import OMIT, Orders
from conformance.target.description import Target

MINUTES = timedelta(minutes=2)
TEXTS = [
    "A plain text",
    "A\u030as, decomposed",
    "Blåbær på øya, 漢字, 🎉 𝄞",
    "Quotes \" ' and \\ and <b>&amp;</b>",
]


@requirement("details.status-200")
def test_the_details_of_an_order_are_answered_200(api: Api) -> None:
    """The details of an accepted order are answered 200."""
    placed = api.given_order()

    answer = api.get_order(placed.id)

    expect(answer).has_status(200)


@requirement("details.media-type-json")
def test_the_details_are_json(api: Api) -> None:
    """The body of the details is JSON."""
    answer = control(api.get_order(api.given_order().id))

    expect(answer).passes(answers.details_are_json)


@requirement("details.schema")
def test_the_details_follow_the_contract(api: Api, build: Orders) -> None:
    """Every property of an order with all members has the documented type."""
    placed = api.given_order(
        sendersReference=build.reference(), resourceId="app_ttd_apps-test", ignoreReservation=True
    )

    answer = api.given_details(placed)

    expect(answer).passes(details.follows_schema)


@requirement("details.id-names-order")
def test_the_id_is_that_of_the_order(api: Api) -> None:
    """id is the orderId of the receipt, not that of a later order."""
    placed, _ = api.given_order(), api.given_order()

    answer = api.given_details(placed)

    expect(answer).has_id("id", placed.id)


@requirement("details.creator-present")
def test_the_details_name_a_creator(api: Api) -> None:
    """creator is not empty."""
    answer = api.given_details(api.given_order())

    expect(answer).passes(details.creator_is_present)


@requirement("details.creator-is-orderer")
def test_the_creator_is_the_organisation_that_ordered(api: Api, target: Target) -> None:
    """creator is the short name that the operator states."""
    answer = api.given_details(api.given_order())

    expect(answer).has("creator", target.creator)


@requirement("details.senders-reference-returned")
@pytest.mark.parametrize(
    "reference", ["20241234", "2024/1234-5", "Sak 17 (økonomi)", "reference-" * 10 + "end"]
)
def test_the_reference_is_returned(api: Api, reference: str) -> None:
    """sendersReference is the one that was sent."""
    placed = api.given_order(sendersReference=reference)

    answer = api.given_details(placed)

    expect(answer).has("sendersReference", reference)


@requirement("details.send-time-returned")
@pytest.mark.parametrize("microseconds", [0, 500_000, 123_000, 45_000])
def test_the_send_time_is_returned(api: Api, build: Orders, microseconds: int) -> None:
    """requestedSendTime is the instant that was sent, to the millisecond."""
    instant = build.far_ahead().replace(microsecond=microseconds)
    placed = api.given_order(requestedSendTime=instant.isoformat().replace("+00:00", "Z"))

    answer = api.given_details(placed)

    expect(answer).has_instant("requestedSendTime", instant)


@requirement("details.send-time-offset-converted")
@pytest.mark.parametrize("hours", [2, -5, 5.5])
def test_a_send_time_with_offset_is_the_same_instant(api: Api, build: Orders, hours: float) -> None:
    """A requestedSendTime in another zone is returned as the same instant."""
    instant = build.far_ahead().astimezone(timezone(timedelta(hours=hours)))
    placed = api.given_order(requestedSendTime=instant.isoformat())

    answer = api.given_details(placed)

    expect(answer).has_instant("requestedSendTime", instant)


@requirement("details.send-time-default")
def test_the_send_time_is_now_by_default(api: Api) -> None:
    """requestedSendTime is about the time of the order when none was sent."""
    placed = api.given_order(requestedSendTime=OMIT)

    answer = api.given_details(placed)

    expect(answer).has_instant("requestedSendTime", placed.receipt.answered_at, within=MINUTES)


@requirement("details.times-in-utc")
@pytest.mark.parametrize("hours", [0, 2])
def test_times_are_in_utc(api: Api, build: Orders, hours: int) -> None:
    """requestedSendTime and created are in UTC, whatever zone was sent."""
    instant: datetime = build.far_ahead().astimezone(timezone(timedelta(hours=hours)))
    placed = api.given_order(requestedSendTime=instant.isoformat())

    answer = api.given_details(placed)

    expect(answer).passes(details.times_are_in_utc)


@requirement("details.created-is-registration")
def test_created_is_the_time_of_the_order(api: Api) -> None:
    """created is about the time at which the order was answered."""
    placed = api.given_order()

    answer = api.given_details(placed)

    expect(answer).has_instant("created", placed.receipt.answered_at, within=MINUTES)


@requirement("details.channel-email")
def test_the_channel_is_email(api: Api) -> None:
    """notificationChannel is Email."""
    answer = api.given_details(api.given_order())

    expect(answer).has("notificationChannel", "Email")


@requirement("details.ignore-reservation-returned")
@pytest.mark.parametrize("value", [True, False])
def test_ignore_reservation_is_returned(api: Api, value: bool) -> None:
    """ignoreReservation is the value that was sent."""
    placed = api.given_order(ignoreReservation=value)

    answer = api.given_details(placed)

    expect(answer).has("ignoreReservation", value)


@requirement("details.resource-id-returned")
def test_the_resource_id_is_returned(api: Api) -> None:
    """resourceId is the one that was sent."""
    placed = api.given_order(resourceId="app_ttd_apps-test")

    answer = api.given_details(placed)

    expect(answer).has("resourceId", "app_ttd_apps-test")


@requirement("details.unsent-not-invented")
def test_members_that_were_not_sent_are_not_invented(api: Api) -> None:
    """Optional members that were not sent are absent or null, ignoreReservation perhaps false."""
    answer = api.given_details(api.given_order())

    expect(answer).lacks("sendersReference").lacks("resourceId").lacks("ignoreReservation", False)


@requirement("details.recipients-returned")
@pytest.mark.parametrize("count", [1, 2, 100])
def test_all_recipients_are_returned(api: Api, build: Orders, count: int) -> None:
    """recipients holds every address that was sent, and no other."""
    placed = api.given_order(recipients=build.addresses(count))

    answer = api.given_details(placed)

    expect(answer).has_recipients(placed.order["recipients"])


@requirement("details.numbers-returned")
@pytest.mark.parametrize("member", ["nationalIdentityNumber", "organizationNumber"])
def test_numbers_are_returned(api: Api, build: Orders, member: str) -> None:
    """Recipients given by number are returned by that number, in full."""
    number = {
        "nationalIdentityNumber": build.person_number,
        "organizationNumber": build.organisation_number,
    }[member]
    placed = api.given_order(recipients=[{member: number()}, {member: number()}])

    answer = api.given_details(placed)

    expect(answer).has_recipients(placed.order["recipients"])


@requirement("details.recipients-returned")
def test_recipients_of_all_kinds_are_returned(api: Api, build: Orders) -> None:
    """An order to addresses, a person and an organisation returns every one of them."""
    placed = api.given_order(
        recipients=[
            build.address(),
            {"nationalIdentityNumber": build.person_number()},
            {"organizationNumber": build.organisation_number()},
            build.address(),
        ]
    )

    answer = api.given_details(placed)

    expect(answer).has_recipients(placed.order["recipients"])


@requirement("details.recipients-returned")
def test_a_plus_in_an_address_is_returned(api: Api, build: Orders) -> None:
    """An address with a plus is returned with it."""
    placed = api.given_order(recipients=[build.address().replace("@", "+case@")])

    answer = api.given_details(placed)

    expect(answer).has_recipients(placed.order["recipients"])


@requirement("details.known-numbers-returned")
@pytest.mark.parametrize("member", ["nationalIdentityNumber", "organizationNumber"])
def test_a_known_number_is_returned_alone(
    api: Api, people: Known, organisations: Known, member: str
) -> None:
    """A recipient given by number is returned by it, though the registers know an address."""
    known = {each.member: each for each in (people.reachable, organisations.reachable)}
    placed = api.given_order(recipients=[known[member]])

    answer = api.given_details(placed)

    expect(answer).has_recipients(placed.order["recipients"]).has_identifiers_only(member)


@requirement("details.recipient-as-ordered")
@pytest.mark.parametrize("member", ["nationalIdentityNumber", "emailAddress"])
def test_a_recipient_has_its_own_identifier_only(api: Api, build: Orders, member: str) -> None:
    """A recipient is returned with the identifier it was ordered with and no other."""
    recipient = {"nationalIdentityNumber": build.person_number(), "emailAddress": build.address()}
    placed = api.given_order(recipients=[{member: recipient[member]}])

    answer = api.given_details(placed)

    expect(answer).has_identifiers_only(member)


@requirement("details.template-complete")
def test_the_template_is_complete(api: Api) -> None:
    """emailTemplate has fromAddress, subject, body and contentType."""
    answer = api.given_details(api.given_order())

    expect(answer).passes(details.template_is_complete)


@requirement("details.subject-returned")
@pytest.mark.parametrize("text", [*TEXTS, "A long subject, " * 10 + "end"])
def test_the_subject_is_returned(api: Api, text: str) -> None:
    """The subject is returned character for character."""
    placed = api.given_order(subject=text)

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.subject", text)


@requirement("details.body-returned")
@pytest.mark.parametrize("text", [*TEXTS, "A long text. " * 500 + "End."])
def test_the_body_is_returned(api: Api, text: str) -> None:
    """The body is returned character for character."""
    placed = api.given_order(body=text)

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.body", text)


@requirement("details.body-returned")
def test_the_tags_of_an_html_body_are_returned(api: Api) -> None:
    """A body in HTML is returned with its tags."""
    placed = api.given_order(contentType="Html", body="<p>En <b>viktig</b> melding &amp; mer</p>")

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.body", placed.order["body"])


@requirement("details.body-returned")
def test_the_lines_of_the_body_are_returned(api: Api) -> None:
    """A body of several lines is returned, but for the spelling of its line breaks."""
    placed = api.given_order(body="One line\nand another\n\nand a third")

    answer = api.given_details(placed)

    expect(answer).has_lines("emailTemplate.body", placed.order["body"])


@requirement("details.content-type-returned")
@pytest.mark.parametrize("content_type", ["Plain", "Html"])
def test_the_content_type_is_returned(api: Api, content_type: str) -> None:
    """The contentType is the one that was sent."""
    placed = api.given_order(contentType=content_type)

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.contentType", content_type)


@requirement("details.content-type-default")
def test_the_content_type_is_plain_by_default(api: Api) -> None:
    """The contentType is Plain when none was sent."""
    answer = api.given_details(api.given_order())

    expect(answer).has("emailTemplate.contentType", "Plain")


@requirement("details.from-address")
def test_the_from_address_is_an_email_address(api: Api) -> None:
    """fromAddress is an email address."""
    answer = api.given_details(api.given_order())

    expect(answer).passes(details.from_address_is_email)


@requirement("details.no-sms-template")
def test_an_email_order_has_no_sms_template(api: Api) -> None:
    """smsTemplate is absent or null."""
    answer = api.given_details(api.given_order())

    expect(answer).lacks("smsTemplate")


@requirement("details.self-link")
def test_the_self_link_names_the_order(api: Api) -> None:
    """links.self ends with /orders/ and the id."""
    answer = api.given_details(api.given_order())

    expect(answer).passes(details.self_link_names_order)


@requirement("details.status-link")
def test_the_status_link_names_the_order(api: Api) -> None:
    """links.status ends with /orders/, the id and /status."""
    answer = api.given_details(api.given_order())

    expect(answer).passes(details.status_link_names_order)


@requirement("details.links-work")
def test_the_self_link_leads_to_the_order(api: Api) -> None:
    """Following links.self returns the order."""
    placed = api.given_order()
    link = api.given_details(placed).response.member("links.self")

    answer = api.follow(str(link))

    expect(answer).has_status(200).has_id("id", placed.id)


@requirement("details.links-work")
def test_the_status_link_leads_somewhere(api: Api) -> None:
    """Following links.status is answered 200; what it holds is in no document."""
    placed = api.given_order()
    link = api.given_details(placed).response.member("links.status")

    answer = api.follow(str(link))

    expect(answer).has_status(200)


@requirement("details.self-link-is-location")
def test_the_self_link_is_the_location(api: Api) -> None:
    """links.self and the Location of the receipt have the same path."""
    placed = api.given_order()

    answer = api.given_details(placed)

    expect(answer).has_path("links.self", placed.receipt.response.header("location"))


@requirement("details.repeatable")
def test_the_details_are_the_same_each_time(api: Api, build: Orders) -> None:
    """Reading an order twice returns the same details."""
    placed = api.given_order(recipients=build.addresses(3))
    first = api.given_details(placed)

    second = api.given_details(placed)

    expect(second).repeats(first, *details.MEMBERS)
