"""The reference answers "Get order details" and "Get email notifications" as they describe it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from conformance.selftest.reference_server import LATER, MINIMAL, UNKNOWN_ID, shared

EVERYTHING = {
    "subject": "Hello $recipientName$",
    "body": "<p>$recipientNumber$</p>",
    "contentType": "Html",
    "recipients": [
        {"emailAddress": "testuser_1@example.com"},
        {"nationalIdentityNumber": "01828531200"},
        {"organizationNumber": "311000179"},
    ],
    "requestedSendTime": "2098-12-31T23:30:00.1234567-01:00",
    "sendersReference": "demo-2023-01",
    "resourceId": "app_ttd_apps-test",
    "ignoreReservation": True,
    "conditionEndpoint": "https://condition.example.com/",
}


def test_details_hold_everything_that_was_ordered() -> None:
    order_id = shared().place(**EVERYTHING)

    answer = shared().get(f"/orders/{order_id}")

    details = answer.json()
    created = datetime.fromisoformat(details.pop("created"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert abs(datetime.now(UTC) - created) < timedelta(seconds=10)
    assert details == {
        "id": order_id,
        "creator": "ttd",
        "sendersReference": "demo-2023-01",
        "requestedSendTime": "2099-01-01T00:30:00.123456Z",
        "notificationChannel": "Email",
        "ignoreReservation": True,
        "resourceId": "app_ttd_apps-test",
        "recipients": EVERYTHING["recipients"],
        "emailTemplate": {
            "fromAddress": "noreply@altinn.example",
            "subject": "Hello $recipientName$",
            "body": "<p>$recipientNumber$</p>",
            "contentType": "Html",
        },
        "links": {
            "self": f"{shared().base}/orders/{order_id}",
            "status": f"{shared().base}/orders/{order_id}/status",
        },
    }


def test_details_leave_out_what_was_not_ordered() -> None:
    details = shared().get(f"/orders/{shared().place()}").json()

    requested = datetime.fromisoformat(details["requestedSendTime"])
    assert set(details) == {
        "id",
        "creator",
        "requestedSendTime",
        "created",
        "notificationChannel",
        "recipients",
        "emailTemplate",
        "links",
    }
    assert details["emailTemplate"]["contentType"] == "Plain"
    assert abs(datetime.now(UTC) - requested) < timedelta(seconds=10)


def test_an_order_is_found_by_its_id_in_either_case() -> None:
    order_id = shared().place(**LATER)

    assert shared().get(f"/orders/{order_id.upper()}").json()["id"] == order_id


def test_the_location_and_the_links_can_be_followed() -> None:
    reference = shared()
    location = reference.post(MINIMAL | LATER).headers["location"]

    details = reference.http.get(location, headers=reference.headers()).json()

    status = reference.http.get(details["links"]["status"], headers=reference.headers())
    assert details["links"]["self"] == location
    assert status.json()["id"] == details["id"]
    assert status.json()["processingStatus"]["status"] == "Registered"


def test_summary_before_processing_is_empty() -> None:
    order_id = shared().place(**LATER, sendersReference="ref-2023-12-01")

    answer = shared().get(f"/orders/{order_id}/notifications/email")

    assert answer.status_code == 200
    assert answer.json() == {
        "orderId": order_id,
        "sendersReference": "ref-2023-12-01",
        "generated": 0,
        "succeeded": 0,
        "notifications": [],
    }


@pytest.mark.parametrize("suffix", ["", "/status", "/notifications/email"])
@pytest.mark.parametrize(
    "order_id", [UNKNOWN_ID, "x", f"{UNKNOWN_ID}0", "%00", f"%7B{UNKNOWN_ID}%7D"]
)
def test_an_unknown_order_is_answered_with_nothing(order_id: str, suffix: str) -> None:
    answer = shared().get(f"/orders/{order_id}{suffix}")

    assert answer.status_code == 404
    assert answer.content == b""


@pytest.mark.parametrize("suffix", ["", "/status", "/notifications/email"])
def test_another_organisations_order_is_not_found(suffix: str) -> None:
    path = f"/orders/{shared().place(**LATER)}{suffix}"

    assert shared().get(path, "second_organisation_bearer").status_code == 404
    assert shared().get(path, "platform_access_token").status_code == 200


def test_the_second_organisation_is_the_creator_of_its_own_orders() -> None:
    reference = shared()
    credential = "second_organisation_bearer"
    url, headers = f"{reference.base}/orders/email", reference.headers(credential)

    order_id = reference.http.post(url, json=MINIMAL | LATER, headers=headers).json()["orderId"]

    assert reference.get(f"/orders/{order_id}", credential).json()["creator"] != "ttd"
    assert reference.get(f"/orders/{order_id}").status_code == 404


def test_the_announced_sms_order_is_as_in_the_third_example() -> None:
    announced = shared().announced["sms_order"]

    details = shared().get(f"/orders/{announced['id']}").json()

    assert details["notificationChannel"] == "Sms"
    assert details["recipients"] == announced["recipients"]
    assert details["smsTemplate"] == {
        "senderNumber": announced["senderNumber"],
        "body": announced["body"],
    }
    assert "emailTemplate" not in details


def test_an_sms_order_is_told_as_it_was_ordered() -> None:
    order = {
        "body": "Hi",
        "senderNumber": "+4712345678",
        "recipients": [{"mobileNumber": "99999999"}],
    }
    order_id = shared().post(order, "/orders/sms").json()["orderId"]

    details = shared().get(f"/orders/{order_id}").json()

    assert details["smsTemplate"] == {"senderNumber": "+4712345678", "body": "Hi"}
    assert shared().emails(order_id)["generated"] == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", "/orders/email", 405),
        ("GET", "/orders/sms", 405),
        ("POST", f"/orders/{UNKNOWN_ID}", 405),
        ("PATCH", f"/orders/{UNKNOWN_ID}/notifications/email", 405),
        ("GET", "/orders", 404),
        ("GET", f"/order/{UNKNOWN_ID}", 404),
        ("GET", f"/orders/{UNKNOWN_ID}/", 404),
        ("GET", "", 404),
    ],
)
def test_other_paths_and_methods(method: str, path: str, status: int) -> None:
    reference = shared()

    answer = reference.http.request(method, reference.base + path, headers=reference.headers())

    assert answer.status_code == status
    assert ("allow" in answer.headers) == (status == 405)
