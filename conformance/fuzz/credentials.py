"""Credentials that are refused, and sequences of them beside one that is not.

Section "Response codes" of all documents: 401 for what is missing, invalid or expired, 403 for a
missing scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import TYPE_CHECKING

from conformance.api import Api, Placed
from conformance.behaviour.operations import Ask
from conformance.errors import Blocked
from conformance.expect import expect
from conformance.target.credentials import (
    ANONYMOUS,
    Credential,
    bearer,
    platform,
    under_scheme,
)
from conformance.target.forgeries import (
    FORGERIES,
    INVALID_PLATFORM_TOKENS,
    NO_TOKENS,
    altered,
    forged,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

ACCEPTED = (200, 202)
ANSWERS: Mapping[str, tuple[int, ...]] = {
    "bearer": ACCEPTED,
    "platform_access_token": ACCEPTED,
    "expired_bearer": (401,),
    "expired_platform_access_token": (401, 403),
    "not_yet_valid_bearer": (401,),
    "bearer_without_scope": (403,),
    "bearer_with_similar_scope": (403,),
}
"""What a request with a credential of the target is answered."""
WORD = f"{ascii_letters}{digits}-"
MOST = 6
READERS = {True: "its owner reads it", False: "another organisation reads it"}


@dataclass(frozen=True)
class Attempt:
    """A credential, and the response codes of which one answers it."""

    credential: Credential
    statuses: tuple[int, ...]

    @property
    def told(self) -> str:
        """What the credential is, in words."""
        return f"the credential is {self.credential.shown or 'none'}"

    def expect_answer(self, api: Api, ask: Ask, orders: OwnOrders) -> None:
        """Ask with this credential, and judge the response code."""
        placed = orders.placed_with(self.credential) if self.statuses == ACCEPTED else orders.main
        answer = ask(api.asking_with(self.credential), placed)
        expect(answer).has_status(*self.statuses, because=self.told)


class OwnOrders:
    """For each credential that may place an order one that it has to find.

    One of another organisation than the main credential's need not find that one's order; nor
    need an app find what another system ordered, or the other way round, which no document says.

    Args:
        api: places the orders.
        credential: the main one.
        main: the order that was placed with it.
        known: what will be asked; orders are placed before that, for which credential came last may
            matter.

    Raises:
        Blocked: when a credential may place no order that may.
    """

    def __init__(
        self, api: Api, credential: Credential, main: Placed, known: Iterable[Attempt]
    ) -> None:
        self.main = main
        accepted = {each.credential for each in known if each.statuses == ACCEPTED}
        others = accepted - {credential}
        self._others = {each: api.asking_with(each).given_order() for each in others}

    def placed_with(self, credential: Credential) -> Placed:
        """Return an order of the organisation of a credential."""
        return self._others.get(credential, self.main)


def attempts(main: Credential, named: Callable[[str], Credential]) -> list[Attempt]:
    """Return all credentials that the target provides, and what can be made of its valid ones."""
    made = [
        Attempt(main, ACCEPTED),
        *(Attempt(each, (401,)) for each in (ANONYMOUS, *NO_TOKENS)),
        *_provided(named),
        *(Attempt(each, (401, 403)) for each in (*_foreign(), *_forged(main))),
        *_forged_platform_tokens(named),
    ]
    return list(dict.fromkeys(made))


def _provided(named: Callable[[str], Credential]) -> Iterator[Attempt]:
    for name, statuses in ANSWERS.items():
        with suppress(Blocked, KeyError):
            yield Attempt(named(name), statuses)


def _forged(main: Credential) -> Iterator[Credential]:
    for done in FORGERIES:
        with suppress(Blocked):
            yield forged(main, done)


def _foreign() -> Iterator[Credential]:
    for kind, made in INVALID_PLATFORM_TOKENS.items():
        yield platform(made(), f"<{kind}>")


def _forged_platform_tokens(named: Callable[[str], Credential]) -> Iterator[Attempt]:
    with suppress(Blocked, KeyError):
        valid = named("platform_access_token")
        yield from (Attempt(each, (401, 403)) for each in _forged(valid))


def sequences(known: list[Attempt]) -> SearchStrategy[list[Attempt]]:
    """Return any sequences of attempts; the first are the simplest."""
    from hypothesis import strategies as st

    return st.lists(st.sampled_from(known), min_size=2, max_size=MOST)


def no_tokens() -> SearchStrategy[Credential]:
    """Return bearers that are no tokens, if made of the same letters."""
    from hypothesis import strategies as st

    texts = st.text(f"{WORD}_.", min_size=1, max_size=80)
    return texts.map(lambda text: bearer(text, text))


def other_schemes(valid: Credential) -> SearchStrategy[Credential]:
    """Return a valid token under any scheme that is not Bearer, in whichever letters."""
    from hypothesis import strategies as st

    words = st.text(WORD, min_size=1, max_size=12).filter(lambda word: word.lower() != "bearer")
    return words.map(lambda word: under_scheme(valid, word))


def altered_tokens(valid: Credential) -> SearchStrategy[Credential]:
    """Return a valid token of which one letter is another."""
    from hypothesis import strategies as st

    return st.builds(
        lambda part, place: altered(valid, part, place), st.integers(0, 2), st.integers(0, 10**4)
    )


def readers() -> SearchStrategy[list[bool]]:
    """Return any sequences of readers, of whom each is the owner or is not."""
    from hypothesis import strategies as st

    return st.lists(st.booleans(), min_size=2, max_size=MOST)
