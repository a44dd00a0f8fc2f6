"""How far a command has come: a bar that moves on a terminal, four lines in a pipe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

from rich import progress
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from conformance.reporting.text import one_line


class Progress(Protocol):
    """Counts what is done by its outcome, and shows it in its own way."""

    def start(self, total: int) -> None:
        """There is that much to do."""

    def advance(self, outcome: str, title: str) -> None:
        """One thing is done; the title says which."""

    def stop(self) -> None:
        """No more will be done; nothing happens when it was said before."""


class Milestones:
    """Says a line whenever another quarter is done.

    Args:
        say: says a line.
        noun: what is counted, in the plural.
        shown: the outcomes, in the order in which they are shown.
    """

    def __init__(self, say: Callable[[str], None], noun: str, shown: Sequence[str]) -> None:
        self._say = say
        self._noun = noun
        self._shown = shown
        self._tally: Counter[str] = Counter()
        self._total = 0

    def start(self, total: int) -> None:
        """Begin to count to the total."""
        self._total = total

    def advance(self, outcome: str, title: str) -> None:  # noqa: ARG002 (a bar shows it)
        """Count it, and say so at a quarter."""
        self._tally[outcome] += 1
        done = self._tally.total()
        if done * 4 // self._total > (done - 1) * 4 // self._total:
            told = _counted(self._tally, self._shown)
            self._say(f"{done} of {self._total} {self._noun}: {told}")

    def stop(self) -> None:
        """Leave the lines where they are."""


class Bar:
    """Shows a bar with counts and, below it, what is just done; leaves no trace.

    Args:
        console: a terminal.
        shown: the outcomes, in the order in which they are shown.
    """

    def __init__(self, console: Console, shown: Sequence[str]) -> None:
        self._shown = shown
        self._tally: Counter[str] = Counter()
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
        self._task = self._bar.add_task(_counted(self._tally, self._shown), total=total)
        self._live.start()

    def advance(self, outcome: str, title: str) -> None:
        """Move the bar on."""
        self._tally[outcome] += 1
        self._title = one_line(title)
        self._bar.update(self._task, advance=1, description=_counted(self._tally, self._shown))

    def stop(self) -> None:
        """Take the bar away."""
        self._live.stop()

    def _frame(self) -> Group:
        return Group(self._bar, Text(self._title, "dim", no_wrap=True, overflow="ellipsis"))


def progress_on(
    console: Console, say: Callable[[str], None], noun: str, shown: Sequence[str]
) -> Progress:
    """Return a bar when the console is a terminal, else milestones that are said."""
    live = console.is_interactive and console.file.isatty()
    return Bar(console, shown) if live else Milestones(say, noun, shown)


def _counted(tally: Counter[str], shown: Sequence[str]) -> str:
    return ", ".join(f"{tally[outcome]} {outcome}" for outcome in shown)
