"""Random orders against a small model of what the documents promise.

Every answer is also judged by all other checks, as every answer of a run is.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from conformance.api import Api, Placed, control
from conformance.checks import details, problem
from conformance.expect import expect
from conformance.fuzz.engine import Engine
from conformance.fuzz.flaws import FLAWS, Flaw
from conformance.fuzz.model import Model, Recipient
from conformance.fuzz.readings import expect_sequence, sequences
from conformance.fuzz.returned import expect_nothing_else, expect_read_back, expect_returned
from conformance.fuzz.spelling import respelt
from conformance.marks import requirement, tries
from conformance.orders import EVERY_OPTION
from conformance.target.permits import Cost

ALWAYS = ("creator", "notificationChannel", "emailTemplate", "requestedSendTime")
SENT = ("sendersReference", "resourceId", "ignoreReservation")


@tries("orders", Cost(requests=3, orders=1))
@requirement("order.contract-accepted")
def test_any_order_reads_back_as_sent(callers: list[Api], fuzz: Engine, model: Model) -> None:
    """Any valid order is accepted, and reads back as it was sent, whoever placed it."""

    def reads_back(order: dict[str, Any], number: int) -> None:
        expect_read_back(*by_any(callers, number, order))

    fuzz.each(model.with_numbers(), lambda case: reads_back(*case))


@tries("unsent members", Cost(requests=4, orders=1))
@requirement("details.unsent-not-invented")
def test_any_order_reads_back_as_no_more(api: Api, fuzz: Engine, model: Model) -> None:
    """Of any valid order nothing is told that was not sent, and the same when it is read again."""

    def reads_back(order: dict[str, Any]) -> None:
        placed = api.given_order(**order)
        first, again = api.given_details(placed), api.given_details(placed)
        expect_nothing_else(first, api.given_notifications(placed), order)
        expect(again, "details.repeatable").repeats(first, *details.MEMBERS)

    fuzz.each(model.orders(), reads_back)


@tries("spellings", Cost(requests=2, orders=1))
@requirement("order.contract-accepted")
def test_another_spelling_is_the_same_order(api: Api, fuzz: Engine, model: Model) -> None:
    """Order of members, white space between them and escapes in texts change nothing."""

    def same(order: dict[str, Any], seed: int) -> None:
        receipt = control(api.place_raw(respelt(order, Random(seed))))
        placed = Placed(str(receipt.response.member("orderId")), order, receipt)
        expect_returned(api.given_details(placed), order)

    fuzz.each(model.with_numbers(), lambda case: same(*case))


@tries("recipients", Cost(requests=4, orders=2))
@requirement("details.recipient-as-ordered")
def test_recipients_change_nothing_but_themselves(api: Api, fuzz: Engine, model: Model) -> None:
    """Other recipients, more or fewer or in another order, change nothing else of an order."""

    def same(order: dict[str, Any], recipients: Sequence[Recipient]) -> None:
        one = api.given_details(api.given_order(**order))
        other = api.given_details(api.given_order(**{**order, "recipients": recipients}))
        expect(other).repeats(one, *ALWAYS, *(name for name in SENT if name in order))

    fuzz.each(model.with_recipients(), lambda case: same(*case))


@tries("lookups", Cost(requests=1, orders=1))
@requirement("lookup.every-mix")
def test_the_lookup_is_that_of_the_model(callers: list[Api], fuzz: Engine, model: Model) -> None:
    """Status and lists are right for any mix, whatever else is in the order, whoever placed it."""

    def told(recipients: Sequence[Recipient], options: dict[str, Any], number: int) -> None:
        lookup, own = model.lookup(recipients), callers[number % len(callers)]
        receipt = expect(own.given_lookup(recipients=recipients, **options))
        receipt.has_lookup(status=lookup.status, reserved=lookup.reserved)
        receipt.lists("missingContact", *lookup.contactless)
        receipt.does_not_list("missingContact", *lookup.reachable)

    fuzz.each(model.mixes(), lambda case: told(*case))


@tries("all flaws", Cost(requests=1, orders=1, emails=9))
@requirement("validation.contract-kept")
def test_every_flaw_is_refused(api: Api, fuzz: Engine) -> None:
    """Each flaw that is known, planted in an order with every member, is refused with 400."""
    order = api.build.order(**EVERY_OPTION, recipients=api.build.addresses(3))
    control(api.place(order))

    fuzz.all(FLAWS, lambda flaw: expect_refused(api, order, flaw))


@tries("flaws", Cost(requests=1, orders=1, emails=9))
@requirement("validation.contract-kept")
def test_one_flaw_anywhere_is_refused(callers: list[Api], fuzz: Engine, model: Model) -> None:
    """One flaw, planted anywhere in any valid order, is refused with 400, whoever sends it."""
    for each in callers:
        control(each.order_email())

    def refused(order: dict[str, Any], flaw: Flaw, number: int) -> None:
        expect_refused(*by_any(callers, number, order), flaw, number)

    fuzz.each(model.with_flaws(), lambda case: refused(*case))


@tries("named flaws", Cost(requests=1, orders=1, emails=9))
@requirement("problem.names-member")
def test_one_flaw_anywhere_is_named(api: Api, fuzz: Engine, model: Model) -> None:
    """The refusal of one flaw, planted anywhere in any valid order, names its member."""
    control(api.order_email())

    def named(order: dict[str, Any], flaw: Flaw, position: int) -> None:
        refusal = api.given_refusal_of(flaw.planted(order, position))
        expect(refusal).passes(lambda exchange: problem.names_member(exchange, *flaw.names))

    fuzz.each(model.with_flaws(missing=False), lambda case: named(*case))


def by_any(
    callers: Sequence[Api], number: int, order: dict[str, Any]
) -> tuple[Api, dict[str, Any]]:
    """Return who places an order, and the order: an app names no resource, which may not be its."""
    own = callers[number % len(callers)]
    if own is callers[0]:
        return own, order
    return own, {name: value for name, value in order.items() if name != "resourceId"}


def expect_refused(api: Api, order: dict[str, Any], flaw: Flaw, position: int = 1) -> None:
    """Plant a flaw in an order, and judge how that is refused."""
    answer = api.place(flaw.planted(order, position))
    expect(answer).is_refused(400, flaw=flaw.told)


@tries("readings", Cost(requests=15, orders=3))
@requirement("details.own-content")
def test_any_sequence_of_readings(api: Api, fuzz: Engine, model: Model) -> None:
    """However orders are read along their links, each reading is of its own order or of none."""
    fuzz.each(sequences(model), lambda sequence: expect_sequence(api, sequence))
