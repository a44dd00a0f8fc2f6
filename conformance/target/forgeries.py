"""Tokens that are not valid, made from one that is, or by a key that no deployment knows."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from conformance.errors import Blocked
from conformance.target.credentials import Credential, bearer, claims, decoded

BASIC = "Basic Y29uZm9ybWFuY2U6dGVzdA=="
NO_TOKENS = (
    Credential("Authorization", "", ""),
    bearer("not-a-token", "not-a-token"),
    bearer("a.b.c", "a.b.c"),
    Credential("Authorization", "Bearer", "Bearer"),
    *(bearer(each, each) for each in ("[INSERT TOKEN]", "{token}", '"abc"', "two words")),
    Credential("Authorization", BASIC, BASIC),
)
"""What stands in the header Authorization and is no token of anybody."""
OTHER_SCHEMES = ("Token", "DPoP", "")
"""What may stand before a valid token in place of Bearer, and authorises nothing."""


def forged(valid: Credential, done: str) -> Credential:
    """Return a valid credential with a broken token in it; ``done`` is a key of FORGERIES.

    It differs from the valid one in one respect, and cannot be valid. Blocked when its token
    is no signed JSON Web Token, of which alone it is known how to break it.
    """
    if claims(valid.token) is None:
        raise Blocked("the valid token is no signed JSON Web Token", "configuration")
    broken = FORGERIES[done](*valid.token.split("."))
    return replace(valid, source=broken, shown=f"{valid.scheme}<the token, {done}>")


def altered(valid: Credential, part: int, place: int) -> Credential:
    """Return a valid credential with one letter of its token changed.

    Args:
        valid: a credential; Blocked when its token is no signed JSON Web Token.
        part: which of the token's three parts, from 0.
        place: which letter of it, counted around; never the last, in which not all bits count.
    """
    if claims(valid.token) is None:
        raise Blocked("the valid token is no signed JSON Web Token", "configuration")
    parts = valid.token.split(".")
    at = place % (len(parts[part]) - 1)
    other = "A" if parts[part][at] != "A" else "B"
    parts[part] = f"{parts[part][:at]}{other}{parts[part][at + 1 :]}"
    shown = f"{valid.scheme}<the token, letter {at + 1} of part {part + 1} changed>"
    return replace(valid, source=".".join(parts), shown=shown)


def foreign_token() -> str:
    """Return a signed JSON Web Token of an authority that no deployment knows."""
    now = int(datetime.now(UTC).timestamp())
    stated = {"iss": "platform", "urn:altinn:app": "platform.conformance", "exp": now + 3600}
    return jwt.encode({"alg": "RS256", "typ": "JWT"}, stated, _foreign_key())


INVALID_PLATFORM_TOKENS: Mapping[str, Callable[[], str]] = {
    "no token": lambda: "not-a-token",
    "signed by another key": foreign_token,
}
"""What makes tokens that are none of an app, by what is wrong with them."""


def _unsigned(algorithm: str, _header: str, payload: str, _signature: str) -> str:
    return f"{_part({'alg': algorithm, 'typ': 'JWT'})}.{payload}."


def _left_signed(_header: str, payload: str, signature: str) -> str:
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{payload}.{signature}"


def _bare(header: str, payload: str, _signature: str) -> str:
    return f"{header}.{payload}."


def _cut(header: str, payload: str, signature: str) -> str:
    """Keep half of the signature, in groups of four that base64 can decode."""
    return f"{header}.{payload}.{signature[: len(signature) // 8 * 4]}"


def _altered(header: str, payload: str, signature: str) -> str:
    middle = len(signature) // 2
    other = "A" if signature[middle] != "A" else "B"
    return f"{header}.{payload}.{signature[:middle]}{other}{signature[middle + 1 :]}"


def _claiming(changed: Mapping[str, Any], header: str, payload: str, signature: str) -> str:
    return f"{header}.{_part(json.loads(decoded(payload)) | changed)}.{signature}"


def _resigned(header: str, payload: str, _signature: str) -> str:
    return _signed_by_foreign_key(header, payload)


def _of_unknown_key(header: str, payload: str, _signature: str) -> str:
    return _signed_by_foreign_key(header, payload, kid="conformance")


def _self_signed(header: str, payload: str, _signature: str) -> str:
    return _signed_by_foreign_key(header, payload, jwk=_foreign_key().as_dict(private=False))


def _signed_by_foreign_key(header: str, payload: str, **members: Any) -> str:
    stated = {"alg": "RS256", "typ": "JWT", **_key_id(header), **members}
    return jwt.encode(stated, json.loads(decoded(payload)), _foreign_key())


def _hashed(header: str, payload: str, _signature: str) -> str:
    """Sign with the empty secret, which a deployment has that looks up a secret and finds none."""
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT', **_key_id(header)})}.{payload}"
    return f"{signed}.{_encoded(hmac.digest(b'', signed.encode(), 'sha256'))}"


FORGERIES: Mapping[str, Callable[[str, str, str], str]] = {
    "unsigned": partial(_unsigned, "none"),
    "unsigned in other letters": partial(_unsigned, "nOnE"),
    "unsigned with its signature left": _left_signed,
    "without its signature": _bare,
    "its signature cut short": _cut,
    "its signature altered": _altered,
    "its claims changed": partial(_claiming, {"exp": 4102444800}),
    "its organisation changed": partial(_claiming, {"urn:altinn:org": "conformance"}),
    "signed by another key": _resigned,
    "signed by a key with an unknown id": _of_unknown_key,
    "signed by a key that it brings along": _self_signed,
    "signed with an empty secret": _hashed,
}
"""What can be done to a valid token, by its three parts, so that it is valid no more."""


@cache
def _foreign_key() -> RSAKey:
    return RSAKey.generate_key(2048)


def _key_id(header: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(decoded(header)).items() if name == "kid"}


def _part(value: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")
