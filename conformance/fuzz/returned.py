"""What the details of an order must return of what was ordered, whatever it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

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


def expect_returned(details: Exchange, order: Mapping[str, Any]) -> None:
    """Judge the details of an order by the order itself; each member by its own requirement.

    Args:
        details: the exchange that read the details.
        order: what was sent; its send time has a time zone.

    Raises:
        Nonconformance: for the first member that is not returned as it was sent.
    """
    for name, (path, requirement) in TEXTS.items():
        if name in order:
            expect(details, requirement).has(path, order[name])
    expect(details, "details.recipients-returned").has_recipients(order["recipients"])
    instant = datetime.fromisoformat(order["requestedSendTime"])
    expect(details, "details.send-time-returned").has_instant("requestedSendTime", instant)
