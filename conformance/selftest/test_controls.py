"""What a run tells where little can be told: without a call, an email or any processing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.adequacy.judging import SPEED
from conformance.api import Placed
from conformance.catalogue import load
from conformance.clock import Clock
from conformance.errors import Blocked
from conformance.inbox import PAUSES, PAUSES_AT_ONCE, Inbox
from conformance.observers.mailbox import Mail
from conformance.planning import CONTROLS, requirement_of, scenarios_of
from conformance.reporting.model import Cause, Outcome, RequirementResult
from conformance.selftest.judging import described_as, judge_described
from conformance.selftest.pytests import items
from conformance.selftest.reference_server import Reference, running
from conformance.selftest.samples import exchange
from conformance.target.description import Identity
from conformance.watching import Watched

Results = dict[str, RequirementResult]
Judge = Callable[..., Results]

NOT_CALLED = "no conditionEndpoint of this run was called"
NO_MAIL = "no email of this run is in the mailbox"


@pytest.fixture(scope="module")
def reference() -> Iterator[Reference]:
    with running("--speed", str(SPEED)) as reference:
        yield reference


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Judge what a target file describes, and return the results of what was selected."""

    def judged(reference: Reference, described: str, *globs: str) -> Results:
        select = [f"--select={glob}" for glob in globs]
        arguments = ("--effort", "quick", "--seed", "1", *select)
        run = judge_described(reference, described, tmp_path, monkeypatch, *arguments)
        seen = (each for each in run.requirements if each.outcome != Outcome.NOT_APPLICABLE)
        return {each.requirement.id: each for each in seen}

    return judged


def with_outcome(results: Results, outcome: Outcome) -> set[str]:
    return {id for id, each in results.items() if each.outcome == outcome}


def unverified(results: Results, told: str, cause: Cause) -> set[str]:
    """Return what was not verified for a reason."""
    return {
        id
        for id in with_outcome(results, Outcome.NOT_VERIFIED)
        if results[id].reason.startswith(told) and results[id].cause == cause
    }


TOLD_WITHOUT_CALLS = {"condition.checked", "condition.nothing-sent-early"}


def test_a_callback_that_cannot_be_reached_is_one_failure(
    reference: Reference, judged: Judge
) -> None:
    unreachable = '[callback]\npublic_url = "http://127.0.0.1:9"\n'
    described = described_as(reference).replace("[callback]\n", unreachable)
    results = judged(reference, described, "condition.*", "delivery.*")

    assert with_outcome(results, Outcome.FAILED) == {"condition.checked"}
    assert "has to reach at http://127.0.0.1:9/" in results["condition.checked"].reason
    others = {id for id in results if id.startswith("condition.")} - TOLD_WITHOUT_CALLS
    assert unverified(results, NOT_CALLED, Cause.CONFIGURATION) == others
    assert with_outcome(results, Outcome.NOT_VERIFIED) == others


def test_a_mailbox_that_gets_no_mail_is_one_failure(reference: Reference, judged: Judge) -> None:
    with running() as other:
        described = described_as(reference, mailbox=other.announced["mailbox"])
        results = judged(reference, described, "condition.*", "delivery.*", "validation.refused-*")

    assert with_outcome(results, Outcome.FAILED) == {"delivery.delivered"}
    assert "the one that gets the mail of" in results["delivery.delivered"].reason
    blind = {id for id in results if "mailbox" in results[id].requirement.needs}
    assert unverified(results, NO_MAIL, Cause.CONFIGURATION) == blind - {"delivery.delivered"}
    assert with_outcome(results, Outcome.NOT_VERIFIED) == blind - {"delivery.delivered"}


NEGATIVES = (
    "summary.reserved-not-sent",
    "summary.nothing-sent-early",
    "summary.*-not-identified",
    "summary.not-identified-without-address",
    "condition.own-answer",
    "condition.not-met-*",
    "condition.checked-when-due",
    "delivery.not-early",
    "delivery.reserved-not-delivered",
    "validation.refused-not-delivered",
)


def test_that_nothing_is_sent_is_not_verified_where_nothing_is_processed(judged: Judge) -> None:
    with running("--speed", "0.001") as deployment:
        results = judged(deployment, described_as(deployment), *NEGATIVES)

    assert len(results) > len(NEGATIVES)
    assert with_outcome(results, Outcome.NOT_VERIFIED) == set(results)


