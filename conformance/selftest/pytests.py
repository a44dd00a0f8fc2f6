"""Runs of the suite as its users start them, for the self-tests."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from conformance.planning import requirement_of
from conformance.plugin import WHOLE_RUN


class Collector:
    """Keeps every test that is collected."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.items = list(items)


@cache
def items() -> list[pytest.Item]:
    """Return all tests of the suite."""
    collector = Collector()
    pytest.main([*WHOLE_RUN, "--collect-only"], plugins=[collector])
    return collector.items


def collected() -> dict[str, str]:
    """Return the requirement of every test of the suite, by node id."""
    return {item.nodeid: requirement_of(item) for item in items()}


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``notifications-conformance`` with these arguments and wait for its end."""
    return subprocess.run(
        [sys.executable, "-m", "conformance", *arguments],
        cwd=cwd,
        env={**clean_environment(), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def clean_environment() -> dict[str, str]:
    """Return the environment without what speaks to pytest or to the suite."""
    spoken = ("PYTEST", "CONFORMANCE", "COLUMNS", "NO_COLOR", "FORCE_COLOR")
    return {name: value for name, value in os.environ.items() if not name.startswith(spoken)}
