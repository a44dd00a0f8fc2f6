"""Each operation under cases from the contract: its examples, its boundaries, and random ones.

Every answer is also judged by all other checks, as every answer of a run is.
"""

from __future__ import annotations

from typing import Any

from conformance.api import Api, control
from conformance.behaviour.operations import Ask, each_operation, each_reading, once_more
from conformance.behaviour.operations import given_answered as given
from conformance.expect import expect
from conformance.fuzz import cases, corpus
from conformance.fuzz.engine import Engine
from conformance.fuzz.returned import expect_read_back
from conformance.marks import requirement, tries
from conformance.target.permits import Cost

NOT_IMPLEMENTED = 501


@tries("contract", Cost(requests=3, orders=1))
@requirement("order.contract-accepted")
def test_the_valid_cases_of_the_contract(api: Api, fuzz: Engine) -> None:
    """Every example and every boundary of the contract is accepted and reads back as sent."""
    fuzz.all(corpus.valid_orders(api.build), lambda order: expect_read_back(api, order))


@tries("random by the contract", Cost(requests=3, orders=1))
@requirement("order.contract-accepted")
def test_any_valid_order(api: Api, fuzz: Engine) -> None:
    """Any order within the contract is accepted and reads back as sent."""
    orders = cases.valid_orders(api.build, new=fuzz.is_thorough)
    fuzz.each(orders, lambda order: expect_read_back(api, order))


@tries("contract", Cost(requests=1, orders=1, emails=3))
@requirement("validation.contract-kept")
def test_the_other_cases_of_the_contract(api: Api, fuzz: Engine) -> None:
    """Every body just outside of the contract is refused where it has to be."""
    control(api.order_email())

    fuzz.all(corpus.other_bodies(api.build), lambda body: expect_refused(api, body))


@tries("contract", Cost(requests=1, orders=1, emails=3))
@requirement("validation.contract-kept")
def test_every_member_of_every_other_type(api: Api, fuzz: Engine) -> None:
    """Every member, left out or of any other JSON type, is refused."""
    control(api.order_email())

    fuzz.all(cases.flawed_orders(api.build), lambda body: expect_refused(api, body))


@tries("random by the contract", Cost(requests=1, orders=1, emails=3))
@requirement("validation.contract-kept")
def test_any_other_body(api: Api, fuzz: Engine) -> None:
    """Any body outside of the documented types, enumerations and required members is refused."""
    control(api.order_email())

    bodies = cases.invalid_orders(api.build, new=fuzz.is_thorough)
    fuzz.each(bodies, lambda body: expect_refused(api, body))


@tries("contract", Cost(requests=1, orders=1))
@each_operation("http.method-refused")
def test_the_methods_outside_of_the_contract(api: Api, fuzz: Engine, ask: Ask) -> None:
    """A method that HTTP knows, and the contract does not for this path, is refused."""
    asked = control(ask(api, given(api, ask)))

    def refused(method: str) -> None:
        expect(once_more(api, asked, method=method)).is_refused(405, 404, 400)

    fuzz.all(corpus.other_methods(asked.operation, known=True), refused)


@tries("contract", Cost(requests=1, orders=1))
@each_operation("http.no-server-error")
def test_methods_that_few_know(api: Api, fuzz: Engine, ask: Ask) -> None:
    """A method that servers need not know is no server error but that it is not implemented."""
    asked = control(ask(api, given(api, ask)))

    def answered(method: str) -> None:
        expect(once_more(api, asked, method=method)).is_no_server_error(NOT_IMPLEMENTED)

    fuzz.all(corpus.other_methods(asked.operation, known=False), answered)


@tries("contract", Cost(requests=1))
@each_reading("not-found.{}-malformed-id")
def test_ids_outside_of_the_contract(api: Api, fuzz: Engine, ask: Ask) -> None:
    """What is no id by the contract is answered 404 or 400."""
    placed = given(api, ask)

    def not_found(id: str) -> None:
        expect(ask(api, placed.called(id))).has_status(404, 400)

    fuzz.all(corpus.other_ids(ask(api, placed).operation), not_found)


@tries("unknown ids", Cost(requests=1))
@each_reading("not-found.{}")
def test_any_unknown_id_is_not_found(api: Api, fuzz: Engine, ask: Ask) -> None:
    """Any GUID that names no order is answered 404."""
    placed = given(api, ask)

    def not_found(id: str) -> None:
        expect(ask(api, placed.called(id))).has_status(404)

    fuzz.each(cases.unknown_ids(), not_found)


def expect_refused(api: Api, body: Any) -> None:
    """Place what is no order; a body that a deployment may tolerate needs an answer only."""
    answer = api.place(body)
    flaws = cases.sure_flaws(body)
    if flaws:
        expect(answer).is_refused(400, flaw=f"{flaws[0].path} {flaws[0].message}")
    expect(answer).is_no_server_error()
