"""Recipients of several kinds side by side, and what the lookup of them has to tell.

Send email notifications, recipientLookup with its table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.conftest import Known
from conformance.target.description import Identity

KINDS = (
    "reachable people",
    "reserved people",
    "contactless people",
    "reachable organisations",
    "contactless organisations",
)


@dataclass(frozen=True)
class Mix:
    """Who is looked up, in the order of the recipients; each in one of three states."""

    all: tuple[Identity, ...]
    reachable: tuple[Identity, ...]
    reserved: tuple[Identity, ...]
    contactless: tuple[Identity, ...]

    @classmethod
    def of(cls, kinds: Iterable[str], people: Known, organisations: Known) -> Mix:
        """Return everyone of these kinds whom the target names; Blocked where there is none."""
        known = {"people": people, "organisations": organisations}
        everyone: list[Identity] = []
        states: dict[str, list[Identity]] = {"reachable": [], "reserved": [], "contactless": []}
        for kind in kinds:
            state, _, which = kind.partition(" ")
            named: tuple[Identity, ...] = getattr(known[which], f"all_{state}")
            everyone += named
            states[state] += named
        return cls(tuple(everyone), *(tuple(each) for each in states.values()))

    @property
    def status(self) -> str:
        """The status by the table: for all, for some, for none."""
        if len(self.reachable) == len(self.all):
            return "Success"
        return "PartialSuccess" if self.reachable else "Failed"
