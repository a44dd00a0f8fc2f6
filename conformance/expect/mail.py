"""What is expected of the emails that arrived."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, Self

from conformance.errors import Blocked
from conformance.exchange import Exchange, shown, shown_apart
from conformance.finding import Finding, Nonconformance
from conformance.observers.mailbox import Arrived, Mail

REFERENCE = re.compile(r"&(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
"""A character reference (HTML, 13.1.4), by number or by name."""
QUOTED = re.compile(r"""=(["'])([^\s"'=<>`]+)\1""")
"""The value of an attribute that may as well be without its quotation marks (HTML, 13.1.2.3)."""
TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class MailExpectation:
    """What is expected of the emails that arrived at one address for one order.

    The exchange that placed the order is the evidence; ``requirement`` is the one that what fails
    belongs to, "" that of the test.
    """

    def __init__(self, arrived: Arrived, placed: Exchange, requirement: str = "") -> None:
        self._mails = arrived.mails
        self._address = arrived.address
        self._placed = placed
        self._requirement = requirement

    def arrived(self) -> Self:
        """At least one email arrived."""
        if not self._mails:
            self._fail("an email", "none arrived")
        return self

    def arrived_once(self) -> Self:
        """No more than one email arrived."""
        if len(self._given()) != 1:
            self._fail("one email", f"{len(self._mails)} arrived")
        return self

    def arrived_for_each(self, orders: int) -> Self:
        """At least as many emails arrived as there were orders for one."""
        if len(self._given()) < orders:
            self._fail(f"an email for each of {orders} orders", f"{len(self._mails)} arrived")
        return self

    def none_arrived(self) -> Self:
        """No email arrived."""
        if self._mails:
            self._fail("no email", f"{len(self._mails)} arrived")
        return self

    def has_subject(self, subject: str) -> Self:
        """The subject is this one, but for white space."""
        for mail in self._given():
            if _unspaced(mail.subject) != _unspaced(subject):
                self._fail(f"the subject {shown(subject)}", shown(mail.subject))
        return self

    def has_words(self, subject: str) -> Self:
        """The subject is this one, with white space where it has some; it must not need folding."""
        for mail in self._given():
            if mail.subject.split() != subject.split():
                self._fail(f"the subject {shown(subject)}", shown(mail.subject))
        return self

    def has_text(self, text: str) -> Self:
        """The plain text is this one; its lines may be broken at blanks, as mail systems do."""
        for mail in self._given():
            if not _breakable(text).fullmatch(_settled(mail.text)):
                wanted, seen = _told_apart(text, mail.text)
                self._fail(f"the text {wanted}", seen)
        return self

    def has_html(self, body: str) -> Self:
        """The HTML contains this, to which mail systems add, and whose lines they break anew."""
        for mail in self._given():
            if _plainly(body) not in _plainly(mail.html):
                self._fail(f"the HTML {shown(body)}", shown(mail.html))
        return self

    def subject_says(self, text: str) -> Self:
        """The subject contains this, but for white space."""
        for mail in self._given():
            if _unspaced(text) not in _unspaced(mail.subject):
                self._fail(f"{shown(text)} in the subject", shown(mail.subject))
        return self

    def no_subject_says(self, text: str) -> Self:
        """No email that arrived, if any, has this in its subject."""
        for mail in self._mails:
            if text in mail.subject:
                self._fail(f"no {shown(text)} in the subject", shown(mail.subject))
        return self

    def says(self, text: str) -> Self:
        """The plain text, or the HTML, contains this."""
        return self._says(text, lambda mail: (_spaced(mail.html),))

    def shows(self, text: str) -> Self:
        """Who opens the email reads this; in HTML any letter may be an entity, and have tags."""
        return self._says(text, _readable)

    def one_says(self, text: str) -> Self:
        """Of the emails, which two recipients may have in one mailbox, one shows this."""
        if not any(_holds(mail, text, _readable(mail)) for mail in self._given()):
            seen = " and ".join(shown(_shown_text(mail)) for mail in self._mails)
            self._fail(f"{shown(text)} in one text", seen)
        return self

    def one_subject_says(self, text: str) -> Self:
        """Of the emails, which two recipients may have in one mailbox, one has this subject."""
        seen = [mail.subject for mail in self._given()]
        if not any(_unspaced(text) in _unspaced(each) for each in seen):
            self._fail(f"{shown(text)} in one subject", " and ".join(map(shown, seen)))
        return self

    def one_is(self, subject: str, body: str) -> Self:
        """Of the emails, which two recipients may have in one mailbox, one is this.

        The subject is compared but for white space; of HTML, to which mail systems add, the text
        is contained.
        """
        own = [mail for mail in self._mails if _unspaced(mail.subject) == _unspaced(subject)]
        if not any(_holds(mail, body, _readable(mail)) for mail in own):
            seen = [_told(mail.subject, _shown_text(mail)) for mail in self._mails]
            self._fail(f"an email {_told(subject, body)}", " and ".join(seen) or "none arrived")
        return self

    def mentions_none_of(self, *texts: str) -> Self:
        """Neither subject nor body contains any of these."""
        for mail in self._given():
            whole = f"{mail.subject}\n{_shown_text(mail)}"
            for text in texts:
                if text in whole:
                    self._fail(f"an email without {shown(text)}", shown(whole))
        return self

    def is_addressed_to(self, address: str) -> Self:
        """The email shows this address alone as its receiver, in any case."""
        for mail in self._given():
            if {each.lower() for each in mail.receivers} - {address.lower()}:
                self._fail("an email to this address alone", f"one to {', '.join(mail.receivers)}")
        return self

    def is_plain(self) -> Self:
        """The email has a plain text and no HTML."""
        for mail in self._given():
            if not mail.text.strip() or mail.html.strip():
                self._fail("an email in plain text without HTML", _kinds(mail))
        return self

    def is_in(self, content_type: str) -> Self:
        """The email is plain text, or has HTML, as it was ordered."""
        if content_type == "Plain":
            return self.is_plain()
        for mail in self._given():
            if not mail.html.strip():
                self._fail("an email in HTML", _kinds(mail))
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

    def _says(self, wanted: str, html_of: Callable[[Mail], Sequence[str]]) -> Self:
        for mail in self._given():
            if not _holds(mail, wanted, html_of(mail)):
                self._fail(f"{shown(wanted)} in the text", shown(mail.text + mail.html))
        return self

    def _fail(self, expected: str, actual: str) -> NoReturn:
        expected = f"at {self._address}: {expected}"
        raise Nonconformance(Finding(expected, actual, self._placed, self._requirement))


def _plainly(markup: str) -> str:
    """Return HTML in one of the many ways to write it."""
    return TAG.sub(lambda tag: QUOTED.sub(r"=\2", tag[0]), _spaced(_lettered(markup)))


def _lettered(markup: str) -> str:
    """Return HTML with the letters themselves where references stand for ones beyond ASCII."""
    return REFERENCE.sub(lambda found: _letter(found[0]), markup)


def _letter(reference: str) -> str:
    letter = html.unescape(reference)
    return reference if letter.isascii() else letter


def _holds(mail: Mail, wanted: str, markup: Sequence[str]) -> bool:
    """Tell whether a text is in the plain text, or in HTML but for white space."""
    is_in_text = _breakable(wanted).search(_settled(mail.text)) is not None
    return is_in_text or any(_spaced(wanted) in each for each in markup)


def _breakable(text: str) -> re.Pattern[str]:
    """Return what a text is but for line breaks in place of blanks (RFC 5322, section 2.1.1)."""
    parts = re.split(r"( +)", _settled(text))
    return re.compile(
        "".join(f"(?:{it}| *\n *)" if it.startswith(" ") else re.escape(it) for it in parts)
    )


def _readable(mail: Mail) -> Sequence[str]:
    """Return what HTML says, with its tags and without; a name may have tags of its own."""
    return [_spaced(html.unescape(each)) for each in (mail.html, TAG.sub("", mail.html))]


def _shown_text(mail: Mail) -> str:
    return mail.text + html.unescape(mail.html)


def _told(subject: str, body: str) -> str:
    return f"{shown(subject)}, {shown(body, 400)}"


def _spaced(markup: str) -> str:
    """Return HTML with one blank for any white space, as it is shown."""
    return " ".join(markup.split())


def _settled(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _unspaced(text: str) -> str:
    """Return a header without white space, which is lost or added where libraries fold it."""
    return "".join(text.split())


def _told_apart(wanted: str, seen: str) -> tuple[str, str]:
    """Return two texts that differ: where lines are broken is told only where nothing else is."""
    if _spaced(wanted) == _spaced(seen):
        return shown_apart(_settled(wanted), _settled(seen))
    return shown_apart(_spaced(wanted), _spaced(seen))


def _kinds(mail: Mail) -> str:
    kinds = [
        kind for kind, body in (("plain text", mail.text), ("HTML", mail.html)) if body.strip()
    ]
    return f"one with {' and '.join(kinds) or 'neither plain text nor HTML'}"
