"""Service time: the clock that processing goes by.

``--speed 240`` makes a minute of processing take a quarter of a second. What the deployment says
about time, in timestamps and about tokens, is real.
"""

import asyncio
from dataclasses import dataclass

TICK = 60.0
"""Due orders are started once a minute."""
PICK_UP = 2.0
RETRY = 60.0
"""Between two attempts to ask a condition endpoint."""
STEP = 20.0
"""Between two statuses of a notification."""
SETTLED = 300.0
"""A due order has all its ends within five minutes."""


@dataclass(frozen=True)
class Pace:
    """How much faster than real time the service works."""

    speed: float

    async def wait(self, service_seconds: float) -> None:
        """Let service time pass."""
        await asyncio.sleep(service_seconds / self.speed)

    @property
    def processing_seconds(self) -> float:
        """How long a due order takes at most, in real seconds, on a busy machine."""
        return SETTLED / self.speed + 3.0

    async def tick(self) -> None:
        """Wait for the next round of the scheduler."""
        await self.wait(TICK)
