"""Placing an order: what is accepted, and how it is answered."""

from __future__ import annotations

import json
from datetime import timedelta, timezone

import pytest

from conformance.api import Api, control
from conformance.checks import answers, receipt
from conformance.expect import expect
from conformance.marks import requirement
from conformance.orders import OMIT, Orders


@requirement("order.status-202")
def test_a_valid_order_is_answered_202(api: Api) -> None:
    """A valid order is answered 202."""
    answer = api.order_email()

    expect(answer).has_status(202)


@requirement("order.status-202")
def test_a_charset_makes_no_difference(api: Api, build: Orders) -> None:
    """The media type of the request may name the charset."""
    body = json.dumps(build.order()).encode()

    answer = api.place_raw(body, "application/json; charset=utf-8")

    expect(answer).has_status(202)


@requirement("order.media-type-json")
def test_the_receipt_is_json(api: Api) -> None:
    """The body of a receipt is JSON."""
    answer = api.given_receipt()

    expect(answer).passes(answers.order_is_json)


@requirement("order.id-is-guid")
def test_the_receipt_names_the_order(api: Api) -> None:
    """A receipt carries an orderId, a GUID."""
    answer = api.given_receipt()

    expect(answer).passes(receipt.order_id_is_guid)


@requirement("order.ids-distinct")
def test_identical_orders_get_distinct_ids(api: Api, build: Orders) -> None:
    """The same order placed twice gets two ids."""
    order = build.order()
    first = api.given_order(**order)

    second = api.given_order(**order)

    expect(second.receipt).differs("orderId", first.id)


@requirement("order.location-present")
def test_the_receipt_has_a_location(api: Api) -> None:
    """A receipt carries a Location header with a URL."""
    answer = api.given_receipt()

    expect(answer).passes(receipt.location_is_url)


@requirement("order.location-names-order")
def test_the_location_names_the_order(api: Api) -> None:
    """The path of Location ends with the orderId."""
    answer = api.given_receipt()

    expect(answer).passes(receipt.location_is_url, receipt.location_names_order)


@requirement("order.location-works")
def test_the_location_leads_to_the_order(api: Api) -> None:
    """Following Location returns the order."""
    placed = api.given_order()

    answer = api.follow(placed.receipt.response.header("location") or "")

    expect(answer).has_status(200).has_id("id", placed.id)


@requirement("order.minimal-accepted")
def test_an_order_of_required_members_is_accepted(api: Api) -> None:
    """An order of nothing but subject, body and one address is accepted."""
    answer = api.order_email(requestedSendTime=OMIT)

    expect(answer).is_accepted()


@requirement("order.all-members-accepted")
def test_an_order_of_all_members_is_accepted(api: Api, build: Orders) -> None:
    """An order with every optional property at once is accepted."""
    control(api.order_email())

    answer = api.order_email(
        contentType="Plain",
        sendersReference=build.reference(),
        resourceId="app_ttd_apps-test",
        ignoreReservation=False,
        conditionEndpoint="https://condition.example.com/check",
    )

    expect(answer).is_accepted()


@requirement("order.person-recipient-accepted")
def test_a_person_is_accepted_as_recipient(api: Api, build: Orders) -> None:
    """A recipient given by national identity number is accepted."""
    control(api.order_email())

    answer = api.order_email(recipients=[{"nationalIdentityNumber": build.person_number()}])

    expect(answer).is_accepted()


@requirement("order.organisation-recipient-accepted")
def test_an_organisation_is_accepted_as_recipient(api: Api, build: Orders) -> None:
    """A recipient given by organization number is accepted."""
    control(api.order_email())

    answer = api.order_email(recipients=[{"organizationNumber": build.organisation_number()}])

    expect(answer).is_accepted()


@requirement("order.mixed-recipients-accepted")
def test_recipients_of_all_kinds_are_accepted_together(api: Api, build: Orders) -> None:
    """The documented example order, to an address, a person and an organisation, is accepted."""
    control(api.order_email())

    answer = api.order_email(
        recipients=[
            {"emailAddress": build.address()},
            {"nationalIdentityNumber": build.person_number()},
            {"organizationNumber": build.organisation_number()},
        ]
    )

    expect(answer).is_accepted()


@requirement("order.many-recipients-accepted")
def test_a_hundred_recipients_are_accepted(api: Api, build: Orders) -> None:
    """An order to a hundred addresses is accepted."""
    control(api.order_email())

    answer = api.order_email(recipients=build.addresses(100))

    expect(answer).is_accepted()


@requirement("order.plain-accepted")
def test_plain_is_accepted(api: Api) -> None:
    """The contentType Plain is accepted."""
    control(api.order_email())

    answer = api.order_email(contentType="Plain")

    expect(answer).is_accepted()


