"""The clock and the chance of a run: the only sources of time and randomness of a test."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from random import Random

FAR_AHEAD = timedelta(days=30)
"""How far ahead orders are sent whose test is not about delivery: nobody is to get them."""


class Clock:
    """The clock of a run. Its instants are in UTC."""

    def now(self) -> datetime:
        """Return the current instant."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait; a negative time is no time."""
        time.sleep(max(0.0, seconds))


def chance(seed: int, purpose: str) -> Random:
    """Return the source of randomness for one purpose (a test), the same for the same seed."""
    return Random(f"{seed}/{purpose}")
