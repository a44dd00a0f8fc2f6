"""How many faults the generated tests find alone: ``python -m conformance.selftest.fuzzed``.

A fault counts as found when any requirement fails: fuzzing is to show that something is wrong,
which of two promises it breaks is for the hand-written tests to tell. What they miss, plain
schemathesis must not find either: with ``--plain N`` every N-th of these is shown to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from conformance.adequacy.exhibits import AS_IT_IS, FAULT, Exhibit, exhibits
from conformance.adequacy.judging import GENERATED, Job
from conformance.adequacy.model import Judgement
from conformance.adequacy.published import Place
from conformance.commands.adequate import Telling
from conformance.selftest import plain
from conformance.target.embedded import Embedded


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
@click.option("--plain", "beyond", type=click.IntRange(1), metavar="N", help="See above.")
@click.option("-n", "processes", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--publish", "document", type=click.Path(path_type=Path), help="README.md to change.")
def main(
    seed: int,
    every: int,
    effort: str,
    beyond: int | None,
    processes: int,
    document: Path | None,
) -> None:
    """Judge the faults, or every N-th of them, by the generated tests alone."""
    place = Place(document, "fuzzed") if document else None
    faults = [each for each in exhibits() if each.kind == FAULT][::every]
    jobs = [
        Job((each,), (), seed, effort, (GENERATED,), first=True) for each in (AS_IT_IS, *faults)
    ]
    telling = Found(len(jobs), "faults")
    telling.judge(jobs, processes)
    judged = [each for each in telling.judgements if each.exhibit.kind == FAULT]
    missed = [each.exhibit for each in judged if not each.red]
    sample = "" if every == 1 else f", one in {every} of all"
    told = (
        f"At {effort} effort they find {len(judged) - len(missed)} of {len(judged)} faults{sample},"
        f" by whichever requirement ({datetime.now(UTC):%d %B %Y})."
    )
    click.echo(told)
    if beyond:
        told += f" {_found_by_plain(missed[::beyond], processes)}"
    if place:
        place.fill(told)


def _found_by_plain(missed: Sequence[Exhibit], processes: int) -> str:
    """Return which of some faults plain schemathesis finds: by failures that are new."""
    reference = Embedded([])
    try:
        with TemporaryDirectory() as name, ThreadPoolExecutor(processes) as pool:
            ask = partial(plain.run, reference.announced, Path(name))
            paths = ["", *(each.path for each in missed)]
            usual, *others = (plain.failures(each) for each in pool.map(ask, paths))
    finally:
        reference.stop()
    pairs = zip(missed, others, strict=True)
    found = [each.name for each, told in pairs if _is_worse(told, usual)]
    told = f"Of {len(missed)} that they miss plain schemathesis finds {len(found)}"
    click.echo(f"{told}: {', '.join(found)}" if found else f"{told}.")
    return f"{told}."


def _is_worse(told: Mapping[str, int], usual: Mapping[str, int]) -> bool:
    return any(count > usual.get(kind, 0) for kind, count in told.items())


if __name__ == "__main__":
    main()
