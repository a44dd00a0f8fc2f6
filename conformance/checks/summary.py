"""Checks of the email notifications of an order: Get email notifications (June 2024)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.checks.answers import NOTIFICATIONS
from conformance.checks.details import names_asked_order, schema_finding
from conformance.checks.registry import check
from conformance.checks.values import is_count, is_guid, utc_instant
from conformance.exchange import ABSENT, Exchange, member, shown
from conformance.finding import Finding

SUCCESSES = ("Succeeded", "Delivered")
NOT_IDENTIFIED = "Failed_RecipientNotIdentified"
OPEN = ("New", "Sending")
DESCRIPTIONS = {
    "New": "The email has been created, but has not been picked up for processing yet.",
    "Sending": "The email is being processed and will be attempted sent shortly.",
    "Succeeded": "The email has been accepted by the third party email service and will be sent"
    " shortly.",
    "Delivered": "The email was delivered to the recipient. No errors reported, making it likely it"
    " was received by the recipient.",
    "Failed": "The email was not sent due to an unspecified failure.",
    "Failed_RecipientNotIdentified": "The email was not sent because the recipient's email address"
    " was not found.",
    "Failed_InvalidEmailFormat": "The email was not sent because the recipient’s email address is"
    " in an invalid format.",
    "Failed_Bounced": "The email hard bounced, which may have happened because the email address"
    " does not exist or the domain is invalid.",
    "Failed_FilteredSpam": "The email was was identified as spam, and was rejected or blocked (not"
    " quarantined).",
    "Failed_Quarantined": "The email was quarantined (as spam, bulk mail, or phising).",
}


def notifications_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the notifications of a summary that are objects, [] when there is no list."""
    listed = exchange.response.member("notifications")
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def status_of(notification: Any) -> Any:
    """Return the send status of a notification."""
    return member(notification, "sendStatus.status")


@check("summary.order-id", NOTIFICATIONS, status=200)
def order_id_names_order(exchange: Exchange) -> Finding | None:
    """The ID of the notification order the listed notifications are related to."""
    return names_asked_order(exchange, "orderId")


@check("summary.generated-is-count", NOTIFICATIONS, status=200)
def generated_is_count(exchange: Exchange) -> Finding | None:
    """generated: int, the total number of email notifications generated so far."""
    value = exchange.response.member("generated")
    return None if is_count(value) else Finding("generated to be a count", shown(value), exchange)


@check("summary.succeeded-is-count", NOTIFICATIONS, status=200)
def succeeded_is_count(exchange: Exchange) -> Finding | None:
    """succeeded: int, the number that have been sent successfully so far."""
    value, generated = (exchange.response.member(name) for name in ("succeeded", "generated"))
    if is_count(value) and (not is_count(generated) or value <= generated):
        return None
    actual = f"{shown(value)} of {shown(generated)}"
    return Finding("succeeded to be a count of at most generated", actual, exchange)


@check("summary.notifications-is-list", NOTIFICATIONS, status=200)
def notifications_is_list(exchange: Exchange) -> Finding | None:
    """notifications: List<EmailNotificationWithResult>."""
    value = exchange.response.member("notifications")
    if isinstance(value, list):
        return None
    return Finding("notifications to be a list", shown(value), exchange)


@check("summary.generated-equals-list", NOTIFICATIONS, status=200)
def generated_equals_list(exchange: Exchange) -> Finding | None:
    """generated counts the notifications that the list holds."""
    generated, listed = (exchange.response.member(n) for n in ("generated", "notifications"))
    if not isinstance(listed, list) or not is_count(generated) or generated == len(listed):
        return None
    return Finding(
        f"generated to be {len(listed)}, the length of the list", shown(generated), exchange
    )


@check("summary.succeeded-equals-successes", NOTIFICATIONS, status=200)
def succeeded_equals_successes(exchange: Exchange) -> Finding | None:
    """succeeded counts the notifications that have been sent successfully."""
    stated = exchange.response.member("succeeded")
    flags = [each.get("succeeded") for each in notifications_of(exchange)]
    successes = sum(flag is True for flag in flags)
    if not is_count(stated) or stated == successes:
        return None
    expected = f"succeeded to be {successes}, as many as listed notifications have succeeded"
    return Finding(expected, shown(stated), exchange)


@check("summary.notification-id", NOTIFICATIONS, status=200)
def notification_ids_are_guids(exchange: Exchange) -> Finding | None:
    """id: the ID of the notification."""
    for each in notifications_of(exchange):
        if not is_guid(each.get("id")):
            actual = shown(each.get("id", ABSENT))
            return Finding("every notification to have an id, a GUID", actual, exchange)
    return None


@check("summary.notification-ids-unique", NOTIFICATIONS, status=200)
def notification_ids_are_unique(exchange: Exchange) -> Finding | None:
    """id: the ID of the notification, and of no other."""
    ids = [str(each["id"]).lower() for each in notifications_of(exchange) if each.get("id")]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if not twice:
        return None
    return Finding("no id to be that of two notifications", f"{shown(twice)} twice", exchange)


