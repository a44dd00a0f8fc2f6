"""What a check is, and which checks apply to an exchange.

A check is a pure function from an exchange to a finding or None. It is tied to one requirement and
says to which operation and status it applies. Hand-written tests name the check they are about;
fuzzing, and the run itself for every exchange of every test, apply all that fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conformance.exchange import Exchange
from conformance.finding import Finding

RATE_LIMITED = 429
Judge = Callable[[Exchange], Finding | None]


@dataclass(frozen=True)
class Check:
    """A judge with the requirement it is tied to.

    Attributes:
        status: of the answers that it judges, None for all.
        any_body: whether it judges answers whose body is no JSON object, too. Most checks speak of
            members; that there is an object to have them is the matter of one check, not of all.
    """

    requirement: str
    operations: frozenset[str]
    status: int | None
    any_body: bool
    judge: Judge

    def applies_to(self, exchange: Exchange) -> bool:
        """Tell whether this exchange is one that the check can judge.

        Where there was no answer, or a rate limit in place of it, the test itself tells.
        """
        if exchange.error or exchange.response.status == RATE_LIMITED:
            return False
        fits = self.status is None or exchange.response.status == self.status
        readable = self.any_body or isinstance(exchange.response.json, dict)
        return fits and readable and exchange.operation in self.operations

    def __call__(self, exchange: Exchange) -> Finding | None:
        """Return the finding of this check, tied to its requirement, or None."""
        finding = self.judge(exchange)
        return finding.of(self.requirement) if finding else None


REGISTRY: list[Check] = []


def check(
    requirement: str, *operations: str, status: int | None = None, any_body: bool = False
) -> Callable[[Judge], Check]:
    """Register a function as the check of a requirement; the arguments are those of Check."""

    def register(judge: Judge) -> Check:
        made = Check(requirement, frozenset(operations), status, any_body, judge)
        REGISTRY.append(made)
        return made

    return register


def findings_of(exchange: Exchange) -> Iterator[Finding]:
    """Yield what any check that applies finds in an exchange."""
    for each in REGISTRY:
        if each.applies_to(exchange):
            finding = each(exchange)
            if finding:
                yield finding
