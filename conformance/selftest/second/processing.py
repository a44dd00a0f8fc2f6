"""What becomes of an order that is due: its condition, its emails, and their status."""

from __future__ import annotations

import html
import http.client
import re
import smtplib
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import orjson

from conformance.selftest.second.orders import Notification, Order, Recipient

SENDER = "varsel@second.example.com"
ROUND_SECONDS = 0.1
PATIENCE_SECONDS = 1
KEYWORD = re.compile(r"\$recipient(Name|Number)\$")


class Store:
    """All orders, in memory; a thread looks for those that are due."""

    def __init__(self, smtp: str) -> None:
        self._smtp = smtp
        self._orders: dict[UUID, Order] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()

    def add(self, order: Order) -> None:
        with self._lock:
            self._orders[order.id] = order

    def find(self, id: UUID, organisation: str) -> Order | None:
        """Return an order of this organisation."""
        order = self._orders.get(id)
        return order if order and order.creator == organisation else None

    def take(self, order: Order) -> bool:
        """Tell whether an order was still waiting, and end that: it is processed, or cancelled."""
        with self._lock:
            waited, order.waiting = order.waiting, False
        return waited

    @contextmanager
    def processed(self) -> Iterator[None]:
        """Process orders until the end of the block."""
        with ThreadPoolExecutor(4) as workers:
            rounds = threading.Thread(target=self._go_round, args=[workers])
            rounds.start()
            try:
                yield
            finally:
                self._ending.set()
                rounds.join()

    def _go_round(self, workers: ThreadPoolExecutor) -> None:
        while not self._ending.wait(ROUND_SECONDS):
            with self._lock:
                waiting = [order for order in self._orders.values() if order.waiting]
            for order in waiting:
                if order.send_time <= datetime.now(UTC) and self.take(order):
                    workers.submit(self._process, order)

    def _process(self, order: Order) -> None:
        if order.condition and not is_met(order.condition):
            return
        order.notifications = tuple(
            Notification(recipient, address)
            for recipient in order.recipients
            for address in addresses(order, recipient)
        )
        for notification in order.notifications:
            if notification.address:
                self._tell(order, notification, "Sending")
                self._tell(order, notification, self._send(order, notification))
            else:
                self._tell(order, notification, "Failed_RecipientNotIdentified")

    def _tell(self, order: Order, notification: Notification, status: str) -> None:
        now = datetime.now(UTC)
        order.notifications = tuple(
            replace(each, status=status, updated=now) if each.id == notification.id else each
            for each in order.notifications
        )

    def _send(self, order: Order, notification: Notification) -> str:
        try:
            with smtplib.SMTP(self._smtp, timeout=PATIENCE_SECONDS) as server:
                server.send_message(mail(order, notification))
        except (OSError, ValueError):
            return "Failed"
        return "Succeeded"


def addresses(order: Order, recipient: Recipient) -> list[str | None]:
    """Return where a recipient is written to; a reserved one gets nothing, not even a failure."""
    entry = recipient.entry
    if entry and entry.reserved and not order.ignore_reservation:
        return []
    return list(entry.addresses) if entry and entry.addresses else [recipient.address]


def is_met(condition: str) -> bool:
    """Ask whether to send; when there is no answer twice, yes."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(2):
        try:
            with opener.open(condition, timeout=PATIENCE_SECONDS) as answer:
                return bool(orjson.loads(answer.read())["sendNotification"])
        except (OSError, http.client.HTTPException, ValueError, TypeError, KeyError):
            continue
    return True


def mail(order: Order, notification: Notification) -> EmailMessage:
    """Return the email; HTML has a plain alternative, as many clients want it."""
    message = EmailMessage(SMTP)
    message["From"] = f"Varsling <{SENDER}>"
    message["To"] = notification.address
    message["Subject"] = " ".join(personal(order.subject, notification.recipient).split())
    if order.content_type == "Html":
        body = personal(order.body, notification.recipient, escaped=True)
        message.set_content(re.sub("<[^>]*>", "", body))
        message.add_alternative(body, subtype="html")
    else:
        message.set_content(personal(order.body, notification.recipient))
    return message


def personal(text: str, recipient: Recipient, escaped: bool = False) -> str:
    """Replace the keywords; who is given by address has neither name nor number."""
    entry = recipient.entry
    name = entry.name if entry else ""
    values = {
        "Name": html.escape(name) if escaped else name,
        "Number": entry.number if entry and len(entry.number) == 9 else "",
    }
    return KEYWORD.sub(lambda found: values[found[1]], text)
