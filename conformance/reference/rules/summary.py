"""The answer to reading an order's emails (Get email notifications, Response)."""

from conformance.reference.model import Notification, Order
from conformance.reference.rules.answers import AnswerRules
from conformance.reference.rules.send_statuses import DESCRIPTIONS, SUCCESSES
from conformance.reference.wire import Answer, Json, Value


class SummaryRules(AnswerRules):
    """One method for each member."""

    def emails_found(self, order: Order) -> Answer:
        """The 200."""
        return self.json_answer(200, self.summary(order))

    def summary(self, order: Order) -> Json:
        """EmailNotificationSummaryExt."""
        return self.present(
            {
                "orderId": self.summary_order_id(order),
                "sendersReference": self.summary_senders_reference(order),
                "generated": self.generated(order),
                "succeeded": self.succeeded(order),
                "notifications": self.notifications(order),
            }
        )

    def summary_order_id(self, order: Order) -> Value:
        """orderId: the order that the notifications are related to."""
        return order.id

    def summary_senders_reference(self, order: Order) -> Value:
        """sendersReference, as provided upon the creation of the order."""
        return order.senders_reference

    def generated(self, order: Order) -> Value:
        """The total number of email notifications generated so far."""
        return len(order.notifications)

    def succeeded(self, order: Order) -> Value:
        """The number of email notifications that have been sent successfully so far."""
        return sum(self.is_success(notification.status) for notification in order.notifications)

    def notifications(self, order: Order) -> Value:
        """notifications: the generated ones with their send result."""
        return [self.notification(notification) for notification in order.notifications]

    def notification(self, notification: Notification) -> Value:
        """EmailNotificationWithResult."""
        return {
            "id": self.notification_id(notification),
            "succeeded": self.notification_succeeded(notification),
            "recipient": self.notification_recipient(notification),
            "sendStatus": self.send_status(notification),
        }

    def notification_id(self, notification: Notification) -> Value:
        """id: the ID of the notification."""
        return notification.id

    def notification_succeeded(self, notification: Notification) -> Value:
        """Whether the send status is a successful one."""
        return self.is_success(notification.status)

    def is_success(self, status: str) -> bool:
        """Accepted by the email service, or delivered."""
        return status in SUCCESSES

    def notification_recipient(self, notification: Notification) -> Value:
        """The contact details that the notification is sent to, where there are any."""
        return self.present({"emailAddress": self.used_address(notification)})

    def used_address(self, notification: Notification) -> Value:
        """emailAddress: where the email goes."""
        return notification.address

    def send_status(self, notification: Notification) -> Value:
        """sendStatus: its name, description and time."""
        return {
            "status": self.status_name(notification),
            "description": self.status_description(notification),
            "lastUpdate": self.last_update(notification),
        }

    def status_name(self, notification: Notification) -> Value:
        """status: one of the table."""
        return notification.status

    def status_description(self, notification: Notification) -> Value:
        """description: the text of the table."""
        return self.description(notification.status)

    def description(self, status: str) -> str:
        """The text that the table gives for a status."""
        return DESCRIPTIONS.get(status, "")

    def last_update(self, notification: Notification) -> Value:
        """lastUpdate: when the notification got this status."""
        return self.timestamp(notification.changed)
