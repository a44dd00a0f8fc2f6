"""What the generated tests of a run tried, on which operations, and what they did not reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance import contract


@dataclass(frozen=True)
class Tried:
    """What one generated test tried.

    Attributes:
        kind: of its cases; "" for a test that is written by hand.
        cases: how many, those to make a failing one small included.
        answers: how often which operation was answered with which status, such as
            ``getOrder 404``.
    """

    kind: str = ""
    cases: int = 0
    answers: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**vars(self), "answers": dict(self.answers)}


UNTRIED = Tried()
"""Of a test that is written by hand."""


@dataclass(frozen=True)
class Row:
    """How many cases of a kind there were on an operation, and how many requests."""

    kind: str
    operation: str
    cases: int
    requests: int

    def to_json(self) -> dict[str, Any]:
        """Return the row as the member of ``fuzzing.cases`` in report.json."""
        return dict(vars(self))


def rows(tried: Iterable[Tried]) -> list[Row]:
    """Return what was tried, by kind and operation; what was only arranged is no case."""
    cases: Counter[tuple[str, str]] = Counter()
    requests: Counter[tuple[str, str]] = Counter()
    for each in tried:
        asked: Counter[str] = Counter()
        for answer, count in each.answers.items():
            asked[answer.split()[0]] += count
        for operation, count in asked.items():
            cases[each.kind, operation] += min(count, each.cases)
            requests[each.kind, operation] += count
    return [Row(*key, cases[key], requests[key]) for key in sorted(cases)]


def unreached(tried: Iterable[Tried]) -> list[str]:
    """Return the documented answers that no case got, such as ``getOrder 403``."""
    seen = {answer for each in tried for answer in each.answers}
    document = contract.load().document["paths"]
    documented = (
        f"{each.id} {status}"
        for each in contract.load().operations.values()
        for status in document[each.path][each.method.lower()]["responses"]
    )
    return [each for each in documented if each not in seen]
