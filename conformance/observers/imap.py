"""A mailbox that is read by IMAP (RFC 3501)."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.utils import getaddresses
from imaplib import IMAP4
from ipaddress import ip_address
from itertools import chain, islice
from typing import TypeVar
from urllib.parse import urlsplit

from imap_tools import AND, OR, BaseMailBox, H, MailBox, MailBoxUnencrypted, MailMessage
from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError

from conformance.errors import Blocked
from conformance.observers.mailbox import MOST_MAILS, Mail

SECONDS = 30.0
"""How long a connection, and then each answer, may take."""
PORTS = {"imap": 143, "imaps": 993}
MOST_OPENED = 4 * MOST_MAILS
"""How many of the newest emails that a search found are opened to see whom they are for."""
ENVELOPE_HEADERS = ("Delivered-To", "X-Original-To")
"""What mail servers note of whom an email was delivered to."""
FAILURES = (ImapToolsError, IMAP4.error, OSError, ValueError)
UNREADABLE = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What parsing raises on emails that are broken badly enough."""

Told = TypeVar("Told")


class ImapMailbox:
    """Reads emails from a folder of an IMAP server, and leaves them unseen.

    The password never crosses a network in clear: with ``imap`` it follows STARTTLS, unless the
    server is on this very machine. Certificates are verified; SSL_CERT_FILE names others to trust.

    Args:
        url: ``imaps://host[:993]`` or ``imap://host[:143]``.
        user: the name to log in with.
        password: the password that goes with it.
        folder: the folder in which emails arrive.
    """

    def __init__(self, url: str, user: str, password: str, folder: str = "INBOX") -> None:
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._port = parts.port or PORTS[self._scheme]
        self._user, self._password, self._folder = user, password, folder
        self._box: BaseMailBox | None = None
        self._opened: dict[str, tuple[set[str], Mail]] = {}

    def mails_to(self, address: str, text: str) -> list[Mail]:
        """Return the emails to an address: those found by a text first, then the newest.

        Raises:
            Blocked: when the mailbox cannot be read.
        """
        return self._asked(lambda box: self._mails_to(box, address, text))

    def reachable(self) -> None:
        """Return when the mailbox can be read; Blocked, with the one cause, when it cannot."""
        self._asked(lambda box: box.client.noop())

    def close(self) -> None:
        """Close the connection; reading again opens a new one."""
        if self._box:
            with suppress(*FAILURES):
                self._box.logout()
        self._drop()

    def _mails_to(self, box: BaseMailBox, address: str, text: str) -> list[Mail]:
        box.client.noop()  # the server may tell of new emails only between commands
        headers = [H(name, address) for name in ENVELOPE_HEADERS]
        query = OR(to=address, cc=address, header=headers)
        charset = None if address.isascii() else "UTF-8"
        narrowed: list[str] = []
        with suppress(UnexpectedCommandStatusError):  # not every server searches texts
            narrowed = box.uids(AND(query, text=text), charset)
        found = [_newest(narrowed), _newest(box.uids(query, charset))]
        opened = (self._open(box, uid) for uid in dict.fromkeys(chain(*found)))
        meant = (each[1] for each in opened if each and address.lower() in each[0])
        return list(islice(meant, MOST_MAILS))

    def _open(self, box: BaseMailBox, uid: str) -> tuple[set[str], Mail] | None:
        """Return whom an email is for, and the email, which never changes.

        None when it was deleted just now, or is too broken to tell.
        """
        if uid not in self._opened:
            with suppress(*UNREADABLE):
                for message in box.fetch(uid_list=[uid], mark_seen=False):
                    self._opened[uid] = _receivers(message), _mail(message)
        return self._opened.get(uid)

    def _asked(self, ask: Callable[[BaseMailBox], Told]) -> Told:
        """Ask on the kept connection, and once more on a new one where the server closed it."""
        with self._giving("emails"):
            if self._box:
                with suppress(IMAP4.abort, OSError):
                    return ask(self._box)
                self._drop()
            return ask(self._connected())

    def _connected(self) -> BaseMailBox:
        with self._giving("connection"):
            context = ssl.create_default_context()
            if self._scheme == "imaps":
                box: BaseMailBox = MailBox(
                    self._host, self._port, timeout=SECONDS, ssl_context=context
                )
            else:
                box = MailBoxUnencrypted(self._host, self._port, timeout=SECONDS)
            self._box = box
            if self._scheme == "imap" and not _is_loopback(self._host):
                box.client.starttls(context)
        with self._giving(f"login to {self._user}"):
            ascii_only = (self._user + self._password).isascii()
            log_in = box.login if ascii_only else box.login_utf8
            log_in(self._user, self._password, None)
        with self._giving(f"folder {self._folder}"):
            box.folder.set(self._folder, readonly=True)
        return box

    @contextmanager
    def _giving(self, what: str) -> Iterator[None]:
        """Tell in one line what the mailbox does not give, and why."""
        try:
            yield
        except FAILURES as error:
            self._drop()
            place = f"{self._scheme}://{self._host}:{self._port}"
            why = _told(error)
            if self._password:
                why = why.replace(self._password, "***")
            outside = isinstance(error, OSError | IMAP4.abort)
            raise Blocked(
                f"the mailbox at {place} gives no {what} ({' '.join(why.split())[:200]})",
                "environment" if outside else "configuration",
            ) from None

    def _drop(self) -> None:
        """Close the connection without a word, which a broken one would not take."""
        box, self._box = self._box, None
        self._opened.clear()
        if box:
            with suppress(OSError):
                box.client.shutdown()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _told(error: Exception) -> str:
    if isinstance(error, UnexpectedCommandStatusError):
        return " ".join(str(each, "utf-8", "replace") for each in error.command_result[1] if each)
    if isinstance(error, TimeoutError):
        return f"no answer within {SECONDS:g} s"
    if isinstance(error, ssl.SSLError):
        return getattr(error, "verify_message", "") or f"no TLS: {error.reason}"
    if isinstance(error, OSError):
        return error.strerror or str(error) or type(error).__name__
    return str(error) or type(error).__name__


def _receivers(message: MailMessage) -> set[str]:
    """Return whom an email is for, in lower case.

    Only where its sender named nobody else count the notes of mail servers: a mailbox that takes
    all mail of a domain notes its own address on each.
    """
    named = _addresses(message, "To", "Cc") - _addresses(message, "From")
    return named or _addresses(message, *ENVELOPE_HEADERS)


def _addresses(message: MailMessage, *headers: str) -> set[str]:
    values = [str(value) for header in headers for value in message.obj.get_all(header, [])]
    found = (address for value in values for _, address in getaddresses([value]))
    return {address.lower() for address in found if address}


def _mail(message: MailMessage) -> Mail:
    return Mail(
        message.uid or "",
        _readable(lambda: message.from_),
        _readable(lambda: _unfolded(message.subject), str(message.obj.get("Subject", ""))),
        _readable(lambda: message.text),
        _readable(lambda: message.html),
        tuple(_addresses(message, "To", "Cc")),
    )


def _newest(uids: list[str]) -> list[str]:
    return sorted(uids, key=int, reverse=True)[:MOST_OPENED]


def _readable(read: Callable[[], str], otherwise: str = "") -> str:
    try:
        return read()
    except UNREADABLE:
        return otherwise


def _unfolded(header: str) -> str:
    """Return a header as one line (RFC 5322, section 2.2.3); some servers fold with a tab."""
    return re.sub(r"\r?\n[ \t]", " ", header)
