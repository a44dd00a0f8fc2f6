"""What a run may send: no more requests, orders and emails than agreed, and no faster."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from conformance.errors import Blocked
from conformance.exchange import Request

SOON = timedelta(days=1)
"""An order that is due within this counts as sent at once."""


@dataclass(frozen=True)
class Cost:
    """What is sent: requests, the orders among them, and the emails that go out at once."""

    requests: int = 0
    orders: int = 0
    emails: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def times(self, count: int) -> Cost:
        """Return the cost of doing it that many times."""
        return Cost(*(getattr(self, f.name) * count for f in fields(self)))


@dataclass(frozen=True)
class Budget:
    """What a run may send at most, and how long it may take; None sets no limit."""

    requests: int | None = None
    orders: int | None = None
    emails: int | None = None
    seconds: float | None = None


class Permission(Protocol):
    """Tells whether something may be sent, and when."""

    def take(self, cost: Cost) -> float:
        """Return how many seconds to wait before sending it; Blocked when it may not be sent."""


class Permits:
    """The budget and the pace of a run, for all who send; safe to use from several threads.

    Args:
        budget: what may be sent.
        rate: how many requests may be sent in a second, None for as many as can be.
    """

    def __init__(self, budget: Budget = Budget(), rate: float | None = None) -> None:
        self._budget = budget
        self._interval = 1.0 / rate if rate else 0.0
        self._lock = threading.Lock()
        self._spent = Cost()
        self._began = self._next = time.monotonic()

    def limit(self, budget: Budget) -> None:
        """Set the budget; what has been sent already counts."""
        self._budget = budget

    def take(self, cost: Cost) -> float:
        """Return how many seconds to wait before sending; Blocked when the budget is used up."""
        with self._lock:
            now = time.monotonic()
            self._refuse_beyond(self._spent + cost, now - self._began)
            self._spent += cost
            slot = max(now, self._next)
            self._next = slot + self._interval * cost.requests
            return slot - now

    def _refuse_beyond(self, wanted: Cost, seconds: float) -> None:
        for name, limit in vars(self._budget).items():
            asked = seconds if name == "seconds" else getattr(wanted, name)
            if limit is not None and asked > limit:
                raise Blocked(f"the budget of {limit:g} {name} is used up", "configuration")


def cost_of(request: Request, now: datetime, emails: Mapping[str, int]) -> Cost:
    """Return what sending a request costs.

    Args:
        request: any request.
        now: the instant by which an order is due or not.
        emails: how many addresses the registers know of a number; one unless it is stated.
    """
    if not is_order(request):
        return Cost(requests=1)
    return Cost(1, 1, _emails(request.json, now, emails))


def is_order(request: Request) -> bool:
    """Tell whether a request places an order, whatever its body calls itself."""
    path = urlsplit(request.url).path.rstrip("/")
    return request.method == "POST" and path.endswith("/orders/email")


def _emails(order: Any, now: datetime, emails: Mapping[str, int]) -> int:
    recipients = order.get("recipients") if isinstance(order, dict) else None
    if not isinstance(recipients, list) or not _is_due(order.get("requestedSendTime"), now):
        return 0
    return sum(_most(each, emails) for each in recipients)


def _most(recipient: Any, emails: Mapping[str, int]) -> int:
    values = recipient.values() if isinstance(recipient, dict) else ()
    return max((emails.get(each, 1) for each in values if isinstance(each, str)), default=0)


def _is_due(send_time: Any, now: datetime) -> bool:
    try:
        instant = datetime.fromisoformat(send_time)
    except (TypeError, ValueError):
        return True
    return instant.tzinfo is None or instant - now < SOON
