"""The description of a target: where it is, who asks, and what its operator provides.

One shape serves every origin: a target file in TOML, a URL with environment variables, and the
embedded reference deployment. ``target.schema.json`` states it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from conformance.clock import Clock
from conformance.errors import Blocked, OperatorError
from conformance.target.credentials import (
    LEEWAY_SECONDS,
    Credential,
    bearer,
    claims,
    platform,
)
from conformance.target.permits import Budget
from conformance.target.tokens import tokens_of

CAPABILITY_OF_CREDENTIAL = {
    "bearer": "bearer-token",
    "platform_access_token": "platform-access-token",
    "expired_bearer": "expired-token",
    "expired_platform_access_token": "expired-platform-token",
    "not_yet_valid_bearer": "not-yet-valid-token",
    "bearer_without_scope": "token-without-scope",
    "bearer_with_similar_scope": "token-with-similar-scope",
    "second_organisation_bearer": "second-organisation",
}
CAPABILITY_OF_IDENTITIES = {
    "reachable_people": "reachable-person",
    "reserved_people": "reserved-person",
    "contactless_people": "contactless-person",
    "reachable_organisations": "reachable-organisation",
    "contactless_organisations": "contactless-organisation",
}

KEY_OF_CAPABILITY = {
    "creator": "creator",
    "sender-address": "sender_address",
    "processing": "processing_seconds",
    "mailbox": "[mailbox]",
    "callback": "[callback]",
    "sms-order": "sms_order",
    "reserved-address": "addresses of identities.reserved_people",
    "forgeable-token": "credentials.bearer",
    **{each: f"credentials.{name}" for name, each in CAPABILITY_OF_CREDENTIAL.items()},
    **{each: f"identities.{name}" for name, each in CAPABILITY_OF_IDENTITIES.items()},
}
"""What provides a capability in a target file."""


@dataclass(frozen=True)
class Identity:
    """A synthetic person or organisation as the registers of the deployment know it.

    ``member`` is the member of a recipient that holds its number.
    """

    member: str
    number: str
    name: str = ""
    addresses: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The first address that the registers know; Blocked when the target file states none."""
        if not self.addresses:
            raise Blocked(f"the target file states no address of {self.number}", "configuration")
        return self.addresses[0]

    @property
    def is_plainly_named(self) -> bool:
        """Whether no keyword is in the name, which might be replaced in its turn, or not."""
        return "$" not in self.name

    @property
    def recipient(self) -> dict[str, str]:
        """The recipient object that names it in an order."""
        return {self.member: self.number}


def most_addressed(known: Iterable[Identity]) -> Identity:
    """Return the identity for which the registers know the most addresses."""
    return max(known, key=lambda each: len(each.addresses))


@dataclass(frozen=True)
class Mailbox:
    """Where delivered emails can be read, and a domain whose mail arrives there.

    The URL is that of a Mailpit, or imap://host or imaps://host.
    """

    url: str
    domain: str = "example.com"
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = "INBOX"


@dataclass(frozen=True)
class Callback:
    """Where this machine listens for calls of a condition endpoint, and what reaches it there."""

    listen: str = "127.0.0.1:0"
    public_url: str = ""


