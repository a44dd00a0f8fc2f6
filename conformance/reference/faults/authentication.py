"""Who may place an order and should not, or the other way round."""

import base64
import json
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from joserfc.jwk import RSAKey

from conformance.reference.credentials import ORGANISATION, SCOPE
from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import Notification, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Operation, RefusalError, Value


@fault(breaks="auth.order-no-credentials")
class AnonymousOrderForbidden(Rules):
    """An order without any credential is answered 403 instead of 401."""

    def no_bearer(self, call: Call) -> Answer:
        if call.places_order and "authorization" not in call.headers:
            return self.forbidden(call)
        return super().no_bearer(call)


@fault(breaks="auth.order-no-credentials")
class AnonymousOrderAccepted(Rules):
    """An order without any credential is accepted in the name of an organisation."""

    def authorise(self, call: Call) -> str:
        is_anonymous = not {"authorization", "platformaccesstoken"} & set(call.headers)
        return ORGANISATION if call.places_order and is_anonymous else super().authorise(call)


@fault(breaks="auth.order-invalid-bearer")
class OrderWithBrokenTokenForbidden(Rules):
    """An order with a bearer that is no token at all is answered 403 instead of 401."""

    def bearer_claims(self, call: Call, token: str) -> Claims | None:
        if call.places_order and unverified_claims(token) is None:
            raise RefusalError(self.forbidden(call))
        return super().bearer_claims(call, token)


@fault(breaks="auth.order-invalid-bearer")
class OrderWithTwoDotsCrashes(Rules):
    """A bearer in three parts that are not base64 crashes the placing of an order (500)."""

    def bearer_claims(self, call: Call, token: str) -> Claims | None:
        if call.places_order and token.count(".") == 2 and unverified_claims(token) is None:
            raise RefusalError(Answer(HTTPStatus.INTERNAL_SERVER_ERROR))
        return super().bearer_claims(call, token)


@fault(breaks="auth.order-forged-bearer")
class BearerNotVerified(Rules):
    """An order is placed with the claims of an Altinn token, whoever signed it."""

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        claims = super().signed_claims(call, token, key)
        return claims or (unverified_claims(token) if call.places_order else None)


@fault(breaks="auth.order-expired-bearer")
class ExpiredOrdersAccepted(Rules):
    """An order is placed with an Altinn token whose time is over."""

    def is_expired(self, call: Call, claims: Claims) -> bool:
        return not call.places_order and super().is_expired(call, claims)


@fault(breaks="auth.order-expired-bearer")
class ExpiredOrdersForbidden(Rules):
    """An order with an expired Altinn token is answered 403 instead of 401."""

    def is_expired(self, call: Call, claims: Claims) -> bool:
        is_expired = super().is_expired(call, claims)
        if is_expired and call.places_order:
            raise RefusalError(self.forbidden(call))
        return is_expired


@fault(breaks="auth.order-no-scope")
class ScopeOfOrdersNotChecked(Rules):
    """An order is placed with a token that has nothing but a scope for something else."""

    def has_scope(self, call: Call, claims: Claims) -> bool:
        is_foreign = SCOPE not in str(claims.get("scope"))
        return super().has_scope(call, claims) or (call.places_order and is_foreign)


@fault(breaks="auth.order-no-scope")
class OrderWithoutScopeBadRequest(Rules):
    """An order with a token without the scope is answered 400 instead of 403."""

    def has_scope(self, call: Call, claims: Claims) -> bool:
        if call.places_order and SCOPE not in str(claims.get("scope")):
            raise RefusalError(self.bad_request(call, {"scope": ["The scope is missing."]}))
        return super().has_scope(call, claims)


@fault(breaks="auth.order-similar-scope")
class ScopeOfOrdersSearchedInText(Rules):
    """To place an order the scope is looked for anywhere in the text of all scopes."""

    def has_scope(self, call: Call, claims: Claims) -> bool:
        is_within = SCOPE in str(claims.get("scope"))
        return super().has_scope(call, claims) or (call.places_order and is_within)


@fault(breaks="auth.order-invalid-platform-token")
class OrderWithBrokenPlatformTokenBadRequest(Rules):
    """An order with a PlatformAccessToken that is no token is answered 400."""

    def no_bearer(self, call: Call) -> Answer:
        token = self.platform_token(call)
        if call.places_order and token is not None and unverified_claims(token) is None:
            return self.bad_request(call, {"PlatformAccessToken": ["It is no token."]})
        return super().no_bearer(call)


@fault(breaks="auth.order-refusal-reveals-nothing")
class AnonymousOrderNamed(Rules):
    """The 401 to an order without a credential carries a Location."""

    def unauthorized(self, call: Call) -> Answer:
        answer = super().unauthorized(call)
        if call.places_order:
            answer.headers["location"] = f"{self.setting.base_url}/orders/{self.new_id()}"
        return answer


@fault(breaks="auth.order-scope-suffices")
class TokenGoodForOneOrder(Rules):
    """An Altinn token has its scope for one order, and is answered 403 from the second one on.

    No other test that places orders gets an answer to its own question.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._used: set[object] = set()

    def has_scope(self, call: Call, claims: Claims) -> bool:
        if not call.places_order:
            return super().has_scope(call, claims)
        is_used = claims.get("jti") in self._used
        self._used.add(claims.get("jti"))
        return not is_used and super().has_scope(call, claims)


@fault(breaks="auth.order-platform-token-suffices")
class PlatformTokenCannotOrder(Rules):
    """An order needs an Altinn token, even beside a valid PlatformAccessToken.

    What is read with a PlatformAccessToken cannot be ordered first.
    """

    def platform_caller(self, call: Call) -> str | None:
        return None if call.places_order else super().platform_caller(call)


class _KnowsAppOrders(Rules):
    """Remembers which orders a PlatformAccessToken authorised."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._asked = threading.local()
        self.of_apps: set[str] = set()

    def platform_caller(self, call: Call) -> str | None:
        self._asked.by_platform = caller = super().platform_caller(call)
        return caller

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        if self._asked.by_platform:
            self.of_apps.add(order.id)
        return order


