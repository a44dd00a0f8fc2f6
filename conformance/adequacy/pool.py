"""Judges many exhibits at once, in processes of their own, at one reference deployment."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, as_completed
from functools import cache
from itertools import chain
from multiprocessing import get_context

from conformance.adequacy.exhibits import AS_IT_IS, FAULT, VARIANT, Exhibit
from conformance.adequacy.judging import SPEED, WRITTEN, Job, judged, prepare, unjudged
from conformance.adequacy.model import Judgement
from conformance.catalogue import load
from conformance.plugin import PACKAGE
from conformance.target.embedded import Embedded

TOGETHER = 10
"""How many variants a deployment has at once; neighbours, which decide alike, are apart."""
BETWEEN = 15
"""How many faults are judged between two groups of variants: as long as one of these takes."""
ID = re.compile(r'"([a-z-]+\.[a-z0-9_{}-]+)"')
GAP = re.compile(r"\{\w*\}")


def jobs(asked: Sequence[Exhibit], *, whole: bool, seed: int) -> Iterator[Job]:
    """Yield what there is to do, the longest soon, and before it the control.

    That a test fails on a fault tells something only where it passes without one: so the reference
    as it is is judged by the tests that judge the faults.

    Args:
        asked: the faults and variants to be judged.
        whole: whether each is judged by itself and by all tests.
        seed: of all runs.
    """
    faults = [each for each in asked if each.kind == FAULT]
    variants = [each for each in asked if each.kind == VARIANT]
    if faults:
        selects = [] if whole else [_select(each) for each in faults]
        every = tuple(dict.fromkeys(id for select in selects for id in select))
        yield Job((AS_IT_IS,), every, seed, "standard")
    groups = [(each,) for each in variants] if whole else together(variants)
    slow = [Job(group, (), seed, "quick") for group in groups]
    fast = [Job((each,), (), seed, "quick") if whole else _first(each, seed) for each in faults]
    yield from _mixed(slow, fast)


def together(variants: Sequence[Exhibit]) -> list[tuple[Exhibit, ...]]:
    """Return the groups of variants that a deployment has at the same time."""
    groups = -(-len(variants) // TOGETHER)
    return [tuple(variants[group::groups]) for group in range(groups)]


def _mixed(slow: Sequence[Job], fast: Sequence[Job]) -> Iterator[Job]:
    """Yield slow jobs, which mostly wait, each before some of those that work meanwhile."""
    for position, job in enumerate(slow):
        yield job
        yield from fast[position * BETWEEN : (position + 1) * BETWEEN]
    yield from fast[len(slow) * BETWEEN :]


def _first(fault: Exhibit, seed: int) -> Job:
    """Return the job of the hand-written tests of a fault's requirement, which are the fastest."""
    select = _select(fault)
    files = tuple(file for file, ids in _written_tests().items() if ids & {*select})
    return Job((fault,), select, seed, "standard", files or (WRITTEN,))


@cache
def _written_tests() -> Mapping[str, Set[str]]:
    """Return the requirements that each file of hand-written tests names; to collect all is slow.

    In the name of one of several operations is a gap.
    """
    known = load().requirements
    found: dict[str, Set[str]] = {}
    for file in sorted((PACKAGE / WRITTEN).glob("test_*.py")):
        patterns = (GAP.sub("*", each) for each in ID.findall(file.read_text(encoding="utf-8")))
        found[f"{WRITTEN}/{file.name}"] = {*chain(*(fnmatch.filter(known, p) for p in patterns))}
    return found


def _select(fault: Exhibit) -> tuple[str, ...]:
    return (fault.breaks, *fault.also)


def judge_all(todo: Sequence[Job], processes: int, tell: Callable[[Judgement], None]) -> None:
    """Judge all jobs; where a process ends before its time, what is left has failed.

    Args:
        todo: the jobs.
        processes: how many runs go on at once.
        tell: is told each judgement as it comes.

    Raises:
        OperatorError: when the reference deployment does not start.
        KeyboardInterrupt: after Ctrl-C; what was judged has been told.
    """
    reference = Embedded(["--speed", str(SPEED)])
    pool = ProcessPoolExecutor(processes, get_context("spawn"), prepare, (reference.announced,))
    try:
        futures = {pool.submit(judged, job): job for job in todo}
        for future in as_completed(futures):
            for judgement in _result(future, futures[future]):
                tell(judgement)
    finally:
        reference.stop()  # first: after Ctrl-C, runs that go on end at once without it
        pool.shutdown(cancel_futures=True)


def _result(future: Future[list[Judgement]], job: Job) -> list[Judgement]:
    try:
        return future.result()
    except BrokenExecutor:
        return unjudged(job, "a process that judged has ended before its time")
