"""Tokens: those that are handed out, and which organisation comes with one."""

from __future__ import annotations

import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from werkzeug.datastructures import Headers

SCOPE = "altinn:serviceowner/notifications.create"
ISSUER = "https://second.example.com/authentication"
ORGANISATION = "nav"
APP = "urn:altinn:app"
HOUR = 3600


class RefusedError(Exception):
    """A caller who is not let in; 401 or 403."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Tokens:
    """Altinn tokens are signed with an elliptic curve, platform access tokens with RSA."""

    def __init__(self) -> None:
        self._altinn = ec.generate_private_key(ec.SECP256R1())
        self._platform = rsa.generate_private_key(65537, 2048)

    def altinn(
        self, organisation: str = ORGANISATION, scope: str = SCOPE, begins: float = 0
    ) -> str:
        """Return a token that is valid for an hour, beginning in so many seconds."""
        start = int(time.time() + begins)
        claims = {"iss": ISSUER, "scope": scope, "nbf": start, "exp": start + HOUR}
        return jwt.encode(claims | {"urn:altinn:org": organisation}, self._altinn, "ES256")

    def platform(self, begins: float = 0) -> str:
        end = int(time.time() + begins) + HOUR
        claims = {"iss": "platform", APP: f"{ORGANISATION}/app", "exp": end}
        return jwt.encode(claims, self._platform, "RS256")

    def organisation(self, headers: Headers) -> str:
        """Return where a request comes from, by either of its credentials."""
        if platform := headers.get("PlatformAccessToken"):
            key = self._platform.public_key()
            return str(claims_of(platform, key, "RS256", "platform", APP)[APP].partition("/")[0])
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise RefusedError(401)
        claims = claims_of(token.strip(), self._altinn.public_key(), "ES256", ISSUER, "nbf")
        if SCOPE not in claims["scope"].split():
            raise RefusedError(403)
        return str(claims["urn:altinn:org"])


def claims_of(token: str, key: Any, algorithm: str, issuer: str, required: str) -> dict[str, Any]:
    """Return what a token says that this deployment has signed and that is valid now."""
    try:
        options: Any = {"require": ["exp", required]}
        return jwt.decode(token, key, [algorithm], issuer=issuer, options=options)
    except jwt.PyJWTError:
        raise RefusedError(401) from None
