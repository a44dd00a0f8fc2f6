"""The suite tests itself: what is judged, what follows, what is told and written."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from conformance.adequacy import changed, pool, report
from conformance.adequacy.changed import changed_files, concerned
from conformance.adequacy.exhibits import AS_IT_IS, FAULT, VARIANT, Exhibit, exhibits
from conformance.adequacy.judging import SPEED, Bench, Job, Keeper
from conformance.adequacy.model import Judgement, Matrix, Red
from conformance.adequacy.pool import jobs, judge_all
from conformance.adequacy.published import Place
from conformance.catalogue import load
from conformance.cli import main
from conformance.commands import adequate
from conformance.errors import OperatorError
from conformance.reference.faults import FAULTS
from conformance.reference.variants import VARIANTS
from conformance.selftest.samples import HOSTILE, STARTED
from conformance.target.credentials import ENVIRONMENT
from conformance.target.embedded import Embedded

ROOT = Path(__file__).parent.parent.parent
CRUDE = next(each for each in exhibits() if each.name == "order-answered-200")
CHOICES = tuple(each for each in exhibits() if each.kind == VARIANT)[:3]


def judgement(exhibit: Exhibit, *red: str, **changes: object) -> Judgement:
    """A judgement in which these requirements failed."""
    reds = tuple(Red(each, ("a_test",), "expected 202; was 200") for each in red)
    known = Judgement(exhibit, reds, {}, "", False, (), 1, "quick", 9, 4 if red else None, 0.5)
    return replace(known, **changes)  # type: ignore[arg-type]


def matrix(*judgements: Judgement, asked: int | None = None, interrupted: bool = False) -> Matrix:
    """A matrix of these judgements."""
    count = len(judgements) if asked is None else asked
    return Matrix(judgements, count, STARTED, 75.0, 3, "0.1.0", interrupted)


# What there is to be judged


def test_every_observable_requirement_has_a_fault() -> None:
    observable = {each.id for each in load().requirements.values() if not each.unobservable}
    assert {fault.breaks for fault in FAULTS.values()} == observable


def test_what_else_a_fault_breaks_is_in_the_catalogue_and_explained() -> None:
    known = load().requirements.keys()
    strange = [each.name for each in FAULTS.values() if not known >= {*each.also}]
    tied_twice = [each.name for each in FAULTS.values() if each.breaks in each.also]
    assert (strange, tied_twice) == ([], [])


def test_all_faults_and_variants_are_judged_unless_told() -> None:
    assert [each.name for each in exhibits()] == [*FAULTS, *VARIANTS]


def test_a_pattern_chooses_by_name_and_by_what_is_broken() -> None:
    assert exhibits(["order-answered-200"]) == [CRUDE]
    assert {each.breaks for each in exhibits(["order.status-202"])} == {"order.status-202"}


def test_a_pattern_of_nothing_is_an_error_with_its_mend() -> None:
    result = CliRunner().invoke(main, ["adequacy", "--only", "nothing-at-all"])
    assert (result.exit_code, result.stdout) == (4, "")
    assert result.stderr == (
        "ERROR: --only nothing-at-all matches no fault and no variant:"
        " `adequacy --list` prints their names\n"
    )


def test_they_are_listed_a_line_each() -> None:
    lines = CliRunner().invoke(main, ["adequacy", "--list"]).stdout.splitlines()
    faults = [line.split() for line in lines if line.startswith("fault ")]
    assert faults == [["fault", each.name, each.breaks] for each in FAULTS.values()]
    assert [line.split() for line in lines[len(faults) :]] == [
        ["variant", name] for name in VARIANTS
    ]


def test_every_fault_has_a_run_and_variants_share_theirs() -> None:
    _, *together = jobs(exhibits(), whole=False, seed=1)
    assert sum(len(each.exhibits) for each in together) == len(FAULTS) + len(VARIANTS)
    assert len(together) < len(FAULTS) + len(VARIANTS) / 3
    assert all(each.select for each in together if each.exhibits[0].kind == FAULT)


def test_what_judges_the_faults_judges_the_reference_first() -> None:
    control, *others = jobs(exhibits(["order.status-*"]), whole=False, seed=1)
    assert control.exhibits == (AS_IT_IS,)
    assert set(control.select) == {id for each in others for id in each.select}


def test_a_whole_pass_has_a_run_for_each_and_all_tests_in_it() -> None:
    _, *alone = jobs(exhibits(), whole=True, seed=1)
    assert len(alone) == len(FAULTS) + len(VARIANTS)
    assert {each.select for each in alone} == {()}


CONCERNED = {
    "conformance/reference/faults/orders.py": lambda each: each.module.endswith("faults.orders"),
    "conformance/reference/variants/mails.py": lambda each: each.module.endswith("variants.mails"),
    "openapi/requirements/lookup.yaml": lambda each: each.breaks.startswith("lookup."),
    "conformance/api.py": lambda _: True,
    "README.md": lambda _: False,
    "conformance/selftest/test_adequacy.py": lambda _: False,
}


@pytest.mark.parametrize("file", CONCERNED)
def test_a_change_concerns_what_depends_on_its_file(file: str) -> None:
    assert (ROOT / file).exists()
    assert concerned(exhibits(), [file]) == [*filter(CONCERNED[file], exhibits())]


def test_a_change_of_tests_concerns_the_faults_of_what_they_judge_for_each_operation() -> None:
    chosen = concerned(exhibits(), ["conformance/behaviour/test_not_found.py"])
    not_found = {each.name for each in FAULTS.values() if each.breaks.startswith("not-found.")}
    assert not_found <= {each.name for each in chosen}


def test_a_change_that_concerns_nothing_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed, "changed_files", lambda _: ["README.md"])
    result = CliRunner().invoke(main, ["adequacy", "--changed", "main"])
    assert (result.exit_code, result.stdout[:16]) == (0, "nothing to judge")


def test_a_change_of_tests_concerns_the_faults_that_they_find() -> None:
    chosen = concerned(exhibits(), ["conformance/behaviour/test_condition.py"])
    broken = {each.breaks for each in chosen if each.kind == FAULT}
    assert {"condition.checked"} <= broken < load().requirements.keys()
    assert sum(each.kind == VARIANT for each in chosen) == len(VARIANTS)


def test_a_revision_that_does_not_exist_is_an_error_with_its_mend() -> None:
    with pytest.raises(OperatorError, match="--changed"):
        changed_files("no-such-revision")


# What is judged


@pytest.fixture(scope="module")
def reference() -> Iterator[Embedded]:
    embedded = Embedded(["--speed", str(SPEED)])
    yield embedded
    embedded.stop()


@pytest.fixture
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a bench sets does not last."""
    for name in ["PYTEST_DISABLE_PLUGIN_AUTOLOAD", *ENVIRONMENT.values()]:
        monkeypatch.setenv(name, "")


