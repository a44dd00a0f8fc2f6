"""What the API as tests speak to it makes of an arrangement that fails: whom it accuses."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from conformance.api import ACCEPTED, Api, control
from conformance.checks.registry import findings_of
from conformance.clock import Clock, chance
from conformance.errors import Blocked
from conformance.finding import Nonconformance
from conformance.orders import OMIT, Orders, rfc3339
from conformance.selftest.deployments import answering, http
from conformance.selftest.samples import exchange
from conformance.target.client import Client
from conformance.target.credentials import bearer
from conformance.trace import Trace


@pytest.fixture
def refusing() -> Iterator[Api]:
    """The API of a deployment that refuses everything."""
    client = Client(Clock())
    with answering(lambda *_: http("400 Bad Request", b"{}")) as base:
        orders = Orders(chance(1, "test"), Clock())
        yield Api(client, base, bearer("a.b.c", "$TOKEN"), orders, Trace(1, "test"))
    client.close()


def test_a_valid_order_that_is_refused_is_a_finding(refusing: Api) -> None:
    for send_time in (OMIT, rfc3339(Clock().now() + timedelta(hours=1))):
        with pytest.raises(Nonconformance) as error:
            control(refusing.order_email(requestedSendTime=send_time))
        assert error.value.finding.requirement == ACCEPTED


def test_an_order_that_may_be_in_the_past_accuses_nobody(refusing: Api) -> None:
    """The documents do not say what becomes of it, and clocks differ."""
    for seconds in (-60, 1, 60):
        send_time = rfc3339(Clock().now() + timedelta(seconds=seconds))
        with pytest.raises(Blocked):
            control(refusing.order_email(requestedSendTime=send_time))


@pytest.mark.parametrize("answer", [{"status": 429}, {"status": 0, "error": "no answer"}])
def test_what_is_no_answer_is_not_judged_by_checks(answer: dict[str, Any]) -> None:
    """A rate limit and a lost connection are no deviation of the deployment."""
    assert list(findings_of(exchange(**answer))) == []
    assert list(findings_of(exchange(status=418))) != []
