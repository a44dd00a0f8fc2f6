"""The reference hands out tokens for tests, to those who know its password."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from conformance.selftest.reference_server import LATER, MINIMAL, UNKNOWN_ID, shared
from conformance.target.credentials import SCOPE, claims

ALTINN = {"env": "tt02", "scopes": SCOPE, "org": "ttd", "orgNo": "311000179", "ttl": "60"}


def generate(kind: str, parameters: dict[str, str], password: str = "") -> httpx.Response:
    told = shared().announced["token_generator"]
    auth = (told["user"], password or told["password"])
    return shared().http.get(f"{told['url']}/{kind}", params=parameters, auth=auth)


def placing(headers: dict[str, str]) -> int:
    url = f"{shared().base}/orders/email"
    return shared().http.post(url, json=MINIMAL | LATER, headers=headers).status_code


def altinn_token(**changed: str) -> str:
    answer = generate("GetEnterpriseToken", ALTINN | changed)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 202),
        ({"org": "tad"}, 202),
        ({"scopes": f"openid,{SCOPE}"}, 202),
        ({"scopes": f"openid {SCOPE}"}, 202),
        ({"scopes": f"{SCOPE}.test"}, 403),
        ({"org": ""}, 403),
        ({"ttl": "0"}, 401),
    ],
)
def test_an_altinn_token_is_as_it_was_asked_for(changed: dict[str, str], status: int) -> None:
    assert placing({"Authorization": f"Bearer {altinn_token(**changed)}"}) == status


def test_another_organisation_owns_other_orders() -> None:
    headers = {"Authorization": f"Bearer {altinn_token(org='tad')}"}
    url = f"{shared().base}/orders/{shared().place(**LATER)}"
    assert shared().http.get(url, headers=headers).status_code == 404


def test_a_platform_access_token_is_of_the_app() -> None:
    answer = generate("GetPlatformAccessToken", {"app": "conformance", "ttl": "60"})
    assert placing({"PlatformAccessToken": answer.text}) == 202
    assert (claims(answer.text) or {})["urn:altinn:app"] == "conformance"


def test_tokens_live_as_long_as_asked() -> None:
    def lifetime(token: str) -> Any:
        stated = claims(token) or {}
        return stated["exp"] - stated["iat"]

    usual = generate("GetEnterpriseToken", {"scopes": SCOPE}).text
    assert [lifetime(token) for token in (altinn_token(), usual)] == [60, 1800]


@pytest.mark.parametrize(
    ("kind", "parameters", "wrong"),
    [
        ("GetEnterpriseToken", {"org": "ttd"}, "scopes"),
        ("GetEnterpriseToken", ALTINN | {"org": "nav"}, "org"),
        ("GetEnterpriseToken", ALTINN | {"ttl": "-1"}, "ttl"),
        ("GetPlatformAccessToken", {}, "app"),
    ],
)
def test_a_wrong_parameter_is_refused(kind: str, parameters: dict[str, str], wrong: str) -> None:
    answer = generate(kind, parameters)
    assert (answer.status_code, list(answer.json())) == (400, [wrong])


def test_nobody_else_gets_a_token() -> None:
    url = f"{shared().announced['token_generator']['url']}/GetEnterpriseToken"
    anonymous = shared().http.get(url, params=ALTINN)
    bearer = shared().http.get(url, params=ALTINN, headers=shared().headers())
    guessed = generate("GetEnterpriseToken", ALTINN, password="guessed")
    assert {answer.status_code for answer in (anonymous, bearer, guessed)} == {401}
    assert "Basic" in anonymous.headers["www-authenticate"]


def test_a_token_of_the_generator_is_good_for_every_exhibit() -> None:
    base = shared().exhibit("/variants/problem-on-404")
    headers = {"Authorization": f"Bearer {altinn_token()}"}
    answer = shared().http.get(f"{base}/orders/{UNKNOWN_ID}", headers=headers)
    assert answer.status_code == 404
