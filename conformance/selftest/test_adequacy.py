"""How the suite is itself tested: it finds every fault, and accepts every variant.

One reference deployment serves each of them at a path of its own; each is judged by a run like any
other, with everything that an operator can provide.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.catalogue import load
from conformance.reference.faults import FAULTS
from conformance.reference.variants import VARIANTS
from conformance.selftest.pytests import run
from conformance.selftest.reference_server import Reference, running
from conformance.target.credentials import ENVIRONMENT
from conformance.target.sandbox import target_file


@pytest.fixture(scope="session")
def reference() -> Iterator[Reference]:
    with running("--speed", "240") as reference:
        yield reference


def judged(
    reference: Reference, place: str, directory: Path, *arguments: str
) -> tuple[int, dict[str, str]]:
    """Judge what the reference serves at a path; return exit code and outcomes by requirement."""
    announced = {**reference.announced, "url": reference.exhibit(place)}
    announced["sms_order"] = reference.announced["sms_order"]
    (directory / "target.toml").write_text(target_file(announced), encoding="utf-8")
    tokens = {ENVIRONMENT[name]: announced["credentials"][name] for name in ENVIRONMENT}
    process = run("run", "--target", "target.toml", *arguments, cwd=directory, **tokens)
    assert process.returncode in (0, 1), process.stdout + process.stderr
    text = (directory / "reports" / "latest" / "report.json").read_text(encoding="utf-8")
    outcomes = {each["id"]: each["outcome"] for each in json.loads(text)["requirements"]}
    return process.returncode, outcomes


def test_every_observable_requirement_has_a_fault() -> None:
    observable = {each.id for each in load().requirements.values() if not each.unobservable}
    assert {fault.breaks for fault in FAULTS.values()} == observable


@pytest.mark.adequacy
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_the_requirement_it_breaks(
    reference: Reference, tmp_path: Path, name: str
) -> None:
    breaks = FAULTS[name].breaks
    select = ("--select", breaks, "--effort", "quick", "--seed", "1")
    _, outcomes = judged(reference, f"/faults/{name}", tmp_path, *select)
    assert outcomes[breaks] == "failed"


@pytest.mark.adequacy
@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_accepted(reference: Reference, tmp_path: Path, name: str) -> None:
    code, outcomes = judged(reference, f"/variants/{name}", tmp_path)
    assert {id: each for id, each in outcomes.items() if each == "failed"} == {}
    assert "not verified" not in outcomes.values()
    assert code == 0
