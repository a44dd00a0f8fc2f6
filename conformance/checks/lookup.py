"""Checks of the recipientLookup in a 202.

Send email notifications, section Response body › recipientLookup with its table and footnote.
"""

from __future__ import annotations

from typing import Any

from conformance.checks.answers import PLACE
from conformance.checks.registry import check
from conformance.checks.values import is_digits
from conformance.exchange import ABSENT, Exchange, member, shown
from conformance.finding import Finding

STATUSES = ("Success", "PartialSuccess", "Failed")


def lookup_of(exchange: Exchange) -> Any:
    """Return the recipientLookup of a receipt; null stands for absent."""
    lookup = exchange.response.member("recipientLookup")
    return ABSENT if lookup is None else lookup


def looked_up(exchange: Exchange) -> list[str] | None:
    """Return the numbers of the request that need a lookup, None where that is not clear."""
    recipients = member(exchange.request.json, "recipients")
    if not isinstance(recipients, list) or not all(isinstance(each, dict) for each in recipients):
        return None
    numbers = []
    for each in recipients:
        given = {name: value for name, value in each.items() if value is not None}
        number = given.get("nationalIdentityNumber") or given.get("organizationNumber")
        if number and "emailAddress" in given:
            return None  # neither the one nor the other: it should have been refused
        if not number and "emailAddress" not in given:
            return None
        if number:
            numbers.append(number)
    return numbers if all(isinstance(number, str) for number in numbers) else None


@check("lookup.absent-for-addresses", PLACE, status=202)
def absent_without_numbers(exchange: Exchange) -> Finding | None:
    """Footnote: the property is only included if the order requires recipient lookup."""
    if looked_up(exchange) == [] and lookup_of(exchange) is not ABSENT:
        actual = f"recipientLookup {shown(lookup_of(exchange))}"
        return Finding("no recipientLookup, as every recipient has an address", actual, exchange)
    return None


def present_with_numbers(exchange: Exchange) -> Finding | None:
    """Footnote: the property is included if the order requires recipient lookup."""
    if isinstance(lookup_of(exchange), dict):
        return None
    return Finding(
        "a recipientLookup, as a recipient is given by number", shown(lookup_of(exchange)), exchange
    )


def _present_for(exchange: Exchange, member: str) -> Finding | None:
    asked = looked_up(exchange)
    recipients = exchange.request.json["recipients"] if asked else []
    if any(each.get(member) for each in recipients):
        return present_with_numbers(exchange)
    return None


@check("lookup.present-for-person", PLACE, status=202)
def present_for_person(exchange: Exchange) -> Finding | None:
    """Footnote: the property is included if the order requires recipient lookup."""
    return _present_for(exchange, "nationalIdentityNumber")


@check("lookup.present-for-organisation", PLACE, status=202)
def present_for_organisation(exchange: Exchange) -> Finding | None:
    """Footnote: the property is included if the order requires recipient lookup."""
    return _present_for(exchange, "organizationNumber")


@check("lookup.status-known", PLACE, status=202)
def status_is_known(exchange: Exchange) -> Finding | None:
    """Table: Success, PartialSuccess, Failed."""
    lookup = lookup_of(exchange)
    status = member(lookup, "status")
    if lookup is ABSENT or status in STATUSES:
        return None
    return Finding(f"a status out of {', '.join(STATUSES)}", shown(status), exchange)


@check("lookup.status-agrees-with-lists", PLACE, status=202)
def status_agrees_with_lists(exchange: Exchange) -> Finding | None:
    """Table: for all, some or no recipients; the lists name for whom it was not successful.

    Left out is what the documents leave open: addresses beside numbers, a recipient named twice,
    and reserved persons whose reservation is ignored; and a status that is none of the table's.
    """
    asked, lookup = looked_up(exchange), lookup_of(exchange)
    lists = [member(lookup, name) for name in ("isReserved", "missingContact")]
    request = exchange.request.json
    if not asked or len(set(asked)) < len(request["recipients"]):
        return None
    if request.get("ignoreReservation") or not all(isinstance(each, list) for each in lists):
        return None
    if member(lookup, "status") not in STATUSES:
        return None
    unreachable = {number for number in asked if any(number in each for each in lists)}
    right = "Success" if not unreachable else "PartialSuccess"
    right = "Failed" if len(unreachable) == len(asked) else right
    if member(lookup, "status") == right:
        return None
    expected = f"the status {right}, as the lists name {len(unreachable)} of {len(asked)}"
    return Finding(expected, f"recipientLookup {shown(lookup)}", exchange)


@check("lookup.reserved-holds-person-numbers", PLACE, status=202)
def reserved_holds_person_numbers(exchange: Exchange) -> Finding | None:
    """isReserved: a list containing national identity numbers."""
    return _holds(exchange, "isReserved", (11,), "national identity numbers (11 digits)")


@check("lookup.missing-holds-numbers", PLACE, status=202)
def missing_holds_numbers(exchange: Exchange) -> Finding | None:
    """missingContact: a list containing national identity numbers and organization numbers."""
    return _holds(
        exchange,
        "missingContact",
        (11, 9),
        "national identity numbers (11 digits) and organization numbers (9 digits)",
    )


@check("lookup.lists-name-recipients", PLACE, status=202)
def lists_name_recipients(exchange: Exchange) -> Finding | None:
    """Both lists speak of recipients of this order."""
    asked = looked_up(exchange)
    for name in ("isReserved", "missingContact"):
        listed = member(lookup_of(exchange), name)
        if asked is not None and isinstance(listed, list):
            strange = [each for each in listed if each not in asked]
            if strange:
                expected = f"{name} to name recipients of the order only"
                return Finding(expected, f"also {shown(strange)}", exchange)
    return None


@check("lookup.each-listed-once", PLACE, status=202)
def each_is_listed_once(exchange: Exchange) -> Finding | None:
    """Both lists hold numbers for recipients: one for each; of a repeated one nothing is said."""
    asked = looked_up(exchange)
    if asked is None or len(set(asked)) < len(asked):
        return None
    for name in ("isReserved", "missingContact"):
        listed = member(lookup_of(exchange), name)
        texts = [str(each) for each in listed] if isinstance(listed, list) else []
        if len(set(texts)) < len(texts):
            return Finding(f"{name} to list everyone once", shown(listed), exchange)
    return None


def _holds(exchange: Exchange, name: str, lengths: tuple[int, ...], kind: str) -> Finding | None:
    lookup = lookup_of(exchange)
    listed = member(lookup, name)
    if lookup is ABSENT:
        return None
    fits = isinstance(listed, list) and all(
        any(is_digits(each, length) for length in lengths) for each in listed
    )
    if fits:
        return None
    return Finding(f"{name}, a list of {kind}, or an empty one", shown(listed), exchange)
