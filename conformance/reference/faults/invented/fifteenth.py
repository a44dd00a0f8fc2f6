"""The fifteenth round: what a team breaks that refactors the service, its pods and its gateway."""

import re
import time

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Order, SmsTemplate
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Operation, Value

_SEGMENT = 4096
_WEST_WITH_MINUTES = re.compile(r"-(\d\d):(\d\d)$")
_EXPRESSION = re.compile(r"\{\{[^{}]*\}\}")
_CACHED_SECONDS = 60.0


@fault(breaks="details.body-returned")
class SegmentsOfRequestAreDecodedAlone(Rules):
    """A request is read in segments of 4096 bytes, each decoded from UTF-8 on its own.

    A letter of several bytes that lies across two segments becomes replacement characters, in the
    stored order and in the email.
    """

    def decode(self, body: bytes) -> object:
        super().decode(body)  # refuses as before what is not UTF-8 as a whole
        segments = [body[at : at + _SEGMENT] for at in range(0, len(body), _SEGMENT)]
        text = "".join(segment.decode("utf-8", "replace") for segment in segments)
        return super().decode(text.encode())


@fault(breaks="details.send-time-offset-converted")
class MinutesOfWesternZoneAreAdded(Rules):
    """The converter for times negates the hours of a zone west of Greenwich, not its minutes.

    A send time with -03:30 is taken as one with -02:30, an hour too early; -03:00 is right.
    """

    def order(
        self,
        document: Json,
        creator: str,
        channel: str,
        template: EmailTemplate | SmsTemplate,
    ) -> Order:
        sent = document.get("requestedSendTime")
        if isinstance(sent, str):
            document = {**document, "requestedSendTime": _WEST_WITH_MINUTES.sub(_misread, sent)}
        return super().order(document, creator, channel, template)


def _misread(zone: re.Match[str]) -> str:
    minutes = int(zone[2]) - 60 * int(zone[1])
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


@fault(breaks="problem.is-json-object")
class ProblemOnlyWhereProblemJsonIsAccepted(Rules):
    """A 400 has no body for a caller with Accept: application/json.

    The writer of problem details finds application/problem+json not acceptable and writes nothing.
    """

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        accepted = call.headers.get("accept", "*/*")
        if any(each in accepted for each in ("*/*", "application/*", "application/problem+json")):
            return super().bad_request(call, errors)
        return Answer(self.bad_request_status(call))


@fault(breaks="lookup.every-mix")
class OrganisationsReplacePeopleMissingContact(Rules):
    """People and organisations are looked up in two calls; the second result replaces the first.

    In an order for both, missingContact leaves out the people without contact details.
    """

    def missing_contact(self, order: Order) -> Value:
        missing = super().missing_contact(order)
        organisations = {given.organization_number for given in self.looked_up(order)} - {None}
        if not organisations:
            return missing
        return [number for number in missing if number in organisations]


@fault(breaks="details.unsent-not-invented")
class PooledRequestKeepsResource(Rules):
    """The objects that requests are read into are pooled, and resourceId is not reset.

    An order without a resourceId gets that of an earlier order.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._pooled: str | None = None

    def order(
        self,
        document: Json,
        creator: str,
        channel: str,
        template: EmailTemplate | SmsTemplate,
    ) -> Order:
        order = super().order(document, creator, channel, template)
        order.resource_id = self._pooled = order.resource_id or self._pooled
        return order


@fault(breaks="keyword.own-values")
class OldConsumerKnowsNoKeywords(Rules):
    """One of three pods still runs the release before keywords; every third email passes it.

    Every third email to someone given by number arrives with its keywords as they were ordered.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._personal = 0

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        if party is not None:
            self._personal += 1
        old = self._personal % 3 == 0
        return super().mail(template, address, None if old else party)


@fault(breaks="condition.url-as-ordered")
class ConditionUrlIsEscapedAgain(Rules):
    """The URL of a condition is escaped once more before it is asked for.

    %20 becomes %2520 (Uri.EscapeUriString), so another resource than the one named is asked.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and url.replace("%", "%25")


@fault(breaks="auth.details-no-credentials")
class GatewayCachesOrderForAnyone(Rules):
    """The gateway caches the details of an order by URL for a minute, before authentication.

    Once the creator has read an order, it is served to anyone: without a token, with an expired
    one, and to other organisations.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._cached: dict[str, tuple[float, Answer]] = {}

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        if call.operation is not Operation.READ_ORDER:
            return answer
        stored, cached = self._cached.get(call.path, (0.0, answer))
        if stored and time.monotonic() - stored < _CACHED_SECONDS:
            return cached
        if answer.status == 200:
            self._cached[call.path] = time.monotonic(), answer
        return answer


@fault(breaks="delivery.body")
class TextsAreTemplatesWithBraces(Rules):
    """Emails are made with a template engine, which takes {{…}} in a text for an expression.

    What stands between double braces is missing from the subject and the body that arrive.
    """

    def substitute(self, text: str, party: Party | None) -> str:
        return super().substitute(_EXPRESSION.sub("", text), party)


@fault(breaks="summary.notification-ids-stable")
class SecondPodKeepsFirstSummary(Rules):
    """Two pods answer in turn; one of them keeps the first summary that it read of an order.

    Every second answer says what was so when that pod was first asked, long after the emails
    have been sent.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._reads: dict[str, int] = {}
        self._kept: dict[str, Answer] = {}

    def emails_found(self, order: Order) -> Answer:
        answer = super().emails_found(order)
        self._reads[order.id] = self._reads.get(order.id, 0) + 1
        kept = self._kept.setdefault(order.id, answer)
        return kept if self._reads[order.id] % 2 else answer
