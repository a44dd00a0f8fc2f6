"""Plain ``schemathesis run``, with its defaults and the same contract, which is to be beaten."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from conformance.resources import openapi

FAILURE = re.compile(r"^  ❌ (.+): (\d+)$", re.MULTILINE)
CASES = re.compile(r"(\d+) generated")


def run(announced: Mapping[str, Any], directory: Path, path: str = "") -> str:
    """Return what a run says of a reference, or of a fault below a path of it.

    Args:
        announced: what the reference says of itself.
        directory: where the run may leave files.
        path: such as ``/faults/NAME``.
    """
    bearer = f"Authorization: Bearer {announced['credentials']['bearer']}"
    url = announced["url"].replace("/notifications/", f"{path}/notifications/")
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(openapi("openapi.yaml"))]
    options = ["--seed", "1", "--url", url, "-H", bearer, "--no-color"]
    ended = subprocess.run(
        [*command, *options],
        env=os.environ,
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout + ended.stderr


def cases(told: str) -> int:
    """Return how many cases a run has generated, each of them a request."""
    found = CASES.search(told)
    if found is None:
        raise click.ClickException(f"schemathesis told no number of cases: {told[-300:]}")
    return int(found[1])


def failures(told: str) -> dict[str, int]:
    """Return how many failures of each kind a run tells."""
    return {kind: int(count) for kind, count in FAILURE.findall(told)}
