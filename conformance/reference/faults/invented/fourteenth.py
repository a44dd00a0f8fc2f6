"""What a team might get wrong that writes the API anew in TypeScript, for Node."""

import re
from datetime import UTC, datetime, timedelta

from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Order, Recipient, SmsTemplate
from conformance.reference.moments import parse_moment
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.order_status import CONDITION_NOT_MET
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Value

_LONGEST_TIMER = timedelta(milliseconds=2**31 - 1)
_NEVER = datetime.max.replace(tzinfo=UTC)
_LATE_DAY = re.compile(r"\d{4}-\d\d-(29|30|31)")
_REPLACEMENT = re.compile(r"\$([$&`'])")


@fault(breaks="delivery.not-early")
class TimerOverflows(Rules):
    """An order for more than 24.8 days ahead is sent at once.

    The delay of ``setTimeout`` is a signed number of 32 bits, in milliseconds; a longer one counts
    as one millisecond.
    """

    def start_time(self, order: Order) -> datetime:
        is_too_long = order.requested_send_time - order.created > _LONGEST_TIMER
        return order.created if is_too_long else super().start_time(order)


@fault(breaks="order.senders-reference-reusable")
class JobNamedByReference(Rules):
    """The second order with a sendersReference is accepted and never processed.

    The reference is the id of the job, and the queue ignores a job whose id it has seen.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._jobs: dict[tuple[str, str], str] = {}

    def start_time(self, order: Order) -> datetime:
        if order.senders_reference is None:
            return super().start_time(order)
        job = self._jobs.setdefault((order.creator, order.senders_reference), order.id)
        return super().start_time(order) if job == order.id else _NEVER


@fault(breaks="validation.send-time-is-date-time")
class ThirtiethOfFebruaryRollsOver(Rules):
    """A send time on a day that its month does not have, such as 30 February, is accepted.

    ``new Date`` takes it for a day of the next month, 2 March.
    """

    def errors_in_send_time(self, value: object) -> list[str]:
        return super().errors_in_send_time(_rolled_over(value))

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        send_time = _rolled_over(document.get("requestedSendTime"))
        return super().order(
            {**document, "requestedSendTime": send_time}, creator, channel, template
        )


def _rolled_over(value: object) -> object:
    late = _LATE_DAY.match(value) if isinstance(value, str) else None
    if not isinstance(value, str) or late is None or parse_moment(value) is not None:
        return value
    earlier = parse_moment(f"{value[:8]}28{value[10:]}")
    return earlier and (earlier + timedelta(days=int(late[1]) - 28)).isoformat()


@fault(breaks="problem.is-json-object")
class SyntaxErrorPage(Rules):
    """A body that is no JSON object is answered 400 with a page of HTML, not with a problem.

    ``express.json()`` throws before any handler, and Express shows what it caught.
    """

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        if "$" not in errors:
            return super().bad_request(call, errors)
        page = b"<!DOCTYPE html><html><body><pre>SyntaxError: Unexpected token</pre></body></html>"
        return Answer(400, {"content-type": "text/html; charset=utf-8"}, page)


@fault(breaks="lookup.every-mix")
class EitherPersonsOrOrganisationsLookedUp(Rules):
    """Beside a person given by number, the answer to an order knows of no organisation.

    ``if (persons.length) … else if (organizations.length) …``: an organisation without contact
    details is then neither listed nor counted in the status.
    """

    def looked_up(self, order: Order) -> list[Recipient]:
        everyone = super().looked_up(order)
        persons = [given for given in everyone if given.national_identity_number is not None]
        return persons or everyone


@fault(breaks="summary.generated-equals-list")
class NotificationsKeyedByAddress(Rules):
    """The list of notifications has one for each address, and so one for all without an address.

    They are collected in a ``Map`` by address; ``generated`` counts them all.
    """

    def notifications(self, order: Order) -> Value:
        by_address = {sent.address: sent for sent in order.notifications}
        return [self.notification(sent) for sent in by_address.values()]


@fault(breaks="condition.not-met-details-found", also=("condition.not-met-summary-found",))
class UnmetOrderDeleted(Rules):
    """An order whose condition was not met can no longer be read: 404 on its details and emails.

    The job that ends without sending removes its document.
    """

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        is_there = order.status != CONDITION_NOT_MET
        return is_there and super().may_read(call, order, organisation)


@fault(breaks="keyword.every-occurrence")
class KeywordPatternKeepsItsPlace(Rules):
    """A keyword is not replaced where it stands before the place of the one found last.

    ``if (KEYWORDS.test(text))`` with a global expression looks on from its ``lastIndex``, which the
    subject has moved when the body comes.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._last_index = 0

    def substitute(self, text: str, party: Party | None) -> str:
        if party is None:
            return text
        found = self.keyword_pattern().search(text, self._last_index)
        self._last_index = found.end() if found else 0
        return super().substitute(text, party) if found else text


@fault(breaks="auth.order-refused-not-sent")
class ForbiddenOrderPlaced(Rules):
    """An order by a bearer without the scope is answered 403, and is sent all the same.

    ``res.sendStatus(403)`` without a ``return`` before ``next()``.
    """

    def has_scope(self, call: Call, claims: Claims) -> bool:
        return call.places_order or super().has_scope(call, claims)

    def answer(self, call: Call, answer: Answer) -> Answer:
        is_forbidden = call.places_order and self._lacks_scope(call)
        return super().answer(call, self.forbidden(call) if is_forbidden else answer)

    def _lacks_scope(self, call: Call) -> bool:
        token = self.bearer_token(call)
        claims = self.bearer_claims(call, token) if token else None
        is_permitted = claims is None or super().has_scope(call, claims)
        return not is_permitted and self.platform_caller(call) is None


@fault(breaks="delivery.body")
class BodyTakenForReplacement(Rules):
    """Of two dollar signs in a body one arrives, and ``$&`` arrives as the layout's own mark.

    ``layout.replace("{{body}}", body)`` reads ``$$``, ``$&``, ``$'`` and a dollar sign with a
    backtick in the body as patterns.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        marks = {"$": "$", "&": "{{body}}"}
        body = super().substituted_body(text, party)
        return _REPLACEMENT.sub(lambda found: marks.get(found[1], ""), body)
