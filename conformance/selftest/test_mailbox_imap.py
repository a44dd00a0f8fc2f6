"""A mailbox that is read by IMAP, on a real server."""

from __future__ import annotations

import socket
import ssl
import traceback
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from imap_tools import MailBoxUnencrypted

from conformance.errors import Blocked
from conformance.observers import imap
from conformance.observers.imap import ImapMailbox
from conformance.observers.mailbox import Mail
from conformance.selftest.mail_server import HOST, MailServer, mail_server
from conformance.selftest.reference_server import eventually, running

ADDRESS = "kari@test.example.com"
HTML = "<p>Søk på <b>blå</b> skjema</p>"


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def mailbox(server: MailServer) -> Iterator[ImapMailbox]:
    with login(server) as box:
        box.delete(box.uids())
    mailbox = ImapMailbox(server.imap, server.user, server.password)
    yield mailbox
    mailbox.close()


def login(server: MailServer) -> MailBoxUnencrypted:
    box = MailBoxUnencrypted(HOST, server.imap_port, timeout=5)
    return box.login(server.user, server.password)


def put(server: MailServer, *messages: EmailMessage | bytes) -> None:
    with login(server) as box:
        for message in messages:
            box.append(bytes(message))


def email(text: str = "Hei", to: str = ADDRESS, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["To"] = to
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def texts(mails: list[Mail]) -> list[str]:
    return [mail.text.strip() for mail in mails]


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_text_and_html_are_decoded(
    server: MailServer, mailbox: ImapMailbox, charset: str, encoding: str
) -> None:
    """Also from within an alternative that is the first of several parts."""
    message = email()
    message.set_content("Blå bær, 100 % =3D\n" * 20, charset=charset, cte=encoding)
    message.add_alternative(HTML, "html", charset=charset, cte=encoding)
    message.add_attachment("No text of the email", filename="attached.txt")
    put(server, message)

    (mail,) = mailbox.mails_to(ADDRESS, "a mark")

    assert mail.text.replace("\r\n", "\n") == "Blå bær, 100 % =3D\n" * 20
    assert mail.html.strip() == HTML


def test_headers_are_decoded_and_unfolded(server: MailServer, mailbox: ImapMailbox) -> None:
    long = "A long  subject in ASCII" + " that is folded" * 6
    put(
        server,
        email(Subject=f"Søk på  {long}", From="Ålesund kommune <post@aalesund.example>"),
        email(Subject=long, From="noreply@altinn.example"),
        b"To: kari@test.example.com\r\nSubject: folded\r\n\twith a tab\r\n\r\nHei",
        "To: kari@test.example.com\r\nSubject: Rå ø\r\n\r\nHei".encode(),
    )

    mails = mailbox.mails_to(ADDRESS, "a mark")

    assert [mail.subject for mail in reversed(mails)] == [
        f"Søk på  {long}",
        long,
        "folded with a tab",
        "Rå ø",
    ]
    assert [mail.sender for mail in reversed(mails)][:2] == [
        "post@aalesund.example",
        "noreply@altinn.example",
    ]


@pytest.mark.parametrize(
    "header",
    [
        "To: KARI@Test.Example.com",
        "To: =?utf-8?q?K=C3=A5ri?= <kari@test.example.com>, other@example.com",
        "Cc: Kari Nordmann <kari@test.example.com>",
        "To: undisclosed-recipients:;\r\nDelivered-To: kari@test.example.com",
        "From: a@example.com\r\nTo: A@example.com\r\nX-Original-To: kari@test.example.com",
    ],
)
def test_an_email_is_found_by_its_recipient(
    server: MailServer, mailbox: ImapMailbox, header: str
) -> None:
    put(server, f"{header}\r\n\r\nHei".encode())

    assert texts(mailbox.mails_to(ADDRESS, "a mark")) == ["Hei"]


def test_a_mailbox_of_a_whole_domain_tells_recipients_apart(
    server: MailServer, mailbox: ImapMailbox
) -> None:
    put(server, email(to="ola@test.example.com", Delivered_To=ADDRESS))

    assert mailbox.mails_to(ADDRESS, "a mark") == []


@pytest.mark.parametrize(
    "address", ["ola.kari@test.example.com", "kari@test.example.com.no", "kari@test.example.co"]
)
def test_an_email_to_a_similar_address_is_another(
    server: MailServer, mailbox: ImapMailbox, address: str
) -> None:
    put(server, email(to=address), email(to=f'"{ADDRESS}" <{address}>'))

    assert mailbox.mails_to(ADDRESS, "a mark") == []


def test_the_newest_are_read_and_stay_unseen(
    server: MailServer, mailbox: ImapMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "MOST_MAILS", 2)
    put(server, *(email(text) for text in ("1", "2", "3")), email("4", to=f"x{ADDRESS}"))

    assert texts(mailbox.mails_to(ADDRESS, "a mark")) == ["3", "2"]
    with login(server) as box:
        assert len(box.uids("UNSEEN")) == 4


def test_an_email_is_found_among_many_others(
    server: MailServer, mailbox: ImapMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other runs send to an address that they share."""
    monkeypatch.setattr(imap, "MOST_MAILS", 1)
    put(server, email("with a mark"), email("with another"))

    assert texts(mailbox.mails_to(ADDRESS, "with a mark")) == ["with a mark"]
    assert texts(mailbox.mails_to(ADDRESS, "no mark")) == ["with another"]


def test_emails_that_arrive_meanwhile_are_found(server: MailServer, mailbox: ImapMailbox) -> None:
    assert mailbox.mails_to(ADDRESS, "a mark") == []
    put(server, email("1"))
    assert texts(mailbox.mails_to(ADDRESS, "a mark")) == ["1"]
    put(server, email("2"))
    assert texts(mailbox.mails_to(ADDRESS, "a mark")) == ["2", "1"]


def test_a_connection_that_the_server_closed_is_renewed(
    server: MailServer, mailbox: ImapMailbox
) -> None:
    mailbox.reachable()
    server.hang_up()
    put(server, email())

    assert texts(mailbox.mails_to(ADDRESS, "a mark")) == ["Hei"]


@pytest.mark.parametrize(
    "rest",
    [
        b"From: =?utf-8?b?b?= <post@example.com>\r\n\r\nHei",
        b"Subject: =?utf-8?b?b?=\r\n\r\nHei",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\nHei",
        b"Content-Type: text/plain; charset=\0\r\n\r\nHei",
        b"Content-Type: multipart/mixed\r\n\r\nHei",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: ;;\r\n\r\n\xff",
        b"Content-Transfer-Encoding: base64\r\n\r\nH",
        b"",
    ],
)
def test_a_broken_email_is_read_as_far_as_it_can_be(
    server: MailServer, mailbox: ImapMailbox, rest: bytes
) -> None:
    put(server, b"Delivered-To: kari@test.example.com\r\n" + rest)

    assert len(mailbox.mails_to(ADDRESS, "a mark")) == 1


def test_an_email_of_boundless_depth_is_nobodys(server: MailServer, mailbox: ImapMailbox) -> None:
    put(server, f"Delivered-To: {ADDRESS} {'(' * 5000}\r\n\r\nHei".encode(), email("2"))

    assert texts(mailbox.mails_to(ADDRESS, "a mark")) == ["2"]


def refusal(mailbox: ImapMailbox) -> Blocked:
    with pytest.raises(Blocked) as error:
        mailbox.reachable()
    told = traceback.TracebackException.from_exception(error.value, capture_locals=True)
    assert "hunter2" not in "".join(told.format())
    assert "\n" not in error.value.reason
    return error.value


def test_what_makes_a_mailbox_unreadable_is_told(server: MailServer) -> None:
    password = refusal(ImapMailbox(server.imap, server.user, "hunter2"))
    folder = refusal(ImapMailbox(server.imap, server.user, server.password, "Archive"))

    assert f"{server.imap} gives no login to reader ([AUTHENTICATIONFAILED]" in password.reason
    assert f"{server.imap} gives no folder Archive ([NONEXISTENT]" in folder.reason
    assert password.cause == folder.cause == "configuration"


@pytest.mark.parametrize("password", ["hunter2 blåbær", 'hunter2\n"x'])
def test_no_password_is_told_that_cannot_be_sent(server: MailServer, password: str) -> None:
    assert "gives no login" in refusal(ImapMailbox(server.imap, server.user, password)).reason


def test_who_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "SECONDS", 0.2)
    with socket.create_server((HOST, 0)) as silent:
        url = f"imap://{HOST}:{silent.getsockname()[1]}"
        waiting = refusal(ImapMailbox(url, "reader", "hunter2"))
    nobody = refusal(ImapMailbox(url, "reader", "hunter2"))
    nowhere = refusal(ImapMailbox("imaps://nowhere.invalid", "reader", "hunter2"))

    assert waiting.reason == f"the mailbox at {url} gives no connection (no answer within 0.2 s)"
    assert nobody.reason == f"the mailbox at {url} gives no connection (Connection refused)"
    assert "imaps://nowhere.invalid:993 gives no connection (" in nowhere.reason
    assert {waiting.cause, nobody.cause, nowhere.cause} == {"environment"}


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The context of a server whose certificate is trusted at two addresses of this machine."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST, "0.0.0.0").configure_cert(context)  # noqa: S104 (a name only)
    return context


def test_tls_is_spoken_and_the_certificate_verified(
    certified: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(tls=certified) as server:
        url = f"imaps://{HOST}:{server.imap_port}"
        with closing(ImapMailbox(url, server.user, server.password)) as mailbox:
            mailbox.reachable()
        wrong_name = refusal(ImapMailbox(url.replace(HOST, "localhost"), server.user, "hunter2"))
        monkeypatch.delenv("SSL_CERT_FILE")
        untrusted = refusal(ImapMailbox(url, server.user, "hunter2"))

    assert "mismatch" in wrong_name.reason
    assert "unable to get local issuer certificate" in untrusted.reason


ELSEWHERE = "imap://0.0.0.0"
"""Reaches this machine, and is no loopback address by its name."""


def test_elsewhere_the_password_follows_starttls(certified: ssl.SSLContext) -> None:
    with mail_server(starttls=certified) as server:
        url = f"{ELSEWHERE}:{server.imap_port}"
        with closing(ImapMailbox(url, server.user, server.password)) as mailbox:
            mailbox.reachable()


def test_elsewhere_no_password_is_sent_without_tls(server: MailServer) -> None:
    plain = refusal(ImapMailbox(f"{ELSEWHERE}:{server.imap_port}", "reader", "hunter2"))
    tls = refusal(ImapMailbox(f"imaps://{HOST}:{server.imap_port}", "reader", "hunter2"))

    assert "gives no connection (TLS not supported by server)" in plain.reason
    assert "gives no connection (no TLS: " in tls.reason


def test_what_the_reference_sends_can_be_read(server: MailServer, mailbox: ImapMailbox) -> None:
    with running("--speed", "600", "--smtp", server.smtp) as reference:
        reference.place(
            subject="Søk om støtte",
            body=HTML,
            contentType="Html",
            recipients=[{"emailAddress": ADDRESS}],
        )
        (mail,) = eventually(lambda: mailbox.mails_to(ADDRESS, "a mark"))

    assert (mail.sender, mail.subject) == ("noreply@altinn.example", "Søk om støtte")
    assert (mail.text, mail.html.strip()) == ("", HTML)
