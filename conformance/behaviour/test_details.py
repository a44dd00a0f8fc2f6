"""The details of an order, read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest

from conformance.api import Api, Placed, control
from conformance.behaviour import scenarios
from conformance.behaviour.operations import (
    Ask,
    at_once,
    once_more,
    place_again,
    read_details,
    read_notifications,
)
from conformance.checks import answers, details
from conformance.checks.values import url_path
from conformance.conftest import CredentialOf, Known
from conformance.errors import Blocked
from conformance.exchange import Exchange, shown
from conformance.expect import expect, expect_summary
from conformance.marks import costs, requirement, watches
from conformance.orders import KNOWN_RESOURCE, LIKE_OTHER_TYPES, OMIT, Orders, rfc3339
from conformance.target.credentials import Credential, is_of_same_organisation
from conformance.target.description import Target
from conformance.watching import Watched

MINUTES = timedelta(minutes=2)
LANGUAGES = ["nb", "fi-FI, en;q=0.5", "ar", "th-TH"]
"""Some whose times have other signs, digits or years."""
TEXTS = [
    "A plain text,  with two spaces",
    "A\u030as, decomposed, and ½ \ufb01 👩\u200d🚀 composed",
    "Blåbær på øya, 漢字, 🎉 𝄞",
    "Quotes \" ' and \\ and <b>&amp;</b>",
    "$recipientName$ and $1, {0}, %s, 100%25, a+b",
]
"""What a template may hold. Keywords stay in it, whether the edition knows them or not."""
UNUSUAL: dict[str, Any] = {
    "contentType": "Html",
    "sendersReference": "The order before",
    "resourceId": KNOWN_RESOURCE,
    "ignoreReservation": True,
}
"""What an order may hold beside the required members, none of it as it is by default."""
AS_SENT = ("emailTemplate", "recipients", "requestedSendTime")
"""Where details have the other members of an order."""


def of_same_organisation(app: Credential, main: Credential) -> Credential:
    """Return the credential of an app; Blocked unless it names the organisation of the main one."""
    if not is_of_same_organisation(app, main):
        raise Blocked(
            "who issued the platform_access_token is not the organisation of the main one",
            "configuration",
        )
    return app


def turn_of_year(build: Orders, hours: float) -> datetime:
    """Return an instant that lies in one year in a zone, and in another in UTC.

    It is a day ahead or more, so that nothing is sent during a run.
    """
    year = (build.far_ahead() - timedelta(days=28)).year + 1
    east = 1 if hours > 0 else -1
    new_year = datetime(year, 1, 1, tzinfo=timezone(timedelta(hours=hours)))
    return new_year + east * timedelta(minutes=30)


def end_of_summer_time(build: Orders, hours: int) -> datetime:
    """Return the next 02:30 of the night in which Norway's clocks show that time twice."""
    ahead = build.far_ahead() - timedelta(days=28)
    years = [datetime(ahead.year + more, 10, 31, 2, 30) for more in (0, 1)]
    sundays = [each - timedelta(days=(each.weekday() + 1) % 7) for each in years]
    zone = timezone(timedelta(hours=hours))
    return next(at for each in sundays if (at := each.replace(tzinfo=zone)) > ahead)


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
        sendersReference=build.reference(), resourceId=KNOWN_RESOURCE, ignoreReservation=True
    )

    answer = api.given_details(placed)

    expect(answer).passes(details.follows_schema)


@requirement("details.id-names-order")
def test_the_id_is_that_of_the_order(api: Api) -> None:
    """id is the orderId of the receipt, not that of a later order."""
    placed, _ = api.given_order(), api.given_order()

    answer = api.given_details(placed)

    expect(answer).has_id("id", placed.id)


@costs(requests=12, orders=4)
@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(Api.get_order, id="details", marks=requirement("details.id-names-order")),
        pytest.param(Api.get_notifications, id="summary", marks=requirement("summary.order-id")),
    ],
)
def test_orders_read_at_once_are_kept_apart(
    api: Api, build: Orders, ask: Callable[[Api, str], Exchange]
) -> None:
    """Of orders that are read at the same moment each answer tells of the one asked for."""
    references = [build.reference() for _ in range(4)]
    ids = [api.given_order(sendersReference=each).id for each in references]

    answers = [control(each) for each in at_once(partial(ask, api), ids * 2)]

    told = [each.response.member("sendersReference") for each in answers]
    expect(answers[-1]).saw(f"{shown(references)} twice", told == references * 2, shown(told))


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


