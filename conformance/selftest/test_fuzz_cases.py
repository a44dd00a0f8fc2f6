"""The cases of the fuzzing: what they are made of, whom they reach, and that they stay the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase

from conformance import contract
from conformance.checks.answers import DETAILS, NOTIFICATIONS, PLACE
from conformance.checks.details import IDENTIFIERS
from conformance.checks.values import instant_of
from conformance.clock import Clock
from conformance.fuzz import cases, corpus, freeze, odd
from conformance.fuzz.effort import Effort
from conformance.fuzz.flaws import FLAWS, Flaw
from conformance.fuzz.model import Model, substituted
from conformance.fuzz.processed import MetOrder, ProcessedOrder, RefusedOrder, UnmetOrder, is_clear
from conformance.fuzz.readings import links
from conformance.fuzz.spelling import respelt
from conformance.orders import Orders
from conformance.target.description import Identity
from conformance.watching import World

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

PERSON = Identity("nationalIdentityNumber", "01828531200", "Åshild Berg", ("person@example.com",))
COMPANY = Identity("organizationNumber", "311000179", "Berg & Dal AS", ("company@example.com",))
RESERVED = Identity("nationalIdentityNumber", "08896411897", "Reservert Dal")
CONTACTLESS = Identity("organizationNumber", "210000179", "Stille AS")
IDENTITIES = {
    "reachable_people": (PERSON,),
    "reachable_organisations": (COMPANY,),
    "reserved_people": (RESERVED,),
    "contactless_organisations": (CONTACTLESS,),
}


def build(seed: int = 1) -> Orders:
    return Orders(Random(seed), Clock())


def model() -> Model:
    return Model(IDENTITIES, build(), "example.com")


def drawn(strategy: SearchStrategy[Any], count: int = 200) -> list[Any]:
    found: list[Any] = []

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def keep(case: Any) -> None:
        found.append(case)

    keep()
    return found


def everything_ordered() -> Iterator[Any]:
    yield from drawn(model().orders())
    yield from drawn(cases.valid_orders(build(), new=False))
    yield from drawn(cases.invalid_orders(build(), new=False))
    yield from corpus.valid_orders(build())
    yield from corpus.other_bodies(build())
    yield from cases.flawed_orders(build())
    yield from (flaw.planted(order, at) for order, flaw, at in drawn(model().with_flaws()))


def test_the_corpus_is_what_schemathesis_makes_of_the_contract(tmp_path: Path) -> None:
    assert freeze.main(tmp_path / "corpus.json") == 0
    made = (tmp_path / "corpus.json").read_text(encoding="utf-8")
    told = "the contract has changed: python -m conformance.fuzz.freeze"
    assert made == corpus.CORPUS.read_text(encoding="utf-8"), told


def test_the_corpus_holds_examples_boundaries_and_random_cases_of_every_operation() -> None:
    assert {each.operation for each in corpus.corpus()} == {PLACE, DETAILS, NOTIFICATIONS}
    assert len(corpus.valid_orders(build())) >= 15
    assert len(corpus.other_bodies(build())) >= 60
    assert len(corpus.random_bodies(valid=True)) >= 50
    assert len(corpus.random_bodies(valid=False)) >= 50
    for operation in (DETAILS, NOTIFICATIONS):
        assert corpus.other_methods(operation, known=True) == ["DELETE", "PATCH", "POST", "PUT"]
        assert "null" in corpus.other_ids(operation)


def test_nobody_real_is_ordered_to() -> None:
    reached = [each for order in everything_ordered() for each in reached_by(order)]
    assert len(reached) > 500
    assert {each for each in reached if not is_nobody(each)} == set()


def reached_by(order: Any) -> Iterator[str]:
    """Yield every identifier of a recipient, wherever it stands in a body."""
    if isinstance(order, dict):
        for name, value in order.items():
            is_identifier = name in IDENTIFIERS and isinstance(value, str)
            yield from [value] if is_identifier else reached_by(value)
    if isinstance(order, list):
        yield from (each for value in order for each in reached_by(value))


def is_nobody(reached: str) -> bool:
    if "@" in reached:
        return reached.endswith(("@example.com", "conformance@"))
    known = [each.number for every in IDENTITIES.values() for each in every]
    is_person = len(reached) == 11 and reached.isdigit()
    is_organisation = len(reached) == 9 and reached.isdigit()
    if reached in known or not (is_person or is_organisation):
        return True
    return 80 < int(reached[2:4]) <= 92 if is_person else reached[0] in "23"


def test_any_order_of_the_model_is_valid_and_far_ahead() -> None:
    for order in drawn(model().orders()):
        assert contract.load().request_violations(PLACE, order) == []
        due = instant_of(order["requestedSendTime"])
        assert due
        assert due > Clock().now() + timedelta(days=29)


def test_the_model_tries_every_member_and_long_texts_and_many_recipients() -> None:
    orders = drawn(model().orders(), 400)
    members = {name for order in orders for name in order}
    assert {"contentType", "sendersReference", "resourceId", "conditionEndpoint"} <= members
    assert max(len(order["body"]) for order in orders) > 5_000
    assert max(len(order["subject"]) for order in orders) > 200
    assert max(len(order["recipients"]) for order in orders) > 100


def test_the_same_choices_make_the_same_orders_all_day() -> None:
    one, other = (drawn(model().orders(), 50) for _ in range(2))
    assert one == other


def test_all_cases_that_are_listed_are_tried_at_every_effort() -> None:
    orders = Orders(Random(1), Clock())
    listed = max(len([*corpus.valid_orders(orders)]), len([*corpus.other_bodies(orders)]))
    assert max(listed, len([*cases.flawed_orders(orders)])) <= Effort("quick").cases("contract")
    assert len(FLAWS) <= Effort("quick").cases("all flaws")


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.told)
def test_a_planted_flaw_is_no_order(flaw: Flaw) -> None:
    order = build().order(recipients=build().addresses(2))
    planted = flaw.planted(order, 1)
    assert contract.load().request_violations(PLACE, order) == []
    assert contract.load().request_violations(PLACE, planted) != []
    assert {name for name in order if planted.get(name) != order[name]} <= {flaw.member}


MIXES = [
    ([PERSON, COMPANY], "Success"),
    ([PERSON, "a@example.com"], "Success"),
    ([PERSON, RESERVED], "PartialSuccess"),
    ([CONTACTLESS, COMPANY, RESERVED], "PartialSuccess"),
    ([RESERVED, "a@example.com"], "Failed"),
    ([CONTACTLESS], "Failed"),
]


@pytest.mark.parametrize(("mix", "status"), MIXES)
def test_the_model_knows_the_table_of_the_lookup(mix: list[Any], status: str) -> None:
    lookup = model().lookup(mix)
    assert lookup.status == status
    assert lookup.reserved == tuple(each for each in mix if each is RESERVED)
    assert lookup.contactless == tuple(each for each in mix if each is CONTACTLESS)


def test_the_model_knows_what_keywords_become() -> None:
    text = "Til $recipientName$ ($recipientNumber$), $recipientname$"
    assert substituted(text, COMPANY) == "Til Berg & Dal AS (311000179), $recipientname$"
    assert substituted(text, PERSON) == "Til Åshild Berg (), $recipientname$"


@pytest.mark.parametrize("seed", range(30))
def test_another_spelling_means_the_same(seed: int) -> None:
    order = drawn(model().orders(), 40)[seed % 40]
    spelt = respelt(order, Random(seed))
    assert json.loads(spelt) == order
    assert spelt != json.dumps(order).encode()


@pytest.mark.parametrize(
    "text", ["$recipientName$recipientNumber$", "$recipientNumber$recipientName$"]
)
def test_keywords_that_share_a_sign_are_not_judged(text: str) -> None:
    assert not is_clear(text)
    assert is_clear(text.replace("$r", "$ $r"))


@pytest.mark.parametrize("scenario", [ProcessedOrder, MetOrder, UnmetOrder, RefusedOrder])
def test_scenarios_differ_and_are_the_same_for_the_same_seed(scenario: Any) -> None:
    class Endpoint:
        def url(self, name: str, met: bool, note: str) -> str:
            return f"http://127.0.0.1/{name}?met={met}&note={note}"

    worlds = [World("run", build(seed), IDENTITIES, Endpoint()) for seed in (1, 1, 2)]  # type: ignore[arg-type]
    made = [scenario(5)(world) for world in worlds]
    for each in made:
        for changing in ("body", "sendersReference", "requestedSendTime", "conditionEndpoint"):
            each.pop(changing, None)
    assert made[0] == made[1] != made[2]
    assert scenario(1).__name__ != scenario(2).__name__


def test_links_are_those_of_the_contract() -> None:
    assert set(links()) == {DETAILS, NOTIFICATIONS}


def test_what_accepts_json_names_it() -> None:
    assert all("application/json" in each for each in drawn(odd.accepting_json()))


def test_no_id_is_another_path() -> None:
    for each in [*drawn(odd.no_ids()), *drawn(odd.tame_ids())]:
        assert "/" not in each
        assert each not in odd.NO_IDS


def test_no_more_cases_are_tried_than_are_allowed() -> None:
    assert Effort("thorough", most=7).cases("orders") == 7
    assert Effort("quick", most=7_000).cases("orders") == Effort("quick").cases("orders")
