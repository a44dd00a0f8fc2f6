"""What becomes of an order when its time has come.

The documents name the steps only by their statuses (Get email notifications, sendStatus) and by the
options of an order (Send email notifications, Optional order request properties).
"""

import json
from datetime import datetime
from http import HTTPStatus

from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Party
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.rules.keywords import KeywordRules
from conformance.reference.rules.lookup import LookupRules

# Mailboxes that do not take mail, so that every documented end can be seen.
ENDS_BY_DOMAIN = {
    "bounce.example.com": (statuses.SUCCEEDED, statuses.BOUNCED),
    "spam.example.com": (statuses.SUCCEEDED, statuses.FILTERED_SPAM),
    "quarantine.example.com": (statuses.SUCCEEDED, statuses.QUARANTINED),
    "invalid-format.example.com": (statuses.INVALID_FORMAT,),
    "failure.example.com": (statuses.FAILED,),
}


class ProcessingRules(KeywordRules, LookupRules):
    """When, whether, to whom, what."""

    # When, and whether at all

    def start_time(self, order: Order) -> datetime:
        """requestedSendTime: when the notification should be sent to recipient."""
        return order.requested_send_time

    def condition_time(self, order: Order) -> datetime:
        """The condition to send is asked for when the order is due, and no sooner."""
        return self.start_time(order)

    def condition_url(self, order: Order) -> str | None:
        """conditionEndpoint: the URL to use when checking whether the condition is met."""
        return order.condition_endpoint

    def condition_method(self) -> str:
        """The endpoint is read, nothing is sent to it."""
        return "GET"

    def condition_body(self) -> bytes | None:
        """What is sent along."""
        return None

    def condition_tries(self) -> int:
        """How often an endpoint is asked that does not answer."""
        return 2

    def condition_met(self, status: int, body: bytes) -> bool | None:
        """What the endpoint says; None when its answer cannot be used."""
        try:
            met = json.loads(body)["sendNotification"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return None
        return met if status == HTTPStatus.OK and isinstance(met, bool) else None

    def sends_without_condition(self) -> bool:
        """When the endpoint fails every time."""
        return True

    # To whom

    def generate(self, order: Order) -> list[Notification]:
        """All notifications of an order."""
        return [
            notification
            for recipient in order.recipients
            for notification in self.notifications_for(order, recipient)
        ]

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        """One for each address of the recipient, or one that says there is none."""
        party = self.party(recipient)
        addresses = self.addresses_of(order, recipient)
        if not addresses:
            return [self.new_notification(None, party, self.unreachable_status())]
        return [self.new_notification(address, party, statuses.NEW) for address in addresses]

    def addresses_of(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        """Where the emails to one recipient go; nowhere for a reserved person."""
        given = self.given_address(order, recipient)
        if given is not None:
            return (given,)
        if self.is_reserved(recipient) and not self.overrides_reservation(order):
            return ()
        return self.registered_addresses(order, recipient)

    def overrides_reservation(self, order: Order) -> bool:
        """ignoreReservation: overriding KRR reservations when sending to an individual."""
        return bool(order.ignore_reservation)

    def unreachable_status(self) -> str:
        """Not sent because the recipient's email address was not found."""
        return statuses.NOT_IDENTIFIED

    def new_notification(
        self, address: str | None, party: Party | None, status: str
    ) -> Notification:
        """A notification that starts with this status."""
        return Notification(self.new_notification_id(), address, party, status, self.now())

    # What is sent

    def course(self, notification: Notification) -> tuple[str, ...]:
        """The statuses that follow the first one, in order."""
        if notification.address is None:
            return ()
        return (statuses.SENDING, *self.end(notification.address))

    def end(self, address: str) -> tuple[str, ...]:
        """The last statuses, which depend on who takes the mail."""
        domain = address.rpartition("@")[2].lower()
        return ENDS_BY_DOMAIN.get(domain, (statuses.SUCCEEDED, statuses.DELIVERED))

    def sends_mail(self, status: str) -> bool:
        """Whether mail leaves just before a notification gets this status."""
        return status == statuses.DELIVERED

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        """The emails that one notification stands for."""
        template = order.template
        if notification.address is None or not isinstance(template, EmailTemplate):
            return []
        return [self.mail(template, notification.address, notification.party)]

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        """The email that one address gets."""
        return Mail(
            sender=self.setting.sender,
            to=address,
            subject=self.substituted_subject(template.subject, party),
            body=self.substituted_body(template.body, party),
            content_type=self.mail_content_type(template),
            created=self.now(),
        )

    def mail_content_type(self, template: EmailTemplate) -> str:
        """Plain or Html."""
        return template.content_type
