"""A small model of what the documents promise: valid orders, and what has to become of them.

Send email notifications (request properties, recipientLookup, keywords), Get order details.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone
from random import Random
from typing import TYPE_CHECKING, Any

from conformance.clock import Clock
from conformance.fuzz.flaws import FLAWS, Flaw
from conformance.fuzz.safety import plain
from conformance.orders import KNOWN_RESOURCE, LIKE_OTHER_TYPES, OMIT, Orders
from conformance.target.description import Identity

if TYPE_CHECKING:
    # Importing hypothesis takes a while, which a run without fuzzing need not wait for.
    from hypothesis.strategies import SearchStrategy

Recipient = Identity | str
"""A person or organisation, or an address."""
NAME, NUMBER = "$recipientName$", "$recipientNumber$"
PIECES = (
    *(NAME, NUMBER, NAME, NUMBER, "$", "$$", "$recipientname$", "$RecipientNumber$"),
    *("$recipientName", "recipientNumber$", "$recipient$", "{recipientName}", "${recipientName}"),
    *(" ", "a", "7", "12999912345", "æøå", "Ærlig talt, Åse", "\U0001d49c😀", "e\u0301"),
    *("مرحبا", "漢字", "ß", "İı"),
    *("<b>", "</b>", "&amp;", "&", "<", '"', "'", "\\", "\\n", "/", "%s", "{0}", "{{", "[x]", "`"),
    *("null", "true", "0", "-1", "#", "?", "=", "+", "|", "@", "~", "^", "*", "_", ";", ",", "!"),
)
"""What texts are made of: the keywords, what resembles them, and what is often escaped wrongly."""
ENDPOINTS = (
    "https://condition.example.com",
    "https://condition.example.com/Check?order=1&all=true",
    "https://condition.example.com:8443/a/b%20c/",
    "https://condition.example.com/check#part",
)
ZONES = (0, 60, 120, -300, 330, 765, -570, 840, -720)
"""Minutes east of Greenwich."""
FRACTIONS = ("", "", ".5", ".05", ".123", ".0004", ".98765", ".123456", ".9999999")
"""Of a second, with as many digits as the documents' examples have, or fewer."""
LOCAL_PARTS = ("{}", "{}", "Conformance.{}", "{}+tag", "first_last-{}", "{}.no-reply")
"""What the part of an address before the @ may look like, around what tells it from others."""
MOST = 8
"""How many recipients an order usually has at most."""
MANY = 110
"""How many it has now and then."""
LONGEST_SUBJECT, LONGEST_BODY = 300, 20_000
MOST_SECONDS_LATER = 300 * 24 * 3600
"""How long after the earliest harmless send time, a month ahead, a generated one may lie.

Within a year in all: no document says how long an order is kept.
"""


@dataclass(frozen=True)
class Lookup:
    """What recipientLookup has to tell: the status by the table, and who is in the lists."""

    status: str
    reserved: tuple[Identity, ...]
    contactless: tuple[Identity, ...]
    reachable: tuple[Identity, ...]


@dataclass(frozen=True)
class Ordered:
    """To whom an order goes: addresses, and who the registers say can be reached.

    ``overridden`` are reserved persons whose reservation the order ignores.
    """

    addresses: tuple[str, ...]
    reachable: tuple[Identity, ...]
    overridden: tuple[Identity, ...]

    @property
    def all_addresses(self) -> tuple[str, ...]:
        """Every address that may be sent to; Blocked where a known one is not stated."""
        stated = (each for each in (*self.reachable, *self.overridden) if each.address)
        return (*self.addresses, *(address for each in stated for address in each.addresses))


