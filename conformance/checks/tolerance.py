"""Notes: what departs from the documents in a way that is tolerated, and worth telling."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from conformance.checks.answers import DETAILS, NOTIFICATIONS, PLACE
from conformance.checks.summary import DESCRIPTIONS, notifications_of, status_of
from conformance.exchange import Exchange

Note = tuple[str, str]


def notes_of(exchange: Exchange) -> Iterator[Note]:
    """Yield the notes of an exchange, each with the requirement it belongs to."""
    answer = exchange.response
    if exchange.operation == PLACE and answer.status == 202:
        yield from _link_notes(
            exchange, "order.location-present", "Location", answer.header("location")
        )
    if exchange.operation == DETAILS and answer.status == 200:
        yield from _link_notes(
            exchange, "details.self-link", "links.self", answer.member("links.self")
        )
    if exchange.operation == NOTIFICATIONS and answer.status == 200:
        yield from _status_notes(exchange)


def _link_notes(exchange: Exchange, requirement: str, name: str, link: object) -> Iterator[Note]:
    if not isinstance(link, str) or not link:
        return
    if link.startswith("/"):
        yield requirement, f"{name} is a path without a host; the documents show a whole URL"
        return
    try:
        host = urlsplit(link).netloc
    except ValueError:
        return
    asked = urlsplit(exchange.request.url).netloc
    if host != asked:
        yield requirement, f"{name} names the host {host}, the target was asked at {asked}"


def _status_notes(exchange: Exchange) -> Iterator[Note]:
    for each in notifications_of(exchange):
        status = status_of(each)
        newer = isinstance(status, str) and status.startswith("Failed_")
        if newer and status not in DESCRIPTIONS:
            yield "summary.status-documented", f"{status} is a failure the documents do not list"
