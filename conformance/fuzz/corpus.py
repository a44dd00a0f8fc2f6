"""The corpus: examples and boundary cases of the contract, generated once and replayed by runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

from conformance import contract
from conformance.checks.answers import PLACE
from conformance.fuzz.safety import careful, harmless
from conformance.orders import Orders

CORPUS = Path(__file__).with_name("corpus.json")


class NoBody(Enum):
    """Says that a request has no body, as distinct from null."""

    NO_BODY = "no body"


NO_BODY: Final = NoBody.NO_BODY


@dataclass(frozen=True)
class Case:
    """One case of the corpus.

    Attributes:
        operation: the operationId.
        valid: whether the contract allows the request.
        told: what is special about it.
        method: that of the operation, or another.
        id: the order id in the path, "" for none.
        media_type: of the body; None says nothing.
        body: a JSON value, or NO_BODY.
    """

    operation: str
    valid: bool
    told: str
    method: str
    id: str
    media_type: str | None
    body: Any


JSON = "application/json"
RANDOM = "random"
REFUSED_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""Methods of which a server knows what they would do; of others it may know nothing, or tell."""


@cache
def corpus() -> tuple[Case, ...]:
    """Return all cases."""
    frozen = json.loads(CORPUS.read_text(encoding="utf-8"))
    return tuple(
        Case(
            operation=each["operation"],
            valid=each["mode"] == "positive",
            told=each["told"],
            method=each["method"],
            id=each["id"] or "",
            media_type=each["media_type"],
            body=each.get("body", NO_BODY),
        )
        for each in frozen
    )


def valid_orders(build: Orders) -> list[dict[str, Any]]:
    """Return the examples and boundaries of what the contract allows, made harmless."""
    orders = [each for each in corpus() if each.operation == PLACE and each.told != RANDOM]
    return [careful(each.body, build) for each in orders if each.valid]


@cache
def random_bodies(*, valid: bool) -> list[Any]:
    """Return the bodies of the random cases, the smallest first."""
    found = [each.body for each in corpus() if each.told == RANDOM and each.valid is valid]
    return sorted((body for body in found if body is not NO_BODY), key=_length)


def _length(body: Any) -> int:
    return len(json.dumps(body))


def other_bodies(build: Orders) -> list[Any]:
    """Return the bodies that are just outside of the contract, made harmless."""
    return [
        harmless(each.body, build)
        for each in corpus()
        if (each.operation, each.method) == (PLACE, "POST")
        and not each.valid
        and each.told != RANDOM
        and each.media_type == JSON
        and each.body is not NO_BODY
    ]


def other_methods(operation: str, *, known: bool) -> list[str]:
    """Return the methods that are not the one of an operation; those of REFUSED_METHODS or not."""
    own = contract.load().operations[operation].method
    methods = {each.method for each in corpus() if each.operation == operation} - {own}
    return sorted(each for each in methods if (each in REFUSED_METHODS) is known)


def other_ids(operation: str) -> list[str]:
    """Return what is no id by the contract, as it stands in a path."""
    own = contract.load().operations[operation].method
    cases = [each for each in corpus() if each.operation == operation and each.method == own]
    return [each.id for each in cases if not each.valid and each.media_type is None]
