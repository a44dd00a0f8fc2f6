"""A finding: what a document promises, and what the deployment did instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.exchange import Exchange


@dataclass(frozen=True)
class Finding:
    """A deviation from one requirement, with its evidence.

    Attributes:
        expected: what the documents promise here, in words of this exchange.
        actual: what was seen instead.
        exchange: the exchange in which it was seen.
        requirement: the id of the requirement; "" stands for the one that the test is marked with.
        disputes_status: whether the answer should have been another one altogether, so that it
            cannot be judged for what it is.
    """

    expected: str
    actual: str
    exchange: Exchange
    requirement: str = ""
    disputes_status: bool = False

    def of(self, requirement: str) -> Finding:
        """Return this finding with its requirement filled in, unless it names one already."""
        return self if self.requirement else replace(self, requirement=requirement)

    def to_json(self) -> dict[str, Any]:
        """Return the finding as JSON values, as the reports hold it."""
        return {
            "requirement": self.requirement,
            "expected": self.expected,
            "actual": self.actual,
            "reproduce": self.exchange.curl(),
            "exchange": self.exchange.to_json(),
        }

    @classmethod
    def from_json(cls, recorded: Mapping[str, Any]) -> Finding:
        """Return the finding that :meth:`to_json` recorded."""
        return cls(
            recorded["expected"],
            recorded["actual"],
            Exchange.from_json(recorded["exchange"]),
            recorded["requirement"],
        )


class Nonconformance(AssertionError):
    """Raised by a test at the moment it has a finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(f"expected: {finding.expected}\nactual:   {finding.actual}")
