"""The mailbox in which delivered emails are read, by the HTTP API of Mailpit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from conformance.errors import Blocked
from conformance.exchange import Request
from conformance.finding import Nonconformance
from conformance.target.client import Client, Unreachable
from conformance.target.credentials import ANONYMOUS

MOST_MAILS = 50
"""How many of the newest emails to one address are read; a run sends a few to each."""


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


class MailpitMailbox:
    """Reads emails from a Mailpit.

    Args:
        client: sends the requests.
        base: the URL of the Mailpit, the part before /api/v1.
    """

    def __init__(self, client: Client, base: str) -> None:
        self._client = client
        self._base = base.rstrip("/")

    def mails_to(self, address: str) -> list[Mail]:
        """Return the emails that arrived at an address; Blocked when the mailbox cannot be read."""
        query = quote(f'to:"{address}"')
        found = self._get(f"/api/v1/search?query={query}&limit={MOST_MAILS}")
        listed = [each for each in found.get("messages") or [] if isinstance(each, dict)]
        return [self._mail(str(each.get("ID"))) for each in listed if _is_to(each, address)]

    def _mail(self, id: str) -> Mail:
        message = self._get(f"/api/v1/message/{quote(id)}")
        sender = message.get("From") or {}
        return Mail(
            id,
            str(sender.get("Address", "")),
            str(message.get("Subject", "")),
            str(message.get("Text") or ""),
            str(message.get("HTML") or ""),
            tuple(_receivers(message)),
        )

    def _get(self, path: str) -> Mapping[str, Any]:
        try:
            response = self._client.send(Request("GET", self._base + path), ANONYMOUS).response
        except (Unreachable, Nonconformance) as error:
            raise Blocked(f"the mailbox at {self._base} cannot be read", "environment") from error
        if response.status != 200 or not isinstance(response.json, dict):
            raise Blocked(
                f"the mailbox at {self._base} answered {response.status}", "configuration"
            )
        found: dict[str, Any] = response.json
        return found


def _is_to(listed: Mapping[str, Any], address: str) -> bool:
    return address.lower() in (each.lower() for each in _receivers(listed))


def _receivers(message: Mapping[str, Any]) -> Iterator[str]:
    for name in ("To", "Cc"):
        yield from (str(each.get("Address", "")) for each in message.get(name) or [])