@costs(requests=4)
@requirement("details.creator-own")
def test_each_organisation_is_the_creator_of_its_orders(
    api: Api, credential: Callable[[str], Credential]
) -> None:
    """The creator of an order of another organisation is another one."""
    other = api.asking_with(credential("second_organisation_bearer"))
    own = api.given_details(api.given_order())

    answer = other.given_details(other.given_order())

    expect(answer).differs("creator", own.response.member("creator"))


@costs(requests=4)
@requirement("details.creator-of-apps")
def test_the_creator_of_what_an_app_orders_is_its_organisation(
    api: Api, target: Target, credential: CredentialOf
) -> None:
    """An order of an app of the same organisation has the same creator."""
    own = api.asking_with(of_same_organisation(credential("platform_access_token"), target.main))
    usual = api.given_details(api.given_order())

    answer = own.given_details(own.given_order())

    expect(answer).has("creator", usual.response.member("creator"))


@costs(requests=24, orders=12)
@requirement("details.creator-own")
def test_each_organisation_is_the_creator_of_what_it_orders_at_once(
    api: Api, credential: Callable[[str], Credential]
) -> None:
    """Of orders placed at the same moment each has the creator who placed it."""
    both = api, api.asking_with(credential("second_organisation_bearer"))
    alone = [(each, each.given_order(), each.given_order()) for each in both]
    creators = [each.given_details(own).response.member("creator") for each, _, own in alone]
    orders = [api.build.order() for _ in range(8)]

    receipts = [control(each) for each in at_once(Api.place, both * 4, orders)]

    ids = [str(each.response.member("orderId")) for each in receipts]
    readings = [own.get_order(id) for own, id in zip(both * 4, ids, strict=True)]
    told = [each.response.member("creator") for each in readings]
    expect(receipts[-1]).saw(f"the creators {creators * 4}", told == creators * 4, shown(told))


@requirement("details.own-content")
def test_orders_that_share_a_reference_keep_what_is_theirs(api: Api, build: Orders) -> None:
    """An order is read with its own content after a like one was placed with other content."""
    shared = {"sendersReference": build.reference(), "subject": "The same subject"}
    placed = api.given_order(**shared, body="A body", contentType="Plain")
    api.given_order(**shared, body="<p>Another body</p>", contentType="Html")

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.body", "A body").has("emailTemplate.contentType", "Plain")
    expect(answer).has_recipients(placed.order["recipients"])


@requirement("details.from-address-is-sender")
def test_the_from_address_is_the_one_that_emails_come_from(api: Api, target: Target) -> None:
    """fromAddress is the address that the operator states."""
    answer = api.given_details(api.given_order())

    expect(answer).has("emailTemplate.fromAddress", target.sender_address)


@requirement("details.senders-reference-returned")
@pytest.mark.parametrize(
    "reference",
    [
        "0020241234",
        "2024/1234-5",
        "Sak  17 (Økonomi), 漢字 🎉 A\u030a",
        '"a" \\ <b> {0} 100%25 a+b',
        "reference-" * 13 + "end",
        *LIKE_OTHER_TYPES,
    ],
)
def test_the_reference_is_returned(api: Api, reference: str) -> None:
    """sendersReference is the one that was sent."""
    placed = api.given_order(sendersReference=reference)

    answer = api.given_details(placed)

    expect(answer).has("sendersReference", reference)


@requirement("details.send-time-returned")
@pytest.mark.parametrize("fraction", ["", ".1", ".045", ".123456", ".9999999"])
def test_the_send_time_is_returned(api: Api, build: Orders, fraction: str) -> None:
    """requestedSendTime is the instant that was sent, to the millisecond."""
    second = build.far_ahead()
    placed = api.given_order(requestedSendTime=f"{second:%Y-%m-%dT%H:%M:%S}{fraction}Z")

    answer = api.given_details(placed)

    instant = second.replace(microsecond=int(f"{fraction[1:7]:0<6}"))
    expect(answer).has_instant("requestedSendTime", instant)


@requirement("details.send-time-returned")
@pytest.mark.parametrize(("month", "hour"), [(1, 0), (7, 15)])
def test_the_send_time_is_returned_in_every_season(
    api: Api, build: Orders, month: int, hour: int
) -> None:
    """requestedSendTime is the instant that was sent: a winter night, a summer afternoon."""
    instant = build.far_ahead().replace(month=month, day=15, hour=hour)
    instant = instant.replace(year=instant.year + 1)
    placed = api.given_order(requestedSendTime=rfc3339(instant))

    answer = api.given_details(placed)

    expect(answer).has_instant("requestedSendTime", instant)


