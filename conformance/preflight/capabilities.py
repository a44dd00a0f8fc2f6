"""What the target file says the operator provides, and whether it is so.

A check that fails may be the deployment's doing as well, a crash included: it is told, and judged
by the tests. Only the first order may stop a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial

from conformance.api import Api
from conformance.clock import Clock
from conformance.errors import Blocked, OperatorError
from conformance.exchange import Exchange
from conformance.finding import Nonconformance
from conformance.observers import reader_of
from conformance.observers.callback import ConditionEndpoint
from conformance.preflight.reaching import setting
from conformance.reporting.model import Check
from conformance.target.client import Unreachable
from conformance.target.credentials import (
    EXPIRED,
    LONGEST_WAIT,
    PLATFORM_HEADER,
    expiry,
    is_of_same_organisation,
    unfit,
)
from conformance.target.description import Callback, Target

MOST_SKEW = timedelta(seconds=60)
"""How far the clocks of this machine and of the deployment may differ."""
SOON = timedelta(minutes=2)
LOG = "look at the deployment's log"
READS = {
    "platform_access_token": (200, "one of the same organisation that is valid here"),
    "second_organisation_bearer": (404, "one of another organisation that is valid here"),
}
"""How an order of the main credential is answered to others, and what those have to be."""

Look = Callable[[], str]
"""Returns what is in order, or raises an OperatorError with what is not."""


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
    for subject, look in _looks(target, api, order, clock, condition):
        try:
            yield Check(subject, look())
        except OperatorError as error:
            name = subject.rpartition(" ")[2]  # with which what a source of tokens tells begins
            yield Check(subject, error.what.removeprefix(f"{name}: "), error.mend)
        except (Nonconformance, Blocked, Unreachable) as error:
            told = _told(error)
            yield Check(subject, told.what, told.mend)


def _told(error: Nonconformance | Blocked | Unreachable) -> OperatorError:
    """Return what kept the deployment from answering a check."""
    if isinstance(error, Nonconformance):
        return OperatorError(error.finding.actual, LOG)
    if isinstance(error, Blocked):
        return OperatorError(error.reason, "allow more in [budget]; see `plan`")
    return OperatorError(str(error), "mend the network, or run again later")


def _looks(
    target: Target,
    api: Api,
    order: Exchange,
    clock: Clock,
    condition: ConditionEndpoint | None,
) -> Iterator[tuple[str, Look]]:
    yield "clock", lambda: _clock(order)
    id = order.response.member("orderId")
    if isinstance(id, str):
        yield "order read back", lambda: _read_back(api.get_order(id), target)
    for name in target.credentials:
        yield f"credential {name}", partial(_credential, name, target, api, id, clock)
    if target.identities:
        yield "identities", lambda: _identities(target, api)
    if target.sms_order:
        mend = "name one of the same organisation"
        yield "SMS order", lambda: _answered(api.get_sms_order(target.sms_order), mend)
    if target.mailbox:
        yield "mailbox", lambda: _mailbox(target)
    if target.callback:
        yield "callback", partial(_callback, target.callback, condition)


def _clock(order: Exchange) -> str:
    if order.answered_at is order.started:
        return "the deployment does not tell its time (no header Date)"
    skew = order.answered_at - order.started - timedelta(seconds=order.seconds)
    apart = f"{abs(skew.total_seconds()):.0f} s"
    if abs(skew) > MOST_SKEW:
        raise OperatorError(
            f"the deployment's clock is {apart} {'ahead of' if skew > timedelta() else 'behind'}"
            " this machine's",
            "set the clock that is wrong; times are judged by either",
        )
    return f"differs from the deployment's by {apart}"


def _read_back(details: Exchange, target: Target) -> str:
    creator = details.response.member("creator")
    if target.creator and isinstance(creator, str) and creator != target.creator:
        raise OperatorError(
            f"its creator is {creator!r}, not {target.creator!r}",
            "mend creator in the target file, if it is wrong",
        )
    return _answered(details, LOG)


def _answered(answer: Exchange, mend: str) -> str:
    told = f"answered {answer.response.status}"
    if answer.response.status != 200:
        raise OperatorError(told, mend)
    return told


def _credential(name: str, target: Target, api: Api, id: object, clock: Clock) -> str:
    """Look at what a token says of itself; a second organisation or app also reads an order."""
    credential, now = target.credentials[name], clock.now()
    until = now + LONGEST_WAIT if name in EXPIRED else now  # a test waits for its end
    why = unfit(name, credential, until, target.token_leeway_seconds)
    if why:
        raise OperatorError(why, f"{setting(credential)} one that is as it says")
    expires = expiry(credential.token)
    if expires and until == now < expires < now + SOON and isinstance(credential.source, str):
        raise OperatorError(
            f"expires at {expires:%H:%M:%S} UTC", f"{setting(credential)} one that lives longer"
        )
    if name in READS and credential is not target.main and isinstance(id, str):
        status, other = api.asking_with(credential).get_order(id).response.status, READS[name]
        is_app = credential.name == PLATFORM_HEADER
        may_hide = is_app or not is_of_same_organisation(credential, target.main)
        if status != other[0] and not (may_hide and status == 404):
            raise OperatorError(
                f"an order of {target.main.shown} was answered {status} to it",
                f"{setting(credential)} {other[1]}",
            )
    if expires is None:
        return "does not say its end"
    return f"{'expired' if expires < now else 'expires'} at {expires:%Y-%m-%d %H:%M:%S} UTC"


def _identities(target: Target, api: Api) -> str:
    """Order to all of them at once: the lookup has to say of each what the target file does."""
    named = [each for listed in target.identities.values() for each in listed]
    answer = api.order_email(recipients=named)
    lookup = answer.response.member("recipientLookup")
    if not isinstance(lookup, dict):
        raise OperatorError(f"answered {answer.response.status} without a lookup", LOG)
    told = {
        each.number: state
        for kind, listed in target.identities.items()
        for each in listed
        if _state_in(lookup, each.number) != (state := kind.partition("_")[0])
    }
    if told:
        strange = ", ".join(f"{number} is not {state}" for number, state in told.items())
        raise OperatorError(f"the lookup says {strange}", "mend the target file, if it is wrong")
    return f"{len(named)} are as the target file says"


def _state_in(lookup: dict[str, object], number: str) -> str:
    lists = {"reserved": "isReserved", "contactless": "missingContact"}
    for state, member in lists.items():
        listed = lookup.get(member)
        if isinstance(listed, list) and number in listed:
            return state
    return "reachable"


def _mailbox(target: Target) -> str:
    assert target.mailbox is not None
    try:
        with closing(reader_of(target.mailbox)) as reader:
            reader.reachable()
    except Blocked as error:
        mend = "mend [mailbox] in the target file, or start it"
        raise OperatorError(error.reason, mend) from None
    return f"can be read at {target.mailbox.url}"


def _callback(where: Callback, condition: ConditionEndpoint | None) -> str:
    endpoint = condition or ConditionEndpoint(where)
    if endpoint is not condition:
        endpoint.close()
    return f"listens on {where.listen}, to be called at {endpoint.base}"
