"""A token of a test-token generator."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from conformance.target.tokens.asking import ask, check_url, what
from conformance.target.tokens.text import token_in


@dataclass(frozen=True)
class Generator:
    """A server that gives tokens for tests to those who know a password."""

    name: str
    url: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_url(self.url, f"{self.name}.generator.url")

    def __call__(self) -> str:
        """Ask the server for a token."""
        url = httpx.URL(self.url).copy_merge_params(dict(self.parameters))
        basic = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        answer = ask(
            self.name,
            "GET",
            str(url),
            headers={"Authorization": f"Basic {basic}"},
            secrets=[self.password, basic],
            mend="check user, password and parameters of the generator",
        )
        return token_in(answer.text, self.name, what(answer), "check the URL of the generator")
