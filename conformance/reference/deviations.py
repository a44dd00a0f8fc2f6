"""Named deviations from the rules: how they are registered, found and combined.

A fault breaks one requirement, and the suite must find it; a variant makes another permitted
choice, and the suite must accept it. Both are a class with a docstring, called after that class.
"""

import difflib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from conformance.reference.rules import Rules

RulesType = type[Rules]

_WORD_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[0-9])")


@dataclass(frozen=True)
class Deviation:
    """What faults and variants have in common."""

    name: str
    """``LocationNamesAnotherOrder`` is called ``location-names-another-order``."""
    description: str
    rules: RulesType


@dataclass(frozen=True)
class Fault(Deviation):
    """A deliberate breach of one requirement."""

    breaks: str
    """The id of the requirement that fails because of it."""
    also: tuple[str, ...] = ()
    """Others that cannot but fail with it; the description says why."""


@dataclass(frozen=True)
class Variant(Deviation):
    """A choice that the documents leave open."""


AnyDeviation = TypeVar("AnyDeviation", bound=Deviation)

FAULTS: dict[str, Fault] = {}
VARIANTS: dict[str, Variant] = {}


class UnknownDeviationError(LookupError):
    """The message is one line, for the operator."""


def fault(*, breaks: str, also: tuple[str, ...] = ()) -> Callable[[RulesType], RulesType]:
    """Register a class of rules as a fault of the one requirement that it breaks.

    Where others cannot but fail with it, ``also`` names them.
    """

    def register(rules: RulesType) -> RulesType:
        name = _free_name(rules, FAULTS)
        FAULTS[name] = Fault(name, _description(rules), rules, breaks, also)
        return rules

    return register


def variant(rules: RulesType) -> RulesType:
    """Register a class of rules as a choice that the documents permit."""
    name = _free_name(rules, VARIANTS)
    VARIANTS[name] = Variant(name, _description(rules), rules)
    return rules


def named(kind: str, name: str, registry: Mapping[str, AnyDeviation]) -> AnyDeviation:
    """The one that is called so; ``kind`` is for the message when there is none."""
    if name in registry:
        return registry[name]
    near = ", ".join(difflib.get_close_matches(name, registry, n=3)) or "nothing is called like it"
    raise UnknownDeviationError(f"unknown {kind} {name!r}; did you mean: {near}")


def combined(deviations: Iterable[Deviation]) -> RulesType:
    """The rules with all the deviations; the first one named has the last word."""
    classes = dict.fromkeys(deviation.rules for deviation in deviations)
    return type("DeviantRules", (*classes, Rules), {})


def _free_name(rules: RulesType, registry: Mapping[str, Deviation]) -> str:
    name = _WORD_BORDER.sub("-", rules.__name__).lower()
    if name in registry:
        raise ValueError(f"two deviations are called {name}")
    return name


def _description(rules: RulesType) -> str:
    if not rules.__doc__:
        raise ValueError(f"{rules.__name__} has no docstring to describe it")
    return inspect.cleandoc(rules.__doc__)
