"""How the suite is itself tested: it finds every fault, and accepts every variant.

One reference deployment serves each of them at a path of its own; each is judged by a run like any
other, with everything that an operator can provide.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conformance.catalogue import load
from conformance.reference.faults import FAULTS
from conformance.reference.variants import VARIANTS
from conformance.reporting.model import Outcome
from conformance.selftest.judging import SPEED, judge_exhibit
from conformance.selftest.reference_server import Reference, running

GROUPS = 27
TOGETHER = ["+".join(list(VARIANTS)[group::GROUPS]) for group in range(GROUPS)]
"""All variants, four or so at a time; neighbours, which decide alike, are in different groups."""

Judge = Callable[..., dict[str, Outcome]]


@pytest.fixture(scope="session")
def reference() -> Iterator[Reference]:
    with running("--speed", str(SPEED)) as reference:
        yield reference


@pytest.fixture
def outcomes(reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    return lambda place, *arguments: judge_exhibit(
        reference, place, tmp_path, monkeypatch, *arguments
    )


def test_every_observable_requirement_has_a_fault() -> None:
    observable = {each.id for each in load().requirements.values() if not each.unobservable}
    assert {fault.breaks for fault in FAULTS.values()} == observable


@pytest.mark.adequacy
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_the_requirement_it_breaks(outcomes: Judge, name: str) -> None:
    breaks = FAULTS[name].breaks
    selects = (breaks, f"{breaks.partition('.')[0]}.*", "*")  # some show beside others
    for seed, select in enumerate(selects, start=1):
        seen = outcomes(f"/faults/{name}", "--select", select, "--seed", str(seed))
        if seen[breaks] == Outcome.FAILED:
            return
    pytest.fail(f"{breaks} has passed")


def accepted(outcomes: Judge, names: str) -> None:
    seen = outcomes(f"/variants/{names}", "--effort", "quick", "--seed", "1")
    accused = {id: each for id, each in seen.items() if each == Outcome.FAILED}
    unverified = {id: each for id, each in seen.items() if each == Outcome.NOT_VERIFIED}
    assert (accused, unverified) == ({}, {})


@pytest.mark.adequacy
@pytest.mark.parametrize("names", TOGETHER)
def test_variants_are_accepted_together(outcomes: Judge, names: str) -> None:
    accepted(outcomes, names)


@pytest.mark.variants
@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_accepted(outcomes: Judge, name: str) -> None:
    accepted(outcomes, name)
