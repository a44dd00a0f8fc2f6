"""What the results of tests say of requirements, and these of the whole run."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conformance.catalogue import Level
from conformance.exchange import Request
from conformance.reporting.model import (
    FINDINGS_KEPT,
    Cause,
    Outcome,
    RequirementResult,
    Run,
    TestResult,
    Verdict,
)
from conformance.selftest.samples import (
    blocked,
    catalogue,
    exchange,
    failed,
    finding,
    passed,
    requirement,
    run,
    varied,
)

A, B = "order.first", "order.second"
KNOWN = catalogue(requirement(A), requirement(B))


def result_of(judged: Run, name: str) -> RequirementResult:
    return next(each for each in judged.requirements if each.requirement.id == name)


def test_a_run_whose_tests_all_passed_is_conformant() -> None:
    judged = run(KNOWN, passed(A), passed(A), passed(B))

    assert judged.verdict is Verdict.CONFORMANT
    assert judged.counts["MUST"] == {
        "passed": 2,
        "failed": 0,
        "not verified": 0,
        "not applicable": 0,
    }


def test_a_finding_fails_its_requirement_and_the_run() -> None:
    judged = run(KNOWN, failed(A), passed(B))

    assert judged.verdict is Verdict.NONCONFORMANT
    assert result_of(judged, A).outcome is Outcome.FAILED
    assert result_of(judged, A).cause is Cause.IMPLEMENTATION
    assert result_of(judged, A).reason == "expected status 202; was status 200"
    assert result_of(judged, B).outcome is Outcome.PASSED


def test_a_finding_fails_the_requirement_it_names_and_not_that_of_its_test() -> None:
    judged = run(KNOWN, passed(A, finding(B)), passed(B))

    assert result_of(judged, A).outcome is Outcome.PASSED
    assert result_of(judged, B).outcome is Outcome.FAILED


def test_the_finding_that_is_shortest_to_repeat_is_told_first() -> None:
    short, long = replace(finding(A), actual="short"), replace(finding(A), actual="long")
    longer = replace(long, exchange=replace(exchange(), request=Request("POST", "x" * 500)))

    judged = run(KNOWN, passed(A, longer), passed(A, short), passed(B))

    assert [each.actual for each in result_of(judged, A).findings] == ["short", "long"]


def test_a_reading_of_an_order_that_nobody_can_place_again_is_told_last() -> None:
    lost = replace(
        finding(A), exchange=replace(exchange(), request=Request("GET", "")), actual="lost"
    )
    known = replace(lost, placed=exchange(), actual="known")

    judged = run(KNOWN, passed(A, lost), passed(A, known), passed(B))

    assert [each.actual for each in result_of(judged, A).findings] == ["known", "lost"]


def test_a_test_that_failed_by_a_finding_of_another_requirement_does_not_verify_its_own() -> None:
    judged = run(KNOWN, failed(A, finding(B)), passed(B))

    assert result_of(judged, A).outcome is Outcome.NOT_VERIFIED
    assert result_of(judged, B).outcome is Outcome.FAILED


def test_a_requirement_passes_only_when_all_of_its_tests_passed() -> None:
    judged = run(KNOWN, passed(A), blocked(A, Cause.ENVIRONMENT, "429"), passed(B))

    assert result_of(judged, A).outcome is Outcome.NOT_VERIFIED
    assert (result_of(judged, A).cause, result_of(judged, A).reason) == (Cause.ENVIRONMENT, "429")
    assert judged.verdict is Verdict.INCOMPLETE


def test_the_suite_is_blamed_before_the_deployment() -> None:
    judged = run(
        KNOWN,
        blocked(A, Cause.IMPLEMENTATION, "control"),
        blocked(A, Cause.SUITE, "bug"),
        passed(B),
    )

    assert result_of(judged, A).cause is Cause.SUITE
    assert judged.verdict is Verdict.ERROR


def test_an_error_of_the_suite_is_not_hidden_by_a_finding_that_does_not_count() -> None:
    known = catalogue(requirement(A), requirement(B, Level.SHOULD))
    judged = run(known, passed(A), failed(B), blocked(B, Cause.SUITE, "bug"))

    assert judged.verdict is Verdict.ERROR


def test_a_failed_must_outweighs_an_error_of_the_suite() -> None:
    judged = run(KNOWN, failed(A), blocked(B, Cause.SUITE, "bug"))

    assert judged.verdict is Verdict.NONCONFORMANT


def test_a_finding_of_an_unknown_requirement_is_an_error_of_the_suite() -> None:
    judged = run(KNOWN, passed(A, finding("order.misspelt")), passed(B))

    assert judged.verdict is Verdict.ERROR
    assert "'order.misspelt'" in result_of(judged, A).reason


def test_a_failed_should_does_not_change_the_verdict() -> None:
    known = catalogue(requirement(A), requirement(B, Level.SHOULD))
    judged = run(known, passed(A), failed(B))

    assert judged.verdict is Verdict.CONFORMANT
    assert judged.counts["SHOULD"]["failed"] == 1


def test_a_should_that_is_not_verified_does_not_change_the_verdict() -> None:
    known = catalogue(requirement(A), requirement(B, Level.SHOULD))

    assert run(known, passed(A)).verdict is Verdict.CONFORMANT


def test_a_requirement_without_a_test_is_not_verified() -> None:
    judged = run(KNOWN, passed(A))

    assert result_of(judged, B).outcome is Outcome.NOT_VERIFIED
    assert result_of(judged, B).reason == "no test of it was run"
    assert judged.verdict is Verdict.INCOMPLETE


def test_a_missing_capability_is_named_as_a_matter_of_configuration() -> None:
    known = catalogue(requirement(A), requirement(B, needs=("mailbox", "callback")))
    judged = run(known, passed(A), capabilities=frozenset({"callback"}))

    assert result_of(judged, B).cause is Cause.CONFIGURATION
    assert result_of(judged, B).reason == "the target provides no mailbox"
    assert result_of(judged, B).missing == ("mailbox",)


def test_a_requirement_of_another_edition_is_not_applicable_even_with_a_finding() -> None:
    known = catalogue(requirement(A), requirement(B, editions=("2025-01",)))
    judged = run(known, passed(A, finding(B)), edition="2024-08")

    assert result_of(judged, B).outcome is Outcome.NOT_APPLICABLE
    assert result_of(judged, B).reason == "not promised in edition 2024-08"
    assert judged.verdict is Verdict.CONFORMANT


def test_a_requirement_that_was_not_selected_is_not_applicable() -> None:
    judged = run(KNOWN, passed(A), selected=frozenset({A}))

    assert result_of(judged, B).outcome is Outcome.NOT_APPLICABLE
    assert judged.verdict is Verdict.CONFORMANT


def test_a_requirement_that_cannot_be_observed_is_not_applicable_with_its_reason() -> None:
    known = catalogue(requirement(A), requirement(B, unobservable="it is inside"))
    judged = run(known, passed(A))

    assert result_of(judged, B).outcome is Outcome.NOT_APPLICABLE
    assert "it is inside" in result_of(judged, B).reason


def test_a_finding_outweighs_that_nothing_could_be_observed() -> None:
    known = catalogue(requirement(A), requirement(B, unobservable="it is inside"))

    assert run(known, passed(A, finding(B))).verdict is Verdict.NONCONFORMANT


def test_a_run_that_verified_nothing_is_not_conformant() -> None:
    known = catalogue(requirement(A, editions=("2025-01",)), requirement(B, Level.SHOULD))

    assert run(known, edition="2024-08").verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize(
    ("tests", "verdict"),
    [
        ([passed(A), passed(B)], Verdict.INCOMPLETE),
        ([passed(A), blocked(B, None, "interrupted")], Verdict.INCOMPLETE),
        ([failed(A), blocked(B, None, "interrupted")], Verdict.NONCONFORMANT),
    ],
)
def test_an_interrupted_run_is_never_conformant(tests: list[TestResult], verdict: Verdict) -> None:
    assert run(KNOWN, *tests, interrupted=True).verdict is verdict


def test_many_findings_are_counted_but_only_the_first_are_kept() -> None:
    judged = run(KNOWN, failed(A, *[finding(A)] * (FINDINGS_KEPT + 3)))

    assert len(result_of(judged, A).findings) == FINDINGS_KEPT
    assert result_of(judged, A).reason.endswith(f"(and {FINDINGS_KEPT + 2} more)")


def test_a_note_is_told_once_and_changes_nothing() -> None:
    noted = passed(A, notes=((B, "tolerated"), (B, "tolerated")))
    judged = run(KNOWN, noted, passed(B))

    assert result_of(judged, B).notes == ("tolerated",)
    assert judged.verdict is Verdict.CONFORMANT


def test_the_varied_sample_has_every_outcome_and_cause() -> None:
    judged = varied()

    assert {each.outcome for each in judged.requirements} == set(Outcome)
    assert {each.cause for each in judged.requirements} == {*Cause, None}


@pytest.mark.parametrize("body", [b"", b"{}", "æ😀".encode(), b"\xff\x00\xfe", b"\r\n\x1b"])
def test_a_test_result_crosses_a_process_boundary_unchanged(body: bytes) -> None:
    seen = exchange(body=body, sent=body, headers=(("X-Twice", "1"), ("x-twice", "2")), error="cut")
    result = failed(
        A, finding(A, seen=seen), notes=((B, "tolerated"),), requests=3, seconds=1.5, reason="why"
    )

    assert TestResult.from_json(json.loads(json.dumps(result.to_json()))) == result


def test_no_body_is_not_an_empty_body_after_a_round_trip() -> None:
    result = failed(A, finding(A, seen=exchange(sent=None)))
    again = TestResult.from_json(json.loads(json.dumps(result.to_json())))

    assert again.findings[0].exchange.request.body is None
