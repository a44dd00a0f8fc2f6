"""Makes any generated order harmless: nothing that is sent may reach a person.

What schemathesis generates follows the contract's types; whom it would reach is not its concern.
Here addresses are moved to a reserved domain, numbers become synthetic ones, and the send time lies
far ahead. The values are derived from the generated ones, so that the same case stays the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from conformance.clock import Clock
from conformance.orders import KNOWN_RESOURCE, Orders, rfc3339

MEMBERS = (
    "subject",
    "body",
    "recipients",
    "contentType",
    "requestedSendTime",
    "sendersReference",
    "resourceId",
    "ignoreReservation",
    "conditionEndpoint",
)
OFFSETS = (0, 0, 60, 120, -300, 330)
"""Minutes east of Greenwich of the zones that send times are given in."""
PRECISIONS: tuple[Callable[[int], int], ...] = (
    lambda _: 0,
    lambda micros: micros // 100_000 * 100_000,
    lambda micros: micros // 1000 * 1000,
)


def careful(order: Mapping[str, Any], build: Orders) -> dict[str, Any]:
    """Return a valid order that a careful deployment accepts, close to the generated one.

    Members that the documents do not know are left out, recipients that are named twice, control
    characters and white space around texts too: whether these are accepted is not said.
    """
    rewritten: dict[str, Callable[[Any], Any]] = {
        "recipients": _recipients,
        "requestedSendTime": lambda value: _send_time(value, build),
        "conditionEndpoint": lambda value: f"https://condition.example.com/{_token(value)}",
        "resourceId": lambda _: KNOWN_RESOURCE,
    }
    kept = {name: order[name] for name in MEMBERS if order.get(name) is not None}
    return {"requestedSendTime": rfc3339(build.far_ahead())} | {
        name: rewritten[name](value)
        if name in rewritten
        else (plain(value) if name != "contentType" and isinstance(value, str) else value)
        for name, value in kept.items()
    }


def harmless(order: Any, build: Orders) -> Any:
    """Return an invalid order that reaches nobody even where a deployment accepts it."""
    if not isinstance(order, dict):
        return _defused(order)
    defused = {name: _defused(value) for name, value in order.items()}
    if _is_time(defused.get("requestedSendTime")):
        defused["requestedSendTime"] = rfc3339(build.far_ahead())
    return defused


def _is_time(value: Any) -> bool:
    """Tell whether a deployment may take a value for a send time; none is one, too: now."""
    try:
        return value is None or datetime.fromisoformat(value) is not None
    except (TypeError, ValueError):
        return False


def _defused(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _number(name, each) if name in _NUMBERS else _defused(each)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_defused(each) for each in value]
    if isinstance(value, str) and "@" in value:
        return f"{_token(value)}@example.com"
    return value


def _number(name: str, value: Any) -> Any:
    """Return a synthetic number for one that could be somebody's; flawed ones stay flawed."""
    length = {"nationalIdentityNumber": 11, "organizationNumber": 9}[name]
    looks_real = isinstance(value, str) and len(value) == length and value.isdigit()
    return _NUMBERS[name](_made_from(value)) if looks_real else value


_NUMBERS: dict[str, Callable[[Orders], str]] = {
    "nationalIdentityNumber": Orders.person_number,
    "organizationNumber": Orders.organisation_number,
}


def _recipients(recipients: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return each recipient once: what becomes of one that is named twice is not said."""
    return list({tuple(each.items()): each for each in map(_recipient, recipients)}.values())


def _recipient(recipient: Mapping[str, Any]) -> dict[str, str]:
    for name, make in _NUMBERS.items():
        if recipient.get(name) is not None:
            return {name: make(_made_from(recipient[name]))}
    return {"emailAddress": f"{_token(recipient.get('emailAddress'))}@example.com"}


def _send_time(value: str, build: Orders) -> str:
    random = Random(value)
    instant = build.far_ahead() + timedelta(seconds=random.randrange(86400))
    micros = random.choice(PRECISIONS)(random.randrange(10**6))
    zone = timezone(timedelta(minutes=random.choice(OFFSETS)))
    return instant.replace(microsecond=micros).astimezone(zone).isoformat()


def plain(text: str) -> str:
    """Return the text without characters that are none, and without the look of a URL or host."""
    unseen = {ord(each): " " for each in set(text) if unicodedata.category(each)[0] in "CZ"}
    return re.sub(r"(?<=\S)([.:])(?=\S)", r"\1 ", text.translate(unseen)).strip() or "text"


def _token(value: Any) -> str:
    return f"conformance-{Random(str(value)).getrandbits(64):016x}"


def _made_from(value: Any) -> Orders:
    return Orders(Random(str(value)), Clock())
