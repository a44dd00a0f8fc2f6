"""The terminal: progress while a run goes on, then what it found, and the verdict last."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.text import Text

from conformance.catalogue import Level
from conformance.reporting.model import Cause, Outcome, RequirementResult, Run, TestResult, Verdict
from conformance.reporting.progress import progress_on
from conformance.reporting.text import (
    INTERRUPTED,
    LABEL_WIDTH,
    LABELS,
    WIDTH,
    by_note,
    by_reason,
    four_parts,
    fuzzing_sentence,
    one_line,
    orders_sentence,
    plural,
    printable,
    should_sentence,
    verdict_sentence,
    wrapped,
)
from conformance.reporting.write import FILES

SHOWN = (Outcome.PASSED, Outcome.FAILED, Outcome.NOT_VERIFIED)
NARROWEST = 40
IDS_SHOWN = 12
"""How many ids are listed for one reason; the reports list all of them."""

STYLE = {
    Verdict.CONFORMANT: "bold green",
    Verdict.NONCONFORMANT: "bold red",
    Verdict.INCOMPLETE: "bold yellow",
    Verdict.ERROR: "bold magenta",
}


class Patient(Console):
    """A console that goes on in silence when nobody reads what it says any more."""

    def on_broken_pipe(self) -> None:
        """Say nothing more; the run goes on, and its exit code is its own."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


def own_console() -> Console:
    """Return a console on standard output as it is now, whatever captures it later.

    pytest redirects the descriptor while a test runs, just when progress is to be seen.
    """
    try:
        descriptor = os.dup(sys.stdout.fileno())
    except (OSError, ValueError):  # standard output is no file
        return Patient(file=sys.stdout)
    encoding = sys.stdout.encoding
    return Patient(file=os.fdopen(descriptor, "w", encoding=encoding, errors="backslashreplace"))


class Terminal:
    """Shows a run: live on a terminal, as a few plain lines in a pipe.

    Used as a context manager it takes the progress display away whatever happens.
    """

    def __init__(self, console: Console | None = None) -> None:
        """Show it on the given console, else on :func:`own_console`."""
        self._owned = console is None
        self._console = console or own_console()
        self._width = max(NARROWEST, min(self._console.width, WIDTH))
        self._progress = progress_on(self._console, self._say, "tests", SHOWN)
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        """Return this terminal; nothing is shown yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the progress display away, and let go of a console of its own."""
        self._progress.stop()
        if self._owned:
            self._console.file.close()

    def stage(self, text: str) -> None:
        """Tell in a line what goes on now."""
        self._say(*wrapped(text, 0, self._width))

    def collected(self, total: int) -> None:
        """Begin to show the progress of that many tests."""
        self._say(plural(total, "test"))
        self._progress.start(total)

    def tested(self, result: TestResult) -> None:
        """Count a result, and tell it when it failed or has the first finding of a requirement."""
        found = {finding.requirement for finding in result.findings}
        failed = result.outcome is Outcome.FAILED or result.cause is Cause.SUITE
        if failed or found - self._told:
            self._failed(result, sorted(found) or [result.requirement])
        self._told |= found
        self._progress.advance(result.outcome, result.title)

    def ended(self, run: Run, reports: Path | None) -> None:
        """Tell findings, what is not verified, notes, counts, facts and, last, the verdict."""
        self._progress.stop()
        failed = run.with_outcome(Outcome.FAILED)
        must = [each for each in failed if each.requirement.level is Level.MUST]
        should = [each for each in failed if each.requirement.level is Level.SHOULD]
        self._findings(f"Findings: {plural(len(must), 'MUST requirement')} failed", must, run)
        self._findings(should_sentence(run), should, run)
        self._not_verified(run.with_outcome(Outcome.NOT_VERIFIED))
        self._notes(run)
        self._counts(run)
        self._facts(run, reports)
        self._verdict(run)

    def _failed(self, result: TestResult, ids: Sequence[str]) -> None:
        word = "error" if result.cause is Cause.SUITE else "failed"
        seen = "" if result.requirement in ids else "seen by a test of "
        told = result.title if result.requirement in ids else result.requirement
        line = f"{word}  {', '.join(ids)}: {seen}{told}"
        self._say(one_line(line, self._width), style="red")

    def _findings(self, heading: str, failed: Sequence[RequirementResult], run: Run) -> None:
        if failed:
            self._heading(heading)
        for result in failed:
            self._say("")
            first, more = result.findings[0], len(result.findings) - 1
            for line in four_parts(first, result.requirement, run.edition, self._width):
                self._labelled(line)
            self._say(*([f"({more} more of the same requirement in the reports)"] if more else []))

    def _not_verified(self, results: Sequence[RequirementResult]) -> None:
        if results:
            self._heading(f"Not verified: {plural(len(results), 'requirement')}")
        for reason, group in by_reason(results).items():
            self._listed(reason, group)

    def _notes(self, run: Run) -> None:
        notes = by_note(run.requirements)
        if notes:
            self._heading("Notes: deviations that the suite tolerates")
        for note, group in notes.items():
            self._listed(note, group)

    def _listed(self, what: str, results: Sequence[RequirementResult]) -> None:
        ids = [each.requirement.id for each in results]
        more = [f"and {len(ids) - IDS_SHOWN} more"] if len(ids) > IDS_SHOWN else []
        self._say(*wrapped(what, 0, self._width))
        self._say(*wrapped(", ".join(ids[:IDS_SHOWN] + more), 4, self._width))

    def _counts(self, run: Run) -> None:
        self._heading("Requirements")
        self._say("      " + "".join(f"{outcome:>{len(outcome) + 3}}" for outcome in Outcome))
        for level, counts in run.counts.items():
            row = (f"{number:>{len(outcome) + 3}}" for outcome, number in counts.items())
            self._say(f"{level:<6}" + "".join(row))

    def _facts(self, run: Run, reports: Path | None) -> None:
        paths = [str(reports / name) for name in FILES] if reports else ["none"]
        facts = {
            "target": f"{run.target['name']}, {run.target['url']}",
            "edition": run.edition,
            "seed": f"{run.seed} (effort {run.effort})",
            "requests": f"{run.requests} in {run.duration_seconds:.1f} s",
            "orders": orders_sentence(run),
            **({"fuzzing": fuzzing_sentence(run)} if run.tried else {}),
            "reports": paths[0],
        }
        self._say("", *(f"{name:<10}{fact}" for name, fact in facts.items()))
        self._say(*(f"{'':<10}{path}" for path in paths[1:]))

    def _verdict(self, run: Run) -> None:
        self._say("", *([INTERRUPTED] if run.interrupted else []))
        self._say(f"{run.verdict}: {verdict_sentence(run)}", style=STYLE[run.verdict])

    def _heading(self, heading: str) -> None:
        self._say("", *wrapped(heading, 0, self._width), style="bold")

    def _labelled(self, line: str) -> None:
        label = LABEL_WIDTH if line.split(" ")[0] in LABELS else 0
        style = "bold red" if line.startswith("requirement") else "bold"
        self._console.print(Text.assemble((line[:label], style), line[label:]), soft_wrap=True)

    def _say(self, *lines: str, style: str = "") -> None:
        for line in lines:
            self._console.print(Text(printable(line), style), soft_wrap=True)
