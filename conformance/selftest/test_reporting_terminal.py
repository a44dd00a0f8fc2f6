"""What a run shows on a terminal and in a pipe."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from conformance.catalogue import Level
from conformance.reporting.display import Display
from conformance.reporting.model import Cause, Run, TestResult
from conformance.reporting.terminal import IDS_SHOWN, Terminal
from conformance.reporting.text import printable
from conformance.selftest.samples import (
    HOSTILE,
    blocked,
    catalogue,
    exchange,
    failed,
    finding,
    hostile,
    passed,
    requirement,
    run,
    varied,
)

A, B = "order.first", "order.second"
KNOWN = catalogue(requirement(A), requirement(B, Level.SHOULD))
REPORTS = Path("reports/20261122T014137Z-sample")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Screen(io.StringIO):
    """Standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


def on_pipe(show: Callable[[Display], None]) -> str:
    stream = io.StringIO()
    with Terminal(Console(file=stream, width=80)) as terminal:
        show(terminal)
    return stream.getvalue()


def on_terminal(show: Callable[[Display], None], width: int = 80) -> str:
    console = Console(
        file=Screen(),
        width=width,
        force_terminal=True,
        force_interactive=True,
        color_system="standard",
        _environ={},
    )
    with Terminal(console) as terminal:
        show(terminal)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def told(judged: Run, *tests: TestResult) -> Callable[[Display], None]:
    def show(display: Display) -> None:
        display.stage("Starting the reference deployment")
        display.collected(len(tests))
        for test in tests:
            display.tested(test)
        display.ended(judged, REPORTS)

    return show


def test_a_pipe_gets_plain_lines_that_end_with_the_verdict() -> None:
    lines = on_pipe(told(varied(), *[passed(A)] * 8)).splitlines()

    assert lines[:6] == [
        "Starting the reference deployment",
        "8 tests",
        "2 of 8 tests: 2 passed, 0 failed, 0 not verified",
        "4 of 8 tests: 4 passed, 0 failed, 0 not verified",
        "6 of 8 tests: 6 passed, 0 failed, 0 not verified",
        "8 of 8 tests: 8 passed, 0 failed, 0 not verified",
    ]
    assert lines[-1] == "nonconformant: 1 of 6 MUST requirements failed."
    assert "".join(lines).isprintable()


def test_a_failure_is_told_when_it_happens_and_once() -> None:
    broken = blocked(B, Cause.SUITE, "bug", title="It breaks.")
    passing = passed(A, finding(B), title="It passes.")
    show = told(run(KNOWN, passed(A)), failed(A, title="It answers."), passing, passing, broken)

    lines = on_pipe(show).splitlines()
    assert "failed order.first: It answers." in lines
    assert lines.count("failed order.second: seen by a test of order.first") == 1
    assert "error order.second: It breaks." in lines


@pytest.mark.parametrize("shown", [on_pipe, on_terminal])
def test_the_end_tells_everything_within_80_columns(
    shown: Callable[[Callable[[Display], None]], str],
) -> None:
    many = [requirement(f"many.{'x' * 30}-{number}", needs=("mailbox",)) for number in range(99)]
    known = catalogue(requirement(A, sentence="word " * 50), *many)
    judged = run(
        known,
        failed(A, finding(A, actual="answer " * 50)),
        notes_of(many[0].id, "tolerated " * 30),
        target={"name": "sample", "url": "https://deployment.example"},
    )

    lines = CONTROL.sub("", shown(lambda display: display.ended(judged, REPORTS))).splitlines()
    assert [line for line in lines if cell_len(line) > 80 and not line.startswith("curl ")] == []
    assert sum(line.startswith("curl ") for line in lines) == 1


def notes_of(name: str, note: str) -> TestResult:
    return blocked(
        name, Cause.CONFIGURATION, "the target provides no mailbox", notes=((name, note),)
    )


def test_the_end_tells_findings_reasons_counts_and_reports() -> None:
    text = on_pipe(lambda display: display.ended(varied(), REPORTS))

    assert "Findings: 1 MUST requirement failed\n\nrequirement  order.status (MUST)\n" in text
    assert "(1 more of the same requirement in the reports)" in text
    assert "1 SHOULD requirement failed, which does not change the verdict.\n\nreq" in text
    assert "the target provides no mailbox (configuration)\n    keyword.delivered\n" in text
    assert "tolerates\na media type in upper case\n    auth.noted\n" in text
    assert re.search(r"^MUST +1 +1 +4 +2$", text, re.MULTILINE)
    assert re.search(r"^SHOULD +1 +1 +0 +0$", text, re.MULTILINE)
    for fact in ("sample, https://deployment.example", "2025-01", "4711", "7 in 12.3 s"):
        assert fact in text
    for name in ("report.html", "report.json", "junit.xml", "exchanges.jsonl"):
        assert f"{REPORTS}/{name}\n" in text


