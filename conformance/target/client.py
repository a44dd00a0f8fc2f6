"""The one HTTP client of a run: sends requests, records exchanges, keeps secrets out of them."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import MappingProxyType

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_result,
    stop_after_attempt,
    stop_before_delay,
)

from conformance import __version__
from conformance.clock import Clock
from conformance.exchange import Exchange, Headers, Request, Response
from conformance.finding import Finding, Nonconformance
from conformance.target.credentials import Credential
from conformance.target.description import Target
from conformance.target.loopback import direct
from conformance.target.permits import Cost, Permission, Permits, cost_of
from conformance.target.redaction import Redaction

TIMEOUT_SECONDS = 30.0
"""How long an answer may take; the documents state no limit, gateways close about then."""
CONNECT_SECONDS = 5.0
"""How long making a connection may take."""
MOST_BYTES = 8 * 1024 * 1024
"""How much of an answer is read; no documented answer comes near it."""
KEEP_ALIVE_SECONDS = 2.0
"""How long an idle connection is kept: shorter than servers do, so that they do not close first."""
SHORTEST_SECRET = 16
"""What is shorter is no token but a test's own word, such as a scheme without a token."""
PATIENCE_SECONDS = 120.0
"""How long a rate limit is waited for, unless told otherwise."""
SLOW_SECONDS = 5.0
"""No answer for so long is silence; a connection that is broken sooner costs a run no time."""
MOST_SILENCES = 5
"""After so many silences in a row nothing more is asked: the rest would be as long."""


UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)
"""What kept a request from being sent."""


class Unreachable(Exception):
    """The request did not get through: no connection, or a rate limit that did not pass."""


@dataclass(frozen=True)
class _Answer:
    """``broken`` says that the connection ended before an answer; ``error`` is "" for an answer."""

    response: Response
    started: datetime
    seconds: float
    error: str = ""
    connected: bool = True
    broken: bool = False


@dataclass(frozen=True)
class _Sent:
    """A request with the credential as it is just now; a token may be renewed at any time."""

    request: Request
    credential: Credential
    token: str = field(repr=False)
    cost: Cost

    @property
    def value(self) -> str:
        """The value of the credential's header."""
        return f"{self.credential.scheme}{self.token}"


