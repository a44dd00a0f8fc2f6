"""Judges many exhibits at once, in processes of their own, at one reference deployment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from conformance.adequacy.exhibits import FAULT, VARIANT, Exhibit
from conformance.adequacy.judging import SPEED, Job, judged, prepare
from conformance.adequacy.model import Judgement
from conformance.target.embedded import Embedded

TOGETHER = 10
"""How many variants a deployment has at once; neighbours, which decide alike, are apart."""


def jobs(asked: Sequence[Exhibit], *, whole: bool, seed: int) -> Iterator[Job]:
    """Yield what there is to do, the longest first.

    Args:
        asked: the faults and variants to be judged.
        whole: whether each is judged by itself and by all tests.
        seed: of all runs.
    """
    variants = [each for each in asked if each.kind == VARIANT]
    groups = len(variants) if whole else -(-len(variants) // TOGETHER)
    for group in range(groups):
        yield Job(tuple(variants[group::groups]), whole=True, seed=seed, effort="quick")
    for each in asked:
        if each.kind == FAULT:
            effort = "quick" if whole else "standard"
            yield Job((each,), whole=whole, seed=seed, effort=effort)


def judge_all(
    todo: Sequence[Job], processes: int, tell: Callable[[Judgement], None]
) -> list[Judgement]:
    """Return the judgements of all jobs, or of those that were done until Ctrl-C.

    Args:
        todo: the jobs.
        processes: how many runs go on at once.
        tell: is told each judgement as it comes.

    Raises:
        OperatorError: when the reference deployment does not start.
        KeyboardInterrupt: after Ctrl-C; what was judged has been told.
    """
    found: list[Judgement] = []
    reference = Embedded(["--speed", str(SPEED)])
    pool = ProcessPoolExecutor(processes, get_context("spawn"), prepare, (reference.announced,))
    try:
        for future in as_completed([pool.submit(judged, job) for job in todo]):
            for judgement in future.result():
                found.append(judgement)
                tell(judgement)
    finally:
        reference.stop()  # first: after Ctrl-C, runs that go on end at once without it
        pool.shutdown(cancel_futures=True)
    return found
