"""Runs the suite many times on deployments that conform: how often is one of them accused?

``python -m conformance.selftest.flakiness`` judges the reference and each variant by itself, at
standard effort, each run with a seed of its own, and ends with how many runs had a finding.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, islice, repeat
from pathlib import Path

import click

from conformance.adequacy.exhibits import AS_IT_IS, VARIANT, exhibits
from conformance.adequacy.judging import Job
from conformance.adequacy.published import Place
from conformance.commands.adequate import Telling
from conformance.reporting.text import plural


def jobs(runs: int, first_seed: int) -> Iterator[Job]:
    """Yield so many runs: each variant once, the others of the reference."""
    variants = [each for each in exhibits() if each.kind == VARIANT]
    both = chain(variants, repeat(AS_IT_IS))
    for seed, exhibit in enumerate(islice(both, runs), start=first_seed):
        yield Job((exhibit,), (), seed, "standard")


@click.command()
@click.option("--runs", type=click.IntRange(1), default=200, show_default=True)
@click.option("--first-seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-n", "processes", type=click.IntRange(1, 64), default=3, show_default=True)
@click.option("--publish", "document", type=click.Path(path_type=Path), help="README.md to change.")
def main(runs: int, first_seed: int, processes: int, document: Path | None) -> None:
    """Judge deployments that conform, and tell how often one was accused."""
    place = Place(document, "flakiness") if document else None
    telling = Telling(runs, "runs")
    telling.judge(list(jobs(runs, first_seed)), processes)
    accused = [each for each in telling.judgements if not each.is_right]
    told = (
        f"{plural(len(accused), 'finding')} in {plural(runs, 'run')} of conforming deployments at "
        f"standard effort, each with a seed of its own ({datetime.now(UTC):%d %B %Y})."
    )
    click.echo(told)
    if place:
        place.fill(told)
    sys.exit(bool(accused))


if __name__ == "__main__":
    main()
