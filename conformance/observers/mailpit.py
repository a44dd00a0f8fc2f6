"""A mailbox that is read by the HTTP API of Mailpit (mailpit.axllent.org/docs/api-v1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from conformance.errors import Blocked
from conformance.exchange import Request
from conformance.finding import Nonconformance
from conformance.observers.mailbox import MOST_MAILS, Mail
from conformance.target.client import Client, Unreachable
from conformance.target.credentials import ANONYMOUS, Credential

RECIPIENTS = {"to": "To", "bcc": "Bcc"}
"""Filters of a search, and the members they look in; as Bcc come those whom no header names."""


class _Gone(Blocked):
    """What was asked for is not there, or not any more: a full mailbox deletes the oldest."""


class MailpitMailbox:
    """Reads emails from a Mailpit.

    Args:
        client: sends the requests.
        base: the URL of the Mailpit, the part before /api/v1.
        credential: of its Basic authentication, where it asks for one.
    """

    def __init__(self, client: Client, base: str, credential: Credential = ANONYMOUS) -> None:
        self._client = client
        self._credential = credential
        self._base = base.rstrip("/")
        self._opened: dict[str, Mail] = {}

    def mails_to(self, address: str, text: str) -> list[Mail]:
        """Return the newest emails to an address, those with a text if Mailpit finds any.

        Raises:
            Blocked: when the mailbox cannot be read.
        """
        found = self._ids_to(address, f' "{text}"')
        if found:
            return [self._mail(id) for id in found]
        return list(self._still_there(self._ids_to(address)))

    def reachable(self) -> None:
        """Return when the mailbox can be read; Blocked, with the one cause, when it cannot."""
        self._search("is:unread", 1)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ids_to(self, address: str, more: str = "") -> list[str]:
        """Return the ids of the newest emails to an address; ``more`` narrows the search."""
        found = [
            str(each.get("ID"))
            for filter, member in RECIPIENTS.items()
            for each in self._search(f'{filter}:"{address}"{more}', MOST_MAILS)
            if _is_to(each.get(member), address)
        ]
        return list(dict.fromkeys(found))

    def _search(self, query: str, limit: int) -> list[Mapping[str, Any]]:
        found = self._get(f"/api/v1/search?query={quote(query)}&limit={limit}").get("messages")
        if not isinstance(found, list):
            raise Blocked(f"{self._base} is no Mailpit", "configuration")
        return [each for each in found if isinstance(each, dict)]

    def _still_there(self, ids: Iterable[str]) -> Iterator[Mail]:
        for id in ids:
            with suppress(_Gone):
                yield self._mail(id)

    def _mail(self, id: str) -> Mail:
        """Return an email, which never changes."""
        if id not in self._opened:
            self._opened[id] = _mail(id, self._get(f"/api/v1/message/{quote(id)}"))
        return self._opened[id]

    def _get(self, path: str) -> Mapping[str, Any]:
        try:
            response = self._client.send(
                Request("GET", self._base + path), self._credential
            ).response
        except (Unreachable, Nonconformance) as error:
            told = error.finding.actual if isinstance(error, Nonconformance) else str(error)
            raise Blocked(
                f"the mailbox at {self._base} cannot be read ({told})", "environment"
            ) from error
        if response.status == 404:
            raise _Gone(
                f"the mailbox at {self._base} answered 404: does it keep all emails of a run?",
                "configuration",
            )
        if response.status != 200:
            raise Blocked(
                f"the mailbox at {self._base} answered {response.status}", "configuration"
            )
        if not isinstance(response.json, dict):
            raise Blocked(f"{self._base} is no Mailpit", "configuration")
        found: dict[str, Any] = response.json
        return found


def _mail(id: str, message: Mapping[str, Any]) -> Mail:
    sender = message.get("From") or {}
    return Mail(
        id,
        str(sender.get("Address", "")),
        str(message.get("Subject", "")),
        str(message.get("Text") or ""),
        str(message.get("HTML") or ""),
        tuple(address for name in ("To", "Cc") for address in _addresses(message.get(name))),
    )


def _is_to(receivers: Any, address: str) -> bool:
    return address.lower() in (each.lower() for each in _addresses(receivers))


def _addresses(receivers: Any) -> list[str]:
    return [str(each.get("Address", "")) for each in receivers or []]
