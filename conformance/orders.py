"""Builders of valid orders, and of the fresh values in them.

Nothing that is built here reaches a person: addresses lie in a domain that is reserved or the
operator's own, numbers are synthetic, and the send time is far ahead unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from random import Random
from typing import Any, Final
from uuid import UUID

from conformance.clock import FAR_AHEAD, Clock
from conformance.target.description import Identity


class Omit(Enum):
    """Says that a member is left out of an order."""

    OMIT = "omit"


OMIT: Final = Omit.OMIT
KNOWN_RESOURCE = "app_ttd_apps-test"
"""The resourceId of the documents' example."""
LIKE_OTHER_TYPES = (
    *("2023-12-01T08:30:00Z", "2023-12-01"),
    *("true", "null", "1e5", "007", "0x1F", "{}", "[]"),
)
"""Texts that lenient libraries take for something else; the first two are times."""
EVERY_OPTION: dict[str, Any] = {
    "contentType": "Html",
    "sendersReference": "conformance-test",
    "resourceId": KNOWN_RESOURCE,
    "ignoreReservation": True,
    "conditionEndpoint": "https://condition.example.com/check",
}
"""A valid value for each member that an order may do without, but the send time."""
PERSON_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
ORGANISATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


class Orders:
    """Builds the orders of one test. The same seed and purpose build the same orders."""

    def __init__(self, random: Random, clock: Clock, domain: str = "example.com") -> None:
        self._random = random
        self._clock = clock
        self._domain = domain

    def order(self, **members: Any) -> dict[str, Any]:
        """Return a valid order; ``members`` replace its own, OMIT leaves one out.

        Recipients may be given as identities, addresses or recipient objects.
        """
        order: dict[str, Any] = {
            "subject": "Conformance test",
            "body": "An email of a conformance test.",
            "recipients": [self.address()],
            "requestedSendTime": rfc3339(self.far_ahead()),
        }
        order.update(members)
        if isinstance(order["recipients"], list | tuple):
            order["recipients"] = [as_recipient(each) for each in order["recipients"]]
        return {name: value for name, value in order.items() if value is not OMIT}

    def address(self) -> str:
        """Return an email address that no other order uses."""
        return f"conformance-{self._random.getrandbits(64):016x}@{self._domain}"

    def addresses(self, count: int) -> list[str]:
        """Return that many distinct addresses."""
        return [self.address() for _ in range(count)]

    def reference(self) -> str:
        """Return a sender's reference that no other order uses."""
        return f"conformance-{self._random.getrandbits(64):016x}"

    def mark(self) -> str:
        """Return a sender's reference that no order of this or any other run uses.

        It depends on the time as well: a run that is repeated with its seed meets, in a mailbox,
        the emails of the one before.
        """
        return f"{self.reference()}-{int(self._clock.now().timestamp() * 1_000_000):x}"

    def guid(self) -> str:
        """Return a random GUID (version 4) that names no order."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def far_ahead(self) -> datetime:
        """Return an instant so far ahead that nothing is sent during a run, the same all day.

        It is no round time, from which a deployment that drops a part of it would lose nothing.
        """
        day = self._clock.now() + FAR_AHEAD
        return day.replace(hour=10, minute=20, second=30, microsecond=0)

    def ahead(self, by: timedelta, zone: timedelta) -> str:
        """Return the instant that far ahead as it is written in a zone that far east of UTC."""
        return (self._clock.now() + by).astimezone(timezone(zone)).isoformat()

    def person_number(self) -> str:
        """Return a synthetic national identity number: valid, nobody's, and with a zero first.

        With an individual number below 500 every year is one of 1900 to 1999.
        """
        while True:
            day, month = self._random.randint(1, 9), self._random.randint(1, 12) + 80
            year, individual = self._random.randrange(100), self._random.randrange(500)
            digits = [int(d) for d in f"{day:02}{month:02}{year:02}{individual:03}"]
            for weights in PERSON_WEIGHTS:
                digits.append(_control_digit(digits, weights))
            if 10 not in digits:
                return "".join(map(str, digits))

    def organisation_number(self) -> str:
        """Return a synthetic organisation number: valid, and nobody's."""
        while True:
            digits = [int(d) for d in f"2{self._random.randrange(10**7):07}"]
            digits.append(_control_digit(digits, ORGANISATION_WEIGHTS))
            if 10 not in digits:
                return "".join(map(str, digits))


def as_recipient(recipient: Identity | str | Any) -> Any:
    """Return the recipient object for an identity or an address; anything else as it is."""
    if isinstance(recipient, Identity):
        return recipient.recipient
    return {"emailAddress": recipient} if isinstance(recipient, str) else recipient


def numbers(identities: Sequence[Identity]) -> list[str]:
    """Return the numbers of identities."""
    return [each.number for each in identities]


def rfc3339(instant: datetime) -> str:
    """Return an instant as RFC 3339 in UTC, with Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _control_digit(digits: Sequence[int], weights: Sequence[int]) -> int:
    """Return the control digit modulo 11; 10 says that there is none."""
    remainder = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
    return 0 if remainder == 0 else 11 - remainder
