"""Authentication and authorisation, the same for all three operations."""

from __future__ import annotations

import pytest

from conformance.api import Api, control
from conformance.behaviour import scenarios
from conformance.behaviour.operations import (
    Ask,
    each_operation,
    each_reading,
    given_answered,
    given_refused,
)
from conformance.checks.auth import reveals_nothing
from conformance.conftest import CredentialOf, Mails
from conformance.expect import expect, expect_mail, expect_summary
from conformance.marks import costs, requirement, watches
from conformance.target.credentials import (
    ANONYMOUS,
    Credential,
    bearer,
    platform,
    under_scheme,
)
from conformance.target.forgeries import (
    FORGERIES,
    INVALID_PLATFORM_TOKENS,
    NO_TOKENS,
    OTHER_SCHEMES,
    forged,
)
from conformance.watching import Watched


@each_operation("auth.{}-no-credentials")
def test_a_request_without_credentials_is_refused(api: Api, ask: Ask) -> None:
    """A request with neither Authorization nor PlatformAccessToken is answered 401."""
    placed = given_answered(api, ask)

    refusal = ask(api.asking_with(ANONYMOUS), placed)

    expect(refusal).is_refused(401)


@each_operation("auth.{}-invalid-bearer")
@pytest.mark.parametrize("invalid", NO_TOKENS, ids=lambda each: each.shown or "empty")
def test_a_bearer_that_is_no_token_is_refused(api: Api, ask: Ask, invalid: Credential) -> None:
    """An Authorization header without a token of the authority is answered 401."""
    placed = given_answered(api, ask)

    refusal = ask(api.asking_with(invalid), placed)

    expect(refusal).is_refused(401)


@each_operation("auth.{}-other-scheme")
@pytest.mark.parametrize("scheme", OTHER_SCHEMES)
def test_a_bearer_under_another_scheme_is_refused(
    api: Api, ask: Ask, credential: CredentialOf, scheme: str
) -> None:
    """A valid token under another scheme than Bearer, or under none, is answered 401."""
    placed = given_answered(api, ask)

    refusal = ask(api.asking_with(under_scheme(credential("bearer"), scheme)), placed)

    expect(refusal).is_refused(401)


@each_operation("auth.{}-forged-bearer")
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_bearer_is_refused(
    api: Api, ask: Ask, credential: CredentialOf, forgery: str
) -> None:
    """A token that was valid before it was tampered with is answered 401."""
    placed = given_answered(api, ask)

    refusal = ask(api.asking_with(forged(credential("bearer"), forgery)), placed)

    expect(refusal).is_refused(401, flaw=f"its valid token was forged ({forgery})")


@each_operation("auth.{}-expired-bearer")
def test_an_expired_bearer_is_refused(api: Api, ask: Ask, credential: CredentialOf) -> None:
    """An expired token is answered 401."""
    placed = given_answered(api, ask)

    refusal = ask(api.asking_with(credential("expired_bearer")), placed)

    expect(refusal).is_refused(401)


@each_operation("auth.{}-not-yet-valid-bearer")
def test_a_bearer_that_is_not_valid_yet_is_refused(
    api: Api, ask: Ask, credential: CredentialOf
) -> None:
    """A token that is of use only later is answered 401."""
    placed = given_answered(api, ask)

    refusal = ask(api.asking_with(credential("not_yet_valid_bearer")), placed)

    expect(refusal).is_refused(401)


@each_operation("auth.{}-no-scope")
def test_a_bearer_without_scope_is_refused(api: Api, ask: Ask, credential: CredentialOf) -> None:
    """A valid token without the required scope is answered 403."""
    placed = given_answered(api, ask)

    refusal = ask(api.asking_with(credential("bearer_without_scope")), placed)

    expect(refusal).is_refused(403)


@each_operation("auth.{}-similar-scope")
def test_a_similar_scope_is_refused(api: Api, ask: Ask, credential: CredentialOf) -> None:
    """A valid token whose scope only resembles the required one is answered 403."""
    placed = given_answered(api, ask)

    refusal = ask(api.asking_with(credential("bearer_with_similar_scope")), placed)

    expect(refusal).is_refused(403)


@each_operation("auth.{}-invalid-platform-token")
@pytest.mark.parametrize("kind", INVALID_PLATFORM_TOKENS)
def test_an_invalid_platform_token_is_refused(api: Api, ask: Ask, kind: str) -> None:
    """A PlatformAccessToken that is none, alone, is answered 403, or 401 as real ones do."""
    placed = given_answered(api, ask)
    token = INVALID_PLATFORM_TOKENS[kind]()

    refusal = ask(api.asking_with(platform(token, f"<{kind}>")), placed)

    expect(refusal).is_refused(401, 403)


