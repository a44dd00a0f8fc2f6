"""Starts reference deployments for the tests of the reference, and talks to them."""

from __future__ import annotations

import atexit
import functools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx

Seen = TypeVar("Seen")

MINIMAL = {
    "subject": "A subject",
    "body": "A body",
    "recipients": [{"emailAddress": "a@example.com"}],
}
LATER = {"requestedSendTime": "2099-01-01T00:00:00Z"}
UNKNOWN_ID = "f1a1cc30-197f-4f34-8304-006ce4945fd1"
SPEED = 600


class Reference:
    """One process, as its announcement describes it."""

    def __init__(self, *options: str, module: str = "conformance.reference") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, "--stop-with-stdin", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        self.announced: dict[str, Any] = json.loads(self.process.stdout.readline())
        self.http = httpx.Client(verify=False, trust_env=False)  # noqa: S501 (no TLS here)

    @property
    def base(self) -> str:
        """The URL of the API."""
        return str(self.announced["url"])

    def exhibit(self, place: str) -> str:
        """The URL of the API with the fault or variant at ``/faults/NAME``, ``/variants/NAME``."""
        return self.base.replace("/notifications/", f"{place}/notifications/")

    def headers(self, credential: str = "bearer") -> dict[str, str]:
        """The header that carries a credential."""
        token = self.announced["credentials"][credential]
        if credential.endswith("platform_access_token"):
            return {"PlatformAccessToken": token}
        return {"Authorization": f"Bearer {token}"}

    def post(self, document: Any, path: str = "/orders/email", base: str = "") -> httpx.Response:
        """Order something with the main credential."""
        return self.http.post((base or self.base) + path, json=document, headers=self.headers())

    def get(self, path: str, credential: str = "bearer", base: str = "") -> httpx.Response:
        """Read something."""
        return self.http.get((base or self.base) + path, headers=self.headers(credential))

    def place(self, **members: Any) -> str:
        """The id of a new email order."""
        answer = self.post(MINIMAL | members)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["orderId"])

    def settled(self, order_id: str, base: str = "") -> list[dict[str, Any]]:
        """The notifications of an order, once none of them is on its way."""
        return eventually(lambda: _settled(self.emails(order_id, base)["notifications"]))

    def emails(self, order_id: str, base: str = "") -> dict[str, Any]:
        """The summary of an order's emails."""
        path = f"/orders/{order_id}/notifications/email"
        summary: dict[str, Any] = self.get(path, base=base).json()
        return summary

    def status(self, order_id: str) -> str:
        """How far an order has come."""
        status = self.get(f"/orders/{order_id}/status").json()["processingStatus"]
        return str(status["status"])

    def mailbox(self, path: str, **query: str | int) -> Any:
        """What the mailbox answers below ``/api/v1``."""
        return self.http.get(f"{self.announced['mailbox']}/api/v1{path}", params=query).json()

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        """Every mail to an address, opened."""
        found = self.mailbox("/search", query=f'to:"{address}"')["messages"]
        return [self.mailbox(f"/message/{mail['ID']}") for mail in found]

    def stop(self) -> int:
        """End it as its parent's end would; the exit code."""
        self.http.close()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(timeout=10)


def _settled(notifications: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ends = [each["sendStatus"]["status"] for each in notifications]
    return notifications if all(end == "Delivered" or end[:6] == "Failed" for end in ends) else []


def eventually(look: Callable[[], Seen], seconds: float = 10) -> Seen:
    """The first thing that is seen, or a failure when the time is up."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return seen


@contextmanager
def running(*options: str, module: str = "conformance.reference") -> Iterator[Reference]:
    """A reference deployment of one's own."""
    reference = Reference(*options, module=module)
    try:
        yield reference
    finally:
        reference.stop()


@functools.cache
def shared() -> Reference:
    """The one that all tests share; it ends with the tests."""
    reference = Reference("--speed", str(SPEED))
    atexit.register(reference.stop)
    return reference