@requirement("details.send-time-offset-converted")
@pytest.mark.parametrize("hours", [2, -5])
def test_a_send_time_with_offset_is_the_same_instant(api: Api, build: Orders, hours: int) -> None:
    """A requestedSendTime in another zone is returned as the same instant."""
    instant = build.far_ahead().astimezone(timezone(timedelta(hours=hours)))
    placed = api.given_order(requestedSendTime=instant.isoformat())

    answer = api.given_details(placed)

    expect(answer).has_instant("requestedSendTime", instant)


@requirement("details.send-time-offset-converted")
@pytest.mark.parametrize("hours", [1, 5.5, 14, -3.5, -12])
def test_a_send_time_in_another_year_is_the_same_instant(
    api: Api, build: Orders, hours: float
) -> None:
    """A requestedSendTime whose day, month and year are others in UTC is the same instant."""
    instant = turn_of_year(build, hours)
    placed = api.given_order(requestedSendTime=instant.isoformat())

    answer = api.given_details(placed)

    expect(answer).has_instant("requestedSendTime", instant)


@requirement("details.send-time-offset-converted")
@pytest.mark.parametrize("hours", [2, 1])
def test_an_hour_that_clocks_show_twice_is_the_same_instant(
    api: Api, build: Orders, hours: int
) -> None:
    """02:30 in summer time and, an hour later, in winter time are told apart."""
    instant = end_of_summer_time(build, hours)
    placed = api.given_order(requestedSendTime=instant.isoformat())

    answer = api.given_details(placed)

    expect(answer).has_instant("requestedSendTime", instant)


@costs(emails=1)
@requirement("details.send-time-default")
def test_the_send_time_is_now_by_default(api: Api) -> None:
    """requestedSendTime is about the time of the order when none was sent."""
    placed = api.given_order(requestedSendTime=OMIT)

    answer = api.given_details(placed)

    expect(answer).has_instant("requestedSendTime", *placed.receipt.moments, within=MINUTES)


@requirement("details.times-in-utc")
@pytest.mark.parametrize("round_to", [{}, {"second": 0}, {"minute": 0, "second": 0}], ids=str)
@pytest.mark.parametrize("hours", [0, 2])
def test_times_are_in_utc(api: Api, build: Orders, hours: int, round_to: dict[str, Any]) -> None:
    """requestedSendTime and created are in UTC, whatever zone was sent, and however round."""
    instant = build.far_ahead().replace(**round_to).astimezone(timezone(timedelta(hours=hours)))
    placed = api.given_order(requestedSendTime=instant.isoformat())

    answer = api.given_details(placed)

    expect(answer).passes(details.times_are_in_utc)


@requirement("details.times-in-utc")
@pytest.mark.parametrize("language", LANGUAGES)
def test_times_are_spelt_alike_in_any_language(api: Api, language: str) -> None:
    """Whatever language a client prefers, requestedSendTime and created are in UTC."""
    asked = api.given_details(api.given_order())

    answer = once_more(
        api, asked, headers=[("Accept-Language", language)], operation=asked.operation
    )

    expect(answer).has_status(200).passes(details.times_are_in_utc)


@requirement("details.created-is-registration")
def test_created_is_the_time_of_the_order(api: Api) -> None:
    """created is about the time at which the order was answered."""
    placed = api.given_order()

    answer = api.given_details(placed)

    expect(answer).has_instant("created", *placed.receipt.moments, within=MINUTES)


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
@pytest.mark.parametrize("id", [KNOWN_RESOURCE, "app_ttd_my_app"])
def test_the_resource_id_is_returned(api: Api, id: str) -> None:
    """resourceId is the one that was sent."""
    placed = api.given_order(resourceId=id)

    answer = api.given_details(placed)

    expect(answer).has("resourceId", id)


@requirement("details.unsent-not-invented")
def test_members_that_were_not_sent_are_not_invented(api: Api) -> None:
    """Members that were sent with the order before only are absent, null or false."""
    api.given_order(**UNUSUAL)

    answer = api.given_details(api.given_order())

    expect(answer).lacks("sendersReference").lacks("resourceId").lacks("ignoreReservation", False)