@dataclass(frozen=True)
class Target:
    """The deployment under test.

    Attributes:
        name: what reports call it.
        url: the base URL, without the slash at its end.
        edition: the edition it claims to keep, None for the newest.
        creator: the short name of the organisation that orders, "" when not stated.
        sender_address: the address that it sends from, "" when not stated.
        credentials: by the names of the target file; ``main`` is the one that ordinary tests use.
        identities: by the names of the target file.
        processing_seconds: within which a due order is settled, None without consent to wait.
        token_leeway_seconds: for how long beyond its end it accepts a token.
        sms_order: the id of an SMS order placed beforehand, "" when there is none.
        callback: where it can call this machine, None when it cannot.
        cancel: the method and the path below ``url`` that cancel an order, "" for neither.
        requests_per_second: how many it may be sent, None for as many as can be.
        budget: what a run may send to it.
    """

    name: str
    url: str
    edition: str | None = None
    creator: str = ""
    sender_address: str = ""
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    identities: Mapping[str, tuple[Identity, ...]] = field(default_factory=dict)
    mailbox: Mailbox | None = None
    processing_seconds: float | None = None
    token_leeway_seconds: float = LEEWAY_SECONDS
    sms_order: str = ""
    callback: Callback | None = None
    cancel: str = ""
    requests_per_second: float | None = None
    budget: Budget = Budget()  # noqa: RUF009 (frozen)

    @property
    def main(self) -> Credential:
        """The credential that ordinary tests use: the Altinn token, else the platform token."""
        named = self.credentials
        return named.get("bearer") or named["platform_access_token"]

    @property
    def _reserved(self) -> tuple[Identity, ...]:
        return self.identities.get("reserved_people", ())

    @property
    def mail_domain(self) -> str:
        """The domain of the addresses that are made up: nobody's, or the mailbox's."""
        return self.mailbox.domain if self.mailbox else "example.com"

    @property
    def addresses(self) -> dict[str, tuple[str, ...]]:
        """The addresses that the registers know of each number, where any are stated."""
        return {
            each.number: each.addresses
            for listed in self.identities.values()
            for each in listed
            if each.addresses
        }

    @property
    def address_counts(self) -> dict[str, int]:
        """How many addresses the registers know of each number, where any are stated."""
        return {number: len(addresses) for number, addresses in self.addresses.items()}

    def secrets(self) -> list[str]:
        """Return the tokens of all credentials as they are now; some may not be to be had."""
        found = []
        for each in self.credentials.values():
            with suppress(OperatorError):
                found += [each.token, each.value]
        return found

    @property
    def capabilities(self) -> frozenset[str]:
        """The ids of the capabilities that the operator provides."""
        found = {
            "creator": bool(self.creator),
            "sender-address": bool(self.sender_address),
            "processing": self.processing_seconds is not None,
            "mailbox": self.mailbox is not None,
            "callback": self.callback is not None,
            "reserved-address": any(each.addresses for each in self._reserved[:1]),
            "sms-order": bool(self.sms_order),
            "forgeable-token": _may_be_forged(self.credentials.get("bearer")),
        }
        for name, capability in CAPABILITY_OF_CREDENTIAL.items():
            found[capability] = name in self.credentials
        for name, capability in CAPABILITY_OF_IDENTITIES.items():
            found[capability] = bool(self.identities.get(name))
        return frozenset(capability for capability, present in found.items() if present)


@cache
def schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a target description."""
    text = files("conformance.target").joinpath("target.schema.json").read_text("utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def describe(values: Mapping[str, Any], shown: Mapping[str, str], clock: Clock) -> Target:
    """Return the target that valid values describe.

    Args:
        values: of the form of ``target.schema.json``, with the secrets in place.
        shown: for each credential, what reports show in its place, such as ``$MY_TOKEN``.
        clock: the clock by which tokens expire.
    """
    plain = {name: values[name] for name in PLAIN if name in values}
    return Target(
        **plain,
        url=values["url"].rstrip("/"),
        credentials={
            name: _credential(name, source, shown[name], clock)
            for name, source in values.get("credentials", {}).items()
        },
        identities={
            name: tuple(_identity(name, each) for each in listed)
            for name, listed in values.get("identities", {}).items()
        },
        mailbox=Mailbox(**values["mailbox"]) if "mailbox" in values else None,
        callback=Callback(**values["callback"]) if "callback" in values else None,
        budget=Budget(**values.get("budget", {})),
    )


PLAIN = (
    "name",
    "edition",
    "creator",
    "sender_address",
    "processing_seconds",
    "token_leeway_seconds",
    "sms_order",
    "cancel",
    "requests_per_second",
)
"""What a description states as the target has it."""


def _credential(name: str, source: Any, shown: str, clock: Clock) -> Credential:
    token = source if isinstance(source, str) else tokens_of(name, source, clock)
    return (platform if name.endswith("platform_access_token") else bearer)(token, shown)


def _may_be_forged(credential: Credential | None) -> bool:
    """Tell whether a token is a JSON Web Token; one that is yet to be fetched may be."""
    if credential is None:
        return False
    fetched = not isinstance(credential.source, str)
    return fetched or claims(credential.token) is not None


def _identity(name: str, values: Mapping[str, Any]) -> Identity:
    member = "nationalIdentityNumber" if name.endswith("people") else "organizationNumber"
    return Identity(
        member, values["number"], values.get("name", ""), tuple(values.get("addresses", ()))
    )