@requirement("order.html-accepted")
def test_html_is_accepted(api: Api) -> None:
    """The contentType Html is accepted."""
    control(api.order_email())

    answer = api.order_email(contentType="Html", body="<p>An email in <b>HTML</b>.</p>")

    expect(answer).is_accepted()


@requirement("order.unicode-accepted")
@pytest.mark.parametrize("member", ["subject", "body"])
@pytest.mark.parametrize("text", ["Blåbær på øya", "漢字 и кириллица", "Gratulerer 🎉 𝄞"])
def test_any_letters_are_accepted(api: Api, member: str, text: str) -> None:
    """Letters beyond ASCII, and beyond the first plane, are accepted in subject and body."""
    control(api.order_email())

    answer = api.order_email(**{member: text})

    expect(answer).is_accepted()


@requirement("order.unicode-accepted")
def test_escaped_letters_are_accepted(api: Api, build: Orders) -> None:
    """JSON may escape letters, those beyond the first plane as two escapes."""
    control(api.order_email())
    body = json.dumps(build.order(subject="Blåbær 🎉", body="Gratulerer 🎉 𝄞"))

    answer = api.place_raw(body.encode("ascii"))

    expect(answer).is_accepted()


@requirement("order.send-time-accepted")
@pytest.mark.parametrize("fraction", ["", ".1", ".123", ".123456", ".1234567"])
def test_a_send_time_of_any_precision_is_accepted(api: Api, build: Orders, fraction: str) -> None:
    """A requestedSendTime has up to seven digits of a second, as the documents' examples do."""
    control(api.order_email())
    instant = build.far_ahead().replace(tzinfo=None).isoformat()

    answer = api.order_email(requestedSendTime=f"{instant}{fraction}Z")

    expect(answer).is_accepted()


@requirement("order.contract-accepted")
@pytest.mark.parametrize("body", ["A line\nand another", "A long text. " * 2000])
def test_any_text_is_accepted_as_body(api: Api, body: str) -> None:
    """A body may have several lines, and be long."""
    control(api.order_email())

    answer = api.order_email(body=body)

    expect(answer).is_accepted()


@requirement("order.contract-accepted")
def test_a_plus_in_an_address_is_accepted(api: Api, build: Orders) -> None:
    """An email address may have a plus before its at-sign."""
    control(api.order_email())

    answer = api.order_email(recipients=[build.address().replace("@", "+case@")])

    expect(answer).is_accepted()


@requirement("order.send-time-accepted")
@pytest.mark.parametrize("hours", [0, 2, -5, 5.5])
def test_a_send_time_in_any_zone_is_accepted(api: Api, build: Orders, hours: float) -> None:
    """A requestedSendTime with a numeric offset is accepted."""
    control(api.order_email())
    zone = timezone(timedelta(hours=hours))

    answer = api.order_email(requestedSendTime=build.far_ahead().astimezone(zone).isoformat())

    expect(answer).is_accepted()


@requirement("order.senders-reference-accepted")
@pytest.mark.parametrize(
    "reference", ["2024/1234-5", "20241234", "Sak nr. 17 (økonomi)", "reference-" * 10]
)
def test_any_reference_is_accepted(api: Api, reference: str) -> None:
    """Any string can be the sendersReference."""
    control(api.order_email())

    answer = api.order_email(sendersReference=reference)

    expect(answer).is_accepted()


@requirement("order.senders-reference-reusable")
def test_a_reference_can_be_used_again(api: Api, build: Orders) -> None:
    """A second order with the same sendersReference is accepted, as an order of its own."""
    reference = build.reference()
    first = api.given_order(sendersReference=reference)

    answer = api.order_email(sendersReference=reference)

    expect(answer).is_accepted().differs("orderId", first.id)


@requirement("order.resource-id-accepted")
def test_the_id_of_an_app_is_accepted(api: Api) -> None:
    """A resourceId of the form app_{org}_{app} is accepted."""
    control(api.order_email())

    answer = api.order_email(resourceId="app_ttd_apps-test")

    expect(answer).is_accepted()


@requirement("order.ignore-reservation-accepted")
@pytest.mark.parametrize("value", [True, False])
def test_ignore_reservation_is_accepted(api: Api, value: bool) -> None:
    """ignoreReservation can be true or false."""
    control(api.order_email())

    answer = api.order_email(ignoreReservation=value)

    expect(answer).is_accepted()


@requirement("order.condition-endpoint-accepted")
@pytest.mark.parametrize("path", ["", "/check", "/check?order=17&kind=a", ":8443/check"])
def test_a_condition_endpoint_is_accepted(api: Api, path: str) -> None:
    """A conditionEndpoint that is a URL is accepted."""
    control(api.order_email())

    answer = api.order_email(conditionEndpoint=f"https://condition.example.com{path}")

    expect(answer).is_accepted()
