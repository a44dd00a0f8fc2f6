"""The reference sends what is due, to whom it is due, and says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from conformance.selftest.reference_server import LATER, eventually, shared

DESCRIPTIONS = {
    "Delivered": "The email was delivered to the recipient. No errors reported, "
    "making it likely it was received by the recipient.",
    "Failed_Bounced": "The email hard bounced, which may have happened because "
    "the email address does not exist or the domain is invalid.",
    "Failed_RecipientNotIdentified": "The email was not sent because "
    "the recipient\u2019s email address was not found.",
}


def ends(notifications: list[dict[str, Any]]) -> list[tuple[str | None, str]]:
    return [
        (each["recipient"].get("emailAddress"), each["sendStatus"]["status"])
        for each in notifications
    ]


def test_every_recipient_has_its_end() -> None:
    recipients = [
        {"emailAddress": "every@example.com"},
        {"emailAddress": "every@Bounce.example.com"},
        {"nationalIdentityNumber": "11876995923"},
        {"nationalIdentityNumber": "23839945116"},
        {"organizationNumber": "210045120"},
        {"organizationNumber": "999999999"},
    ]

    order_id = shared().place(recipients=recipients, sendersReference="all")

    assert ends(shared().settled(order_id)) == [
        ("every@example.com", "Delivered"),
        ("every@Bounce.example.com", "Failed_Bounced"),
        (None, "Failed_RecipientNotIdentified"),
        (None, "Failed_RecipientNotIdentified"),
        ("post@blaabaer.example.org", "Delivered"),
        ("styret@blaabaer.example.org", "Delivered"),
        (None, "Failed_RecipientNotIdentified"),
    ]
    summary = shared().emails(order_id)
    assert (summary["generated"], summary["succeeded"]) == (7, 3)
    assert shared().mails_to("every@Bounce.example.com") == []
    for each in summary["notifications"]:
        assert each["succeeded"] == (each["sendStatus"]["status"] == "Delivered")
        assert each["sendStatus"]["description"] == DESCRIPTIONS[each["sendStatus"]["status"]]


@pytest.mark.parametrize(
    ("domain", "status"),
    [
        ("spam.example.com", "Failed_FilteredSpam"),
        ("quarantine.example.com", "Failed_Quarantined"),
        ("invalid-format.example.com", "Failed_InvalidEmailFormat"),
        ("failure.example.com", "Failed"),
    ],
)
def test_some_domains_have_an_end_of_their_own(domain: str, status: str) -> None:
    address = f"someone@{domain}"

    order_id = shared().place(recipients=[{"emailAddress": address}])

    assert ends(shared().settled(order_id)) == [(address, status)]
    assert shared().mails_to(address) == []


def test_statuses_move_forward() -> None:
    order_id = shared().place(recipients=[{"emailAddress": "forward@example.com"}])
    seen: list[str] = []

    while "Delivered" not in seen:
        for each in shared().emails(order_id)["notifications"]:
            if each["sendStatus"]["status"] not in seen:
                seen.append(each["sendStatus"]["status"])

    order = ["New", "Sending", "Succeeded", "Delivered"]
    assert len(seen) >= 2
    assert seen == [status for status in order if status in seen]


def test_a_reservation_can_be_ignored() -> None:
    recipients = [{"nationalIdentityNumber": "08896411897"}]

    order_id = shared().place(recipients=recipients, ignoreReservation=True)

    assert ends(shared().settled(order_id)) == [("bjorg@example.org", "Delivered")]


def test_keywords_are_replaced_once_for_people_and_organisations_alone() -> None:
    text = "$recipientName$|$recipientNumber$|$recipientname$|$recipientName|$recipientName$"
    recipients = [
        {"nationalIdentityNumber": "29917823357"},
        {"organizationNumber": "311000179"},
        {"emailAddress": "keyword@example.com"},
    ]

    order_id = shared().place(subject=f"keyword {text}", body=text, recipients=recipients)

    shared().settled(order_id)
    kari, firm = "Kari & Ola Nordmann-Sæther", "Sjøgrend & Dønnes AS"
    expected = {
        "kari.ola@example.net": f"{kari}||$recipientname$|$recipientName|{kari}",
        "post@sjogrend.example.com": f"{firm}|311000179|$recipientname$|$recipientName|{firm}",
        "keyword@example.com": text,
    }
    for address, read in expected.items():
        (mail,) = [each for each in shared().mails_to(address) if each["Subject"][:7] == "keyword"]
        assert (mail["Subject"], mail["Text"], mail["HTML"]) == (f"keyword {read}", read, "")
    assert shared().get(f"/orders/{order_id}").json()["emailTemplate"]["body"] == text


def test_html_arrives_as_html_from_the_announced_sender() -> None:
    recipients = [{"emailAddress": "html@example.com"}]
    body = "<p>Hei &amp; hå</p>"

    shared().settled(shared().place(body=body, contentType="Html", recipients=recipients))

    (mail,) = shared().mails_to("html@example.com")
    assert (mail["Text"], mail["HTML"]) == ("Hei & hå", body)
    assert mail["From"]["Address"] == shared().announced["sender"]


def test_nothing_is_sent_before_its_time() -> None:
    due = datetime.now(UTC) + timedelta(seconds=0.7)
    recipients = [{"emailAddress": "due@example.com"}]
    order_id = shared().place(requestedSendTime=due.isoformat(), recipients=recipients)

    time.sleep(0.3)

    assert shared().emails(order_id)["generated"] == 0
    assert shared().status(order_id) == "Registered"
    assert ends(shared().settled(order_id)) == [("due@example.com", "Delivered")]
    assert datetime.now(UTC) > due


def test_a_cancelled_order_is_not_sent() -> None:
    due = datetime.now(UTC) + timedelta(seconds=0.3)
    recipients = [{"emailAddress": "cancelled@example.com"}]
    order_id = shared().place(requestedSendTime=due.isoformat(), recipients=recipients)

    answer = cancel(order_id)

    assert answer.status_code == 200
    assert answer.json()["processingStatus"]["status"] == "Cancelled"
    time.sleep(0.6)
    assert shared().emails(order_id)["generated"] == 0
    assert shared().mails_to("cancelled@example.com") == []


def test_a_processed_order_cannot_be_cancelled() -> None:
    order_id = shared().place()
    shared().settled(order_id)

    answer = cancel(order_id)

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"
    assert answer.json()["status"] == 409


def cancel(order_id: str) -> Any:
    reference = shared()
    url = f"{reference.base}/orders/{order_id}/cancel"
    return reference.http.put(url, headers=reference.headers())


@contextmanager
def condition(status: int, body: bytes) -> Iterator[tuple[str, list[str]]]:
    """An endpoint that always answers so, and the methods that it was asked with."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.command)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/condition", asked
        server.shutdown()


