"""What a run tells while it goes on; a terminal listens, and so may anything else."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from conformance.reporting.model import Run, TestResult


class Display(Protocol):
    """Listens to a run, in this order: stages, the number of tests, each result, the end."""

    def stage(self, text: str) -> None:
        """A stage begins that takes a while, such as starting the reference deployment."""

    def collected(self, total: int) -> None:
        """That many tests will run."""

    def tested(self, result: TestResult) -> None:
        """A test has ended."""

    def ended(self, run: Run, reports: Path | None) -> None:
        """The run has ended; its reports lie in that directory, if any were asked for."""


class Silent:
    """A display that shows nothing, for runs whose output is somebody else's matter."""

    def stage(self, text: str) -> None:
        """Show nothing."""

    def collected(self, total: int) -> None:
        """Show nothing."""

    def tested(self, result: TestResult) -> None:
        """Show nothing."""

    def ended(self, run: Run, reports: Path | None) -> None:
        """Show nothing."""
