"""What only the outside world can show: the mailbox, and calls of a condition endpoint."""

from __future__ import annotations

from conformance.clock import Clock
from conformance.observers.mailbox import MailReader
from conformance.target.client import Client
from conformance.target.description import Mailbox


def reader_of(mailbox: Mailbox) -> MailReader:
    """Return what reads a mailbox, by the scheme of its URL."""
    if mailbox.url.startswith("imap"):
        from conformance.observers.imap import ImapMailbox

        return ImapMailbox(mailbox.url, mailbox.user, mailbox.password, mailbox.folder)
    from conformance.observers.mailpit import MailpitMailbox

    return MailpitMailbox(Client(Clock()), mailbox.url)
