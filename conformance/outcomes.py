"""What an exception says of a test, and a verdict of a process: endings and exit codes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.catalogue import load
from conformance.errors import Blocked, OperatorError
from conformance.finding import Finding, Nonconformance
from conformance.reporting.model import Cause, Outcome, Run, Verdict
from conformance.reporting.text import four_parts
from conformance.session import Ending
from conformance.target.client import Unreachable
from conformance.watching import TOLD

CONFORMANT, NONCONFORMANT, INTERRUPTED, SUITE_FAILED, USAGE, INCOMPLETE = 0, 1, 2, 3, 4, 6


def ending_of(error: BaseException | None, requirement: str) -> Ending:
    """Return how a phase of a test ended, from what it raised.

    Only a finding accuses the implementation of the requirement. Whatever a test does not know how
    to handle is a failure of the suite.
    """
    if error is None:
        return Ending(Outcome.PASSED)
    if isinstance(error, BaseExceptionGroup):
        # Hypothesis groups what it saw when a case did not fail a second time.
        error = next((each for each in _leaves(error) if isinstance(each, TOLD)), error)
    if isinstance(error, Nonconformance):
        finding = error.finding.of(requirement)
        if finding.requirement == requirement:
            reason = f"expected {finding.expected}; was {finding.actual}"
            return Ending(Outcome.FAILED, Cause.IMPLEMENTATION, reason, finding)
        reason = f"blocked by {finding.requirement}"
        return Ending(Outcome.NOT_VERIFIED, Cause.IMPLEMENTATION, reason, finding)
    if isinstance(error, Blocked):
        return Ending(
            Outcome.NOT_VERIFIED,
            Cause(error.cause),
            error.reason,
            disputes_status=error.disputes_status,
        )
    if isinstance(error, OperatorError):
        return Ending(Outcome.NOT_VERIFIED, Cause.CONFIGURATION, str(error))
    if isinstance(error, Unreachable):
        return Ending(Outcome.NOT_VERIFIED, Cause.ENVIRONMENT, str(error))
    if isinstance(error, pytest.skip.Exception):
        return Ending(Outcome.NOT_VERIFIED, Cause.CONFIGURATION, str(error.msg))
    told = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return Ending(Outcome.NOT_VERIFIED, Cause.SUITE, f"the suite failed: {told}")


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def failure_text(finding: Finding, edition: str) -> str:
    """Return a finding in four parts, as pytest shows it in place of a traceback."""
    known = load().requirements[finding.requirement]
    return "\n".join(four_parts(finding, known, edition))


def exit_code(run: Run, require_complete: bool) -> int:
    """Return the exit code of a run, as the README lists them."""
    if run.interrupted:
        return INTERRUPTED
    if run.verdict is Verdict.INCOMPLETE:
        return INCOMPLETE if require_complete else CONFORMANT
    return {
        Verdict.CONFORMANT: CONFORMANT,
        Verdict.NONCONFORMANT: NONCONFORMANT,
        Verdict.ERROR: SUITE_FAILED,
    }[run.verdict]


def summary_lines(run: Run) -> Iterator[str]:
    """Yield the lines that follow pytest's own summary: counts of requirements, the verdict."""
    for level, outcomes in run.counts.items():
        told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items() if count)
        yield f"{level}: {told}"
    for each in run.with_outcome(Outcome.FAILED):
        yield f"failed: {each.requirement.id} ({each.requirement.level}): {each.reason}"
    yield f"seed {run.seed}, edition {run.edition}"
    yield f"verdict: {run.verdict}"
