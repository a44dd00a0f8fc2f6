"""How fast the generated tests are: ``python -m conformance.selftest.speed``.

Three ways to ask one reference deployment, one after the other, several times over: the generated
tests at standard effort, a bare client that sends exactly their requests again, and plain
``schemathesis run`` with its defaults on the same contract. Figures are told as ratios, for those
hold on any machine. Watched orders are left out, as no way waits for less than they take.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click
import httpx

from conformance.adequacy.published import Place
from conformance.selftest import plain
from conformance.target.embedded import Embedded

ROUNDS = 3


@dataclass(frozen=True)
class Measured:
    """How many requests were sent, and in how many seconds of wall time.

    ``starting`` are the seconds among them before and after the run: imports and reports.
    """

    requests: int
    seconds: float
    starting: float = 0.0

    @property
    def rate(self) -> float:
        """Requests in a second."""
        return self.requests / self.seconds


def fuzzing(announced: Mapping[str, Any], directory: Path) -> Measured:
    """Run the generated tests in a process of their own; its start counts."""
    environment = os.environ | {"CONFORMANCE_BEARER_TOKEN": announced["credentials"]["bearer"]}
    command = [sys.executable, "-m", "conformance", "run", "--target", announced["url"]]
    options = ["--only-fuzz", "--seed", "1", "--reports", str(directory)]
    act = partial(
        subprocess.run, [*command, *options], env=environment, capture_output=True, check=False
    )
    seconds = timed(act)
    report = json.loads((directory / "latest" / "report.json").read_text(encoding="utf-8"))
    return Measured(report["requests"], seconds, seconds - report["duration_seconds"])


def replay(announced: Mapping[str, Any], directory: Path) -> Measured:
    """Send the requests that were recorded again, with nothing but a client."""
    recorded = (directory / "latest" / "exchanges.jsonl").read_text(encoding="utf-8")
    requests = [json.loads(line)["request"] for line in recorded.splitlines()]
    bearer = {"Authorization": f"Bearer {announced['credentials']['bearer']}"}
    with httpx.Client(trust_env=False) as client:

        def send(each: Mapping[str, Any]) -> None:
            headers = {**dict(each["headers"]), "Content-Type": "application/json", **bearer}
            body = (each["body"] or "").encode("utf-8", "replace")
            client.request(each["method"], each["url"], headers=headers, content=body)

        def send_all() -> None:
            for each in requests:
                send(each)

        seconds = timed(send_all)
    return Measured(len(requests), seconds)


def plain_schemathesis(announced: Mapping[str, Any], directory: Path) -> Measured:
    """Run schemathesis as it is."""
    told: list[str] = []
    seconds = timed(lambda: told.append(plain.run(announced, directory)))
    return Measured(plain.cases(told[0]), seconds)


def timed(act: Callable[[], object]) -> float:
    """Return how many seconds of wall time something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True)
@click.option("--publish", "document", type=click.Path(path_type=Path), help="README.md to change.")
def main(rounds: int, document: Path | None) -> None:
    """Measure, and tell the medians of all rounds."""
    place = Place(document, "speed") if document else None
    reference = Embedded([])
    told: list[tuple[Measured, Measured, Measured]] = []
    try:
        for _ in range(rounds):
            with TemporaryDirectory() as name:
                directory = Path(name)
                own = fuzzing(reference.announced, directory)
                bare = replay(reference.announced, directory)
                told.append((own, bare, plain_schemathesis(reference.announced, directory)))
                for label, each in zip(("fuzzing", "replay", "plain"), told[-1], strict=True):
                    line = f"{label:<8}{each.requests:5} requests in {each.seconds:5.1f} s"
                    click.echo(f"{line}, {each.rate:5.0f} a second")
    finally:
        reference.stop()
    faster = median(own.rate / other.rate for own, _, other in told)
    beyond = median((own.seconds - bare.seconds) / bare.seconds for own, bare, _ in told)
    within = median(
        (own.seconds - own.starting - bare.seconds) / bare.seconds for own, bare, _ in told
    )
    summary = (
        f"They send {faster:.1f} times as many requests a second as plain `schemathesis run`;"
        f" beyond a bare replay of them they take {beyond:.1f} times as long as it, or"
        f" {within:.1f} times without imports and reports ({datetime.now(UTC):%d %B %Y})."
    )
    click.echo(summary)
    if place:
        place.fill(summary)


if __name__ == "__main__":
    main()
