"""Where mail leaves the deployment: into the mailbox, and to an SMTP server when one is named."""

import asyncio
import logging
import smtplib
from email.errors import MessageError

from conformance.reference.mail import Mail
from conformance.reference.mailbox import Mailbox

_REFUSALS = (OSError, MessageError, ValueError, LookupError, AttributeError, TypeError)
"""Of the server, and of the email package, which has its own way with peculiar addresses."""

log = logging.getLogger(__name__)


class Outlet:
    """Delivers mail, from whichever deployment of the server."""

    def __init__(self, mailbox: Mailbox, smtp: tuple[str, int] | None = None) -> None:
        self._mailbox = mailbox
        self._smtp = smtp

    async def deliver(self, mail: Mail) -> bool:
        """False when the mail could not be handed over."""
        if self._smtp is not None and not await asyncio.to_thread(self._relay, mail, *self._smtp):
            return False
        self._mailbox.put(mail)
        return True

    def _relay(self, mail: Mail, host: str, port: int) -> bool:
        try:
            with smtplib.SMTP(host, port, timeout=10) as server:
                server.send_message(mail.message(), mail.sender, mail.to.split(", "))
        except _REFUSALS as failure:
            log.warning("mail to %s was not handed over: %r", mail.to, failure)
            return False
        return True
