"""Where the tokens of a run come from: given as they are, printed by a command, or asked for.

A token that was fetched is fetched anew before it expires, so that a run may last longer than it.
No secret is in an error or a representation: not the tokens, and not what they are got with.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from conformance.clock import Clock
from conformance.errors import OperatorError
from conformance.target.credentials import SCOPE, expiry

MARGIN = timedelta(minutes=2)
"""How long before its end a token is fetched anew; at most half of what is left of it."""
RETRY = timedelta(seconds=30)
"""How long an attempt that brought nothing new is not repeated."""
COMMAND_SECONDS = 60.0
"""How long a command may take; it may ask for a token over the network itself."""
HTTP_SECONDS = 10.0
"""How long a server may take to connect, and to answer."""
ASSERTION_SECONDS = 100
"""How long an assertion is valid: at most 120 s, less what this machine's clock may be ahead."""
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts that are never reached through a proxy, and may be asked without TLS."""
NEVER_RENEWED = "expired_bearer"
"""The credential that is to expire."""


class Tokens:
    """A token that may be fetched, and is fetched anew before it expires.

    Pickled, it takes its current token along, and the secrets with which it fetches the next one.

    Args:
        fetch: returns a token, or raises OperatorError.
        clock: tells when a token expires.
        renews: whether the token is fetched anew.
    """

    def __init__(self, fetch: Callable[[], str], clock: Clock, *, renews: bool = True) -> None:
        self._fetch = fetch
        self._clock = clock
        self._renews = renews
        self._token = ""
        self._expires: datetime | None = None
        self._due: datetime | None = None
        self._failure: tuple[OperatorError, datetime] | None = None

    def current(self) -> str:
        """Return a token that is valid for a while, as far as it says when it expires.

        Raises:
            OperatorError: when there is none, with what to mend.
        """
        if not self._token or (self._due is not None and self._due <= self._clock.now()):
            self._renew()
        return self._token

    def _renew(self) -> None:
        if self._failure and self._clock.now() < self._failure[1]:
            raise self._failure[0]
        try:
            self._token = self._fetch()
        except OperatorError as error:
            now = self._clock.now()
            if self._expires is None or self._expires <= now:
                self._failure = error, now + RETRY
                raise
            self._due = min(self._expires, now + RETRY)
        else:
            self._expires = expiry(self._token) if self._renews else None
            self._due = _due(self._expires, self._clock.now())


def tokens_of(name: str, source: str | Mapping[str, Any], clock: Clock) -> Tokens:
    """Return the tokens of a credential.

    Args:
        name: of the credential in the target file, for errors.
        source: of the form that the schema of a target file prescribes, with its secrets in place.
            A command's arguments are no place for a secret: any user of the machine sees them.
        clock: the clock of the run.

    Raises:
        OperatorError: when the source cannot work, which shows without asking it.
    """
    return Tokens(_fetch(name, source, clock), clock, renews=name != NEVER_RENEWED)


def _fetch(name: str, source: str | Mapping[str, Any], clock: Clock) -> Callable[[], str]:
    match source:
        case str():
            return _Given(source)
        case {"command": command}:
            return _Command(name, tuple(command))
        case {"maskinporten": given}:
            return _Maskinporten(name, clock, **given)
        case {"generator": given}:
            return _Generator(name, **given)
    raise OperatorError(
        f"{name} has no source of a token", "give one of command, maskinporten, generator"
    )


def _due(expires: datetime | None, now: datetime) -> datetime | None:
    """Return when to fetch the next token, None for never."""
    if expires is None:
        return None
    if expires <= now:  # it came too late, or the clocks differ: do not ask at every use
        return now + RETRY
    return expires - min(MARGIN, (expires - now) / 2)


@dataclass(frozen=True)
class _Given:
    token: str = field(repr=False)

    def __call__(self) -> str:
        return self.token


@dataclass(frozen=True)
class _Command:
    """A command that prints a token."""

    name: str
    command: Sequence[str]

    def __call__(self) -> str:
        program = self.command[0]
        try:
            ended = subprocess.run(  # noqa: S603 (the operator's own command, without a shell)
                self.command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=COMMAND_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise OperatorError(
                f"{self.name}: {program} did not end within {COMMAND_SECONDS:g} s",
                "let it print a token without asking anybody",
            ) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise OperatorError(
                f"{self.name}: {program} cannot be started ({reason})",
                "name an executable, with its arguments as a list",
            ) from None
        if ended.returncode:
            last = (ended.stderr.strip().splitlines() or ["it printed no error"])[-1]
            raise OperatorError(
                f"{self.name}: {program} ended with exit code {ended.returncode}"
                f" ({_cleaned(last, [ended.stdout.strip()])})",
                "mend the command; run it by itself to see what it prints",
            )
        return _token(ended.stdout, self.name, f"what {program} printed", "let it print one alone")


@dataclass(frozen=True)
class _Maskinporten:
    """A token of Maskinporten, got with a signed assertion (RFC 7523, section 2.1), and exchanged.

    Attributes:
        key: a private RSA key as JWK in JSON, or that in base64.
        exchange: where Altinn gives its own token for it; "" when it is the token itself.
    """

    name: str
    clock: Clock
    issuer: str
    client_id: str
    key: str = field(repr=False)
    scope: str = SCOPE
    exchange: str = ""

    def __post_init__(self) -> None:
        _check_url(self.issuer, f"{self.name}.maskinporten.issuer")
        if self.exchange:
            _check_url(self.exchange, f"{self.name}.maskinporten.exchange")
        self._assertion()

    def __call__(self) -> str:
        assertion = self._assertion()
        answer = _ask(
            self.name,
            "POST",
            f"{self.issuer.rstrip('/')}/token",
            data={"grant_type": GRANT_TYPE, "assertion": assertion},
            secrets=[assertion],
            mend="check issuer, client_id, key and scope, and the clock of this machine",
        )
        granted = _token(_access_token(answer), self.name, _what(answer), "check the issuer")
        if not self.exchange:
            return granted
        answer = _ask(
            self.name,
            "GET",
            self.exchange,
            headers={"Authorization": f"Bearer {granted}"},
            secrets=[granted],
            mend="check that issuer and exchange are of the same environment, and the scope",
        )
        return _token(answer.text, self.name, _what(answer), "check the exchange")

    def _assertion(self) -> str:
        """Return an assertion that is valid once, and for a short time (RFC 7523, section 3)."""
        jwk = _jwk(self.key, self.name)
        now = int(self.clock.now().timestamp())
        claims = {
            "aud": self.issuer,
            "iss": self.client_id,
            "scope": self.scope,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": str(uuid.uuid4()),
        }
        try:
            return jwt.encode({"alg": "RS256", "kid": jwk["kid"]}, claims, RSAKey.import_key(jwk))
        except (JoseError, ValueError, TypeError, KeyError):
            raise OperatorError(
                f"{self.name}: the key of maskinporten cannot sign with RS256",
                "give the whole JWK of a private RSA key for signatures",
            ) from None


@dataclass(frozen=True)
class _Generator:
    """A server that gives tokens for tests to those who know a password."""

    name: str
    url: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_url(self.url, f"{self.name}.generator.url")

    def __call__(self) -> str:
        url = httpx.URL(self.url).copy_merge_params(dict(self.parameters))
        basic = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        answer = _ask(
            self.name,
            "GET",
            str(url),
            headers={"Authorization": f"Basic {basic}"},
            secrets=[self.password, basic],
            mend="check user, password and parameters of the generator",
        )
        return _token(answer.text, self.name, _what(answer), "check the URL of the generator")


def _check_url(url: str, member: str) -> None:
    """Refuse a URL over which secrets must not be sent; it may hold one, and is not told."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo:
        raise OperatorError(
            f"{member} is no URL, or has a password in it", "give one such as https://host/path"
        )
    if parsed.scheme == "http" and parsed.host not in LOOPBACK:
        raise OperatorError(
            f"{member}: http would send secrets in clear to {parsed.host}",
            "use https; only a server on this machine may be asked without",
        )


