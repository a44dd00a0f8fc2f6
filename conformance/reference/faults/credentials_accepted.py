"""Broken credentials that open an operation: each by one flaw, and each operation by itself.

A table, as what is wrong with the deployment is the same sentence for each of the operations.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from conformance.reference.credentials import ORGANISATION, SECOND_ORGANISATION
from conformance.reference.deviations import RulesType, fault
from conformance.reference.faults.authentication import token_header, unverified_claims
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.setting import Setting
from conformance.reference.wire import Call, Operation

_TAIL = 32
_YEAR_2100 = 4_000_000_000


class _Token(NamedTuple):
    """A token that may be forged, with the signature and claims of the valid one of its jti."""

    text: str
    header: Claims
    claims: Claims
    signature: str
    valid_signature: str
    valid_claims: Claims


class _Knowing(Rules):
    """Remembers the valid tokens that it saw, so that a forged one shows what was done to it."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._valid: dict[object, tuple[str, Claims]] = {}

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        claims = super().signed_claims(call, token, key)
        if claims is not None:
            self._valid[claims.get("jti")] = (token.rpartition(".")[2], claims)
        return claims

    def known(self, text: str | None) -> _Token | None:
        """None for what is no token; what was valid is empty for one that was never seen valid."""
        header, claims = token_header(text or ""), unverified_claims(text or "")
        if text is None or header is None or claims is None:
            return None
        signature, stated = self._valid.get(claims.get("jti"), ("", {}))
        return _Token(text, header, claims, text.rpartition(".")[2], signature, stated)


Flaw = Callable[[_Knowing, Call], bool]


# What stands in the Authorization header


def _authorization(call: Call) -> str | None:
    return call.headers.get("authorization")


def _empty(_: _Knowing, call: Call) -> bool:
    return _authorization(call) == ""


def _bearer_alone(_: _Knowing, call: Call) -> bool:
    return (_authorization(call) or "").strip().lower() == "bearer"


def _basic(_: _Knowing, call: Call) -> bool:
    return (_authorization(call) or "").lower().startswith("basic ")


def _no_token(rules: _Knowing, call: Call) -> bool:
    token = rules.bearer_token(call)
    return token is not None and "." not in token


def _three_parts(rules: _Knowing, call: Call) -> bool:
    token = rules.bearer_token(call) or ""
    return token.count(".") == 2 and unverified_claims(token) is None


def _scheme(scheme: str) -> Flaw:
    def is_valid_under_scheme(rules: _Knowing, call: Call) -> bool:
        stated, _, token = (_authorization(call) or "").rpartition(" ")
        is_so = stated.lower() == scheme and "." in token
        return is_so and rules.bearer_claims(call, token) is not None

    return is_valid_under_scheme


# What was done to a token


def _is_signed(token: _Token) -> bool:
    return token.header.get("alg") == "RS256" and len(token.signature) == len(token.valid_signature)


def _is_as_issued(token: _Token) -> bool:
    return token.claims == token.valid_claims


def _unsigned(token: _Token) -> bool:
    return token.header.get("alg") == "none" and not token.signature


def _unsigned_in_other_letters(token: _Token) -> bool:
    algorithm = str(token.header.get("alg"))
    return algorithm != "none" and algorithm.lower() == "none"


def _signature_left(token: _Token) -> bool:
    return token.header.get("alg") == "none" and bool(token.signature)


def _signature_missing(token: _Token) -> bool:
    return token.header.get("alg") == "RS256" and not token.signature


def _signature_cut(token: _Token) -> bool:
    is_cut = 0 < len(token.signature) < len(token.valid_signature)
    return is_cut and token.valid_signature.startswith(token.signature)


def _signature_altered(token: _Token) -> bool:
    is_like = token.signature[-_TAIL:] == token.valid_signature[-_TAIL:]
    return _is_signed(token) and is_like and token.signature != token.valid_signature


def _prolonged(token: _Token) -> bool:
    return _is_signed(token) and int(token.claims.get("exp", 0)) > _YEAR_2100


def _other_organisation(token: _Token) -> bool:
    organisation = token.claims.get("urn:altinn:org")
    return _is_signed(token) and organisation not in (None, ORGANISATION, SECOND_ORGANISATION)


def _other_key(token: _Token) -> bool:
    is_other = token.signature[-_TAIL:] != token.valid_signature[-_TAIL:]
    named = token.header.keys() & {"jwk", "kid"}
    return _is_signed(token) and is_other and _is_as_issued(token) and not named


def _unknown_key(token: _Token) -> bool:
    return _is_signed(token) and "kid" in token.header  # a valid one names no key here


def _own_key(token: _Token) -> bool:
    registry = JWSRegistry()
    registry.max_header_length = len(token.text)  # a header with a key is a long one
    try:
        key = RSAKey.import_key(token.header["jwk"])
        return bool(jwt.decode(token.text, key, registry=registry).claims)
    except (JoseError, ValueError, KeyError):
        return False


def _empty_secret(token: _Token) -> bool:
    signed = token.text.rpartition(".")[0].encode()
    digest = urlsafe_b64encode(hmac.digest(b"", signed, "sha256")).rstrip(b"=").decode()
    return token.header.get("alg") == "HS256" and token.signature == digest


def _bearer(flaw: Callable[[_Token], bool]) -> Flaw:
    def has_flaw(rules: _Knowing, call: Call) -> bool:
        token = rules.known(rules.bearer_token(call))
        return token is not None and flaw(token)

    return has_flaw


def _platform(flaw: Callable[[_Token], bool]) -> Flaw:
    def has_flaw(rules: _Knowing, call: Call) -> bool:
        token = rules.known(rules.platform_token(call))
        return token is not None and flaw(token)

    return has_flaw


