"""Wrong answers to reading an order or its emails."""

from conformance.reference.deviations import fault
from conformance.reference.rules import Rules
from conformance.reference.wire import Answer, Call


@fault(breaks="not-found.details")
class UnknownOrderAnswered200(Rules):
    """Reading an order that does not exist is answered 200 with an empty object."""

    def order_not_found(self, call: Call) -> Answer:
        return self.json_answer(200, {})
