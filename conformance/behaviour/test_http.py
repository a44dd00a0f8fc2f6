"""What holds for every answer, however oddly it was asked for.

The documents name response codes and the one media type; of the rest of HTTP they are silent. So
anything that HTTP allows a server to do passes here, but a crash, and a success that is none.
"""

from __future__ import annotations

import codecs
import gzip
import json
from collections.abc import Callable

import pytest

from conformance.api import Api, control
from conformance.behaviour.operations import (
    ACCEPTED,
    OPERATIONS,
    PREFERRED,
    READINGS,
    Ask,
    once_more,
)
from conformance.checks.answers import documented_status, json_media_type, json_or_not_acceptable
from conformance.expect import expect
from conformance.marks import costs, requirement
from conformance.orders import Orders

each = pytest.mark.parametrize("ask", OPERATIONS.values(), ids=OPERATIONS)
each_reading = pytest.mark.parametrize("ask", READINGS.values(), ids=READINGS)

NOT_IMPLEMENTED = 501
"""What HTTP has for a method that a server does not know at all (RFC 9110, section 15.6.2)."""
LONG_AGO = "Sat, 01 Jan 2000 00:00:00 GMT"
ODD_HEADERS = [
    ("Range", "bytes=0-9"),
    ("Range", "bytes=99999999-"),
    ("If-Match", '"conformance"'),
    ("If-Unmodified-Since", LONG_AGO),
    ("Accept", ",;/"),
]
ODD_URLS: dict[str, Callable[[str, str], str]] = {
    "slash at its end": lambda url, _: f"{url}/",
    "slash twice": lambda url, _: url.replace("/orders", "//orders"),
    "parameter of a segment": lambda url, order: url.replace(order, f"{order};v=1"),
    "encoded semicolon": lambda url, order: url.replace(order, f"{order}%3Bv=1"),
    "encoded backslash": lambda url, order: url.replace(order, f"%5C{order}"),
    "unknown query": lambda url, _: f"{url}?unknown=1&unknown=2",
    "overlong id": lambda url, order: url.replace(order, "7" * 2000),
    "id encoded twice": lambda url, order: url.replace(order, "%252e%252e%252f"),
}
ODD_BODIES: dict[str, Callable[[str], tuple[bytes, str | None]]] = {
    "no media type": lambda text: (text.encode(), None),
    "half a media type": lambda text: (text.encode(), "json"),
    "unknown charset": lambda text: (text.encode(), "application/json; charset=klingon"),
    "UTF-16": lambda text: (
        codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        "application/json; charset=utf-16",
    ),
    "undeclared compression": lambda text: (
        gzip.compress(text.encode(), mtime=0),
        "application/json",
    ),
    "half a surrogate pair": lambda text: (
        text.replace("test", r"t\ud83cst").encode(),
        "application/json",
    ),
}


@requirement("http.documented-status")
@each
def test_an_answer_has_a_documented_status(api: Api, ask: Ask) -> None:
    """Each operation answers with a response code that is documented for it.

    The same is judged of every other answer of a run.
    """
    answer = ask(api, api.given_order())

    expect(answer).passes(documented_status)


@requirement("http.example-headers")
@each_reading
def test_a_reading_may_name_the_media_type(api: Api, ask: Ask) -> None:
    """A reading is answered though it carries Content-Type without a body, as the examples do."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(
        api, asked, headers=[("Content-Type", "application/json")], operation=asked.operation
    )

    expect(answer).has_status(200)


@requirement("http.other-headers")
def test_who_expects_to_continue_is_served(api: Api) -> None:
    """An order is accepted though its client offers to wait for 100 (Continue), as curl does."""
    asked = control(api.order_email())

    answer = once_more(api, asked, headers=[("Expect", "100-continue")], operation=asked.operation)

    expect(answer).has_status(asked.response.status)


@costs(orders=3)
@requirement("http.other-headers")
@each
def test_who_asks_by_curl_is_served(api: Api, ask: Ask) -> None:
    """A request whose User-Agent is curl, as in all examples, is answered like any other."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(
        api, asked, headers=[("User-Agent", "curl/8.5.0")], operation=asked.operation
    )

    expect(answer).has_status(asked.response.status)


@costs(orders=3)
@requirement("http.json-accepted")
@each
@pytest.mark.parametrize("accepted", ACCEPTED)
def test_who_accepts_json_is_served(api: Api, ask: Ask, accepted: str) -> None:
    """A request that accepts application/json, alone or with others, is answered with it."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(api, asked, headers=[("Accept", accepted)], operation=asked.operation)

    expect(answer).has_status(200, 202).passes(json_media_type)


@costs(orders=3)
@requirement("http.json-preferred")
@each
@pytest.mark.parametrize("accepted", PREFERRED)
def test_who_would_rather_have_something_else_is_served_json(
    api: Api, ask: Ask, accepted: str
) -> None:
    """A request that accepts JSON as one of several, and not the first, is answered with it."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(api, asked, headers=[("Accept", accepted)])

    expect(answer).has_status(200, 202).passes(json_media_type)


