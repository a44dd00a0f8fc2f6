"""One run of the suite: what it was asked for, what it holds open, and what comes of it.

Knows nothing of pytest; the plugin drives it, in one process or in several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from conformance import __version__, contract
from conformance.api import Api
from conformance.catalogue import Catalogue, load
from conformance.checks.answers import PLACE, documented_status
from conformance.checks.registry import findings_of
from conformance.checks.tolerance import notes_of
from conformance.clock import Clock, chance
from conformance.exchange import Exchange
from conformance.finding import Finding, Nonconformance
from conformance.observers.callback import ConditionEndpoint
from conformance.observers.mailbox import MailpitMailbox
from conformance.orders import Orders
from conformance.reporting.model import Cause, Outcome, Run, Scope, TestResult, judge
from conformance.target.client import Client, Unreachable
from conformance.target.credentials import Credential
from conformance.target.description import Target
from conformance.watching import Scenario, Watch, World

WATCHED = "watched orders"
"""Stands for a test in the record of exchanges that were made for all of them."""


@dataclass(frozen=True)
class Settings:
    """What a run was asked for; all its processes share it."""

    target: Target
    edition: str
    seed: int
    effort: str
    selected: frozenset[str] | None
    partial: bool = False

    @property
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
    """What the tests of one process share: the client, the mailbox, the watched orders."""

    def __init__(self, settings: Settings, name: str = "main") -> None:
        self.settings = settings
        self.clock = Clock()
        self._name = name
        target = settings.target
        secrets = [
            text for each in target.credentials.values() for text in (each.value, each.token)
        ]
        self.client = Client(self.clock, secrets)
        self.condition = ConditionEndpoint() if target.callback else None
        self._mail_client = Client(self.clock, secrets)
        mailbox = target.mailbox
        self.mailbox = MailpitMailbox(self._mail_client, mailbox.url) if mailbox else None
        self.watch_client = Client(self.clock, secrets)
        self._watched_orders: list[Exchange] = []
        api = Api(self.watch_client, target.url, target.main, self.orders(WATCHED))
        self.watch = Watch(api, self.clock, target.processing_seconds or 0.0)

    def orders(self, purpose: str) -> Orders:
        """Return the builder of orders for one test."""
        mailbox = self.settings.target.mailbox
        domain = mailbox.domain if mailbox else "example.com"
        return Orders(chance(self.settings.seed, purpose), self.clock, domain)

    def api(self, purpose: str, credential: Credential | None = None) -> Api:
        """Return the API for one test, asked with the main credential unless told otherwise."""
        target = self.settings.target
        return Api(self.client, target.url, credential or target.main, self.orders(purpose))

    def place(self, scenarios: Mapping[Scenario, bool]) -> None:
        """Place the watched orders of these scenarios; the value tells which are to be refused."""
        identities = self.settings.target.identities
        for scenario, refused in scenarios.items():
            name = scenario.__name__
            world = World(self.orders(f"{name}/{self._name}"), identities, self.condition)
            self.watch.place(name, partial(scenario, world), refused)

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
            probe = self.api("whether the credential is accepted").order_email()
        except (Nonconformance, Unreachable):
            return ending
        if probe.response.status != 401:
            return ending
        reason = f"the credential {main.shown} is refused (401) by now: has it expired?"
        return Ending(Outcome.NOT_VERIFIED, Cause.CONFIGURATION, reason)

    def result(
        self, id: str, title: str, requirement: str, ending: Ending, seconds: float
    ) -> tuple[TestResult, list[dict[str, Any]]]:
        """Return the result of a test and its exchanges; what was watched meanwhile joins them.

        Every answer is judged by every check that applies to it, whichever test asked for it: so
        that a deviation that only some answers show is found wherever it shows.
        """
        exchanges, watched = self.client.drain(), self.watch_client.drain()
        self._watched_orders += [each for each in watched if each.operation == PLACE]
        own = [ending.finding.of(requirement)] if ending.finding else []
        beside = _findings_beside(exchanges, ending)
        beside += [finding for each in watched for finding in findings_of(each)]
        found = [
            replace(each, placed=_placing(each.exchange, [*exchanges, *self._watched_orders]))
            for each in own + [each for each in beside if each not in own]
            if self.settings.scope.has(load().requirements[each.requirement])
        ]
        everything = [*exchanges, *watched]
        notes = dict.fromkeys(note for each in everything for note in notes_of(each))
        result = TestResult(
            id=id,
            title=title,
            requirement=requirement,
            outcome=ending.outcome,
            cause=ending.cause,
            reason=ending.reason,
            findings=tuple(found),
            notes=tuple(notes),
            requests=len(exchanges),
            seconds=seconds,
        )
        return result, [
            *({"test": id, **each.to_json()} for each in exchanges),
            *({"test": WATCHED, **each.to_json()} for each in watched),
        ]

    def close(self) -> None:
        """Close what the tests shared."""
        self.client.close()
        self._mail_client.close()
        self.watch_client.close()
        if self.condition:
            self.condition.close()


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
        preflight_order: the id of the order that the preflight placed.
        chosen: requirement and title of every test there was to run, by its id.
        interrupted: whether it was ended before its end.
        failure: what the suite itself failed at, beside its tests.
    """

    settings: Settings
    started: datetime
    preflight_order: str = ""
    results: list[TestResult] = field(default_factory=list)
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    chosen: dict[str, tuple[str, str]] = field(default_factory=dict)
    interrupted: bool = False
    failure: str = ""

    def add(self, result: TestResult, exchanges: Sequence[dict[str, Any]]) -> None:
        """Keep the result of a test and the recorded exchanges."""
        self.results.append(result)
        self.exchanges += exchanges

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
            effort=self.settings.effort,
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
            orders=self._orders(),
            interrupted=self.interrupted,
            failure=self.failure,
            catalogue=catalogue,
            requirements=judge(catalogue, self.settings.scope, [*self.results, *unrun]),
        )

    def _orders(self) -> tuple[str, ...]:
        """Return the ids of all orders that were placed, from the recorded exchanges."""
        placed = dict.fromkeys([self.preflight_order] if self.preflight_order else [])
        for each in self.exchanges:
            if each["operation"] == PLACE:
                id = Exchange.from_json(each).response.member("orderId")
                if isinstance(id, str):
                    placed[id] = None
        return tuple(placed)
