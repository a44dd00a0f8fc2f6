"""Answers with a response code that no page documents, and answers to odd requests."""

import codecs
import itertools
import re
from email.message import Message

from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Order
from conformance.reference.moments import parse_moment
from conformance.reference.rules import Rules
from conformance.reference.rules.order_status import REGISTERED
from conformance.reference.rules.validation import Texts
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


# Odd URLs and bodies


@fault(breaks="http.no-server-error")
class LongIdCrashes(Rules):
    """An id longer than the column it is looked up in is answered 500."""

    def malformed_id(self, call: Call) -> Answer:
        return Answer(500) if len(call.order_id) > 255 else super().malformed_id(call)


@fault(breaks="http.no-server-error")
class UnknownQueryCrashes(Rules):
    """A query, of which no operation has any, is answered 500."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        return Answer(500) if call.query else super().answer(call, answer)


@fault(breaks="http.no-server-error")
class TrailingSlashCrashes(Rules):
    """A slash at the end of a URL is answered 502, for the gateway knows no route."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return Answer(502) if call.path.endswith("/") else super().unrouted(call, answer)


@fault(breaks="http.no-server-error")
class RangeCrashes(Rules):
    """A range that an order is too short for is answered 500."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        first = re.match(r"bytes=(\d+)-", call.headers.get("range", ""))
        beyond = first is not None and int(first[1]) >= len(answer.body)
        return Answer(500) if beyond else super().answer(call, answer)


@fault(breaks="http.no-server-error")
class UnknownCharsetCrashes(Rules):
    """A charset that does not exist is answered 500."""

    def accepts_media_type(self, content_type: str) -> bool:
        header = Message()
        header["content-type"] = content_type
        try:
            codecs.lookup(header.get_content_charset("utf-8"))
        except LookupError:
            raise RefusalError(Answer(500)) from None
        return super().accepts_media_type(content_type)


@fault(breaks="http.no-server-error")
class MissingMediaTypeCrashes(Rules):
    """An order without Content-Type is answered 500."""

    def accepts_media_type(self, content_type: str) -> bool:
        if not content_type:
            raise RefusalError(Answer(500))
        return super().accepts_media_type(content_type)


@fault(breaks="http.no-server-error")
class HalfPairCrashes(Rules):
    """Half of a surrogate pair in a text is answered 500, as it cannot be stored."""

    def decode(self, body: bytes) -> object:
        if re.search(rb"\\ud[89ab]..(?!\\ud[c-f])", body):
            raise RefusalError(Answer(500))
        return super().decode(body)


# Accept and Content-Type


@fault(breaks="http.no-server-error")
class TimeBeyondCalendarCrashes(Rules):
    """A send time whose year has five digits in UTC is answered 500."""

    def errors_in_send_time(self, value: object) -> Texts:
        if str(value).startswith("9999-12-31") and parse_moment(value) is None:
            raise RefusalError(Answer(500))
        return super().errors_in_send_time(value)


@fault(breaks="http.example-headers")
class MediaTypeNeedsBody(Rules):
    """A reading that names a media type is refused for want of a body."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        named = call.method == "GET" and "content-type" in call.headers
        return Answer(400) if named else super().answer(call, answer)


@fault(breaks="http.json-accepted")
class AcceptTakenLiterally(Rules):
    """Accept is compared with application/json as a whole, and anything else answered 406."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        accepted = call.headers.get("accept", "*/*")
        if accepted in ("*/*", "application/json"):
            return super().answer(call, answer)
        return Answer(406)


@fault(breaks="http.json-accepted")
class FirstOfAcceptIsMediaType(Rules):
    """The media type of an answer is the first one that Accept names."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        first = call.headers.get("accept", "*/*").partition(";")[0]
        if answer.body and "*" not in first:
            answer.headers["content-type"] = first
        return answer


@fault(breaks="http.no-json-accepted")
class UnservableAcceptServedEmpty(Rules):
    """Who accepts no JSON gets a success without a body."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        if call.headers.get("accept") == "image/png":
            answer.body = b""
        return answer


@fault(breaks="http.no-json-accepted")
class UnservableAcceptCrashes(Rules):
    """Who accepts no JSON is answered 500."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        crashes = call.headers.get("accept") == "image/png"
        return Answer(500) if crashes else super().answer(call, answer)


# Conditions


@fault(breaks="http.condition-of-another")
class AnyEntityTagMatches(Rules):
    """A reading with If-None-Match is answered 304, whichever entity tag it names."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        return Answer(304) if "if-none-match" in call.headers else super().answer(call, answer)


@fault(breaks="http.condition-of-another")
class NeverModified(Rules):
    """A reading with If-Modified-Since is answered 304, however long ago that is."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        return Answer(304) if "if-modified-since" in call.headers else super().answer(call, answer)


# Methods


@fault(breaks="http.method-refused")
class PutSucceedsForNothing(Rules):
    """PUT, where orders are placed by POST, is answered 200, and nothing comes of it."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return Answer(200) if call.method == "PUT" else super().unrouted(call, answer)


@fault(breaks="http.method-refused")
class DeletingPretended(Rules):
    """DELETE of an order is answered 204, and the order is still there."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return Answer(204) if call.method == "DELETE" else super().unrouted(call, answer)


@fault(breaks="http.method-refused")
class WrongMethodCrashes(Rules):
    """A method that a path does not have is answered 500."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return Answer(500) if answer.status == 405 else super().unrouted(call, answer)


@fault(breaks="http.head-and-options")
class HeadCrashes(Rules):
    """HEAD is answered 500."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        return Answer(500) if call.method == "HEAD" else super().answer(call, answer)


@fault(breaks="http.head-and-options")
class HeadFindsAnything(Rules):
    """HEAD is answered 200 for orders that do not exist, too."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        return Answer(200) if call.method == "HEAD" else super().answer(call, answer)


@fault(breaks="http.head-and-options")
class OptionsCrash(Rules):
    """OPTIONS is answered 500."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return Answer(500) if call.method == "OPTIONS" else super().unrouted(call, answer)


@fault(breaks="http.other-headers")
class OriginForbidden(Rules):
    """A request that names an Origin, as those of a browser do, is answered 403."""

    def authorise(self, call: Call) -> str:
        if "origin" in call.headers:
            raise RefusalError(self.forbidden(call))
        return super().authorise(call)