def _jwk(text: str, name: str) -> dict[str, Any]:
    """Return the private RSA key in JSON, or in base64 of either alphabet, padded or not."""
    try:
        jwk = json.loads(text if "{" in text else _decoded(text))
    except ValueError:
        jwk = None
    if not isinstance(jwk, dict) or jwk.get("kty") != "RSA" or not jwk.get("d"):
        raise OperatorError(
            f"{name}: the key of maskinporten is no private RSA key as JWK",
            "give the JWK in JSON, or that in base64",
        )
    if not (isinstance(jwk.get("kid"), str) and jwk["kid"]):
        raise OperatorError(
            f"{name}: the key of maskinporten has no kid",
            "add to the JWK the kid by which the client's key is registered",
        )
    return jwk


def _decoded(text: str) -> bytes:
    letters = re.sub(r"\s|=", "", text).translate(str.maketrans("+/", "-_"))
    return base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))


def _ask(
    name: str, method: str, url: str, *, secrets: Iterable[str], mend: str, **sent: Any
) -> httpx.Response:
    """Return the answer of a server that grants what it is asked."""
    where = f"{name}: {_shown(httpx.URL(url))}"
    hosts = (f"[{host}]" if ":" in host else host for host in LOOPBACK)
    mounts = {f"all://{host}": None for host in hosts}
    try:
        with httpx.Client(timeout=HTTP_SECONDS, mounts=mounts) as client:
            answer = client.request(method, url, **sent)
    except httpx.HTTPError as error:
        raise _unreachable(where, error) from None
    if answer.status_code == 200:
        return answer
    told = f"{where} answered {answer.status_code} {_said(answer, secrets)}".rstrip()
    if answer.status_code == 429 or answer.status_code >= 500:
        raise OperatorError(told, "run again when it is up")
    if answer.status_code in (400, 401, 403):
        raise OperatorError(told, mend)
    raise OperatorError(told, "check its URL")


