"""Names the requests of one test, so that the logs of a deployment can be matched with a report.

W3C Trace Context, section 3.2: the header ``traceparent`` carries the id of a trace, one for each
test, and the id of a span in it, one for each request. Frameworks log it, and the ``traceId`` of
problem details repeats it.
"""

from __future__ import annotations

from itertools import count

from conformance.clock import chance

HEADER = "traceparent"


class Trace:
    """The trace of one test. The same seed and purpose make the same ids."""

    def __init__(self, seed: int, purpose: str) -> None:
        self.id = f"{chance(seed, f'trace of {purpose}').getrandbits(128) | 1:032x}"
        self._spans = count(1)

    def header(self) -> tuple[str, str]:
        """Return the header of the next request."""
        return HEADER, f"00-{self.id}-{next(self._spans):016x}-01"
