"""Orders as they are told: with nulls, ids in upper case, and times that end in +00:00."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from conformance.selftest.second.orders import Notification, Order, Recipient, lookup
from conformance.selftest.second.processing import SENDER

BASE = "/varsling/v1"
PUBLIC = f"https://notifications.second.example.com{BASE}"
DESCRIPTIONS = {
    "New": "The email has been created, but has not been picked up for processing yet.",
    "Sending": "The email is being processed and will be attempted sent shortly.",
    "Succeeded": "The email has been accepted by the third party email service "
    "and will be sent shortly.",
    "Failed": "The email was not sent due to an unspecified failure.",
    "Failed_RecipientNotIdentified": "The email was not sent because the "
    "recipient's email address was not found.",
}


def guid(id: UUID) -> str:
    return str(id).upper()


def milliseconds(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")


def receipt(order: Order) -> dict[str, Any]:
    """Return NotificationOrderRequestResponseExt, and a member of our own."""
    return {"orderId": guid(order.id), "recipientLookup": lookup(order), "accepted": True}


def details(order: Order) -> dict[str, Any]:
    """Return NotificationOrderExt; recipients stand the other way round."""
    is_email = order.channel == "Email"
    email = {
        "fromAddress": SENDER,
        "subject": order.subject,
        "body": order.body,
        "contentType": order.content_type,
    }
    return {
        "id": guid(order.id),
        "creator": order.creator,
        "sendersReference": order.reference,
        "requestedSendTime": milliseconds(order.send_time),
        "created": milliseconds(order.created),
        "notificationChannel": order.channel,
        "ignoreReservation": order.ignore_reservation,
        "resourceId": order.resource,
        "recipients": [recipient(each) for each in reversed(order.recipients)],
        "emailTemplate": email if is_email else None,
        "smsTemplate": None if is_email else {"senderNumber": "NAV", "body": order.body},
        "links": {
            "self": f"{PUBLIC}/orders/{order.id}",
            "status": f"{PUBLIC}/orders/{order.id}/status",
        },
    }


def recipient(known: Recipient) -> dict[str, str | None]:
    """Return RecipientExt: nothing of what the registers know."""
    number = known.number or ""
    return {
        "emailAddress": known.address,
        "mobileNumber": known.mobile,
        "nationalIdentityNumber": number if len(number) == 11 else None,
        "organizationNumber": number if len(number) == 9 else None,
    }


def summary(order: Order) -> dict[str, Any]:
    """Return EmailNotificationSummaryExt."""
    notifications = [result(each) for each in reversed(order.notifications)]
    return {
        "orderId": guid(order.id),
        "sendersReference": order.reference,
        "generated": len(notifications),
        "succeeded": sum(each["succeeded"] for each in notifications),
        "notifications": notifications,
    }


def result(notification: Notification) -> dict[str, Any]:
    """Return EmailNotificationWithResult; its time is cut to the second."""
    return {
        "id": guid(notification.id),
        "succeeded": notification.status == "Succeeded",
        "recipient": recipient(notification.recipient) | {"emailAddress": notification.address},
        "sendStatus": {
            "status": notification.status,
            "description": DESCRIPTIONS[notification.status],
            "lastUpdate": notification.updated.isoformat(timespec="seconds"),
        },
    }
