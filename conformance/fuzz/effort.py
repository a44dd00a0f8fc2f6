"""How much is tried: how many cases of each kind, by effort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EFFORTS = ("quick", "standard", "thorough")
"""For a pull request (seconds), for every day, for a night."""
CASES: Mapping[str, tuple[int, int, int]] = {
    "contract": (100, 100, 100),
    "random by the contract": (5, 20, 500),
    "unknown ids": (5, 20, 500),
    "orders": (10, 50, 2000),
    "unsent members": (5, 20, 1000),
    "spellings": (5, 20, 1000),
    "recipients": (5, 20, 1000),
    "lookups": (10, 40, 2000),
    "all flaws": (100, 100, 100),
    "flaws": (20, 60, 3000),
    "named flaws": (5, 20, 1000),
    "readings": (3, 10, 500),
    "refused credentials": (4, 12, 500),
    "all credentials": (100, 100, 100),
    "sequences of credentials": (5, 15, 500),
    "processed orders": (4, 12, 40),
    "conditional orders": (2, 4, 20),
    "orders of apps": (2, 4, 20),
    "orders of a second organisation": (2, 3, 20),
    "requests": (10, 40, 1000),
    "refused orders": (3, 9, 27),
}
"""For each kind how many cases each effort tries, at most: a hundred stands for all there are."""
MOST_SHRINKING = 80
"""How many more cases are tried at most to make a failing one small."""


@dataclass(frozen=True)
class Effort:
    """How much a run tries.

    Attributes:
        name: one of EFFORTS.
        most: how many cases of a kind it never exceeds, None for no such limit.
    """

    name: str = "standard"
    most: int | None = None

    @property
    def is_thorough(self) -> bool:
        """Whether time does not matter."""
        return self.name == EFFORTS[-1]

    def cases(self, kind: str) -> int:
        """Return how many cases of a kind are tried."""
        count = CASES[kind][EFFORTS.index(self.name)]
        return count if self.most is None else min(count, self.most)
