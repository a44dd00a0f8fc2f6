"""Each operation, asked for in odd ways that change nothing of what is meant."""

from __future__ import annotations

import pytest

from conformance.api import Api, control
from conformance.behaviour.operations import (
    OPERATIONS,
    READINGS,
    Ask,
    each_reading,
    given_answered,
    once_more,
)
from conformance.checks import details
from conformance.checks.answers import DETAILS, NOTIFICATIONS, PLACE, json_media_type
from conformance.expect import expect
from conformance.fuzz.engine import Engine
from conformance.fuzz.odd import accepting_json, headers, no_ids, queries, tame_ids
from conformance.marks import requirement, tries
from conformance.target.permits import Cost

LASTING: dict[str, tuple[str, ...]] = {
    PLACE: (),
    DETAILS: details.MEMBERS,
    NOTIFICATIONS: ("orderId", "sendersReference"),
}
"""What of an answer stays when it is asked for again; notifications may be generated any time."""
each = pytest.mark.parametrize("ask", OPERATIONS.values(), ids=OPERATIONS)
each_of_both = pytest.mark.parametrize("ask", READINGS.values(), ids=READINGS)


@tries("requests", Cost(requests=1, orders=1))
@requirement("http.no-server-error")
@each
def test_no_query_is_a_server_error(api: Api, fuzz: Engine, ask: Ask) -> None:
    """A query that nobody knows crashes nothing."""
    asked = control(ask(api, api.given_order()))

    def answered(query: str) -> None:
        answer = once_more(api, asked, url=f"{asked.request.url}?{query}")
        expect(answer).is_no_server_error()

    fuzz.each(queries(), answered)


@tries("requests", Cost(requests=1, orders=1))
@requirement("http.other-headers")
@each
def test_no_other_header_changes_anything(api: Api, fuzz: Engine, ask: Ask) -> None:
    """Headers that have nothing to do with what is asked change nothing of the answer."""
    asked = control(ask(api, api.given_order()))

    def answered(headers: list[tuple[str, str]]) -> None:
        answer = once_more(api, asked, headers=headers, operation=asked.operation)
        expect(answer).has_status(asked.response.status)
        expect(answer).repeats(asked, *LASTING[asked.operation])

    fuzz.each(headers(), answered)


@tries("requests", Cost(requests=1, orders=1))
@requirement("http.json-accepted")
@each
def test_whoever_accepts_json_is_served(api: Api, fuzz: Engine, ask: Ask) -> None:
    """A request that accepts application/json, whatever else it accepts, is answered with it."""
    asked = control(ask(api, api.given_order()))

    def served(accepted: str) -> None:
        answer = once_more(api, asked, headers=[("Accept", accepted)], operation=asked.operation)
        expect(answer).has_status(200, 202).passes(json_media_type)

    fuzz.each(accepting_json(), served)


@tries("requests", Cost(requests=1))
@each_reading("not-found.{}-malformed-id")
def test_no_other_text_is_an_id(api: Api, fuzz: Engine, ask: Ask) -> None:
    """Letters and digits that are no GUID are answered 404 or 400."""
    placed = given_answered(api, ask)

    def not_found(id: str) -> None:
        expect(ask(api, placed.called(id))).has_status(404, 400)

    fuzz.each(tame_ids(), not_found)


@tries("requests", Cost(requests=1))
@requirement("http.no-server-error")
@each_of_both
def test_no_text_in_place_of_an_id_is_a_server_error(api: Api, fuzz: Engine, ask: Ask) -> None:
    """Any text in place of an id, however it has to be escaped, crashes nothing."""
    asked = given_answered(api, ask)
    reading = control(ask(api, asked))

    def answered(id: str) -> None:
        url = reading.request.url.replace(asked.id, id)
        expect(once_more(api, reading, url=url)).is_no_server_error()

    fuzz.each(no_ids(), answered)
