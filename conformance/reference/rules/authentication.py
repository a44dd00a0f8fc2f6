"""Who calls, and whether they may (each page, Authentication and Response codes).

One of two credentials is enough: an Altinn token with the scope, or a PlatformAccessToken.
"""

from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jwt import JWTClaimsRegistry

from conformance.reference.credentials import (
    ISSUER,
    ORGANISATION,
    SCOPE,
    SECOND_ORGANISATION,
)
from conformance.reference.model import Order
from conformance.reference.rules.answers import AnswerRules
from conformance.reference.wire import Answer, Call, RefusalError

Claims = Mapping[str, Any]


class AuthenticationRules(AnswerRules):
    """Credentials, and who owns an order."""

    def authorise(self, call: Call) -> str:
        """The organisation that calls; refuses a call without a valid credential."""
        return self.platform_caller(call) or self.bearer_caller(call)

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        """To anyone but its creator an order does not exist."""
        return order.creator == organisation

    # The Altinn token

    def bearer_caller(self, call: Call) -> str:
        """The organisation that an Altinn token names; refuses any but a valid one."""
        token = self.bearer_token(call)
        if token is None:
            raise RefusalError(self.no_bearer(call))
        claims = self.bearer_claims(call, token)
        if claims is None:
            raise RefusalError(self.unauthorized(call))
        organisation = self.organisation(call, claims)
        if not organisation or not self.has_scope(call, claims):
            raise RefusalError(self.forbidden(call))
        return organisation

    def no_bearer(self, call: Call) -> Answer:
        """401 without any credential; 403 for an invalid PlatformAccessToken on its own."""
        if self.platform_token(call) is None:
            return self.unauthorized(call)
        return self.forbidden(call)

    def bearer_token(self, call: Call) -> str | None:
        """What follows ``Bearer`` in the Authorization header."""
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    def bearer_claims(self, call: Call, token: str) -> Claims | None:
        """None for a token that is invalid or expired."""
        claims = self.signed_claims(call, token, self.setting.authority.bearer_key)
        if claims is None or not self.is_trusted_issuer(call, claims):
            return None
        return claims if self.is_current(call, claims) else None

    def is_trusted_issuer(self, call: Call, claims: Claims) -> bool:
        """Whether the token comes from the authority of the deployment."""
        return bool(claims.get("iss") == ISSUER)

    def scopes(self, claims: Claims) -> list[str]:
        """A space-separated list (RFC 8693, section 4.2)."""
        scope = claims.get("scope")
        return scope.split(" ") if isinstance(scope, str) else []

    def has_scope(self, call: Call, claims: Claims) -> bool:
        """Maskinporten scope altinn:serviceowner/notifications.create."""
        return SCOPE in self.scopes(claims)

    def organisation(self, call: Call, claims: Claims) -> str | None:
        """The abbreviated name that becomes the order's creator."""
        name = claims.get("urn:altinn:org")
        return name if isinstance(name, str) else None

    # The PlatformAccessToken

    def platform_caller(self, call: Call) -> str | None:
        """The organisation that a PlatformAccessToken names; None without a valid one."""
        token = self.platform_token(call)
        claims = self.platform_claims(call, token) if token else None
        return self.platform_organisation(call, claims) if claims else None

    def platform_token(self, call: Call) -> str | None:
        """The header of that name."""
        return call.headers.get("platformaccesstoken")

    def platform_claims(self, call: Call, token: str) -> Claims | None:
        """None for a token that is invalid or expired."""
        claims = self.signed_claims(call, token, self.setting.authority.platform_key)
        if claims is None or not self.names_app(call, claims):
            return None
        return claims if self.is_current(call, claims) else None

    def names_app(self, call: Call, claims: Claims) -> bool:
        """Whether the token was issued to an Altinn app."""
        return bool(claims.get("urn:altinn:app"))

    def platform_organisation(self, call: Call, claims: Claims) -> str | None:
        """The issuer, where it is an organisation that the deployment knows."""
        issuer = claims.get("iss")
        return issuer if issuer in (ORGANISATION, SECOND_ORGANISATION) else None

    # Both

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        """The claims, when the signature is by the key; ``alg: none`` is no signature."""
        try:
            return jwt.decode(token, key, algorithms=self.algorithms()).claims
        except (JoseError, ValueError, RecursionError):
            return None

    def algorithms(self) -> list[str]:
        """The algorithms that a signature may be made with."""
        return ["RS256"]

    def is_current(self, call: Call, claims: Claims) -> bool:
        """Whether now is within the lifetime of the token."""
        return not self.is_expired(call, claims) and not self.is_premature(call, claims)

    def is_expired(self, call: Call, claims: Claims) -> bool:
        """A token without ``exp`` counts as expired."""
        return not _holds(JWTClaimsRegistry(exp={"essential": True}), claims, "exp")

    def is_premature(self, call: Call, claims: Claims) -> bool:
        """Whether the token is of use only later (``nbf``)."""
        return not _holds(JWTClaimsRegistry(), claims, "nbf")


def _holds(registry: JWTClaimsRegistry, claims: Claims, name: str) -> bool:
    """Whether the one claim is as RFC 7519, section 4.1, wants it."""
    try:
        registry.validate({name: claims[name]} if name in claims else {})
    except JoseError:
        return False
    return True
