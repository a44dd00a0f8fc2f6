"""The suite judges a second deployment that shares nothing with the reference: it conforms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.reporting.model import Outcome, Verdict
from conformance.selftest.judging import judge
from conformance.selftest.second.server import Deployment, second_deployment

NOT_TOLD = {"details.creator-of-apps"}
"""What cannot be verified: whose app it is, as the issuer of its tokens is the platform."""


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    with second_deployment() as deployment:
        yield deployment


@pytest.mark.parametrize("seed", ["1", "2"])
def test_it_is_conformant_and_hardly_anything_is_left_unverified(
    deployment: Deployment, seed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "second.toml"
    file.write_text(deployment.target_file, encoding="utf-8")
    for variable, value in deployment.environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    run = judge(["--target", str(file), "--effort", "quick", "--seed", seed])

    told = {
        each.requirement.id: (each.outcome, each.reason, each.findings)
        for each in run.requirements
        if each.outcome != Outcome.PASSED and not each.requirement.unobservable
    }
    assert told.keys() == NOT_TOLD
    assert run.verdict == Verdict.CONFORMANT
