"""Which faults and variants a change concerns, by the files that it touches."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from conformance.adequacy.exhibits import FAULT, Exhibit
from conformance.errors import OperatorError

ROOT = Path(__file__).parent.parent.parent
ID = re.compile(r'"([a-z-]+)\.[a-z0-9{}-]+"')
DEVIATIONS = ("conformance/reference/faults", "conformance/reference/variants")
WITHOUT_EFFECT = re.compile(r"conformance/(selftest|adequacy|commands)/|conformance/cli\.py")
"""What a run of the suite does not depend on."""


def changed_files(revision: str) -> list[str]:
    """Return the files of the checkout that differ from a revision, or are new.

    Raises:
        OperatorError: when git cannot tell.
    """
    asked = (
        ["git", "diff", "--name-only", "--relative", revision, "--"],
        ["git", "ls-files", "--others", "--exclude-standard"],
    )
    files: list[str] = []
    for command in asked:
        try:
            told = subprocess.run(  # noqa: S603 (git, asked about the own checkout)
                command, cwd=ROOT, capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            told_by_git = (getattr(error, "stderr", "") or str(error)).strip().partition("\n")[0]
            raise OperatorError(
                f"git cannot tell what has changed since {revision} ({told_by_git})",
                "name a commit of this checkout with --changed, or leave it out",
            ) from None
        files += told.stdout.splitlines()
    return files


def concerned(asked: Sequence[Exhibit], files: Iterable[str]) -> list[Exhibit]:
    """Return the faults and variants that a change of these files concerns."""
    concerns = [_concerns(file) for file in files]
    return [each for each in asked if any(concern(each) for concern in concerns)]


def _concerns(file: str) -> Callable[[Exhibit], bool]:
    """Return what tells whether a change of one file concerns a fault or variant.

    A module of deviations concerns those in it, a file of the catalogue the faults of its group, a
    file of tests all variants and the faults of the groups that it judges; any other file of the
    suite concerns all.
    """
    path = Path(file)
    folder, name = path.parent.as_posix(), path.stem
    if folder.startswith(DEVIATIONS) and name != "__init__":
        module = ".".join(path.with_suffix("").parts)
        return lambda each: each.module == module
    if folder == "openapi/requirements":
        return lambda each: each.group == name
    if (
        name.startswith("test_")
        and (ROOT / file).exists()
        and folder in ("conformance/behaviour", "conformance/fuzz")
    ):
        groups = _groups(ROOT / file)
        return lambda each: each.kind != FAULT or each.group in groups
    if WITHOUT_EFFECT.match(file) or not file.startswith(("conformance/", "openapi/")):
        return lambda _: False
    return lambda _: True


def _groups(file: Path) -> set[str]:
    """Return the groups of the requirements that a file of tests names."""
    return set(ID.findall(file.read_text("utf-8")))