@pytest.fixture
def bench(reference: Embedded, _alone: None) -> Bench:
    return Bench(reference.announced)


def test_a_fault_is_found_by_the_tests_of_what_it_breaks(bench: Bench) -> None:
    (seen,) = bench.judgements(Job((CRUDE,), (CRUDE.breaks,), 1, "quick"))
    assert (seen.outcome, seen.whole, seen.failure) == ("found", False, "")
    assert seen.tied
    assert seen.tied.text.startswith("expected status 202; was status 200")
    assert seen.until_first
    assert all("test_order_accept.py::" in test for test in seen.tied.tests)


def test_a_fault_that_breaks_something_else_is_missed_even_by_all_tests(bench: Bench) -> None:
    other = replace(CRUDE, breaks="details.status-200")
    (seen,) = bench.judgements(Job((other,), (other.breaks,), 1, "quick"))
    assert (seen.outcome, seen.whole) == ("missed", True)
    assert [each.requirement for each in seen.unexplained] == ["order.status-202"]


def test_judging_goes_on_in_processes_of_its_own() -> None:
    told: list[Judgement] = []
    todo = [Job((each,), (each.breaks,), 1, "quick") for each in exhibits(["order.status-*"])]
    judge_all(todo, 2, told.append)
    assert {each.outcome for each in told} == {"found"}
    assert len(told) == len(todo)


