"""Invented from the documents alone, fifth round: slips of libraries, caches and parsers."""

import html
import re
from dataclasses import replace
from datetime import datetime, timedelta

from joserfc.jwk import RSAKey

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Order, SmsTemplate
from conformance.reference.moments import parse_moment
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, RefusalError, Value

_SHORT_FRACTION = re.compile(r"\.(\d{1,2})(?=[Zz+-])")
_LATE_DAY = re.compile(r"(\d{4}-\d\d)-(29|30|31)([Tt].*)", re.ASCII)
_LINE_STARTS_WITH_DOT = re.compile(r"^\.", re.MULTILINE)


@fault(breaks="http.example-headers")
class GetWithContentTypeWantsBody(Rules):
    """A GET with ``Content-Type: application/json``, as in the examples, is parsed: 400, no body.

    Frameworks choose a parser by that header, whatever the method.
    """

    def authorise(self, call: Call) -> str:
        organisation = super().authorise(call)
        is_json = call.headers.get("content-type", "").startswith("application/json")
        if call.method == "GET" and is_json and not call.body:
            raise RefusalError(self.bad_request(call, {"$": ["The body is not valid JSON."]}))
        return organisation


@fault(
    breaks="auth.order-forged-bearer",
    also=(
        "auth.details-forged-bearer",
        "auth.summary-forged-bearer",
        "auth.order-forged-platform-token",
        "auth.details-forged-platform-token",
        "auth.summary-forged-platform-token",
    ),
)
class TokensCachedBySignature(Rules):
    """A token is verified once; after that its signature lets in whatever claims it stands under.

    The cache of verified tokens has the last of their three parts as its key, for whichever
    operation and credential.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._verified: dict[tuple[int, str], Claims] = {}

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        place = (id(key), token.rpartition(".")[2])
        claims = self._verified.get(place) or super().signed_claims(call, token, key)
        if claims is not None:
            self._verified[place] = claims
        return claims


@fault(breaks="condition.checked-for-each-order")
class ConditionAskedOncePerUrl(Rules):
    """Only the first order with a conditionEndpoint asks it; later ones with the same URL are sent.

    What was checked once is taken to be met for good.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._asked: set[str] = set()

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None or url in self._asked:
            return None
        self._asked.add(url)
        return url


@fault(breaks="keyword.organisation-name-in-subject")
class HtmlOrderEncodesNameInSubject(Rules):
    """Of an Html order the subject too gets the name as HTML, as in ``O&#x27;Hara``.

    A subject is never HTML, so the recipient reads the entities.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None or template.content_type != "Html":
            return mail
        encoded = replace(party, name=html.escape(party.name))
        return replace(mail, subject=self.substituted_subject(template.subject, encoded))


@fault(breaks="lookup.every-mix")
class LookupStatusOfPersonsAlone(Rules):
    """Where an order names persons and organisations, only the persons count for the status.

    A reachable person and an organisation without contact details: Success, though missingContact
    lists the organisation.
    """

    def lookup_status(self, order: Order) -> Value:
        persons = tuple(given for given in order.recipients if given.national_identity_number)
        return super().lookup_status(replace(order, recipients=persons) if persons else order)


@fault(breaks="details.send-time-returned")
class ShortFractionReadAsMilliseconds(Rules):
    """The digits after the second are read as milliseconds: 12:00:00.5 becomes 12:00:00.005.

    Right with three digits or more, wrong with one or two.
    """

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        asked = document.get("requestedSendTime")
        if isinstance(asked, str):
            read = _SHORT_FRACTION.sub(lambda found: f".{found[1]:0>3}", asked)
            document = {**document, "requestedSendTime": read}
        return super().order(document, creator, channel, template)


@fault(breaks="delivery.body")
class LeadingDotLostInMail(Rules):
    """A body, or a line of it, that begins with a full stop arrives without it.

    The full stop is not doubled for SMTP (RFC 5321, section 4.5.2), so the server takes it away.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        return _LINE_STARTS_WITH_DOT.sub("", super().substituted_body(text, party))


@fault(breaks="validation.send-time-is-date-time")
class ImpossibleDateRollsOver(Rules):
    """A requestedSendTime on the 30th of February is accepted, and taken for the 2nd of March.

    Some date libraries count the days that a month does not have into the next.
    """

    def errors_in_send_time(self, value: object) -> list[str]:
        return [] if _rolled_over(value) else super().errors_in_send_time(value)

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        rolled = _rolled_over(document.get("requestedSendTime"))
        if rolled is not None:
            document = {**document, "requestedSendTime": rolled.isoformat()}
        return super().order(document, creator, channel, template)


@fault(breaks="problem.is-json-object")
class ProblemQuotesAddressUnescaped(Rules):
    """The 400 for a bad emailAddress repeats it; a quotation mark in it makes the body no JSON.

    The problem is put together as text.
    """

    def errors_in_email_address(self, value: object) -> list[str]:
        wrong = super().errors_in_email_address(value)
        return [f"{value} is no email address."] if wrong and isinstance(value, str) else wrong

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        answer = super().bad_request(call, errors)
        answer.body = answer.body.replace(b'\\"', b'"')
        return answer


@fault(breaks="summary.senders-reference", also=("summary.schema",))
class NumericReferenceSummarisedAsNumber(Rules):
    """In the summary a sendersReference of digits alone, a case number, is a JSON number.

    ``"0042"`` becomes 42: the type is wrong, and zeros in front are lost.
    """

    def summary_senders_reference(self, order: Order) -> Value:
        given = order.senders_reference
        is_number = given is not None and re.fullmatch(r"[0-9]{1,18}", given) is not None
        return int(given) if given is not None and is_number else given


def _rolled_over(value: object) -> datetime | None:
    """The moment, counted from the first of the month, when the month has no such day."""
    form = _LATE_DAY.fullmatch(value) if isinstance(value, str) else None
    if form is None or parse_moment(value) is not None:
        return None
    month, day, rest = form.groups()
    first = parse_moment(f"{month}-01{rest}")
    return first and first + timedelta(days=int(day) - 1)
