"""What only the outside world can show: the mailbox, and calls of a condition endpoint."""

from __future__ import annotations

import base64

from conformance.clock import Clock
from conformance.observers.mailbox import MailReader
from conformance.target.client import Client
from conformance.target.credentials import ANONYMOUS, Credential
from conformance.target.description import Mailbox


def reader_of(mailbox: Mailbox) -> MailReader:
    """Return what reads a mailbox, by the scheme of its URL."""
    if mailbox.url.startswith("imap"):
        from conformance.observers.imap import ImapMailbox

        return ImapMailbox(mailbox.url, mailbox.user, mailbox.password, mailbox.folder)
    from conformance.observers.mailpit import MailpitMailbox

    return MailpitMailbox(Client(Clock()), mailbox.url, _basic(mailbox))


def _basic(mailbox: Mailbox) -> Credential:
    """Return the credential of a mailbox that asks for one (RFC 7617)."""
    if not mailbox.user:
        return ANONYMOUS
    pair = base64.b64encode(f"{mailbox.user}:{mailbox.password}".encode()).decode()
    return Credential("Authorization", pair, "Basic ***", "Basic ")
