"""The engine of the fuzzing: how many cases it tries, and what of them is the finding."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from conformance.errors import Blocked, OperatorError
from conformance.finding import Finding, Nonconformance
from conformance.fuzz.effort import CASES, EFFORTS, MOST_SHRINKING, Effort
from conformance.fuzz.engine import Engine
from conformance.outcomes import ending_of
from conformance.reporting.model import Outcome
from conformance.selftest.samples import exchange
from conformance.target.client import Unreachable

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NUMBERS = st.integers(0, 10**9)
LISTS = st.lists(st.integers(0, 100))


class Property:
    """Holds where a function says so; remembers what it was asked."""

    def __init__(self, holds: Callable[[Any], bool]) -> None:
        self.holds = holds
        self.asked: list[Any] = []

    def __call__(self, case: Any) -> None:
        self.asked.append(case)
        if not self.holds(case):
            raise Nonconformance(Finding("it to hold", repr(case), exchange(), "order.status-202"))

    @property
    def after_the_first_failure(self) -> list[Any]:
        first = next(n for n, case in enumerate(self.asked) if not self.holds(case))
        return self.asked[first + 1 :]


def found(cases: SearchStrategy[Any], tried: Property, count: int = 30) -> str:
    """What the finding says of its case."""
    with pytest.raises(Nonconformance) as error:
        Engine(7, count).each(cases, tried)
    return error.value.finding.actual


@pytest.mark.parametrize("count", [1, 10, 300])
def test_as_many_cases_are_tried_as_it_is_told(count: int) -> None:
    tried, engine = Property(lambda _: True), Engine(7, count)
    engine.each(NUMBERS, tried)
    assert len(tried.asked) == engine.tried == count


def test_no_more_cases_of_a_list_are_tried() -> None:
    tried, engine = Property(lambda _: True), Engine(7, 3)
    engine.all(range(10), tried)
    assert tried.asked == [0, 1, 2]
    assert engine.tried == 3


@pytest.mark.parametrize("kind", CASES)
def test_more_effort_tries_no_fewer_cases(kind: str) -> None:
    counts = [Effort(name).cases(kind) for name in EFFORTS]
    assert counts == sorted(counts)
    assert [Effort(name, most=2).cases(kind) for name in EFFORTS] == [2, 2, 2]


def test_the_same_seed_tries_the_same_cases() -> None:
    tried = [Property(lambda _: True) for _ in range(3)]
    for seed, each in zip((7, 7, 8), tried, strict=True):
        Engine(seed, 30).each(LISTS, each)
    assert tried[0].asked == tried[1].asked != tried[2].asked


@pytest.mark.parametrize("count", [10, 30, 500])
def test_the_finding_is_the_smallest_failing_case(count: int) -> None:
    tried = Property(lambda number: number < 1000)
    assert found(NUMBERS, tried, count) == "1000"


@pytest.mark.parametrize("count", [500, 2000])
@pytest.mark.parametrize("most", [250, 300, 700])
def test_making_it_small_is_bounded(count: int, most: int) -> None:
    tried = Property(lambda numbers: sum(numbers) < most)
    told = found(LISTS, tried, count)
    assert len(tried.after_the_first_failure) <= MOST_SHRINKING
    failing = [each for each in tried.asked if not tried.holds(each)]
    assert told == repr(min(failing, key=lambda each: (len(each), each)))


@pytest.mark.parametrize("seed", range(5))
def test_cases_that_change_with_the_time_are_made_small_all_the_same(seed: int) -> None:
    """Send times lie a month ahead of now: the same choices make another order a second later."""
    ticks = itertools.count()
    orders = LISTS.map(lambda numbers: {"at": next(ticks), "numbers": numbers})
    tried = Property(lambda order: sum(order["numbers"]) < 700)
    with pytest.raises(Nonconformance) as error:
        Engine(seed, 500).each(orders, tried)
    failing = [each for each in tried.asked if not tried.holds(each)]
    assert error.value.finding.actual == repr(failing[-1])
    assert len(failing[-1]["numbers"]) <= len(failing[0]["numbers"])
    assert len(tried.after_the_first_failure) <= MOST_SHRINKING


def test_cases_that_cannot_be_made_are_an_error_of_the_suite() -> None:
    def unmade(number: int) -> int:
        raise KeyError(number)

    with pytest.raises(KeyError):
        Engine(7, 10).each(NUMBERS.map(unmade), Property(lambda _: True))


def test_what_always_fails_is_found_at_once() -> None:
    tried = Property(lambda _: False)
    assert found(NUMBERS, tried) == "0"
    assert len(tried.asked) < 10


@pytest.mark.parametrize("failing", [{1}, {3}, {1, 2, 5}, {20}])
def test_a_deployment_that_fails_now_and_then_is_found(failing: set[int]) -> None:
    tried = Property(lambda _: len(tried.asked) not in failing)
    assert found(NUMBERS, tried).isdigit()


class Interrupted(Property):
    """Meets something else than a finding at some call."""

    def __init__(self, error: Exception, at: int, holds: Callable[[Any], bool]) -> None:
        super().__init__(holds)
        self.error, self.at = error, at

    def __call__(self, case: Any) -> None:
        if len(self.asked) >= self.at:
            self.asked.append(case)
            raise self.error
        super().__call__(case)


ERRORS = [
    Unreachable("the rate limit (429) did not pass"),
    Blocked("the budget of 3 orders is used up", "configuration"),
    OperatorError("there is no token", "give one"),
    KeyError("a bug"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: type(each).__name__)
def test_what_is_no_finding_ends_the_trying_at_once(error: Exception) -> None:
    tried = Interrupted(error, 5, lambda _: True)
    with pytest.raises(type(error)):
        Engine(7, 500).each(NUMBERS, tried)
    assert len(tried.asked) == 6


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: type(each).__name__)
def test_what_is_no_finding_does_not_hide_one(error: Exception) -> None:
    small = Interrupted(error, 20, lambda numbers: sum(numbers) < 300)
    assert sum(map(int, found(LISTS, small).strip("[]").split(","))) >= 300
    assert len(small.asked) == 21


def test_the_ending_of_the_test_is_the_finding() -> None:
    with pytest.raises(Nonconformance) as error:
        Engine(7, 10).each(NUMBERS, Property(lambda number: number < 1000))
    ending = ending_of(error.value, "order.status-202")
    assert (ending.outcome, ending.finding) == (Outcome.FAILED, error.value.finding)
