"""Judges exhibits, each by a run of the suite within this process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from conformance import plugin
from conformance.adequacy.exhibits import FAULT, Exhibit
from conformance.adequacy.model import Judgement, Red
from conformance.reporting.display import Silent
from conformance.reporting.model import Cause, Outcome, Run, TestResult
from conformance.runner import DisplayHolder
from conformance.target.credentials import ENVIRONMENT
from conformance.target.sandbox import target_file

WRITTEN, GENERATED = plugin.TESTS
SPEED = 600
"""How many times as fast as in the field the reference processes orders here."""
SETTLED_SECONDS = 1.5
"""Within this a due order of it is settled, where few are watched."""
BUSY_SECONDS = 4.0
"""Within this all are, where the tests of many requirements are run."""
FEW = 10
"""How many requirements the tests of a fault are of, at most."""


class Keeper(Silent):
    """A display that keeps the run, and the results of its tests in the order they came."""

    def __init__(self) -> None:
        self.run: Run | None = None
        self.results: list[TestResult] = []

    def tested(self, result: TestResult) -> None:
        """Keep a result."""
        self.results.append(result)

    def ended(self, run: Run, reports: Path | None) -> None:  # noqa: ARG002 (there are none)
        """Keep the run."""
        self.run = run


def judge(arguments: Sequence[str], tests: Sequence[str] = plugin.TESTS) -> Keeper:
    """Run the suite with these options, and return what came of it; ``run`` is None if nothing.

    ``tests`` are folders of tests, or files in them.
    """
    keeper = Keeper()
    pytest.main([*plugin.run_of(*tests), "-s", *arguments], plugins=[DisplayHolder(keeper)])
    return keeper


@dataclass(frozen=True)
class Job:
    """What one process judges at a time.

    Attributes:
        exhibits: one fault, the variants that a deployment has at the same time, or the reference.
        select: the requirements whose tests are run; none means all.
        seed: of the run.
        effort: of the run.
        tests: the folders whose tests are run, or the files in them.
        first: whether the first finding is enough.
    """

    exhibits: tuple[Exhibit, ...]
    select: tuple[str, ...]
    seed: int
    effort: str
    tests: Sequence[str] = plugin.TESTS
    first: bool = False

    @property
    def path(self) -> str:
        """Where the reference serves it."""
        first, *others = self.exhibits
        return "+".join([first.path, *(each.name for each in others)])


class Bench:
    """Judges what one reference deployment serves.

    Args:
        announced: what the reference says of itself.
    """

    def __init__(self, announced: Mapping[str, Any]) -> None:
        self._announced = announced
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        for name, variable in ENVIRONMENT.items():
            os.environ[variable] = announced["credentials"][name]

    def judgements(self, job: Job) -> list[Judgement]:
        """Return a judgement for each exhibit of a job.

        A fault that the tests of its requirement do not show is judged by more: some show in what
        others ask, or only to generated ones. Variants of which one is accused are judged
        again, each by itself.
        """
        judged = self._judged(job)
        if judged[0].exhibit.kind == FAULT:
            for wider in _wider(job):
                if judged[0].is_right or judged[0].failure:
                    break
                judged = self._judged(wider)
            return judged
        if judged[0].is_right or judged[0].failure:
            return judged
        if len(job.exhibits) > 1:
            alone = [replace(job, exhibits=(each,)) for each in job.exhibits]
            single = [judgement for each in alone for judgement in self._judged(each)]
            return judged if all(each.is_right for each in single) else single
        return judged

    def _judged(self, job: Job) -> list[Judgement]:
        began = time.monotonic()
        keeper = self._run(job)
        names = [each.name for each in job.exhibits]
        run, results = keeper.run, keeper.results
        return [
            Judgement(
                exhibit=exhibit,
                red=_red(run, results) if run else (),
                unverified=_unverified(job, run, results) if run else {},
                failure=_failure(keeper),
                whole=not job.select,
                beside=tuple(name for name in names if name != exhibit.name),
                seed=job.seed,
                effort=job.effort,
                requests=run.requests if run else 0,
                until_first=_until_first(run, results) if run else None,
                seconds=time.monotonic() - began,
            )
            for exhibit in job.exhibits
        ]

    def _run(self, job: Job) -> Keeper:
        described = {
            **self._announced,
            "url": self._announced["url"].replace("/notifications/", f"{job.path}/notifications/"),
            "processing_seconds": SETTLED_SECONDS if 0 < len(job.select) <= FEW else BUSY_SECONDS,
        }
        with TemporaryDirectory() as directory:
            file = Path(directory) / "target.toml"
            file.write_text(target_file(described, cancels=False), encoding="utf-8")
            options = [f"--target={file}", f"--seed={job.seed}", f"--effort={job.effort}"]
            options += [f"--select={each}" for each in job.select]
            return judge([*options, *(["-x"] if job.first else [])], job.tests)


def _wider(job: Job) -> list[Job]:
    """Return what shows a fault that a job has missed, the fastest first: more and more tests."""
    if not job.select:
        return []
    every = replace(job, select=(), tests=(WRITTEN,))
    return [replace(job, tests=plugin.TESTS), every, replace(every, tests=plugin.TESTS)]


def _failure(keeper: Keeper) -> str:
    """Return why a run tells nothing, "" when it does."""
    if keeper.run is None:
        return "the run ended before it had begun"
    lost = (each.reason for each in keeper.results if each.cause is Cause.ENVIRONMENT)
    interrupted = "the run was interrupted" if keeper.run.interrupted else ""
    return keeper.run.failure or interrupted or next(lost, "")


def _red(run: Run, results: Sequence[TestResult]) -> tuple[Red, ...]:
    failed = {each.requirement.id: each for each in run.with_outcome(Outcome.FAILED)}
    tests: dict[str, list[str]] = {}
    for result in results:
        for id in dict.fromkeys(finding.requirement for finding in result.findings):
            tests.setdefault(id, []).append(result.id)
    order = [*(id for id in tests if id in failed), *(id for id in failed if id not in tests)]
    return tuple(Red(id, tuple(tests.get(id, ())), failed[id].reason) for id in order)


def _unverified(job: Job, run: Run, results: Sequence[TestResult]) -> dict[str, str]:
    """Return what is not verified, of the tests that ran where those are not all."""
    if job.tests == plugin.TESTS:
        found = run.with_outcome(Outcome.NOT_VERIFIED)
        return {each.requirement.id: each.reason for each in found}
    unverified = (each for each in results if each.outcome is Outcome.NOT_VERIFIED)
    return {each.requirement: each.reason for each in unverified}


def _until_first(run: Run, results: Sequence[TestResult]) -> int | None:
    """Return the requests until the first finding; those of no test came before all tests."""
    sent = run.requests - sum(each.requests for each in results)
    for result in results:
        sent += result.requests
        if result.findings:
            return sent
    return None


_bench: Bench


def prepare(announced: Mapping[str, Any]) -> None:
    """Prepare a process to judge; what pytest prints in it is nobody's."""
    global _bench
    nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (as long as the process)
    sys.stdout = sys.stderr = nowhere
    _bench = Bench(announced)


def judged(job: Job) -> list[Judgement]:
    """Judge in a process that was prepared."""
    return _bench.judgements(job)


def unjudged(job: Job, why: str) -> list[Judgement]:
    """Return what stands for the judgements of a job that could not be done."""
    return [
        Judgement(exhibit, (), {}, why, not job.select, (), job.seed, job.effort, 0, None, 0.0)
        for exhibit in job.exhibits
    ]
