"""The description of a target: where it is, who asks, and what its operator provides.

One shape serves every origin: a target file in TOML, a URL with environment variables, and the
embedded reference deployment. ``target.schema.json`` states it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from conformance.errors import Blocked
from conformance.target.credentials import Credential, bearer, claims, platform

CAPABILITY_OF_CREDENTIAL = {
    "bearer": "bearer-token",
    "platform_access_token": "platform-access-token",
    "expired_bearer": "expired-token",
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
    def recipient(self) -> dict[str, str]:
        """The recipient object that names it in an order."""
        return {self.member: self.number}


@dataclass(frozen=True)
class Mailbox:
    """Where delivered emails can be read: the URL of a Mailpit, and a domain it takes mail for."""

    url: str
    domain: str = "example.com"


@dataclass(frozen=True)
class Target:
    """The deployment under test.

    Attributes:
        name: what reports call it.
        url: the base URL, without the slash at its end.
        edition: the edition it claims to keep, None for the newest.
        creator: the short name of the organisation that orders, "" when not stated.
        credentials: by the names of the target file; ``main`` is the one that ordinary tests use.
        identities: by the names of the target file.
        processing_seconds: within which a due order is settled, None without consent to wait.
        sms_order: the id of an SMS order placed beforehand, "" when there is none.
        callback: whether the deployment can call this machine by its loopback address.
    """

    name: str
    url: str
    edition: str | None = None
    creator: str = ""
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    identities: Mapping[str, tuple[Identity, ...]] = field(default_factory=dict)
    mailbox: Mailbox | None = None
    processing_seconds: float | None = None
    sms_order: str = ""
    callback: bool = False

    @property
    def main(self) -> Credential:
        """The credential that ordinary tests use: the Altinn token, else the platform token."""
        named = self.credentials
        return named.get("bearer") or named["platform_access_token"]

    @property
    def capabilities(self) -> frozenset[str]:
        """The ids of the capabilities that the operator provides."""
        found = {
            "creator": bool(self.creator),
            "processing": self.processing_seconds is not None,
            "mailbox": self.mailbox is not None,
            "callback": self.callback,
            "sms-order": bool(self.sms_order),
            "forgeable-token": "bearer" in self.credentials
            and claims(self.credentials["bearer"].token) is not None,
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


def describe(values: Mapping[str, Any], shown: Mapping[str, str]) -> Target:
    """Return the target that valid values describe.

    Args:
        values: of the form of ``target.schema.json``, with the secrets in place.
        shown: for each credential, what reports show in its place, such as ``$MY_TOKEN``.
    """
    given = values.get("credentials", {})
    mailbox = values.get("mailbox")
    return Target(
        name=values["name"],
        url=values["url"].rstrip("/"),
        edition=values.get("edition"),
        creator=values.get("creator", ""),
        credentials={
            name: (platform if name == "platform_access_token" else bearer)(token, shown[name])
            for name, token in given.items()
        },
        identities={
            name: tuple(_identity(name, each) for each in listed)
            for name, listed in values.get("identities", {}).items()
        },
        mailbox=Mailbox(**mailbox) if mailbox else None,
        processing_seconds=values.get("processing_seconds"),
        sms_order=values.get("sms_order", ""),
        callback=values.get("callback", False),
    )


def _identity(name: str, values: Mapping[str, Any]) -> Identity:
    member = "nationalIdentityNumber" if name.endswith("people") else "organizationNumber"
    return Identity(
        member, values["number"], values.get("name", ""), tuple(values.get("addresses", ()))
    )