@fault(breaks="auth.order-platform-token-sent")
class PlatformOrderNotQueued(_KnowsAppOrders):
    """An order by PlatformAccessToken is accepted, but never handed on to be processed."""

    def start_time(self, order: Order) -> datetime:
        delay = timedelta(days=365) if order.id in self.of_apps else timedelta()
        return super().start_time(order) + delay


@fault(breaks="auth.order-platform-token-sent")
class RegistersForBearersOnly(_KnowsAppOrders):
    """Of an order by PlatformAccessToken only those are sent to whose address is given."""

    def addresses_of(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        if order.id in self.of_apps and recipient.number:
            return ()
        return super().addresses_of(order, recipient)


class _OneTenant(Rules):
    """Works for the organisation that ordered first, and for others in part only."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._tenant = ""

    def is_of_another(self, order: Order) -> bool:
        return order.creator != self._tenant

    def email_order(self, document: Json, organisation: str) -> Order:
        self._tenant = self._tenant or organisation
        return super().email_order(document, organisation)


@fault(breaks="auth.order-any-organisation-sent")
class OneTenantIsScheduled(_OneTenant):
    """The scheduler finds the orders of one organisation only; those of others are never sent."""

    def start_time(self, order: Order) -> datetime:
        delay = timedelta(days=365) if self.is_of_another(order) else timedelta()
        return super().start_time(order) + delay


@fault(breaks="delivery.ordered-by-any-organisation")
class OneTenantHasKeywords(_OneTenant):
    """Keywords are replaced for one organisation only, for which that was switched on."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        party = None if self.is_of_another(order) else notification.party
        return super().mails(order, replace(notification, party=party))


@fault(breaks="details.creator-of-apps")
class CreatorIsTheApp(_KnowsAppOrders):
    """What a PlatformAccessToken authorised has the app as its creator."""

    def creator(self, order: Order) -> Value:
        return "app" if order.id in self.of_apps else super().creator(order)


@fault(breaks="summary.nothing-sent-early-for-apps")
class OrdersOfAppsAtOnce(_KnowsAppOrders):
    """What a PlatformAccessToken authorised is sent at once, whenever it was to be sent."""

    def start_time(self, order: Order) -> datetime:
        return order.created if order.id in self.of_apps else super().start_time(order)


@fault(breaks="delivery.reservation-ignored-for-apps")
class OverrideOfAppsForgotten(_KnowsAppOrders):
    """ignoreReservation is lost on its way when a PlatformAccessToken authorised the order."""

    def addresses_of(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        if order.id in self.of_apps:
            return super().addresses_of(replace(order, ignore_reservation=False), recipient)
        return super().addresses_of(order, recipient)


@fault(breaks="lookup.every-mix")
class AppsAreToldOfNobodyMissing(_KnowsAppOrders):
    """missingContact is empty when a PlatformAccessToken authorised the order."""

    def missing_contact(self, order: Order) -> Value:
        return [] if order.id in self.of_apps else super().missing_contact(order)


@fault(breaks="delivery.ordered-by-apps")
class HtmlOfAppsSentAsText(_KnowsAppOrders):
    """The Html that was ordered by PlatformAccessToken is sent as plain text."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        if order.id in self.of_apps:
            return [replace(mail, content_type="Plain") for mail in mails]
        return mails


@fault(breaks="delivery.ordered-by-apps")
class KeywordsOfAppsStay(_KnowsAppOrders):
    """The keywords of an order by PlatformAccessToken are sent as they stand."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        party = None if order.id in self.of_apps else notification.party
        return super().mails(order, replace(notification, party=party))


class _RefusalLocksOut(Rules):
    """After a refusal the next request is refused, too, though its credential is valid."""

    operation: Operation

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._locked = False

    def authorise(self, call: Call) -> str:
        if call.operation is not self.operation:
            return super().authorise(call)
        locked, self._locked = self._locked, False
        try:
            organisation = super().authorise(call)
        except RefusalError:
            self._locked = True
            raise
        if locked:
            raise RefusalError(self.no_bearer(call))
        return organisation


@fault(breaks="auth.order-each-by-itself")
class RefusalLocksOrderOut(_RefusalLocksOut):
    """After an order that was refused the next one is refused, though its credential is valid."""

    operation = Operation.ORDER_EMAIL


@fault(breaks="auth.details-each-by-itself")
class RefusalLocksDetailsOut(_RefusalLocksOut):
    """After details that were refused the next are refused, though their credential is valid."""

    operation = Operation.READ_ORDER


@fault(breaks="auth.summary-each-by-itself")
class RefusalLocksSummaryOut(_RefusalLocksOut):
    """After a summary that was refused the next is refused, though its credential is valid."""

    operation = Operation.READ_EMAILS


def unverified_claims(token: str) -> Claims | None:
    """What a token says, believed without proof."""
    parts = token.split(".")
    return _decoded(parts[1]) if len(parts) == 3 else None


def token_header(token: str) -> Claims | None:
    """What a token says of itself."""
    return _decoded(token.partition(".")[0])


def _decoded(part: str) -> dict[str, object] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