class Model:
    """Whom the registers know, and what follows for an order.

    Args:
        identities: by the names of the target file, such as reserved_people.
        build: builds orders.
        domain: of addresses that reach nobody.
        keywords: whether keywords are replaced; of old editions nothing is said of them.
    """

    def __init__(
        self,
        identities: Mapping[str, Sequence[Identity]],
        build: Orders,
        domain: str,
        *,
        keywords: bool = True,
    ) -> None:
        self._identities = identities
        self._keywords = keywords
        self._build = build
        self._domain = domain
        self.known = [each for kind in sorted(identities) for each in identities[kind]]

    def lookup(self, recipients: Iterable[Recipient]) -> Lookup:
        """Return what the lookup of these recipients has to tell; addresses do not count."""
        asked = [each for each in recipients if isinstance(each, Identity)]
        reserved, contactless, reachable = (
            tuple(each for each in asked if self._is(each, state))
            for state in ("reserved", "contactless", "reachable")
        )
        status = "PartialSuccess" if reachable else "Failed"
        return Lookup(
            "Success" if len(reachable) == len(asked) else status, reserved, contactless, reachable
        )

    def ordered(self, order: Mapping[str, Any]) -> Ordered:
        """Return to whom an order goes by what the registers know."""
        ignores = order.get("ignoreReservation") is True
        given = [value for each in order["recipients"] for value in each.values()]
        known = [each for each in self.known if each.number in given]
        return Ordered(
            tuple(value for value in given if "@" in value),
            tuple(each for each in known if self._is(each, "reachable")),
            tuple(each for each in known if ignores and self._is(each, "reserved")),
        )

    def emails(self, order: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Return the emails that an order has to become, of which it is known what they say.

        Each is an address, a subject and a body. What becomes of keywords for a recipient given by
        address is not said.
        """
        subject, body, to = order["subject"], order["body"], self.ordered(order)
        has_keywords = any(each in text for each in (NAME, NUMBER) for text in (subject, body))
        if has_keywords and not self._keywords:
            return []
        told = [
            (each.address, substituted(subject, each), substituted(body, each))
            for each in to.reachable
            if each.name or not has_keywords
        ]
        return told if has_keywords else told + [(each, subject, body) for each in to.addresses]

    def _is(self, identity: Identity, state: str) -> bool:
        kinds = (f"{state}_people", f"{state}_organisations")
        return any(identity in self._identities.get(kind, ()) for kind in kinds)

    def mixes(self) -> SearchStrategy[tuple[list[Recipient], dict[str, Any], int]]:
        """Return distinct recipients whose lookup is known, and addresses among them.

        Each with other members of an order, none of which changes what is looked up; but for a
        resource, users of an organisation may have registered addresses of their own. A number
        decides something else.
        """
        from hypothesis import strategies as st

        each = st.one_of(st.sampled_from(self.known), _numbered().map(self._address))
        mixes = st.lists(each, min_size=1, max_size=MOST, unique_by=str)
        known = mixes.filter(lambda mix: any(isinstance(each, Identity) for each in mix))
        options = {name: each for name, each in _options().items() if name != "resourceId"}
        return st.tuples(known, st.fixed_dictionaries({}, optional=options), _numbered())

    def recipients(self) -> SearchStrategy[list[Recipient]]:
        """Return distinct recipients: addresses, and numbers that nobody or somebody has."""
        from hypothesis import strategies as st

        made_up = st.one_of(_numbered().map(self._address), _numbered().map(_nobody))
        each = st.one_of(made_up, st.sampled_from(self.known)) if self.known else made_up
        few = st.lists(each, min_size=1, max_size=MOST, unique_by=str)
        return st.one_of(few, few, few, few, _numbered().map(self._many))

    def orders(self) -> SearchStrategy[dict[str, Any]]:
        """Return valid orders that reach nobody: any texts, times, recipients and options."""
        from hypothesis import strategies as st

        return st.fixed_dictionaries(
            {
                "subject": texts(LONGEST_SUBJECT),
                "body": texts(LONGEST_BODY),
                "recipients": self.recipients(),
                "requestedSendTime": self.send_times(),
            },
            optional={**_options(), "ignoreReservation": st.booleans()},
        ).map(lambda members: self._build.order(**members))

    def with_numbers(self) -> SearchStrategy[tuple[dict[str, Any], int]]:
        """Return valid orders, each with a number that decides something else."""
        from hypothesis import strategies as st

        return st.tuples(self.orders(), _numbered())

    def with_recipients(self) -> SearchStrategy[tuple[dict[str, Any], list[Recipient]]]:
        """Return valid orders, each with other recipients than its own, or some of them."""
        from hypothesis import strategies as st

        def others(order: dict[str, Any]) -> SearchStrategy[tuple[dict[str, Any], Any]]:
            own = st.permutations(order["recipients"])
            return st.tuples(st.just(order), st.one_of(own, self.recipients()))

        return self.orders().flatmap(others)

    def with_flaws(
        self, *, missing: bool = True
    ) -> SearchStrategy[tuple[dict[str, Any], Flaw, int]]:
        """Return valid orders, each with a flaw for it, and where among recipients it goes.

        ``missing`` says whether that may be a member that is not there.
        """
        from hypothesis import strategies as st

        flaws = [each for each in FLAWS if missing or each.value is not OMIT]
        return st.tuples(self.orders(), st.sampled_from(flaws), st.integers(0, MOST))

    def send_times(self) -> SearchStrategy[str]:
        """Return instants far ahead, in any zone, as RFC 3339 has them."""
        from hypothesis import strategies as st

        earliest = self._build.far_ahead()

        def spelt(seconds: int, fraction: str, zone: int) -> str:
            instant = (earliest + timedelta(seconds=seconds)).replace(microsecond=0)
            text = instant.astimezone(timezone(timedelta(minutes=zone))).isoformat()
            return f"{text[:19]}{fraction}{text[19:] if zone else 'Z'}"

        seconds = st.integers(0, MOST_SECONDS_LATER)
        return st.builds(spelt, seconds, st.sampled_from(FRACTIONS), st.sampled_from(ZONES))

    def _address(self, number: int) -> str:
        local = LOCAL_PARTS[number % len(LOCAL_PARTS)].format(f"conformance-{number:016x}")
        return f"{local}@{self._domain}"

    def _many(self, number: int) -> list[Recipient]:
        return [self._address(number + each) for each in range(MANY)]


def _options() -> dict[str, SearchStrategy[Any]]:
    """Return what an order may hold beside the required members; no reservation is ignored."""
    from hypothesis import strategies as st

    return {
        "contentType": st.sampled_from(["Plain", "Html"]),
        "sendersReference": st.one_of(texts(60), st.sampled_from(LIKE_OTHER_TYPES)),
        "resourceId": st.just(KNOWN_RESOURCE),
        "ignoreReservation": st.just(False),
        "conditionEndpoint": st.sampled_from(ENDPOINTS),
    }


def _numbered() -> SearchStrategy[int]:
    from hypothesis import strategies as st

    return st.integers(0, 2**16)


def _nobody(number: int) -> Identity:
    """Return a synthetic person or organisation, whom no register knows."""
    build = Orders(Random(number), Clock())
    if number % 2:
        return Identity("nationalIdentityNumber", build.person_number())
    return Identity("organizationNumber", build.organisation_number())


def texts(longest: int) -> SearchStrategy[str]:
    """Return texts on one line, without white space around them, that look like no URL.

    Most are short; some have about as many characters as there may be.
    """
    from hypothesis import strategies as st

    piece = st.one_of(st.sampled_from(PIECES), st.text(st.characters(codec="utf-8"), max_size=8))
    short = st.lists(piece, min_size=1, max_size=8).map(lambda each: "".join(each)[:longest])
    long = st.builds(
        lambda text, length: (f"{text} " * length)[:length], short, st.integers(1, longest)
    )
    return st.one_of(short, short, short, short, long).map(plain)


def substituted(text: str, recipient: Identity) -> str:
    """Return what a text becomes for a recipient whom the registers know.

    Send email notifications, body: the name, and for an organisation the number; for a person the
    number is left empty.
    """
    number = recipient.number if recipient.member == "organizationNumber" else ""
    return text.replace(NAME, recipient.name).replace(NUMBER, number)
