"""The orders that are watched: placed at the start of a run, judged when they are processed.

Each builds the members of one order. Every order is due at once unless it says otherwise, and the
first line of its body ends with a mark, by which its emails are told from those of other orders.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from conformance.clock import FAR_AHEAD
from conformance.orders import KNOWN_RESOURCE, OMIT, rfc3339
from conformance.target.description import Identity, most_addressed
from conformance.watching import World

SHARED = "shared"
"""The path of several condition endpoints; the others have each their own."""
MANY = 105
"""More than fit on a page of 10, 20, 25, 50 or 100."""
SIGNS = "It's 'one' \"two\" ''three'' {0} {} {{x}} {x} ${x} %s %1 100% \\n \\ $1 $& & < > # @x ^ ~"
"""What is replaced, or has to be escaped, in formats and templates of many kinds."""
NAME_AND_NUMBER = "$recipientName$ ($recipientNumber$)"


def due(world: World, **members: Any) -> dict[str, Any]:
    """Return the members of an order that is due at once; its first line ends with the mark."""
    mark = world.build.mark()
    first, *more = str(members.pop("body", "An email of a conformance test.")).split("\n")
    body = "\n".join([f"{first} {mark}", *more])
    return {"sendersReference": mark, "body": body, "requestedSendTime": OMIT, **members}


def addresses(world: World) -> dict[str, Any]:
    """Three addresses, and a body without contentType that is HTML to who guesses."""
    return due(world, recipients=world.build.addresses(3), body="<b>An email</b> &amp; no markup.")


def minimal(world: World) -> dict[str, Any]:
    """An address, and nothing that an order may do without."""
    return due(world, recipients=[world.build.address()], sendersReference=OMIT)


def typography(world: World) -> dict[str, Any]:
    """The signs of a well-set text: spaces that do not break, dashes, quotation marks."""
    body = "1\u00a0000\u202fkr \u2013 \u00absitat\u00bb \u2019n \u201cquote\u201d \u2026"
    return due(world, recipients=[world.build.address()], contentType="Plain", body=body)


def address_and_stranger(world: World) -> dict[str, Any]:
    """Between two addresses a person whom hardly any register knows."""
    stranger = {"nationalIdentityNumber": world.build.person_number()}
    return due(world, recipients=[world.build.address(), stranger, world.build.address()])


def reached_and_not(world: World) -> dict[str, Any]:
    """An address between a reserved person and one without contact details."""
    reserved, contactless = world.first("reserved_people"), world.first("contactless_people")
    return due(world, recipients=[reserved, world.build.address(), contactless])


def many_addresses(world: World) -> dict[str, Any]:
    """More addresses than a page shows, and first of all some that differ in but a sign."""
    local, _, domain = world.build.address().partition("@")
    alike = [
        f"{each}@{domain}"
        for each in (local, f"{local}+a", f"{local}+b", f"{local[:20]}.{local[20:]}")
    ]
    return due(world, recipients=[*alike, *world.build.addresses(MANY - len(alike))])


def one_twin(world: World) -> dict[str, Any]:
    """An order that is the same as another but for its id; their emails nobody tells apart."""
    domain = world.build.address().partition("@")[2]
    members = due(world, recipients=[f"twins-of-{world.run}@{domain}"])
    return members | {"sendersReference": world.run, "body": f"A twin of {world.run}."}


def other_twin(world: World) -> dict[str, Any]:
    """The other one."""
    return one_twin(world)


def registered(world: World) -> dict[str, Any]:
    """A person and an organisation, to be reached at the addresses that the registers know."""
    people, organisations = world.first("reachable_people"), world.first("reachable_organisations")
    return due(world, recipients=[people, organisations])


def alternating(world: World) -> dict[str, Any]:
    """Addresses, persons and organisations in turn, all of whom can be reached."""
    people = _first_two(world, "reachable_people")
    organisations = _first_two(world, "reachable_organisations")
    known = [each for pair in zip_longest(organisations, people) for each in pair if each]
    addresses = world.build.addresses(len(known) + 1)
    turns = [each for pair in zip_longest(addresses, known) for each in pair if each]
    return due(world, recipients=turns)


def several_addresses(world: World) -> dict[str, Any]:
    """The organisation for which the registers know the most addresses, alone."""
    world.first("reachable_organisations")  # Blocked without any
    return due(world, recipients=[most_addressed(world.identities["reachable_organisations"])])


def contactless(world: World) -> dict[str, Any]:
    """A person without contact details."""
    return due(world, recipients=[world.first("contactless_people")])


def contactless_organisation(world: World) -> dict[str, Any]:
    """An organisation without contact details."""
    return due(world, recipients=[world.first("contactless_organisations")])


def reserved(world: World) -> dict[str, Any]:
    """A reserved person."""
    return due(world, recipients=[world.first("reserved_people")])


def reservation_not_ignored(world: World) -> dict[str, Any]:
    """A reserved person, whose reservation the order says to heed; of a resource and in HTML."""
    return due(
        world,
        recipients=[world.first("reserved_people")],
        ignoreReservation=False,
        contentType="Html",
        resourceId=KNOWN_RESOURCE,
    )


def reservation_ignored(world: World) -> dict[str, Any]:
    """A reserved person, whose reservation the order overrides; its body names the person."""
    return due(
        world,
        recipients=[world.first("reserved_people")],
        ignoreReservation=True,
        body="Navn [$recipientName$], nummer [$recipientNumber$].",
    )


def reservation_ignored_for_app(world: World) -> dict[str, Any]:
    """The same, to be ordered with a PlatformAccessToken."""
    return reservation_ignored(world)


def reservations_ignored(world: World) -> dict[str, Any]:
    """The first two reserved persons whose addresses are known, beside each other."""
    known = [each for each in world.identities.get("reserved_people", ()) if each.addresses]
    reserved = known[:2] or [world.first("reserved_people")]
    return due(world, recipients=reserved, ignoreReservation=True)


def far_ahead(world: World) -> dict[str, Any]:
    """An address, to be sent to in some weeks, at a time of day that has just passed."""
    send_time = world.build.ahead(FAR_AHEAD - timedelta(minutes=5), zone=timedelta())
    return due(world, recipients=[world.build.address()], requestedSendTime=send_time)


def far_ahead_for_app(world: World) -> dict[str, Any]:
    """The same, to be ordered with a PlatformAccessToken."""
    return far_ahead(world)


def in_two_hours(world: World) -> dict[str, Any]:
    """An address, to be sent to in two hours; read as UTC, its clock is an hour late already."""
    send_time = world.build.ahead(timedelta(hours=2), zone=timedelta(hours=-3))
    return due(world, recipients=[world.build.address()], requestedSendTime=send_time)


def send_time_now(world: World) -> dict[str, Any]:
    """An address, to be sent to now, by a clock that is hours ahead of UTC.

    Not before now: a deployment may refuse what is in the past.
    """
    zone = timedelta(hours=5, minutes=30)
    send_time = world.build.ahead(timedelta(seconds=0.2), zone)
    return due(world, recipients=[world.build.address()], requestedSendTime=send_time)


def at_one_instant(world: World) -> dict[str, Any]:
    """An address, to be sent to at the next even second, as the next order mostly is."""
    now = world.build.ahead(timedelta(seconds=0.5), zone=timedelta())
    send_time = datetime.fromisoformat(now).replace(microsecond=0) + timedelta(seconds=1)
    send_time += timedelta(seconds=send_time.second % 2)
    return due(world, recipients=[world.build.address()], requestedSendTime=rfc3339(send_time))


def at_the_same_instant(world: World) -> dict[str, Any]:
    """Another address, to be sent to at the same instant."""
    return at_one_instant(world)


def neighbouring_letters(world: World) -> dict[str, Any]:
    """A subject, too short to be folded, of words that all have letters beyond ASCII."""
    return due(world, recipients=[world.build.address()], subject="Blåbær på øy")


def one_subject(world: World) -> dict[str, Any]:
    """An organisation, with a subject that the next order has, too; their bodies differ."""
    return due(world, recipients=[world.first("reachable_organisations")], subject="Samme emne")


def same_subject(world: World) -> dict[str, Any]:
    """The next one."""
    return one_subject(world)


def plain(world: World) -> dict[str, Any]:
    """A plain text with letters beyond ASCII, and what is markup to others on its way.

    HTML, templates, signs at the beginning of a line, a line with but a dot, which ends an email in
    SMTP (RFC 5321, 4.5.2), and digits that some take for personal data.
    """
    return due(
        world,
        recipients=[world.build.address()],
        contentType="Plain",
        subject="Søknad mottatt: 3 < 5 & 漢字",
        body="Kjære mottaker,\nsøknaden <b>er</b> mottatt & registrert.  漢字 🎉\n.\n"
        "| Konto | Beløp |\n> sitat\n# tittel\n* punkt\n--\n..\n"
        "Beløp: 100 % av {0} og {{ikke}} \\n $5. A=41, $$ og $&.\n"
        "KID 12999912345, konto 1234 99 12345, org. 999999999, tlf. +47 99 99 99 99.",
    )


def html(world: World) -> dict[str, Any]:
    """An HTML body with letters beyond ASCII, entities and an attribute, to several addresses."""
    return due(
        world,
        recipients=world.build.addresses(3),
        contentType="Html",
        subject="Søknad mottatt: 3 < 5 & 漢字",
        body='<p lang="nb">Søknaden er <strong>mottatt</strong> &amp; registrert. 漢字 🎉'
        " Bl&aring;b&aelig;r: 10&nbsp;kr, s&#xF8;knad&#8230;</p>",
    )


def scheduled_html(world: World) -> dict[str, Any]:
    """The same, to be sent in a moment, with a reference of its own."""
    send_time = world.build.ahead(timedelta(seconds=1.5), zone=timedelta(hours=1))
    return html(world) | {"requestedSendTime": send_time}


def long_texts(world: World) -> dict[str, Any]:
    """A subject and a line longer than one line of an email may be (RFC 5322, 2.1.1).

    Wherever the subject is folded, there is a letter of several octets.
    """
    return due(
        world,
        recipients=[world.build.address()],
        contentType="Plain",
        subject="En nøyaktig søknad, " * 4 + "æøå ÆØÅ 漢字, " * 7 + "slutt",
        body="En linje:\n" + "Noen ord til, " * 800 + "slutt.",
    )


def longer_texts(world: World) -> dict[str, Any]:
    """A subject and a body longer than fits into usual columns: 255 characters, and 64 kB."""
    return due(
        world,
        recipients=[world.build.address()],
        contentType="Plain",
        subject="En lang sak, " * 22 + "slutt",
        body="Linjer:" + "\nen-til-uten-blanke" * 3800 + "\nslutt.",
    )


def long_html(world: World) -> dict[str, Any]:
    """HTML in one line, which has nothing but words and tags to be broken in."""
    return due(
        world,
        recipients=[world.build.address()],
        contentType="Html",
        body="<p>" + "Nøyaktige <strong>ord</strong> til, " * 200 + "slutt.</p>",
    )


def condition_met(world: World) -> dict[str, Any]:
    """A condition endpoint that says: send."""
    return _conditional(world, met=True)


def condition_not_met(world: World) -> dict[str, Any]:
    """A condition endpoint that says: do not send."""
    return _conditional(world, met=False)


def condition_not_met_for_app(world: World) -> dict[str, Any]:
    """A condition endpoint that says: do not send, to be ordered with a PlatformAccessToken."""
    return _conditional(world, met=False)


def condition_not_met_for_known(world: World) -> dict[str, Any]:
    """A condition endpoint that says: do not send, to persons and organisations either."""
    people, organisations = world.first("reachable_people"), world.first("reachable_organisations")
    recipients = [people, organisations, world.build.address()]
    return _conditional(world, met=False) | {"recipients": recipients}


def condition_met_by_query(world: World) -> dict[str, Any]:
    """A condition endpoint that says: send, of a URL that differs from the next in its query."""
    return _conditional(world, met=True, name=SHARED)


def condition_not_met_by_query(world: World) -> dict[str, Any]:
    """A condition endpoint that says: do not send."""
    return _conditional(world, met=False, name=SHARED)


def condition_asked_again(world: World) -> dict[str, Any]:
    """The condition endpoint of an order before, which says: send; due when that has been asked."""
    send_time = world.build.ahead(timedelta(seconds=2), zone=timedelta())
    return _conditional(world, met=True, name=SHARED) | {"requestedSendTime": send_time}


def condition_at_a_folder(world: World) -> dict[str, Any]:
    """A condition endpoint whose path ends with a slash, and is another without it."""
    return _conditional(world, met=True, name=f"{world.build.reference()}/")


def condition_without_query(world: World) -> dict[str, Any]:
    """A condition endpoint that ends with the slash of its path."""
    members = due(world, recipients=[world.build.address()])
    url = world.condition_url(f"{world.build.reference()}/", met=True, note=None)
    return members | {"conditionEndpoint": url}


def condition_with_long_query(world: World) -> dict[str, Any]:
    """A condition endpoint of some 600 signs, the last of which tell it from others."""
    members = due(world, recipients=[world.build.address()])
    note = f"{'long ' * 80}{members['sendersReference']}"
    url = world.condition_url(members["sendersReference"], met=True, note=note)
    return members | {"conditionEndpoint": url}


def condition_with_escapes(world: World) -> dict[str, Any]:
    """A condition endpoint with a slash and other letters that are escaped in its path."""
    name = f"{world.build.reference()}/a{world.escaped_slash}b;c=%C3%A6%20d"
    return _conditional(world, met=True, name=name)


def condition_among_options(world: World) -> dict[str, Any]:
    """A condition endpoint that says: do not send, in an order with every other option."""
    return _conditional(world, met=False) | _options(world)


def condition_met_for_reserved(world: World) -> dict[str, Any]:
    """A condition endpoint that says: send, to reserved persons, too, with every other option."""
    recipients = [world.build.address(), *world.identities.get("reserved_people", ())]
    return _conditional(world, met=True) | _options(world) | {"recipients": recipients}


def all_options(world: World) -> dict[str, Any]:
    """Keywords for an organisation, a person and an address, in an order with every option."""
    members = keywords_for_all(world)
    return members | _options(world) | {"recipients": members["recipients"][::-1]}


def condition_far_ahead(world: World) -> dict[str, Any]:
    """A condition endpoint of an order to be sent in some weeks."""
    send_time = rfc3339(world.build.far_ahead())
    return _conditional(world, met=True) | {"requestedSendTime": send_time}


def flawed_recipient(world: World) -> dict[str, Any]:
    """A valid address beside a recipient without identifier: to be refused."""
    return due(world, recipients=[world.build.address(), {}])


def unauthorised(world: World) -> dict[str, Any]:
    """A valid order, to be placed by who may not order."""
    return due(world, recipients=[world.build.address()])


def unauthenticated(world: World) -> dict[str, Any]:
    """A valid order, to be placed by nobody knows whom."""
    return due(world, recipients=[world.build.address()])


def by_platform_token(world: World) -> dict[str, Any]:
    """Html for two addresses, to be ordered with a PlatformAccessToken."""
    return due(world, recipients=world.build.addresses(2), contentType="Html")


def addresses_of_any_usual_form(world: World) -> dict[str, Any]:
    """Addresses with capitals, a plus, dots and underscores."""
    locals, domains = zip(*(each.split("@") for each in world.build.addresses(3)), strict=True)
    recipients = [
        f"{locals[0].capitalize()}@{domains[0].capitalize()}",
        f"{locals[1]}+case@{domains[1]}",
        f"a.b_{locals[2]}@{domains[2]}",
    ]
    return due(world, recipients=recipients)


def keywords_late_and_early(world: World) -> dict[str, Any]:
    """One keyword late in the subject, one early in the body: each text is read from its start."""
    return due(
        world,
        recipients=[world.first("reachable_organisations")],
        subject="En viktig melding fra det offentlige, til <$recipientNumber$>",
        body="[$recipientNumber$] er nummeret.",
    )


def keywords_for_organisation(world: World) -> dict[str, Any]:
    """Both keywords, twice each in the body, for an organisation."""
    return _keywords(world, "reachable_organisations")


def keywords_for_person(world: World) -> dict[str, Any]:
    """Both keywords, twice each in the body, for a person."""
    return _keywords(world, "reachable_people")


def names_of_people(world: World) -> dict[str, Any]:
    """The name of every person who can be reached, for each of them."""
    people = world.identities.get("reachable_people", ())
    texts = {"subject": "Til <$recipientName$>", "body": "Navn [$recipientName$]."}
    return due(world, recipients=[world.first("reachable_people"), *people[1:]], **texts)


def keywords_in_many_lines(world: World) -> dict[str, Any]:
    """A keyword in each of many lines: wherever a text is read in parts, one is cut."""
    number = "[$recipientNumber$]"
    lines = [f"{line}{'.' * (line % 7)} {number} {number}" for line in range(400)]
    return due(world, recipients=[world.first("reachable_organisations")], body="\n".join(lines))


def number_alone(world: World) -> dict[str, Any]:
    """A subject of which nothing is left for a person."""
    return due(world, recipients=[world.first("reachable_people")], subject="$recipientNumber$")


def keywords_in_html(world: World) -> dict[str, Any]:
    """Both keywords in an HTML body, one of them also in an attribute, and one in the subject."""
    return due(
        world,
        recipients=[world.first("reachable_organisations")],
        contentType="Html",
        subject="Til <$recipientName$>",
        body='<p>Navn [$recipientName$].</p><p title="nr-$recipientNumber$-nr">Nummer'
        " [$recipientNumber$].</p>",
    )


def keywords_among_signs(world: World) -> dict[str, Any]:
    """A keyword beside all that templates of other kinds take for their own."""
    return due(
        world,
        recipients=[world.first("reachable_organisations")],
        subject=f"{SIGNS} <$recipientNumber$> {SIGNS}",
        body=f"{SIGNS} [$recipientNumber$] {SIGNS}",
    )


def look_alikes(world: World) -> dict[str, Any]:
    """Texts that resemble the keywords: in other letters, cut short, or with more to them.

    There is a keyword in the subject alone.
    """
    return due(
        world,
        recipients=[world.first("reachable_organisations")],
        subject="[$RECIPIENTNAME$] [$recipientnumber$] <$recipientNumber$>",
        body="[$RECIPIENTNAME$] [$recipientname$] [$RecipientNumber$]"
        " [$recipientName] [recipientNumber$] [$recipient$] [$recipientNames$]",
    )


def keywords_for_all(world: World) -> dict[str, Any]:
    """Both keywords for two persons, two organisations, as far as known, and an address.

    Neither all in the order of their numbers nor all in the reverse, as registers may tell them.
    """
    people = sorted(_first_two(world, "reachable_people"), key=_number, reverse=True)
    organisations = sorted(_first_two(world, "reachable_organisations"), key=_number)
    return due(
        world,
        recipients=[*people, *organisations, world.build.address()],
        subject=f"Til {NAME_AND_NUMBER}",
        body=f"Til {NAME_AND_NUMBER}.",
    )


def keywords_for_organisations_first(world: World) -> dict[str, Any]:
    """The same, with the organisations before the persons."""
    members = keywords_for_all(world)
    *known, address = members["recipients"]
    return members | {"recipients": [*reversed(known), address]}


def _first_two(world: World, kind: str) -> list[Identity]:
    return list(dict.fromkeys([world.first(kind), *world.identities[kind][1:2]]))


def _number(identity: Identity) -> str:
    return identity.number


def _keywords(world: World, kind: str) -> dict[str, Any]:
    return due(
        world,
        recipients=[world.first(kind)],
        subject="Til <$recipientName$>, nummer <$recipientNumber$>;"
        " {$recipientName$}, {$recipientNumber$}",
        body="Navn [$recipientName$], nummer [$recipientNumber$]."
        " Igjen {$recipientName$}, {$recipientNumber$}."
        " Nr$recipientNumber$a$recipientNumber$$recipientNumber$b."
        " Pris 5 $, til $recipientName$, US$$recipientNumber$, 7 $."
        " Sak $recipientNumber$, ferdig.",
    )


def _options(world: World) -> dict[str, Any]:
    send_time = world.build.ahead(timedelta(seconds=1.5), zone=timedelta(hours=-3))
    return {
        "contentType": "Html",
        "ignoreReservation": True,
        "resourceId": KNOWN_RESOURCE,
        "requestedSendTime": send_time,
    }


def _conditional(world: World, met: bool, name: str = "") -> dict[str, Any]:
    members = due(world, recipients=[world.build.address()])
    url = world.condition_url(name or members["sendersReference"], met=met)
    return members | {"conditionEndpoint": url}
