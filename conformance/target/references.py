"""References to the environment in a target file: ``"${NAME}"`` in place of a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.errors import OperatorError
from conformance.target.credentials import ENVIRONMENT

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
SECRET_KEYS = ("key", "password")

Steps = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A value in a target file that is a text: the table that holds it, and the steps to it."""

    table: dict[str, Any]
    steps: Steps

    @property
    def text(self) -> str:
        """The text that stands there."""
        text: str = self.table[self.steps[-1]]
        return text

    @property
    def is_token(self) -> bool:
        """Whether it is a token, as it is sent."""
        return len(self.steps) == 2 and self.steps[0] == "credentials"

    @property
    def is_secret(self) -> bool:
        """Whether it may not stand in a file."""
        return self.is_token or self.steps[-1] in SECRET_KEYS

    @property
    def variable(self) -> str | None:
        """The environment variable that it refers to, None when it is no reference."""
        found = REFERENCE.fullmatch(self.text.strip())
        return found.group(1) if found else None


def places(table: dict[str, Any], steps: Steps = ()) -> Iterator[Place]:
    """Yield all texts of a target file that are values of keys."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from places(value, (*steps, key))
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    yield from places(each, (*steps, key))
        elif isinstance(value, str):
            yield Place(table, (*steps, key))


def resolve(place: Place, where: str, environ: Mapping[str, str]) -> None:
    """Put the value that a text refers to in its place; a text that is no reference stays.

    Args:
        place: the text.
        where: the file and the line on which it stands.
        environ: the environment.

    Raises:
        OperatorError: when a secret stands there itself, or the variable is not set.
    """
    key, variable = place.steps[-1], place.variable
    if variable is None and place.is_secret:
        usual = ENVIRONMENT.get(key, f"MY_{key.upper()}")
        raise OperatorError(
            f"{where}: {key} refers to no variable",
            f'keep it in the environment and write {key} = "${{{usual}}}"',
        )
    if variable is None:
        return
    value = token(variable, environ) if place.is_token else environ.get(variable, "").strip()
    if not value:
        raise OperatorError(
            f"{where}: {variable} is not set", f"export {variable}, or remove {key} from the file"
        )
    place.table[key] = value


def token(variable: str, environ: Mapping[str, str]) -> str:
    """Return the token in an environment variable, "" when it is not set.

    Raises:
        OperatorError: when it cannot be sent in a header.
    """
    value = environ.get(variable, "").strip().removeprefix("Bearer ").strip()
    if re.search(r"[^!-~]", value):
        raise OperatorError(
            f"the token in {variable} has white space or other letters than ASCII in it",
            f"set {variable} to the token alone",
        )
    return value
