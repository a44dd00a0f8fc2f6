"""How values are shown in findings."""

from __future__ import annotations

import pytest

from conformance.exchange import shown_apart
from conformance.expect.mail import MailExpectation
from conformance.finding import Nonconformance
from conformance.observers.mailbox import Arrived, Mail
from conformance.selftest.samples import exchange


def test_short_texts_are_shown_whole() -> None:
    assert shown_apart("a" * 90 + "b", "a" * 90 + "c") == (f'"{"a" * 90}b"', f'"{"a" * 90}c"')


def test_long_texts_are_shown_from_shortly_before_they_differ() -> None:
    wanted, seen = shown_apart("a" * 500 + "wanted", "a" * 500 + "seen")

    assert wanted == f'from character 435: "{"a" * 66}wanted"'
    assert seen == f'from character 435: "{"a" * 66}seen"'


def test_lines_that_are_broken_anew_do_not_hide_where_a_text_differs() -> None:
    ordered = "word " * 200 + "right"
    mail = Mail("1", "", "", ordered.replace("d w", "d\nw") + "?", "", ())
    arrived = Arrived("ola@example.com", (mail,))

    with pytest.raises(Nonconformance, match=r"right\?"):
        MailExpectation(arrived, exchange()).has_text(ordered)
