"""What ``check-target`` says."""

from __future__ import annotations

from collections import Counter

import click

from conformance.clock import Clock
from conformance.errors import OperatorError
from conformance.exchange import recorded
from conformance.ledger import Cancelling, placed
from conformance.outcomes import CONFORMANT, USAGE
from conformance.preflight import NAME, Preflight
from conformance.reporting.model import Check
from conformance.reporting.text import wrapped
from conformance.target.description import Target
from conformance.target.permits import Permits


def check(target: Target) -> int:
    """Check a target and say each result in a line; return the exit code."""
    clock = Clock()
    permits = Permits(target.budget, target.requests_per_second)
    preflight = Preflight(target, clock, 0, permits)
    problems = 0
    try:
        for each in preflight.checks():
            problems += _say(each)
    except OperatorError as error:
        problems += _say(Check("target", error.what, error.mend))
    if target.cancel and preflight.exchanges:
        problems += _say(_cancelled(target, preflight, clock))
    click.echo(f"{problems} problems" if problems != 1 else "1 problem")
    return USAGE if problems else CONFORMANT


def _say(check: Check) -> bool:
    """Say a check, and tell whether it is a problem."""
    word = "PROBLEM" if check.mend else "ok"
    text = f"{check.subject}: {check.told}" + (f": {check.mend}" if check.mend else "")
    click.echo("\n".join(wrapped(f"{word:<9}{text}", hanging=9)))
    return bool(check.mend)


def _cancelled(target: Target, preflight: Preflight, clock: Clock) -> Check:
    orders = placed(recorded(NAME, preflight.exchanges))
    cancelling = Cancelling(target, clock, 0)
    cancelling.cancel(orders)
    cancelling.close()
    outcomes = Counter(each.cancelled for each in cancelling.told(orders))
    if set(outcomes) <= {"yes"}:
        return Check("cancel", f"{outcomes.total()} orders of this check were cancelled")
    told = next(each for each in outcomes if each != "yes")
    return Check("cancel", told.removeprefix("no, "), "mend cancel in the target file")