def test_an_order_whose_condition_is_met_is_sent() -> None:
    with condition(200, b'{"sendNotification": true}') as (url, asked):
        order_id = shared().place(conditionEndpoint=url)

        assert ends(shared().settled(order_id)) == [("a@example.com", "Delivered")]

    assert asked == ["GET"]


def test_an_order_whose_condition_is_not_met_is_not_sent() -> None:
    with condition(200, b'{"sendNotification": false}') as (url, asked):
        order_id = shared().place(conditionEndpoint=url)

        eventually(lambda: shared().status(order_id) == "SendConditionNotMet")

    assert asked == ["GET"]
    assert shared().emails(order_id)["generated"] == 0


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (200, b"true"), (200, b'{"sendNotification": "false"}'), (404, b"{}")],
)
def test_an_endpoint_without_an_answer_is_asked_twice_and_the_order_sent(
    status: int, body: bytes
) -> None:
    with condition(status, body) as (url, asked):
        order_id = shared().place(conditionEndpoint=url)

        assert ends(shared().settled(order_id)) == [("a@example.com", "Delivered")]

    assert asked == ["GET", "GET"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://a..b/", "http://example.com:99999/"]
)
def test_an_endpoint_that_cannot_be_reached_stops_nothing(url: str) -> None:
    order_id = shared().place(conditionEndpoint=url)

    assert ends(shared().settled(order_id)) == [("a@example.com", "Delivered")]


def test_a_condition_is_not_asked_before_the_order_is_due() -> None:
    with condition(200, b'{"sendNotification": true}') as (url, asked):
        shared().place(conditionEndpoint=url, **LATER)
        shared().settled(shared().place())

    assert asked == []
