"""Credentials: what is sent to a deployment, and what may be shown of it.

Section "Authentication" of all four documents: an Altinn token with the scope
``altinn:serviceowner/notifications.create`` as bearer, or a PlatformAccessToken in a header of
that name; never both.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

SCOPE = "altinn:serviceowner/notifications.create"

PLATFORM_HEADER = "PlatformAccessToken"

LEEWAY_SECONDS = 600.0
"""How long a deployment may accept a token beyond its end, unless its operator states it."""

LONGEST_WAIT = timedelta(seconds=60)
"""How long a test waits for a token that is about to expire."""

ENVIRONMENT = {
    "bearer": "CONFORMANCE_BEARER_TOKEN",
    "platform_access_token": "CONFORMANCE_PLATFORM_ACCESS_TOKEN",
    "expired_bearer": "CONFORMANCE_EXPIRED_BEARER_TOKEN",
    "expired_platform_access_token": "CONFORMANCE_EXPIRED_PLATFORM_ACCESS_TOKEN",
    "not_yet_valid_bearer": "CONFORMANCE_NOT_YET_VALID_BEARER_TOKEN",
    "bearer_without_scope": "CONFORMANCE_BEARER_TOKEN_WITHOUT_SCOPE",
    "bearer_with_similar_scope": "CONFORMANCE_BEARER_TOKEN_WITH_SIMILAR_SCOPE",
    "second_organisation_bearer": "CONFORMANCE_SECOND_ORGANISATION_BEARER_TOKEN",
}
"""The credentials of a target, and the environment variable each is usually kept in."""
EXPIRED = frozenset({"expired_bearer", "expired_platform_access_token"})
"""The credentials that are to have expired; they are never fetched anew."""


class Token(Protocol):
    """A token that may be fetched, and is fetched anew before it expires."""

    def current(self) -> str:
        """Return a token that is valid now; OperatorError when there is none to be had."""


@dataclass(frozen=True)
class Credential:
    """One header of a request that says who asks.

    Attributes:
        name: the name of the header; "" stands for no credential at all.
        source: the token in it, a secret, or where it comes from.
        shown: what stands for the value in reports and curl lines.
        scheme: what stands before the token, with its space.
    """

    name: str
    source: str | Token = field(repr=False)
    shown: str
    scheme: str = ""

    @property
    def token(self) -> str:
        """The bare token, without the scheme; OperatorError when there is none to be had."""
        return self.source if isinstance(self.source, str) else self.source.current()

    @property
    def value(self) -> str:
        """The value of the header."""
        return f"{self.scheme}{self.token}"


ANONYMOUS = Credential("", "", "")


def bearer(token: str | Token, shown: str) -> Credential:
    """Return the credential that sends an Altinn token; ``shown`` stands for the token."""
    return Credential("Authorization", token, f"Bearer {shown}", "Bearer ")


def platform(token: str | Token, shown: str) -> Credential:
    """Return the credential that sends a PlatformAccessToken; ``shown`` stands for the token."""
    return Credential(PLATFORM_HEADER, token, shown)


def claims(token: str) -> Mapping[str, Any] | None:
    """Return the claims of a signed JSON Web Token without verifying it, None if it is none."""
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        return None
    try:
        header, payload = (json.loads(decoded(part)) for part in parts[:2])
    except ValueError:
        return None
    return payload if isinstance(header, dict) and isinstance(payload, dict) else None


def expiry(token: str) -> datetime | None:
    """Return when a JSON Web Token expires, None when it does not say so."""
    return _instant((claims(token) or {}).get("exp"))


def _instant(stated: object) -> datetime | None:
    """Return the instant of a NumericDate (RFC 7519, section 2), None for anything else."""
    try:
        return datetime.fromtimestamp(stated, UTC) if isinstance(stated, int | float) else None
    except (ValueError, OverflowError, OSError):  # no time that a clock shows
        return None


def unfit(name: str, credential: Credential, now: datetime, leeway: float) -> str:
    """Return why a credential is not what its name in the target file says, "" when it may be.

    ``leeway`` is for how many seconds beyond its end the deployment accepts a token. Only what a
    JSON Web Token says of itself can be seen; of other tokens nothing is known.
    """
    stated, expires = claims(credential.token), expiry(credential.token)
    if stated is None:
        return ""
    if name in EXPIRED:
        late = expires is not None and expires > now - timedelta(seconds=leeway)
        beyond = f" for the {leeway:g} s of token_leeway_seconds" if leeway else ""
        return f"has not been expired{beyond}" if late else ""
    if expires is not None and expires < now:
        return "has expired"
    if name == "not_yet_valid_bearer":
        begins = _instant(stated.get("nbf"))
        early = begins is None or begins < now + timedelta(seconds=leeway)
        return "is valid already, or within the leeway of clocks" if early else ""
    scope = stated.get("scope") or ""
    scopes = scope.split() if isinstance(scope, str) else scope
    if name in ("bearer_without_scope", "bearer_with_similar_scope") and SCOPE in scopes:
        return f"has the scope {SCOPE}"
    return ""


def under_scheme(valid: Credential, scheme: str) -> Credential:
    """Return a valid bearer under another scheme than Bearer; "" leaves the scheme out."""
    shown = valid.shown.removeprefix("Bearer ")
    prefix = f"{scheme} " if scheme else ""
    return replace(valid, scheme=prefix, shown=f"{prefix}{shown}")


def is_of_same_organisation(one: Credential, other: Credential) -> bool:
    """Tell whether two tokens name the same organisation, as far as they name one."""
    named = [_organisation(each) for each in (one, other)]
    return named[0] is not None and named[0] == named[1]


def _organisation(credential: Credential) -> object:
    """Return the code of the organisation; an app's token is issued by it (``iss``)."""
    claim = "iss" if credential.name == PLATFORM_HEADER else "urn:altinn:org"
    return (claims(credential.token) or {}).get(claim)


def decoded(part: str) -> bytes:
    """Return what a part of a JSON Web Token encodes; ValueError when it is not base64url."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
