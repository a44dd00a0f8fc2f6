"""Placing a flawed order: refused with 400, one flaw at a time, each beside an accepted control."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from conformance.api import Api, control
from conformance.behaviour import scenarios
from conformance.checks import problem
from conformance.conftest import CredentialOf, Mails
from conformance.expect import expect, expect_mail
from conformance.marks import costs, requirement, watches
from conformance.orders import EVERY_OPTION, OMIT, Orders
from conformance.watching import Watched

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda body: body[:-1],
    "begun twice": lambda body: b"{" + body,
    "quoted": lambda body: b"'" + body,
}
RESEMBLANCES: dict[str, Callable[[bytes], bytes]] = {
    "trailing comma": lambda body: body[:-1] + b",}",
    "comment": lambda body: b"/* an order */" + body,
    "single quotes": lambda body: body.replace(b'"', b"'"),
    "names without quotes": lambda body: body.replace(b'"subject"', b"subject"),
    "ended twice": lambda body: body + b"}",
    "not in UTF-8": lambda body: body.replace(b"test", b"t\xe6st"),
}
"""What some libraries take for JSON: JavaScript, more behind its end, letters to be replaced."""

whatever_else = pytest.mark.parametrize(
    "others", [{}, EVERY_OPTION], ids=["alone", "with all options"]
)


@whatever_else
@requirement("validation.subject-required")
@pytest.mark.parametrize("value", [OMIT, None])
def test_an_order_without_subject_is_refused(api: Api, value: Any, others: dict[str, Any]) -> None:
    """An order without subject is refused, and so is one whose subject is null."""
    control(api.order_email(**others))

    refusal = api.order_email(**others, subject=value)

    expect(refusal).is_refused(400)


@requirement("validation.refused-for-apps")
@pytest.mark.parametrize(
    "flaw",
    [{"subject": ""}, {"body": OMIT}, {"recipients": [{}]}, {"contentType": "Markdown"}],
    ids=lambda flaw: next(iter(flaw)),
)
def test_a_flawed_order_of_an_app_is_refused(
    api: Api, credential: CredentialOf, flaw: dict[str, Any]
) -> None:
    """An order that a PlatformAccessToken would authorise is refused for a flaw of its own."""
    own = api.asking_with(credential("platform_access_token"))
    control(own.order_email())

    refusal = own.order_email(**flaw)

    expect(refusal).is_refused(400)


@whatever_else
@requirement("validation.body-required")
@pytest.mark.parametrize("value", [OMIT, None])
def test_an_order_without_body_is_refused(api: Api, value: Any, others: dict[str, Any]) -> None:
    """An order without body is refused, and so is one whose body is null."""
    control(api.order_email(**others))

    refusal = api.order_email(**others, body=value)

    expect(refusal).is_refused(400)


@whatever_else
@requirement("validation.recipients-required")
@pytest.mark.parametrize("value", [OMIT, None])
def test_an_order_without_recipients_is_refused(
    api: Api, value: Any, others: dict[str, Any]
) -> None:
    """An order without recipients is refused, and so is one whose recipients is null."""
    control(api.order_email(**others))

    refusal = api.order_email(**others, recipients=value)

    expect(refusal).is_refused(400)


@whatever_else
@requirement("validation.subject-not-empty")
def test_an_empty_subject_is_refused(api: Api, others: dict[str, Any]) -> None:
    """An empty subject is refused, as the documented example shows."""
    control(api.order_email(**others))

    refusal = api.order_email(**others, subject="")

    expect(refusal).is_refused(400)


@whatever_else
@requirement("validation.body-not-empty")
def test_an_empty_body_is_refused(api: Api, others: dict[str, Any]) -> None:
    """An empty body is refused."""
    control(api.order_email(**others))

    refusal = api.order_email(**others, body="")

    expect(refusal).is_refused(400)


@whatever_else
@requirement("validation.recipients-not-empty")
def test_an_empty_list_of_recipients_is_refused(api: Api, others: dict[str, Any]) -> None:
    """An empty list of recipients is refused."""
    control(api.order_email(**others))

    refusal = api.order_email(**others, recipients=[])

    expect(refusal).is_refused(400)


@requirement("validation.recipient-identified")
@pytest.mark.parametrize(
    "recipient",
    [
        {},
        {"emailAddress": None},
        {"emailAddress": ""},
        {"nationalIdentityNumber": ""},
        {"organizationNumber": ""},
        {"mobileNumber": "+4799999999"},
        {"email": "conformance@example.com"},
    ],
)
def test_a_recipient_without_identifier_is_refused(api: Api, recipient: dict[str, Any]) -> None:
    """A recipient without any identifier is refused."""
    control(api.order_email())

    refusal = api.order_email(recipients=[recipient])

    expect(refusal).is_refused(400)


@requirement("validation.every-recipient")
@pytest.mark.parametrize("flawed", [{}, {"nationalIdentityNumber": None}])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_flawed_recipient_among_valid_ones_is_refused(
    api: Api, build: Orders, position: int, flawed: Any
) -> None:
    """A recipient without identifier is refused wherever it stands in the list."""
    recipients: list[Any] = build.addresses(2)
    control(api.order_email(recipients=recipients))
    recipients.insert(position, flawed)

    refusal = api.order_email(recipients=recipients)

    expect(refusal).is_refused(400)


@requirement("validation.every-recipient")
def test_one_flawed_recipient_after_many_is_refused(api: Api, build: Orders) -> None:
    """A recipient without identifier is refused after a hundred valid ones, too."""
    recipients: list[Any] = build.addresses(120)
    control(api.order_email(recipients=recipients))

    refusal = api.order_email(recipients=[*recipients, {}])

    expect(refusal).is_refused(400)


@requirement("validation.recipient-single-identifier")
@pytest.mark.parametrize(
    "members",
    [
        ("nationalIdentityNumber", "emailAddress"),
        ("nationalIdentityNumber", "organizationNumber"),
        ("organizationNumber", "emailAddress"),
    ],
    ids=" and ".join,
)
def test_a_number_beside_another_identifier_is_refused(
    api: Api, build: Orders, members: tuple[str, str]
) -> None:
    """A recipient with a number and another identifier is refused."""
    identifiers = {
        "nationalIdentityNumber": build.person_number(),
        "organizationNumber": build.organisation_number(),
        "emailAddress": build.address(),
    }
    control(api.order_email(recipients=[{name: identifiers[name]} for name in members]))

    refusal = api.order_email(recipients=[{name: identifiers[name] for name in members}])

    expect(refusal).is_refused(400)


@requirement("validation.email-address-syntax")
@pytest.mark.parametrize(
    "value",
    [
        "conformance",
        "@example.com",
        "conformance@",
        "a@example.com,b@example.com",
        "a@example.com;b@example.com",
        "a@example.com\nb@example.com",
        'a "quoted" \\ address',
    ],
)
def test_an_impossible_address_is_refused(api: Api, value: Any) -> None:
    """An emailAddress that cannot be one is refused."""
    control(api.order_email())

    refusal = api.order_email(recipients=[{"emailAddress": value}])

    expect(refusal).is_refused(400)


@requirement("validation.email-address-syntax")
@pytest.mark.parametrize("position", [1, 2])
def test_an_impossible_address_after_a_valid_one_is_refused(
    api: Api, build: Orders, position: int
) -> None:
    """An emailAddress that cannot be one is refused behind others, and as the last, too."""
    recipients = build.addresses(2)
    control(api.order_email(recipients=recipients))
    recipients.insert(position, "conformance")

    refusal = api.order_email(recipients=recipients)

    expect(refusal).is_refused(400)


@requirement("validation.person-number-length")
@pytest.mark.parametrize("value", ["0187699592", "018769959230", "210000179", "1", "0" * 30])
def test_a_national_identity_number_of_another_length_is_refused(
    api: Api, build: Orders, value: str
) -> None:
    """A nationalIdentityNumber without exactly eleven digits is refused."""
    control(api.order_email())
    valid = {"nationalIdentityNumber": build.person_number()}

    refusal = api.order_email(recipients=[valid, {"nationalIdentityNumber": value}])

    expect(refusal).is_refused(400)


@requirement("validation.organisation-number-length")
@pytest.mark.parametrize("value", ["21000017", "2100001790", "21000017900", "1", "0" * 30])
def test_an_organization_number_of_another_length_is_refused(
    api: Api, build: Orders, value: str
) -> None:
    """An organizationNumber without exactly nine digits is refused."""
    control(api.order_email())
    valid = {"organizationNumber": build.organisation_number()}

    refusal = api.order_email(recipients=[valid, {"organizationNumber": value}])

    expect(refusal).is_refused(400)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        pytest.param(*flaw, marks=requirement(f"validation.{id}"), id=flaw[0])
        for id, flaw in {
            "person-number-length": ("nationalIdentityNumber", "0187699592"),
            "organisation-number-length": ("organizationNumber", "21000017"),
            "email-address-syntax": ("emailAddress", "conformance"),
        }.items()
    ],
)
@pytest.mark.parametrize("step", [1, -1], ids=["last", "first"])
def test_an_impossible_recipient_beside_other_kinds_is_refused(
    api: Api, build: Orders, member: str, value: str, step: int
) -> None:
    """A flawed identifier is refused beside valid ones of each kind, before and after them."""
    valid = [
        {"nationalIdentityNumber": build.person_number()},
        {"organizationNumber": build.organisation_number()},
        {"emailAddress": build.address()},
    ]
    control(api.order_email(recipients=valid))

    refusal = api.order_email(recipients=[*valid, {member: value}][::step])

    expect(refusal).is_refused(400)


@requirement("validation.subject-is-string")
@pytest.mark.parametrize("value", [17, True, ["text"], {"text": "text"}])
def test_a_subject_that_is_no_string_is_refused(api: Api, value: Any) -> None:
    """A subject of another JSON type is refused."""
    control(api.order_email())

    refusal = api.order_email(subject=value)

    expect(refusal).is_refused(400)


@requirement("validation.body-is-string")
@pytest.mark.parametrize("value", [17, True, ["text"], {"text": "text"}])
def test_a_body_that_is_no_string_is_refused(api: Api, value: Any) -> None:
    """A body of another JSON type is refused."""
    control(api.order_email())

    refusal = api.order_email(body=value)

    expect(refusal).is_refused(400)


@requirement("validation.recipients-is-list")
@pytest.mark.parametrize(
    "value",
    [
        "text",
        17,
        {"emailAddress": "conformance@example.com"},
        [17],
        [["text"]],
        [None],
        ["conformance@example.com"],
    ],
)
def test_recipients_that_are_no_list_of_objects_are_refused(api: Api, value: Any) -> None:
    """Recipients of another JSON type are refused, in whole or in part."""
    control(api.order_email())

    refusal = api.place(api.build.order() | {"recipients": value})

    expect(refusal).is_refused(400)


@requirement("validation.recipients-is-list")
@pytest.mark.parametrize("position", [0, 1, 2])
def test_null_among_recipients_is_refused(api: Api, build: Orders, position: int) -> None:
    """A null in place of a recipient is refused wherever it stands among valid ones."""
    recipients: list[Any] = build.addresses(2)
    control(api.order_email(recipients=recipients))
    recipients.insert(position, None)

    refusal = api.order_email(recipients=recipients)

    expect(refusal).is_refused(400)


@requirement("validation.content-type-known")
@pytest.mark.parametrize("value", ["Markdown", "text/html", "PlainText"])
def test_an_unknown_content_type_is_refused(api: Api, value: str) -> None:
    """A contentType that is neither Plain nor Html, if like them, is refused."""
    control(api.order_email())

    refusal = api.order_email(contentType=value)

    expect(refusal).is_refused(400)


@costs(emails=1)
@requirement("validation.send-time-is-date-time")
@pytest.mark.parametrize(
    "value",
    [
        "tomorrow",
        "2099-13-01T12:00:00Z",
        "2099-02-30T12:00:00Z",
        "2099-01-01T25:00:00Z",
        "2099-01-01",
        4070908800,
        True,
        {},
    ],
)
def test_a_send_time_that_is_none_is_refused(api: Api, value: Any) -> None:
    """A requestedSendTime that is no date and time is refused."""
    control(api.order_email())

    refusal = api.order_email(requestedSendTime=value)

    expect(refusal).is_refused(400)


@costs(emails=1)
@requirement("validation.send-time-has-zone")
@pytest.mark.parametrize("fraction", ["", ".1234567"])
def test_a_send_time_without_zone_is_refused(api: Api, build: Orders, fraction: str) -> None:
    """A requestedSendTime without time zone is refused."""
    control(api.order_email())
    instant = build.far_ahead().replace(tzinfo=None).isoformat()

    refusal = api.order_email(requestedSendTime=f"{instant}{fraction}")

    expect(refusal).is_refused(400)


@requirement("validation.senders-reference-is-string")
@pytest.mark.parametrize("value", [17, True, ["text"], {"text": "text"}])
def test_a_reference_that_is_no_string_is_refused(api: Api, value: Any) -> None:
    """A sendersReference of another JSON type is refused."""
    control(api.order_email())

    refusal = api.order_email(sendersReference=value)

    expect(refusal).is_refused(400)


@requirement("validation.resource-id-is-string")
@pytest.mark.parametrize("value", [17, True, ["text"], {"text": "text"}])
def test_a_resource_id_that_is_no_string_is_refused(api: Api, value: Any) -> None:
    """A resourceId of another JSON type is refused."""
    control(api.order_email())

    refusal = api.order_email(resourceId=value)

    expect(refusal).is_refused(400)


@requirement("validation.ignore-reservation-is-boolean")
@pytest.mark.parametrize("value", ["perhaps", "true", 2, 1, [True], {"value": True}])
def test_an_ignore_reservation_that_is_no_boolean_is_refused(api: Api, value: Any) -> None:
    """An ignoreReservation of another JSON type is refused."""
    control(api.order_email())

    refusal = api.order_email(ignoreReservation=value)

    expect(refusal).is_refused(400)


@requirement("validation.condition-endpoint-is-url")
@pytest.mark.parametrize(
    "value",
    [
        "no url at all",
        "http://",
        "condition.example.com/check",
        17,
        ["https://condition.example.com"],
    ],
)
def test_a_condition_endpoint_that_is_no_url_is_refused(api: Api, value: Any) -> None:
    """A conditionEndpoint that is no URL is refused."""
    control(api.order_email())

    refusal = api.order_email(conditionEndpoint=value)

    expect(refusal).is_refused(400)


@requirement("validation.contract-kept")
@pytest.mark.parametrize("value", [11876995923, True, ["conformance@example.com"], {}])
@pytest.mark.parametrize("member", ["emailAddress", "nationalIdentityNumber", "organizationNumber"])
def test_an_identifier_that_is_no_string_is_refused(api: Api, member: str, value: Any) -> None:
    """An identifier of another JSON type than string is refused."""
    control(api.order_email())

    refusal = api.order_email(recipients=[{member: value}])

    expect(refusal).is_refused(400)


@requirement("validation.json-well-formed")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_body_that_is_no_json_is_refused(
    api: Api, build: Orders, damage: Callable[[bytes], bytes]
) -> None:
    """A valid order whose JSON was damaged is refused."""
    body = json.dumps(build.order()).encode()
    control(api.place_raw(body))

    refusal = api.place_raw(damage(body))

    expect(refusal).is_refused(400)


@requirement("validation.json-strict")
@pytest.mark.parametrize("damage", RESEMBLANCES.values(), ids=RESEMBLANCES)
def test_a_body_that_resembles_json_is_refused(
    api: Api, build: Orders, damage: Callable[[bytes], bytes]
) -> None:
    """A valid order in what some libraries read, though it is no JSON, is refused."""
    body = json.dumps(build.order()).encode()
    control(api.place_raw(body))

    refusal = api.place_raw(damage(body))

    expect(refusal).is_refused(400)


@requirement("validation.body-is-order")
@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"{}", b"[]", b'"text"', b"17", b"null", b"[" * 5000 + b"]" * 5000],
    ids=["nothing", "space", "{}", "[]", "text", "number", "null", "deep list"],
)
def test_a_body_that_holds_no_order_is_refused(api: Api, body: bytes) -> None:
    """JSON that is no order, and an empty body, are refused."""
    control(api.order_email())

    refusal = api.place_raw(body)

    expect(refusal).is_refused(400)


@requirement("validation.body-is-order")
@pytest.mark.parametrize("wrap", [lambda order: [order], json.dumps], ids=["list", "string"])
def test_a_wrapped_order_is_refused(api: Api, build: Orders, wrap: Callable[[Any], Any]) -> None:
    """An order inside of a list, or of a string, is refused."""
    order = build.order()
    control(api.place(order))

    refusal = api.place(wrap(order))

    expect(refusal).is_refused(400)


@requirement("validation.media-type")
@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/json-seq",
    ],
)
def test_another_media_type_is_refused(api: Api, build: Orders, media_type: str) -> None:
    """A valid order that calls itself something else than JSON is refused."""
    body = json.dumps(build.order()).encode()
    control(api.place_raw(body))

    refusal = api.place_raw(body, media_type)

    expect(refusal).is_refused(415, 400)


@requirement("validation.names-no-order")
def test_a_refusal_names_no_order(api: Api) -> None:
    """A refusal has neither orderId nor Location."""
    control(api.order_email())

    refusal = api.given_refusal(subject="")

    expect(refusal).passes(problem.names_no_order)


@requirement("validation.mended-accepted")
@pytest.mark.parametrize(
    "flaw",
    [{"subject": ""}, {"contentType": "Markdown"}, {"recipients": [{}]}, {"body": 17}],
    ids=list,
)
def test_an_order_is_accepted_once_it_is_mended(
    api: Api, build: Orders, flaw: dict[str, Any]
) -> None:
    """What was refused is accepted without its flaw, its reference and recipients unused."""
    order = build.order(sendersReference=build.reference())
    api.given_refusal(**order | flaw)

    answer = api.place(order)

    expect(answer).is_accepted()


@requirement("validation.refused-not-delivered")
@watches(scenarios.flawed_recipient, refused=[400])
def test_nothing_is_sent_for_a_refused_order(watched: Watched, mails: Mails) -> None:
    """The valid recipient of a refused order gets nothing."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_mail(mails(address), watched.placed.receipt).none_arrived()
