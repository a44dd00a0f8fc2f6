"""An eighth round: ten areas, one fault in each, as a certification lab would seed them."""

import json
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from itertools import takewhile

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, SmsTemplate
from conformance.reference.moments import parse_moment
from conformance.reference.registers import Organisation, Party
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Value

_AT_ONCE = timedelta(minutes=1)
_ASKED: ContextVar[str | None] = ContextVar("asked", default=None)


@fault(breaks="validation.json-strict")
class TextAfterOrderIgnored(Rules):
    """The body is read up to the end of its first JSON value, whatever follows it.

    As a streaming decoder does: an order with half of another behind it is accepted.
    """

    def decode(self, body: bytes) -> object:
        text = body.decode("utf-8")
        start = len(text) - len(text.lstrip())
        _, end = json.JSONDecoder().raw_decode(text, start)
        return super().decode(text[:end].encode())


@fault(breaks="problem.names-no-other")
class ErrorsPileUp(Rules):
    """``errors`` also names what was wrong with the requests before this one.

    The validator is shared and never empties its list.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._errors: Errors = {}

    def problem_errors(self, errors: Errors) -> Value:
        self._errors = self._errors | errors
        return super().problem_errors(self._errors)


@fault(breaks="lookup.present-for-person")
class ScheduledOrderAnsweredWithoutLookup(Rules):
    """An order for later is accepted without ``recipientLookup``.

    Its recipients are looked up only when it is due.
    """

    def lookup(self, order: Order) -> Value:
        is_for_later = order.requested_send_time - order.created > _AT_ONCE
        return None if is_for_later else super().lookup(order)


@fault(breaks="details.same-after-processing")
class CreatedIsLastSaved(Rules):
    """``created`` moves each time that the order gets a new status.

    The column is set on every save, not on the first.
    """

    def created(self, order: Order) -> Value:
        return self.timestamp(order.changed)


@fault(breaks="summary.own-notifications")
class EmailsFoundBySendersReference(Rules):
    """The summary also counts and lists the emails of other orders with the same reference.

    The emails are joined by ``sendersReference``, which need not be unique.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._orders: list[Order] = []

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        self._orders.append(order)
        return order

    def summary(self, order: Order) -> Json:
        if order.senders_reference is None:
            return super().summary(order)
        key = (order.creator, order.senders_reference)
        same = [each for each in self._orders if (each.creator, each.senders_reference) == key]
        found = [notification for each in same for notification in each.notifications]
        return super().summary(replace(order, notifications=found))


@fault(breaks="delivery.not-early")
class SendTimeByWallClock(Rules):
    """An order is started when the clock of UTC shows its send time, whatever its time zone.

    The order shows the right send time; only the scheduler drops the offset, so that 12:00-05:00
    is sent five hours early.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._wall_clock: dict[str, datetime] = {}

    def order(
        self,
        document: Json,
        creator: str,
        channel: str,
        template: EmailTemplate | SmsTemplate,
    ) -> Order:
        order = super().order(document, creator, channel, template)
        requested = document.get("requestedSendTime")
        wall_clock = parse_moment(f"{requested[:19]}Z") if isinstance(requested, str) else None
        self._wall_clock[order.id] = wall_clock or order.requested_send_time
        return order

    def start_time(self, order: Order) -> datetime:
        return self._wall_clock.get(order.id, order.requested_send_time)


@fault(breaks="keyword.own-values")
class NumberOfOrganisationBefore(Rules):
    """$recipientNumber$ of a person is that of the last organisation before them in the order.

    A variable of the loop over the recipients is set only for organisations.
    """

    _number = ""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        before = takewhile(lambda each: each is not notification, order.notifications)
        parties = [each.party for each in before]
        numbers = [party.number for party in parties if isinstance(party, Organisation)]
        self._number = numbers[-1] if numbers else ""
        return super().mails(order, notification)

    def recipient_number(self, party: Party) -> str:
        return super().recipient_number(party) or self._number


@fault(breaks="auth.order-bearer-as-platform-token")
class AltinnTokenAsPlatformAccessToken(Rules):
    """An Altinn token in the header PlatformAccessToken is accepted, with or without the scope.

    Both headers trust the same keys, and the scope is asked for only in Authorization.
    """

    def platform_claims(self, call: Call, token: str) -> Claims | None:
        return super().platform_claims(call, token) or self.bearer_claims(call, token)

    def platform_organisation(self, call: Call, claims: Claims) -> str | None:
        return super().platform_organisation(call, claims) or self.organisation(call, claims)


@fault(breaks="condition.checked-for-each-order")
class ConditionMetRemembered(Rules):
    """A condition endpoint that once said yes is not asked again for any other order.

    The answers are cached by URL.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._met: set[str | None] = set()

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        _ASKED.set(url)
        return None if url in self._met else url

    def condition_met(self, status: int, body: bytes) -> bool | None:
        met = super().condition_met(status, body)
        if met:
            self._met.add(_ASKED.get())
        return met


@fault(breaks="http.json-accepted")
class PageForBrowsers(Rules):
    """To a client that accepts text/html as well as JSON every body is a page of HTML.

    The framework's browsable API is left on.
    """

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        if not answer.body or "text/html" not in call.headers.get("accept", ""):
            return answer
        page = f"<!DOCTYPE html><pre>{escape(answer.body.decode())}</pre>".encode()
        headers = answer.headers | {"content-type": "text/html; charset=utf-8"}
        return Answer(answer.status, headers, page)
