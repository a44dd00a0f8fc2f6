"""Wrong answers to a right order that is accepted."""

import json
import uuid
from datetime import timedelta

from conformance.reference.deviations import fault
from conformance.reference.model import Order
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Json, Value

AT_ONCE = timedelta(milliseconds=5)


@fault(breaks="order.status-202")
class OrderAnswered200(Rules):
    """An accepted order is answered 200 OK."""

    def accepted_status(self) -> int:
        return 200


@fault(breaks="order.status-202")
class LookupAnswered201(Rules):
    """An accepted order with a recipient given by number is answered 201 Created."""

    def accepted(self, order: Order) -> Answer:
        answer = super().accepted(order)
        if self.requires_lookup(order):
            answer.status = 201
        return answer


@fault(breaks="order.media-type-json")
class ReceiptAsText(Rules):
    """The JSON that answers an accepted order calls itself text/plain."""

    def accepted(self, order: Order) -> Answer:
        answer = super().accepted(order)
        answer.headers["content-type"] = "text/plain; charset=utf-8"
        return answer


@fault(breaks="order.media-type-json")
class ReceiptBeginsWithByteOrderMark(Rules):
    """A byte order mark, which JSON must not have, precedes the answer to an accepted order."""

    def accepted(self, order: Order) -> Answer:
        answer = super().accepted(order)
        answer.body = b"\xef\xbb\xbf" + answer.body
        return answer


@fault(breaks="order.id-is-guid")
class OrderIdWithoutHyphens(Rules):
    """The orderId of an accepted order is spelled without hyphens.

    Nothing that needs the id of an order can be verified.
    """

    def order_id(self, order: Order) -> Value:
        return order.id.replace("-", "")


@fault(breaks="order.ids-distinct")
class IdenticalOrdersShareId(Rules):
    """An order that is identical to an earlier one gets the id of that one."""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        order.id = str(uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(document)))
        return order


@fault(breaks="order.ids-distinct")
class RepeatsAtOnceShareId(Rules):
    """An order that repeats another which came at the same moment gets the id of that one."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._before: Order | None = None

    def email_order(self, document: Json, organisation: str) -> Order:
        order, before = super().email_order(document, organisation), self._before
        is_repeat = before is not None and before.template == order.template
        if before and is_repeat and order.created - before.created < AT_ONCE:
            order.id = before.id
        self._before = order
        return order


@fault(breaks="order.kept-apart")
class ReceiptsMixedUp(Rules):
    """An order is answered with the receipt of another one that came at the same moment."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._before: Order | None = None

    def accepted(self, order: Order) -> Answer:
        before, self._before = self._before, order
        mixed_up = before is not None and order.created - before.created < AT_ONCE
        return super().accepted(before if before and mixed_up else order)


@fault(breaks="order.senders-reference-reusable")
class ReferenceIsIdempotencyKey(Rules):
    """An order with the sendersReference of an earlier one gets the id of that one."""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        if order.senders_reference:
            order.id = str(uuid.uuid5(uuid.NAMESPACE_OID, order.senders_reference))
        return order


# Location


@fault(breaks="order.location-present")
class LocationMissing(Rules):
    """An accepted order is answered without Location."""

    def location(self, order: Order) -> str | None:
        return None


@fault(breaks="order.location-present")
class LocationWithoutScheme(Rules):
    """The Location of an accepted order begins with the host instead of https or http."""

    def location(self, order: Order) -> str | None:
        return f"{self.setting.base_url}/orders/{order.id}".partition("://")[2]


@fault(breaks="order.location-present")
class LocationMissingBesideLookup(Rules):
    """An accepted order with a recipient given by number is answered without Location."""

    def location(self, order: Order) -> str | None:
        return None if self.requires_lookup(order) else super().location(order)


@fault(breaks="order.location-names-order")
class LocationNamesAnotherOrder(Rules):
    """The Location of an accepted order is the link of an order that does not exist.

    It can be followed no more than it is the self link.
    """

    def location(self, order: Order) -> str | None:
        return f"{self.setting.base_url}/orders/{self.new_id()}"


@fault(breaks="order.location-names-order")
class LocationIsStatusLink(Rules):
    """The Location of an accepted order leads to its status, so that it is not the self link."""

    def location(self, order: Order) -> str | None:
        return f"{self.setting.base_url}/orders/{order.id}/status"


@fault(breaks="order.location-names-order")
class LocationInSingular(Rules):
    """The path of Location says /order/ where every other says /orders/.

    It can be followed no more than it is the self link.
    """

    def location(self, order: Order) -> str | None:
        return f"{self.setting.base_url}/order/{order.id}"


@fault(breaks="order.location-works")
class LocationWithoutBasePath(Rules):
    """Location lacks the path that the API lies at behind its gateway, as the self link does not.

    It follows that the two differ.
    """

    def location(self, order: Order) -> str | None:
        origin = self.setting.base_url.removesuffix("/notifications/api/v1")
        return f"{origin}/orders/{order.id}"
