"""Runs the suite many times on deployments that conform: how often is one of them accused?

``python -m conformance.selftest.flakiness`` judges the reference and each variant by itself, at
standard effort, each run with a seed of its own, and ends with how many accusations there were: a
finding, or a test whose requirement could not be verified. With ``--seeds N`` the reference and all
variants, ten at a time, are judged with each of N seeds; this is how the generated tests, which
differ most from seed to seed, are tried (``--only-fuzz``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice, repeat
from pathlib import Path

import click

from conformance.adequacy.exhibits import AS_IT_IS, VARIANT, exhibits
from conformance.adequacy.judging import GENERATED, Job
from conformance.adequacy.pool import together
from conformance.adequacy.published import Place
from conformance.commands.adequate import Telling
from conformance.fuzz.effort import EFFORTS
from conformance.plugin import TESTS
from conformance.reporting.text import plural


def jobs(runs: int, first_seed: int, effort: str, tests: Sequence[str]) -> Iterator[Job]:
    """Yield so many runs: each variant once, the others of the reference."""
    variants = [each for each in exhibits() if each.kind == VARIANT]
    both = chain(variants, repeat(AS_IT_IS))
    for seed, exhibit in enumerate(islice(both, runs), start=first_seed):
        yield Job((exhibit,), (), seed, effort, tests)


def seeded(
    seeds: range, effort: str, tests: Sequence[str], *, with_variants: bool
) -> Iterator[Job]:
    """Yield runs of the reference and of all groups of variants, each with every seed."""
    groups = together([each for each in exhibits() if each.kind == VARIANT and with_variants])
    for seed in seeds:
        for group in ((AS_IT_IS,), *groups):
            yield Job(group, (), seed, effort, tests)


@click.command()
@click.option("--runs", type=click.IntRange(1), default=200, show_default=True)
@click.option("--seeds", type=click.IntRange(1), help="Judge all with each of so many seeds.")
@click.option("--reference", is_flag=True, help="With --seeds: no variants.")
@click.option("--effort", type=click.Choice(EFFORTS), default="standard", show_default=True)
@click.option("--only-fuzz", "tests", flag_value=GENERATED, help="Only the generated tests.")
@click.option("--first-seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("-n", "processes", type=click.IntRange(1, 64), default=3, show_default=True)
@click.option("--publish", "document", type=click.Path(path_type=Path), help="README.md to change.")
def main(
    *,
    runs: int,
    seeds: int | None,
    reference: bool,
    effort: str,
    tests: str | None,
    first_seed: int,
    processes: int,
    document: Path | None,
) -> None:
    """Judge deployments that conform, and tell how often one was accused."""
    place = Place(document, "flakiness") if document else None
    if reference and not seeds:
        raise click.UsageError("--reference goes with --seeds")
    folders = (tests,) if tests else TESTS
    every = range(first_seed, first_seed + seeds) if seeds else None
    todo = list(
        seeded(every, effort, folders, with_variants=not reference)
        if every
        else jobs(runs, first_seed, effort, folders)
    )
    telling = Telling(sum(len(job.exhibits) for job in todo), "judgements")
    telling.judge(todo, processes)
    accused = [each for each in telling.judgements if not each.is_right]
    how = f"each with {plural(len(every), 'seed')}" if every else "each with a seed of its own"
    which = "the generated tests, " if tests else ""
    told = (
        f"{plural(len(accused), 'accusation')} in {plural(len(todo), 'run')} of conforming"
        f" deployments at {effort} effort, {which}{how} ({datetime.now(UTC):%d %B %Y})."
    )
    click.echo(told)
    if place:
        place.fill(told)
    sys.exit(bool(accused))


if __name__ == "__main__":
    main()
