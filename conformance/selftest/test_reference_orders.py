"""The reference accepts orders as "Send email notifications" describes it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from conformance.selftest.reference_server import LATER, MINIMAL, shared

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

REACHABLE_PERSON = {"nationalIdentityNumber": "01828531200"}
RESERVED_PERSON = {"nationalIdentityNumber": "11876995923"}
CONTACTLESS_PERSON = {"nationalIdentityNumber": "23839945116"}
UNKNOWN_PERSON = {"nationalIdentityNumber": "00000000000"}
REACHABLE_ORGANISATION = {"organizationNumber": "311000179"}
CONTACTLESS_ORGANISATION = {"organizationNumber": "213400983"}
ADDRESS = {"emailAddress": "b@example.com"}


def test_accepted_order_is_answered_with_its_id_and_its_link() -> None:
    answer = shared().post(MINIMAL | LATER)

    assert answer.status_code == 202
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert list(answer.json()) == ["orderId"]
    assert GUID.fullmatch(answer.json()["orderId"])
    assert answer.headers["location"] == f"{shared().base}/orders/{answer.json()['orderId']}"


def test_the_same_order_twice_is_two_orders() -> None:
    assert shared().place(**LATER) != shared().place(**LATER)


def test_the_documents_own_example_has_the_documents_own_lookup() -> None:
    recipients = [ADDRESS, RESERVED_PERSON, REACHABLE_ORGANISATION]

    answer = shared().post(MINIMAL | LATER | {"recipients": recipients})

    assert answer.json()["recipientLookup"] == {
        "status": "PartialSuccess",
        "isReserved": ["11876995923"],
        "missingContact": [],
    }


@pytest.mark.parametrize(
    ("recipients", "status", "reserved", "missing"),
    [
        ([REACHABLE_PERSON], "Success", [], []),
        ([REACHABLE_ORGANISATION, REACHABLE_PERSON], "Success", [], []),
        ([RESERVED_PERSON], "Failed", ["11876995923"], []),
        ([CONTACTLESS_PERSON, ADDRESS], "Failed", [], ["23839945116"]),
        ([UNKNOWN_PERSON], "Failed", [], ["00000000000"]),
        (
            [RESERVED_PERSON, CONTACTLESS_ORGANISATION, CONTACTLESS_PERSON],
            "Failed",
            ["11876995923"],
            ["213400983", "23839945116"],
        ),
        ([CONTACTLESS_ORGANISATION, REACHABLE_PERSON], "PartialSuccess", [], ["213400983"]),
        ([RESERVED_PERSON, REACHABLE_PERSON], "PartialSuccess", ["11876995923"], []),
    ],
)
def test_lookup(
    recipients: list[dict[str, str]], status: str, reserved: list[str], missing: list[str]
) -> None:
    answer = shared().post(MINIMAL | LATER | {"recipients": recipients})

    assert answer.status_code == 202
    assert answer.json()["recipientLookup"] == {
        "status": status,
        "isReserved": reserved,
        "missingContact": missing,
    }


def test_a_reserved_person_is_listed_also_when_the_order_ignores_reservations() -> None:
    order = {"recipients": [RESERVED_PERSON], "ignoreReservation": True}

    answer = shared().post(MINIMAL | LATER | order)

    assert answer.json()["recipientLookup"]["isReserved"] == ["11876995923"]


@pytest.mark.parametrize(
    "members",
    [
        {"contentType": "Html"},
        {"contentType": "Plain", "resourceId": "app_ttd_apps-test"},
        {"requestedSendTime": "2099-01-01t00:00:00.123456789+13:45"},
        {"requestedSendTime": "2001-01-01T00:00:00-00:00"},
        {"ignoreReservation": False, "sendersReference": ""},
        {"conditionEndpoint": "http://localhost:1/x?y=z#å"},
        {"contentType": None, "requestedSendTime": None, "sendersReference": None},
        {"ignoreReservation": None, "conditionEndpoint": None, "resourceId": None},
        {
            "recipients": [
                {"emailAddress": "ø!#$%&'*+/=?^_`{|}~-@a-b.c", "mobileNumber": "+4799999999"}
            ]
        },
        {"recipients": [{"emailAddress": "a@example.com", "organizationNumber": None}]},
        {"recipients": [{"emailAddress": f"a{number}@example.com"} for number in range(500)]},
        {"subject": "\U0001f4e7 æøå \u2028", "body": "b" * 1_000_000},
        {"unknown": {"deep": [1]}},
    ],
)
def test_is_accepted(members: dict[str, Any]) -> None:
    assert shared().post(MINIMAL | LATER | members).status_code == 202


def test_sms_order_is_accepted_and_looks_mobile_numbers_up() -> None:
    recipients = [{"mobileNumber": "+4799999999"}, {"organizationNumber": "312345676"}]

    answer = shared().post({"body": "Text", "recipients": recipients}, "/orders/sms")

    assert answer.status_code == 202
    assert answer.json()["recipientLookup"]["missingContact"] == ["312345676"]
