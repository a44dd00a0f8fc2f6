"""Answers with a response code that no page documents."""

import itertools

from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Order
from conformance.reference.rules import Rules
from conformance.reference.rules.order_status import REGISTERED
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, RefusalError


@fault(breaks="http.documented-status")
class RepeatedOrderAnswered409(Rules):
    """An order that is identical to the one before is answered 409 Conflict."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._before: Json = {}

    def email_order(self, document: Json, organisation: str) -> Order:
        if document == self._before:
            raise RefusalError(Answer(409))
        self._before = document
        return super().email_order(document, organisation)


@fault(breaks="http.documented-status")
class UnprocessedEmailsAnswered425(Rules):
    """Reading the emails of an order that has not been processed is answered 425 Too Early."""

    def emails_found(self, order: Order) -> Answer:
        return Answer(425) if order.status == REGISTERED else super().emails_found(order)


@fault(breaks="http.documented-status")
class HtmlDetailsCrash(Rules):
    """Reading an order with an HTML body is answered 500."""

    def order_found(self, order: Order) -> Answer:
        template = order.template
        is_html = isinstance(template, EmailTemplate) and template.content_type == "Html"
        return Answer(500) if is_html else super().order_found(order)


@fault(breaks="http.documented-status")
class EveryFifthAnswer503(Rules):
    """Every fifth request is answered 503, so that hardly anything else can be relied on."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._calls = itertools.count(1)

    def answer(self, call: Call, answer: Answer) -> Answer:
        return Answer(503) if next(self._calls) % 5 == 0 else super().answer(call, answer)
