"""Builders of small catalogues, exchanges and runs for the tests of judging and reporting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from conformance.catalogue import Catalogue, Document, Level, Requirement, Source
from conformance.exchange import Exchange, Request, Response
from conformance.finding import Finding
from conformance.reporting.model import Cause, Order, Outcome, Run, Scope, TestResult, judge

STARTED = datetime(2026, 11, 22, 1, 41, 37, tzinfo=UTC)
HOSTILE = (
    "<script>alert('x')</script>\"'&]]>\x1b[2J\x1b]0;title\x07\x00\x9b31m\u202e\ufffe[red]{{7*7}}"
)
"""What a deployment could answer to hurt a terminal, a browser, an XML parser or a template."""

OLD = Document("guide-2024", "The guide of 2024", ("2024-08",))
NEW = Document("guide-2025", "The guide of 2025", ("2025-01",))
EDITIONS = ("2024-08", "2025-01")


def requirement(name: str, level: Level = Level.MUST, **changes: Any) -> Requirement:
    """Return a requirement that both editions hold, with the given fields changed."""
    fields: dict[str, Any] = {
        "sentence": f"The promise of {name} is kept.",
        "sources": (Source(OLD, "Response codes"), Source(NEW, "Response codes")),
        "editions": EDITIONS,
        "operations": ("placeEmailOrder",),
        "needs": (),
        "unobservable": "",
    }
    return Requirement(name, level, **{**fields, **changes})


def catalogue(*requirements: Requirement) -> Catalogue:
    """Return a catalogue of these requirements, with a title for each of their groups."""
    groups = {each.group: f"Group {each.group}" for each in requirements}
    capabilities = {"mailbox": "a mailbox to read", "callback": "an address to call"}
    return Catalogue(EDITIONS, groups, capabilities, {each.id: each for each in requirements})


def exchange(
    *,
    status: int = 200,
    body: bytes = b'{"id": 1}',
    sent: bytes | None = b'{"subject": "Hei $recipientName$"}',
    headers: Sequence[tuple[str, str]] = (("Content-Type", "application/json"),),
    url: str = "https://deployment.example/orders/email",
    error: str = "",
) -> Exchange:
    """Return an exchange in which an order was placed with a credential from the environment."""
    credential = ("Authorization", "Bearer $CONFORMANCE_BEARER_TOKEN")
    return Exchange(
        Request("POST", url, (credential, *headers), sent),
        Response(status, tuple(headers), body),
        "placeEmailOrder",
        STARTED,
        0.25,
        error,
    )


def finding(
    requirement: str = "",
    *,
    expected: str = "status 202",
    actual: str = "status 200",
    seen: Exchange | None = None,
) -> Finding:
    """Return a finding of a requirement."""
    return Finding(expected, actual, seen or exchange(), requirement)


def passed(requirement: str, *findings: Finding, **changes: Any) -> TestResult:
    """Return a test that passed, perhaps with findings of other requirements on its way."""
    return _tested(requirement, Outcome.PASSED, findings=findings, **changes)


def failed(requirement: str, *findings: Finding, **changes: Any) -> TestResult:
    """Return a test that failed with these findings, else with one of its own requirement."""
    found = findings or (finding(requirement),)
    return _tested(
        requirement, Outcome.FAILED, cause=Cause.IMPLEMENTATION, findings=found, **changes
    )


def blocked(requirement: str, cause: Cause | None, reason: str, **changes: Any) -> TestResult:
    """Return a test that could not get as far as its own question."""
    return _tested(requirement, Outcome.NOT_VERIFIED, cause=cause, reason=reason, **changes)


def run(
    known: Catalogue,
    *tests: TestResult,
    edition: str = "2025-01",
    selected: frozenset[str] | None = None,
    capabilities: frozenset[str] = frozenset(),
    interrupted: bool = False,
    target: Mapping[str, Any] | None = None,
) -> Run:
    """Return the run in which these tests gave these results."""
    return Run(
        edition=edition,
        seed=4711,
        effort="standard",
        target=target or {"name": "sample", "url": "https://deployment.example"},
        suite={"name": "altinn-notifications-conformance", "version": "0.1.0"},
        contract="sha256:0123456789abcdef",
        started=STARTED,
        duration_seconds=12.345,
        requests=sum(test.requests for test in tests),
        orders=(
            Order(
                "6a1b6cd0-2a8c-4bbd-9d4e-2b5a2f4d8a51",
                "a test",
                1,
                "",
                "$TOKEN",
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "yes",
            ),
        ),
        interrupted=interrupted,
        catalogue=known,
        requirements=judge(known, Scope(edition, selected, capabilities), tests),
    )


def varied() -> Run:
    """Return a run in which every outcome, level and cause occurs."""
    known = catalogue(
        requirement("order.accepted"),
        requirement("order.status"),
        requirement("order.location", Level.SHOULD),
        requirement("order.logged", unobservable="it happens inside of the deployment"),
        requirement("keyword.subject", editions=("2024-08",)),
        requirement("keyword.delivered", needs=("mailbox",)),
        requirement("keyword.waited"),
        requirement("auth.expired"),
        requirement("auth.other"),
        requirement("auth.noted", Level.SHOULD),
    )
    return run(
        known,
        passed("order.accepted", finding("order.location"), requests=2, seconds=0.5),
        failed("order.status", finding("order.status"), finding("order.status"), requests=3),
        passed("order.location", requests=1),
        blocked("keyword.waited", Cause.ENVIRONMENT, "the deployment answered 429 Too Many"),
        blocked("auth.expired", Cause.SUITE, "KeyError: 'id'", requests=1),
        blocked("auth.other", Cause.IMPLEMENTATION, "the control of the pair was refused"),
        passed("auth.noted", notes=(("auth.noted", "a media type in upper case"),)),
    )


def hostile() -> Run:
    """Return a run against a deployment whose every answer is an attack."""
    seen = exchange(body=HOSTILE.encode(), headers=(("X-Hostile", HOSTILE.replace("\x00", "")),))
    lost = exchange(error=HOSTILE)
    known = catalogue(requirement(f"order.{HOSTILE}", sentence=HOSTILE), requirement("order.open"))
    attacks = [
        finding(f"order.{HOSTILE}", expected=HOSTILE, actual=HOSTILE, seen=each)
        for each in (seen, lost)
    ]
    return run(
        known,
        failed(f"order.{HOSTILE}", *attacks, title=HOSTILE, notes=(("order.open", HOSTILE),)),
        blocked("order.open", Cause.ENVIRONMENT, HOSTILE),
        target={"name": HOSTILE, "url": HOSTILE},
    )


def _tested(requirement: str, outcome: Outcome, **changes: Any) -> TestResult:
    fields = {"id": f"test_{requirement}.py::test_it", "title": f"The test of {requirement}."}
    return TestResult(**{**fields, **changes}, requirement=requirement, outcome=outcome)
