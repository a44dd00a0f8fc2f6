"""Wrong answers to reading an order, or its emails, that does not exist for who asks."""

import re

from conformance.reference.deviations import fault
from conformance.reference.model import Order
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Operation, RefusalError


class _Remembering(Rules):
    """Keeps the orders in the order of their placing, so that a wrong one can be found."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._placed: list[Order] = []

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        self._placed.append(order)
        return order


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


@fault(breaks="not-found.details")
class IdComparedButForLastDigit(_Remembering):
    """The details of an order are found by an id whose last digit is another."""

    def order_not_found(self, call: Call) -> Answer:
        others = [each for each in self._placed if each.id != call.order_id]
        like = [each for each in others if each.id[:-1] == call.order_id[:-1]]
        return self.order_found(like[0]) if like else super().order_not_found(call)


@fault(breaks="not-found.summary")
class EmailsFoundByStartOfId(_Remembering):
    """The emails of an order are found by an id that begins with the same eight digits."""

    def emails_not_found(self, call: Call) -> Answer:
        others = [each for each in self._placed if each.id != call.order_id]
        like = [each for each in others if each.id[:8] == call.order_id[:8]]
        is_found = like and self.is_guid(call.order_id)
        return self.emails_found(like[0]) if is_found else super().emails_not_found(call)


@fault(breaks="not-found.details-notification-id")
class OrderFoundByNotification(_Remembering):
    """The details of an order are found by the id of one of its emails as well."""

    def order_not_found(self, call: Call) -> Answer:
        for order in self._placed:
            if call.order_id in [each.id for each in order.notifications]:
                return self.order_found(order)
        return super().order_not_found(call)


@fault(breaks="not-found.summary-notification-id")
class EmailsFoundByNotification(_Remembering):
    """The emails of an order are found by the id of one of them as well."""

    def emails_not_found(self, call: Call) -> Answer:
        for order in self._placed:
            if call.order_id in [each.id for each in order.notifications]:
                return self.emails_found(order)
        return super().emails_not_found(call)


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


@fault(breaks="not-found.details-malformed-id")
class DigitsBehindIdIgnored(_Remembering):
    """What stands behind the thirty-six characters of an id is not read."""

    def malformed_id(self, call: Call) -> Answer:
        found = [each for each in self._placed if call.order_id.startswith(each.id)]
        is_reading = call.operation is Operation.READ_ORDER and found
        return self.order_found(found[0]) if is_reading else super().malformed_id(call)


@fault(breaks="not-found.summary-malformed-id")
class UnderscoresMatchAnyDigit(_Remembering):
    """An underscore in an id stands for any digit, as in a query to a database."""

    def malformed_id(self, call: Call) -> Answer:
        pattern = re.compile(re.escape(call.order_id).replace("_", "."))
        found = [each for each in self._placed if pattern.fullmatch(each.id)]
        is_reading = call.operation is Operation.READ_EMAILS and found
        return self.emails_found(found[0]) if is_reading else super().malformed_id(call)


@fault(breaks="not-found.summary-malformed-id")
class SpaceForIdCrashes(Rules):
    """Reading the emails of an id that is a space is answered 500, which no page documents."""

    def malformed_id(self, call: Call) -> Answer:
        crashes = call.operation is Operation.READ_EMAILS and not call.order_id.strip()
        return Answer(500) if crashes else super().malformed_id(call)


@fault(breaks="not-found.details-malformed-id")
class IdCutShortIsCompleted(_Remembering):
    """The details of the one order whose id begins like this are found by an id cut short."""

    def malformed_id(self, call: Call) -> Answer:
        found = [each for each in self._placed if each.id.startswith(call.order_id)]
        is_reading = call.operation is Operation.READ_ORDER and len(found) == 1
        return self.order_found(found[0]) if is_reading else super().malformed_id(call)


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
class ReadByOneReadByAll(Rules):
    """An order that its owner has read can be read by every organisation, from a cache."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._read: set[str] = set()

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        readable = super().may_read(call, order, organisation)
        if readable and call.operation is Operation.READ_ORDER:
            self._read.add(order.id)
        return readable or (call.operation is Operation.READ_ORDER and order.id in self._read)


@fault(breaks="not-found.details-foreign")
class ForeignOrderForbidden(Rules):
    """Reading an order of another organisation is answered 403, which tells that it exists."""

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        readable = super().may_read(call, order, organisation)
        if not readable and call.operation is Operation.READ_ORDER:
            raise RefusalError(self.forbidden(call))
        return readable


@fault(breaks="not-found.summary-foreign")
class ForeignEmailsAreNone(Rules):
    """The emails of another organisation's order are answered 200, as a list of none."""

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        readable = super().may_read(call, order, organisation)
        if not readable and call.operation is Operation.READ_EMAILS:
            nothing = {"orderId": order.id, "generated": 0, "succeeded": 0, "notifications": []}
            raise RefusalError(self.json_answer(200, nothing))
        return readable


@fault(breaks="not-found.summary-foreign")
class ForeignEmailsReadable(Rules):
    """An organisation can read the emails of another one."""

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        readable = super().may_read(call, order, organisation)
        return readable or call.operation is Operation.READ_EMAILS
