"""A token of Maskinporten, by a JWT grant (RFC 7523), exchanged for one of Altinn."""

from __future__ import annotations

import base64
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from conformance.clock import Clock
from conformance.errors import OperatorError
from conformance.target.credentials import SCOPE
from conformance.target.tokens.asking import ask, check_url, what
from conformance.target.tokens.text import token_in

ASSERTION_SECONDS = 100
"""How long an assertion is valid: at most 120 s, less what this machine's clock may be ahead."""
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True)
class Maskinporten:
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
        check_url(self.issuer, f"{self.name}.maskinporten.issuer")
        if self.exchange:
            check_url(self.exchange, f"{self.name}.maskinporten.exchange")
        self._assertion()

    def __call__(self) -> str:
        """Ask for a token, and exchange it."""
        assertion = self._assertion()
        answer = ask(
            self.name,
            "POST",
            f"{self.issuer.rstrip('/')}/token",
            data={"grant_type": GRANT_TYPE, "assertion": assertion},
            secrets=[assertion],
            mend="check issuer, client_id, key and scope, and the clock of this machine",
        )
        granted = token_in(_access_token(answer), self.name, what(answer), "check the issuer")
        if not self.exchange:
            return granted
        answer = ask(
            self.name,
            "GET",
            self.exchange,
            headers={"Authorization": f"Bearer {granted}"},
            secrets=[granted],
            mend="check that issuer and exchange are of the same environment, and the scope",
        )
        return token_in(answer.text, self.name, what(answer), "check the exchange")

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


def _access_token(answer: httpx.Response) -> str:
    """Return the token of a successful answer (RFC 6749, section 5.1), "" when it has none."""
    try:
        stated = answer.json()
    except ValueError:
        return ""
    token = stated.get("access_token") if isinstance(stated, dict) else None
    return token if isinstance(token, str) else ""
