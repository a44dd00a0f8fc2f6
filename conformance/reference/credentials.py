"""The keys of the deployment, and the tokens it hands to whoever tests it.

Two credentials are documented (Authentication): an Altinn token with the Maskinporten scope
``altinn:serviceowner/notifications.create``, and the PlatformAccessToken of an Altinn app.
"""

import time
import uuid

from joserfc import jwt
from joserfc.jwk import RSAKey

SCOPE = "altinn:serviceowner/notifications.create"
ISSUER = "https://reference.altinn.example/authentication/api/v1/openid/"
ORGANISATION = "ttd"
SECOND_ORGANISATION = "tad"

_HOUR = 3600


class Authority:
    """Signs tokens; the rules verify them with its keys."""

    def __init__(self, token_lifetime: int = 24 * _HOUR) -> None:
        self.bearer_key = RSAKey.generate_key(2048)
        self.platform_key = RSAKey.generate_key(2048)
        self._foreign_key = RSAKey.generate_key(2048)
        self._lifetime = token_lifetime

    def credentials(self) -> dict[str, str]:
        """One token of each kind that the documents tell apart."""
        now = int(time.time())
        return {
            "bearer": self.bearer(now),
            "expired_bearer": self.bearer(now - _HOUR - self._lifetime),
            "not_yet_valid_bearer": self.bearer(now + self._lifetime + _HOUR),
            "bearer_without_scope": self.bearer(now, scope="altinn:serviceowner/instances.read"),
            "bearer_with_similar_scope": self.bearer(now, scope=f"{SCOPE}.test openid"),
            "second_organisation_bearer": self.bearer(now, organisation=SECOND_ORGANISATION),
            "foreign_key_bearer": self.bearer(now, key=self._foreign_key),
            "platform_access_token": self.platform_access_token(now),
            "expired_platform_access_token": self.platform_access_token(
                now - _HOUR - self._lifetime
            ),
        }

    def bearer(
        self,
        start: int,
        *,
        scope: str = SCOPE,
        organisation: str = ORGANISATION,
        lifetime: int | None = None,
        key: RSAKey | None = None,
    ) -> str:
        """An Altinn token, valid from ``start``; ``organisation`` may be nobody, "" then."""
        claims = {"iss": ISSUER, "scope": scope}
        if organisation:
            claims["urn:altinn:org"] = organisation
        return self._signed(claims, start, lifetime, key or self.bearer_key)

    def platform_access_token(
        self, start: int, *, app: str = "apps-test", lifetime: int | None = None
    ) -> str:
        """A PlatformAccessToken of an app of the organisation."""
        claims = {"iss": ORGANISATION, "urn:altinn:app": app}
        return self._signed(claims, start, lifetime, self.platform_key)

    def _signed(self, claims: dict[str, str], start: int, lifetime: int | None, key: RSAKey) -> str:
        end = start + (self._lifetime if lifetime is None else lifetime)
        times = {"iat": start, "nbf": start, "exp": end}
        header = {"alg": "RS256", "typ": "JWT"}
        return jwt.encode(header, {**claims, **times, "jti": str(uuid.uuid4())}, key)
