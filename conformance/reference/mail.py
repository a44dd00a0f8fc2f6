"""One email, as it leaves the deployment."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

_LINE_BREAKS = re.compile(r"[\r\n]+")


@dataclass(frozen=True)
class Mail:
    """What is sent, before it is MIME."""

    sender: str
    to: str
    """One address, or several with commas between."""
    subject: str
    body: str
    content_type: str
    created: datetime
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    """The first half of the Message-ID."""

    @property
    def is_html(self) -> bool:
        """Whether the body is HTML rather than plain text."""
        return self.content_type == "Html"

    @property
    def message_id(self) -> str:
        """The Message-ID without its brackets, as Mailpit shows it."""
        return f"{self.key}@{self.sender.rpartition('@')[2]}"

    @property
    def headers(self) -> dict[str, str]:
        """A header is one line, so a subject of several becomes one."""
        return {
            "From": self.sender,
            "To": self.to,
            "Subject": _LINE_BREAKS.sub(" ", self.subject),
            "Date": format_datetime(self.created),
            "Message-ID": f"<{self.message_id}>",
        }

    def message(self) -> EmailMessage:
        """The mail as MIME."""
        message = EmailMessage()
        for name, value in self.headers.items():
            message[name] = value
        message.set_content(self.body, subtype="html" if self.is_html else "plain")
        return message
