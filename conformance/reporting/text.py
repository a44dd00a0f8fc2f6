"""Pure text that several renderers share: the four parts of a finding, the verdict in a sentence.

What a deployment answered is not trusted: every text passes :func:`printable`, so that no answer
can move a cursor, colour a line or break an XML document.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from conformance.catalogue import Level, Requirement
from conformance.finding import Finding
from conformance.reporting.model import (
    NOT_SELECTED,
    Cause,
    Outcome,
    RequirementResult,
    Run,
    Verdict,
)

WIDTH = 80
INTERRUPTED = "The run was interrupted: it tells what had been measured until then."
LABEL_WIDTH = 13
LABELS = ("requirement", "expected", "actual", "reproduce")
CURL_LIMIT = 4000
"""The longest curl line that is shown as text; report.json holds longer ones."""


def printable(text: str) -> str:
    """Return the text with every character escaped that does not print, save newline and tab."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape").decode()
        for char in text
    )


def one_line(text: str, limit: int = 300) -> str:
    """Return the text as one printable line of at most ``limit`` characters."""
    line = " ".join(printable(text).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def wrapped(text: str, indent: int = 0, width: int = WIDTH, hanging: int = 0) -> list[str]:
    """Return the printable text as lines of at most ``width`` characters, each indented.

    ``hanging`` is by how much more all lines but the first are.
    """
    return [
        line
        for paragraph in printable(text).split("\n")
        for line in textwrap.wrap(
            paragraph,
            width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hanging),
            break_on_hyphens=False,
        )
    ]


def sources(requirement: Requirement, edition: str) -> list[str]:
    """Return where a promise is made, as far as the edition holds it; all places if none does."""
    held = [each for each in requirement.sources if edition in each.document.editions]
    return [str(each) for each in held or requirement.sources]


def four_parts(
    finding: Finding, requirement: Requirement, edition: str = "", width: int = WIDTH
) -> list[str]:
    """Return a finding as lines: the requirement, what was expected and seen, curl lines.

    They are wrapped at ``width``; only the curl lines, at the end, are as long as they must be.
    """
    names = f"{requirement.id} ({requirement.level})"
    promise = f"{requirement.sentence}\nSource: {'; '.join(sources(requirement, edition))}"
    return [
        *_part("requirement", f"{names}\n{promise}", width),
        *_part("expected", finding.expected, width),
        *_part("actual", finding.actual, width),
        "reproduce",
        *(_shown(line) for line in finding.reproduce),
    ]


def failure_text(result: RequirementResult, edition: str) -> str:
    """Return all findings of a requirement in their four parts, with blank lines between them."""
    return "\n\n".join(
        "\n".join(four_parts(finding, result.requirement, edition)) for finding in result.findings
    )


def verdict_sentence(run: Run) -> str:
    """Return what the verdict means, in one sentence with the numbers it rests on."""
    passed, failed, unverified = _counted(run, Level.MUST)
    scope = passed + failed + unverified
    of_all = plural(scope, "MUST requirement") + (" selected" if _is_selection(run) else "")
    if run.verdict is Verdict.ERROR:
        told = f" ({one_line(run.failure, 200)})" if run.failure else ""
        return f"the suite itself failed{told}, so that this run cannot be trusted."
    if failed:
        return f"{failed} of {of_all} failed."
    if unverified:
        return f"no MUST requirement failed, but {unverified} of {scope} are not verified."
    if passed and run.interrupted:
        return f"{passed} of {of_all} passed before the interruption."
    if passed:
        return f"{passed} of {of_all} passed."
    held, broken, _ = _counted(run, Level.SHOULD)
    told = f"; {held} of {plural(held + broken, 'SHOULD requirement')} passed"
    return f"no MUST requirement was judged{told if held + broken else ''}."


def _counted(run: Run, level: Level) -> tuple[int, ...]:
    """Return how many requirements of a level passed, failed and are not verified."""
    tally = Counter(r.outcome for r in run.requirements if r.requirement.level is level)
    return tuple(tally[each] for each in (Outcome.PASSED, Outcome.FAILED, Outcome.NOT_VERIFIED))


def _is_selection(run: Run) -> bool:
    return any(each.reason == NOT_SELECTED for each in run.requirements)


def should_sentence(run: Run) -> str:
    """Return how many SHOULD requirements failed, and "" when none did."""
    failed = run.counts[Level.SHOULD][Outcome.FAILED]
    if not failed:
        return ""
    return f"{plural(failed, 'SHOULD requirement')} failed, which does not change the verdict."


def plural(number: int, noun: str) -> str:
    """Return the number and the noun, which takes an s unless the number is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def fuzzing_sentence(run: Run) -> str:
    """Return how many generated cases a run tried."""
    kinds = {each.kind for each in run.tried}
    cases = sum(each.cases for each in run.tried)
    return f"{plural(cases, 'generated case')} of {plural(len(kinds), 'kind')}"


def orders_sentence(run: Run) -> str:
    """Return how many orders were placed, and what became of them."""
    outcomes = Counter(each.cancelled for each in run.orders)
    attempted = outcomes.total() - outcomes[""]
    told = f"{len(run.orders)} placed"
    return f"{told}, {outcomes['yes']} of {attempted} cancelled" if attempted else told


def by_reason(results: Sequence[RequirementResult]) -> dict[str, list[RequirementResult]]:
    """Return the results grouped by reason: the suite's own first, then the largest."""
    groups: dict[str, list[RequirementResult]] = {}
    for each in results:
        cause = f" ({each.cause})" if each.cause else ""
        groups.setdefault(f"{one_line(each.reason)}{cause}", []).append(each)
    return dict(sorted(groups.items(), key=_suite_then_size))


def by_note(results: Sequence[RequirementResult]) -> dict[str, list[RequirementResult]]:
    """Return the results that have notes, grouped by note."""
    groups: dict[str, list[RequirementResult]] = {}
    for each in results:
        for note in each.notes:
            groups.setdefault(one_line(note), []).append(each)
    return groups


def _suite_then_size(group: tuple[str, list[RequirementResult]]) -> tuple[bool, int]:
    results = group[1]
    return results[0].cause is not Cause.SUITE, -len(results)


def _part(label: str, text: str, width: int) -> list[str]:
    lines = wrapped(text, LABEL_WIDTH, width) or [""]
    return [f"{label:<{LABEL_WIDTH}}{lines[0].lstrip()}", *lines[1:]]


def _shown(curl: str) -> str:
    curl = printable(curl)
    if len(curl) <= CURL_LIMIT:
        return curl
    return f"(a curl line of {len(curl)} characters: see this requirement in report.json)"
