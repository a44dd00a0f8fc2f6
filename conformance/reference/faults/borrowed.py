"""Habits of libraries, filters and queues that a deployment took over without asking for them."""

import re
from dataclasses import replace
from datetime import datetime

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order
from conformance.reference.registers import Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules.keywords import NUMBER
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, RefusalError, Value


@fault(breaks="http.other-headers")
class CurlTakenForARobot(Rules):
    """A filter against robots answers 403 to everything that curl sends, whatever its credential.

    Every example of the documents is a command for curl.
    """

    def authorise(self, call: Call) -> str:
        if call.headers.get("user-agent", "").lower().startswith("curl/"):
            raise RefusalError(self.forbidden(call))
        return super().authorise(call)


@fault(breaks="auth.order-other-scheme")
class TokenUnderAnyScheme(Rules):
    """The last word of the Authorization header is the token: ``Basic`` or ``Token`` do as well."""

    def bearer_token(self, call: Call) -> str | None:
        words = call.headers.get("authorization", "").split()
        return words[-1] if words else None


@fault(breaks="problem.names-member")
class SendTimeErrorByDisplayName(Rules):
    """The error of a wrong requestedSendTime is under ``Time of sending``, as a form would say."""

    def optional_member_errors(self, document: Json) -> Errors:
        errors = super().optional_member_errors(document)
        errors["Time of sending"] = errors.pop("RequestedSendTime")
        return errors


@fault(breaks="details.send-time-returned")
class FractionsLoseTheirZeros(Rules):
    """The fraction of a second is written as a number: 27.045 seconds read as 27.45000."""

    def timestamp(self, moment: datetime) -> Value:
        whole, _, fraction = str(super().timestamp(moment)).rstrip("Z").partition(".")
        return f"{whole}.{int(fraction)}Z"


@fault(breaks="lookup.present-for-person", also=("lookup.present-for-organisation",))
class LookupWaitsForCondition(Rules):
    """An order with a conditionEndpoint is looked up once the condition is met.

    Its answer has no recipientLookup, be it to persons or to organisations.
    """

    def requires_lookup(self, order: Order) -> bool:
        return order.condition_endpoint is None and super().requires_lookup(order)


@fault(breaks="summary.due-is-processed")
class QueueInOrderOfPlacing(Rules):
    """Orders leave a queue in the order of their placing: one for later holds back all after it."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._starts: dict[str, datetime] = {}

    def start_time(self, order: Order) -> datetime:
        if order.id not in self._starts:
            last = max(self._starts.values(), default=super().start_time(order))
            self._starts[order.id] = max(super().start_time(order), last)
        return self._starts[order.id]


@fault(breaks="summary.recipient-address")
class SummaryCutsTagOfAddress(Rules):
    """The summary shows ``ola@example.com`` for an email that went to ``ola+tag@example.com``."""

    def used_address(self, notification: Notification) -> Value:
        address = super().used_address(notification)
        return re.sub(r"\+[^@]*@", "@", address) if address else address


@fault(breaks="keyword.rest-kept-for-person")
class EmptyNumberTakesSpaceAlong(Rules):
    """Of a person's text the space before ``$recipientNumber$`` goes with the keyword."""

    def substitute(self, text: str, party: Party | None) -> str:
        if isinstance(party, Person):
            text = text.replace(f" {NUMBER}", "")
        return super().substitute(text, party)


@fault(breaks="delivery.html-as-html")
class HtmlEscapedAsXml(Rules):
    """An Html body is made fit for XML: ``&oslash;`` arrives as ``&amp;oslash;``, to be read so."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        if template.content_type == "Html":
            body = re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\d+);)", "&amp;", template.body)
            template = replace(template, body=body)
        return super().mail(template, address, party)


@fault(breaks="http.json-preferred")
class XmlForWhoeverPrefersIt(Rules):
    """Orders and summaries are XML for who would rather have it, such as a browser."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        preferred = call.headers.get("accept", "").partition("json")[0]
        if call.method == "GET" and answer.status == 200 and "/xml" in preferred:
            answer.headers["content-type"] = "application/xml; charset=utf-8"
            answer.body = f"<Order><id>{answer.content['id']}</id></Order>".encode()
        return answer