def _premature(rules: _Knowing, call: Call) -> bool:
    token = rules.bearer_token(call)
    claims = rules.signed_claims(call, token, rules.setting.authority.bearer_key) if token else None
    return claims is not None and rules.is_premature(call, claims)


# What stands in the PlatformAccessToken header


def _platform_no_token(rules: _Knowing, call: Call) -> bool:
    token = rules.platform_token(call)
    return token is not None and unverified_claims(token) is None


def _platform_expired(rules: _Knowing, call: Call) -> bool:
    token, key = rules.platform_token(call), rules.setting.authority.platform_key
    claims = rules.signed_claims(call, token, key) if token else None
    return claims is not None and rules.is_expired(call, claims)


def _platform_of_stranger(token: _Token) -> bool:
    return not token.valid_claims and bool(token.claims.get("urn:altinn:app"))


def _bearer_as_platform(rules: _Knowing, call: Call) -> bool:
    token = call.headers.get("platformaccesstoken")
    return token is not None and rules.bearer_claims(call, token) is not None


def _platform_as_bearer(rules: _Knowing, call: Call) -> bool:
    token = rules.bearer_token(call)
    return token is not None and rules.platform_claims(call, token) is not None


OPERATIONS = {
    "order": (Operation.ORDER_EMAIL, "An order is placed"),
    "details": (Operation.READ_ORDER, "The details are read"),
    "summary": (Operation.READ_EMAILS, "The emails are read"),
}
FLAWS: dict[str, tuple[str, str, Flaw]] = {
    "EmptyHeader": ("invalid-bearer", "an Authorization header without a value", _empty),
    "BearerAlone": ("invalid-bearer", "an Authorization header that says Bearer", _bearer_alone),
    "Basic": ("invalid-bearer", "any user name and password", _basic),
    "Word": ("invalid-bearer", "any word as bearer", _no_token),
    "ThreeParts": ("invalid-bearer", "any three parts as bearer", _three_parts),
    "SchemeToken": ("other-scheme", "the scheme Token", _scheme("token")),
    "SchemeDpop": ("other-scheme", "the scheme DPoP, and no proof", _scheme("dpop")),
    "NoScheme": ("other-scheme", "an Altinn token without a scheme", _scheme("")),
    "Unsigned": ("forged-bearer", "an unsigned token", _bearer(_unsigned)),
    "UnsignedInOtherLetters": (
        "forged-bearer",
        "a token that is not signed, and says so in other letters",
        _bearer(_unsigned_in_other_letters),
    ),
    "SignatureLeft": (
        "forged-bearer",
        "a token that says that it is not signed, and has a signature",
        _bearer(_signature_left),
    ),
    "SignatureMissing": (
        "forged-bearer",
        "a token that lacks its signature",
        _bearer(_signature_missing),
    ),
    "SignatureCut": ("forged-bearer", "half of the signature", _bearer(_signature_cut)),
    "SignatureAltered": (
        "forged-bearer",
        "a signature of which only the end is right",
        _bearer(_signature_altered),
    ),
    "Prolonged": ("forged-bearer", "a token that was prolonged", _bearer(_prolonged)),
    "OtherOrganisation": (
        "forged-bearer",
        "a token in which the organisation was changed",
        _bearer(_other_organisation),
    ),
    "OtherKey": ("forged-bearer", "a token that another key signed", _bearer(_other_key)),
    "UnknownKey": (
        "forged-bearer",
        "a token of a key that is not known yet",
        _bearer(_unknown_key),
    ),
    "OwnKey": ("forged-bearer", "a token signed by the key in its header", _bearer(_own_key)),
    "Premature": ("not-yet-valid-bearer", "a token that is of use only later", _premature),
    "EmptySecret": ("forged-bearer", "a token with an HMAC of no secret", _bearer(_empty_secret)),
    "PlatformWord": ("invalid-platform-token", "any word as platform token", _platform_no_token),
    "PlatformStranger": (
        "invalid-platform-token",
        "a platform token of an authority that nobody knows",
        _platform(_platform_of_stranger),
    ),
    "PlatformUnsigned": (
        "forged-platform-token",
        "a platform token that is not signed",
        _platform(_unsigned),
    ),
    "PlatformSignatureAltered": (
        "forged-platform-token",
        "a platform token of whose signature only the end is right",
        _platform(_signature_altered),
    ),
    "PlatformProlonged": (
        "forged-platform-token",
        "a platform token that was prolonged",
        _platform(_prolonged),
    ),
    "PlatformExpired": (
        "expired-platform-token",
        "a platform token that has expired",
        _platform_expired,
    ),
    "BearerAsPlatform": (
        "bearer-as-platform-token",
        "an Altinn token as platform token",
        _bearer_as_platform,
    ),
    "PlatformAsBearer": (
        "platform-token-as-bearer",
        "a platform token as bearer",
        _platform_as_bearer,
    ),
}
"""By the end of the fault's name: the requirement it breaks, with what is let in, how to tell."""


def _accepting(operation: Operation, has_flaw: Flaw, name: str, description: str) -> RulesType:
    class Accepting(_Knowing):
        def authorise(self, call: Call) -> str:
            if call.operation is operation and has_flaw(self, call):
                return ORGANISATION
            return super().authorise(call)

    Accepting.__name__, Accepting.__doc__ = name, description
    return Accepting


for _prefix, (_operation, _done) in OPERATIONS.items():
    for _flaw, (_requirement, _thing, _has_flaw) in FLAWS.items():
        fault(breaks=f"auth.{_prefix}-{_requirement}")(
            _accepting(
                _operation, _has_flaw, f"{_prefix.title()}With{_flaw}", f"{_done} with {_thing}."
            )
        )
