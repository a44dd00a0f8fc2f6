"""The reference lets in whom the documents let in (Authentication, Response codes)."""

from __future__ import annotations

import base64
import functools
import json

import pytest

from conformance.selftest.reference_server import LATER, MINIMAL, shared

OPERATIONS = ("order", "details", "summary", "status", "cancel", "sms")


@functools.cache
def order_id() -> str:
    return shared().place(**LATER)


def ask(operation: str, headers: dict[str, str]) -> int:
    method, path, document = {
        "order": ("POST", "/orders/email", MINIMAL | LATER),
        "sms": ("POST", "/orders/sms", {"body": "x", "recipients": [{"mobileNumber": "99999999"}]}),
        "details": ("GET", f"/orders/{order_id()}", None),
        "summary": ("GET", f"/orders/{order_id()}/notifications/email", None),
        "status": ("GET", f"/orders/{order_id()}/status", None),
        "cancel": ("PUT", f"/orders/{order_id()}/cancel", None),
    }[operation]
    reference = shared()
    url = reference.base + path
    return reference.http.request(method, url, json=document, headers=headers).status_code


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("credential", "statuses"),
    [
        ("bearer", {200, 202}),
        ("platform_access_token", {200, 202}),
        ("expired_bearer", {401}),
        ("expired_platform_access_token", {401, 403}),
        ("not_yet_valid_bearer", {401}),
        ("foreign_key_bearer", {401}),
        ("bearer_without_scope", {403}),
        ("bearer_with_similar_scope", {403}),
    ],
)
def test_each_credential(operation: str, credential: str, statuses: set[int]) -> None:
    assert ask(operation, shared().headers(credential)) in statuses


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_credential(operation: str) -> None:
    assert ask(operation, {}) == 401


def unsigned(token: str) -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return f"{header}.{token.split('.')[1]}."


def tampered(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["urn:altinn:org"] = "nav"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{header}.{forged}.{signature}"


def test_a_token_without_a_signature_is_no_token() -> None:
    token = shared().announced["credentials"]["bearer"]

    assert ask("details", {"Authorization": f"Bearer {unsigned(token)}"}) == 401
    assert ask("details", {"Authorization": f"Bearer {tampered(token)}"}) == 401
    assert ask("details", {"Authorization": f"Bearer {token[:-4]}"}) == 401
    assert ask("details", {"Authorization": f"Bearer {token}"}) == 200


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer ...",
        "Basic dTpw",
        "Bearer e30.e30.e30",
        f"Bearer {base64.urlsafe_b64encode(b'[' * 5000).decode()}.e30.e30",
    ],
)
def test_an_authorization_header_without_a_token(value: str) -> None:
    assert ask("details", {"Authorization": value}) == 401


@pytest.mark.parametrize("value", ["x", "a.b.c", "e30.e30.e30"])
def test_an_invalid_platform_access_token_alone(value: str) -> None:
    assert ask("details", {"PlatformAccessToken": value}) == 403


def test_a_bearer_is_no_platform_access_token_nor_the_other_way_round() -> None:
    tokens = shared().announced["credentials"]

    assert ask("details", {"PlatformAccessToken": tokens["bearer"]}) == 403
    assert ask("details", {"Authorization": f"Bearer {tokens['platform_access_token']}"}) == 401


def test_either_credential_is_enough() -> None:
    reference = shared()
    bearer, platform = reference.headers(), reference.headers("platform_access_token")

    assert ask("details", bearer | {"PlatformAccessToken": "x"}) == 200
    assert ask("details", reference.headers("expired_bearer") | platform) == 200
    assert ask("details", reference.headers("expired_bearer") | {"PlatformAccessToken": "x"}) == 401


def test_the_scheme_is_spelled_in_any_case() -> None:
    token = shared().announced["credentials"]["bearer"]

    assert ask("details", {"Authorization": f"bearer {token}"}) == 200


def test_checks_are_in_order() -> None:
    """Path, method and media type, then credentials, then the body, then the order."""
    reference = shared()
    url = f"{reference.base}/orders/email"

    assert reference.http.delete(url).status_code == 405
    assert reference.http.post(f"{reference.base}/nothing").status_code == 404
    assert reference.http.post(url, content=b"x").status_code == 415
    assert reference.http.post(url, json={}).status_code == 401
    assert reference.post({}).status_code == 400
    assert reference.http.get(f"{reference.base}/orders/no-guid").status_code == 401
