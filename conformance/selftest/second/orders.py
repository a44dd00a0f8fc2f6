"""Orders: what is asked for, whether it may be, and what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from conformance.selftest.second.registers import REGISTER, Entry, is_organisation, is_person

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
MEMBERS = {
    "body": str, "subject": str, "recipients": list, "contentType": str,
    "requestedSendTime": str, "sendersReference": str, "resourceId": str,
    "ignoreReservation": bool, "conditionEndpoint": str,
}  # fmt: skip


class InvalidError(Exception):
    """A request that is not as the documents say; the text says why."""


@dataclass(frozen=True)
class Recipient:
    """One of an order: by address, by a number, or by a phone number."""

    address: str | None = None
    number: str | None = None
    mobile: str | None = None

    @property
    def entry(self) -> Entry | None:
        """What the registers know."""
        return REGISTER.get(self.number or "")


@dataclass(frozen=True)
class Notification:
    """One email, as far as it has come."""

    recipient: Recipient
    address: str | None
    status: str = "New"
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))
    id: UUID = field(default_factory=uuid4)


@dataclass
class Order:
    """One order; its notifications come later."""

    creator: str
    body: str
    recipients: Sequence[Recipient]
    subject: str = ""
    channel: str = "Email"
    content_type: str = "Plain"
    send_time: datetime = field(default_factory=lambda: datetime.now(UTC))
    reference: str | None = None
    resource: str | None = None
    ignore_reservation: bool = False
    condition: str | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    id: UUID = field(default_factory=uuid4)
    notifications: tuple[Notification, ...] = ()
    waiting: bool = True


def read(document: Any, creator: str) -> Order:
    """Return the order that a request asks for; an unknown member may be a misspelt one."""
    if not isinstance(document, dict):
        raise InvalidError("The request is not an object.")
    for name, value in document.items():
        if not isinstance(value, MEMBERS.get(name, ())):
            raise InvalidError(f"{name} is unknown, or of another type.")
    for name in ("body", "subject", "recipients"):
        if not document.get(name) or (name != "recipients" and not document[name].strip()):
            raise InvalidError(f"{name} is required.")
    order = Order(
        creator=creator,
        body=document["body"],
        subject=document["subject"],
        recipients=[recipient(each) for each in document["recipients"]],
        content_type=document.get("contentType", "Plain"),
        reference=document.get("sendersReference"),
        resource=document.get("resourceId"),
        ignore_reservation=document.get("ignoreReservation", False),
        condition=document.get("conditionEndpoint"),
    )
    if order.content_type not in ("Plain", "Html"):
        raise InvalidError("contentType is Plain or Html.")
    if order.condition is not None and not is_url(order.condition):
        raise InvalidError("conditionEndpoint is no URL.")
    if "requestedSendTime" in document:
        order.send_time = moment(document["requestedSendTime"])
        if order.send_time < order.created:
            raise InvalidError("requestedSendTime has passed.")
    return order


def recipient(given: Any) -> Recipient:
    """Return one recipient: either an email address, or one of the numbers."""
    match list(given.items()) if isinstance(given, dict) else []:
        case [("emailAddress", str(address))] if ADDRESS.fullmatch(address):
            return Recipient(address=address)
        case [("nationalIdentityNumber", str(number))] if re.fullmatch("[0-9]{11}", number):
            valid = is_person(number)
        case [("organizationNumber", str(number))] if re.fullmatch("[0-9]{9}", number):
            valid = is_organisation(number)
        case _:
            valid = False
    if not valid:
        raise InvalidError("Each of recipients has one valid address or number.")
    return Recipient(number=number)


def moment(given: str) -> datetime:
    try:
        if RFC3339.fullmatch(given):
            return datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidError("requestedSendTime is no time with a time zone.")


def is_url(given: str) -> bool:
    try:
        url = urlsplit(given)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def lookup(order: Order) -> dict[str, Any] | None:
    """Return how the first lookup went, nothing where all are given by address."""
    numbers = {each.number: each.entry for each in order.recipients if each.number}
    reserved = [number for number, entry in numbers.items() if entry and entry.reserved]
    missing = [number for number, entry in numbers.items() if not entry or not entry.addresses]
    unreachable = len(missing) + (0 if order.ignore_reservation else len(reserved))
    status = "PartialSuccess" if unreachable else "Success"
    result = {
        "status": "Failed" if unreachable == len(numbers) else status,
        "isReserved": sorted(reserved, reverse=True),
        "missingContact": sorted(missing, reverse=True),
    }
    return result if numbers else None
