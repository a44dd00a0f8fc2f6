"""Conditions that are not asked for, not heeded, or asked for too early."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote, unquote, urlsplit

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import Notification, Order
from conformance.reference.rules import Rules
from conformance.reference.rules.order_status import CONDITION_NOT_MET
from conformance.reference.setting import Setting
from conformance.reference.wire import Call, Operation


@fault(breaks="condition.checked")
class ConditionNeverChecked(Rules):
    """Orders are sent without asking their conditionEndpoint.

    That breaks condition.not-met-not-sent, too.
    """

    def condition_url(self, order: Order) -> str | None:
        return None


@fault(breaks="condition.nothing-sent-early")
class ConditionalOrdersAtOnce(Rules):
    """The scheduler takes every order with a conditionEndpoint for due: AND binds before OR."""

    def start_time(self, order: Order) -> datetime:
        return order.created if order.condition_endpoint else super().start_time(order)


@fault(breaks="condition.url-as-ordered")
class ConditionSlashTrimmed(Rules):
    """The slash at the end of a conditionEndpoint is cut off before it is called."""

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and url.rstrip("/")


@fault(breaks="condition.met-text")
class KeywordsStayWithConditions(Rules):
    """In the emails of an order with a conditionEndpoint keywords are not replaced."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        party = None if order.condition_endpoint else notification.party
        return super().mails(order, replace(notification, party=party))


@fault(breaks="condition.met-once")
class EmailTwiceWithCondition(Rules):
    """The step that asks the condition sends the email, and so does the step behind it."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        return mails if order.condition_endpoint is None else mails * 2


@fault(breaks="condition.checked")
class FirstConditionNotChecked(Rules):
    """The first order with a conditionEndpoint is sent without asking it."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._is_first = True

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None or not self._is_first:
            return url
        self._is_first = False
        return None


@fault(breaks="condition.checked")
class ConditionCheckedAtRoot(Rules):
    """The root of the host is asked instead of the conditionEndpoint, and not sent upon its no.

    That breaks condition.met-sent, too.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return None if url is None else f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/"


@fault(breaks="condition.url-as-ordered")
class ConditionWithoutQuery(Rules):
    """The conditionEndpoint is asked without its query.

    Which of two that differ in it was meant then nobody knows: that breaks condition.own-answer
    and condition.checked-for-each-order, too.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and url.partition("?")[0]


@fault(breaks="condition.url-as-ordered")
class ConditionQueryDecoded(Rules):
    """What is escaped in the query of the conditionEndpoint is asked for unescaped."""

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and unquote(url)


@fault(breaks="condition.url-as-ordered")
class ConditionEscapedTwice(Rules):
    """What is escaped in the conditionEndpoint is asked for escaped once more."""

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and url.replace("%", "%25")


@fault(breaks="condition.url-as-ordered")
class ConditionInLowerCase(Rules):
    """The conditionEndpoint is asked in lower case, of which its host alone knows no difference."""

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and url.lower()


@fault(breaks="condition.url-as-ordered")
class ConditionPathDecoded(Rules):
    """The path of a conditionEndpoint is decoded and encoded again: %2F becomes a slash."""

    def condition_url(self, order: Order) -> str | None:
        parts = urlsplit(super().condition_url(order) or "")
        return parts._replace(path=quote(unquote(parts.path))).geturl() or None


@fault(breaks="condition.checked-for-each-order")
class ConditionRememberedByUrl(Rules):
    """A conditionEndpoint is asked for the first order that names it, and holds for the others."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._asked: set[str] = set()

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None or url in self._asked:
            return None
        self._asked.add(url)
        return url


@fault(breaks="condition.own-answer")
class ConditionRememberedByPath(Rules):
    """Of conditionEndpoints that differ in their query only the first is asked for all.

    That breaks condition.checked-for-each-order, too, unless the first is that of both orders.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._first: dict[str, str] = {}

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and self._first.setdefault(url.partition("?")[0], url)


@fault(breaks="condition.not-met-not-sent")
class NoTakenForFailure(Rules):
    """A conditionEndpoint that says no counts as failed, and the order is sent anyway."""

    def condition_met(self, status: int, body: bytes) -> bool | None:
        return super().condition_met(status, body) or None


@fault(breaks="condition.not-met-not-sent")
class AnyAnswerIsYes(Rules):
    """A conditionEndpoint that answers 200 has said yes, whatever the body."""

    def condition_met(self, status: int, body: bytes) -> bool | None:
        return True if status == HTTPStatus.OK else super().condition_met(status, body)


@fault(breaks="condition.not-met-not-sent")
class ConditionCheckedOnceForHost(Rules):
    """After its first order with a condition a host is trusted, and not asked again."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._trusted: set[str] = set()

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None or urlsplit(url).netloc in self._trusted:
            return None
        self._trusted.add(urlsplit(url).netloc)
        return url


@fault(breaks="condition.met-sent")
class YesMustBeText(Rules):
    """Only the text "true" is a yes, so that no order with a condition is ever sent."""

    def condition_met(self, status: int, body: bytes) -> bool | None:
        met = super().condition_met(status, body)
        return None if met is None else False


@fault(breaks="condition.met-sent")
class ConditionalOrderTwice(Rules):
    """An order whose condition is met lists each of its notifications twice."""

    def generate(self, order: Order) -> list[Notification]:
        generated = super().generate(order)
        again = super().generate(order) if order.condition_endpoint else []
        return [*generated, *again]


@fault(breaks="condition.met-delivered")
class ConditionalMailKept(Rules):
    """An order whose condition is met goes through all statuses, but its email never leaves."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        return [] if order.condition_endpoint else super().mails(order, notification)


@fault(breaks="condition.not-met-not-delivered")
class ConditionAskedButNotHeeded(Rules):
    """The conditionEndpoint is asked, and the order sent whatever it says.

    That breaks condition.not-met-not-sent, too.
    """

    def condition_met(self, status: int, body: bytes) -> bool | None:
        return True


@fault(breaks="condition.checked-when-due")
class ConditionCheckedWhenPlaced(Rules):
    """The conditionEndpoint is asked as soon as an order is placed, weeks ahead of its time."""

    def condition_time(self, order: Order) -> datetime:
        return order.created


@fault(breaks="condition.not-met-summary-found")
class UnmetSummaryNotFound(Rules):
    """An order whose condition was not met has no summary: it is answered 404."""

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        is_there = call.operation is not Operation.READ_EMAILS or order.status != CONDITION_NOT_MET
        return is_there and super().may_read(call, order, organisation)
