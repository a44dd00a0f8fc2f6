"""The answer to an accepted order (Send email notifications, Response)."""

from conformance.reference.model import Order
from conformance.reference.rules.answers import AnswerRules
from conformance.reference.rules.lookup import LookupRules
from conformance.reference.wire import Answer, Json, Value


class ReceiptRules(LookupRules, AnswerRules):
    """The parts of the 202."""

    def accepted(self, order: Order) -> Answer:
        """The 202."""
        answer = self.json_answer(self.accepted_status(), self.receipt(order))
        location = self.location(order)
        if location is not None:
            answer.headers["location"] = location
        return answer

    def accepted_status(self) -> int:
        """202 Accepted."""
        return 202

    def location(self, order: Order) -> str | None:
        """Location: the self link for the generated notification order."""
        return f"{self.setting.base_url}/orders/{order.id}"

    def receipt(self, order: Order) -> Json:
        """NotificationOrderRequestResponseExt."""
        lookup = self.lookup(order)
        return self.present({"orderId": self.order_id(order), "recipientLookup": lookup})

    def order_id(self, order: Order) -> Value:
        """orderId: the generated ID for the notification order."""
        return order.id
