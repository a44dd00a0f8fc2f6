"""How many faults the generated tests find alone: ``python -m conformance.selftest.fuzzed``.

A fault counts as found when any requirement fails: fuzzing is to show that something is wrong,
which of two promises it breaks is for the hand-written tests to tell.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import click

from conformance.adequacy.exhibits import AS_IT_IS, FAULT, exhibits
from conformance.adequacy.judging import Job
from conformance.adequacy.model import Judgement
from conformance.adequacy.pool import judge_all
from conformance.commands.adequate import Telling


class Found(Telling):
    """Counts a fault as found by whatever it was found."""

    def tell(self, judgement: Judgement) -> None:
        """Count a judgement as if the first failure were what the fault breaks."""
        if judgement.red:
            breaks = judgement.red[0].requirement
            judgement = replace(judgement, exhibit=replace(judgement.exhibit, breaks=breaks))
        super().tell(judgement)


@click.command()
@click.option("--seed", default=1, show_default=True)
@click.option("--every", default=1, show_default=True, help="Only every n-th fault.")
@click.option("--effort", default="standard", show_default=True)
@click.option("-n", "processes", default=2, show_default=True)
@click.option("--missed", type=click.Path(path_type=Path), help="Write the names of the missed.")
def main(seed: int, every: int, effort: str, processes: int, missed: Path | None) -> None:
    """Judge the faults by the generated tests alone, and tell how many were found."""
    faults = [each for each in exhibits(()) if each.kind == FAULT][::every]
    jobs = [Job((each,), (), seed, effort, "fuzz", first=True) for each in (AS_IT_IS, *faults)]
    telling = Found(len(jobs), "faults")
    try:
        judge_all(jobs, processes, telling.tell)
    finally:
        telling.stop()
    judged = [each for each in telling.judgements if each.exhibit.kind == FAULT]
    found = [each for each in judged if each.red]
    click.echo(f"fuzzing alone: {len(found)} of {len(judged)} faults found")
    if missed:
        names = [each.exhibit.name for each in judged if not each.red]
        missed.write_text(json.dumps(names, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
