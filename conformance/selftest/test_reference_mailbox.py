"""Delivered mail can be read in the shape of Mailpit's API, and leaves over SMTP."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from conformance.selftest.reference_server import running, shared


def send(address: str, **members: Any) -> None:
    shared().settled(shared().place(recipients=[{"emailAddress": address}], **members))


def test_messages_are_listed_newest_first() -> None:
    send("first@list.example.com")
    send("second@list.example.com", subject="Second", body="Some   text")

    listed = shared().mailbox("/messages", start=0, limit=1)

    (newest,) = listed["messages"]
    assert listed["total"] == listed["messages_count"] >= 2
    assert (listed["count"], listed["start"]) == (1, 0)
    assert newest["To"] == [{"Name": "", "Address": "second@list.example.com"}]
    assert (newest["Subject"], newest["Snippet"]) == ("Second", "Some text")
    assert shared().mailbox("/messages", start=1)["messages"][0]["ID"] != newest["ID"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("to:one@search.example.com", 1),
        ('to:"ONE@search.example.com"', 1),
        ("to:search.example.com", 2),
        ('subject:"Søk etter"', 1),
        ("søk to:search.example.com", 1),
        ("zebra", 1),
        ("from:noreply to:search.example.com zebra", 1),
        ('"no such mail"', 0),
    ],
)
def test_search(query: str, found: int) -> None:
    if not shared().mails_to("two@search.example.com"):
        send("one@search.example.com", subject="Søk etter noe")
        send("two@search.example.com", body="A zebra")

    assert shared().mailbox("/search", query=query)["messages_count"] == found


def test_a_message_and_its_headers() -> None:
    send("headers@example.com", subject="Over\r\nto\nlinjer")

    (mail,) = shared().mails_to("headers@example.com")

    headers = shared().mailbox(f"/message/{mail['ID']}/headers")
    assert headers["Subject"] == [mail["Subject"]] == ["Over to linjer"]
    assert headers["Message-Id"] == [f"<{mail['MessageID']}>"]
    assert headers["Content-Type"] == ['text/plain; charset="utf-8"']


def test_html_comes_with_a_text_made_of_it() -> None:
    send("made@example.com", body="<b>blå</b> &amp; rød", contentType="Html")

    (mail,) = shared().mails_to("made@example.com")

    assert (mail["Text"], mail["HTML"]) == ("blå  & rød", "<b>blå</b> &amp; rød")


def test_a_search_needs_a_query() -> None:
    url = f"{shared().announced['mailbox']}/api/v1/search"

    assert shared().http.get(url, params={"query": " "}).status_code == 400


def test_an_unknown_message_is_not_found() -> None:
    url = f"{shared().announced['mailbox']}/api/v1/message/unknown"

    assert shared().http.get(url).status_code == 404
    assert shared().http.get(f"{url}/headers").status_code == 404


class Inbox:
    """Keeps what an SMTP server is handed."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        if envelope.rcpt_tos == ["refused@example.com"]:
            return "550 no such mailbox"
        self.mails.append(envelope)
        return "250 OK"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_mail_leaves_over_smtp_and_the_mailbox_can_be_emptied() -> None:
    inbox, port = Inbox(), free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    recipients = [{"organizationNumber": "311000179"}, {"emailAddress": "refused@example.com"}]
    with running("--speed", "600", "--smtp", f"127.0.0.1:{port}") as reference:
        order_id = reference.place(
            subject="Hei $recipientName$",
            body="<b>blå</b>",
            contentType="Html",
            recipients=recipients,
        )
        statuses = [each["sendStatus"]["status"] for each in reference.settled(order_id)]
        assert reference.mailbox("/messages")["total"] == 1
        reference.http.delete(f"{reference.announced['mailbox']}/api/v1/messages")
        assert reference.mailbox("/messages")["total"] == 0
    server.stop()

    (envelope,) = inbox.mails
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert statuses == ["Delivered", "Failed"]
    assert envelope.rcpt_tos == ["post@sjogrend.example.com"]
    assert message["Subject"] == "Hei Sjøgrend & Dønnes AS"
    assert message["From"] == "noreply@altinn.example"
    assert message.get_content_type() == "text/html"
    assert message.get_content().strip() == "<b>blå</b>"