def die(_: Job) -> None:
    """End the process without a word."""
    os._exit(1)


def test_a_process_that_ends_before_its_time_is_a_failure_and_loses_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "judged", die)
    told: list[Judgement] = []
    judge_all([Job((CRUDE,), (), 1, "quick")], 1, told.append)
    assert [each.outcome for each in told] == ["failed"]


@pytest.mark.usefixtures("_alone")
def test_a_reference_that_ends_before_its_time_is_a_failure() -> None:
    reference = Embedded(["--speed", str(SPEED)])
    bench = Bench(reference.announced)
    timer = threading.Timer(1.5, reference.stop)
    timer.start()
    (seen,) = bench.judgements(Job((CRUDE,), (), 1, "quick"))
    timer.join()
    assert seen.outcome == "failed"


class Accusing(Bench):
    """A bench whose runs accuse a deployment by what it has."""

    def __init__(self, accused: Callable[[Sequence[Exhibit]], bool]) -> None:
        self._accused = accused

    def _judged(self, job: Job) -> list[Judgement]:
        red = ["order.schema"] if self._accused(job.exhibits) else []
        beside = tuple(each.name for each in job.exhibits)
        return [judgement(each, *red, beside=beside) for each in job.exhibits]


def test_the_accused_one_of_several_variants_is_named() -> None:
    bench = Accusing(lambda variants: CHOICES[1] in variants)
    judged = bench.judgements(Job(CHOICES, (), 1, "quick"))
    assert [each.outcome for each in judged] == ["accepted", "accused", "accepted"]


def test_variants_that_are_accused_only_together_are_accused() -> None:
    bench = Accusing(lambda variants: len(variants) > 1)
    judged = bench.judgements(Job(CHOICES, (), 1, "quick"))
    assert [each.outcome for each in judged] == ["accused"] * 3


def test_a_run_that_never_began_is_a_failure_of_the_suite() -> None:
    class Broken(Bench):
        def __init__(self) -> None:
            pass

        def _run(self, _: Job) -> Keeper:
            return Keeper()

    (seen,) = Broken().judgements(Job((CRUDE,), (), 1, "quick"))
    assert (seen.outcome, seen.told) == ("failed", "the run ended before it had begun")


# What follows


def test_a_fault_counts_as_found_only_by_what_it_breaks() -> None:
    assert judgement(CRUDE, CRUDE.breaks).outcome == "found"
    assert judgement(CRUDE, "order.schema").outcome == "missed"
    assert judgement(CRUDE).told == "order.status-202 has passed"


def test_what_fails_beside_it_is_explained_or_not() -> None:
    explained = replace(CRUDE, also=("order.schema",))
    seen = judgement(explained, "order.status-202", "order.schema", "order.id-distinct")
    assert [each.requirement for each in seen.collateral] == ["order.schema", "order.id-distinct"]
    assert [each.requirement for each in seen.unexplained] == ["order.id-distinct"]


def test_a_variant_that_keeps_a_requirement_from_being_verified_is_not_accepted() -> None:
    seen = judgement(CHOICES[0], unverified={"order.schema": "blocked"})
    assert (seen.outcome, seen.told) == ("accused", "order.schema not verified: blocked")


@pytest.mark.parametrize(
    ("seen", "adequate"),
    [
        (matrix(judgement(CRUDE, CRUDE.breaks), judgement(CHOICES[0])), True),
        (matrix(judgement(CRUDE), judgement(CHOICES[0])), False),
        (matrix(judgement(CRUDE, CRUDE.breaks), judgement(CHOICES[0], "order.schema")), False),
        (matrix(judgement(CRUDE, CRUDE.breaks), asked=2), False),
        (matrix(judgement(CRUDE, CRUDE.breaks), interrupted=True), False),
    ],
)
def test_only_a_whole_matrix_without_a_fault_missed_is_adequate(
    seen: Matrix, adequate: bool
) -> None:
    assert seen.is_adequate is adequate


# What is told and written


