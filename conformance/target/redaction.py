"""Keeps secrets out of what is recorded, however an answer spells them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import quote

from conformance.exchange import Headers, Response

HIDDEN_HEADERS = frozenset({"set-cookie", "authorization", "platformaccesstoken"})


class Redaction:
    """Replaces secrets in answers.

    Args:
        secrets: the texts that are known to be secret; others may be added.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: set[str] = set()
        self._spellings: list[str] = []
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Keep these out as well, from now on."""
        new = {secret for secret in secrets if secret} - self._known
        if new:
            self._known |= new
            spellings = {*self._spellings, *(each for secret in new for each in _spellings(secret))}
            self._spellings = sorted(spellings, key=len)  # a token before the header that holds it

    def response(self, response: Response) -> Response:
        """Return an answer without the secrets."""
        body, present = response.body, self._in(response)
        for secret in present:
            body = body.replace(secret.encode("utf-8"), b"***")
        return Response(response.status, _without(present, response.headers), body)

    def _in(self, response: Response) -> list[str]:
        """Return what has to be replaced: mostly nothing, though many forged tokens are known."""
        body = response.body.decode("utf-8", "surrogateescape")
        text = "\n".join([body, *(value for _, value in response.headers)])
        return [secret for secret in self._spellings if secret in text]


def _without(secrets: Iterable[str], headers: Headers) -> Headers:
    cleaned = []
    for name, value in headers:
        for secret in secrets:
            value = value.replace(secret, "***")
        cleaned.append((name, "***" if name.lower() in HIDDEN_HEADERS else value))
    return tuple(cleaned)


def _spellings(secret: str) -> set[str]:
    """Return a secret in all the ways in which an answer may spell it."""
    escaped = secret.replace("+", "\\u002B").replace("/", "\\/")  # as ASP.NET does in JSON
    return {secret, quote(secret), json.dumps(secret)[1:-1], escaped}
