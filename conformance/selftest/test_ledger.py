"""The ledger: which exchanges place an order, and what becomes of the orders at the end."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conformance import ledger
from conformance.clock import Clock
from conformance.exchange import Exchange, Request, Response
from conformance.ledger import CANCELLING, MOST_FAILURES, Cancelling, placed
from conformance.reporting.model import Order
from conformance.selftest.deployments import answering, http
from conformance.selftest.reference_server import LATER, MINIMAL, UNKNOWN_ID, shared
from conformance.target.credentials import Credential, bearer
from conformance.target.description import Target
from conformance.target.embedded import target_of

CANCEL = "PUT /orders/{id}/cancel"
URL = "https://host.example/notifications/api/v1"
TOKEN = ("Authorization", "Bearer $MY_TOKEN")
FAR = (datetime.now(UTC) + timedelta(days=30)).isoformat()


def recorded(
    id: Any = UNKNOWN_ID,
    *,
    status: int = 202,
    method: str = "POST",
    path: str = "/orders/email",
    operation: str = "placeEmailOrder",
    order: Any = None,
    answer: bytes | None = None,
) -> dict[str, Any]:
    """An exchange as the record of a run has it."""
    body = json.dumps(order or MINIMAL | LATER).encode()
    told = json.dumps({"orderId": id}).encode() if answer is None else answer
    request = Request(method, URL + path, (("Content-Type", "application/json"), TOKEN), body)
    return {"test": "a test", **Exchange(request, Response(status, (), told), operation).to_json()}


def test_an_accepted_order_makes_an_entry() -> None:
    due = LATER["requestedSendTime"]
    assert placed([recorded()]) == (Order(UNKNOWN_ID, "a test", 1, due, "Bearer $MY_TOKEN"),)


def test_an_order_without_a_send_time_is_due_at_once() -> None:
    (entry,) = placed([recorded(order=MINIMAL)])
    assert (entry.due, entry.cancelled) == ("", "")


ENTRIES = {
    "200": {"status": 200},
    "another media type": {"operation": ""},
    "no order": {"order": ["nonsense"]},
    "odd members": {"order": {"recipients": 17, "requestedSendTime": {}}},
    "slash": {"path": "/orders/email/"},
    "no guid": {"id": "an-id"},
}


@pytest.mark.parametrize("changed", ENTRIES.values(), ids=ENTRIES)
def test_whatever_is_accepted_makes_an_entry(changed: dict[str, Any]) -> None:
    assert len(placed([recorded(**changed)])) == 1


NONE = {
    "refused": {"status": 400},
    "crashed": {"status": 500},
    "redirected": {"status": 302},
    "no answer": {"status": 0, "answer": b""},
    "without an id": {"answer": b"{}"},
    "an empty id": {"id": ""},
    "an id that is no text": {"id": 17},
    "no json": {"answer": b"<html>"},
    "a list": {"answer": b"[]"},
    "a reading": {"method": "GET", "path": f"/orders/{UNKNOWN_ID}", "status": 200},
    "an sms order": {"path": "/orders/sms"},
}


@pytest.mark.parametrize("changed", NONE.values(), ids=NONE)
def test_what_places_no_order_makes_none(changed: dict[str, Any]) -> None:
    assert placed([recorded(**changed)]) == ()


def test_an_order_that_is_named_twice_is_one() -> None:
    ids = [each.id for each in placed([recorded("a"), recorded("b"), recorded("a")])]
    assert ids == ["a", "b"]


# Cancelling at the reference


def reference() -> Target:
    return replace(target_of(shared().announced), cancel=CANCEL)


def order(id: str, due: str = FAR, credential: str = "") -> Order:
    return Order(id, "a test", 1, due, credential)


def cancelled(target: Target, *orders: Order) -> list[str]:
    cancelling = Cancelling(target, Clock(), 1)
    cancelling.cancel(orders)
    cancelling.close()
    return [each.cancelled for each in cancelling.told(orders)]


def test_orders_that_are_far_ahead_are_cancelled() -> None:
    ids = [shared().place(**LATER) for _ in range(6)]
    assert cancelled(reference(), *map(order, ids)) == ["yes"] * 6
    assert {shared().status(id) for id in ids} == {"Cancelled"}


SOON = (datetime.now(UTC) + timedelta(minutes=3)).isoformat()
ON_THEIR_WAY = {
    "none": "",
    "minutes": SOON,
    "past": "2020-01-01T00:00:00Z",
    "no zone": "2099-01-01T00:00:00",
    "no time": "soon",
}


@pytest.mark.parametrize("due", ON_THEIR_WAY.values(), ids=ON_THEIR_WAY)
def test_an_order_that_may_be_on_its_way_is_left_alone(due: str) -> None:
    id = shared().place(**LATER)
    assert cancelled(reference(), order(id, due)) == [""]
    assert shared().status(id) == "Registered"


def test_an_order_is_cancelled_with_the_credential_that_placed_it() -> None:
    second = reference().credentials["second_organisation_bearer"]
    answer = shared().http.post(
        f"{shared().base}/orders/email",
        json=MINIMAL | LATER,
        headers=shared().headers("second_organisation_bearer"),
    )
    theirs = order(answer.json()["orderId"], credential=second.shown)
    ours = order(shared().place(**LATER), credential=reference().main.shown)
    assert cancelled(reference(), theirs, ours) == ["yes", "yes"]
    assert cancelled(reference(), replace(theirs, credential="")) == ["no, answered 404"]


def test_an_order_that_is_processed_already_is_told() -> None:
    id = shared().place()
    shared().settled(id)
    assert cancelled(reference(), order(id)) == ["no, answered 409"]


# Cancelling where it does not work


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "PATIENCE", 0.1)


def tiny(url: str, *more: Credential) -> Target:
    credentials = {"bearer": bearer("token", "$MY_TOKEN")}
    credentials |= {f"bearer_{n}": each for n, each in enumerate(more)}
    return Target("tiny", url, credentials=credentials, cancel=CANCEL)


ANSWERS = {
    "404": (http("404 Not Found"), "no, answered 404"),
    "409": (http("409 Conflict"), "no, answered 409"),
    "500": (http("500 Internal Server Error"), "no, answered 500"),
    "204": (http("204 No Content"), "yes"),
    "closed": (b"", "no, no answer (Server disconnected without sending a response.)"),
    "limited": (http("429 Too Many Requests"), "the rate limit (429) did not pass"),
}


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize(("answer", "told"), ANSWERS.values(), ids=ANSWERS)
def test_what_was_answered_is_told(answer: bytes, told: str) -> None:
    with answering(lambda *_: answer) as base:
        (outcome,) = cancelled(tiny(base), order(UNKNOWN_ID))
    assert outcome.endswith(told)
    assert "\n" not in outcome


def test_nobody_listening_is_told() -> None:
    with answering(lambda *_: b"") as base:
        pass
    (outcome,) = cancelled(tiny(base), order(UNKNOWN_ID))
    assert outcome.startswith("no, PUT http://127.0.0.1:")
    assert "refused" in outcome


def test_a_deployment_that_answers_no_more_is_not_asked_for_every_order() -> None:
    with answering(lambda *_: b"") as base:
        outcomes = cancelled(tiny(base), *(order(f"id-{n}") for n in range(100)))
    assert outcomes[-1] == "no, too many had no answer"
    assert MOST_FAILURES <= sum("disconnected" in each for each in outcomes) < 2 * MOST_FAILURES


@pytest.fixture
def asked() -> Iterator[tuple[str, list[bytes]]]:
    seen: list[bytes] = []

    def answer(_: int, request: bytes) -> bytes:
        seen.append(request)
        return http("200 OK")

    with answering(answer) as base:
        yield base, seen


@pytest.mark.parametrize(
    ("id", "line"),
    [
        ("a/../b?c#d", b"PUT /orders/a%2F..%2Fb%3Fc%23d/cancel HTTP/1.1"),
        ("\ud800", b"PUT /orders/%3F/cancel HTTP/1.1"),
        ("{id}", b"PUT /orders/%7Bid%7D/cancel HTTP/1.1"),
    ],
)
def test_an_id_is_no_part_of_a_path(asked: tuple[str, list[bytes]], id: str, line: bytes) -> None:
    base, seen = asked
    assert cancelled(tiny(base), order(id)) == ["yes"]
    assert seen[0].startswith(line)


def test_requests_are_traced_and_recorded_without_secrets(asked: tuple[str, list[bytes]]) -> None:
    base, seen = asked
    cancelling = Cancelling(tiny(base), Clock(), 1)
    cancelling.cancel([order("a")])
    (exchange,) = cancelling.close()
    assert (exchange["test"], exchange["request"]["method"]) == (CANCELLING, "PUT")
    assert ["Authorization", "Bearer $MY_TOKEN"] in exchange["request"]["headers"]
    assert b"traceparent: 00-" in seen[0]


def test_the_method_and_path_are_those_of_the_target(asked: tuple[str, list[bytes]]) -> None:
    base, seen = asked
    target = replace(tiny(f"{base}/api"), cancel="DELETE /mine/{id}")
    assert cancelled(target, order("a")) == ["yes"]
    assert seen[0].startswith(b"DELETE /api/mine/a HTTP/1.1")


def test_the_pace_holds_for_cancelling(asked: tuple[str, list[bytes]]) -> None:
    base, _ = asked
    started = datetime.now(UTC)
    cancelled(replace(tiny(base), requests_per_second=20), *map(order, "abcde"))
    assert datetime.now(UTC) - started >= timedelta(seconds=4 / 20)


def test_what_is_done_stays_done_when_it_is_interrupted() -> None:
    main = threading.main_thread().ident
    assert main is not None
    count = iter(range(1000))

    def answer(*_: Any) -> bytes:
        if next(count) == 10:
            signal.pthread_kill(main, signal.SIGINT)
        Clock().sleep(0.01)
        return http("200 OK")

    orders = [order(f"id-{n}") for n in range(200)]
    with answering(answer) as base:
        cancelling = Cancelling(tiny(base), Clock(), 1)
        with pytest.raises(KeyboardInterrupt):
            cancelling.cancel(orders)
        outcomes = [each.cancelled for each in cancelling.told(orders)]
        exchanges = cancelling.close()
    assert set(outcomes) == {"yes", "no, it was interrupted"}
    assert 10 <= outcomes.count("yes") == len(exchanges) < 150
