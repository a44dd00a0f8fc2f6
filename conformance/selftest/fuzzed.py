"""How many faults the generated tests find alone: ``python -m conformance.selftest.fuzzed``.

A fault counts as found when any requirement fails: fuzzing is to show that something is wrong,
which of two promises it breaks is for the hand-written tests to tell.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from conformance.adequacy.exhibits import AS_IT_IS, FAULT, exhibits
from conformance.adequacy.judging import GENERATED, Job
from conformance.adequacy.model import Judgement
from conformance.adequacy.published import Place
from conformance.commands.adequate import Telling


class Found(Telling):
    """Counts a fault as found by whatever it was found; what was not tested is nobody's matter."""

    def tell(self, judgement: Judgement) -> None:
        """Count a judgement as if the first failure were what the fault breaks."""
        exhibit = judgement.exhibit
        if judgement.red:
            exhibit = replace(exhibit, breaks=judgement.red[0].requirement)
        super().tell(replace(judgement, exhibit=exhibit))


@click.command()
@click.option("--seed", default=1, show_default=True)
@click.option("--every", type=click.IntRange(1), default=1, show_default=True, metavar="N")
@click.option("--effort", default="standard", show_default=True)
@click.option("-n", "processes", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--publish", "document", type=click.Path(path_type=Path), help="README.md to change.")
def main(seed: int, every: int, effort: str, processes: int, document: Path | None) -> None:
    """Judge the faults, or every N-th of them, by the generated tests alone."""
    place = Place(document, "fuzzed") if document else None
    faults = [each for each in exhibits() if each.kind == FAULT][::every]
    jobs = [
        Job((each,), (), seed, effort, (GENERATED,), first=True) for each in (AS_IT_IS, *faults)
    ]
    telling = Found(len(jobs), "faults")
    telling.judge(jobs, processes)
    judged = [each for each in telling.judgements if each.exhibit.kind == FAULT]
    found = sum(bool(each.red) for each in judged)
    sample = "" if every == 1 else f", every {every}th of all"
    told = (
        f"At {effort} effort they find {found} of {len(judged)} faults{sample}, by whichever"
        f" requirement ({datetime.now(UTC):%d %B %Y})."
    )
    click.echo(told)
    if place:
        place.fill(told)


if __name__ == "__main__":
    main()