@check("summary.succeeded-flag", NOTIFICATIONS, status=200)
def succeeded_flag_follows_status(exchange: Exchange) -> Finding | None:
    """succeeded: a boolean indicating whether the send status is a successful one."""
    for each in notifications_of(exchange):
        flag, status = each.get("succeeded", ABSENT), status_of(each)
        if flag is not (status in SUCCESSES):
            expected = f"succeeded to be {shown(status in SUCCESSES)} for status {shown(status)}"
            return Finding(expected, shown(flag), exchange)
    return None


@check("summary.status-documented", NOTIFICATIONS, status=200)
def statuses_are_documented(exchange: Exchange) -> Finding | None:
    """The table of send statuses; deployments know further failures, all begin with Failed_."""
    for each in notifications_of(exchange):
        status = status_of(each)
        known = isinstance(status, str) and (status in DESCRIPTIONS or status.startswith("Failed_"))
        if not known:
            return Finding("a documented send status", shown(status), exchange)
    return None


@check("summary.description", NOTIFICATIONS, status=200)
def descriptions_are_documented(exchange: Exchange) -> Finding | None:
    """The table of send statuses: the text beside each; quotes, case and spaces vary."""
    for each in notifications_of(exchange):
        status, text = status_of(each), member(each, "sendStatus.description")
        documented = DESCRIPTIONS.get(status) if isinstance(status, str) else None
        if documented and _normalised(text) != _normalised(documented):
            return Finding(f"the description {shown(documented)}", shown(text), exchange)
    return None


@check("summary.last-update-utc", NOTIFICATIONS, status=200)
def last_updates_are_in_utc(exchange: Exchange) -> Finding | None:
    """Examples: "lastUpdate": "2023-11-14T16:06:02.877361Z"."""
    for each in notifications_of(exchange):
        value = member(each, "sendStatus.lastUpdate")
        if utc_instant(value) is None:
            return Finding("lastUpdate to be a date-time in UTC", shown(value), exchange)
    return None


@check("summary.not-identified-without-address", NOTIFICATIONS, status=200)
def not_identified_without_address(exchange: Exchange) -> Finding | None:
    """Failed_RecipientNotIdentified: the recipient's email address was not found."""
    for each in notifications_of(exchange):
        address = address_of(each)
        if status_of(each) == NOT_IDENTIFIED and address not in (ABSENT, None, ""):
            expected = f"no address of a recipient who is {NOT_IDENTIFIED}"
            return Finding(expected, shown(address), exchange)
    return None


def address_of(notification: Any) -> Any:
    """Return the email address that a notification was sent to, ABSENT where none is told."""
    return member(notification, "recipient.emailAddress")


def addresses_of(exchange: Exchange) -> list[Any]:
    """Return the email addresses that the notifications were sent to, ABSENT where none is told."""
    return [address_of(each) for each in notifications_of(exchange)]


@dataclass(frozen=True)
class Step:
    """What became of one notification from one reading to the next.

    Attributes:
        reading: the later of the two.
        before: the send status in the earlier one.
        after: the send status in the later one.
    """

    reading: Exchange
    id: str
    before: Any
    after: Any

    @property
    def is_backward(self) -> bool:
        """Whether the status went back to an earlier one.

        What is being sent may have to wait again, and newer failures may be tried again.
        """
        before, after = self.statuses
        waits_again = before in OPEN and after in OPEN
        return before in DESCRIPTIONS and not waits_again and _rank(after) < _rank(before)

    @property
    def statuses(self) -> tuple[Any, Any]:
        """The status before and after."""
        return member(self.before, "status"), member(self.after, "status")

    @property
    def updates(self) -> tuple[Any, Any]:
        """The lastUpdate before and after."""
        return member(self.before, "lastUpdate"), member(self.after, "lastUpdate")


def steps_of(readings: Sequence[Exchange]) -> Iterator[Step]:
    """Yield, for each notification, the step from each of its readings to the next."""
    seen: dict[Any, Any] = {}
    for reading in readings:
        for each in notifications_of(reading):
            id, status = each.get("id"), each.get("sendStatus")
            if id in seen:
                yield Step(reading, str(id), seen[id], status)
            seen[id] = status


def _rank(status: Any) -> int:
    """Order the statuses; a late bounce may follow a delivery, so failures come last."""
    order = ("New", "Sending", "Succeeded", "Delivered")
    return order.index(status) if status in order else len(order)


def _normalised(text: Any) -> str:
    plain = str(text).replace("’", "'").replace("‘", "'").replace("`", "'").lower()
    words = plain.replace("was was", "was").replace("phising", "phishing").split()
    return " ".join(words)


# Last, as the others tell more precisely what is wrong.
@check("summary.schema", NOTIFICATIONS, status=200, any_body=True)
def follows_schema(exchange: Exchange) -> Finding | None:
    """Response body properties: the type of every property."""
    return schema_finding(exchange)
