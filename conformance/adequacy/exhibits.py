"""What the suite is tested by: the faults and variants of the reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from conformance.errors import OperatorError
from conformance.reference.faults import FAULTS
from conformance.reference.variants import VARIANTS
from conformance.reporting.text import plural

FAULT = "fault"
VARIANT = "variant"
REFERENCE = "reference"


@dataclass(frozen=True)
class Exhibit:
    """A fault, a variant, or the reference as it is.

    Attributes:
        kind: FAULT, VARIANT or REFERENCE.
        name: as ``serve --fault`` and ``serve --variant`` take it.
        description: what it does, from its docstring.
        breaks: the requirement that a fault breaks, "" of a variant.
        also: the requirements that it cannot but break, too.
        module: where it is written, such as ``conformance.reference.faults.orders``.
    """

    kind: str
    name: str
    description: str
    breaks: str = ""
    also: tuple[str, ...] = ()
    module: str = ""

    @property
    def path(self) -> str:
        """Where the reference serves it; ``+NAME`` adds another variant."""
        return "" if self.kind == REFERENCE else f"/{self.kind}s/{self.name}"

    @property
    def group(self) -> str:
        """The group of the requirement that a fault breaks, "" of a variant."""
        return self.breaks.partition(".")[0]

    def to_json(self) -> dict[str, Any]:
        """Return the exhibit as JSON values."""
        return {**vars(self), "also": list(self.also)}


AS_IT_IS = Exhibit(REFERENCE, "as-it-is", "The reference, with all promises kept.")
"""Where a test fails on it, that it fails on a fault tells nothing."""


def exhibits(only: Sequence[str] = ()) -> list[Exhibit]:
    """Return the faults, then the variants.

    Args:
        only: patterns of names, or of the requirement that a fault breaks; all without any.

    Raises:
        OperatorError: when a pattern matches nothing.
    """
    known = list(_all())
    for pattern in only:
        if not any(_matches(each, pattern) for each in known):
            raise OperatorError(
                f"--only {pattern} matches no fault and no variant",
                "`adequacy --list` prints their names",
            )
    return [each for each in known if not only or any(_matches(each, one) for one in only)]


def counted(asked: Sequence[Exhibit]) -> str:
    """Return how many faults and how many variants there are."""
    faults, variants = (sum(each.kind == kind for each in asked) for kind in (FAULT, VARIANT))
    return f"{plural(faults, FAULT)} and {plural(variants, VARIANT)}"


def _all() -> Iterator[Exhibit]:
    for fault in FAULTS.values():
        module = fault.rules.__module__
        yield Exhibit(FAULT, fault.name, fault.description, fault.breaks, fault.also, module)
    for variant in VARIANTS.values():
        yield Exhibit(VARIANT, variant.name, variant.description, module=variant.rules.__module__)


def _matches(exhibit: Exhibit, pattern: str) -> bool:
    return fnmatchcase(exhibit.name, pattern) or fnmatchcase(exhibit.breaks, pattern)
