"""Who may read an order or its emails and should not, or the other way round."""

from datetime import UTC, datetime, timedelta

from joserfc.jwk import RSAKey

from conformance.reference.credentials import ORGANISATION, SCOPE
from conformance.reference.deviations import fault
from conformance.reference.faults.authentication import token_header, unverified_claims
from conformance.reference.model import Order
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Operation, RefusalError

_LEEWAY = timedelta(hours=2)


class _Remembering(Rules):
    """Keeps the orders, so that a refusal can tell of them."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._placed: dict[str, Order] = {}

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        self._placed[order.id] = order
        return order


# The details of an order


@fault(breaks="auth.details-no-credentials")
class DetailsOpenToAnyone(Rules):
    """Whoever knows the id of an order can read its details."""

    def authorise(self, call: Call) -> str:
        is_anonymous = not {"authorization", "platformaccesstoken"} & set(call.headers)
        if call.operation is Operation.READ_ORDER and is_anonymous:
            return ORGANISATION
        return super().authorise(call)


@fault(breaks="auth.details-no-credentials")
class AnonymousDetailsNotFound(Rules):
    """To a call without any credential an order does not exist (404)."""

    def no_bearer(self, call: Call) -> Answer:
        if call.operation is Operation.READ_ORDER and "authorization" not in call.headers:
            return self.order_not_found(call)
        return super().no_bearer(call)


@fault(breaks="auth.details-forged-bearer")
class DetailsWithRememberedToken(Rules):
    """The details are read with any token whose jti was once seen in a valid one."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._seen: set[object] = set()

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        claims = super().signed_claims(call, token, key)
        if claims is not None:
            self._seen.add(claims.get("jti"))
            return claims
        claimed = unverified_claims(token) if call.operation is Operation.READ_ORDER else None
        return claimed if claimed and claimed.get("jti") in self._seen else None


@fault(breaks="auth.details-expired-bearer")
class DetailsWithHoursOfLeeway(Rules):
    """The details can still be read in the two hours after an Altinn token has expired."""

    def is_expired(self, call: Call, claims: Claims) -> bool:
        expired = datetime.fromtimestamp(int(claims.get("exp", 0)), UTC)
        is_recent = datetime.now(UTC) - expired < _LEEWAY
        is_tolerated = call.operation is Operation.READ_ORDER and is_recent
        return not is_tolerated and super().is_expired(call, claims)


@fault(breaks="auth.details-no-scope")
class DetailsWithoutScope401(Rules):
    """Reading the details with a token without the scope is answered 401 instead of 403."""

    def has_scope(self, call: Call, claims: Claims) -> bool:
        if call.operation is Operation.READ_ORDER and SCOPE not in str(claims.get("scope")):
            raise RefusalError(self.unauthorized(call))
        return super().has_scope(call, claims)


@fault(breaks="auth.details-no-scope")
class DetailsWithAnyServiceOwnerScope(Rules):
    """The details can be read with another scope for service owners, such as instances.read."""

    def has_scope(self, call: Call, claims: Claims) -> bool:
        reads = call.operation is Operation.READ_ORDER
        others = [scope for scope in self.scopes(claims) if not scope.startswith(SCOPE)]
        suffices = any(scope.startswith("altinn:serviceowner/") for scope in others)
        return super().has_scope(call, claims) or (reads and suffices)


@fault(breaks="auth.details-similar-scope")
class DetailsWithScopeOfSameStart(Rules):
    """To read the details it is enough that a scope begins like the required one."""

    def has_scope(self, call: Call, claims: Claims) -> bool:
        reads = call.operation is Operation.READ_ORDER
        begins = any(scope.startswith(SCOPE) for scope in self.scopes(claims))
        return super().has_scope(call, claims) or (reads and begins)


@fault(breaks="auth.details-refusal-reveals-nothing")
class RefusedDetailsInBody(_Remembering):
    """The details of an order are the body of the 401 to whoever may not read them."""

    def unauthorized(self, call: Call) -> Answer:
        answer, order = super().unauthorized(call), self._placed.get(call.order_id)
        if call.operation is Operation.READ_ORDER and order:
            answer.content = self.details(order)
        return answer


@fault(breaks="auth.details-scope-suffices")
class DetailsNeedPlatformToken(Rules):
    """The details of an order are for Altinn apps alone: an Altinn token is answered 403.

    No other test that reads details gets an answer to its own question.
    """

    def has_scope(self, call: Call, claims: Claims) -> bool:
        return call.operation is not Operation.READ_ORDER and super().has_scope(call, claims)


@fault(breaks="auth.details-platform-token-suffices")
class PlatformTokenCannotReadDetails(Rules):
    """The details of an order are for owners of an Altinn token alone."""

    def platform_caller(self, call: Call) -> str | None:
        return None if call.operation is Operation.READ_ORDER else super().platform_caller(call)


# The emails of an order


@fault(breaks="auth.summary-no-credentials")
class AnonymousSummaryForbidden(Rules):
    """Reading the emails without any credential is answered 403 instead of 401."""

    def no_bearer(self, call: Call) -> Answer:
        if call.operation is Operation.READ_EMAILS and "authorization" not in call.headers:
            return self.forbidden(call)
        return super().no_bearer(call)


