"""The model of a run: what each test saw, what follows for each requirement, and the verdict.

Judging is pure: :func:`judge` turns the results of the tests into outcomes of requirements, and
these into one verdict. Every renderer reads a :class:`Run` and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from conformance.catalogue import Catalogue, Level, Requirement
from conformance.finding import Finding
from conformance.reporting.fuzzed import UNTRIED, Tried, rows, unreached

NOT_SELECTED = "not selected"
FINDINGS_KEPT = 5
"""How many findings of one requirement a report shows; more of the same adds nothing."""


class Outcome(StrEnum):
    """Of a test, and of a requirement in a run."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_VERIFIED = "not verified"
    NOT_APPLICABLE = "not applicable"


class Cause(StrEnum):
    """Whose matter it is that a requirement has not passed."""

    IMPLEMENTATION = "implementation"
    CONFIGURATION = "configuration"
    ENVIRONMENT = "environment"
    SUITE = "suite"


class Verdict(StrEnum):
    """Of a run.

    conformant: every MUST in scope passed. nonconformant: one failed. incomplete: none failed,
    some were not verified. error: the suite itself failed, so that the run cannot be trusted.
    """

    CONFORMANT = "conformant"
    NONCONFORMANT = "nonconformant"
    INCOMPLETE = "incomplete"
    ERROR = "error"


