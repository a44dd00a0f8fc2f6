"""Judges a target within this process: a run like any other, without its reports."""

from pathlib import Path

import pytest

from conformance.adequacy import judging
from conformance.adequacy.judging import SETTLED_SECONDS
from conformance.reporting.model import Run
from conformance.selftest.reference_server import Reference
from conformance.target.credentials import ENVIRONMENT
from conformance.target.sandbox import target_file


def judge(arguments: list[str]) -> Run:
    """Run the suite and return what came of it."""
    run = judging.judge(arguments).run
    assert run is not None
    return run


def described_as(reference: Reference, **changed: object) -> str:
    """Return a target file of a reference, with something else than what it announces."""
    announced = {**reference.announced, "processing_seconds": SETTLED_SECONDS, **changed}
    return target_file(announced, cancels=False)


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
