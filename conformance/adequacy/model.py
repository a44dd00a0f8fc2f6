"""The model of a matrix: what one judgement saw, and what follows from all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from conformance.adequacy.exhibits import AS_IT_IS, FAULT, VARIANT, Exhibit


@dataclass(frozen=True)
class Red:
    """A requirement that failed.

    Attributes:
        requirement: its id.
        tests: the ids of the tests that had a finding of it.
        text: its first finding, what was expected and what was seen.
    """

    requirement: str
    tests: tuple[str, ...]
    text: str

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**vars(self), "tests": list(self.tests)}


@dataclass(frozen=True)
class Judgement:
    """What a run of the suite said of one exhibit.

    Attributes:
        exhibit: the fault or the variant.
        red: the requirements that failed, in the order in which findings named them.
        unverified: the requirements that were not verified, with the reason; where not all tests
            ran, those of which a test was not.
        failure: what kept the run from being trusted, "" when nothing did.
        whole: whether all tests were run, not only those of what the fault breaks.
        beside: the variants that the deployment had at the same time.
        seed: of the run.
        effort: of the run.
        requests: how many requests the run sent.
        until_first: how many of them until the first finding, None without one; preflight and
            watching count as sent before the tests.
        seconds: wall time of the run.
    """

    exhibit: Exhibit
    red: tuple[Red, ...]
    unverified: Mapping[str, str]
    failure: str
    whole: bool
    beside: tuple[str, ...]
    seed: int
    effort: str
    requests: int
    until_first: int | None
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether the fault was found by the requirement it breaks, or all else accepted."""
        if self.failure:
            return False
        if self.exhibit.kind == FAULT:
            return self.tied is not None
        return not self.red and not self.unverified

    @property
    def tied(self) -> Red | None:
        """The finding of the requirement that the fault breaks."""
        return next((each for each in self.red if each.requirement == self.exhibit.breaks), None)

    @property
    def collateral(self) -> tuple[Red, ...]:
        """What failed beside the requirement that the fault breaks."""
        return tuple(each for each in self.red if each.requirement != self.exhibit.breaks)

    @property
    def unexplained(self) -> tuple[Red, ...]:
        """What failed, and the fault is not said to break."""
        return tuple(e for e in self.collateral if e.requirement not in self.exhibit.also)

    @property
    def outcome(self) -> str:
        """One word: found, missed, accepted, accused; or failed, when the run was not one."""
        if self.failure:
            return "failed"
        right, wrong = (
            ("found", "missed") if self.exhibit.kind == FAULT else ("accepted", "accused")
        )
        return right if self.is_right else wrong

    @property
    def told(self) -> str:
        """Why it is not right, in a line."""
        if self.failure:
            return self.failure
        if self.red:
            return "; ".join(f"{each.requirement}: {each.text}" for each in self.red)
        if self.unverified:
            return "; ".join(f"{id} not verified: {why}" for id, why in self.unverified.items())
        return f"{self.exhibit.breaks} has passed"

    def to_json(self) -> dict[str, Any]:
        """Return the judgement as the member of ``judgements`` in adequacy.json."""
        return {
            "exhibit": self.exhibit.to_json(),
            "outcome": self.outcome,
            "red": [each.to_json() for each in self.red],
            "unexplained": [each.requirement for each in self.unexplained],
            "unverified": dict(self.unverified),
            "failure": self.failure,
            "whole": self.whole,
            "beside": list(self.beside),
            "seed": self.seed,
            "effort": self.effort,
            "requests": self.requests,
            "until_first": self.until_first,
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True)
class Matrix:
    """All judgements of one command. ``duration_seconds`` is wall time, ``started`` in UTC."""

    judgements: Sequence[Judgement]
    asked: int
    started: datetime
    duration_seconds: float
    processes: int
    version: str
    interrupted: bool = False

    def of(self, kind: str) -> list[Judgement]:
        """Return the judgements of faults, or of variants, in the order of their names' list."""
        return [each for each in self.judgements if each.exhibit.kind == kind]

    def ratio(self, kind: str) -> str:
        """Return how many are right of how many, such as ``616/616``."""
        judged = self.of(kind)
        return f"{sum(each.is_right for each in judged)}/{len(judged)}"

    @property
    def wrong(self) -> list[Judgement]:
        """The faults that were missed, what was accused, and failures."""
        return [each for each in self.judgements if not each.is_right]

    @property
    def is_adequate(self) -> bool:
        """Whether everything that was asked for was judged, and rightly."""
        return not self.interrupted and not self.wrong and not self.left

    @property
    def left(self) -> int:
        """How many faults and variants were asked for and not judged."""
        return self.asked - len(self.of(FAULT)) - len(self.of(VARIANT))

    @property
    def is_whole(self) -> bool:
        """Whether all tests judged every fault, so that all that fails beside it is known."""
        return all(each.whole for each in self.of(FAULT))

    @property
    def with_collateral(self) -> list[Judgement]:
        """The faults beside whose requirement others failed."""
        return [each for each in self.of(FAULT) if each.collateral]

    @property
    def until_first(self) -> tuple[float, int]:
        """Median and maximum of the requests until the first finding of a fault."""
        counts = [each.until_first for each in self.of(FAULT) if each.until_first is not None]
        return (median(counts), max(counts)) if counts else (0, 0)

    def to_json(self) -> dict[str, Any]:
        """Return the matrix as adequacy.json holds it."""
        return {
            "adequate": self.is_adequate,
            "faults": self.ratio(FAULT),
            "variants": self.ratio(VARIANT),
            "started": self.started.isoformat(timespec="seconds"),
            "duration_seconds": round(self.duration_seconds, 1),
            "processes": self.processes,
            "suite": self.version,
            "interrupted": self.interrupted,
            "judgements": [each.to_json() for each in self.judgements],
        }


def in_order(judgements: Iterable[Judgement], asked: Sequence[Exhibit]) -> list[Judgement]:
    """Return judgements in the order in which they were asked for."""
    places = {exhibit: place for place, exhibit in enumerate([AS_IT_IS, *asked])}
    return sorted(judgements, key=lambda each: places[each.exhibit])
