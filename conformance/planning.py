"""What a run will verify and send at most, worked out without sending anything.

The tests are collected as for a run, and each says what it costs. The watched orders are built,
though not placed, so that it is known beforehand who gets an email.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest

from conformance.behaviour import scenarios
from conformance.catalogue import Requirement, load
from conformance.clock import Clock, chance
from conformance.errors import Blocked
from conformance.exchange import Request
from conformance.fuzz.effort import MOST_SHRINKING, Effort
from conformance.marks import USUAL
from conformance.observers.callback import ConditionEndpoint
from conformance.orders import Orders
from conformance.reporting.model import Scope
from conformance.target.description import Callback, Target
from conformance.target.permits import Budget, Cost, cost_of
from conformance.watching import LONGER, SAMPLES, Placing, Scenario, World

CONTROLS: Mapping[str, Scenario] = {
    "mailbox": scenarios.plain,
    "callback": scenarios.condition_met,
    "processing": scenarios.addresses,
}
"""What is ordered whenever a capability is used, whatever is selected.

That nothing arrives, is asked for or is sent tells something only beside an order for which it is.
"""
WATCHING = Cost(requests=2)
"""What a test sends that judges a watched order, beside the watching."""
PREFLIGHT = Cost(requests=8, orders=2)
PROBES = Cost(requests=10, orders=10)
"""Orders that show, where a test found 401, whether the credential is accepted at all."""
SECONDS_AN_ANSWER = 0.1
"""How long an answer of a deployment takes, where it has to be guessed."""
MOST_SECONDS = {"quick": 3600.0, "standard": 3600.0, "thorough": 12 * 3600.0}
"""How long a run may take, unless the budget of the target says otherwise."""


def requirement_of(item: pytest.Item) -> str:
    """Return the id of the requirement that a test is marked with, "" when it has no mark."""
    mark = item.get_closest_marker("requirement")
    return str(mark.args[0]) if mark and mark.args else ""


def kind_of(item: pytest.Item) -> str:
    """Return the kind of cases that a test tries, "" where they are written by hand."""
    marks = filter(None, map(item.get_closest_marker, ("tries", "watches_generated")))
    return next((str(mark.args[0]) for mark in marks), "")


def scenarios_of(items: Iterable[pytest.Item]) -> dict[Scenario, Placing]:
    """Return the scenarios that tests watch, and those of their controls, which come first."""
    items = list(items)
    known = load().requirements
    needed = {need for item in items for need in known[requirement_of(item)].needs}
    controls = {scenario: Placing() for need, scenario in CONTROLS.items() if need in needed}
    marks = (mark.args for item in items for mark in item.iter_markers("watches"))
    return controls | dict(marks)


def is_beyond_consent(item: pytest.Item, scope: Scope) -> bool:
    """Tell whether a test watches what nobody agreed to wait for, beside others of its requirement.

    Its requirement can be verified without it; it is not run, and not missed.
    """
    watches = item.get_closest_marker("watches") is not None
    return watches and "processing" not in (
        scope.capabilities | set(load().requirements[requirement_of(item)].needs)
    )


def will_run(item: pytest.Item, scope: Scope) -> bool:
    """Tell whether a test is run: it is in scope, nothing that it needs is missing, all agreed."""
    known = load().requirements[requirement_of(item)]
    return scope.has(known) and not scope.missing(known) and not is_beyond_consent(item, scope)


@dataclass(frozen=True)
class Plan:
    """What a run will verify and send at most.

    Attributes:
        verified: the requirements that will be verified.
        unverified: those that will not, and the capabilities that each lacks.
        cost: all that is sent, without what is sent again because of a rate limit.
        emails: how many emails go out at once to each address, at most.
        expected: about how many in all where every order that is to be refused is refused.
        seconds: about how long it takes where no test fails.
        budget: what it may send and how long it may take; where the target sets no limit for
            orders, emails or time it is what the plan says.
    """

    verified: tuple[Requirement, ...]
    unverified: Mapping[Requirement, tuple[str, ...]]
    cost: Cost
    emails: Counter[str]
    expected: int
    seconds: float
    budget: Budget


def plan(
    target: Target, items: Sequence[pytest.Item], scope: Scope, effort: Effort, seed: int
) -> Plan:
    """Return the plan of a run.

    Args:
        target: the deployment; nothing is sent to it.
        items: the tests that will run.
        scope: what is to be judged.
        effort: how much the fuzzing tries.
        seed: of the run, which decides to whom its generated orders go.
    """
    judged = [each for each in load().requirements.values() if scope.has(each)]
    judged = [each for each in judged if not each.unobservable]
    scenarios = scenarios_of(items)
    watched = watched_orders(target, scenarios, seed)
    orders = list(watched.values())
    accepted = [order for each, order in watched.items() if not scenarios[each].refused]
    fixed = _fixed(target, orders)
    cost, usual = (
        sum((cost_of_test(item, effort, shrinking) for item in items), fixed)
        for shrinking in (MOST_SHRINKING, 0)
    )
    cost = replace(cost, requests=cost.requests + (cost.orders if target.cancel else 0))
    return Plan(
        verified=tuple(each for each in judged if not scope.missing(each)),
        unverified={each: scope.missing(each) for each in judged if scope.missing(each)},
        cost=cost,
        emails=_emails(target, items, effort, orders),
        expected=_fixed(target, accepted).emails,
        seconds=_seconds(usual, target),
        budget=_budget(target.budget, cost, effort),
    )


def cost_of_test(item: pytest.Item, effort: Effort, shrinking: int = MOST_SHRINKING) -> Cost:
    """Return what a test sends at most; what it watches is counted once for all.

    ``shrinking`` is how many cases more a test tries that fails: none on most deployments.
    """
    usual = WATCHING if item.get_closest_marker("watches") else USUAL
    costs, tries = item.get_closest_marker("costs"), item.get_closest_marker("tries")
    once: Cost = costs.args[0] if costs else usual
    if tries is None:
        return once
    kind, each = tries.args
    total: Cost = once + each.times(effort.cases(kind) + shrinking)
    return total


def _fixed(target: Target, watched: Sequence[Any]) -> Cost:
    readings = Cost(requests=len(watched) * (SAMPLES * (1 + LONGER) + 4))
    now = Clock().now()
    body = (json.dumps(order).encode() for order in watched)
    requests = (Request("POST", f"{target.url}/orders/email", (), each) for each in body)
    placing = (cost_of(each, now, target.address_counts) for each in requests)
    return sum(placing, PREFLIGHT + PROBES + readings)


def watched_orders(
    target: Target, watched: Iterable[Scenario], seed: int
) -> dict[Scenario, dict[str, Any]]:
    """Return the orders of scenarios as a run with this seed places them; none is placed here."""
    built: dict[Scenario, dict[str, Any]] = {}
    with closing(ConditionEndpoint(Callback())) as condition:
        for scenario in watched:
            random = chance(seed, scenario.__name__)
            orders = Orders(random, Clock(), target.mail_domain)
            world = World("a run", orders, target.identities, condition)
            with suppress(Blocked):  # nobody to order to
                built[scenario] = orders.order(**scenario(world))
    return built


def _emails(
    target: Target, items: Iterable[pytest.Item], effort: Effort, watched: Iterable[dict[str, Any]]
) -> Counter[str]:
    known = target.addresses
    nobody = f"made-up addresses in {target.mail_domain}"
    emails = Counter({nobody: sum(cost_of_test(item, effort).emails for item in items)})
    for order in watched:
        if _is_due(order):
            given = (each for recipient in order["recipients"] for each in recipient.values())
            for number in (each for each in given if isinstance(each, str)):
                emails.update(known.get(number, [nobody]))
    return emails


def _is_due(order: dict[str, Any]) -> bool:
    request = Request("POST", "/orders/email", (), json.dumps(order).encode())
    return cost_of(request, Clock().now(), {}).emails > 0


def _seconds(cost: Cost, target: Target) -> float:
    an_answer = max(SECONDS_AN_ANSWER, 1.0 / (target.requests_per_second or 1000.0))
    return max(cost.requests * an_answer, target.processing_seconds or 0.0)


def _budget(stated: Budget, cost: Cost, effort: Effort) -> Budget:
    return Budget(
        requests=stated.requests,
        orders=cost.orders if stated.orders is None else stated.orders,
        emails=cost.emails if stated.emails is None else stated.emails,
        seconds=MOST_SECONDS[effort.name] if stated.seconds is None else stated.seconds,
    )
