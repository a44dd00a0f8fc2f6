"""Other spellings of the same JSON (RFC 8259): what they mean does not change."""

from __future__ import annotations

import json
from random import Random
from typing import Any

SPACES = ("", "", " ", "\n", "\t", "\r\n  ")
ESCAPES = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n"}


def respelt(value: Any, random: Random) -> bytes:
    """Return JSON for a value: members in any order, white space anywhere, any letter escaped."""
    return _spelt(value, random).encode()


def _spelt(value: Any, random: Random) -> str:
    def space() -> str:
        return random.choice(SPACES)

    if isinstance(value, dict):
        members = [
            f"{space()}{_quoted(name, random)}{space()}:{_spelt(each, random)}"
            for name, each in random.sample(list(value.items()), len(value))
        ]
        return f"{space()}{{{','.join(members)}{space()}}}{space()}"
    if isinstance(value, list):
        return f"{space()}[{','.join(_spelt(each, random) for each in value)}]{space()}"
    text = _quoted(value, random) if isinstance(value, str) else json.dumps(value)
    return f"{space()}{text}{space()}"


def _quoted(text: str, random: Random) -> str:
    return f'"{"".join(_letter(each, random) for each in text)}"'


def _letter(letter: str, random: Random) -> str:
    if letter in ESCAPES and (letter != "/" or random.random() < 0.5):
        return ESCAPES[letter]
    if letter < " " or random.random() < 0.2:
        units = letter.encode("utf-16-be").hex()
        spell = random.choice((str.lower, str.upper))
        return "".join(f"\\u{spell(units[at : at + 4])}" for at in range(0, len(units), 4))
    return letter
