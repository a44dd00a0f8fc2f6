"""Placing an order: what is accepted, and how it is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Any

import pytest

from conformance.api import Api, control
from conformance.behaviour import scenarios
from conformance.behaviour.operations import at_once
from conformance.checks import answers, receipt
from conformance.checks.details import recipients_of
from conformance.exchange import Exchange, member, shown
from conformance.expect import expect, expect_summary
from conformance.marks import costs, requirement, watches
from conformance.orders import KNOWN_RESOURCE, OMIT, Orders
from conformance.target.credentials import Credential
from conformance.watching import Watched

AT_ONCE = 8
NUMBER = "nationalIdentityNumber"
TEXTS = {
    "right to left, and stacked marks": "שלום, مرحبا, a\u0303\u0304",
    "planes 1, 2 and 3": "\U0001d11e \U00020000 \U00030ede",
    "joined and tagged emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 "
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
}
SIGNS = 'It\'s a "quoted" text: 5 < 6 & 100 % of {these} [and] #those (a\\b)'
DESIGNED = """<!DOCTYPE html><html lang="nb"><head><meta charset="utf-8"><title>Vedtak</title>
<style>p { color: #222; }</style></head><body style="margin:0"><!-- the letter -->
<table width="600" cellpadding="0"><tr><td style="padding:8px" align="left"><p class="a">Hei</p>
</td></tr></table></body></html>"""
LONG = "A long text. " * 7000 + "End."
"""About 90 kB, beyond the sixteen bits of a length."""


def of_all_kinds(build: Orders, count: int) -> list[dict[str, str]]:
    """Return that many recipients of each kind, as in the documented example."""
    return [
        recipient
        for _ in range(count)
        for recipient in (
            {"emailAddress": build.address()},
            {"nationalIdentityNumber": build.person_number()},
            {"organizationNumber": build.organisation_number()},
        )
    ]


def what_tells_apart(details: Exchange) -> tuple[Any, Any, list[Any]]:
    """Return from the details of an order what orders at once each have for themselves."""
    subject, reference = map(details.response.member, ("emailTemplate.subject", "sendersReference"))
    return subject, reference, [member(each, NUMBER) for each in recipients_of(details)]


@requirement("order.status-202")
def test_a_valid_order_is_answered_202(api: Api) -> None:
    """A valid order is answered 202."""
    answer = api.order_email()

    expect(answer).has_status(202)


@requirement("order.status-202")
def test_an_order_to_nobody_is_answered_202(api: Api, build: Orders) -> None:
    """A valid order is answered 202, though its lookup finds nobody."""
    answer = api.order_email(recipients=[{"nationalIdentityNumber": build.person_number()}])

    expect(answer).has_status(202)


@requirement("order.status-202")
@pytest.mark.parametrize(
    "media_type",
    ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"],
)
def test_a_spelling_of_the_media_type_makes_no_difference(
    api: Api, build: Orders, media_type: str
) -> None:
    """The media type of the request may name the charset, and knows no case."""
    body = json.dumps(build.order()).encode()
    control(api.place_raw(body))

    answer = api.place_raw(body, media_type)

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


@costs(requests=8, orders=8)
@requirement("order.ids-distinct")
def test_identical_orders_at_once_get_distinct_ids(api: Api, build: Orders) -> None:
    """The same order placed several times at the same moment gets as many ids."""
    order = build.order()

    receipts = [control(each) for each in at_once(api.place, [order] * AT_ONCE)]

    ids = {str(each.response.member("orderId")).lower() for each in receipts}
    expect(receipts[-1]).saw(f"{AT_ONCE} orderIds", len(ids) == AT_ONCE, f"{len(ids)} of them")


@costs(requests=16, orders=8)
@requirement("order.kept-apart")
def test_orders_at_once_are_kept_apart(api: Api, build: Orders) -> None:
    """Of orders placed at the same moment, each orderId leads to the order it was given to."""
    people = [build.person_number() for _ in range(AT_ONCE)]
    orders = [
        build.order(subject=each, sendersReference=each, recipients=[{NUMBER: each}])
        for each in people
    ]

    receipts = [control(each) for each in at_once(api.place, orders)]

    ids = [str(each.response.member("orderId")) for each in receipts]
    told = [what_tells_apart(control(api.get_order(id))) for id in ids]
    kept = told == [(each, each, [each]) for each in people]
    expect(receipts[-1]).saw(f"the orders {shown(people)}", kept, shown(told))


@requirement("order.location-present")
def test_the_receipt_has_a_location(api: Api) -> None:
    """A receipt carries a Location header with a URL."""
    answer = api.given_receipt()

    expect(answer).passes(receipt.location_is_url)


@requirement("order.location-present")
def test_the_receipt_of_an_order_to_nobody_has_a_location(api: Api, build: Orders) -> None:
    """A receipt carries a Location header beside a recipientLookup, too."""
    answer = api.given_receipt(recipients=[{"nationalIdentityNumber": build.person_number()}])

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


@requirement("order.location-works")
def test_the_location_of_an_order_to_nobody_works(api: Api, build: Orders) -> None:
    """Following Location returns the order, though none of its recipients is known."""
    nobody = {"nationalIdentityNumber": build.person_number()}
    placed = api.given_order(recipients=[nobody])

    answer = api.follow(placed.receipt.response.header("location") or "")

    expect(answer).has_status(200).has_id("id", placed.id)


@costs(emails=1)
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
        resourceId=KNOWN_RESOURCE,
        ignoreReservation=False,
        conditionEndpoint="https://condition.example.com/check",
    )

    expect(answer).is_accepted()


@requirement("order.all-members-accepted")
def test_an_html_order_of_all_members_is_accepted(api: Api, build: Orders) -> None:
    """The same in HTML, to all kinds of recipients, reservations overridden."""
    control(api.order_email())

    answer = api.order_email(
        recipients=of_all_kinds(build, 1),
        contentType="Html",
        sendersReference=build.reference(),
        resourceId=KNOWN_RESOURCE,
        ignoreReservation=True,
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


@pytest.mark.parametrize(
    ("member", "make"),
    [
        pytest.param(
            NUMBER, Orders.person_number, marks=requirement("order.person-recipient-accepted")
        ),
        pytest.param(
            "organizationNumber",
            Orders.organisation_number,
            marks=requirement("order.organisation-recipient-accepted"),
        ),
    ],
)
def test_a_control_digit_of_zero_is_accepted(
    api: Api, build: Orders, member: str, make: Callable[[Orders], str]
) -> None:
    """A number whose control digit is 0 is as good as any other."""
    control(api.order_email())
    numbers = (make(build) for _ in range(1000))

    answer = api.order_email(
        recipients=[{member: next(each for each in numbers if each[-1] == "0")}]
    )

    expect(answer).is_accepted()


@requirement("order.mixed-recipients-accepted")
def test_recipients_of_all_kinds_are_accepted_together(api: Api, build: Orders) -> None:
    """The documented example order, to an address, a person and an organisation, is accepted."""
    control(api.order_email())

    answer = api.order_email(recipients=of_all_kinds(build, 1))

    expect(answer).is_accepted()


@requirement("order.many-recipients-accepted")
@pytest.mark.parametrize(
    "hundreds",
    [lambda build: build.addresses(250), lambda build: of_all_kinds(build, 67)],
    ids=["addresses", "all kinds"],
)
def test_hundreds_of_recipients_are_accepted(
    api: Api, build: Orders, hundreds: Callable[[Orders], list[Any]]
) -> None:
    """An order to hundreds of recipients, by address or of all kinds, is accepted."""
    control(api.order_email())

    answer = api.order_email(recipients=hundreds(build))

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


@requirement("order.html-accepted")
def test_html_as_mail_programs_write_it_is_accepted(api: Api) -> None:
    """HTML may have styles, tables, comments and attributes, as that of emails usually has."""
    control(api.order_email())

    answer = api.order_email(contentType="Html", body=DESIGNED)

    expect(answer).is_accepted()


@requirement("order.unicode-accepted")
@pytest.mark.parametrize("member", ["subject", "body"])
@pytest.mark.parametrize(
    "text", ["Blåbær på øya", "漢字 и кириллица", "Gratulerer 🎉 𝄞", ", ".join(TEXTS.values())]
)
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


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(member, marks=requirement(f"details.{member}-returned"))
        for member in ("subject", "body")
    ],
)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_letters_come_back(api: Api, member: str, text: str) -> None:
    """Characters of any script and plane, joined or stacked, are returned as they were sent."""
    placed = api.given_order(**{member: text})

    answer = api.given_details(placed)

    expect(answer).has(f"emailTemplate.{member}", text)


@requirement("details.body-returned")
def test_a_long_body_comes_back_whole(api: Api) -> None:
    """A body of ninety kilobytes is returned to its end."""
    placed = api.given_order(body=LONG)

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.body", LONG)


@requirement("order.send-time-accepted")
@pytest.mark.parametrize("fraction", ["", ".1", ".123", ".123456", ".1234567"])
def test_a_send_time_of_any_precision_is_accepted(api: Api, build: Orders, fraction: str) -> None:
    """A requestedSendTime has up to seven digits of a second, as the documents' examples do."""
    control(api.order_email())
    instant = build.far_ahead().replace(tzinfo=None).isoformat()

    answer = api.order_email(requestedSendTime=f"{instant}{fraction}Z")

    expect(answer).is_accepted()


@requirement("order.contract-accepted")
@pytest.mark.parametrize(
    "body",
    ["A line\nand another", "A line\r\n\r\n\tand another", SIGNS, LONG],
    ids=["lines", "lines of Windows", "signs", "long"],
)
def test_any_text_is_accepted_as_body(api: Api, body: str) -> None:
    """A body may have several lines, signs of every kind, and be long."""
    control(api.order_email())

    answer = api.order_email(body=body)

    expect(answer).is_accepted()


@requirement("order.contract-accepted")
def test_a_long_subject_is_accepted(api: Api) -> None:
    """A subject may have some hundreds of characters."""
    control(api.order_email())

    answer = api.order_email(subject="A long subject, " * 19 + "end")

    expect(answer).is_accepted()


@requirement("order.contract-accepted")
def test_json_may_be_spelled_otherwise(api: Api, build: Orders) -> None:
    """The JSON of an order may be indented, and have its members in another order."""
    order = build.order(recipients=build.addresses(2))
    control(api.place(order))
    body = json.dumps(dict(reversed(order.items())), indent="\t").replace("\n", "\r\n")

    answer = api.place_raw(body.encode())

    expect(answer).is_accepted()


@requirement("order.contract-accepted")
@pytest.mark.parametrize(
    "end",
    [
        "+case@example.com",
        ".A_b@Example.com",
        "@mail-2.no.example.com",
        "@mail.example",
    ],
)
def test_an_address_of_any_usual_form_is_accepted(api: Api, build: Orders, end: str) -> None:
    """An address may have plus, dot, underscore and capitals, its domain several or long parts."""
    control(api.order_email())

    answer = api.order_email(recipients=[build.address().partition("@")[0] + end])

    expect(answer).is_accepted()


@requirement("order.send-time-accepted")
@pytest.mark.parametrize("hours", [0, 2, -5, 5.5, 14, -12])
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


@requirement("order.senders-reference-reusable")
@watches(scenarios.one_twin)
@watches(scenarios.other_twin)
def test_orders_that_share_a_reference_are_processed(watched_orders: list[Watched]) -> None:
    """Each of two orders with the same sendersReference gets its notification."""
    one, other = watched_orders

    expect_summary(one.summary).has_notifications(count=1)
    expect_summary(other.summary).has_notifications(count=1)


@costs(orders=3)
@requirement("order.senders-reference-of-another")
def test_a_reference_of_another_organisation_can_be_used(
    api: Api, credential: Callable[[str], Credential]
) -> None:
    """An order with the sendersReference of another organisation's order is accepted."""
    other = api.asking_with(credential("second_organisation_bearer"))
    control(other.order_email())
    reference = api.build.reference()
    api.given_order(sendersReference=reference)

    answer = other.order_email(sendersReference=reference)

    expect(answer).is_accepted()


@requirement("order.resource-id-accepted")
def test_the_id_of_an_app_is_accepted(api: Api) -> None:
    """A resourceId of the form app_{org}_{app} is accepted."""
    control(api.order_email())

    answer = api.order_email(resourceId=KNOWN_RESOURCE)

    expect(answer).is_accepted()


@requirement("order.ignore-reservation-accepted")
@pytest.mark.parametrize("value", [True, False])
def test_ignore_reservation_is_accepted(api: Api, value: bool) -> None:
    """ignoreReservation can be true or false."""
    control(api.order_email())

    answer = api.order_email(ignoreReservation=value)

    expect(answer).is_accepted()


@requirement("order.condition-endpoint-accepted")
@pytest.mark.parametrize(
    "endpoint",
    [
        "https://condition.example.com",
        "https://condition.example.com/check",
        "https://condition.example.com/check?order=17&kind=a",
        "https://condition.example.com:8443/check",
    ],
)
def test_a_condition_endpoint_is_accepted(api: Api, endpoint: str) -> None:
    """A conditionEndpoint that is a URL is accepted."""
    control(api.order_email())

    answer = api.order_email(conditionEndpoint=endpoint)

    expect(answer).is_accepted()
