"""Wrong answers to reading an order, or its emails, that does not exist for who asks."""

from conformance.reference.deviations import fault
from conformance.reference.model import Order
from conformance.reference.rules import Rules
from conformance.reference.wire import Answer, Call, Operation, RefusalError

# Nobody has such an order


@fault(breaks="not-found.details")
class UnknownOrderAnswered200(Rules):
    """Reading an order that does not exist is answered 200 with an empty object."""

    def order_not_found(self, call: Call) -> Answer:
        return self.json_answer(200, {})


@fault(breaks="not-found.details")
class UnknownOrderAnswered204(Rules):
    """Reading an order that does not exist is answered 204 No Content."""

    def order_not_found(self, call: Call) -> Answer:
        return Answer(204)


@fault(breaks="not-found.summary")
class UnknownOrderHasNoEmails(Rules):
    """An order that does not exist has an empty list of emails."""

    def emails_not_found(self, call: Call) -> Answer:
        nothing = {"orderId": call.order_id, "generated": 0, "succeeded": 0, "notifications": []}
        return self.json_answer(200, nothing)


@fault(breaks="not-found.summary")
class EmailsOfUnknownOrderCrash(Rules):
    """Reading the emails of an order that does not exist is answered 500.

    No page documents that code.
    """

    def emails_not_found(self, call: Call) -> Answer:
        return Answer(500)


@fault(breaks="not-found.details-body")
class NotFoundHoldsEmptyOrder(Rules):
    """The 404 to an unknown order carries an order without content."""

    def order_not_found(self, call: Call) -> Answer:
        return self.json_answer(404, {"id": call.order_id, "recipients": []})


@fault(breaks="not-found.details-body")
class NotFoundSays200(Rules):
    """The problem details of the 404 to an unknown order state the status 200."""

    def order_not_found(self, call: Call) -> Answer:
        return self.json_answer(404, {"title": "Not Found", "status": 200})


@fault(breaks="not-found.summary-body")
class NotFoundHoldsEmptySummary(Rules):
    """The 404 to the emails of an unknown order carries a summary without content."""

    def emails_not_found(self, call: Call) -> Answer:
        return self.json_answer(404, {"orderId": call.order_id, "notifications": []})


@fault(breaks="not-found.summary-body")
class NotFoundIsList(Rules):
    """The 404 to the emails of an unknown order carries an empty list."""

    def emails_not_found(self, call: Call) -> Answer:
        return self.json_answer(404, [])


# It cannot be the id of an order


@fault(breaks="not-found.details-malformed-id")
class MalformedIdCrashes(Rules):
    """Reading an order by an id that is no GUID is answered 500, which no page documents."""

    def malformed_id(self, call: Call) -> Answer:
        return Answer(500) if call.operation is Operation.READ_ORDER else super().malformed_id(call)


@fault(breaks="not-found.details-malformed-id")
class MalformedIdAnswered422(Rules):
    """Reading an order by an id that is no GUID is answered 422, which no page documents."""

    def malformed_id(self, call: Call) -> Answer:
        return Answer(422) if call.operation is Operation.READ_ORDER else super().malformed_id(call)


@fault(breaks="not-found.summary-malformed-id")
class MalformedIdHasNoEmails(Rules):
    """An id that is no GUID has an empty list of emails."""

    def malformed_id(self, call: Call) -> Answer:
        if call.operation is not Operation.READ_EMAILS:
            return super().malformed_id(call)
        nothing = {"orderId": call.order_id, "generated": 0, "succeeded": 0, "notifications": []}
        return self.json_answer(200, nothing)


@fault(breaks="not-found.summary-malformed-id")
class EmailsOfMalformedIdCrash(Rules):
    """Reading the emails of an id that is no GUID is answered 500, which no page documents."""

    def malformed_id(self, call: Call) -> Answer:
        if call.operation is Operation.READ_EMAILS:
            return Answer(500)
        return super().malformed_id(call)


# Another organisation has it


@fault(breaks="not-found.details-foreign")
class ForeignOrderReadable(Rules):
    """An organisation can read the orders of another one."""

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        return call.operation is Operation.READ_ORDER or super().may_read(call, order, organisation)


@fault(breaks="not-found.details-foreign")
class ForeignOrderForbidden(Rules):
    """Reading an order of another organisation is answered 403, which tells that it exists."""

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        readable = super().may_read(call, order, organisation)
        if not readable and call.operation is Operation.READ_ORDER:
            raise RefusalError(self.forbidden(call))
        return readable


@fault(breaks="not-found.summary-foreign")
class ForeignEmailsReadable(Rules):
    """An organisation can read the emails of another one."""

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        readable = super().may_read(call, order, organisation)
        return readable or call.operation is Operation.READ_EMAILS


@fault(breaks="not-found.summary-foreign")
class ForeignEmailsForbidden(Rules):
    """Reading the emails of another organisation is answered 403, which tells of the order."""

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        readable = super().may_read(call, order, organisation)
        if not readable and call.operation is Operation.READ_EMAILS:
            raise RefusalError(self.forbidden(call))
        return readable
