"""What a run may send: the budget, the pace, and what each request costs."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conformance.clock import Clock
from conformance.errors import Blocked
from conformance.exchange import Request
from conformance.selftest.deployments import answering, http
from conformance.target import permits
from conformance.target.client import Client, Unreachable
from conformance.target.credentials import ANONYMOUS
from conformance.target.permits import Budget, Cost, Permits, cost_of

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
ORDERS = "https://host.example/notifications/api/v1/orders/email"
ONE = Cost(requests=1)


class Watch:
    """Stands for the module time: shows what it was set to."""

    def __init__(self) -> None:
        self.shown = 1000.0

    def monotonic(self) -> float:
        return self.shown


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    shown = Watch()
    monkeypatch.setattr(permits, "time", shown)
    return shown


# The budget


@pytest.mark.parametrize(
    ("budget", "cost", "told"),
    [
        (Budget(requests=3), Cost(requests=1), "the budget of 3 requests is used up"),
        (Budget(orders=3), Cost(1, 1, 0), "the budget of 3 orders is used up"),
        (Budget(emails=3), Cost(1, 1, 1), "the budget of 3 emails is used up"),
    ],
)
def test_no_more_is_sent_than_the_budget_allows(budget: Budget, cost: Cost, told: str) -> None:
    permits = Permits(budget)
    assert [permits.take(cost) for _ in range(3)] == [0.0] * 3
    with pytest.raises(Blocked, match=told) as error:
        permits.take(cost)
    assert error.value.cause == "configuration"


def test_what_is_refused_is_not_spent() -> None:
    permits = Permits(Budget(emails=3))
    with pytest.raises(Blocked):
        permits.take(Cost(1, 1, 4))
    assert permits.take(Cost(1, 1, 3)) == 0.0


def test_a_budget_that_is_used_up_allows_what_does_not_touch_it() -> None:
    permits = Permits(Budget(orders=1))
    permits.take(Cost(1, 1, 0))
    assert permits.take(ONE) == 0.0


def test_nothing_is_sent_when_the_time_is_over(watch: Watch) -> None:
    permits = Permits(Budget(seconds=60))
    watch.shown += 60
    permits.take(ONE)
    watch.shown += 0.1
    with pytest.raises(Blocked, match="the budget of 60 seconds is used up"):
        permits.take(ONE)


def test_no_budget_sets_no_limit() -> None:
    assert Permits().take(Cost(10**9, 10**9, 10**9)) == 0.0


def test_what_was_sent_before_counts_when_a_budget_is_set(watch: Watch) -> None:
    permits = Permits()
    permits.take(Cost(5, 2, 0))
    watch.shown += 30
    permits.limit(Budget(requests=6, orders=2, seconds=31))
    permits.take(ONE)
    with pytest.raises(Blocked, match="6 requests"):
        permits.take(ONE)
    with pytest.raises(Blocked, match="2 orders"):
        permits.take(Cost(0, 1, 0))
    permits.limit(Budget(seconds=29))
    with pytest.raises(Blocked, match="29 seconds"):
        permits.take(ONE)


def test_costs_add_up() -> None:
    assert Cost(1, 2, 3) + Cost(requests=4) == Cost(5, 2, 3)
    assert Cost(1, 2, 3).times(3) == Cost(3, 6, 9)


# The pace


def test_without_a_rate_nobody_waits() -> None:
    permits = Permits()
    assert [permits.take(ONE) for _ in range(100)] == [0.0] * 100


def test_each_request_gets_the_next_slot(watch: Watch) -> None:
    permits = Permits(rate=10)
    assert [permits.take(ONE) for _ in range(4)] == pytest.approx([0.0, 0.1, 0.2, 0.3])
    watch.shown += 0.25
    assert permits.take(ONE) == pytest.approx(0.15)


def test_slots_that_nobody_took_are_gone(watch: Watch) -> None:
    permits = Permits(rate=10)
    permits.take(ONE)
    watch.shown += 60
    assert [permits.take(ONE) for _ in range(2)] == pytest.approx([0.0, 0.1])


def test_an_order_that_is_only_counted_takes_no_slot(watch: Watch) -> None:
    permits = Permits(rate=10)
    permits.take(Cost(orders=1))
    assert permits.take(ONE) == pytest.approx(0)
    assert watch.shown == 1000.0


def test_threads_together_keep_budget_and_pace() -> None:
    permits = Permits(Budget(requests=50), rate=1000)

    def take(_: int) -> float | None:
        try:
            return permits.take(ONE)
        except Blocked:
            return None

    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(take, range(200)))
    assert Counter(wait is None for wait in waits) == {True: 150, False: 50}
    assert permits._next - began >= 50 / 1000


# What a request costs


def order(body: Any, *, method: str = "POST", url: str = ORDERS) -> Request:
    return Request(method, url, (), body if isinstance(body, bytes) else json.dumps(body).encode())


def to(*recipients: Any, at: Any = None) -> dict[str, Any]:
    return {"recipients": list(recipients)} | ({} if at is None else {"requestedSendTime": at})


SEND_TIMES: dict[str, tuple[Any, int]] = {
    "left out": (None, 1),
    "now": ("2026-01-01T12:00:00Z", 1),
    "past": ("2020-01-01T00:00:00Z", 1),
    "within a day": ("2026-01-02T11:59:59Z", 1),
    "in a day": ("2026-01-02T12:00:00Z", 0),
    "far ahead": ("2026-01-31T12:00:00.1234567Z", 0),
    "in another zone": ("2026-01-02T12:30:00+02:00", 1),
    "far ahead in another zone": ("2026-02-02T12:30:00-05:30", 0),
    "naive": ("2026-02-02T12:30:00", 1),
    "a date": ("2026-02-02", 1),
    "nonsense": ("soon", 1),
    "a number": (17, 1),
    "a list": ([], 1),
    "the end of time": ("9999-12-31T23:59:59-23:59", 0),
    "the beginning of time": ("0001-01-01T00:00:00+23:59", 1),
}


@pytest.mark.parametrize(("send_time", "emails"), SEND_TIMES.values(), ids=SEND_TIMES)
def test_an_order_costs_emails_when_it_is_due_soon(send_time: Any, emails: int) -> None:
    request = order(to({"emailAddress": "a@example.com"}, at=send_time))
    assert cost_of(request, NOW, {}) == Cost(1, 1, emails)


KNOWN = {"01828531200": 1, "311000179": 3, "312000180": 2}
RECIPIENTS = {
    "nobody": ([], 0),
    "two addresses": ([{"emailAddress": "a@example.com"}, {"emailAddress": "b@example.com"}], 2),
    "several addresses": ([{"organizationNumber": "311000179"}], 3),
    "both": ([{"organizationNumber": "311000179"}, {"nationalIdentityNumber": "01828531200"}], 4),
    "an unknown number": ([{"nationalIdentityNumber": "02828531347"}], 1),
    "two at once": ([{"organizationNumber": "311000179", "emailAddress": "a@example.com"}], 3),
    "empty": ([{}], 0),
    "odd": ([17, None, "a@example.com", [], {"emailAddress": 17}], 0),
    "nested": ([{"emailAddress": {"a": "b"}}], 0),
}


@pytest.mark.parametrize(("recipients", "emails"), RECIPIENTS.values(), ids=RECIPIENTS)
def test_each_address_of_each_recipient_costs_an_email(recipients: Any, emails: int) -> None:
    assert cost_of(order(to(*recipients)), NOW, KNOWN) == Cost(1, 1, emails)


NONSENSE: list[Any] = [
    b"",
    b"nonsense",
    b"\xff\x00",
    b"[" * 100_000,
    [],
    "text",
    None,
    {},
    {"recipients": {"emailAddress": "a@example.com"}},
    {"recipients": None},
]


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_a_body_that_is_no_order_costs_an_order_and_no_email(body: Any) -> None:
    assert cost_of(order(body), NOW, {}) == Cost(1, 1, 0)


@pytest.mark.parametrize(
    ("method", "url", "cost"),
    [
        ("POST", f"{ORDERS}/", Cost(1, 1, 1)),
        ("POST", f"{ORDERS}?a=b", Cost(1, 1, 1)),
        ("GET", ORDERS, ONE),
        ("PUT", ORDERS, ONE),
        ("POST", ORDERS.replace("email", "sms"), ONE),
        ("POST", ORDERS.replace("orders", "order"), ONE),
        ("PUT", ORDERS.replace("email", "some-id/cancel"), ONE),
    ],
)
def test_only_a_post_to_orders_email_is_an_order(method: str, url: str, cost: Cost) -> None:
    request = order(to({"emailAddress": "a@example.com"}), method=method, url=url)
    assert cost_of(request, NOW, {}) == cost


# The client keeps to it


def test_a_client_asks_before_it_sends() -> None:
    asked: list[bytes] = []

    def answer(_: int, request: bytes) -> bytes:
        asked.append(request)
        return http("202 Accepted")

    with answering(answer) as base:
        client = Client(Clock(), permission=Permits(Budget(orders=1)))
        place = order(to({"emailAddress": "a@example.com"}), url=f"{base}/orders/email")
        client.send(place, ANONYMOUS)
        with pytest.raises(Blocked, match="1 orders"):
            client.send(place, ANONYMOUS)
        client.close()
    assert (len(asked), len(client.journal)) == (1, 1)


def test_every_attempt_within_a_rate_limit_is_a_request() -> None:
    limited = http("429 Too Many Requests", b"", "Retry-After: 0")
    with answering(lambda *_: limited) as base:
        client = Client(Clock(), permission=Permits(Budget(requests=3)))
        with pytest.raises(Blocked, match="3 requests"):
            client.send(Request("GET", base), ANONYMOUS)
        client.close()


def test_an_order_is_counted_once_however_often_it_is_sent() -> None:
    limited = http("429 Too Many Requests", b"", "Retry-After: 0")
    permits = Permits(Budget(orders=1, emails=1))
    with answering(lambda *_: limited) as base:
        client = Client(Clock(), permission=permits, patience=0.2)
        with pytest.raises(Unreachable, match="429"):
            client.send(order(to({"emailAddress": "a@b.c"}), url=f"{base}/orders/email"), ANONYMOUS)
        client.close()


def test_a_client_waits_for_its_slot() -> None:
    with answering(lambda *_: http("200 OK")) as base:
        client = Client(Clock(), permission=Permits(rate=20))
        began = time.monotonic()
        for _ in range(4):
            client.send(Request("GET", base), ANONYMOUS)
        client.close()
    assert time.monotonic() - began >= timedelta(seconds=3 / 20).total_seconds()
