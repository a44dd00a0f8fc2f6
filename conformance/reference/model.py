"""Orders, their recipients and the notifications they generate."""

from dataclasses import dataclass, field
from datetime import datetime

from conformance.reference.registers import Party

EMAIL = "Email"
SMS = "Sms"


@dataclass(frozen=True)
class Recipient:
    """Whom an order names, exactly as it was ordered."""

    email_address: str | None = None
    mobile_number: str | None = None
    national_identity_number: str | None = None
    organization_number: str | None = None

    @property
    def number(self) -> str | None:
        """What is looked up in the registers, for a recipient given by number."""
        return self.national_identity_number or self.organization_number


@dataclass(frozen=True)
class EmailTemplate:
    """What the emails of an order say, keywords not yet replaced."""

    subject: str
    body: str
    content_type: str


@dataclass(frozen=True)
class SmsTemplate:
    """What the text messages of an order say."""

    body: str
    sender_number: str


@dataclass
class Notification:
    """One email to one address, or the reason why there is none."""

    id: str
    address: str | None
    """None where the recipient could not be reached."""
    party: Party | None
    """The person or organisation, for a recipient given by number."""
    status: str
    changed: datetime


@dataclass
class Order:
    """One order, and how far it has come."""

    id: str
    creator: str
    channel: str
    requested_send_time: datetime
    created: datetime
    recipients: tuple[Recipient, ...]
    template: EmailTemplate | SmsTemplate
    senders_reference: str | None
    resource_id: str | None
    ignore_reservation: bool | None
    condition_endpoint: str | None
    status: str
    changed: datetime
    notifications: list[Notification] = field(default_factory=list)
