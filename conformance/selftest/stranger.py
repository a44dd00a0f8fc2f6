"""``python -m conformance.selftest.stranger``: the reference as nobody knows it.

Whom its registers know, what it is called, where it lies and how its tokens are signed is all
different. The documents say nothing of any of that, so that the suite must not rely on it.
"""

import sys
import uuid
from random import Random

from joserfc import jwt
from joserfc.jwk import RSAKey

from conformance.clock import Clock
from conformance.orders import Orders
from conformance.reference import credentials, registers
from conformance.reference.registers import Organisation, Person

ORGANISATION = "skd"
ALGORITHMS = ["PS384"]

_made = Orders(Random("a stranger"), Clock())
_person, _organisation = _made.person_number, _made.organisation_number


class Authority(credentials.Authority):
    """Signs otherwise, and says more and less."""

    def bearer(self, start: int, *, organisation: str = ORGANISATION, **other: object) -> str:
        """An Altinn token, of another organisation unless told otherwise."""
        return super().bearer(start, organisation=organisation, **other)  # type: ignore[arg-type]

    def _signed(self, claims: dict[str, str], start: int, lifetime: int | None, key: RSAKey) -> str:
        end = start + (self._lifetime if lifetime is None else lifetime)
        stated = {**claims, "nbf": start, "exp": end, "consumer": {"ID": "0192:1"}}
        header = {"typ": "at+jwt", "kid": "17", "x5t": "c2V2ZW50ZWVu", "alg": ALGORITHMS[0]}
        return jwt.encode(header, stated, key, algorithms=ALGORITHMS)


def _replace(owner: object, **values: object) -> None:
    for name, value in values.items():
        setattr(owner, name, value)


def _another_population() -> None:
    """Two persons share an address, and the organisation has three."""
    shared = ("post@kommune.example.com",)
    addresses = tuple(f"{name}@firma.example.net" for name in ("Leder", "styret", "post"))
    _replace(
        registers,
        REACHABLE_PEOPLE=(Person(_person(), "Jo", shared), Person(_person(), "Åse von Ø", shared)),
        RESERVED_PEOPLE=(Person(_person(), "Nils Ærø", ("n@example.org",), reserved=True),),
        CONTACTLESS_PEOPLE=tuple(Person(_person(), name) for name in ("Ola", "Kari", "Per")),
        REACHABLE_ORGANISATIONS=(Organisation(_organisation(), 'Firma "Én" & To', addresses),),
        CONTACTLESS_ORGANISATIONS=(Organisation(_organisation(), "Firma Tre"),),
    )


def main() -> int:
    """Serve what nobody knows until told to stop; the exit code."""
    _another_population()
    names = {"ORGANISATION": ORGANISATION, "SECOND_ORGANISATION": "brg"}
    _replace(credentials, **names, ISSUER="https://tokens.example.net/")
    from conformance.reference import gallery, sample  # which take those names along

    _replace(gallery, BASE_PATH="/api/varsling", SENDER="Ikke-svar@kommune.example.com")
    _replace(sample, SAMPLE_ID=str(uuid.UUID(int=17 << 64)))
    from conformance.reference import __main__
    from conformance.reference.rules import Rules

    _replace(Rules, algorithms=lambda _: ALGORITHMS)
    _replace(__main__, Authority=Authority)
    return __main__.main()


if __name__ == "__main__":
    sys.exit(main())