@fault(breaks="auth.summary-no-credentials")
class SummaryOpenToAnyone(Rules):
    """Whoever knows the id of an order can read to whom its emails went."""

    def authorise(self, call: Call) -> str:
        is_anonymous = not {"authorization", "platformaccesstoken"} & set(call.headers)
        if call.operation is Operation.READ_EMAILS and is_anonymous:
            return ORGANISATION
        return super().authorise(call)


@fault(breaks="auth.summary-invalid-bearer")
class SummaryWithAnyBearer(Rules):
    """The emails can be read with a bearer that is no token, as in front of a test deployment."""

    def bearer_caller(self, call: Call) -> str:
        token = self.bearer_token(call)
        if call.operation is Operation.READ_EMAILS and token and unverified_claims(token) is None:
            return ORGANISATION
        return super().bearer_caller(call)


@fault(breaks="auth.summary-forged-bearer")
class SummaryWithForeignSignature(Rules):
    """The emails are read with a token of the right form that anyone may have signed."""

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        claims = super().signed_claims(call, token, key)
        is_signed = (token_header(token) or {}).get("alg") == "RS256" and not token.endswith(".")
        if claims is None and call.operation is Operation.READ_EMAILS and is_signed:
            return unverified_claims(token)
        return claims


@fault(breaks="auth.summary-forged-bearer")
class SummaryWithForgedTokenForbidden(Rules):
    """Reading the emails with a token whose signature is wrong is answered 403 instead of 401."""

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        claims = super().signed_claims(call, token, key)
        reads_with_bearer = call.operation is Operation.READ_EMAILS and self.bearer_token(call)
        if claims is None and reads_with_bearer and unverified_claims(token):
            raise RefusalError(self.forbidden(call))
        return claims


@fault(breaks="auth.summary-expired-bearer")
class SummaryWithExpiredToken(Rules):
    """The emails are read with an Altinn token whose time is over."""

    def is_expired(self, call: Call, claims: Claims) -> bool:
        return call.operation is not Operation.READ_EMAILS and super().is_expired(call, claims)


@fault(breaks="auth.summary-no-scope")
class SummaryWithAnyScopeToRead(Rules):
    """The emails can be read with any scope whose name ends with read."""

    def has_scope(self, call: Call, claims: Claims) -> bool:
        reads = call.operation is Operation.READ_EMAILS
        suffices = any(scope.endswith(".read") for scope in self.scopes(claims))
        return super().has_scope(call, claims) or (reads and suffices)


@fault(breaks="auth.summary-similar-scope")
class SummaryWithSimilarScope401(Rules):
    """Reading the emails with a scope that resembles the required one is answered 401."""

    def has_scope(self, call: Call, claims: Claims) -> bool:
        is_similar = SCOPE in str(claims.get("scope")) and SCOPE not in self.scopes(claims)
        if call.operation is Operation.READ_EMAILS and is_similar:
            raise RefusalError(self.unauthorized(call))
        return super().has_scope(call, claims)


@fault(breaks="auth.summary-similar-scope")
class SummaryWithScopeInParts(Rules):
    """The required scope is compared up to its last full stop when the emails are read."""

    def has_scope(self, call: Call, claims: Claims) -> bool:
        reads = call.operation is Operation.READ_EMAILS
        suffices = any(scope.rpartition(".")[0] == SCOPE for scope in self.scopes(claims))
        return super().has_scope(call, claims) or (reads and suffices)


@fault(breaks="auth.summary-invalid-platform-token")
class SummaryWithInvalidPlatformTokenNotFound(Rules):
    """To an invalid PlatformAccessToken the emails of an order do not exist (404)."""

    def no_bearer(self, call: Call) -> Answer:
        if call.operation is Operation.READ_EMAILS and self.platform_token(call) is not None:
            return self.emails_not_found(call)
        return super().no_bearer(call)


@fault(breaks="auth.summary-refusal-reveals-nothing")
class RefusedEmailsInBody(_Remembering):
    """The emails of an order are the body of the 403 and 401 to whoever may not read them."""

    def unauthorized(self, call: Call) -> Answer:
        return self._telling(call, super().unauthorized(call))

    def forbidden(self, call: Call) -> Answer:
        return self._telling(call, super().forbidden(call))

    def _telling(self, call: Call, answer: Answer) -> Answer:
        order = self._placed.get(call.order_id)
        if call.operation is Operation.READ_EMAILS and order:
            answer.content = self.summary(order)
        return answer


@fault(breaks="auth.summary-scope-suffices")
class SummaryNeedsScopeOfItsOwn(Rules):
    """To read the emails another scope is needed than to place the order.

    No other test that reads a summary gets an answer to its own question.
    """

    def has_scope(self, call: Call, claims: Claims) -> bool:
        if call.operation is Operation.READ_EMAILS:
            return "altinn:serviceowner/notifications.read" in self.scopes(claims)
        return super().has_scope(call, claims)


@fault(breaks="auth.summary-platform-token-suffices")
class SummaryForgetsWhoseAppItIs(Rules):
    """A PlatformAccessToken reads the emails of an app's own orders only, of which there are none.

    So that the emails of an order placed with the same token are not found.
    """

    def platform_organisation(self, call: Call, claims: Claims) -> str | None:
        if call.operation is Operation.READ_EMAILS:
            return str(claims.get("urn:altinn:app"))
        return super().platform_organisation(call, claims)
