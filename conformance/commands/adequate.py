"""What ``adequacy`` does: judges faults and variants, tells how far it is, writes the matrix."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.text import Text

from conformance import __version__
from conformance.adequacy import report
from conformance.adequacy.exhibits import Exhibit, counted
from conformance.adequacy.judging import Job
from conformance.adequacy.model import Judgement, Matrix, in_order
from conformance.adequacy.pool import jobs, judge_all
from conformance.adequacy.published import Place
from conformance.outcomes import CONFORMANT, INTERRUPTED, NONCONFORMANT, SUITE_FAILED
from conformance.reporting.progress import progress_on
from conformance.reporting.terminal import own_console
from conformance.reporting.text import plural, printable
from conformance.reporting.write import writable

SHOWN = ("found", "missed", "accepted", "accused", "failed")


def listed(asked: Sequence[Exhibit]) -> list[str]:
    """Return a line for each, such as ``fault order-answered-200 order.status-202``."""
    return [f"{each.kind:<7} {each.name:<44} {each.breaks}".rstrip() for each in asked]


class Telling:
    """Keeps the judgements, and tells of each as it comes.

    Args:
        total: how many there will be.
        noun: what is judged, in the plural.
    """

    def __init__(self, total: int, noun: str) -> None:
        self._console = own_console()
        self.judgements: list[Judgement] = []
        self._progress = progress_on(self._console, self.say, noun, SHOWN)
        self._progress.start(total)

    def tell(self, judgement: Judgement) -> None:
        """Count a judgement, and tell it when it is not right."""
        self.judgements.append(judgement)
        if not judgement.is_right:
            self.say(*report.wrong(judgement))
        self._progress.advance(judgement.outcome, judgement.exhibit.name)

    def judge(self, todo: Sequence[Job], processes: int) -> None:
        """Have all jobs judged, and take the progress away; see :func:`judge_all`."""
        try:
            judge_all(todo, processes, self.tell)
        finally:
            self._progress.stop()

    def say(self, *lines: str) -> None:
        """Say lines above the progress."""
        for line in lines:
            self._console.print(Text(printable(line)), soft_wrap=True)


def adequacy(
    asked: Sequence[Exhibit],
    *,
    whole: bool,
    seed: int,
    processes: int,
    reports: Path,
    place: Place | None,
) -> int:
    """Judge what is asked for, write the matrix, and return the exit code.

    Args:
        asked: the faults and variants.
        whole: whether each is judged by itself and by all tests.
        seed: of all runs.
        processes: how many runs go on at once.
        reports: the folder ``adequacy`` in it gets the matrix.
        place: where the figures are published, if anywhere.
    """
    reports = reports / "adequacy"
    writable(reports)
    matrix = _judged(asked, list(jobs(asked, whole=whole, seed=seed)), processes)
    files = report.write(matrix, reports)
    for line in report.summary(matrix, files):
        click.echo(line)
    code = _exit_code(matrix)
    if place and code in (CONFORMANT, NONCONFORMANT):
        place.fill(report.figures(matrix))
    return code


def _judged(asked: Sequence[Exhibit], todo: Sequence[Job], processes: int) -> Matrix:
    telling = Telling(sum(len(each.exhibits) for each in todo), "faults and variants")
    telling.say(f"{counted(asked)}, {plural(len(todo), 'run')}")
    started, began, interrupted = datetime.now(UTC), time.monotonic(), False
    try:
        telling.judge(todo, processes)
    except KeyboardInterrupt:
        interrupted = True
    return Matrix(
        in_order(telling.judgements, asked),
        len(asked),
        started,
        time.monotonic() - began,
        processes,
        __version__,
        interrupted,
    )


def _exit_code(matrix: Matrix) -> int:
    if matrix.interrupted:
        return INTERRUPTED
    if any(each.failure for each in matrix.judgements):
        return SUITE_FAILED
    return CONFORMANT if matrix.is_adequate else NONCONFORMANT
