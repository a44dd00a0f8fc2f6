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
        placed: where an order was read, the exchange that placed it.
    """

    expected: str
    actual: str
    exchange: Exchange
    requirement: str = ""
    disputes_status: bool = False
    placed: Exchange | None = None

    def of(self, requirement: str) -> Finding:
        """Return this finding with its requirement filled in, unless it names one already."""
        return self if self.requirement else replace(self, requirement=requirement)

    @property
    def reproduce(self) -> list[str]:
        """The curl lines that repeat what was seen; ``$ID`` is the order that the first places."""
        if self.placed is None:
            return [self.exchange.curl()]
        id = str(self.placed.response.member("orderId"))
        return [self.placed.curl(), self.exchange.curl().replace(id, "$ID")]

    def to_json(self) -> dict[str, Any]:
        """Return the finding as JSON values, as the reports hold it."""
        return {
            "requirement": self.requirement,
            "expected": self.expected,
            "actual": self.actual,
            "reproduce": "\n".join(self.reproduce),
            "exchange": self.exchange.to_json(),
            "placed": self.placed.to_json() if self.placed else None,
        }

    @classmethod
    def from_json(cls, recorded: Mapping[str, Any]) -> Finding:
        """Return the finding that :meth:`to_json` recorded."""
        return cls(
            recorded["expected"],
            recorded["actual"],
            Exchange.from_json(recorded["exchange"]),
            recorded["requirement"],
            placed=Exchange.from_json(recorded["placed"]) if recorded["placed"] else None,
        )


class Nonconformance(AssertionError):
    """Raised by a test at the moment it has a finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(f"expected: {finding.expected}\nactual:   {finding.actual}")

    def __reduce__(self) -> tuple[type[Nonconformance], tuple[Finding]]:
        """Cross from one process to another with the finding."""
        return type(self), (self.finding,)
