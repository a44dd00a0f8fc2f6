"""The reference refuses what "Send email notifications" rules out, with problem details."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from conformance.selftest.reference_server import MINIMAL, shared

PERSON = "01828531200"
ORGANISATION = "311000179"


def without(member: str) -> dict[str, Any]:
    return {name: value for name, value in MINIMAL.items() if name != member}


def naming(*recipients: Any) -> dict[str, Any]:
    return MINIMAL | {"recipients": list(recipients)}


@pytest.mark.parametrize(
    ("document", "member"),
    [
        (without("subject"), "Subject"),
        (MINIMAL | {"subject": None}, "Subject"),
        (MINIMAL | {"subject": ""}, "Subject"),
        (MINIMAL | {"subject": " \t\n\u00a0"}, "Subject"),
        (MINIMAL | {"subject": 1}, "Subject"),
        (without("body"), "Body"),
        (MINIMAL | {"body": ""}, "Body"),
        (MINIMAL | {"body": ["x"]}, "Body"),
        (without("recipients"), "Recipients"),
        (MINIMAL | {"recipients": None}, "Recipients"),
        (MINIMAL | {"recipients": []}, "Recipients"),
        (MINIMAL | {"recipients": {"emailAddress": "a@example.com"}}, "Recipients"),
        (MINIMAL | {"recipients": "a@example.com"}, "Recipients"),
        (naming("a@example.com"), "Recipients[0]"),
        (naming({}), "Recipients[0]"),
        (naming({"emailAddress": "a@example.com"}, {"emailAddress": None}), "Recipients[1]"),
        (naming({"mobileNumber": "+4799999999"}), "Recipients[0]"),
        (naming({"emailAddress": "a@b.c", "organizationNumber": ORGANISATION}), "Recipients[0]"),
        (naming({"emailAddress": "a@b.c", "nationalIdentityNumber": PERSON}), "Recipients[0]"),
        (
            naming({"nationalIdentityNumber": PERSON, "organizationNumber": ORGANISATION}),
            "Recipients[0]",
        ),
        (naming({"emailAddress": "nobody"}), "Recipients[0].EmailAddress"),
        (naming({"emailAddress": "a@localhost"}), "Recipients[0].EmailAddress"),
        (naming({"emailAddress": "a@b@example.com"}), "Recipients[0].EmailAddress"),
        (naming({"emailAddress": "a b@example.com"}), "Recipients[0].EmailAddress"),
        (naming({"emailAddress": "a@example..com"}), "Recipients[0].EmailAddress"),
        (naming({"emailAddress": ""}), "Recipients[0].EmailAddress"),
        (naming({"emailAddress": 1}), "Recipients[0].EmailAddress"),
        (naming({"nationalIdentityNumber": "0182853120"}), "Recipients[0].NationalIdentityNumber"),
        (naming({"nationalIdentityNumber": f"{PERSON}0"}), "Recipients[0].NationalIdentityNumber"),
        (naming({"nationalIdentityNumber": "0182853120x"}), "Recipients[0].NationalIdentityNumber"),
        (naming({"nationalIdentityNumber": int("1" * 11)}), "Recipients[0].NationalIdentityNumber"),
        (naming({"organizationNumber": "31100017"}), "Recipients[0].OrganizationNumber"),
        (naming({"organizationNumber": f"{ORGANISATION}\n"}), "Recipients[0].OrganizationNumber"),
        (naming({"organizationNumber": "٣١١٠٠٠١٧٩"}), "Recipients[0].OrganizationNumber"),
        (MINIMAL | {"contentType": "Markdown"}, "ContentType"),
        (MINIMAL | {"contentType": ["Plain"]}, "ContentType"),
        (MINIMAL | {"requestedSendTime": "2099-01-01T00:00:00"}, "RequestedSendTime"),
        (MINIMAL | {"requestedSendTime": "2099-02-30T00:00:00Z"}, "RequestedSendTime"),
        (MINIMAL | {"requestedSendTime": "0001-01-01T00:00:00+23:59"}, "RequestedSendTime"),
        (MINIMAL | {"requestedSendTime": "tomorrow"}, "RequestedSendTime"),
        (MINIMAL | {"requestedSendTime": 1}, "RequestedSendTime"),
        (MINIMAL | {"sendersReference": 1}, "SendersReference"),
        (MINIMAL | {"resourceId": {}}, "ResourceId"),
        (MINIMAL | {"ignoreReservation": "true"}, "IgnoreReservation"),
        (MINIMAL | {"ignoreReservation": 1}, "IgnoreReservation"),
        (MINIMAL | {"conditionEndpoint": "/relative"}, "ConditionEndpoint"),
        (MINIMAL | {"conditionEndpoint": "ftp://example.com"}, "ConditionEndpoint"),
        (MINIMAL | {"conditionEndpoint": "http://"}, "ConditionEndpoint"),
        (MINIMAL | {"conditionEndpoint": "http://[::1"}, "ConditionEndpoint"),
        (MINIMAL | {"conditionEndpoint": "not a url"}, "ConditionEndpoint"),
        (MINIMAL | {"conditionEndpoint": True}, "ConditionEndpoint"),
    ],
)
def test_what_the_documents_rule_out_is_refused(document: dict[str, Any], member: str) -> None:
    answer = shared().post(document)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [member]


def test_problem_details_are_as_in_the_example() -> None:
    answer = shared().post(MINIMAL | {"subject": ""})

    trace_id = answer.json().pop("traceId")
    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", trace_id)
    assert answer.json() == {
        "type": "https://tools.ietf.org/html/rfc7231#section-6.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "traceId": trace_id,
        "errors": {"Subject": ["'Subject' must not be empty."]},
    }


def post_bytes(body: bytes, content_type: str | None = "application/json") -> httpx.Response:
    headers = shared().headers() | ({"Content-Type": content_type} if content_type else {})
    return shared().http.post(f"{shared().base}/orders/email", content=body, headers=headers)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe{}",
        b'{"subject": "\xe5"}',
        b'{"subject": "\\ud800", "body": "b", "recipients": [{"emailAddress": "a@example.com"}]}',
        b'{"x\\udfff": 1, "subject": "s", "body": "b", "recipients": [{"emailAddress": "a@b.c"}]}',
        b'{"x": NaN, "subject": "s", "body": "b", "recipients": [{"emailAddress": "a@b.c"}]}',
        b'{"x": ' + b"9" * 10_000 + b"}",
        b"[" * 100_000,
        b'{"x":' * 50_000 + b"1" + b"}" * 50_000,
        "{}".encode("utf-16"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    answer = post_bytes(body)

    assert answer.status_code == 400
    assert answer.json()["errors"]["$"]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/xml",
        "application/json; charset=utf-16",
        "json",
        ";",
        "/",
    ],
)
def test_another_media_type_is_unsupported(content_type: str | None) -> None:
    assert post_bytes(b"{}", content_type).status_code == 415


@pytest.mark.parametrize("content_type", ["Application/JSON", "application/json; charset=UTF-8"])
def test_the_media_type_is_read_as_http_has_it(content_type: str) -> None:
    assert post_bytes(b"{}", content_type).status_code == 400


@pytest.mark.parametrize(
    ("document", "member"),
    [
        ({"recipients": [{"mobileNumber": "+4799999999"}]}, "Body"),
        ({"body": "x", "recipients": [{"emailAddress": "a@example.com"}]}, "Recipients[0]"),
        ({"body": "x", "recipients": [{"mobileNumber": "99"}]}, "Recipients[0].MobileNumber"),
        (
            {"body": "x", "senderNumber": 1, "recipients": [{"mobileNumber": "+4799999999"}]},
            "SenderNumber",
        ),
    ],
)
def test_sms_orders_are_validated_too(document: dict[str, Any], member: str) -> None:
    answer = shared().post(document, "/orders/sms")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [member]
