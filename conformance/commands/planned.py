"""What ``plan`` says: what a run would verify, and what it would send at most."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import pytest

from conformance import plugin
from conformance.catalogue import load
from conformance.fuzz.effort import Effort
from conformance.planning import Plan, plan, will_run
from conformance.reporting.model import Scope
from conformance.reporting.text import plural, wrapped
from conformance.target.description import Target
from conformance.target.embedded import Embedded
from conformance.target.origin import target_from


class Collector:
    """A plugin of pytest that keeps the tests which a run would run."""

    def __init__(self, scope: Scope) -> None:
        self.items: list[pytest.Item] = []
        self._scope = scope

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests whose requirement is in scope and can be verified."""
        self.items = [item for item in items if will_run(item, self._scope)]


def lines(
    target: str | None, edition: str | None, effort: Effort, select: Sequence[str], seed: int
) -> Iterator[str]:
    """Yield what the plan of a run says.

    Args:
        target: a URL or a target file, None for the embedded reference.
        edition: the edition to judge by, None for the target's own or the newest.
        effort: how much the fuzzing tries.
        select: patterns of requirements.
        seed: of the run; others may order emails to a few more or less.
    """
    described = target_from(target, os.environ) if target else _reference()
    selected = load().select(select) if select else None
    chosen = edition or described.edition or load().editions[-1]
    scope = Scope(chosen, selected, described.capabilities)
    collector = Collector(scope)
    options = [f"--effort={effort.name}"]
    options += [] if effort.most is None else [f"--max-cases={effort.most}"]
    pytest.main([*plugin.WHOLE_RUN, "--collect-only", *options], plugins=[collector])
    planned = plan(described, collector.items, scope, effort, seed)
    yield f"Plan for {described.name}, {described.url}"
    yield f"edition {chosen}, effort {effort.name}, seed {seed}; nothing was sent"
    yield ""
    yield from _verified(planned)
    yield ""
    yield from _sent(planned, described)


def _reference() -> Target:
    """Return the target that the embedded reference announces; nothing else is asked of it."""
    embedded = Embedded()
    try:
        return embedded.target
    finally:
        embedded.stop()


def _verified(planned: Plan) -> Iterator[str]:
    yield f"verified      {plural(len(planned.verified), 'requirement')}"
    yield f"not verified  {plural(len(planned.unverified), 'requirement')}"
    reasons: dict[tuple[str, ...], list[str]] = {}
    for requirement, missing in planned.unverified.items():
        reasons.setdefault(missing, []).append(requirement.id)
    for missing, ids in reasons.items():
        yield from wrapped(f"the target provides no {', '.join(missing)}:", 4)
        yield from wrapped(", ".join(ids), 8)


def _sent(planned: Plan, target: Target) -> Iterator[str]:
    cost, budget = planned.cost, planned.budget
    for name in ("requests", "orders", "emails"):
        needed, limit = getattr(cost, name), getattr(budget, name)
        stated = f"; budget {limit}" if limit is not None else ""
        short = "; too little to verify all" if limit is not None and limit < needed else ""
        what, usual = name, ""
        if name == "emails":
            what, usual = "emails now", f"about {planned.expected}, "
        yield f"{what:<14}{usual}at most {needed}{stated}{short}"
    for address, count in sorted(planned.emails.items()):
        if count:
            yield f"    {count:>4} to {address}"
    later = "cancelled at the end" if target.cancel else "not cancelled"
    yield f"emails later  all others are due in 30 days or later; {later}"
    yield f"time          about {_told(planned.seconds)}; at most {_told(budget.seconds or 0)}"


def _told(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
