"""Descriptions of targets: what is accepted, and how a mistake is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from conformance.errors import Blocked, OperatorError
from conformance.target.credentials import (
    SCOPE,
    Credential,
    bearer,
    claims,
    expiry,
    is_of_same_organisation,
    platform,
    under_scheme,
    unfit,
)
from conformance.target.description import CAPABILITY_OF_IDENTITIES
from conformance.target.forgeries import FORGERIES, forged
from conformance.target.origin import target_from
from conformance.target.sandbox import target_file

URL = "https://notifications.example.com/notifications/api/v1"
TOKEN = {"CONFORMANCE_BEARER_TOKEN": "header.payload.signature"}
FILE = f"""\
url = "{URL}/"
name = "staging"
creator = "ttd"

[credentials]
bearer = "${{CONFORMANCE_BEARER_TOKEN}}"

[[identities.reachable_people]]
number = "01828531200"
name = "Kari Nordmann"
addresses = ["kari@example.com"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "target.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_url_takes_its_credential_from_the_environment() -> None:
    target = target_from(f"{URL}/", TOKEN)
    assert (target.url, target.name) == (URL, "notifications.example.com")
    assert target.main.value == "Bearer header.payload.signature"
    assert target.main.shown == "Bearer $CONFORMANCE_BEARER_TOKEN"
    assert target.capabilities == {"bearer-token"}


def test_a_platform_token_alone_will_do() -> None:
    target = target_from(URL, {"CONFORMANCE_PLATFORM_ACCESS_TOKEN": "t"})
    assert (target.main.name, target.main.value) == ("PlatformAccessToken", "t")
    assert target.capabilities == {"platform-access-token"}


def test_a_file_describes_a_target(file: Path) -> None:
    target = target_from(str(file), TOKEN)
    assert (target.url, target.name, target.creator) == (URL, "staging", "ttd")
    assert target.identities["reachable_people"][0].recipient == {
        "nationalIdentityNumber": "01828531200"
    }
    assert target.capabilities == {"bearer-token", "creator", "reachable-person"}


def test_secrets_are_not_shown(file: Path) -> None:
    assert TOKEN["CONFORMANCE_BEARER_TOKEN"] not in repr(target_from(str(file), TOKEN))


MISTAKES = {
    "misspelt": ("creator =", "creater =", "target.toml:3: unknown key 'creater'", "'creator'"),
    "type": ('"ttd"', "17", "target.toml:3: creator:", "short name"),
    "url": (f'"{URL}/"', '"notifications"', "target.toml:1: url", "base URL"),
    "password": ("https://", "https://user:secret@", "target.toml:1: url", "base URL"),
    "literal": (
        "${CONFORMANCE_BEARER_TOKEN}",
        "eyJ.a.b",
        "target.toml:6: bearer refers",
        "$",
    ),
    "unset": ("CONFORMANCE_BEARER_TOKEN", "MY_TOKEN", "target.toml:6: MY_TOKEN", "export"),
    "living": ("01828531200", "01025531200", "target.toml:9: 01025531200", "synthetic"),
    "no name": ('name = "Kari Nordmann"\n', "", "target.toml:8: identities", ""),
    "whole": ("[credentials]\nbearer =", "credentials =", "target.toml:5: credentials", "Tokens"),
    "toml": ("[credentials]", "[credentials", "target.toml", "TOML"),
    "none": (FILE[FILE.index("[cred") : FILE.index("[[")], "", "no credential", "bearer"),
}


@pytest.mark.parametrize(("old", "new", "what", "mend"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_mend(
    file: Path, old: str, new: str, what: str, mend: str
) -> None:
    assert old in FILE
    file.write_text(FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(OperatorError) as error:
        target_from(str(file), TOKEN)
    assert what in error.value.what
    assert mend in error.value.mend
    assert "secret@" not in str(error.value)
    assert "eyJ.a.b" not in str(error.value)


@pytest.mark.parametrize(
    "option",
    [
        "ftp://host/x",
        "https://",
        "https://user:secret@host/x",
        "http://[::1/x",
        "nowhere.toml",
        ".",
    ],
)
def test_an_option_that_names_no_target_is_told(option: str) -> None:
    with pytest.raises(OperatorError) as error:
        target_from(option, TOKEN)
    assert "secret" not in str(error.value)


def test_a_missing_token_is_told() -> None:
    with pytest.raises(OperatorError, match="CONFORMANCE_BEARER_TOKEN"):
        target_from(URL, {})


def test_production_is_refused_unless_it_is_named_twice() -> None:
    url = "https://platform.altinn.no/notifications/api/v1"
    with pytest.raises(OperatorError, match="real people"):
        target_from(url, TOKEN)
    consent = {"CONFORMANCE_PRODUCTION_HOST": "platform.altinn.no"}
    assert target_from(url, TOKEN | consent).url == url


def test_the_sandbox_writes_a_target_file(tmp_path: Path) -> None:
    identities: dict[str, list[Any]] = {kind: [] for kind in CAPABILITY_OF_IDENTITIES}
    identities["reserved_people"] = [{"number": "11876995923", "name": 'Ø "Å"', "addresses": []}]
    announced = {
        "url": URL,
        "creator": "ttd",
        "sender": "noreply@example.com",
        "processing_seconds": 4.25,
        "sms_order": {"id": "5b0f5c1e-6d3a-4b7e-9c55-2f1f0a7d9e10"},
        "mailbox": "http://127.0.0.1:1/mailbox",
        "identities": identities,
    }
    path = tmp_path / "target.toml"
    path.write_text(target_file(announced), encoding="utf-8")
    tokens = dict.fromkeys(_variables(path), "t")
    target = target_from(str(path), tokens)
    assert target.identities["reserved_people"][0].name == 'Ø "Å"'
    assert {"mailbox", "processing", "sms-order", "callback"} <= target.capabilities


def _variables(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("${")[1].rstrip('}"') for line in lines if "${" in line]


def test_forgeries_differ_from_the_token_and_from_each_other() -> None:
    stated = {"iss": "authority", "exp": 1_900_000_000}
    token = jwt.encode({"alg": "RS256"}, stated, RSAKey.generate_key(2048))
    made = {done: forged(bearer(token, "$TOKEN"), done) for done in FORGERIES}
    assert len({each.token for each in made.values()} | {token}) == len(FORGERIES) + 1
    assert {each.shown for each in made.values()} == {
        f"Bearer <the token, {done}>" for done in FORGERIES
    }
    prolonged = claims(made["its claims changed"].token)
    assert prolonged is not None
    assert prolonged["exp"] > stated["exp"]


def test_a_platform_token_is_forged_in_its_own_header() -> None:
    token = jwt.encode({"alg": "RS256"}, {"iss": "platform"}, RSAKey.generate_key(2048))
    made = forged(platform(token, "$TOKEN"), "unsigned")
    assert (made.name, made.shown) == ("PlatformAccessToken", "<the token, unsigned>")
    assert made.value.endswith(".")


def test_what_is_no_signed_token_cannot_be_forged() -> None:
    with pytest.raises(Blocked, match="no signed JSON Web Token"):
        forged(bearer("opaque", "$TOKEN"), "unsigned")


def test_a_bearer_under_another_scheme_is_shown_by_its_name() -> None:
    valid = bearer("secret", "$TOKEN")
    assert under_scheme(valid, "DPoP").value == "DPoP secret"
    assert under_scheme(valid, "DPoP").shown == "DPoP $TOKEN"
    assert under_scheme(valid, "").shown == "$TOKEN"


NOW = datetime(2026, 1, 1, tzinfo=UTC)
FITNESS = [
    ("bearer", {"exp": NOW + timedelta(hours=1), "scope": SCOPE}, ""),
    ("bearer", {"exp": NOW - timedelta(hours=1), "scope": SCOPE}, "has expired"),
    ("bearer", {"scope": SCOPE}, ""),
    ("expired_bearer", {"exp": NOW - timedelta(hours=1)}, ""),
    ("expired_bearer", {"exp": NOW - timedelta(minutes=1)}, "been expired for the 600 s"),
    ("expired_bearer", {"exp": NOW + timedelta(hours=1)}, "been expired for the 600 s"),
    ("bearer_without_scope", {"scope": f"{SCOPE}.test openid"}, ""),
    ("bearer_without_scope", {"scope": f"openid {SCOPE}"}, "has the scope"),
    ("bearer_without_scope", {"scope": ["openid", SCOPE]}, "has the scope"),
    ("bearer_with_similar_scope", {"scope": SCOPE}, "has the scope"),
    ("second_organisation_bearer", {"exp": NOW - timedelta(hours=1)}, "has expired"),
    ("second_organisation_bearer", {"exp": 10**18}, ""),
]


@pytest.mark.parametrize(("name", "stated", "why"), FITNESS)
def test_a_credential_that_is_not_what_it_is_called_is_told(
    name: str, stated: dict[str, Any], why: str
) -> None:
    instant = stated.get("exp")
    exp = {"exp": int(instant.timestamp())} if isinstance(instant, datetime) else {}
    key = RSAKey.generate_key(2048)
    token = jwt.encode({"alg": "RS256"}, {**stated, **exp}, key)
    told = unfit(name, bearer(token, "$TOKEN"), NOW, 600)
    assert why in told
    assert bool(told) is bool(why)


OWN, OTHER = {"urn:altinn:org": "ttd"}, {"urn:altinn:org": "tad"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (bearer, OWN, True),
        (bearer, OTHER, False),
        (bearer, {}, False),
        (platform, {"iss": "ttd", "urn:altinn:app": "ttd/app"}, True),
        (platform, {"iss": "platform", "urn:altinn:app": "ttd/app"}, False),
        (platform, {}, False),
    ],
)
def test_tokens_tell_whether_they_are_of_one_organisation(
    one: Callable[[str, str], Credential], other: dict[str, str], *, same: bool
) -> None:
    key = RSAKey.generate_key(2048)
    first, second = (jwt.encode({"alg": "RS256"}, each, key) for each in (OWN, other))
    assert is_of_same_organisation(one(second, "$ONE"), bearer(first, "$TOKEN")) is same


def test_nothing_is_known_of_a_token_that_says_nothing() -> None:
    assert unfit("expired_bearer", bearer("opaque", "$TOKEN"), NOW, 600) == ""


@pytest.mark.parametrize("token", ["two words", "two\nlines", "bjørn"])
def test_a_token_that_cannot_be_sent_is_told_and_not_shown(token: str) -> None:
    with pytest.raises(OperatorError) as error:
        target_from(URL, {"CONFORMANCE_BEARER_TOKEN": token})
    assert token not in str(error.value)
    assert "CONFORMANCE_BEARER_TOKEN" in str(error.value)


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "....", "bm90.bm90.c2ln", "€.€.€"])
def test_what_is_no_token_has_no_claims(text: str) -> None:
    assert claims(text) is None
    assert expiry(text) is None
