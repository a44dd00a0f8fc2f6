"""A mailbox that is read by the API of Mailpit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from conformance.clock import Clock
from conformance.errors import Blocked
from conformance.observers import mailpit
from conformance.observers.mailpit import MailpitMailbox
from conformance.selftest.deployments import answering, http
from conformance.selftest.reference_server import shared
from conformance.target.client import Client

ADDRESS = "kari@test.example.com"


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client(Clock(), timeout=2)
    yield client
    client.close()


def test_what_the_reference_delivers_is_read(client: Client) -> None:
    to, html = "mailpit.reader@example.com", "<b>blå</b>"
    recipients = [{"emailAddress": to}, {"emailAddress": f"x{to}"}]
    order = shared().place(subject="Søk", body=html, contentType="Html", recipients=recipients)
    shared().settled(order)
    mailbox = MailpitMailbox(client, shared().announced["mailbox"])

    mailbox.reachable()
    (mail,) = mailbox.mails_to(to.upper(), "no text of any")

    assert (mail.sender, mail.subject, mail.html) == ("noreply@altinn.example", "Søk", html)


def test_an_email_is_found_among_many_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other runs send to an address that they share."""
    monkeypatch.setattr(mailpit, "MOST_MAILS", 1)
    to = [{"emailAddress": "shared.by.runs@example.com"}]
    for body in ("of this run", "of another"):
        shared().settled(shared().place(body=body, recipients=to))
    mailbox = MailpitMailbox(client, shared().announced["mailbox"])

    (found,) = mailbox.mails_to("shared.by.runs@example.com", "of this run")
    (newest,) = mailbox.mails_to("shared.by.runs@example.com", "of no run")

    assert (found.text, newest.text) == ("of this run", "of another")


def answers(_: int, request: bytes) -> bytes:
    """Answer as Mailpit does when only the envelope named the address: it adds it as Bcc."""
    url = urlsplit(request.split()[1].decode())
    named = [{"Name": "", "Address": ADDRESS}]
    message = {"ID": "Abc", "From": None, "To": [], "Cc": [], "Bcc": named, "Subject": "Hei"}
    found = [message] if parse_qs(url.query).get("query") == [f'bcc:"{ADDRESS}"'] else []
    answer: dict[str, Any] = {"messages": found}
    if url.path == "/api/v1/message/Abc":
        answer = message | {"Text": "Hei", "HTML": ""}
    return http("200 OK", json.dumps(answer).encode(), "Content-Type: application/json")


def test_an_email_whose_headers_do_not_name_the_recipient_is_found(client: Client) -> None:
    with answering(answers) as base:
        (mail,) = MailpitMailbox(client, f"{base}/").mails_to(ADDRESS, "Hei")

    assert (mail.id, mail.sender, mail.subject, mail.text) == ("Abc", "", "Hei", "Hei")


@pytest.mark.parametrize(
    ("answer", "cause", "told"),
    [
        (http("401 Unauthorized"), "configuration", "answered 401"),
        (http("200 OK", b"<html>"), "configuration", "is no Mailpit"),
        (http("200 OK", b"{}"), "configuration", "is no Mailpit"),
        (b"", "environment", "cannot be read (no answer (Server disconnected"),
    ],
)
def test_what_makes_it_unreadable_is_told(
    client: Client, answer: bytes, cause: str, told: str
) -> None:
    with answering(lambda *_: answer) as base, pytest.raises(Blocked) as error:
        MailpitMailbox(client, base).reachable()

    assert error.value.cause == cause
    assert told in error.value.reason


def test_nobody_listening_is_told(client: Client) -> None:
    with answering(lambda *_: b"") as base:
        pass
    with pytest.raises(Blocked, match=r"the mailbox at .* cannot be read .*refused"):
        MailpitMailbox(client, base).reachable()
