"""What a token is in a text, and what of a text may be told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import quote

from conformance.errors import OperatorError


def token_in(text: str, name: str, what: str, mend: str) -> str:
    """Return the token that a text is, without the quotes of JSON and the name of its scheme."""
    token = text.strip()
    if token.startswith('"'):
        with suppress(ValueError):
            token = str(json.loads(token))
    token = token.removeprefix("Bearer ").strip()
    if not re.fullmatch(r"[!-~]+", token) or token[0] in '<{["':
        raise OperatorError(f"{name}: {what} is no token", mend)
    return token


def cleaned(text: str, secrets: Iterable[str]) -> str:
    """Return a short line without secrets, and without anything that looks like a token."""
    for secret in filter(None, secrets):
        for spelling in (secret, quote(secret), json.dumps(secret)[1:-1]):
            text = text.replace(spelling, "***")
    text = re.sub(r"\beyJ[\w-]*(\.[\w-]*)*", "***", text)
    return " ".join(re.sub(r"[^ -~\u00a1-\uffff]", " ", text).split())[:200]