@requirement("details.recipients-returned")
@pytest.mark.parametrize("count", [1, 2, 250])
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
            {"nationalIdentityNumber": build.person_number()},
        ]
    )

    answer = api.given_details(placed)

    expect(answer).has_recipients(placed.order["recipients"])


@requirement("details.recipients-returned")
def test_the_signs_in_an_address_are_returned(api: Api, build: Orders) -> None:
    """An address with a dot, an underscore and a plus is returned with them."""
    placed = api.given_order(recipients=[build.address().replace("@", ".of_a+case@")])

    answer = api.given_details(placed)

    expect(answer).has_recipients(placed.order["recipients"])


@requirement("details.address-letters-kept")
def test_the_capitals_in_an_address_are_returned(api: Api, build: Orders) -> None:
    """The part of an address before the at-sign keeps its capitals."""
    placed = api.given_order(recipients=[f"Case-{build.address()}"])

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
@pytest.mark.parametrize("text", [*TEXTS, *LIKE_OTHER_TYPES[:2], "A long subject, " * 33 + "end"])
def test_the_subject_is_returned(api: Api, text: str) -> None:
    """The subject is returned character for character."""
    placed = api.given_order(subject=text)

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.subject", text)


LONG = ["A long text. " * 2000 + "End.", "漢" * 12_000]
"""The second has letters of three bytes: whoever reads it in parts that are a power of two long,
each by itself, damages one at two of three borders."""


@requirement("details.body-returned")
@pytest.mark.parametrize("text", [*TEXTS, *LONG], ids=lambda text: text[:40])
def test_the_body_is_returned(api: Api, text: str) -> None:
    """The body is returned character for character."""
    placed = api.given_order(body=text)

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.body", text)


@requirement("details.body-returned")
def test_the_tags_of_an_html_body_are_returned(api: Api) -> None:
    """A body in HTML is returned with its tags, as they are."""
    body = "<P style='color: #c00'>En <b>viktig</b><br>melding &amp; mer p&aring; <i>vei"
    placed = api.given_order(contentType="Html", body=body)

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.body", placed.order["body"])


@requirement("details.body-returned")
def test_the_lines_of_the_body_are_returned(api: Api) -> None:
    """A body of several lines is returned, but for the spelling of its line breaks."""
    placed = api.given_order(body="One line\nand another\n\nand a third")

    answer = api.given_details(placed)

    expect(answer).has_lines("emailTemplate.body", placed.order["body"])


@requirement("details.body-returned")
def test_an_escaped_slash_of_the_body_is_a_slash(api: Api, build: Orders) -> None:
    r"""A slash may be spelt \/ in JSON (RFC 8259, section 7), as PHP does, and is one."""
    order = build.order(body="Søknad 1/2: ja og/eller nei")
    body = json.dumps(order).replace("/", "\\/").encode()
    receipt = control(api.place_raw(body))

    answer = api.given_details(Placed(receipt.response.member("orderId"), order, receipt))

    expect(answer).has("emailTemplate.body", order["body"])


@requirement("details.content-type-returned")
@pytest.mark.parametrize("content_type", ["Plain", "Html"])
def test_the_content_type_is_returned(api: Api, content_type: str) -> None:
    """The contentType is the one that was sent."""
    placed = api.given_order(contentType=content_type)

    answer = api.given_details(placed)

    expect(answer).has("emailTemplate.contentType", content_type)


@requirement("details.content-type-default")
@pytest.mark.parametrize("body", ["An email.", "<p>An email.</p>"])
def test_the_content_type_is_plain_by_default(api: Api, body: str) -> None:
    """The contentType is Plain when none was sent, whatever the body and the order before."""
    api.given_order(**UNUSUAL)
    placed = api.given_order(body=body)

    answer = api.given_details(placed)

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


@requirement("details.links-work-for-apps")
def test_the_self_link_of_an_app_leads_to_the_order(api: Api, credential: CredentialOf) -> None:
    """With a platform token, too, links.self returns the order."""
    own = api.asking_with(credential("platform_access_token"))
    placed = own.given_order()
    link = own.given_details(placed).response.member("links.self")

    answer = own.follow(str(link))

    expect(answer).has_status(200).has_id("id", placed.id)


