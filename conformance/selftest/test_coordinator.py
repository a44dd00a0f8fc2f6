"""What a run holds only once: asked from another process, and the orders that it watches."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import AuthenticationError, connection
from typing import Any, cast

import httpx
import pytest

from conformance import watching
from conformance.checks.answers import DETAILS, NOTIFICATIONS, PLACE
from conformance.clock import Clock
from conformance.coordinator import Beginning, Coordinator, Desk, Remote, Shared
from conformance.errors import Blocked, OperatorError
from conformance.finding import Finding, Nonconformance
from conformance.fuzz.processed import ProcessedOrder
from conformance.orders import OMIT
from conformance.planning import watched_orders
from conformance.selftest.deployments import Answer, answering, http
from conformance.selftest.reference_server import UNKNOWN_ID, eventually, shared
from conformance.selftest.samples import exchange
from conformance.target.client import Unreachable
from conformance.target.credentials import bearer
from conformance.target.description import Callback, Target
from conformance.target.embedded import target_of
from conformance.target.permits import Budget, Cost
from conformance.target.tokens import tokens_of
from conformance.watching import Placing, Scenario, World

RECEIPT = http("202 Accepted", json.dumps({"orderId": UNKNOWN_ID}).encode())


def one(world: World) -> dict[str, Any]:
    """An order to an address."""
    return {"recipients": [world.build.address()], "requestedSendTime": OMIT}


def two(world: World) -> dict[str, Any]:
    """An order to two addresses."""
    return {"recipients": world.build.addresses(2)}


def nobody(world: World) -> dict[str, Any]:
    """An order to nobody, to be refused."""
    assert world.build
    return {"recipients": []}


def reserved(world: World) -> dict[str, Any]:
    """An order to someone whom the target names."""
    return {"recipients": [world.first("reserved_people")]}


def conditional(world: World) -> dict[str, Any]:
    """An order with a condition."""
    return {"conditionEndpoint": world.condition_url("a-name", met=True)}


def tiny(url: str, **changed: Any) -> Target:
    only = Target("tiny", url, credentials={"bearer": bearer("a-token", "$MY_TOKEN")})
    return replace(only, processing_seconds=0.0, **changed)


def reference(seconds: float = 0.0) -> Target:
    return replace(target_of(shared().announced), processing_seconds=seconds)


@contextmanager
def coordinating(target: Target) -> Iterator[Coordinator]:
    coordinator = Coordinator(target, Clock(), 7)
    try:
        yield coordinator
    finally:
        coordinator.close()
        coordinator.client.close()


@contextmanager
def watching_orders(
    target: Target, *scenarios: Scenario, refused: tuple[int, ...] = ()
) -> Iterator[Coordinator]:
    with coordinating(target) as coordinator:
        coordinator.begin(Beginning(Budget(), dict.fromkeys(scenarios, Placing(refused))))
        yield coordinator


# Asked from another process


@contextmanager
def desk_of(coordinator: Any) -> Iterator[Desk]:
    desk = Desk(cast("Coordinator", coordinator))
    try:
        yield desk
    finally:
        desk.close()


def test_a_worker_gets_what_the_coordinator_gives() -> None:
    with coordinating(reference(seconds=0.3)) as coordinator, desk_of(coordinator) as desk:
        remote: Shared = Remote(desk.address)
        remote.begin(
            Beginning(
                Budget(orders=50), {one: Placing(), nobody: Placing((400,)), conditional: Placing()}
            )
        )
        for name in ("one", "nobody", "conditional"):
            here, there = coordinator.settled(name), remote.settled(name)
            assert there == here
            assert there.placed.receipt.response.json == here.placed.receipt.response.json
        assert there.summary.response.member("orderId") == there.placed.id
        url = str(there.placed.order["conditionEndpoint"])
        assert (remote.calls_of(url), coordinator.calls_of(url)) == ([], [])
        orders = remote.orders_with("conditionEndpoint")
        assert orders == coordinator.orders_with("conditionEndpoint") == [there.placed.order]
        assert len(remote.orders_with("recipients")) == 2  # not the one that was refused
        httpx.get(url, trust_env=False)
        assert len(remote.calls_of(url)) == len(coordinator.calls_of(url)) == 1
        with pytest.raises(Blocked, match="the budget of 50 orders is used up"):
            remote.take(Cost(orders=49))


def test_workers_share_budget_and_pace() -> None:
    target = tiny("http://127.0.0.1:9", budget=Budget(requests=3), requests_per_second=10)
    with coordinating(target) as coordinator, desk_of(coordinator) as desk:
        everybody: list[Shared] = [Remote(desk.address), Remote(desk.address), coordinator]
        waits = [each.take(Cost(requests=1)) for each in everybody]
        assert waits == pytest.approx([0.0, 0.1, 0.2], abs=0.05)
        with pytest.raises(Blocked, match="3 requests"):
            everybody[0].take(Cost(requests=1))


class Raising:
    """Stands for a coordinator that has only bad news."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def take(self, _: Cost) -> float:
        raise self.error


