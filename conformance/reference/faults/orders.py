"""Wrong answers to a right order."""

from conformance.reference.deviations import fault
from conformance.reference.model import Order
from conformance.reference.rules import Rules


@fault(breaks="order.status-202")
class OrderAnswered200(Rules):
    """An accepted order is answered 200 OK."""

    def accepted_status(self) -> int:
        return 200


@fault(breaks="order.location-names-order")
class LocationNamesAnotherOrder(Rules):
    """The Location of an accepted order is the link of an order that does not exist."""

    def location(self, order: Order) -> str | None:
        return f"{self.setting.base_url}/orders/{self.new_id()}"
