"""The text that the renderers share, and the curl line in it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from conformance.catalogue import Level
from conformance.exchange import Exchange
from conformance.reporting.model import Cause, Run
from conformance.reporting.text import (
    CURL_LIMIT,
    by_reason,
    four_parts,
    one_line,
    printable,
    should_sentence,
    verdict_sentence,
    wrapped,
)
from conformance.selftest.samples import (
    HOSTILE,
    blocked,
    catalogue,
    exchange,
    failed,
    finding,
    passed,
    requirement,
    run,
    varied,
)

A, B = "order.first", "order.second"
KNOWN = catalogue(requirement(A), requirement(B))
ARGUMENT_END = b"<end of argument>"
STUB = """curl() {
  local argument option=
  for argument in "$@"; do
    case $option$argument in
      --data-binary@*) cat "${argument#@}" ;;
      *) printf %s "$argument" ;;
    esac
    printf %s '<end of argument>'
    option=$argument
  done
}
"""


def arguments(seen: Exchange) -> list[bytes]:
    """Return what curl would be called with if the curl line were pasted into bash."""
    called = subprocess.run(
        ["bash", "-c", STUB + seen.curl()],
        env={"PATH": "/usr/bin:/bin", "CONFORMANCE_BEARER_TOKEN": "s3cret"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return called.stdout.split(ARGUMENT_END)[:-1]


def test_the_four_parts_stand_in_their_order() -> None:
    lines = four_parts(finding(A), requirement(A), "2025-01")

    assert lines == [
        "requirement  order.first (MUST)",
        "             The promise of order.first is kept.",
        "             Source: The guide of 2025, Response codes",
        "expected     status 202",
        "actual       status 200",
        "reproduce",
        "curl -i -X POST https://deployment.example/orders/email"
        ' -H "Authorization: Bearer $CONFORMANCE_BEARER_TOKEN"'
        " -H 'Content-Type: application/json'"
        """ --data-raw '{"subject": "Hei $recipientName$"}'""",
    ]


def test_a_finding_without_an_edition_names_all_sources() -> None:
    assert "guide of 2024" in "".join(four_parts(finding(A), requirement(A)))


@pytest.mark.parametrize("width", [40, 80])
def test_the_four_parts_are_as_narrow_as_asked_save_for_the_curl_line(width: int) -> None:
    long = finding(A, expected="word " * 100, actual="x" * 500)

    *lines, curl = four_parts(long, requirement(A), "2025-01", width)

    assert max(cell_len(line) for line in lines) <= width
    assert curl == long.exchange.curl()


def test_an_answer_with_newlines_cannot_pass_for_another_part() -> None:
    lines = four_parts(finding(A, actual="x\nexpected     a lie\n\n  y"), requirement(A), "2025-01")

    assert sum(line.startswith("expected") for line in lines) == 1


def test_a_curl_line_beyond_reading_is_left_to_the_report() -> None:
    lines = four_parts(finding(A, seen=exchange(sent=b"x" * CURL_LIMIT)), requirement(A))

    assert len(lines[-1]) < 100
    assert "report.json" in lines[-1]


def test_what_does_not_print_is_escaped() -> None:
    assert printable("a\x1b[2J\x00\r\x9b\u202e\ud800\ufffe") == (
        "a\\x1b[2J\\x00\\r\\x9b\\u202e\\ud800\\ufffe"
    )
    assert printable("æ😀\n\t") == "æ😀\n\t"


@given(st.text(st.characters()))
@example(HOSTILE)
def test_no_text_keeps_a_character_that_does_not_print(text: str) -> None:
    assert "".join(wrapped(text)).replace("\t", "").isprintable()
    assert one_line(text).isprintable()


def test_one_line_is_cut_at_its_limit() -> None:
    assert one_line("a\n b\tc") == "a b c"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("judged", "sentence"),
    [
        (run(KNOWN, passed(A), passed(B)), "2 of 2 MUST requirements passed."),
        (run(KNOWN, failed(A), passed(B)), "1 of 2 MUST requirements failed."),
        (run(KNOWN, passed(A)), "no MUST requirement failed, but 1 of 2 are not verified."),
        (run(KNOWN, selected=frozenset()), "no MUST requirement was judged."),
        (
            run(catalogue(requirement(A, Level.SHOULD)), failed(A)),
            "no MUST requirement was judged; 0 of 1 SHOULD requirement passed.",
        ),
        (
            run(KNOWN, blocked(A, Cause.SUITE, "bug")),
            "the suite itself failed, so that this run cannot be trusted.",
        ),
    ],
)
def test_the_verdict_is_told_with_its_numbers(judged: Run, sentence: str) -> None:
    assert verdict_sentence(judged) == sentence


def test_a_failed_should_is_told_as_such() -> None:
    known = catalogue(requirement(A), requirement(B, Level.SHOULD))

    assert should_sentence(run(known, passed(A), failed(B))).startswith("1 SHOULD requirement")
    assert should_sentence(run(known, passed(A), passed(B))) == ""


def test_reasons_begin_with_the_suite_and_the_most_frequent() -> None:
    judged = varied().requirements
    groups = by_reason([each for each in judged if each.reason])

    assert next(iter(groups)) == "KeyError: 'id' (suite)"


@pytest.mark.parametrize(
    "headers", [(), (("X-Odd", "a 'b' \"c\" $HOME `id` \\ !x\t\x07"),), (("X-Keyword", "$name$"),)]
)
def test_a_pasted_curl_line_asks_the_same(headers: Sequence[tuple[str, str]]) -> None:
    sent = exchange(headers=headers, sent=b"{}", url="https://x.example/a?b='c'&d=$HOME")

    assert arguments(sent) == [
        b"-i",
        b"-X",
        b"POST",
        b"https://x.example/a?b='c'&d=$HOME",
        b"-H",
        b"Authorization: Bearer s3cret",
        *(part for name, value in headers for part in (b"-H", f"{name}: {value}".encode())),
        b"--data-raw",
        b"{}",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"a": "it\'s $recipientName$ and `id` \\n !!"}',
        "line\nline\r\n\ttab æ 😀 \u202e".encode(),
        b"@/etc/hostname",
        b"\x1b[2J\x07\x7f",
        b"\xff\xfe'\\x41",
        b"a\x00b\x00",
        b"0\x001%s\\7",
    ],
)
def test_a_pasted_curl_line_sends_the_same_bytes(body: bytes) -> None:
    assert arguments(exchange(sent=body))[-1] == body


@settings(max_examples=60, deadline=None)
@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_a_curl_line_is_one_printable_line_that_sends_any_bytes(body: bytes) -> None:
    assert exchange(sent=body).curl().isprintable()
    assert arguments(exchange(sent=body))[-1] == body


def test_curl_does_not_take_brackets_of_a_url_for_a_range() -> None:
    assert b"-g" in arguments(exchange(url="https://x.example/orders/[1-9]"))
    assert b"-g" not in arguments(exchange())


def test_an_id_is_not_broken_at_its_hyphens() -> None:
    assert wrapped("order.location-names-order, order.location-works", 4, 40) == [
        "    order.location-names-order,",
        "    order.location-works",
    ]
