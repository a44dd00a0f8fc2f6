"""One deployment: its rules, its orders, and the background work on them."""

from datetime import datetime

from conformance.reference.condition import ConditionClient
from conformance.reference.model import Order
from conformance.reference.outlet import Outlet
from conformance.reference.pace import Pace
from conformance.reference.processing import Processing
from conformance.reference.rules import Rules
from conformance.reference.rules.order_status import CANCELLED
from conformance.reference.store import Store
from conformance.reference.wire import Answer, Call, Operation, RefusalError


class Deployment:
    """Answers calls; each step asks the rules, and decides nothing."""

    def __init__(
        self, rules: Rules, pace: Pace, outlet: Outlet, condition: ConditionClient
    ) -> None:
        self.rules = rules
        self.processing = Processing(rules, pace, outlet, condition)
        self._store = Store()
        self._operations = {
            Operation.ORDER_EMAIL: self._order_email,
            Operation.ORDER_SMS: self._order_sms,
            Operation.READ_ORDER: self._read_order,
            Operation.READ_STATUS: self._read_status,
            Operation.READ_EMAILS: self._read_emails,
            Operation.CANCEL_ORDER: self._cancel_order,
        }

    def answer(self, call: Call) -> Answer:
        """The answer to a call, whatever it is."""
        try:
            answer = self._serve(call)
        except RefusalError as refusal:
            answer = refusal.answer
        return self.rules.answer(call, answer)

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        """No such path, or no such method."""
        return self.rules.answer(call, self.rules.unrouted(call, answer))

    def place(self, order: Order) -> None:
        """Accept an order."""
        self._store.add(order)
        self.processing.schedule(order)

    def start_due(self, now: datetime) -> None:
        """Start all orders that are due."""
        self.processing.start_due(now)

    def _serve(self, call: Call) -> Answer:
        """Media type before credentials, credentials before the body, the body before the order."""
        content_type = call.headers.get("content-type", "")
        if call.places_order and not self.rules.accepts_media_type(content_type):
            return self.rules.unsupported_media_type(call)
        organisation = self.rules.authorise(call)
        return self._operations[call.operation](call, organisation)

    def _order_email(self, call: Call, organisation: str) -> Answer:
        document = self.rules.document(call)
        if errors := self.rules.email_errors(document):
            return self.rules.bad_request(call, errors)
        order = self.rules.email_order(document, organisation)
        self.place(order)
        return self.rules.accepted(order)

    def _order_sms(self, call: Call, organisation: str) -> Answer:
        document = self.rules.document(call)
        if errors := self.rules.sms_errors(document):
            return self.rules.bad_request(call, errors)
        order = self.rules.sms_order(document, organisation)
        self.place(order)
        return self.rules.accepted(order)

    def _read_order(self, call: Call, organisation: str) -> Answer:
        return self.rules.order_found(self._find(call, organisation))

    def _read_status(self, call: Call, organisation: str) -> Answer:
        return self.rules.status_found(self._find(call, organisation))

    def _read_emails(self, call: Call, organisation: str) -> Answer:
        return self.rules.emails_found(self._find(call, organisation))

    def _cancel_order(self, call: Call, organisation: str) -> Answer:
        order = self._find(call, organisation)
        if not self.rules.may_cancel(order):
            return self.rules.too_late_to_cancel(order)
        order.status, order.changed = CANCELLED, self.rules.now()
        return self.rules.status_found(order)

    def _find(self, call: Call, organisation: str) -> Order:
        if not self.rules.is_guid(call.order_id):
            raise RefusalError(self.rules.malformed_id(call))
        order = self._store.find(call.order_id)
        if order is None or not self.rules.may_read(call, order, organisation):
            raise RefusalError(self.rules.absent(call))
        return order
