"""What the target file says the operator provides, and whether it is so.

A check that fails may be the deployment's doing as well: it is told, and judged by the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from conformance.api import Api
from conformance.clock import Clock
from conformance.errors import Blocked, OperatorError
from conformance.exchange import Exchange
from conformance.finding import Nonconformance
from conformance.observers import reader_of
from conformance.observers.callback import ConditionEndpoint
from conformance.reporting.model import Check
from conformance.target.client import Unreachable
from conformance.target.credentials import LONGEST_WAIT, expiry, unfit
from conformance.target.description import Callback, Target

MOST_SKEW = timedelta(seconds=60)
"""How far the clocks of this machine and of the deployment may differ."""
SOON = timedelta(minutes=2)
TOLD = (Blocked, Nonconformance, Unreachable, OperatorError)


def checks(
    target: Target,
    api: Api,
    order: Exchange,
    clock: Clock,
    condition: ConditionEndpoint | None,
) -> Iterator[Check]:
    """Yield a check of each capability, and of what every run relies on.

    Args:
        target: the deployment.
        api: asks it with the main credential.
        order: the exchange that placed an order.
        clock: the clock of the run.
        condition: the condition endpoint of the run, where it listens already.
    """
    yield _clock(order)
    id = order.response.member("orderId")
    if isinstance(id, str):
        yield _status("order read back", api.get_order(id), 200, "look at the deployment's log")
    for name in target.credentials:
        yield _credential(name, target, api, id, clock)
    if target.identities:
        yield _identities(target, api)
    if target.sms_order:
        answer = api.get_sms_order(target.sms_order)
        yield _status("SMS order", answer, 200, "name one of the same organisation")
    if target.mailbox:
        yield _mailbox(target)
    if target.callback:
        yield _callback(target.callback, condition)


def _clock(order: Exchange) -> Check:
    if order.response.header("date") is None:
        return Check("clock", "the deployment does not tell its time (no header Date)")
    skew = order.answered_at - order.started - timedelta(seconds=order.seconds)
    told = f"the deployment's clock is {abs(skew.total_seconds()):.0f} s"
    told += " ahead of this machine's" if skew > timedelta() else " behind this machine's"
    if abs(skew) > MOST_SKEW:
        return Check("clock", told, "set the clock that is wrong; times are judged by it")
    return Check("clock", f"differs from the deployment's by {abs(skew.total_seconds()):.0f} s")


def _status(subject: str, answer: Exchange, wanted: int, mend: str) -> Check:
    status = answer.response.status
    return Check(subject, f"answered {status}", "" if status == wanted else mend)


def _credential(name: str, target: Target, api: Api, id: object, clock: Clock) -> Check:
    """Look at what a token says of itself; a second organisation or app also reads an order."""
    credential, now = target.credentials[name], clock.now()
    subject = f"credential {name}"
    try:
        when = now + LONGEST_WAIT if name == "expired_bearer" else now
        why = unfit(name, credential, when, target.token_leeway_seconds)
    except OperatorError as error:
        return Check(subject, error.what.removeprefix(f"{name}: "), error.mend)
    if why:
        return Check(subject, why, f"set {_variable(name, target)} to one that is as it says")
    expires = expiry(credential.token)
    if expires and now < expires < now + SOON and isinstance(credential.source, str):
        return Check(subject, f"expires at {expires:%H:%M:%S} UTC", "get one that lives longer")
    told = f"expires at {expires:%Y-%m-%d %H:%M:%S} UTC" if expires else "does not say its end"
    wanted = {"platform_access_token": 200, "second_organisation_bearer": 404}.get(name)
    if wanted is None or credential is target.main or not isinstance(id, str):
        return Check(subject, told)
    status = api.asking_with(credential).get_order(id).response.status
    mend = f"make sure that {_variable(name, target)} is valid here, of another issuer or owner"
    if status == wanted:
        return Check(subject, told)
    return Check(subject, f"an order of {target.main.shown} was answered {status} to it", mend)


def _variable(name: str, target: Target) -> str:
    return target.credentials[name].shown.removeprefix("Bearer ").lstrip("$")


def _identities(target: Target, api: Api) -> Check:
    """Order to all of them at once: the lookup has to say of each what the target file does."""
    named = [each for listed in target.identities.values() for each in listed]
    answer = api.order_email(recipients=named)
    lookup = answer.response.member("recipientLookup")
    if not isinstance(lookup, dict):
        status = answer.response.status
        return Check("identities", f"answered {status} without a lookup", "see the findings")
    told = {
        each.number: state
        for kind, listed in target.identities.items()
        for each in listed
        if _state_in(lookup, each.number) != (state := kind.partition("_")[0])
    }
    if not told:
        return Check("identities", f"{len(named)} are as the target file says")
    strange = ", ".join(f"{number} is not {state}" for number, state in told.items())
    return Check("identities", f"the lookup says {strange}", "mend the target file, if it is wrong")


def _state_in(lookup: dict[str, object], number: str) -> str:
    lists = {"reserved": "isReserved", "contactless": "missingContact"}
    for state, member in lists.items():
        listed = lookup.get(member)
        if isinstance(listed, list) and number in listed:
            return state
    return "reachable"


def _mailbox(target: Target) -> Check:
    assert target.mailbox is not None
    url = target.mailbox.url
    try:
        with closing(reader_of(target.mailbox)) as reader:
            reader.reachable()
    except TOLD as error:
        return Check("mailbox", str(error), "mend [mailbox] in the target file, or start it")
    return Check("mailbox", f"can be read at {url}")


def _callback(where: Callback, condition: ConditionEndpoint | None) -> Check:
    try:
        endpoint = condition or ConditionEndpoint(where)
    except OperatorError as error:
        return Check("callback", error.what, error.mend)
    if endpoint is not condition:
        endpoint.close()
    return Check("callback", f"listens on {where.listen}, to be called at {endpoint.base}")
