"""When an order is worked on, and how its condition is asked for."""

from datetime import datetime, timedelta

from conformance.reference.deviations import variant
from conformance.reference.model import Notification, Order
from conformance.reference.rules import Rules
from conformance.reference.wire import Json

_AHEAD = timedelta(minutes=1)
_LATE = timedelta(seconds=1)


@variant
class GeneratedWhenPlaced(Rules):
    """Notifications are generated when the order is placed, and wait as New for its send time."""

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        order.notifications = super().generate(order)
        return order

    def generate(self, order: Order) -> list[Notification]:
        return []


@variant
class StartedAhead(Rules):
    """An order is started up to a minute before its send time, as a scheduler may."""

    def start_time(self, order: Order) -> datetime:
        return super().start_time(order) - _AHEAD


@variant
class StartedLate(Rules):
    """An order waits a second, minutes of service time, before it is started."""

    def start_time(self, order: Order) -> datetime:
        return super().start_time(order) + _LATE


@variant
class ConditionAskedAhead(Rules):
    """The condition is asked for a minute before the send time."""

    def condition_time(self, order: Order) -> datetime:
        return super().condition_time(order) - _AHEAD


@variant
class ConditionAskedByPost(Rules):
    """The condition endpoint is called with POST; the documents name no method."""

    def condition_method(self) -> str:
        return "POST"


@variant
class ConditionAskedWithBody(Rules):
    """The condition endpoint is called with POST, and told in JSON what asks."""

    def condition_method(self) -> str:
        return "POST"

    def condition_body(self) -> bytes | None:
        return b'{"asks": "the scheduler of notifications"}'


@variant
class ConditionWithPlusForSpace(Rules):
    """A space in the query of the condition endpoint is asked for as a plus sign."""

    def condition_url(self, order: Order) -> str | None:
        path, mark, query = (super().condition_url(order) or "").partition("?")
        return f"{path}{mark}{query.replace('%20', '+')}" or None


@variant
class NothingSentWithoutCondition(Rules):
    """Nothing is sent when the condition endpoint cannot be asked."""

    def sends_without_condition(self) -> bool:
        return False
