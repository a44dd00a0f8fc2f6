"""The mailbox that all delivered mail ends in, in memory, in the shape of Mailpit's API.

Mailpit is what testers of email use; a suite that reads one reads the other.
"""

import html
import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from conformance.reference.mail import Mail
from conformance.reference.wire import Json

_TAG = re.compile(r"<[^>]*>")
_TERM = re.compile(
    r'(?:(?P<field>to|bcc|from|subject):)?(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))', re.I
)
_MOST = 10_000
"""How many it keeps, the newest."""


class Mailbox:
    """The newest mail first, as Mailpit shows it."""

    def __init__(self) -> None:
        self._mails: dict[str, Mail] = {}
        self._receivers: dict[str, str] = {}

    def put(self, mail: Mail) -> None:
        """Mail that comes twice is there twice."""
        mail_id = uuid.uuid4().hex
        self._mails[mail_id], self._receivers[mail_id] = mail, mail.to.lower()
        if len(self._mails) > _MOST:
            self.delete([next(iter(self._mails))])

    def find(self, mail_id: str) -> Mail | None:
        """The mail with the id."""
        return self._mails.get(mail_id)

    def delete(self, ids: Iterable[str] | None = None) -> None:
        """Those with the ids, or all."""
        for mail_id in list(self._mails) if ids is None else ids:
            self._mails.pop(mail_id, None)
            self._receivers.pop(mail_id, None)

    def search(self, query: str) -> list[tuple[str, Mail]]:
        """What matches all of ``to:``, ``bcc:``, ``from:``, ``subject:`` and plain words."""
        found = list(reversed(self._mails))
        for term in _TERM.finditer(query):
            word = (term["quoted"] or term["plain"] or "").lower()
            found = self._matching(found, (term["field"] or "").lower(), word)
        return [(mail_id, self._mails[mail_id]) for mail_id in found]

    def _matching(self, ids: list[str], field: str, word: str) -> list[str]:
        if field == "bcc":
            return []  # nobody gets a blind copy
        if field == "to":
            return [mail_id for mail_id in ids if word in self._receivers[mail_id]]
        searched = _SEARCHED.get(field, _whole)
        return [mail_id for mail_id in ids if word in searched(self._mails[mail_id]).lower()]

    def page(self, found: Sequence[tuple[str, Mail]], start: int, limit: int) -> Json:
        """Part of what was found, and how much there is."""
        shown = found[start : start + limit]
        return {
            "total": len(self._mails),
            "unread": len(self._mails),
            "count": len(shown),
            "messages_count": len(found),
            "messages_unread": len(found),
            "start": start,
            "tags": [],
            "messages": [_listed(mail_id, mail) for mail_id, mail in shown],
        }


def _whole(mail: Mail) -> str:
    return f"{mail.to}\n{mail.sender}\n{mail.subject}\n{mail.body}"


_SEARCHED: Mapping[str, Callable[[Mail], str]] = {
    "from": lambda mail: mail.sender,
    "subject": lambda mail: mail.subject,
}
"""What a search looks in, beside the receivers."""


def _listed(mail_id: str, mail: Mail) -> Json:
    return {
        **_common(mail_id, mail),
        "Read": False,
        "Created": mail.created.isoformat(),
        "Attachments": 0,
        "Snippet": _snippet(mail),
    }


def opened(mail_id: str, mail: Mail) -> Json:
    """One message with its text."""
    return {
        **_common(mail_id, mail),
        "Date": mail.created.isoformat(),
        "ReturnPath": mail.sender,
        "Text": _text(mail),
        "HTML": mail.body if mail.is_html else "",
        "ListUnsubscribe": {"Header": "", "Links": [], "Errors": "", "HeaderPost": ""},
        "Inline": [],
        "Attachments": [],
    }


def headers(mail: Mail) -> Json:
    """The headers of a mail, each with a list of its values, spelled as Go spells them."""
    media_type = f'text/{"html" if mail.is_html else "plain"}; charset="utf-8"'
    named = {**mail.headers, "Mime-Version": "1.0", "Content-Type": media_type}
    return {name.title(): [value] for name, value in named.items()}


def _common(mail_id: str, mail: Mail) -> Json:
    return {
        "ID": mail_id,
        "MessageID": mail.message_id,
        "From": {"Name": "", "Address": mail.sender},
        "To": [{"Name": "", "Address": each} for each in mail.to.split(", ")],
        "Cc": [],
        "Bcc": [],
        "ReplyTo": [],
        "Subject": mail.headers["Subject"],
        "Tags": [],
        "Username": "",
        "Size": len(json.dumps(mail.headers)) + len(mail.body.encode()),
    }


def _snippet(mail: Mail) -> str:
    return " ".join(_text(mail).split())[:250]


def _text(mail: Mail) -> str:
    """Mailpit makes a text of HTML that comes without one."""
    return html.unescape(_TAG.sub(" ", mail.body)).strip() if mail.is_html else mail.body