@each_operation("auth.{}-forged-platform-token")
@pytest.mark.parametrize("forgery", ["unsigned", "its signature altered", "its claims changed"])
def test_a_forged_platform_token_is_refused(
    api: Api, ask: Ask, credential: CredentialOf, forgery: str
) -> None:
    """A PlatformAccessToken that was valid before it was tampered with is answered 403, or 401."""
    valid = credential("platform_access_token")
    placed = given_answered(api.asking_with(valid), ask)

    refusal = ask(api.asking_with(forged(valid, forgery)), placed)

    expect(refusal).is_refused(401, 403, flaw=f"its valid token was forged ({forgery})")


@each_operation("auth.{}-expired-platform-token")
def test_an_expired_platform_token_is_refused(api: Api, ask: Ask, credential: CredentialOf) -> None:
    """A PlatformAccessToken that has expired is answered 403, or 401."""
    placed = given_answered(api.asking_with(credential("platform_access_token")), ask)

    refusal = ask(api.asking_with(credential("expired_platform_access_token")), placed)

    expect(refusal).is_refused(401, 403)


@each_operation("auth.{}-platform-token-as-bearer")
def test_a_platform_token_is_no_bearer(api: Api, ask: Ask, credential: CredentialOf) -> None:
    """A PlatformAccessToken in the header of an Altinn token, whose scope it lacks, is refused."""
    valid = credential("platform_access_token")
    placed = given_answered(api.asking_with(valid), ask)

    refusal = ask(api.asking_with(bearer(valid.token, valid.shown)), placed)

    expect(refusal).is_refused(401, 403)


@each_operation("auth.{}-bearer-as-platform-token")
def test_a_bearer_is_no_platform_token(api: Api, ask: Ask, credential: CredentialOf) -> None:
    """An Altinn token in the header PlatformAccessToken, which it is not, is refused."""
    valid = credential("bearer")
    placed = given_answered(api.asking_with(valid), ask)

    refusal = ask(api.asking_with(platform(valid.token, valid.shown)), placed)

    expect(refusal).is_refused(401, 403)


@each_operation("auth.{}-refusal-reveals-nothing")
def test_a_refusal_reveals_nothing(api: Api, ask: Ask) -> None:
    """The answer to a request without credentials names no order, and holds none."""
    placed = given_answered(api, ask)

    refusal = given_refused(ask(api.asking_with(ANONYMOUS), placed))

    expect(refusal).passes(reveals_nothing)


@requirement("auth.order-platform-token-sent")
@watches(scenarios.by_platform_token, asking_with="platform_access_token")
def test_an_order_by_platform_token_is_processed(watched: Watched) -> None:
    """An order that a PlatformAccessToken authorised becomes one notification for each address."""
    addresses = [each["emailAddress"] for each in watched.placed.order["recipients"]]

    expect_summary(watched.summary).has_notifications(count=2).sends_to(*addresses)


@requirement("auth.order-refused-not-sent")
@watches(scenarios.unauthorised, refused=[401, 403], asking_with="bearer_without_scope")
def test_nothing_is_sent_for_who_may_not_order(watched: Watched, mails: Mails) -> None:
    """An order that is refused for its scope is not sent, though all else of it is right."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_mail(mails(address), watched.placed.receipt).none_arrived()


@requirement("auth.order-refused-not-sent")
@watches(scenarios.unauthenticated, refused=[401, 403], asking_with="anonymous")
def test_nothing_is_sent_for_nobody(watched: Watched, mails: Mails) -> None:
    """An order without credentials is not sent, though all else of it is right."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_mail(mails(address), watched.placed.receipt).none_arrived()


ORDERING = [
    pytest.param("bearer", marks=requirement("auth.order-scope-suffices")),
    pytest.param("platform_access_token", marks=requirement("auth.order-platform-token-suffices")),
]


@pytest.mark.parametrize("name", ORDERING)
def test_one_credential_suffices_to_order(api: Api, credential: CredentialOf, name: str) -> None:
    """An order is authorised by a token with scope alone, or by a platform token alone."""
    answer = api.asking_with(credential(name)).order_email()

    expect(answer).is_authorised()


@requirement("auth.order-any-organisation")
def test_another_organisation_may_order_too(api: Api, credential: CredentialOf) -> None:
    """An order is authorised by the token with scope of any organisation."""
    control(api.order_email())

    answer = api.asking_with(credential("second_organisation_bearer")).order_email()

    expect(answer).is_authorised()


@each_reading("auth.{}-scope-suffices")
def test_a_bearer_suffices_to_read(api: Api, ask: Ask, credential: CredentialOf) -> None:
    """Reading is authorised by a token with the required scope alone."""
    own = api.asking_with(credential("bearer"))
    placed = own.given_order()

    answer = ask(own, placed)

    expect(answer).is_authorised()


@costs(requests=4)
@each_reading("auth.{}-platform-token-suffices")
def test_a_platform_token_suffices_to_read(api: Api, ask: Ask, credential: CredentialOf) -> None:
    """Reading an order of one's own is authorised by a platform token alone."""
    own = api.asking_with(credential("platform_access_token"))
    control(ask(api, api.given_order()))
    placed = own.given_order()

    answer = ask(own, placed)

    expect(answer).has_status(200)
