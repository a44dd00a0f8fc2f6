"""Who is let in and should not be, or the other way round."""

import base64
import json

from joserfc.jwk import RSAKey

from conformance.reference.deviations import fault
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.wire import Call


@fault(breaks="auth.order-forged-bearer")
class BearerNotVerified(Rules):
    """An order is placed with the claims of an Altinn token, whoever signed it."""

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        claims = super().signed_claims(call, token, key)
        return claims or (unverified_claims(token) if call.places_order else None)


def unverified_claims(token: str) -> Claims | None:
    """What a token says, believed without proof."""
    try:
        _, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None
