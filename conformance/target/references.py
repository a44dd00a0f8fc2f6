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
    """A text in a target file: the table or list that holds it, at which key, and all steps."""

    holder: Any
    key: str | int
    steps: Steps

    @property
    def text(self) -> str:
        """The text that stands there."""
        text: str = self.holder[self.key]
        return text

    @property
    def name(self) -> str:
        """The key that it belongs to."""
        return next(step for step in reversed(self.steps) if not step.isdigit())

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


def places(holder: Any, steps: Steps = ()) -> Iterator[Place]:
    """Yield all texts in a table or a list; those of a command are its own affair."""
    for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
        where = (*steps, str(key))
        if isinstance(value, str):
            yield Place(holder, key, where)
        elif isinstance(value, dict | list) and key != "command":
            yield from places(value, where)


def resolve(place: Place, where: str, environ: Mapping[str, str]) -> None:
    """Put the value that a text refers to in its place; a text that is no reference stays.

    Args:
        place: the text.
        where: the file and the line on which it stands.
        environ: the environment.

    Raises:
        OperatorError: when a secret stands there itself, a reference stands beside other text, or
            the variable is not set.
    """
    key, variable = place.name, place.variable
    if variable is None and place.is_secret:
        usual = ENVIRONMENT.get(key, f"MY_{key.upper()}")
        raise OperatorError(
            f"{where}: {key} refers to no variable",
            f'keep it in the environment and write {key} = "${{{usual}}}"',
        )
    if variable is None and REFERENCE.search(place.text):
        raise OperatorError(
            f"{where}: {key} has more in it than a reference",
            'let "${NAME}" stand alone, and the variable hold the whole value',
        )
    if variable is None:
        return
    value = token(variable, environ) if place.is_token else environ.get(variable, "").strip()
    if not value:
        raise OperatorError(
            f"{where}: {variable} is not set", f"export {variable}, or remove {key} from the file"
        )
    place.holder[place.key] = value


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
