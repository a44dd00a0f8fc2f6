"""Random orders that are watched while they are processed: many in flight, and one wait.

Such an order is not made smaller when it fails; those with lower numbers are smaller already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, ClassVar

from conformance.behaviour.scenarios import due
from conformance.fuzz.flaws import FLAWS
from conformance.fuzz.model import NAME, NUMBER
from conformance.orders import KNOWN_RESOURCE, OMIT
from conformance.target.description import Identity
from conformance.watching import World

WORDS = (
    *(NAME, NUMBER, NAME, NUMBER, NAME, NUMBER, " ", "Til", "7", "æøå", "Åse", "漢字", "😀", "é"),
    *("[", "]", "(", ")", "-", ",", ";", "!", "?", "=", "+", "*", "$", " $ ", "%", "#", "\\", "^"),
    *("12999912345", "999999999"),
    *("$recipientname$", "$RecipientNumber$", "$recipientName", "recipientNumber$", "{0}", "%s"),
)
"""What templates are made of; nothing that HTML spells otherwise."""
MARKUP = ("  ", "<b>", "</b>", "<", ">", "&", "&amp;", '"', "'", "''", "${x}", "{{x}}", "<br>")
"""What only a plain text holds as it is."""
OPTIONS: tuple[dict[str, Any], ...] = ({}, {"contentType": "Plain"}, {"contentType": "Html"})
REACHABLE = ("reachable_people", "reachable_organisations")
UNREACHABLE = ("contactless_people", "reserved_people", "contactless_organisations")
PLANTED = [
    flaw
    for flaw in FLAWS
    if flaw.member not in ("body", "sendersReference")
    if (isinstance(flaw.value, dict) if flaw.among else flaw.member != "recipients")
]
"""The flaws that leave in an order valid recipients, and the mark that tells its emails."""


@dataclass(frozen=True)
class GeneratedOrder:
    """One of several orders of a kind; a scenario is known by its name."""

    number: int
    kind: ClassVar[str]

    @property
    def __name__(self) -> str:
        return f"{self.kind}_{self.number}"


class ProcessedOrder(GeneratedOrder):
    """A valid order that is due: to some who can be reached, some who cannot, and addresses."""

    kind = "processed_order"

    def __call__(self, world: World) -> dict[str, Any]:
        """Return the members of the order."""
        random = Random(world.build.reference())
        options = random.choice(OPTIONS)
        words = WORDS if options.get("contentType") == "Html" else WORDS + MARKUP
        members = due(world, recipients=_recipients(world, random, self.number), body="-")
        mark = members["sendersReference"]
        return {
            **members,
            **options,
            **random.choice(_resources(members["recipients"])),
            **random.choice(_reservations(world)),
            "subject": template(WORDS + MARKUP, 3 + self.number, random),
            "body": f"{template(words, 5 + self.number, random)} {mark}",
            "sendersReference": random.choice([mark, mark, OMIT]),
            "requestedSendTime": _soon(world, random),
        }


class OtherOrder(ProcessedOrder):
    """Such an order, to be placed by a second organisation.

    It names no resource, which may be one that is not the caller's.
    """

    kind = "other_order"

    def __call__(self, world: World) -> dict[str, Any]:
        """Return the members of the order."""
        return {**super().__call__(world), "resourceId": OMIT}


class AppOrder(OtherOrder):
    """Such an order, to be placed with a PlatformAccessToken."""

    kind = "app_order"


class MetOrder(ProcessedOrder):
    """Such an order with a condition that is met."""

    kind = "met_order"
    met = True

    def __call__(self, world: World) -> dict[str, Any]:
        """Return the members of the order; the path of its condition may be that of others."""
        members = super().__call__(world)
        random = Random(world.build.reference())
        path = random.choice([world.build.reference(), "shared-by-generated-orders"])
        url = world.condition_url(path, met=self.met, note=self.__name__)
        return {**members, "conditionEndpoint": url}


class UnmetOrder(MetOrder):
    """Such an order with a condition that is not met."""

    kind = "unmet_order"
    met = False


class RefusedOrder(GeneratedOrder):
    """An order that is due, and has one flaw: the members have theirs in turn."""

    kind = "refused_order"

    def __call__(self, world: World) -> dict[str, Any]:
        """Return the members of the order; its first two recipients are valid."""
        members = list(dict.fromkeys(flaw.member for flaw in PLANTED))
        member = members[(self.number - 1) % len(members)]
        flaws = [flaw for flaw in PLANTED if flaw.member == member]
        flaw = Random(world.build.reference()).choice(flaws)
        recipients: list[Any] = [{"emailAddress": each} for each in world.build.addresses(2)]
        order = due(world, subject="Refused", recipients=recipients)
        if flaw.among:
            return {**order, "recipients": [*recipients, flaw.value]}
        return {**order, flaw.member: flaw.value}


def template(words: Sequence[str], most: int, random: Random) -> str:
    """Return a text of so many words at most; what its keywords become is beyond doubt.

    Something is left of it where both are empty: whether an empty subject can be sent is not said.
    """
    while True:
        text = "".join(random.choices(words, k=random.randint(2, most))).strip()
        if text.replace(NAME, "").replace(NUMBER, "").strip() and is_clear(text):
            return text


def is_clear(text: str) -> bool:
    """Tell whether it does not matter which keyword is replaced first, as they share no sign."""
    one = text.replace(NAME, "0").replace(NUMBER, "1")
    return one == text.replace(NUMBER, "1").replace(NAME, "0")


def _resources(recipients: Sequence[Identity | str]) -> list[dict[str, Any]]:
    """Return what an order may be related to; with organisations among its recipients, nothing.

    Their users may have registered addresses of their own for a resource, which nobody states.
    """
    kinds = {each.member for each in recipients if isinstance(each, Identity)}
    return [{}] if "organizationNumber" in kinds else [{}, {"resourceId": KNOWN_RESOURCE}]


def _reservations(world: World) -> list[dict[str, Any]]:
    """Return what may be said of reservations: overridden where it is known to which addresses."""
    heeded = [{}, {"ignoreReservation": False}]
    reserved = world.identities.get("reserved_people", ())
    is_known = all(each.addresses for each in reserved)
    return [*heeded, {"ignoreReservation": True}] if is_known else heeded


def _soon(world: World, random: Random) -> Any:
    """Return a send time in a moment, or none, which is at once."""
    in_a_moment = world.build.ahead(timedelta(seconds=1), zone=timedelta(hours=2))
    return random.choice([OMIT, OMIT, in_a_moment])


def _recipients(world: World, random: Random, most: int) -> list[Identity | str]:
    """Return some who can be reached, some who cannot, and some addresses, in any order."""
    reachable, unreachable = (
        [each for kind in kinds for each in world.identities.get(kind, ()) if each.is_plainly_named]
        for kinds in (REACHABLE, UNREACHABLE)
    )
    recipients: list[Identity | str] = [
        *random.sample(reachable, min(len(reachable), random.randint(1, 1 + most // 2))),
        *random.sample(unreachable, min(len(unreachable), random.randint(0, most // 2))),
        *world.build.addresses(random.randint(1, 2 + most)),
    ]
    random.shuffle(recipients)
    return recipients