ERRORS: list[Exception] = [
    Blocked("it was answered 500", "environment", disputes_status=True),
    Nonconformance(Finding("an answer", "none", exchange(), "order.status-202", True, exchange())),
    Unreachable("POST http://host: no connection"),
    OperatorError("the key has no kid", "add it"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: type(each).__name__)
def test_what_is_raised_in_the_coordinator_arrives_in_the_worker(error: Exception) -> None:
    with desk_of(Raising(error)) as desk:
        remote = Remote(desk.address)
        for _ in range(2):  # and it does not end the conversation
            with pytest.raises(type(error)) as caught:
                remote.take(Cost())
            assert (str(caught.value), vars(caught.value)) == (str(error), vars(error))


def test_a_worker_may_ask_from_several_threads() -> None:
    with coordinating(tiny("http://127.0.0.1:9")) as coordinator, desk_of(coordinator) as desk:
        remote = Remote(desk.address)
        threads = [
            threading.Thread(target=lambda: sum(remote.take(Cost(1)) for _ in range(50)))
            for _ in range(4)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        coordinator._permits.limit(Budget(requests=200))
        with pytest.raises(Blocked):
            remote.take(Cost(1))


STRANGERS = {"leaves": b"", "http": b"GET / HTTP/1.1\r\n\r\n", "huge": b"\x7f\xff\xff\xff"}


@pytest.mark.parametrize("said", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_does_not_stop_the_desk(said: bytes) -> None:
    with desk_of(Raising(Blocked("here"))) as desk:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(desk.address[0])
            stranger.sendall(said)
        with pytest.raises(Blocked, match="here"):
            asked(desk)


def test_a_stranger_who_says_nothing_keeps_nobody_waiting() -> None:
    with desk_of(Raising(Blocked("here"))) as desk, socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(desk.address[0])
        with pytest.raises(Blocked, match="here"):
            asked(desk)


def test_a_stranger_without_the_key_gets_nothing() -> None:
    with desk_of(Raising(Blocked("here"))) as desk:
        address, key = desk.address
        with pytest.raises(AuthenticationError):
            connection.Client(address, authkey=b"a guess")
        with pytest.raises((AuthenticationError, EOFError, OSError)):
            asked_without_a_key(address)
        assert len(key) >= 32
        with pytest.raises(Blocked, match="here"):
            asked(desk)


def asked_without_a_key(address: str) -> None:
    with connection.Client(address) as stranger:
        stranger.send(("take", Cost()))
        while True:
            assert b"here" not in stranger.recv_bytes()


def asked(desk: Desk) -> None:
    """Ask as a worker does, though not for ever."""
    caught: list[Exception] = []

    def ask() -> None:
        try:
            Remote(desk.address).take(Cost())
        except Blocked as error:
            caught.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(5)
    assert caught, "the desk does not answer"
    raise caught[0]


def test_a_desk_that_is_closed_lets_nobody_in() -> None:
    with desk_of(Raising(Blocked("here"))) as desk:
        address, key = desk.address
        inside = Remote((address, key))
        desk.close()
        with pytest.raises(FileNotFoundError):
            Remote((address, key))
        with pytest.raises(Blocked, match="here"):
            inside.take(Cost())


# The watched orders


def test_whoever_begins_first_decides() -> None:
    with watching_orders(reference(), one) as coordinator:
        coordinator.begin(Beginning(Budget(requests=1), {two: Placing()}))
        assert coordinator.settled("one").summary
        with pytest.raises(Blocked, match="two was not placed") as error:
            coordinator.settled("two")
        assert error.value.cause == "suite"


def test_orders_are_placed_once_and_watched_until_they_are_settled() -> None:
    placed, began = [], time.monotonic()

    def answer(n: int, request: bytes) -> bytes:
        if request.startswith(b"POST"):
            placed.append(request)
            return RECEIPT
        return http("200 OK", json.dumps({"reading": n}).encode())

    with answering(answer) as base:
        target = replace(tiny(base), processing_seconds=0.5)
        with coordinating(target) as coordinator, desk_of(coordinator) as desk:
            workers = [Remote(desk.address) for _ in range(3)]
            for each in workers:
                each.begin(Beginning(Budget(), {one: Placing(), two: Placing()}))
            order = workers[0].settled("one")
            assert time.monotonic() - began >= 0.5
            assert len(placed) == 2
            assert len(order.readings) > 2
            assert order.summary == order.readings[-1]
            assert order.summary.response.member("reading") > 3


def test_without_consent_to_wait_orders_are_read_at_once_and_at_the_end() -> None:
    with watching_orders(reference(), one) as coordinator:
        assert len(coordinator.settled("one").readings) == 2


def test_a_processed_order_is_settled() -> None:
    with watching_orders(reference(seconds=1.5), one) as coordinator:
        order = coordinator.settled("one")
    statuses = order.summary.response.member("notifications")
    assert [each["sendStatus"]["status"] for each in statuses] == ["Delivered"]


def course(*statuses: tuple[float, str]) -> Answer:
    """Accept orders, and list a notification whose status is the last one whose time has come."""
    began = time.monotonic()

    def answer(_: int, request: bytes) -> bytes:
        if request.startswith(b"POST"):
            return RECEIPT
        past = [status for at, status in statuses if at <= time.monotonic() - began]
        listed = [{"id": UNKNOWN_ID, "sendStatus": {"status": past[-1]}}]
        return http("200 OK", json.dumps({"notifications": listed}).encode())

    return answer


def test_while_statuses_change_a_deployment_may_take_longer_than_told() -> None:
    with answering(course((0, "New"), (0.9, "Sending"), (1.3, "Succeeded"))) as base:
        target = replace(tiny(base), processing_seconds=1.0)
        with watching_orders(target, one) as coordinator:
            assert coordinator.settled("one").statuses == {UNKNOWN_ID: "Succeeded"}


def test_statuses_that_change_for_ever_are_not_waited_for() -> None:
    began = time.monotonic()
    with answering(course(*((n / 10, f"status {n}") for n in range(1000)))) as base:
        target = replace(tiny(base), processing_seconds=0.3)
        with watching_orders(target, one) as coordinator:
            coordinator.settled("one")
    assert time.monotonic() - began < 3


def test_an_order_that_is_to_be_refused_is_watched_by_what_was_sent() -> None:
    with watching_orders(reference(), nobody, refused=(400,)) as coordinator:
        order = coordinator.settled("nobody")
    assert (order.placed.receipt.response.status, order.placed.order["recipients"]) == (400, [])
    assert order.readings == []
    with pytest.raises(Blocked, match="could not be read"):
        assert order.summary


def test_the_last_reading_counts_also_when_it_failed() -> None:
    readings = [http("200 OK", b"{}"), http("500 Internal Server Error")]
    with answering(reading(*readings)) as base:
        target = replace(tiny(base), processing_seconds=0.3)
        with watching_orders(target, one) as coordinator:
            order = coordinator.settled("one")
    assert len(order.readings) > 1
    with pytest.raises(Blocked, match="answered 500"):
        assert order.summary


def test_a_reading_that_failed_is_told_to_the_test() -> None:
    details, summary = http("200 OK", b"{}"), http("200 OK", b"{}")
    with answering(reading(details, summary, b"")) as base:
        target = replace(tiny(base), processing_seconds=0.3)
        with watching_orders(target, one) as coordinator:
            order = coordinator.settled("one")
    assert order.readings
    with pytest.raises(Nonconformance, match="no answer"):
        assert order.summary


def test_a_reading_that_failed_for_a_while_is_forgotten() -> None:
    with answering(reading(b"", b"", http("200 OK", b'{"settled": true}'))) as base:
        target = replace(tiny(base), processing_seconds=0.5)
        with watching_orders(target, one) as coordinator:
            order = coordinator.settled("one")
    assert order.failure is None
    assert order.summary.response.json == {"settled": True}


def reading(*answers: bytes) -> Answer:
    """Accept orders, and give readings one answer after the other, the last one for ever."""
    left = list(answers)

    def answer(_: int, request: bytes) -> bytes:
        if request.startswith(b"POST"):
            return RECEIPT
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


REFUSALS = {
    "400": (http("400 Bad Request", b'{"status": 400}'), Nonconformance, "a valid order"),
    "401": (http("401 Unauthorized"), Blocked, "without any flaw was answered 401"),
    "500": (http("500 Internal Server Error"), Blocked, "without any flaw was answered 500"),
    "closed": (b"", Nonconformance, "no answer"),
    "no id": (http("202 Accepted", b"{}"), Blocked, "without an orderId"),
}


@pytest.mark.parametrize(("answer", "error", "told"), REFUSALS.values(), ids=REFUSALS)
def test_what_keeps_an_order_from_being_placed_is_told_to_its_tests(
    answer: bytes, error: type[Exception], told: str
) -> None:
    with (
        answering(lambda *_: answer) as base,
        watching_orders(tiny(base), one, two) as coordinator,
        desk_of(coordinator) as desk,
    ):
        for ask in (coordinator.settled, Remote(desk.address).settled):
            for name in ("one", "two"):
                with pytest.raises(error, match=told):
                    ask(name)


def test_a_flawed_order_that_is_accepted_is_told_to_its_tests() -> None:
    with (
        answering(lambda *_: RECEIPT) as base,
        watching_orders(tiny(base), nobody, refused=(400,)) as coordinator,
        pytest.raises(Blocked, match="answered 202, not 400"),
    ):
        coordinator.settled("nobody")


def test_nobody_listening_is_told_to_the_tests() -> None:
    with answering(lambda *_: b"") as base:
        pass
    with (
        watching_orders(tiny(base), one) as coordinator,
        pytest.raises(Unreachable, match="refused"),
    ):
        coordinator.settled("one")


def test_what_the_target_lacks_keeps_no_other_order_from_being_placed() -> None:
    with (
        answering(reading(http("200 OK", b"{}"))) as base,
        watching_orders(tiny(base), reserved, conditional, one) as coordinator,
    ):
        assert coordinator.settled("one").summary
        with pytest.raises(Blocked, match="names no reserved people"):
            coordinator.settled("reserved")
        with pytest.raises(Blocked, match="provides no callback"):
            coordinator.settled("conditional")


def test_a_budget_that_is_used_up_is_told_to_the_tests() -> None:
    with answering(reading(http("200 OK", b"{}"))) as base, coordinating(tiny(base)) as coordinator:
        coordinator.begin(Beginning(Budget(orders=1), {one: Placing(), two: Placing()}))
        assert coordinator.settled("one").summary
        with pytest.raises(Blocked, match="the budget of 1 orders is used up"):
            coordinator.settled("two")


def test_a_source_of_tokens_that_fails_is_told_to_the_tests() -> None:
    failing = tokens_of("bearer", {"command": [sys.executable, "-c", "exit(3)"]}, Clock())
    target = tiny("http://127.0.0.1:9", credentials={"bearer": bearer(failing, "$T")})
    with (
        watching_orders(target, one) as coordinator,
        pytest.raises(OperatorError, match="ended with exit code 3"),
    ):
        coordinator.settled("one")


def test_an_error_of_a_scenario_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)  # it is told on standard error

    def broken(_: World) -> dict[str, Any]:
        raise KeyError("a bug")

    with (
        answering(reading(http("200 OK"))) as base,
        watching_orders(tiny(base), broken) as coordinator,
        pytest.raises(Blocked, match="broken was not placed"),
    ):
        coordinator.settled("broken")


def test_a_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(OperatorError, match="mend listen"):
            Coordinator(tiny("http://127.0.0.1:9", callback=Callback(listen)), Clock(), 1)


# The end


def test_the_exchanges_of_the_watching_are_handed_over_at_the_end() -> None:
    with watching_orders(reference(), one) as coordinator:
        coordinator.settled("one")
        exchanges = coordinator.close()
    assert [each.operation for each in exchanges[:3]] == [PLACE, DETAILS, NOTIFICATIONS]
    traces = {each.request.headers[-2][1][:35] for each in exchanges}
    assert len(traces) == 1


def test_the_same_seed_places_the_same_orders() -> None:
    recipients = []
    with answering(reading(http("200 OK"))) as base:
        for _ in range(2):
            with watching_orders(tiny(base), one) as coordinator:
                recipients.append(coordinator.settled("one").placed.order["recipients"])
    assert recipients[0] == recipients[1]


def test_the_plan_of_a_seed_knows_to_whom_its_generated_orders_go() -> None:
    scenario, target = ProcessedOrder(9), reference()
    with watching_orders(target, scenario) as coordinator:
        placed = coordinator.settled(scenario.__name__).placed.order
    (planned,) = watched_orders(target, [scenario], 7).values()
    assert planned["recipients"] == placed["recipients"]


def test_to_stop_waits_for_nothing() -> None:
    with answering(reading(http("200 OK", b"{}"))) as base:
        target = replace(tiny(base), processing_seconds=3600)
        with watching_orders(target, one) as coordinator:
            eventually(lambda: coordinator.client.journal)
            began = time.monotonic()
            coordinator.close()
            assert coordinator.settled("one").placed.id == UNKNOWN_ID
    assert time.monotonic() - began < 1


def test_an_answer_that_is_long_in_coming_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "GRACE_SECONDS", 0.1)
    asked, answered = threading.Event(), threading.Event()

    def hang(*_: Any) -> bytes:
        asked.set()
        answered.wait(10)
        return RECEIPT

    with answering(hang) as base, watching_orders(tiny(base), one) as coordinator:
        assert asked.wait(5)
        began = time.monotonic()
        assert coordinator.close() == []
        assert time.monotonic() - began < 1
        answered.set()
        assert coordinator.settled("one").placed.id == UNKNOWN_ID


def test_to_close_what_has_not_begun_is_no_error() -> None:
    coordinator = Coordinator(tiny("http://127.0.0.1:9"), Clock(), 1)
    assert coordinator.close() == []
