"""The mailbox in which delivered emails are read, however it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MOST_MAILS = 50
"""How many of the newest emails to one address are read."""


@dataclass(frozen=True)
class Mail:
    """One email as it arrived.

    ``text`` and ``html`` are empty where it has no such part; ``receivers`` are the addresses that
    it shows, To and Cc.
    """

    id: str
    sender: str
    subject: str
    text: str
    html: str
    receivers: tuple[str, ...]


@dataclass(frozen=True)
class Arrived:
    """The emails that arrived at one address, those of one order or of several that are alike."""

    address: str
    mails: Sequence[Mail]


class MailReader(Protocol):
    """Reads delivered emails; it belongs to one thread, as its connections do."""

    def mails_to(self, address: str, text: str) -> list[Mail]:
        """Return emails to an address: those with a text, as far as the mailbox finds them.

        Many others may have come to an address that several runs share; yet the search of a
        mailbox need not see through the encoding of a body, so that the newest may be among them.

        Raises:
            Blocked: when the mailbox cannot be read.
        """

    def reachable(self) -> None:
        """Return when the mailbox can be read; Blocked, with the one cause, when it cannot."""

    def close(self) -> None:
        """Close the connections; reading again opens new ones."""