class Client:
    """Sends requests to one deployment and keeps a journal of the exchanges.

    Args:
        clock: the clock of the run.
        secrets: texts that no exchange may contain.
        timeout: how many seconds an answer may take.
        patience: how many seconds is waited in all, for one request, when the deployment asks to:
            for its rate limit (429), or while it is overloaded (503 with Retry-After).
        permission: what the run allows to be sent, and when.
        emails: how many addresses the registers know of a number, where it is not one.
    """

    def __init__(
        self,
        clock: Clock,
        secrets: Iterable[str] = (),
        timeout: float = TIMEOUT_SECONDS,
        patience: float = PATIENCE_SECONDS,
        permission: Permission | None = None,
        emails: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.journal: list[Exchange] = []
        self._clock = clock
        self._permission = permission or Permits()
        self._emails = emails
        self._patience = patience
        self._redaction = Redaction(secrets)
        self._silences = 0
        self._is_overloaded = False
        self._http = httpx.Client(
            verify=_trusted(),
            timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
            headers={"User-Agent": f"altinn-notifications-conformance/{__version__}"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE_SECONDS),
            mounts=direct(),
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def send(self, request: Request, credential: Credential, operation: str = "") -> Exchange:
        """Send a request with a credential and return the exchange, also recorded in the journal.

        Raises:
            Unreachable: when no connection could be made, or a rate limit did not pass.
            Nonconformance: when the deployment broke the connection, sent nothing or no HTTP:
                a crash is never a correct answer.
            Blocked: when the budget of the run is used up.
        """
        if self._silences >= MOST_SILENCES:
            raise Unreachable(f"{MOST_SILENCES} requests in a row were not answered in time")
        cost = cost_of(request, self._clock.now(), self._emails)
        sent = _Sent(request, credential, credential.token, cost)
        if len(sent.token) >= SHORTEST_SECRET:
            self._redaction.add(sent.token, sent.value)
        self._permission.take(replace(cost, requests=0))
        answer = self._answer(sent)
        exchange = Exchange(
            request=self._shown(request, credential),
            response=self._redaction.response(answer.response),
            operation=operation,
            started=answer.started,
            seconds=answer.seconds,
            error=answer.error,
        )
        self.journal.append(exchange)
        is_silence = bool(answer.error) and answer.seconds > SLOW_SECONDS
        self._silences = self._silences + 1 if is_silence else 0
        if answer.error and not answer.connected:
            raise Unreachable(f"{request.method} {request.url}: {answer.error}")
        if answer.error:
            raise Nonconformance(Finding("an answer", answer.error, exchange))
        if answer.response.status == 429:
            raise Unreachable(f"{request.method} {request.url}: the rate limit (429) did not pass")
        return exchange

    def drain(self) -> list[Exchange]:
        """Return the exchanges recorded since the last call."""
        drained, self.journal = self.journal, []
        return drained

    def _answer(self, sent: _Sent) -> _Answer:
        """Ask, and ask again as long as the deployment asks to wait, which is no answer."""
        patient = Retrying(
            retry=retry_if_result(self._is_asked_to_wait),
            before_sleep=lambda state: self._take_again(sent, state),
            wait=_retry_after,
            stop=stop_after_attempt(8) | stop_before_delay(self._patience),
            sleep=self._clock.sleep,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        answer: _Answer = patient(self._attempt, sent)
        self._is_overloaded = is_overload(answer.response)
        return answer

    def _is_asked_to_wait(self, answer: _Answer) -> bool:
        """Tell whether to ask again: an overload that has lasted once is not waited for again."""
        overload = is_overload(answer.response) and not self._is_overloaded
        return answer.response.status == 429 or overload

    def _take_again(self, sent: _Sent, state: RetryCallState) -> None:
        """Take the cost of what is repeated: behind an overloaded gateway it may have been done."""
        if state.outcome and is_overload(state.outcome.result().response):
            self._permission.take(replace(sent.cost, requests=0))

    def _attempt(self, sent: _Sent) -> _Answer:
        """Ask once; once more when a kept connection was closed while it lay idle.

        A server may close an idle connection at any moment (RFC 9112, section 9.5), also just
        then; on a connection of its own the same request shows whether the deployment crashes.
        """
        events: list[str] = []
        answer = self._once(sent, events)
        reused = not any(event.startswith("connection.connect") for event in events)
        begun = any(event.endswith("receive_response_headers.complete") for event in events)
        if answer.broken and reused and not begun:
            self._permission.take(replace(sent.cost, requests=0))  # it may have been taken
            return self._once(sent, events)
        return answer

    def _once(self, sent: _Sent, events: list[str]) -> _Answer:
        request, headers = sent.request, list(sent.request.headers)
        if sent.credential.name:
            headers.append((sent.credential.name, sent.value))
        wait = self._permission.take(Cost(requests=1))
        if wait > 0:
            self._clock.sleep(wait)
        told = partial(_Answer, started=self._clock.now())
        start = time.perf_counter()
        try:
            with self._http.stream(
                request.method,
                request.url,
                headers=[(name.encode(), value.encode()) for name, value in headers],
                content=request.body,
                extensions={"trace": lambda name, _: events.append(name)},
            ) as response:
                body = _read(response, start)
                kept: Headers = tuple(response.headers.multi_items())
                answer = Response(response.status_code, kept, body)
                return told(answer, seconds=time.perf_counter() - start)
        except UNSENT as error:
            text, seconds = _text(error), time.perf_counter() - start
            return told(Response(0), seconds=seconds, error=text, connected=False)
        except httpx.HTTPError as error:
            broken = isinstance(error, httpx.RemoteProtocolError | httpx.NetworkError)
            text, seconds = _text(error), time.perf_counter() - start
            return told(Response(0), seconds=seconds, error=text, broken=broken)

    @staticmethod
    def _shown(request: Request, credential: Credential) -> Request:
        if not credential.name:
            return request
        return replace(request, headers=(*request.headers, (credential.name, credential.shown)))


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom all clients trust; to read the certificates takes longer than a request."""
    return httpx.create_ssl_context()


def client_of(target: Target, clock: Clock, permission: Permission, **patience: float) -> Client:
    """Return a client for the requests of a run to its target."""
    counts = target.address_counts
    return Client(clock, target.secrets(), permission=permission, emails=counts, **patience)


def _read(response: httpx.Response, start: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise httpx.ReadError(f"an answer longer than {MOST_BYTES} bytes")
        if time.perf_counter() - start > 2 * TIMEOUT_SECONDS:
            raise httpx.ReadTimeout(f"an answer that took longer than {2 * TIMEOUT_SECONDS:g} s")
    return bytes(body)


def _text(error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {CONNECT_SECONDS:g} s"
    if isinstance(error, httpx.ReadTimeout) and "longer" not in str(error):
        return "no answer in time"
    return f"no answer ({str(error).strip() or type(error).__name__})"


def is_overload(answer: Response) -> bool:
    """Tell whether an answer says that there is no time for a request now, and when there is."""
    return answer.status == 503 and answer.header("retry-after") is not None


def _retry_after(state: RetryCallState) -> float:
    """Return the seconds that Retry-After asks for (RFC 9110, section 10.2.3), at most a minute."""
    stated = state.outcome.result().response.header("retry-after") if state.outcome else None
    if stated is None:
        return float(min(30, 2 ** (state.attempt_number - 1)))
    try:
        return min(60.0, max(0.0, float(stated)))
    except ValueError:
        pass
    try:
        return min(60.0, max(0.0, parsedate_to_datetime(stated).timestamp() - time.time()))
    except ValueError:
        return 1.0