def test_a_conformant_run_has_no_empty_sections() -> None:
    text = on_pipe(lambda display: display.ended(run(KNOWN, passed(A), passed(B)), None))

    assert "Findings" not in text
    assert "Not verified" not in text
    assert "Notes" not in text
    assert text.endswith("\nconformant: 1 of 1 MUST requirement passed.\n")


def test_many_ids_of_one_reason_are_cut_and_counted() -> None:
    known = catalogue(*(requirement(f"order.id-{number}") for number in range(IDS_SHOWN + 5)))
    text = on_pipe(lambda display: display.ended(run(known), None))

    assert "order.id-11, and 5 more" in " ".join(text.split())
    assert "order.id-12" not in text


def test_an_interrupted_run_says_so() -> None:
    interrupted = run(KNOWN, passed(A), interrupted=True)

    assert "The run was interrupted" in on_pipe(lambda display: display.ended(interrupted, None))
    whole = run(KNOWN, passed(A))
    assert "interrupted" not in on_pipe(lambda display: display.ended(whole, None))


def test_a_terminal_shows_progress_and_takes_it_away() -> None:
    text = on_terminal(told(varied(), *[passed(A, title="It answers.")] * 3))

    assert "3/3" in text
    assert "It answers." in text
    assert "3 passed, 0 failed, 0 not verified" in text
    hidden, shown, erased = (text.rfind(f"\x1b[{end}") for end in ("?25l", "?25h", "2K"))
    assert -1 < hidden < erased < text.index("Findings")
    assert hidden < shown


def test_the_cursor_comes_back_when_a_run_breaks() -> None:
    screen = Screen()
    console = Console(file=screen, force_terminal=True, force_interactive=True, _environ={})

    def breaks() -> None:
        with Terminal(console) as terminal:
            terminal.collected(3)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        breaks()

    assert screen.getvalue().rfind("\x1b[?25l") < screen.getvalue().rfind("\x1b[?25h")


def test_the_verdict_is_coloured_on_a_terminal_only_and_not_with_no_color() -> None:
    conformant = run(KNOWN, passed(A), passed(B))
    screen = Screen()
    plain = Console(
        file=screen, force_terminal=True, color_system="standard", _environ={"NO_COLOR": "1"}
    )
    Terminal(plain).ended(conformant, None)

    assert "\x1b[1;32mconformant" in on_terminal(lambda display: display.ended(conformant, None))
    assert "\x1b[1;32m" not in screen.getvalue()
    assert "\x1b" not in on_pipe(lambda display: display.ended(conformant, None))


@pytest.mark.parametrize("shown", [on_pipe, on_terminal])
def test_no_answer_of_a_deployment_reaches_the_terminal_as_a_control(
    shown: Callable[[Callable[[Display], None]], str],
) -> None:
    tests = [failed(A, finding(A, actual=HOSTILE), title=HOSTILE)] * 2
    text = shown(told(hostile(), *tests))

    for control in ("\x1b[2J", "\x1b]0;", "\x07", "\x00", "\x9b", "\u202e"):
        assert control not in text
    assert "[red]" in CONTROL.sub("", text)


def test_a_wrapped_answer_is_complete() -> None:
    text = on_pipe(lambda display: display.ended(hostile(), None))

    assert printable(HOSTILE) in re.sub(r"\n *", "", text)


def test_an_answer_is_seen_in_an_encoding_that_cannot_spell_it() -> None:
    shows = (
        "from conformance.reporting.terminal import Terminal\n"
        "from conformance.selftest.samples import *\n"
        "known = catalogue(requirement('a.b'))\n"
        "with Terminal() as terminal:\n"
        "    terminal.ended(run(known, failed('a.b', finding('a.b', actual='æ😀'))), None)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", shows],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )

    assert rb"actual       \xe6\U0001f600" in ended.stdout
    assert ended.stdout.endswith(b"nonconformant: 1 of 1 MUST requirement failed.\n")


def test_progress_is_seen_while_pytest_captures_the_output(tmp_path: Path) -> None:
    test = tmp_path / "test_captured.py"
    test.write_text(
        "def test_it(pytestconfig):\n    pytestconfig.terminal.stage('seen by all')\n",
        encoding="utf-8",
    )
    (tmp_path / "conftest.py").write_text("", encoding="utf-8")
    shows = (
        "import pytest\n"
        "from conformance.reporting.terminal import Terminal\n"
        "class Plugin:\n"
        "    def pytest_configure(self, config): config.terminal = terminal\n"
        "with Terminal() as terminal:\n"
        f"    pytest.main([{str(test)!r}], plugins=[Plugin()])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", shows],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        check=True,
    )

    assert b"seen by all\n" in ended.stdout
    assert b"1 passed" in ended.stdout


def test_a_narrow_terminal_is_enough() -> None:
    text = on_terminal(lambda display: display.ended(varied(), REPORTS), width=10)

    assert "nonconformant" in text


def test_a_long_curl_line_stays_in_one_piece() -> None:
    seen = exchange(sent=b"x" * 1000)
    judged = run(KNOWN, failed(A, finding(A, seen=seen)))

    assert f"\n{seen.curl()}\n" in on_pipe(lambda display: display.ended(judged, None))
