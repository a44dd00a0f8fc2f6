"""How answers travel: what HTTP, and whatever stands in front of a deployment, may do to them."""

import gzip
import itertools
import time
import zlib
from collections.abc import Iterable
from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus

from starlette.types import Message

from conformance.reference.deviations import variant
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Headers, RefusalError

_CALLS_IN_A_ROW = 40
_CALLS_UNTIL_DATE = 90
_CALLS_UNTIL_GATEWAY = 200
_RETRY = timedelta(seconds=1)
_QUICK_ANSWERS = 20
_PAUSE_SECONDS = 0.4
_PACKETS = 12
_BODY = "http.response.body"
_START = "http.response.start"


@variant
class ChunkedAnswers(Rules):
    """Answers come in chunks, without Content-Length."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers["transfer-encoding"] = "chunked"
        return answer


@variant
class CompressedAnswers(Rules):
    """Answers are compressed for whoever accepts that."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        if answer.body and "gzip" in call.headers.get("accept-encoding", ""):
            answer.body = gzip.compress(answer.body)
            answer.headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        return answer


@variant
class DeflatedAnswers(Rules):
    """Answers are deflated for whoever accepts that."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        if answer.body and "deflate" in call.headers.get("accept-encoding", ""):
            answer.body = zlib.compress(answer.body)
            answer.headers["content-encoding"] = "deflate"
        return answer


@variant
class SmallPackets(Rules):
    """The body of an answer comes in a dozen small packets."""

    def sent(self, message: Message) -> Iterable[Message]:
        for each in super().sent(message):
            body = each.get("body", b"")
            size = len(body) // _PACKETS + 1
            if each["type"] != _BODY or size == 1:
                yield each
                continue
            for first in range(0, len(body), size):
                last = first + size >= len(body)
                more = not last or each.get("more_body", False)
                yield {"type": _BODY, "body": body[first : first + size], "more_body": more}


@variant
class HeaderNamesInCapitals(Rules):
    """The names of headers begin with capitals, which HTTP/1.1 leaves to each server."""

    def sent(self, message: Message) -> Iterable[Message]:
        for each in super().sent(message):
            if each["type"] == _START:
                each["headers"] = [(name.title(), value) for name, value in each["headers"]]
            yield each


@variant
class SeveralCookies(Rules):
    """Answers set several cookies, each in a header of its own."""

    def sent(self, message: Message) -> Iterable[Message]:
        for each in super().sent(message):
            if each["type"] == _START:
                cookies = (b"affinity=1f3b; Path=/", b"affinityCors=1f3b; SameSite=None; Secure")
                each["headers"] = [*each["headers"], *((b"set-cookie", each) for each in cookies)]
            yield each


@variant
class NoDate(Rules):
    """Answers do not tell when they were made, as those of a server without a clock."""

    def dated(self, headers: Headers) -> Headers:
        return headers


@variant
class ClosedConnections(Rules):
    """Each connection is closed after its first answer."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers["connection"] = "close"
        return answer


@variant
class GatewayHeaders(Rules):
    """Answers carry the headers of gateways and frameworks, a cookie among them."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.headers |= {
            "server": "Microsoft-Azure-Application-Gateway/v2",
            "set-cookie": "ApplicationGatewayAffinity=1f3b; Path=/; HttpOnly",
            "strict-transport-security": "max-age=31536000; includeSubDomains",
            "cache-control": "no-store",
            "x-powered-by": "ASP.NET",
        }
        return answer


@variant
class RateLimited(Rules):
    """Every so often a call is turned away with 429 and asked to come back in a second."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._calls = itertools.count(1)

    def authorise(self, call: Call) -> str:
        if next(self._calls) % _CALLS_IN_A_ROW == 0:
            raise RefusalError(Answer(HTTPStatus.TOO_MANY_REQUESTS, {"retry-after": "1"}))
        return super().authorise(call)


@variant
class RateLimitedUntilDate(Rules):
    """Every so often a call is turned away with 429 and told the date to come back at."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._calls = itertools.count(1)

    def authorise(self, call: Call) -> str:
        if next(self._calls) % _CALLS_UNTIL_DATE == 0:
            date = format_datetime(self.now() + _RETRY, usegmt=True)
            raise RefusalError(Answer(HTTPStatus.TOO_MANY_REQUESTS, {"retry-after": date}))
        return super().authorise(call)


@variant
class RateLimitedByGateway(Rules):
    """Now and then a gateway turns a call away with a page in HTML, and does not say how long."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._calls = itertools.count(1)

    def authorise(self, call: Call) -> str:
        if next(self._calls) % _CALLS_UNTIL_GATEWAY == 0:
            page = b"<html><body><h1>Too many requests</h1></body></html>"
            raise RefusalError(Answer(429, {"content-type": "text/html"}, page))
        return super().authorise(call)


@variant
class SlowAnswers(Rules):
    """Every so often an answer takes its time."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._answers = itertools.count(1)

    def answer(self, call: Call, answer: Answer) -> Answer:
        if next(self._answers) % _QUICK_ANSWERS == 0:
            time.sleep(_PAUSE_SECONDS)
        return super().answer(call, answer)
