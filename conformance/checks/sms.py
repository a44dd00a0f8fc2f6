"""Checks of the details of an SMS order: Get order details, Response body and Examples.

They apply where a test knows that it asked for an SMS order, so that none is registered.
"""

from __future__ import annotations

from conformance.checks.details import recipients_of
from conformance.checks.values import is_text
from conformance.exchange import Exchange, member, shown
from conformance.finding import Finding

IDENTIFIERS = ("mobileNumber", "nationalIdentityNumber", "organizationNumber")


def channel_is_sms(exchange: Exchange) -> Finding | None:
    """notificationChannel: the prose says SMS, the examples Sms."""
    channel = exchange.response.member("notificationChannel")
    if isinstance(channel, str) and channel.lower() == "sms":
        return None
    return Finding("notificationChannel to be Sms", shown(channel), exchange)


def template_is_complete(exchange: Exchange) -> Finding | None:
    """Examples: smsTemplate with senderNumber and body."""
    template = exchange.response.member("smsTemplate")
    sender, body = (member(template, name) for name in ("senderNumber", "body"))
    if is_text(body) and isinstance(sender, str):
        return None
    return Finding("an smsTemplate with senderNumber and body", shown(template), exchange)


def recipients_are_identified(exchange: Exchange) -> Finding | None:
    """recipients: each includes a number of some kind."""
    listed = recipients_of(exchange)
    if listed and all(
        isinstance(each, dict) and any(is_text(each.get(name)) for name in IDENTIFIERS)
        for each in listed
    ):
        return None
    expected = f"recipients that each have one of {', '.join(IDENTIFIERS)}"
    return Finding(expected, shown(exchange.response.member("recipients")), exchange)
