"""What a matrix says: lines for the terminal, adequacy.json, adequacy.html."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from conformance.adequacy.exhibits import FAULT, VARIANT
from conformance.adequacy.model import Judgement, Matrix
from conformance.catalogue import load
from conformance.reporting import html
from conformance.reporting.text import one_line, plural, wrapped
from conformance.reporting.write import unwritable, write_texts

FILES = ("adequacy.html", "adequacy.json")


def write(matrix: Matrix, directory: Path) -> list[Path]:
    """Write the matrix as JSON and as HTML into a directory; return the files.

    Raises:
        OperatorError: when the directory cannot be written to.
    """
    texts = {
        "adequacy.html": rendered(matrix),
        "adequacy.json": json.dumps(matrix.to_json(), indent=1) + "\n",
    }
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            write_texts(directory / name, [text])
    except OSError as error:
        raise unwritable(directory, error) from None
    return [directory / name for name in FILES]


def rendered(matrix: Matrix) -> str:
    """Return the matrix as one HTML document."""
    return html.page(
        "adequacy.html.j2",
        matrix=matrix,
        groups=_groups(matrix),
        variants=matrix.of(VARIANT),
        sentence=sentence(matrix),
    )


def _groups(matrix: Matrix) -> dict[str, list[Judgement]]:
    """Return the judgements of faults by the title of the group of what they break."""
    catalogue = load()
    groups: dict[str, list[Judgement]] = {title: [] for title in catalogue.groups.values()}
    for each in matrix.of(FAULT):
        groups[catalogue.groups[each.exhibit.group]].append(each)
    return {title: judged for title, judged in groups.items() if judged}


def wrong(judgement: Judgement) -> list[str]:
    """Return the lines that tell a judgement which is not right."""
    exhibit = judgement.exhibit
    beside = f" (with {', '.join(judgement.beside)})" if judgement.beside else ""
    whose = f"{judgement.outcome}: {exhibit.kind} {exhibit.name}{beside}, seed {judgement.seed}"
    return wrapped(f"{whose}: {one_line(judgement.told)}", hanging=2)


def summary(matrix: Matrix, files: list[Path]) -> Iterator[str]:
    """Yield the lines that end the command; the ratio comes last."""
    median, most = matrix.until_first
    collateral = matrix.with_collateral
    unexplained = [each for each in collateral if each.unexplained]
    facts = {
        "faults": f"{matrix.ratio(FAULT)} found by the requirement they break",
        "variants": f"{matrix.ratio(VARIANT)} accepted",
        "collateral": f"{plural(len(collateral), 'fault')} turned other requirements red, "
        f"{len(unexplained)} unexplained"
        if matrix.is_whole
        else "told by --whole, which takes all tests for each fault",
        "requests": f"until the first finding: {median:g} (median), {most} at most",
        "time": f"{matrix.duration_seconds:.0f} s in {plural(matrix.processes, 'worker')}",
        "reports": str(files[0]),
    }
    yield ""
    yield from (f"{name:<12}{fact}" for name, fact in facts.items())
    yield from (f"{'':<12}{path}" for path in files[1:])
    yield ""
    yield sentence(matrix)


def sentence(matrix: Matrix) -> str:
    """Return the verdict in one sentence."""
    word = "adequate" if matrix.is_adequate else "not adequate"
    told = f"{word}: faults {matrix.ratio(FAULT)}, variants {matrix.ratio(VARIANT)}"
    return f"{told}; {matrix.left} not judged" if matrix.left else told


def figures(matrix: Matrix) -> str:
    """Return what the README says of a matrix, one paragraph."""
    found, accepted = (matrix.ratio(kind).replace("/", " of ") for kind in (FAULT, VARIANT))
    median, _ = matrix.until_first
    minutes = f"{matrix.duration_seconds / 60:.1f} minutes"
    when = f"{matrix.started:%d %B %Y}, version {matrix.version}"
    return (
        f"{found} faults found by the requirement that they break, {accepted} variants accepted "
        f"(several at once), in {minutes} ({when}). A fault took {median:g} requests until its "
        "first finding (median)."
    )