@pytest.mark.parametrize("need", CONTROLS)
def test_a_capability_has_its_control_whatever_is_selected(need: str) -> None:
    alone = [item for item in items() if _needs(item, need)][-1:]
    assert CONTROLS[need] in scenarios_of(alone)


def test_what_needs_no_capability_needs_no_control() -> None:
    assert (
        scenarios_of(item for item in items() if requirement_of(item) == "order.status-202") == {}
    )


def _needs(item: pytest.Item, need: str) -> bool:
    return need in load().requirements[requirement_of(item)].needs


# A mailbox that is slow


class Slow:
    """A mailbox in which an email is found only when it was looked for several times."""

    def __init__(self, *mails: Mail, looks: int) -> None:
        self.mails = mails
        self.looks = looks

    def mails_to(self, address: str, text: str) -> list[Mail]:  # noqa: ARG002 (all are told)
        self.looks -= 1
        return [mail for mail in self.mails if self.looks < 0 and address in mail.receivers]

    def reachable(self) -> None:
        """It is."""

    def close(self) -> None:
        """There is nothing to close."""


class Sleepless(Clock):
    """Counts how long it was waited."""

    slept = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


SECONDS = 300.0
ADDRESS = "someone@example.com"
MAIL = Mail("1", "from@example.com", "A subject", "A text a-mark", "", (ADDRESS,))
PERSON = Identity("nationalIdentityNumber", "16869700124", addresses=(ADDRESS,))


def watched(status: str, recipient: dict[str, str] | None = None) -> Watched:
    order = {"body": "A text. a-mark", "recipients": [recipient or {"emailAddress": ADDRESS}]}
    sent = {"recipient": {"emailAddress": ADDRESS.upper()}, "sendStatus": {"status": status}}
    reading = exchange(body=json.dumps({"notifications": [sent]}).encode())
    return Watched(Placed("an-id", order, exchange()), readings=[reading])


def inbox(reader: Slow, clock: Clock, *orders: Watched) -> Inbox:
    placed: list[dict[str, Any]] = [each.placed.order for each in orders]
    return Inbox(reader, lambda: placed, {"reachable_people": (PERSON,)}, clock, SECONDS)


@pytest.mark.parametrize("status", ["Succeeded", "Delivered"])
def test_what_has_succeeded_is_waited_for(status: str) -> None:
    clock = Sleepless()
    found = inbox(Slow(MAIL, looks=3), clock).mails([watched(status)], ADDRESS).mails
    assert (found, clock.slept) == ([MAIL], 3 * SECONDS / PAUSES)


@pytest.mark.parametrize("status", ["New", "Sending", "Failed_RecipientReserved"])
def test_nothing_else_is_waited_for(status: str) -> None:
    clock = Sleepless()
    assert not inbox(Slow(MAIL, looks=1), clock).mails([watched(status)], ADDRESS).mails
    assert clock.slept == 0


def test_patience_ends() -> None:
    clock, order = Sleepless(), watched("Succeeded")
    mailbox = inbox(Slow(looks=0), clock, order)
    assert not mailbox.mails([order], ADDRESS).mails
    assert clock.slept == SECONDS * PAUSES_AT_ONCE / PAUSES == SECONDS / 5
    for _ in range(10):
        mailbox.mails([order], ADDRESS)
    assert clock.slept == SECONDS


def test_a_mailbox_without_mail_is_looked_through_once() -> None:
    clock, order = Sleepless(), watched("Succeeded")
    mailbox = inbox(Slow(looks=0), clock, order)
    for _ in range(3):
        assert not mailbox.mails([order], ADDRESS).mails
        with pytest.raises(Blocked, match=NO_MAIL) as caught:
            mailbox.require_mail()
        assert caught.value.cause == Cause.CONFIGURATION
    assert clock.slept == 2 * SECONDS / 5


def test_the_mail_of_any_order_shows_that_the_mailbox_gets_it() -> None:
    early, known = watched("New"), watched("New", PERSON.recipient)
    for order in (early, known):
        inbox(Slow(MAIL, looks=2), Sleepless(), order).require_mail()
    stranger = watched("New", {"nationalIdentityNumber": "17"})
    with pytest.raises(Blocked, match=NO_MAIL):
        inbox(Slow(MAIL, looks=0), Sleepless(), stranger).require_mail()
