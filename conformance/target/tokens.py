"""Where tokens come from (placeholder)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.clock import Clock


class Tokens:
    def __init__(self, token: str) -> None:
        self._token = token

    def current(self) -> str:
        return self._token


def tokens_of(name: str, source: str | Mapping[str, Any], clock: Clock) -> Tokens:
    assert isinstance(source, str)
    return Tokens(source)
