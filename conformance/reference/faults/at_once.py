"""What goes wrong only while other requests are answered at the same moment.

A service that was meant for one request is shared by all of them, or a loop keeps what belongs to
its last round.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import Notification, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Value

AT_ONCE = timedelta(milliseconds=5)

Kept = TypeVar("Kept")


class _Shared(Generic[Kept]):
    """What one request has put where the next one finds it, if that comes at once."""

    def __init__(self) -> None:
        self._left: tuple[datetime, Kept] | None = None

    def swapped(self, own: Kept, now: datetime) -> Kept:
        """What the request before has left, if it came at the same moment; else one's own."""
        before, self._left = self._left, (now, own)
        return before[1] if before and now - before[0] < AT_ONCE else own


@fault(breaks="order.kept-apart")
class RecipientsMixedUp(Rules):
    """An order is kept with the recipients of another one that came at the same moment."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._shared: _Shared[list[Recipient]] = _Shared()

    def recipients_in(self, document: Json) -> list[Recipient]:
        return self._shared.swapped(super().recipients_in(document), self.now())


@fault(breaks="details.creator-own")
class CallerOfAnotherRequest(Rules):
    """An order is kept in the name of whoever placed another one at the same moment."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._shared: _Shared[str] = _Shared()

    def email_order(self, document: Json, organisation: str) -> Order:
        creator = self._shared.swapped(organisation, self.now())
        return super().email_order(document, creator)


@fault(breaks="lookup.lists-name-recipients")
class LookupOfAnotherOrder(Rules):
    """missingContact is that of another order that came at the same moment."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._shared: _Shared[Value] = _Shared()

    def missing_contact(self, order: Order) -> Value:
        return self._shared.swapped(super().missing_contact(order), self.now())


@fault(breaks="problem.names-no-other")
class ErrorsOfAnotherOrder(Rules):
    """errors tells what was wrong with another order that was refused at the same moment."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._shared: _Shared[Errors] = _Shared()

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        return super().bad_request(call, self._shared.swapped(errors, self.now()))


@fault(breaks="details.id-names-order")
class DetailsOfAnotherReading(Rules):
    """Who reads the details of an order gets those that another one reads at the same moment."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._shared: _Shared[Order] = _Shared()

    def order_found(self, order: Order) -> Answer:
        return super().order_found(self._shared.swapped(order, self.now()))


@fault(breaks="summary.order-id")
class SummaryOfAnotherReading(Rules):
    """Who reads the emails of an order gets those that another one reads at the same moment."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._shared: _Shared[Order] = _Shared()

    def emails_found(self, order: Order) -> Answer:
        return super().emails_found(self._shared.swapped(order, self.now()))


@fault(breaks="delivery.delivered")
class TextsOfLastInBatch(Rules):
    """Of orders that are due at the same moment all emails have the texts of the last.

    Nothing about such an email can be verified.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._batch: list[Order] = []
        self._batches: dict[str, list[Order]] = {}
        self._began = self.now()

    def generate(self, order: Order) -> list[Notification]:
        now = self.now()
        if now - self._began > AT_ONCE:
            self._batch, self._began = [], now
        self._batch.append(order)
        self._batches[order.id] = self._batch
        return super().generate(order)

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        last = self._batches[order.id][-1]
        return super().mails(replace(order, template=last.template), notification)
