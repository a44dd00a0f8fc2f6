"""Wrong answers to reading an order, or its emails, that does not exist for who asks."""

from conformance.reference.deviations import fault
from conformance.reference.model import Order
from conformance.reference.rules import Rules
from conformance.reference.wire import Answer, Call, Operation, RefusalError

# Nobody has such an order


@fault(breaks="not-found.details")
class UnknownOrderAnswered200(Rules):
    """Reading an order that does not exist is answered 200 with an empty object.

    So is one that is not the caller's, and an id that is no GUID.
    """

    def order_not_found(self, call: Call) -> Answer:
        return self.json_answer(200, {})


@fault(breaks="not-found.details")
class UnknownOrderAnswered204(Rules):
    """Reading an order that does not exist is answered 204 No Content.

    So is one that is not the caller's, and an id that is no GUID.
    """

    def order_not_found(self, call: Call) -> Answer:
        return Answer(204)


@fault(breaks="not-found.details")
class EmptyGuidCrashes(Rules):
    """Reading an order by a GUID of nothing but zeros is answered 500, which no page documents."""

    def order_not_found(self, call: Call) -> Answer:
        is_empty = not call.order_id.strip("0-")
        return Answer(500) if is_empty else super().order_not_found(call)


@fault(breaks="not-found.summary")
class UnknownOrderHasNoEmails(Rules):
    """An order that does not exist has an empty list of emails.

    So has one that is not the caller's, and an id that is no GUID.
    """

    def emails_not_found(self, call: Call) -> Answer:
        nothing = {"orderId": call.order_id, "generated": 0, "succeeded": 0, "notifications": []}
        return self.json_answer(200, nothing)


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
class QuoteInIdCrashes(Rules):
    """Reading an order by an id with a quotation mark in it is answered 500.

    No page documents that code.
    """

    def malformed_id(self, call: Call) -> Answer:
        reads_order = call.operation is Operation.READ_ORDER
        crashes = reads_order and "'" in call.order_id
        return Answer(500) if crashes else super().malformed_id(call)


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
