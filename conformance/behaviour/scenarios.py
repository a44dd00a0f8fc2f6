"""The orders that are watched: placed at the start of a run, judged when they are processed.

Each builds the members of one order. Every order is due at once unless it says otherwise, and
repeats its sender's reference in its body, so that its emails are told from those of other orders.
"""

from __future__ import annotations

from typing import Any

from conformance.orders import OMIT, rfc3339
from conformance.watching import World

SHARED = "shared"
"""The path of several condition endpoints; the others have each their own."""
NAME_AND_NUMBER = "$recipientName$ ($recipientNumber$)"


def due(world: World, **members: Any) -> dict[str, Any]:
    """Return the members of an order that is due at once."""
    reference = world.build.mark()
    body = f"{members.pop('body', 'An email of a conformance test.')} {reference}"
    return {"sendersReference": reference, "body": body, "requestedSendTime": OMIT, **members}


def addresses(world: World) -> dict[str, Any]:
    """Three addresses."""
    return due(world, recipients=world.build.addresses(3))


def address_and_stranger(world: World) -> dict[str, Any]:
    """An address, and a person whom no register knows."""
    stranger = {"nationalIdentityNumber": world.build.person_number()}
    return due(world, recipients=[world.build.address(), stranger])


def registered(world: World) -> dict[str, Any]:
    """A person and an organisation, to be reached at the addresses that the registers know."""
    people, organisations = world.first("reachable_people"), world.first("reachable_organisations")
    return due(world, recipients=[people, organisations])


def contactless(world: World) -> dict[str, Any]:
    """A person without contact details."""
    return due(world, recipients=[world.first("contactless_people")])


def reserved(world: World) -> dict[str, Any]:
    """A reserved person."""
    return due(world, recipients=[world.first("reserved_people")])


def reservation_not_ignored(world: World) -> dict[str, Any]:
    """A reserved person, whose reservation the order says to heed."""
    return due(world, recipients=[world.first("reserved_people")], ignoreReservation=False)


def reservation_ignored(world: World) -> dict[str, Any]:
    """A reserved person, whose reservation the order overrides."""
    return due(world, recipients=[world.first("reserved_people")], ignoreReservation=True)


def far_ahead(world: World) -> dict[str, Any]:
    """An address, to be sent to in some weeks."""
    return due(
        world,
        recipients=[world.build.address()],
        requestedSendTime=rfc3339(world.build.far_ahead()),
    )


def plain(world: World) -> dict[str, Any]:
    """A plain text with letters beyond ASCII and markup that is none."""
    return due(
        world,
        recipients=[world.build.address()],
        contentType="Plain",
        subject="Søknad mottatt: 3 < 5 & 漢字",
        body="Kjære mottaker,\nsøknaden <b>er</b> mottatt & registrert. 漢字 🎉",
    )


def html(world: World) -> dict[str, Any]:
    """An HTML body."""
    return due(
        world,
        recipients=[world.build.address()],
        contentType="Html",
        subject="Søknad mottatt",
        body="<p>Søknaden er <strong>mottatt</strong>.</p>",
    )


def condition_met(world: World) -> dict[str, Any]:
    """A condition endpoint that says: send."""
    return _conditional(world, met=True)


def condition_not_met(world: World) -> dict[str, Any]:
    """A condition endpoint that says: do not send."""
    return _conditional(world, met=False)


def condition_met_by_query(world: World) -> dict[str, Any]:
    """A condition endpoint that says: send, of a URL that differs from the next in its query."""
    return _conditional(world, met=True, name=SHARED)


def condition_not_met_by_query(world: World) -> dict[str, Any]:
    """A condition endpoint that says: do not send."""
    return _conditional(world, met=False, name=SHARED)


def condition_asked_again(world: World) -> dict[str, Any]:
    """The condition endpoint of an order before, which says: send."""
    return _conditional(world, met=True, name=SHARED)


def condition_far_ahead(world: World) -> dict[str, Any]:
    """A condition endpoint of an order to be sent in some weeks."""
    send_time = rfc3339(world.build.far_ahead())
    return _conditional(world, met=True) | {"requestedSendTime": send_time}


def flawed_recipient(world: World) -> dict[str, Any]:
    """A valid address beside a recipient without identifier: to be refused."""
    return due(world, recipients=[world.build.address(), {}])


def keywords_for_organisation(world: World) -> dict[str, Any]:
    """Both keywords, twice each in the body, for an organisation."""
    return _keywords(world, "reachable_organisations")


def keywords_for_person(world: World) -> dict[str, Any]:
    """Both keywords, twice each in the body, for a person."""
    return _keywords(world, "reachable_people")


def keywords_in_html(world: World) -> dict[str, Any]:
    """Both keywords in an HTML body."""
    return due(
        world,
        recipients=[world.first("reachable_organisations")],
        contentType="Html",
        body="<p>Nummer [$recipientNumber$].</p>",
    )


def look_alikes(world: World) -> dict[str, Any]:
    """Texts that resemble the keywords: in other letters, cut short, or with more to them."""
    return due(
        world,
        recipients=[world.first("reachable_organisations")],
        body="[$RECIPIENTNAME$] [$recipientname$] [$RecipientNumber$]"
        " [$recipientName] [recipientNumber$] [$recipient$] [$recipientNames$]",
    )


def keywords_for_both(world: World) -> dict[str, Any]:
    """Both keywords for a person and an organisation in one order."""
    people, organisations = world.first("reachable_people"), world.first("reachable_organisations")
    return due(world, recipients=[people, organisations], body=f"Til {NAME_AND_NUMBER}.")


def _keywords(world: World, kind: str) -> dict[str, Any]:
    return due(
        world,
        recipients=[world.first(kind)],
        subject="Til <$recipientName$>, nummer <$recipientNumber$>",
        body="Navn [$recipientName$], nummer [$recipientNumber$]."
        " Igjen {$recipientName$}, {$recipientNumber$}.",
    )


def _conditional(world: World, met: bool, name: str = "") -> dict[str, Any]:
    members = due(world, recipients=[world.build.address()])
    url = world.condition_url(name or members["sendersReference"], met=met)
    return members | {"conditionEndpoint": url}
