"""The header that names the requests of a test, so that a deployment's logs can be matched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conformance.catalogue import load
from conformance.clock import Clock
from conformance.coordinator import Coordinator
from conformance.exchange import Request
from conformance.finding import Finding
from conformance.fuzz.effort import Effort
from conformance.reporting.model import Cause, Outcome
from conformance.selftest.deployments import answering, http
from conformance.selftest.reference_server import UNKNOWN_ID
from conformance.session import Ending, Settings, Worker
from conformance.target.credentials import bearer
from conformance.target.description import Target
from conformance.trace import HEADER, Trace

RECEIPT = http("202 Accepted", json.dumps({"orderId": UNKNOWN_ID}).encode())
REFUSAL = http("401 Unauthorized")


@contextmanager
def working(url: str) -> Iterator[Worker]:
    target = Target("tiny", url, credentials={"bearer": bearer("a-token", "$MY_TOKEN")})
    settings = Settings(target, load().editions[-1], 7, Effort("quick"), None)
    coordinator = Coordinator(target, Clock(), 7)
    worker = Worker(settings, coordinator)
    try:
        yield worker
    finally:
        worker.close()
        coordinator.close()


def headers(seed: int, purpose: str, count: int) -> list[str]:
    trace = Trace(seed, purpose)
    return [trace.header()[1] for _ in range(count)]


def test_the_header_is_as_the_standard_has_it() -> None:
    """W3C Trace Context, section 3.2.2: version, trace id, parent id, flags; no id is all zeros."""
    name, value = Trace(7, "a test").header()
    assert name == "traceparent"
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", value)
    assert not re.search(r"-0+-", value)


def test_the_same_seed_and_test_make_the_same_ids() -> None:
    assert headers(7, "a test", 3) == headers(7, "a test", 3)


def test_a_trace_is_one_test_and_a_span_one_request() -> None:
    traces, spans = zip(*(each.split("-")[1:3] for each in headers(7, "a test", 3)), strict=True)
    assert set(traces) == {Trace(7, "a test").id}
    assert len(set(spans)) == 3


@pytest.mark.parametrize(("seed", "purpose"), [(8, "a test"), (7, "another test"), (7, "")])
def test_another_seed_or_test_makes_another_trace(seed: int, purpose: str) -> None:
    assert Trace(seed, purpose).id != Trace(7, "a test").id


def test_the_trace_takes_nothing_from_the_chance_of_the_test() -> None:
    with answering(lambda *_: RECEIPT) as base, working(base) as worker:
        one, other = worker.api("a test"), worker.api("a test")
        one.order_email()
        built = [one.build.address(), other.build.order()["recipients"][0]["emailAddress"]]
    assert built[0] != built[1]
    assert one.build.address() != other.build.address() == built[0]


def test_every_request_of_a_test_carries_the_header() -> None:
    seen: list[bytes] = []

    def answer(_: int, request: bytes) -> bytes:
        seen.append(request)
        return RECEIPT

    with answering(answer) as base, working(base) as worker:
        api = worker.api("a test")
        api.order_email()
        api.asking_with(bearer("another", "$OTHER")).get_order("an-id")
        api.send(Request("GET", base))
    ids = [each.partition(b"traceparent: 00-")[2][:49].decode() for each in seen]
    assert [each.partition("-")[0] for each in ids] == [Trace(7, "a test").id] * 3
    assert len(set(ids)) == 3


def test_the_curl_line_leaves_the_header_out() -> None:
    with answering(lambda *_: RECEIPT) as base, working(base) as worker:
        exchange = worker.api("a test").order_email()
    assert HEADER in dict(exchange.request.headers)
    assert HEADER not in exchange.curl()
    assert '-H "Authorization: Bearer $MY_TOKEN"' in exchange.curl()
    assert HEADER in json.dumps(exchange.to_json())


def test_the_result_of_a_test_names_its_trace() -> None:
    with answering(lambda *_: RECEIPT) as base, working(base) as worker:
        worker.api("a test").order_email()
        result, _ = worker.result("id", "title", "order.status-202", Ending(Outcome.PASSED), 0.0)
    assert result.trace_id == Trace(7, "a test").id


def test_a_test_without_a_request_has_no_trace() -> None:
    with working("http://127.0.0.1:9") as worker:
        worker.api("a test")
        result, _ = worker.result("id", "title", "order.status-202", Ending(Outcome.PASSED), 0.0)
    assert result.trace_id == ""


@pytest.mark.parametrize("probed", [RECEIPT, REFUSAL], ids=["accepted", "refused"])
def test_a_probe_of_the_credential_does_not_take_the_place_of_the_test(probed: bytes) -> None:
    """Where a test found 401 another order is placed, which is none of its trace."""
    with answering(lambda n, _: REFUSAL if n == 1 else probed) as base, working(base) as worker:
        refused = worker.api("a test").order_email()
        finding = Finding("status 202", "status 401", refused, "order.status-202")
        failed = Ending(Outcome.FAILED, Cause.IMPLEMENTATION, "401", finding)
        ending = worker.excused(failed)
        result, exchanges = worker.result("id", "title", "order.status-202", ending, 0.0)
    assert (ending == failed) == (probed is RECEIPT)
    assert len(exchanges) == 2
    assert result.trace_id == Trace(7, "a test").id
