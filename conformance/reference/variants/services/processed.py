"""Services by how they store and process orders."""

import time
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta

from conformance.reference.deviations import variant
from conformance.reference.model import Notification, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.rules.order_status import CONDITION_NOT_MET
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.variants.services.spelling import sentences
from conformance.reference.wire import Answer, Call, Json, Value


@variant
class TransactionalOutbox(Rules):
    """The emails of an order are rows of an outbox, written with the order itself.

    They are New ("has been created, but has not been picked up") until the order is due, and no
    email leaves before; when the condition is not met they are Failed ("was not sent"). A row is
    changed by each attempt, so lastUpdate goes on while the status stays. The lookup of a person
    whose reservation is overridden is a success, though the person is listed.
    """

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        order.notifications = super().generate(order)
        return order

    def generate(self, order: Order) -> list[Notification]:
        return []

    def notifications(self, order: Order) -> Value:
        if order.status == CONDITION_NOT_MET:
            for row in order.notifications:
                if row.status == statuses.NEW:
                    row.status, row.changed = statuses.FAILED, order.changed
        return super().notifications(order)

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        return (statuses.SENDING,) * 3 + course if course else ()

    def is_unreachable(self, order: Order, recipient: Recipient) -> bool:
        overridden = self.is_reserved(recipient) and self.overrides_reservation(order)
        return super().is_unreachable(order, recipient) and (
            not overridden or self.lacks_contact(order, recipient)
        )


@variant
class MinuteSlots(Rules):
    """Orders are put into slots of one minute, emails into a queue with retries.

    An order without a send time belongs to the minute that has begun (the default is judged within
    two minutes); a slot is opened up to a minute before its time; an overloaded relay lets an email
    be Sending for minutes, each attempt with its lastUpdate. The slips of the pen in the
    descriptions of statuses are mended.
    """

    def order_default(self, order: Order) -> Order:
        order.requested_send_time = order.created.replace(second=0, microsecond=0)
        return order

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        return order if document.get("requestedSendTime") else self.order_default(order)

    def start_time(self, order: Order) -> datetime:
        return super().start_time(order) - timedelta(seconds=55)

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        return (statuses.SENDING,) * 5 + course[1:] if course else ()

    def description(self, status: str) -> str:
        text = super().description(status)
        return text.replace("was was", "was").replace("phising", "phishing")


@variant
class ReadModel(Rules):
    """Commands and queries apart: what is read is a projection, brought up to date in steps.

    Emails are generated one after another, so "generated so far" grows while the first is already
    delivered; the summary is as old as its snapshot, a moment; order and numbers agree in each
    snapshot, and everything is there within the five minutes in which an order settles.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._snapshots: dict[str, tuple[float, Answer]] = {}
        self._projected: dict[str, float] = {}

    def generate(self, order: Order) -> list[Notification]:
        notifications = super().generate(order)
        for position, notification in enumerate(notifications):
            delay = 0.45 * position / len(notifications)
            self._projected[notification.id] = time.monotonic() + delay
        return notifications

    def _known(self, order: Order) -> Order:
        known = [n for n in order.notifications if self._projected[n.id] <= time.monotonic()]
        return replace(order, notifications=known)

    def emails_found(self, order: Order) -> Answer:
        taken, answer = self._snapshots.get(order.id, (0.0, None))
        if answer is None or time.monotonic() - taken > 0.1:
            answer = super().emails_found(self._known(order))
            self._snapshots[order.id] = (time.monotonic(), answer)
        return deepcopy(answer)

    def details(self, order: Order) -> Json:
        return super().details(order) | {"version": 3}


@variant
class BackToTheQueue(Rules):
    """A transient error of the provider puts an email back: Sending becomes New once more.

    It then "has not been picked up for processing yet"; no sentence says that a status is had only
    once. The provider is busy at the first attempt for each email, and the second succeeds.
    """

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        return (statuses.SENDING, statuses.NEW, *course) if course else ()


@variant
class ProblemClass(Rules):
    """A 400 is written from a class, of which each member that has no value is null.

    "The error message in the detail property"; errors and instance are null, which tells as little
    as if they were absent; what is wrong stands in a sentence, in Norwegian.
    """

    def problem(self, errors: Errors) -> Json:
        members = ", ".join(member for member, _ in sentences(errors))
        return {
            "title": "Ugyldig bestilling",
            "status": 400,
            "detail": f"Bestillingen er ikke gyldig: kontroller {members}.",
            "instance": None,
            "errors": None,
            "type": "about:blank",
            "traceId": self.trace_id(),
        }


@variant
class TwoInstances(Rules):
    """Two instances whose clocks are a second and a half apart, behind one load balancer.

    So what happened later may have the earlier time ("within 2 minutes, no order"), and each names
    itself in an affinity cookie.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._turn = 0

    def now(self) -> datetime:
        self._turn += 1
        return super().now() + timedelta(seconds=0.75 if self._turn % 2 else -0.75)

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers["set-cookie"] = f"SERVERID=varsling-{self._turn % 2}; Path=/"
        return answer
