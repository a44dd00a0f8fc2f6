"""One run of the suite: what it was asked for, what it holds open, and what comes of it.

Knows nothing of pytest; the plugin drives it, in one process or in several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from conformance import __version__, contract
from conformance.api import Api
from conformance.catalogue import Catalogue, load
from conformance.checks.answers import PLACE, documented_status
from conformance.checks.registry import findings_of
from conformance.checks.tolerance import notes_of
from conformance.clock import Clock, chance
from conformance.coordinator import WATCHED, Shared
from conformance.errors import Blocked, OperatorError
from conformance.exchange import Exchange, recorded
from conformance.finding import Finding, Nonconformance
from conformance.fuzz.effort import Effort
from conformance.inbox import Inbox
from conformance.ledger import placed
from conformance.observers import reader_of
from conformance.orders import Orders
from conformance.reporting.fuzzed import UNTRIED, Tried
from conformance.reporting.model import Cause, Check, Order, Outcome, Run, Scope, TestResult, judge
from conformance.target.client import Unreachable, client_of
from conformance.target.credentials import EXPIRED, LONGEST_WAIT, expiry
from conformance.target.description import Target
from conformance.trace import Trace
from conformance.watching import Scenario, Watched

PROBE = "whether the credential is accepted"
"""Stands for a test in what an order is built from that is placed beside the tests."""


@dataclass(frozen=True)
class Settings:
    """What a run was asked for; all its processes share it."""

    target: Target
    edition: str
    seed: int
    effort: Effort
    selected: frozenset[str] | None
    partial: bool = False

    @cached_property
    def scope(self) -> Scope:
        """What the run judges."""
        return Scope(self.edition, self.selected, self.target.capabilities, self.partial)


@dataclass(frozen=True)
class Ending:
    """How a test ended, before its exchanges are judged."""

    outcome: Outcome
    cause: Cause | None = None
    reason: str = ""
    finding: Finding | None = None
    disputes_status: bool = False


class Worker:
    """What the tests of one process use: the client, the mailbox, and what all processes share."""

    def __init__(self, settings: Settings, shared: Shared) -> None:
        self.settings = settings
        self.shared = shared
        self.clock = Clock()
        target = settings.target
        self.client = client_of(target, self.clock, shared)
        self.inbox = self._inbox(target)
        self._watched_orders: list[Exchange] = []
        self._trace_id = ""
        self._cases = 1

    def tried(self, cases: int) -> None:
        """Note how many generated cases the test tried that is being run."""
        self._cases = cases

    def _inbox(self, target: Target) -> Inbox | None:
        if target.mailbox is None:
            return None
        orders = partial(self.shared.orders_with, "recipients")
        seconds = target.processing_seconds or 0.0
        return Inbox(reader_of(target.mailbox), orders, target.identities, self.clock, seconds)

    def watched(self, scenario: Scenario) -> Watched:
        """Wait until the watched orders are settled, and return the one of a scenario."""
        order = self.shared.settled(scenario.__name__)
        self._watched_orders.append(order.placed.receipt)
        return order

    def await_end(self, name: str) -> None:
        """Wait, not for long, until a credential that is to be expired has expired."""
        target = self.settings.target
        expires = expiry(target.credentials[name].token) if name in EXPIRED else None
        if expires:
            left = expires - self.clock.now() + timedelta(seconds=target.token_leeway_seconds)
            if left <= LONGEST_WAIT:
                self.clock.sleep(left.total_seconds() + 1)

    def api(self, purpose: str) -> Api:
        """Return the API for one test, asked with the main credential."""
        trace = Trace(self.settings.seed, purpose)
        self._trace_id = trace.id
        return self._api(purpose, trace)

    def _api(self, purpose: str, trace: Trace) -> Api:
        target, random = self.settings.target, chance(self.settings.seed, purpose)
        orders = Orders(random, self.clock, target.mail_domain)
        return Api(self.client, target.url, target.main, orders, trace)

    def excused(self, ending: Ending) -> Ending:
        """Return the ending, with the cause that it has when the main credential is refused.

        A token that expires during a run, or is withdrawn, is not the deployment's deviation: where
        a test found 401, one more plain order shows whether the credential is accepted at all.
        """
        seen = ending.finding.exchange if ending.finding else None
        main = self.settings.target.main
        if seen is None or seen.response.status != 401:
            return ending
        if (main.name, main.shown) not in seen.request.headers:
            return ending
        try:
            probe = self._api(PROBE, Trace(self.settings.seed, PROBE)).order_email()
        except Nonconformance:
            return ending
        except (Unreachable, Blocked, OperatorError) as error:
            reason = f"a 401 that nobody can tell the reason of: {error}"
            return Ending(Outcome.NOT_VERIFIED, Cause.ENVIRONMENT, reason)
        if probe.response.status != 401:
            return ending
        reason = f"the credential {main.shown} is refused (401) by now: has it expired?"
        return Ending(Outcome.NOT_VERIFIED, Cause.CONFIGURATION, reason)

    def result(
        self,
        id: str,
        title: str,
        requirement: str,
        ending: Ending,
        seconds: float,
        kind: str = "",
    ) -> tuple[TestResult, list[dict[str, Any]]]:
        """Return the result of a test and its exchanges.

        Every answer is judged by every check that applies to it, whichever test asked for it: so
        that a deviation that only some answers show is found wherever it shows.
        """
        exchanges = self.client.drain()
        own = [ending.finding.of(requirement)] if ending.finding else []
        beside = _findings_beside(exchanges, ending)
        found = own + [each for each in beside if each not in own]
        result = TestResult(
            id=id,
            title=title,
            requirement=requirement,
            outcome=ending.outcome,
            cause=ending.cause,
            reason=ending.reason,
            findings=_told(found, [*exchanges, *self._watched_orders], self.settings.scope),
            notes=_notes(exchanges),
            requests=len(exchanges),
            seconds=seconds,
            trace_id=self._trace_id if exchanges else "",
            tried=Tried(kind, self._cases, _answers(exchanges)) if kind else UNTRIED,
        )
        self._cases = 1
        return result, recorded(id, exchanges)

    def close(self) -> None:
        """Close what the tests shared."""
        self.client.close()
        if self.inbox:
            self.inbox.close()


def _answers(exchanges: Iterable[Exchange]) -> dict[str, int]:
    asked = (each for each in exchanges if each.operation and each.response.status)
    return dict(Counter(f"{each.operation} {each.response.status}" for each in asked))


def watched_result(
    exchanges: Sequence[Exchange], scope: Scope
) -> tuple[TestResult, list[dict[str, Any]]]:
    """Return what the checks find in the exchanges of the watching, as the result of one test."""
    found = [finding for each in exchanges for finding in findings_of(each)]
    told, notes = _told(found, exchanges, scope), _notes(exchanges)
    result = TestResult(WATCHED, WATCHED, "", Outcome.PASSED, findings=told, notes=notes)
    return result, recorded(WATCHED, exchanges)


def _told(
    found: Iterable[Finding], exchanges: Sequence[Exchange], scope: Scope
) -> tuple[Finding, ...]:
    """Return the findings that are in scope, each with the exchange that placed its order."""
    return tuple(
        each if each.placed else replace(each, placed=_placing(each.exchange, exchanges))
        for each in found
        if scope.has(load().requirements[each.requirement])
    )


def _notes(exchanges: Iterable[Exchange]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(note for each in exchanges for note in notes_of(each)))


def _gist(finding: Finding) -> tuple[str, str, str]:
    return finding.requirement, finding.actual, finding.exchange.request.url


def _findings_beside(exchanges: Sequence[Exchange], ending: Ending) -> list[Finding]:
    """Return what the checks find in the answers of a test, besides what the test found.

    One deviation is one finding: where an answer should have been another one altogether, it and
    those like it are not judged for what they are. Of an answer that kept the test from its own
    question it is only asked whether the API documents its status.
    """
    if ending.finding and ending.finding.disputes_status:
        disputed = ending.finding.exchange
        exchanges = [each for each in exchanges if not _alike(each, disputed)]
    judged, last = list(exchanges), None
    if ending.disputes_status and judged:
        last = judged.pop()
    found = [finding for each in judged for finding in findings_of(each)]
    told = documented_status(last) if last and documented_status.applies_to(last) else None
    return [*found, told] if told else found


def _placing(reading: Exchange, exchanges: Sequence[Exchange]) -> Exchange | None:
    """Return the exchange that placed the order which another reads, None if it is not there."""
    for each in exchanges:
        id = each.response.member("orderId")
        if each.operation == PLACE and isinstance(id, str) and f"/{id}" in reading.request.url:
            return each
    return None


def _alike(one: Exchange, other: Exchange) -> bool:
    return (one.operation, one.response.status) == (other.operation, other.response.status)


@dataclass
class Record:
    """What a run has measured so far; the process that judges keeps it.

    Attributes:
        preflight: what was checked before the first test.
        orders: what became of the orders, once it is known.
        chosen: requirement and title of every test there was to run, by its id.
        interrupted: whether it was ended before its end.
        failure: what the suite itself failed at, beside its tests.
    """

    settings: Settings
    started: datetime
    results: list[TestResult] = field(default_factory=list)
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    preflight: tuple[Check, ...] = ()
    orders: tuple[Order, ...] | None = None
    chosen: dict[str, tuple[str, str]] = field(default_factory=dict)
    interrupted: bool = False
    failure: str = ""

    def add(self, result: TestResult, exchanges: Sequence[dict[str, Any]]) -> None:
        """Keep the result of a test and the recorded exchanges."""
        self.results.append(result)
        self.exchanges += exchanges

    def add_watched(self, exchanges: Sequence[Exchange]) -> None:
        """Keep the exchanges of the watching, and the findings in them that no test has told."""
        result, kept = watched_result(exchanges, self.settings.scope)
        told = {_gist(finding) for each in self.results for finding in each.findings}
        new = tuple(each for each in result.findings if _gist(each) not in told)
        self.add(replace(result, findings=new), kept)

    def run(self, now: datetime) -> Run:
        """Return the run as it stands: judged, with what was not run as not verified."""
        ended = {result.id for result in self.results}
        unrun = [
            TestResult(id, title, requirement, Outcome.NOT_VERIFIED, None, "it was not run")
            for id, (requirement, title) in self.chosen.items()
            if id not in ended
        ]
        catalogue: Catalogue = load()
        target = self.settings.target
        return Run(
            edition=self.settings.edition,
            seed=self.settings.seed,
            effort=self.settings.effort.name,
            target={
                "name": target.name,
                "url": target.url,
                "capabilities": sorted(target.capabilities),
            },
            suite={"name": "altinn-notifications-conformance", "version": __version__},
            contract=contract.load().digest,
            started=self.started,
            duration_seconds=(now - self.started).total_seconds(),
            requests=len(self.exchanges),
            orders=placed(self.exchanges) if self.orders is None else self.orders,
            interrupted=self.interrupted,
            failure=self.failure,
            preflight=self.preflight,
            catalogue=catalogue,
            requirements=judge(catalogue, self.settings.scope, [*self.results, *unrun]),
        )
