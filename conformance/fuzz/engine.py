"""Runs a property over generated cases: from the run's seed, without a memory of other runs."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from conformance.finding import Nonconformance
from conformance.fuzz.effort import MOST_SHRINKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Case = TypeVar("Case")


def without_local_constants() -> None:
    """Keep Hypothesis from choosing texts and numbers that stand in modules of a checkout.

    It would make other cases of one seed in a checkout than when installed, and others in each
    process of ``-n``, as which modules are loaded differs. There is no setting for it.
    """
    from hypothesis.internal.conjecture import providers

    vars(providers)["is_local_module_file"] = lambda _path: False


@cache
def leave_alone_what_is_loaded() -> None:
    """Tell the garbage collector, once for a process, that what is loaded by now stays.

    That it does not look through Hypothesis again and again takes a seventh off what the generated
    tests compute.
    """
    gc.collect()
    gc.freeze()


class Engine:
    """Tries a property; its first failing case, made as small as possible, is the finding.

    What is no finding, such as a rate limit that does not pass, ends the trying at once: it gets no
    smaller, and each case would wait for it again.

    Args:
        seed: decides all cases.
        cases: how many are tried.

    Attributes:
        is_thorough: whether cases are to be new, however long it takes to make them.
        tried: how many have been tried, those to make a failing one small included.
    """

    def __init__(self, seed: int, cases: int, *, is_thorough: bool = False) -> None:
        self.tried = 0
        self.is_thorough = is_thorough
        self._seed = seed
        self._cases = cases
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        os.environ.setdefault(
            "HYPOTHESIS_STORAGE_DIRECTORY", str(folder / "altinn-notifications-conformance")
        )

    def all(self, cases: Iterable[Case], holds: Callable[[Case], object]) -> None:
        """Try a property, a function that raises where it does not hold, on all cases."""
        for case in islice(cases, self._cases):
            self.tried += 1
            holds(case)

    def each(self, cases: SearchStrategy[Case], holds: Callable[[Case], object]) -> None:
        """Try a property, a function that raises where it does not hold, on generated cases."""
        import hypothesis
        from hypothesis import HealthCheck, Phase

        without_local_constants()
        leave_alone_what_is_loaded()
        left = MOST_SHRINKING
        failures: list[Exception] = []

        @hypothesis.seed(self._seed)
        @hypothesis.settings(
            max_examples=self._cases,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=hypothesis.Verbosity.quiet,
        )
        @hypothesis.given(cases)
        def try_one(case: Case) -> None:
            nonlocal left
            if failures:
                left -= 1
                if left < 0:
                    raise _Enough
            self.tried += 1
            try:
                holds(case)
            except Nonconformance as error:
                failures.append(error)
                raise
            except Exception as error:  # noqa: BLE001 (it is raised below)
                failures[:] = failures or [error]
                raise _Enough from None

        try:
            try_one()
        except _Enough:
            pass
        except hypothesis.errors.Flaky:  # the smallest, tried once more, did not fail again
            if not failures:
                raise
        if failures:
            raise failures[-1]


class _Enough(BaseException):
    """Ends the trying; no exception that Hypothesis takes for a failing case."""
