"""Judges a target within this process: a run like any other, without its reports."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from conformance import plugin
from conformance.reporting.display import Silent
from conformance.reporting.model import Outcome, Run
from conformance.runner import DisplayHolder
from conformance.selftest.reference_server import Reference
from conformance.target.credentials import ENVIRONMENT
from conformance.target.sandbox import target_file

SETTLED_SECONDS = 1.5
"""Within this a due order of the reference is settled at SPEED, on a busy machine."""
SPEED = 600


class Keeper(Silent):
    """A display that keeps the run."""

    run: Run

    def ended(self, run: Run, reports: Path | None) -> None:
        """Keep the run."""
        assert reports is None
        self.run = run


def judge(arguments: list[str]) -> Run:
    """Run the suite and return what came of it."""
    keeper = Keeper()
    pytest.main([*plugin.WHOLE_RUN, "-s", *arguments], plugins=[DisplayHolder(keeper)])
    return keeper.run


def judge_exhibit(
    reference: Reference,
    place: str,
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
) -> dict[str, Outcome]:
    """Judge what a reference serves at a path, with all it provides; outcomes by requirement."""
    described = described_as(reference, url=reference.exhibit(place))
    run = judge_described(reference, described, directory, monkeypatch, *arguments)
    return {each.requirement.id: each.outcome for each in run.requirements}


def described_as(reference: Reference, **changed: object) -> str:
    """Return a target file of a reference, with something else than what it announces."""
    announced: Mapping[str, object] = {
        **reference.announced,
        "processing_seconds": SETTLED_SECONDS,
        **changed,
    }
    return target_file(announced).replace('cancel = "PUT /orders/{id}/cancel"\n', "")


def judge_described(
    reference: Reference,
    described: str,
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
) -> Run:
    """Judge what a target file describes, with the credentials of a reference."""
    file = directory / "target.toml"
    file.write_text(described, encoding="utf-8")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name, variable in ENVIRONMENT.items():
        monkeypatch.setenv(variable, reference.announced["credentials"][name])
    return judge(["--target", str(file), *arguments])