def _unreachable(where: str, error: httpx.HTTPError) -> OperatorError:
    # what an error of the protocol tells may be the header that it is about
    reason = "" if isinstance(error, httpx.ProtocolError) else str(error)
    if "certificate" in reason.lower():
        return OperatorError(
            f"{where} cannot be trusted ({reason})",
            "mend the certificate, or set SSL_CERT_FILE to that of its authority",
        )
    return OperatorError(
        f"{where} cannot be reached ({reason or type(error).__name__})",
        "mend the URL or the network",
    )


def _said(answer: httpx.Response, secrets: Iterable[str]) -> str:
    """Return what a refusal says: the error of OAuth (RFC 6749, section 5.2), or a short text."""
    try:
        stated = answer.json()
    except ValueError:
        stated = None
    if isinstance(stated, dict) and "error" in stated:
        told = f"{stated['error']}: {stated.get('error_description', '')}".rstrip(": ")
    else:
        told = "" if "html" in answer.headers.get("content-type", "") else answer.text
    cleaned = _cleaned(told, secrets)
    return f"({cleaned})" if cleaned else ""


def _cleaned(text: str, secrets: Iterable[str]) -> str:
    """Return a short line without secrets, and without anything that looks like a token."""
    for secret in filter(None, secrets):
        for spelling in (secret, quote(secret), json.dumps(secret)[1:-1]):
            text = text.replace(spelling, "***")
    text = re.sub(r"\beyJ[\w-]*(\.[\w-]*)*", "***", text)
    return " ".join(re.sub(r"[^ -~\u00a1-\uffff]", " ", text).split())[:200]


def _access_token(answer: httpx.Response) -> str:
    """Return the token of a successful answer (RFC 6749, section 5.1), "" when it has none."""
    try:
        stated = answer.json()
    except ValueError:
        return ""
    token = stated.get("access_token") if isinstance(stated, dict) else None
    return token if isinstance(token, str) else ""


def _token(text: str, name: str, what: str, mend: str) -> str:
    """Return the token that a text is, without the quotes of JSON and the name of its scheme."""
    token = text.strip()
    if token.startswith('"'):
        with suppress(ValueError):
            token = str(json.loads(token))
    token = token.removeprefix("Bearer ").strip()
    if not re.fullmatch(r"[!-~]+", token) or token[0] in '<{["':
        raise OperatorError(f"{name}: {what} is no token", mend)
    return token


def _what(answer: httpx.Response) -> str:
    return f"what {_shown(answer.url)} answered"


def _shown(url: httpx.URL) -> str:
    return str(url.copy_with(query=None, fragment=None))
