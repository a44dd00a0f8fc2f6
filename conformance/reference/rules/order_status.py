"""The status of an order: what ``links.status`` leads to, and what an order may be cancelled in."""

from conformance.reference.model import Order
from conformance.reference.rules.details import DetailsRules
from conformance.reference.rules.problems import ProblemRules
from conformance.reference.wire import Answer, Json, Value

REGISTERED = "Registered"
PROCESSING = "Processing"
COMPLETED = "Completed"
CONDITION_NOT_MET = "SendConditionNotMet"
CANCELLED = "Cancelled"

DESCRIPTIONS = {
    REGISTERED: "The order has been registered and awaits its requested send time.",
    PROCESSING: "The order is being processed; its notifications are being generated.",
    COMPLETED: "The order has been processed; all its notifications have been generated.",
    CONDITION_NOT_MET: "The order was stopped because its send condition was not met.",
    CANCELLED: "The order was cancelled before it was processed.",
}


class StatusRules(DetailsRules, ProblemRules):
    """The status as JSON, and what it permits."""

    def status_found(self, order: Order) -> Answer:
        """The 200 of both reading the status and cancelling."""
        return self.json_answer(200, self.order_status(order))

    def order_status(self, order: Order) -> Json:
        """The order with its processing status."""
        return self.present(
            {
                "id": self.status_id(order),
                "sendersReference": order.senders_reference,
                "requestedSendTime": self.requested_send_time(order),
                "created": self.created(order),
                "creator": self.creator(order),
                "notificationChannel": self.notification_channel(order),
                "processingStatus": self.processing_status(order),
            }
        )

    def status_id(self, order: Order) -> Value:
        """id: the order that the link belongs to."""
        return order.id

    def processing_status(self, order: Order) -> Value:
        """processingStatus: its name, description and time."""
        return {
            "status": order.status,
            "description": DESCRIPTIONS[order.status],
            "lastUpdate": self.timestamp(order.changed),
        }

    def may_cancel(self, order: Order) -> bool:
        """Until processing begins; to cancel twice is to cancel."""
        return order.status in (REGISTERED, CANCELLED)

    def too_late_to_cancel(self, order: Order) -> Answer:
        """The 409, with problem details."""
        problem: Json = {
            "type": "https://tools.ietf.org/html/rfc7231#section-6.5.8",
            "title": "Order cannot be cancelled.",
            "status": 409,
            "detail": f"The order is {order.status}.",
            "traceId": self.trace_id(),
        }
        return Answer(409, {"content-type": self.problem_media_type()}, self.encode(problem))
