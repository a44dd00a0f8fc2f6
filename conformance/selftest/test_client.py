"""The client: what it records, what it hides, what it repeats, and whom it blames."""

from collections.abc import Iterator

import pytest

from conformance.clock import Clock
from conformance.exchange import Request
from conformance.finding import Nonconformance
from conformance.selftest.deployments import answering, http
from conformance.target.client import MOST_BYTES, Client, Unreachable
from conformance.target.credentials import ANONYMOUS, Credential, bearer

TOKEN = "header.payload.signature"


class Hurried(Clock):
    """A clock whose waiting takes no time, and is remembered."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def clock() -> Hurried:
    return Hurried()


@pytest.fixture
def client(clock: Hurried) -> Iterator[Client]:
    client = Client(clock, [TOKEN], timeout=2)
    yield client
    client.close()


def test_an_exchange_holds_request_and_response(client: Client) -> None:
    with answering(lambda *_: http("202 Accepted", b'{"a": 1}', "X-One: 1")) as base:
        exchange = client.send(Request("POST", f"{base}/orders", (("X-A", "b"),), b"x"), ANONYMOUS)

    assert (exchange.response.status, exchange.response.json) == (202, {"a": 1})
    assert exchange.response.header("x-one") == "1"
    assert exchange.request.headers == (("X-A", "b"),)
    assert client.drain() == [exchange]
    assert client.drain() == []


def test_the_credential_is_sent_and_its_name_is_recorded(client: Client) -> None:
    def echo(_: int, request: bytes) -> bytes:
        return http("200 OK", request, "X-Echo: " + TOKEN, "Set-Cookie: a=secret")

    with answering(echo) as base:
        exchange = client.send(Request("GET", base), bearer(TOKEN, "$MY_TOKEN"))

    assert b"Authorization: Bearer ***" in exchange.response.body
    assert TOKEN not in repr(exchange)
    assert exchange.response.header("set-cookie") == "***"
    assert '-H "Authorization: Bearer $MY_TOKEN"' in exchange.curl()


def test_a_word_that_a_test_sent_for_a_token_is_left_in_answers(client: Client) -> None:
    with answering(lambda *_: http("200 OK", b"a Bearer of news")) as base:
        exchange = client.send(Request("GET", base), Credential("Authorization", "Bearer", ""))

    assert exchange.response.body == b"a Bearer of news"


def test_cookies_are_not_kept(client: Client) -> None:
    seen = []

    def answer(_: int, request: bytes) -> bytes:
        seen.append(request)
        return http("200 OK", b"", "Set-Cookie: session=1; Path=/")

    with answering(answer) as base:
        client.send(Request("GET", base), ANONYMOUS)
        client.send(Request("GET", base), ANONYMOUS)

    assert len(seen) == 2
    assert b"cookie" not in seen[1].lower()


def test_redirects_are_answers(client: Client) -> None:
    with answering(lambda *_: http("302 Found", b"", "Location: /elsewhere")) as base:
        assert client.send(Request("GET", base), ANONYMOUS).response.status == 302


def test_nobody_listening_is_no_fault_of_the_deployment(client: Client) -> None:
    with answering(lambda *_: b"") as base:
        pass
    with pytest.raises(Unreachable):
        client.send(Request("GET", base), ANONYMOUS)


@pytest.mark.parametrize("answer", [b"", b"\x00\x01 garbage\r\n\r\n"], ids=["closed", "garbage"])
def test_a_broken_answer_is_a_finding(client: Client, answer: bytes) -> None:
    with answering(lambda *_: answer) as base, pytest.raises(Nonconformance) as error:
        client.send(Request("GET", base), ANONYMOUS)

    assert error.value.finding.exchange.response.status == 0
    assert client.drain()


def test_a_kept_connection_that_was_closed_is_no_finding(client: Client) -> None:
    """The second request finds the connection closed, and is repeated on a new one."""
    with answering(lambda n, _: http("200 OK") if n != 2 else b"") as base:
        first = client.send(Request("GET", base), ANONYMOUS)
        second = client.send(Request("GET", base), ANONYMOUS)

    assert (first.response.status, second.response.status) == (200, 200)


def test_silence_is_a_finding(client: Client) -> None:
    def slow(_: int, _request: bytes) -> bytes:
        Clock().sleep(3)
        return b""

    with answering(slow) as base, pytest.raises(Nonconformance, match="no answer in time"):
        client.send(Request("GET", base), ANONYMOUS)


def test_an_endless_answer_is_a_finding(client: Client) -> None:
    body = b"x" * (MOST_BYTES + 1)
    endless = answering(lambda *_: http("200 OK", body))
    with endless as base, pytest.raises(Nonconformance, match="longer than"):
        client.send(Request("GET", base), ANONYMOUS)


@pytest.mark.parametrize(
    ("stated", "waited"),
    [
        ("3", 3.0),
        ("-1", 0.0),
        ("86400", 60.0),
        ("soon", 1.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ],
)
def test_a_rate_limit_is_waited_for(
    client: Client, clock: Hurried, stated: str, waited: float
) -> None:
    limited = http("429 Too Many Requests", b"", f"Retry-After: {stated}")
    with answering(lambda n, _: limited if n < 3 else http("200 OK")) as base:
        exchange = client.send(Request("GET", base), ANONYMOUS)

    assert exchange.response.status == 200
    assert clock.slept == [waited, waited]


def test_an_overload_is_waited_for(client: Client, clock: Hurried) -> None:
    busy = http("503 Service Unavailable", b"", "Retry-After: 3")
    with answering(lambda n, _: busy if n < 3 else http("200 OK")) as base:
        exchange = client.send(Request("GET", base), ANONYMOUS)

    assert exchange.response.status == 200
    assert clock.slept == [3.0, 3.0]


@pytest.mark.parametrize("headers", [(), ("Retry-After: 3",)])
def test_an_overload_that_stays_is_an_answer(client: Client, headers: tuple[str, ...]) -> None:
    with answering(lambda *_: http("503 Service Unavailable", b"", *headers)) as base:
        exchange = client.send(Request("GET", base), ANONYMOUS)

    assert exchange.response.status == 503


def test_a_rate_limit_that_stays_is_no_fault_of_the_deployment(client: Client) -> None:
    limited = answering(lambda *_: http("429 Too Many Requests"))
    with limited as base, pytest.raises(Unreachable, match="429"):
        client.send(Request("GET", base), ANONYMOUS)
