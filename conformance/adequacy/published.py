"""Figures in a document that a command has measured, between two comments that name them."""

from __future__ import annotations

import re
from pathlib import Path

from conformance.errors import OperatorError
from conformance.reporting.text import wrapped

COLUMNS = 100


class Place:
    """What stands in a document between ``<!-- NAME -->`` and ``<!-- /NAME -->``.

    Raises:
        OperatorError: when the document cannot be read, or has no such place.
    """

    def __init__(self, file: Path, name: str) -> None:
        self._file = file
        self._begin, self._end = f"<!-- {name} -->", f"<!-- /{name} -->"
        between = f"{re.escape(self._begin)}.*?{re.escape(self._end)}"
        self._pattern = re.compile(between, re.DOTALL)
        if not self._pattern.search(self._text()):
            raise OperatorError(
                f"{file} has no place for the figures", f"put {self._begin} {self._end} into it"
            )

    def fill(self, text: str) -> None:
        """Replace it by a paragraph."""
        block = "\n".join([self._begin, *wrapped(text, width=COLUMNS), self._end])
        replaced = self._pattern.sub(lambda _: block, self._text())
        try:
            self._file.write_text(replaced, "utf-8")
        except OSError as error:
            raise _unusable(self._file, error) from None

    def _text(self) -> str:
        try:
            return self._file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _unusable(self._file, error) from None


def _unusable(file: Path, error: Exception) -> OperatorError:
    return OperatorError(f"no figures can be published in {file} ({error})", "name another file")
