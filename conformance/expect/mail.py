"""What is expected of the emails that arrived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, Self

from conformance.errors import Blocked
from conformance.exchange import Exchange, shown
from conformance.finding import Finding, Nonconformance
from conformance.observers.mailbox import Mail


class MailExpectation:
    """What is expected of the emails that arrived at one address for one order.

    The exchange that placed the order is the evidence.
    """

    def __init__(self, mails: Sequence[Mail], placed: Exchange) -> None:
        self._mails = mails
        self._placed = placed

    def arrived(self) -> Self:
        """At least one email arrived."""
        if not self._mails:
            self._fail("an email in the mailbox", "none arrived")
        return self

    def arrived_once(self) -> Self:
        """No more than one email arrived."""
        if len(self._given()) != 1:
            self._fail("one email in the mailbox", f"{len(self._mails)} arrived")
        return self

    def none_arrived(self) -> Self:
        """No email arrived."""
        if self._mails:
            self._fail("no email in the mailbox", f"{len(self._mails)} arrived")
        return self

    def has_subject(self, subject: str) -> Self:
        """The subject is this one, but for white space around it."""
        return self._every("subject", subject, lambda mail: mail.subject)

    def has_text(self, text: str) -> Self:
        """The plain text is this one, but for the spelling of line breaks and space around it."""
        return self._every("text", text, lambda mail: mail.text)

    def has_html(self, html: str) -> Self:
        """The HTML contains this; mail systems add to it."""
        for mail in self._given():
            if _settled(html) not in _settled(mail.html):
                self._fail(f"the HTML {shown(html)}", shown(mail.html))
        return self

    def subject_says(self, text: str) -> Self:
        """The subject contains this."""
        return self._says("subject", text, lambda mail: mail.subject)

    def says(self, text: str) -> Self:
        """The plain text, or the HTML, contains this."""
        return self._says("text", text, lambda mail: mail.text + mail.html)

    def is_plain(self) -> Self:
        """The email has a plain text and no HTML."""
        for mail in self._given():
            if not mail.text.strip() or mail.html.strip():
                self._fail("an email in plain text without HTML", _kinds(mail))
        return self

    def is_html(self) -> Self:
        """The email has an HTML body."""
        for mail in self._given():
            if not mail.html.strip():
                self._fail("an email with an HTML body", _kinds(mail))
        return self

    def is_from(self, address: Any) -> Self:
        """The sender is this address, in any case."""
        for mail in self._given():
            if mail.sender.lower() != str(address).lower():
                self._fail(f"the sender {shown(address)}", shown(mail.sender))
        return self

    def _given(self) -> Sequence[Mail]:
        """Return the emails; Blocked where none arrived, which is a promise of its own."""
        if not self._mails:
            raise Blocked("no email arrived that could be judged")
        return self._mails

    def _says(self, part: str, wanted: str, of: Callable[[Mail], str]) -> Self:
        for mail in self._given():
            if wanted not in of(mail):
                self._fail(f"{shown(wanted)} in the {part}", shown(of(mail)))
        return self

    def _every(self, part: str, wanted: str, of: Callable[[Mail], str]) -> Self:
        for mail in self._given():
            if _settled(of(mail)) != _settled(wanted):
                self._fail(f"the {part} {shown(wanted)}", shown(of(mail)))
        return self

    def _fail(self, expected: str, actual: str) -> NoReturn:
        raise Nonconformance(Finding(expected, actual, self._placed))


def _settled(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _kinds(mail: Mail) -> str:
    kinds = [
        kind for kind, body in (("plain text", mail.text), ("HTML", mail.html)) if body.strip()
    ]
    return f"one with {' and '.join(kinds) or 'neither plain text nor HTML'}"