@requirement("details.as-ordered-by-apps")
def test_the_order_of_an_app_reads_back(api: Api, credential: CredentialOf) -> None:
    """What an app orders is returned as it was sent."""
    own = api.asking_with(credential("platform_access_token"))

    answer = expect(own.given_details(own.given_order(**UNUSUAL)))

    for name in ("sendersReference", "resourceId", "ignoreReservation"):
        answer.has(name, UNUSUAL[name])
    answer.has("emailTemplate.contentType", UNUSUAL["contentType"])


@costs(requests=4)
@requirement("details.members-in-any-order")
def test_members_may_come_in_any_order(api: Api, build: Orders) -> None:
    """An order with all its members the other way round is the same order."""
    order = build.order(**UNUSUAL)
    usual = api.given_details(api.given_order(**order))
    receipt = control(api.place_raw(json.dumps(dict(reversed(order.items()))).encode()))

    answer = api.given_details(Placed(str(receipt.response.member("orderId")), order, receipt))

    expect(answer).repeats(usual, *UNUSUAL.keys() - {"contentType"}, *AS_SENT)


@requirement("details.other-resource-of-apps")
def test_an_app_may_name_another_resource(api: Api, credential: CredentialOf) -> None:
    """resourceId is the one that was sent, though the app is another."""
    own = api.asking_with(credential("platform_access_token"))

    answer = own.given_details(own.given_order(resourceId="app_ttd_my_app"))

    expect(answer).has("resourceId", "app_ttd_my_app")


@requirement("details.status-link-below-self")
def test_the_status_link_is_below_the_self_link(api: Api) -> None:
    """links.status is links.self with /status behind it; what lies there is in no document."""
    answer = api.given_details(api.given_order())
    link = answer.response.member("links.self")

    expect(answer).has_path("links.status", f"{url_path(link)}/status")


@requirement("details.self-link-is-location")
def test_the_self_link_is_the_location(api: Api) -> None:
    """links.self and the Location of the receipt have the same path."""
    placed = api.given_order()

    answer = api.given_details(placed)

    expect(answer).has_path("links.self", placed.receipt.response.header("location"))


@costs(requests=4)
@requirement("details.repeatable")
@pytest.mark.parametrize("meanwhile", [read_details, place_again, read_notifications])
def test_the_details_are_the_same_each_time(api: Api, build: Orders, meanwhile: Ask) -> None:
    """An order is read the same after it was read, placed again, or asked for its emails."""
    placed = api.given_order(recipients=build.addresses(3))
    first = api.given_details(placed)
    control(meanwhile(api, placed))

    second = api.given_details(placed)

    expect(second).repeats(first, *details.MEMBERS)


@requirement("details.found-when-processed")
@watches(scenarios.addresses)
def test_a_processed_order_is_still_found(api: Api, watched: Watched) -> None:
    """The details of an order are answered 200 when the time to process it is over."""
    answer = api.get_order(watched.placed.id)

    expect(answer).has_status(200)


@requirement("details.same-after-processing")
@watches(scenarios.keywords_for_organisation)
def test_a_processed_order_is_read_as_it_was_ordered(api: Api, watched: Watched) -> None:
    """Nothing of an order is changed by its processing, or by what was looked up for it."""
    order = watched.placed.order
    expect_summary(watched.summary).lists_notifications()

    answer = api.given_details(watched.placed)

    expect(answer).has_recipients(order["recipients"]).has_identifiers_only("organizationNumber")
    expect(answer).has("emailTemplate.subject", order["subject"])
    expect(answer).has("emailTemplate.body", order["body"])
    ordered = watched.placed.receipt.moments
    expect(answer).has_instant("requestedSendTime", *ordered, within=MINUTES)


@requirement("details.same-after-processing")
@watches(scenarios.address_and_stranger)
def test_a_processed_order_keeps_all_its_recipients(api: Api, watched: Watched) -> None:
    """Who was not reached is a recipient of a processed order all the same."""
    expect_summary(watched.summary).lists_notifications()

    answer = api.given_details(watched.placed)

    expect(answer).has_recipients(watched.placed.order["recipients"])


@requirement("details.same-after-processing")
@watches(scenarios.keywords_for_organisation)
def test_a_processed_order_was_created_when_it_was(api: Api, watched: Watched) -> None:
    """Neither creation nor send time are moved by the processing of an order."""
    expect_summary(watched.summary).lists_notifications()

    answer = api.given_details(watched.placed)

    expect(answer).keeps_instants(watched.details_at_once, "created", "requestedSendTime")
