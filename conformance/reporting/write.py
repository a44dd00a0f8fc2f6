"""Writing the reports of a run into a directory of its own."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC
from itertools import chain, count
from pathlib import Path
from typing import Any

from conformance.errors import OperatorError
from conformance.reporting import html, junit, report_json
from conformance.reporting.model import Run

FILES = ("report.html", "report.json", "junit.xml", "exchanges.jsonl")


def write(run: Run, exchanges: Iterable[Mapping[str, Any]], directory: Path) -> Path:
    """Write every report of a run and its exchanges, and point ``latest`` at them.

    Args:
        run: the run, ended or interrupted.
        exchanges: every recorded exchange as JSON values, one a line of ``exchanges.jsonl``.
        directory: where the directory of the run is made; it is made itself if missing.

    Returns:
        The directory of the run, named after its time and target.

    Raises:
        OperatorError: when the directory cannot be written to.
    """
    try:
        folder = _new_folder(directory, _name(run))
        write_texts(folder / "exchanges.jsonl", (f"{_line(exchange)}\n" for exchange in exchanges))
        write_texts(folder / "report.json", [report_json.render(run)])
        write_texts(folder / "junit.xml", [junit.render(run)])
        write_texts(folder / "report.html", [html.render(run)])
        _point_latest_at(folder)
    except OSError as error:
        raise unwritable(directory, error) from None
    return folder


def writable(directory: Path) -> None:
    """Make the directory of the reports, before a run that would be lost without it.

    Raises:
        OperatorError: when it cannot be made or written to.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=directory).close()
    except OSError as error:
        raise unwritable(directory, error) from None


def unwritable(directory: Path, error: OSError) -> OperatorError:
    """Return the error that tells that a directory takes no reports, and what to do."""
    return OperatorError(
        f"the reports cannot be written to {directory} ({error.strerror or error})",
        "name a directory that can be written to with --reports",
    )


def _name(run: Run) -> str:
    time = run.started.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = re.sub(r"[^a-z0-9]+", "-", str(run.target["name"]).lower())[:40].strip("-")
    return f"{time}-{target or 'target'}"


def _new_folder(directory: Path, name: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(folder for folder in map(directory.joinpath, names) if _made(folder))


def _made(folder: Path) -> bool:
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True


def _line(exchange: Mapping[str, Any]) -> str:
    """Return an exchange in ASCII: Unicode has line breaks of its own, which some readers heed."""
    return json.dumps(exchange)


def write_texts(file: Path, texts: Iterable[str]) -> None:
    """Write texts as UTF-8; a lone surrogate, which has no UTF-8, is written as its escape."""
    with file.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        stream.writelines(texts)


def _point_latest_at(folder: Path) -> None:
    """Replace the link ``latest`` in one step, so that it is never missing."""
    link = folder.with_name(f".latest-{folder.name}")
    try:
        link.symlink_to(folder.name, target_is_directory=True)
        link.replace(folder.with_name("latest"))
    except OSError:  # no symbolic links here
        link.unlink(missing_ok=True)
        folder.with_name("latest.txt").write_text(f"{folder.name}\n", encoding="utf-8")