def test_the_ratio_comes_last() -> None:
    seen = matrix(judgement(CRUDE, CRUDE.breaks), judgement(CHOICES[0], "order.schema"))
    lines = list(report.summary(seen, [Path("adequacy.html")]))
    assert lines[-1] == "not adequate: faults 1/1, variants 0/1"
    assert max(map(len, lines)) <= 80


def test_the_matrix_is_written_as_data(tmp_path: Path) -> None:
    seen = matrix(judgement(CRUDE, CRUDE.breaks, "order.schema"))
    report.write(seen, tmp_path / "new")
    written = json.loads((tmp_path / "new" / "adequacy.json").read_text("utf-8"))
    assert (written["adequate"], written["faults"], written["variants"]) == (True, "1/1", "0/0")
    (row,) = written["judgements"]
    assert (row["outcome"], row["until_first"], row["requests"]) == ("found", 4, 9)
    assert [each["requirement"] for each in row["red"]] == ["order.status-202", "order.schema"]
    assert row["unexplained"] == ["order.schema"]
    assert row["exhibit"]["name"] == CRUDE.name


def test_the_matrix_is_written_as_a_page_that_escapes_what_was_seen(tmp_path: Path) -> None:
    red = Red(CRUDE.breaks, ("a_test",), HOSTILE)
    seen = matrix(replace(judgement(CRUDE), red=(red,)), judgement(CHOICES[0]))
    report.write(seen, tmp_path)
    page = (tmp_path / "adequacy.html").read_text("utf-8")
    assert "<script>" not in page
    assert "found by 1 test" in page.lower()
    assert CHOICES[0].description.split()[0] in page


def test_a_directory_that_cannot_be_written_to_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match="--reports"):
        report.write(matrix(), tmp_path / "file")


def test_what_was_judged_before_ctrl_c_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object, __: int, tell: Callable[[Judgement], None]) -> None:
        tell(judgement(CRUDE, CRUDE.breaks))
        raise KeyboardInterrupt

    monkeypatch.setattr(adequate, "judge_all", interrupted)
    command = ["adequacy", "--only", "order.status-*", "--reports", str(tmp_path)]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert re.fullmatch(
        r"not adequate: faults 1/1, variants 0/0; \d+ not judged", result.stdout.splitlines()[-1]
    )
    written = json.loads((tmp_path / "adequacy" / "adequacy.json").read_text("utf-8"))
    assert [each["outcome"] for each in written["judgements"]] == ["found"]


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (judgement(CRUDE, CRUDE.breaks), 0),
        (judgement(CRUDE), 1),
        (judgement(CRUDE, CRUDE.breaks, failure="it broke"), 3),
    ],
)
def test_the_exit_code_says_how_it_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: Judgement, code: int
) -> None:
    monkeypatch.setattr(adequate, "judge_all", lambda _, __, tell: tell(seen))
    command = ["adequacy", "--only", CRUDE.name, "--reports", str(tmp_path)]
    assert CliRunner().invoke(main, command).exit_code == code


# What is published


def test_figures_replace_those_of_before(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("Before\n<!-- adequacy -->\nold\n<!-- /adequacy -->\nAfter\n", "utf-8")
    Place(file, "adequacy").fill(report.figures(matrix(judgement(CRUDE, CRUDE.breaks))))
    text = file.read_text("utf-8")
    assert "1 of 1 faults" in text
    assert "old" not in text
    assert text.startswith("Before\n")
    assert text.endswith("\nAfter\n")


@pytest.mark.parametrize("text", ["no place", None])
def test_a_document_without_a_place_for_them_is_an_error(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "page.md"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(OperatorError, match=r"page\.md"):
        Place(file, "adequacy")


def test_the_figures_of_a_part_are_not_published() -> None:
    result = CliRunner().invoke(main, ["adequacy", "--only", "order*", "--publish", "README.md"])
    assert (result.exit_code, result.stdout) == (4, "")
    assert "--only" in result.stderr


def test_the_readme_has_the_figures_of_all_that_there_is() -> None:
    """``adequacy --publish README.md`` brings them up to date."""
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert re.findall(r"\d+ of (\d+) faults found", readme) == [str(len(FAULTS))]
    assert re.findall(r"\d+ of (\d+) variants accepted", readme) == [str(len(VARIANTS))]
