"""The registers of contact details: synthetic persons and organisations.

Synthetic persons have 80 added to the month of birth, synthetic organisations have numbers that
start with 2 or 3; no number can belong to anyone. 11876995923, reserved, and 311000179 are the
documents' own (Send email notifications, Examples). Addresses are in domains reserved for examples
(RFC 2606).
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Party:
    """Someone who is found by number."""

    number: str
    name: str
    addresses: tuple[str, ...] = ()
    mobile: str | None = None


@dataclass(frozen=True)
class Person(Party):
    """One with a national identity number."""

    reserved: bool = False
    """Has reserved against digital communication in the contact register (KRR)."""


@dataclass(frozen=True)
class Organisation(Party):
    """One with an organization number; it may have several addresses."""


REACHABLE_PEOPLE = (
    Person("01828531200", "Åshild Brønnøysund", ("aashild@example.com",), "+4799900001"),
    Person("17859140742", "Liam O'Shea Ødegård", ("liam.odegard@example.org",), "+4799900002"),
    Person("29917823357", "Kari & Ola Nordmann-Sæther", ("kari.ola@example.net",), "+4799900003"),
)
RESERVED_PEOPLE = (
    Person("11876995923", "Sedat Tøffelhelt", ("sedat@example.com",), "+4799900004", reserved=True),
    Person("08896411897", "Bjørg D'Angelo", ("bjorg@example.org",), "+4799900005", reserved=True),
)
CONTACTLESS_PEOPLE = (
    Person("23839945116", "Pål Uten Adresse"),
    Person("05927127697", "Søren O'Connell"),
)
REACHABLE_ORGANISATIONS = (
    Organisation(
        "311000179", "Sjøgrend & Dønnes AS", ("post@sjogrend.example.com",), "+4799900006"
    ),
    Organisation(
        "210045120",
        "O'Hara Blåbær ANS",
        ("post@blaabaer.example.org", "styret@blaabaer.example.org"),
        "+4799900007",
    ),
    Organisation("312345676", "Ærfugl og Ås kommune", ("postmottak@aerfugl.example.net",)),
)
CONTACTLESS_ORGANISATIONS = (
    Organisation("213400983", "Stille Vann & Sønner"),
    Organisation("314982207", "Uten Kontakt D'Or AS"),
)


class Registers:
    """Finds a person or an organisation by number."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self._parties = {party.number: party for party in parties}

    def find(self, number: str | None) -> Party | None:
        """An unknown number is nobody: no name, no contact details."""
        return self._parties.get(number) if number else None


def synthetic_registers() -> Registers:
    """Everyone this module knows."""
    people = (*REACHABLE_PEOPLE, *RESERVED_PEOPLE, *CONTACTLESS_PEOPLE)
    return Registers((*people, *REACHABLE_ORGANISATIONS, *CONTACTLESS_ORGANISATIONS))