@costs(orders=3)
@requirement("http.no-json-accepted")
@each
def test_who_accepts_no_json_is_told_or_served_json(api: Api, ask: Ask) -> None:
    """A request that accepts nothing but pictures is answered 406, or with JSON all the same."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(api, asked, headers=[("Accept", "image/png")])

    expect(answer).passes(json_or_not_acceptable)


@requirement("http.condition-of-another")
@each_reading
@pytest.mark.parametrize(
    "condition",
    [("If-None-Match", '"conformance"'), ("If-Modified-Since", LONG_AGO)],
    ids=lambda condition: condition[0],
)
def test_a_validator_of_something_else_changes_nothing(
    api: Api, ask: Ask, condition: tuple[str, str]
) -> None:
    """Who names an entity tag, or a time, that never was the order's gets the order."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(api, asked, headers=[condition])

    expect(answer).has_status(200).passes(json_media_type)


@requirement("http.no-server-error")
@each_reading
@pytest.mark.parametrize("header", ODD_HEADERS, ids=": ".join)
def test_an_odd_header_does_not_crash_a_reading(
    api: Api, ask: Ask, header: tuple[str, str]
) -> None:
    """A range, a condition or an Accept that cannot be kept is no server error."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(api, asked, headers=[header])

    expect(answer).is_no_server_error()


@requirement("http.no-server-error")
@each_reading
@pytest.mark.parametrize("change", ODD_URLS.values(), ids=ODD_URLS)
def test_an_odd_url_does_not_crash_a_reading(
    api: Api, ask: Ask, change: Callable[[str, str], str]
) -> None:
    """A sign too many, an unknown query or an impossible id is no server error."""
    placed = api.given_order()
    asked = control(ask(api, placed))

    answer = once_more(api, asked, url=change(asked.request.url, placed.id))

    expect(answer).is_no_server_error()


@requirement("http.no-server-error")
@pytest.mark.parametrize("after", ["/", ";v=1", "?unknown=1&unknown=2"])
def test_an_odd_url_does_not_crash_an_order(api: Api, after: str) -> None:
    """An order sent to a URL with a slash, parameter or query too many is no server error."""
    placed = api.given_order()

    answer = once_more(api, placed.receipt, url=f"{placed.receipt.request.url}{after}")

    expect(answer).is_no_server_error()


@requirement("http.no-server-error")
@pytest.mark.parametrize("spell", ODD_BODIES.values(), ids=ODD_BODIES)
def test_an_odd_body_does_not_crash_an_order(
    api: Api, build: Orders, spell: Callable[[str], tuple[bytes, str | None]]
) -> None:
    """An order in a charset, or of a media type, that is unknown is no server error."""
    order = build.order()
    control(api.place(order))
    body, media_type = spell(json.dumps(order))

    answer = api.place_raw(body, media_type)

    expect(answer).is_no_server_error()


@requirement("http.no-server-error")
def test_a_time_beyond_the_calendar_does_not_crash_an_order(api: Api) -> None:
    """A send time of the year 9999 that in UTC is one of the year 10000 is no server error."""
    control(api.order_email())

    answer = api.order_email(requestedSendTime="9999-12-31T23:59:59-14:00")

    expect(answer).is_no_server_error()


@requirement("http.method-refused")
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_an_order_is_placed_by_post_only(api: Api, method: str) -> None:
    """Another method than POST is refused; to GET, "email" may be an id that is no GUID."""
    placed = api.given_order()

    answer = once_more(api, placed.receipt, method=method)

    expect(answer).is_refused(405, 404, 400)


@requirement("http.method-refused")
@each_reading
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_reading_is_asked_for_by_get_only(api: Api, ask: Ask, method: str) -> None:
    """Another method than GET is refused."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(api, asked, method=method)

    expect(answer).is_refused(405, 404)


@requirement("http.head-and-options")
@each_reading
def test_head_does_not_crash(api: Api, ask: Ask) -> None:
    """HEAD, instead of GET, is no server error but that it is not implemented."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(api, asked, method="HEAD")

    expect(answer).is_no_server_error(NOT_IMPLEMENTED)


@requirement("http.head-and-options")
@each_reading
def test_head_finds_no_order_that_get_does_not(api: Api, build: Orders, ask: Ask) -> None:
    """HEAD of an order that does not exist is refused."""
    placed = api.given_order()
    asked = control(ask(api, placed))

    answer = once_more(
        api, asked, method="HEAD", url=asked.request.url.replace(placed.id, build.guid())
    )

    expect(answer).is_refused(404, 405, 400, NOT_IMPLEMENTED)


@requirement("http.head-and-options")
@each
def test_options_does_not_crash(api: Api, ask: Ask) -> None:
    """OPTIONS, as browsers send it, is no server error but that it is not implemented."""
    asked = control(ask(api, api.given_order()))

    answer = once_more(api, asked, method="OPTIONS")

    expect(answer).is_no_server_error(NOT_IMPLEMENTED)
