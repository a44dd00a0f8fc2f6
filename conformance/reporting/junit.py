"""junit.xml: a test suite for each group of the catalogue, a test case for each requirement.

JUnit knows no "not verified": it is a skip with its reason, or an error when the suite itself is
the cause.
"""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from itertools import groupby

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from conformance.reporting.model import Cause, Outcome, RequirementResult, Run
from conformance.reporting.text import failure_text, one_line


def render(run: Run) -> str:
    """Return the run as the text of junit.xml."""
    document = JUnitXml("Altinn Notifications conformance")
    for group, results in groupby(run.requirements, lambda each: each.requirement.group):
        document.add_testsuite(_suite(run, group, list(results)))
    document.update_statistics()  # type: ignore[no-untyped-call]  # junitparser has no type here
    stream = BytesIO()
    document.write(stream, pretty=True)
    return stream.getvalue().decode("utf-8")


def _suite(run: Run, group: str, results: list[RequirementResult]) -> TestSuite:
    suite = TestSuite(one_line(run.catalogue.groups[group]))
    suite.timestamp = run.started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for name, value in _properties(run).items():
        suite.add_property(name, one_line(value))
    suite.add_testcases([_case(run, each) for each in results])
    return suite


def _properties(run: Run) -> dict[str, str]:
    return {
        "verdict": run.verdict,
        "edition": run.edition,
        "seed": str(run.seed),
        "effort": run.effort,
        "target": str(run.target["name"]),
        "url": str(run.target["url"]),
    }


def _case(run: Run, result: RequirementResult) -> TestCase:
    requirement = result.requirement
    seconds = round(sum(test.seconds for test in result.tests), 3)
    case = TestCase(one_line(requirement.id), one_line(requirement.group), seconds)
    case.result = _results(run, result)
    return case


def _results(run: Run, result: RequirementResult) -> list[FinalResult]:
    message, cause = one_line(result.reason), result.cause or result.outcome
    if result.outcome is Outcome.PASSED:
        return []
    if result.outcome is Outcome.FAILED:
        failure = Failure(message, cause)
        failure.text = failure_text(result, run.edition)
        return [failure]
    return [Error(message, cause) if result.cause is Cause.SUITE else Skipped(message, cause)]
