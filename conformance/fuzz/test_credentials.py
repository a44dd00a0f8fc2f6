"""Each operation under any credential that is refused, and under any sequence of credentials."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conformance.api import Api, Placed
from conformance.behaviour.operations import Ask, each_operation, each_reading, given_answered
from conformance.conftest import CredentialOf
from conformance.expect import expect
from conformance.fuzz.credentials import (
    READERS,
    Attempt,
    OwnOrders,
    altered_tokens,
    attempts,
    no_tokens,
    other_schemes,
    readers,
    sequences,
)
from conformance.fuzz.engine import Engine
from conformance.marks import tries
from conformance.target.credentials import Credential
from conformance.target.description import Target
from conformance.target.permits import Cost


def refusing(api: Api, ask: Ask, placed: Placed) -> Callable[[Credential], object]:
    """Return the property that an operation is answered 401 to a credential."""
    return lambda credential: expect(ask(api.asking_with(credential), placed)).is_refused(401)


@tries("refused credentials", Cost(requests=1, orders=1))
@each_operation("auth.{}-invalid-bearer")
def test_any_text_is_no_token(api: Api, fuzz: Engine, ask: Ask) -> None:
    """Any text that is no token of the authority is answered 401."""
    placed = given_answered(api, ask)

    fuzz.each(no_tokens(), refusing(api, ask, placed))


@tries("refused credentials", Cost(requests=1, orders=1))
@each_operation("auth.{}-other-scheme")
def test_any_other_scheme_is_refused(
    api: Api, fuzz: Engine, ask: Ask, credential: CredentialOf
) -> None:
    """A valid token under any scheme but Bearer is answered 401."""
    placed = given_answered(api, ask)

    fuzz.each(other_schemes(credential("bearer")), refusing(api, ask, placed))


@tries("refused credentials", Cost(requests=1, orders=1))
@each_operation("auth.{}-forged-bearer")
def test_a_token_with_any_other_letter_is_refused(
    api: Api, fuzz: Engine, ask: Ask, credential: CredentialOf
) -> None:
    """A valid token of which any one letter was changed is answered 401."""
    placed = given_answered(api, ask)

    fuzz.each(altered_tokens(credential("bearer")), refusing(api, ask, placed))


@tries("all credentials", Cost(requests=1, orders=1))
@each_operation("auth.{}-each-by-itself")
def test_every_credential_is_answered_as_it_should(
    api: Api, fuzz: Engine, ask: Ask, target: Target, credential: CredentialOf
) -> None:
    """Each credential of the target, and whatever can be made of one, is answered as documented."""
    known = attempts(target.main, credential)
    orders = OwnOrders(api, target.main, given_answered(api, ask), known)

    fuzz.all(known, lambda each: each.expect_answer(api, ask, orders))


@tries("sequences of credentials", Cost(requests=6, orders=6))
@each_operation("auth.{}-each-by-itself")
def test_any_sequence_of_credentials(
    api: Api, fuzz: Engine, ask: Ask, target: Target, credential: CredentialOf
) -> None:
    """In any sequence of credentials each request is answered by its own."""
    known = attempts(target.main, credential)
    orders = OwnOrders(api, target.main, given_answered(api, ask), known)

    def each_by_itself(sequence: Sequence[Attempt]) -> None:
        for attempt in sequence:
            attempt.expect_answer(api, ask, orders)

    fuzz.each(sequences(known), each_by_itself)


@tries("sequences of credentials", Cost(requests=6, orders=1))
@each_reading("not-found.{}-foreign")
def test_any_sequence_of_two_organisations(
    api: Api, fuzz: Engine, ask: Ask, credential: CredentialOf
) -> None:
    """In any sequence of readings an order is found by who placed it, and by nobody else."""
    other = api.asking_with(credential("second_organisation_bearer"))
    given_answered(other, ask)

    def found_by_its_owner(readers: Sequence[bool]) -> None:
        placed = api.given_order()
        for is_owner in readers:
            answer = ask(api if is_owner else other, placed)
            expect(answer).has_status(200 if is_owner else 404, because=READERS[is_owner])

    fuzz.each(readers(), found_by_its_owner)
