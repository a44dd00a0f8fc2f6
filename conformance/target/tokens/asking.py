"""Servers that grant tokens: how they are asked, and how their refusals are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx

from conformance.errors import OperatorError
from conformance.target.loopback import LOOPBACK, direct
from conformance.target.tokens.text import cleaned

HTTP_SECONDS = 10.0
"""How long a server may take to connect, and to answer."""


def check_url(url: str, member: str) -> None:
    """Raise OperatorError for a URL over which secrets must not be sent; it is not told."""
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


def ask(
    name: str, method: str, url: str, *, secrets: Iterable[str], mend: str, **sent: Any
) -> httpx.Response:
    """Return the answer of a server that grants what it is asked.

    Args:
        name: of the credential, for errors.
        method: the HTTP method.
        url: where to ask.
        secrets: what no error may repeat.
        mend: what to do when it refuses.
        sent: headers or data, as httpx takes them.

    Raises:
        OperatorError: when there is no answer, or another one than 200.
    """
    where = f"{name}: {_shown(httpx.URL(url))}"
    try:
        with httpx.Client(timeout=HTTP_SECONDS, mounts=direct()) as client:
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
    short = cleaned(told, secrets)
    return f"({short})" if short else ""


def what(answer: httpx.Response) -> str:
    """Return what an answer is called in an error."""
    return f"what {_shown(answer.url)} answered"


def _shown(url: httpx.URL) -> str:
    return str(url.copy_with(query=None, fragment=None))