@dataclass(frozen=True)
class TestResult:
    """What one test saw.

    Attributes:
        id: the node id of the test.
        title: what the test says of itself, one sentence.
        requirement: the requirement it is marked with.
        outcome: PASSED, FAILED or NOT_VERIFIED.
        cause: whose matter it is, None when passed.
        reason: one line, "" when passed.
        findings: of this requirement and of others that its exchanges broke.
        requests: how many requests it sent.
        seconds: how long it took.
        trace_id: the id of the trace that its requests belong to, "" when it sent none.
        tried: what it tried, where its cases are generated.
    """

    __test__ = False

    id: str
    title: str
    requirement: str
    outcome: Outcome
    cause: Cause | None = None
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    requests: int = 0
    seconds: float = 0.0
    trace_id: str = ""
    tried: Tried = UNTRIED

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON values, to cross from a worker process."""
        return {
            "id": self.id,
            "title": self.title,
            "requirement": self.requirement,
            "outcome": self.outcome.value,
            "cause": self.cause.value if self.cause else None,
            "reason": self.reason,
            "findings": [each.to_json() for each in self.findings],
            "notes": [list(note) for note in self.notes],
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            "trace_id": self.trace_id,
            "tried": self.tried.to_json(),
        }

    @classmethod
    def from_json(cls, recorded: Mapping[str, Any]) -> TestResult:
        """Return the result that :meth:`to_json` recorded."""
        return cls(
            **{
                **recorded,
                "outcome": Outcome(recorded["outcome"]),
                "cause": Cause(recorded["cause"]) if recorded["cause"] else None,
                "findings": tuple(Finding.from_json(each) for each in recorded["findings"]),
                "notes": tuple((id, text) for id, text in recorded["notes"]),
                "tried": Tried(**recorded["tried"]),
            }
        )


@dataclass(frozen=True)
class RequirementResult:
    """What a run says of one requirement.

    ``missing`` holds the capabilities that would be needed to verify it.
    """

    requirement: Requirement
    outcome: Outcome
    cause: Cause | None = None
    reason: str = ""
    tests: tuple[TestResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the result as the member of ``requirements`` in report.json."""
        return {
            "id": self.requirement.id,
            "level": self.requirement.level.value,
            "sentence": self.requirement.sentence,
            "source": [str(source) for source in self.requirement.sources],
            "outcome": self.outcome.value,
            "cause": self.cause.value if self.cause else None,
            "reason": self.reason,
            "missing": list(self.missing),
            "tests": [
                {
                    "id": each.id,
                    "title": each.title,
                    "outcome": each.outcome.value,
                    "reason": each.reason,
                    "requests": each.requests,
                    "seconds": round(each.seconds, 3),
                    "trace_id": each.trace_id,
                }
                for each in self.tests
            ],
            "findings": [each.to_json() for each in self.findings],
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Check:
    """One check of the preflight: what it found, and the mend where that is a problem."""

    subject: str
    told: str
    mend: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the check as the member of ``preflight`` in report.json."""
        return dict(vars(self))


@dataclass(frozen=True)
class Order:
    """An order that the run placed.

    Attributes:
        id: as the deployment named it.
        test: the test that placed it.
        recipients: how many recipients it has.
        due: its requested send time as it was sent, "" for at once.
        credential: what stands for the credential that placed it.
        trace_id: of the request that placed it.
        cancelled: "yes", "no" with the reason, or "" when it was not attempted.
    """

    id: str
    test: str
    recipients: int
    due: str
    credential: str = ""
    trace_id: str = ""
    cancelled: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the order as the member of ``orders`` in report.json."""
        return dict(vars(self))


@dataclass(frozen=True)
class Scope:
    """What a run was asked to judge.

    Attributes:
        edition: the edition of the documentation.
        selected: the ids chosen with --select, or None for all.
        capabilities: what the operator provided.
        partial: whether tests were chosen by name, so that there may be more of a requirement
            than are known.
    """

    edition: str
    selected: frozenset[str] | None
    capabilities: frozenset[str]
    partial: bool = False

    def has(self, requirement: Requirement) -> bool:
        """Tell whether a requirement is in scope."""
        return not _outside(requirement, self)

    def missing(self, requirement: Requirement) -> tuple[str, ...]:
        """Return the capabilities that a requirement needs and the operator did not provide."""
        return tuple(sorted(set(requirement.needs) - self.capabilities))


@dataclass(frozen=True)
class Run:
    """One run against one deployment. ``duration_seconds`` is wall time, ``started`` in UTC.

    ``failure`` says what the suite itself failed at outside of its tests, and is empty otherwise.
    """

    edition: str
    seed: int
    effort: str
    target: Mapping[str, Any]
    suite: Mapping[str, str]
    contract: str
    started: datetime
    duration_seconds: float
    requests: int
    orders: tuple[Order, ...]
    interrupted: bool
    catalogue: Catalogue
    requirements: tuple[RequirementResult, ...]
    failure: str = ""
    preflight: tuple[Check, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The one word of the run; SHOULD requirements are told but do not change it.

        A run that verified nothing at all is incomplete, whatever it was asked to judge.
        """
        musts = [r for r in self.requirements if r.requirement.level is Level.MUST]
        if any(r.outcome is Outcome.FAILED for r in musts):
            return Verdict.NONCONFORMANT
        tests = (test for each in self.requirements for test in each.tests)
        if self.failure or any(test.cause is Cause.SUITE for test in tests):
            return Verdict.ERROR
        if self.interrupted or any(r.outcome is Outcome.NOT_VERIFIED for r in musts):
            return Verdict.INCOMPLETE
        if not any(r.outcome in (Outcome.PASSED, Outcome.FAILED) for r in self.requirements):
            return Verdict.INCOMPLETE
        return Verdict.CONFORMANT

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many requirements have which outcome, by level."""
        tally = Counter((r.requirement.level, r.outcome) for r in self.requirements)
        return {
            level.value: {outcome.value: tally[level, outcome] for outcome in Outcome}
            for level in Level
        }

    @property
    def tried(self) -> list[Tried]:
        """What the generated tests tried."""
        tests = (test.tried for each in self.requirements for test in each.tests)
        return [each for each in tests if each.kind]

    def with_outcome(self, outcome: Outcome) -> list[RequirementResult]:
        """Return the requirements that have this outcome, in the catalogue's order."""
        return [each for each in self.requirements if each.outcome is outcome]

    def to_json(self) -> dict[str, Any]:
        """Return the run as report.json holds it."""
        return {
            "verdict": self.verdict.value,
            "edition": self.edition,
            "seed": self.seed,
            "effort": self.effort,
            "target": dict(self.target),
            "suite": dict(self.suite),
            "contract": self.contract,
            "started": self.started.isoformat(timespec="seconds"),
            "duration_seconds": round(self.duration_seconds, 2),
            "interrupted": self.interrupted,
            "failure": self.failure,
            "requests": self.requests,
            "preflight": [each.to_json() for each in self.preflight],
            "orders": [each.to_json() for each in self.orders],
            "counts": self.counts,
            "fuzzing": {
                "cases": [each.to_json() for each in rows(self.tried)],
                "unreached": unreached(self.tried),
            },
            "requirements": [each.to_json() for each in self.requirements],
        }


def judge(
    catalogue: Catalogue, scope: Scope, tests: Sequence[TestResult]
) -> tuple[RequirementResult, ...]:
    """Return what the results of the tests say of every requirement of the catalogue.

    ``tests`` holds every test that was chosen, those that an interruption kept from running as
    NOT_VERIFIED: a requirement passes only when all of its tests have passed. A test whose
    finding names a requirement that does not exist is an error of the suite.
    """
    tests = [_checked(test, catalogue) for test in tests]
    findings: dict[str, list[Finding]] = {}
    notes: dict[str, dict[str, None]] = {}
    for test in tests:
        for finding in test.findings:
            findings.setdefault(finding.requirement, []).append(finding)
        for id, text in test.notes:
            notes.setdefault(id, {})[text] = None
    return tuple(
        _judge_one(
            requirement,
            scope,
            tuple(test for test in tests if test.requirement == requirement.id),
            findings.get(requirement.id, []),
            tuple(notes.get(requirement.id, {})),
        )
        for requirement in catalogue.requirements.values()
    )


def _checked(test: TestResult, catalogue: Catalogue) -> TestResult:
    known = catalogue.requirements
    unknown = next((f.requirement for f in test.findings if f.requirement not in known), None)
    if unknown is None:
        return test
    reason = f"the catalogue has no requirement {unknown!r}, of which there is a finding"
    return replace(test, outcome=Outcome.NOT_VERIFIED, cause=Cause.SUITE, reason=reason)


def _judge_one(
    requirement: Requirement,
    scope: Scope,
    tests: tuple[TestResult, ...],
    findings: Sequence[Finding],
    notes: tuple[str, ...],
) -> RequirementResult:
    outside = _outside(requirement, scope)
    if outside:
        return RequirementResult(requirement, Outcome.NOT_APPLICABLE, reason=outside)
    if findings:
        findings = sorted(findings, key=_effort)
        kept = tuple(findings[:FINDINGS_KEPT])
        return RequirementResult(
            requirement,
            Outcome.FAILED,
            Cause.IMPLEMENTATION,
            _failure_reason(findings),
            tests,
            kept,
            notes,
        )
    if requirement.unobservable:
        reason = f"no black-box test can see it: {requirement.unobservable}"
        return RequirementResult(requirement, Outcome.NOT_APPLICABLE, reason=reason)
    passed = bool(tests) and all(test.outcome is Outcome.PASSED for test in tests)
    if passed and not scope.partial:
        return RequirementResult(requirement, Outcome.PASSED, tests=tests, notes=notes)
    missing = scope.missing(requirement)
    cause, reason = _why_not_verified(tests, missing)
    return RequirementResult(
        requirement, Outcome.NOT_VERIFIED, cause, reason, tests, (), notes, missing
    )


def _outside(requirement: Requirement, scope: Scope) -> str:
    if scope.edition not in requirement.editions:
        return f"not promised in edition {scope.edition}"
    if scope.selected is not None and requirement.id not in scope.selected:
        return NOT_SELECTED
    return ""


def _effort(finding: Finding) -> tuple[bool, int]:
    """Return what it takes to see a finding again: the shortest of many tells most.

    What was read of an order that nobody knows how to place cannot be seen again.
    """
    is_lost = finding.placed is None and finding.exchange.request.method == "GET"
    return is_lost, sum(map(len, finding.reproduce))


def _failure_reason(findings: Sequence[Finding]) -> str:
    first = f"expected {findings[0].expected}; was {findings[0].actual}"
    return first if len(findings) == 1 else f"{first} (and {len(findings) - 1} more)"


def _urgency(test: TestResult) -> int:
    order = (Cause.SUITE, Cause.ENVIRONMENT, Cause.CONFIGURATION, Cause.IMPLEMENTATION)
    return order.index(test.cause) if test.cause else len(order)


def _why_not_verified(
    tests: Sequence[TestResult], missing: Sequence[str]
) -> tuple[Cause | None, str]:
    open_tests = [test for test in tests if test.outcome is not Outcome.PASSED]
    if open_tests:
        worst = min(open_tests, key=_urgency)
        return worst.cause, worst.reason
    if tests:
        return None, "only tests that were named were run, and there may be more of it"
    if missing:
        return Cause.CONFIGURATION, f"the target provides no {', '.join(missing)}"
    return None, "no test of it was run"
