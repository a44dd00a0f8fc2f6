"""Who is known: synthetic persons and organisations, and how they can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

DOMAIN = "post.second.example.com"


@dataclass(frozen=True)
class Entry:
    """One person or organisation, as a target file calls its kind."""

    kind: str
    number: str
    name: str
    addresses: tuple[str, ...] = ()

    @property
    def reserved(self) -> bool:
        return self.kind == "reserved_people"


def control(digits: str, weights: str) -> str:
    """Return the control digit modulo 11, "-" where there is none."""
    total = sum(int(digit) * int(weight) for digit, weight in zip(digits, weights, strict=True))
    return "0123456789-"[-total % 11]


def is_person(number: str) -> bool:
    first, last = control(number[:9], "376189452"), control(number[:10], "5432765432")
    return number[9:] == first + last


def is_organisation(number: str) -> bool:
    return control(number[:8], "32765432") == number[8]


def person(born: str) -> str:
    """Return the number of a synthetic person, with 80 added to the month of DDMMYY."""
    begun = f"{born[:2]}{int(born[2:4]) + 80}{born[4:]}"
    candidates = (f"{begun}{end:05}" for end in count(30000))
    return next(number for number in candidates if is_person(number))


def organisation(begun: int) -> str:
    """Return a synthetic organisation number; they begin with 2 or 3."""
    return next(str(number) for number in count(begun * 1000) if is_organisation(str(number)))


ENTRIES = [
    Entry("reachable_people", person("170384"), "Åse Bjørk-Çelik", (f"ase@{DOMAIN}",)),
    Entry("reachable_people", person("290296"), "Nils Ærlig", (f"nils.aerlig@{DOMAIN}",)),
    Entry("reserved_people", person("041171"), "Tora Stille", (f"tora@{DOMAIN}",)),
    Entry("reserved_people", person("301259"), "Odd Taus", (f"odd@{DOMAIN}",)),
    Entry("contactless_people", person("080865"), "Pål Uten"),
    Entry("contactless_people", person("150577"), "Siv Ingen"),
    Entry(
        "reachable_organisations",
        organisation(214588),
        "Berg & Dal AS",
        (f"berg@{DOMAIN}", f"dal@{DOMAIN}"),
    ),
    Entry("reachable_organisations", organisation(315702), "Elv <Drift>", (f"elv@{DOMAIN}",)),
    Entry("contactless_organisations", organisation(298765), "Tomt Skall AS"),
    Entry("contactless_organisations", organisation(310022), "Intet Nytt ANS"),
]
REGISTER = {entry.number: entry for entry in ENTRIES}
