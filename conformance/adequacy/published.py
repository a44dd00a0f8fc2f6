"""Figures in a document that a command has measured, between two comments that name them."""

from __future__ import annotations

import re
from pathlib import Path

from conformance.errors import OperatorError
from conformance.reporting.text import WIDTH, wrapped


def publish(file: Path, name: str, text: str) -> None:
    """Replace what stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``.

    Raises:
        OperatorError: when the file cannot be read and written, or has no such comments.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    block = "\n".join([begin, *wrapped(text, width=WIDTH + 20), end])
    try:
        found = file.read_text("utf-8")
        replaced, count = re.subn(
            f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: block, found, flags=re.DOTALL
        )
        if count:
            file.write_text(replaced, "utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(
            f"the figures cannot be published in {file} ({error})", "name another file"
        ) from None
    if not count:
        raise OperatorError(f"{file} has no place for the figures", f"put {begin} {end} into it")
