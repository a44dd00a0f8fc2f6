"""The orders of one deployment, in memory."""

from conformance.reference.model import Order


class Store:
    """Finds orders by id."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}

    def add(self, order: Order) -> None:
        """Keep an order."""
        self._orders[order.id.lower()] = order

    def find(self, order_id: str) -> Order | None:
        """A GUID names the same order in either case."""
        return self._orders.get(order_id.lower())
