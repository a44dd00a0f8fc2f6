"""How answers travel: what HTTP, and whatever stands in front of a deployment, may do to them."""

import gzip
import itertools
import time
from datetime import timedelta
from email.utils import format_datetime
from http import HTTPStatus

from conformance.reference.deviations import variant
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, RefusalError

_CALLS_IN_A_ROW = 40
_CALLS_UNTIL_DATE = 90
_RETRY = timedelta(seconds=1)
_QUICK_ANSWERS = 20
_PAUSE_SECONDS = 0.4


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
class SlowAnswers(Rules):
    """Every so often an answer takes its time."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._answers = itertools.count(1)

    def answer(self, call: Call, answer: Answer) -> Answer:
        if next(self._answers) % _QUICK_ANSWERS == 0:
            time.sleep(_PAUSE_SECONDS)
        return super().answer(call, answer)
