"""What the readings of an order must return of what was ordered, whatever it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conformance.api import Api, Placed
from conformance.exchange import Exchange
from conformance.expect import expect

TEXTS = {
    "subject": ("emailTemplate.subject", "details.subject-returned"),
    "body": ("emailTemplate.body", "details.body-returned"),
    "contentType": ("emailTemplate.contentType", "details.content-type-returned"),
    "sendersReference": ("sendersReference", "details.senders-reference-returned"),
    "resourceId": ("resourceId", "details.resource-id-returned"),
    "ignoreReservation": ("ignoreReservation", "details.ignore-reservation-returned"),
}
"""Where each member of an order is returned, and the requirement that promises it."""
NOT_SENT = {"sendersReference": (), "resourceId": (), "ignoreReservation": (False,)}
"""What may stand for a member that was not sent, beside null."""


def expect_read_back(api: Api, order: dict[str, Any]) -> Placed:
    """Place a valid order, and judge both readings of it by what was sent.

    Args:
        api: the API to ask.
        order: what to send; its send time, which has a time zone, lies far ahead.

    Raises:
        Nonconformance: for the first thing that is not as it was sent.
    """
    placed = api.given_order(**order)
    expect_returned(api.given_details(placed), order)
    expect_reference(api.given_notifications(placed), order)
    return placed


def expect_returned(details: Exchange, order: Mapping[str, Any]) -> None:
    """Judge the details of an order by the order itself; each member by its own requirement."""
    for name, (path, requirement) in TEXTS.items():
        if name in order:
            expect(details, requirement).has(path, order[name])
    if "contentType" not in order:
        expect(details, "details.content-type-default").has("emailTemplate.contentType", "Plain")
    expect(details, "details.recipients-returned").has_recipients(order["recipients"])
    instant = datetime.fromisoformat(order["requestedSendTime"])
    expect(details, "details.send-time-returned").has_instant("requestedSendTime", instant)


def expect_reference(summary: Exchange, order: Mapping[str, Any]) -> None:
    """Judge the summary of an order by the order; of its notifications the checks tell."""
    if "sendersReference" in order:
        reference = order["sendersReference"]
        expect(summary, "summary.senders-reference").has("sendersReference", reference)


def expect_nothing_else(details: Exchange, summary: Exchange, order: Mapping[str, Any]) -> None:
    """Judge that neither reading of an order tells a value for what it did not say."""
    for name, allowed in NOT_SENT.items():
        if name not in order:
            expect(details, "details.unsent-not-invented").lacks(name, *allowed)
    if "sendersReference" not in order:
        expect(summary, "summary.senders-reference-unsent").lacks("sendersReference")
