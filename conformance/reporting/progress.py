"""How far a run has come: a bar that moves on a terminal, four lines in a pipe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Protocol

from rich import progress
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from conformance.reporting.model import Outcome, TestResult
from conformance.reporting.text import one_line

SHOWN = (Outcome.PASSED, Outcome.FAILED, Outcome.NOT_VERIFIED)


class Progress(Protocol):
    """Counts the tests that have ended, and shows it in its own way."""

    def start(self, total: int) -> None:
        """That many tests will run."""

    def advance(self, result: TestResult) -> None:
        """A test has ended."""

    def stop(self) -> None:
        """No more tests will run; nothing happens when it was said before."""


class Milestones:
    """Says a line whenever another quarter of the tests has ended."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Say the lines with the given function."""
        self._say = say
        self._tally: Counter[Outcome] = Counter()
        self._total = 0

    def start(self, total: int) -> None:
        """Begin to count to the total."""
        self._total = total

    def advance(self, result: TestResult) -> None:
        """Count a test, and say so at a quarter."""
        self._tally[result.outcome] += 1
        done = self._tally.total()
        if done * 4 // self._total > (done - 1) * 4 // self._total:
            self._say(f"{done} of {self._total} tests: {_counted(self._tally)}")

    def stop(self) -> None:
        """Leave the lines where they are."""


class Bar:
    """Shows a bar with counts and, below it, the test that has just ended; leaves no trace."""

    def __init__(self, console: Console) -> None:
        """Show it on the given console, which is a terminal."""
        self._tally: Counter[Outcome] = Counter()
        self._title = ""
        self._bar = progress.Progress(
            progress.BarColumn(bar_width=None),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.description}", markup=False),
            progress.TimeElapsedColumn(),
            console=console,
            expand=True,
        )
        self._live = Live(
            console=console,
            get_renderable=self._frame,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def start(self, total: int) -> None:
        """Show an empty bar."""
        self._task = self._bar.add_task(_counted(self._tally), total=total)
        self._live.start()

    def advance(self, result: TestResult) -> None:
        """Move the bar on."""
        self._tally[result.outcome] += 1
        self._title = one_line(result.title)
        self._bar.update(self._task, advance=1, description=_counted(self._tally))

    def stop(self) -> None:
        """Take the bar away."""
        self._live.stop()

    def _frame(self) -> Group:
        return Group(self._bar, Text(self._title, "dim", no_wrap=True, overflow="ellipsis"))


def _counted(tally: Counter[Outcome]) -> str:
    return ", ".join(f"{tally[outcome]} {outcome}" for outcome in SHOWN)
