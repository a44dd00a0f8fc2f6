"""Choices of frameworks, gateways and mail systems, each with what speaks for it."""

import itertools
import re
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EMAIL, EmailTemplate, Notification, Order
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.keywords import NAME
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Json, Value

_TAG = re.compile(r"(<[^>]*>)")
_BLANKS = re.compile(r" +")


@variant
class GeneratesBeforeAsking(Rules):
    """Notifications are generated first, and stay New when the condition is not met.

    conditionEndpoint is for "the condition to send": it stops sending, not generating, and New is
    "created, but has not been picked up".
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is not None and order.channel == EMAIL:
            order.notifications.extend(super().generate(order))
        return url

    def generate(self, order: Order) -> list[Notification]:
        return [] if order.notifications else super().generate(order)


@variant
class AsksUntilConditionMet(Rules):
    """A condition that is not met yet is asked for again, ten times; then the order lapses.

    The URL is "to use when checking whether the condition … is met": how often is not said, and as
    long as it is not met nothing is sent.
    """

    def condition_tries(self) -> int:
        return 10

    def condition_met(self, status: int, body: bytes) -> bool | None:
        return super().condition_met(status, body) or None

    def sends_without_condition(self) -> bool:
        return False


@variant
class AbsentMembersUnderDollar(Rules):
    """Required members that are absent are reported together, for the body as a whole.

    ASP.NET does so for ``required`` properties; the documents show a key for an empty subject
    only, and an absent member has no path.
    """

    def email_errors(self, document: Json) -> Errors:
        errors = super().email_errors(document)
        absent = [name for name in ("subject", "body", "recipients") if name not in document]
        if not absent:
            return errors
        kind = "Altinn.Notifications.Models.EmailNotificationOrderRequestExt"
        text = f"JSON deserialization for type '{kind}' was missing required properties including: "
        return {
            "$": [text + ", ".join(f"'{name}'" for name in absent) + "."],
            "emailNotificationOrderRequest": [
                "The emailNotificationOrderRequest field is required."
            ],
        }


@variant
class IdsCountUp(Rules):
    """Ids are GUIDs from a counter, one for orders and another for notifications.

    "Type: Guid" says how an id is spelled, not that it cannot be guessed: the next one is the id of
    the next order.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._orders = itertools.count(1)
        self._notifications = itertools.count(1)

    def new_order_id(self) -> str:
        return str(UUID(int=next(self._orders)))

    def new_notification_id(self) -> str:
        return str(UUID(int=next(self._notifications)))


@variant
class SmallDateTimes(Rules):
    """``created`` and ``lastUpdate`` are kept to the nearest minute, up to 30 s ahead.

    SQL Server's smalldatetime does so; both are of "Type: DateTime", or of none, and no precision
    is promised.
    """

    def created(self, order: Order) -> Value:
        return self.timestamp(_nearest_minute(order.created))

    def last_update(self, notification: Notification) -> Value:
        return self.timestamp(_nearest_minute(notification.changed))


def _nearest_minute(moment: datetime) -> datetime:
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)


@variant
class HtmlBrokenAtBlanks(Rules):
    """The source of an HTML mail has a line break wherever a text has blanks.

    Mail servers keep lines short, and Exchange writes HTML anew; white space is one blank in HTML,
    so that the recipient reads the same.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html:
            return mail
        parts = _TAG.split(mail.body)
        parts[::2] = [_BLANKS.sub("\n", text) for text in parts[::2]]
        return replace(mail, body="".join(parts))


@variant
class NamesIsolated(Rules):
    """In the text of an HTML mail a name stands in ``<bdi>``, as W3C asks for inserted names.

    The keyword is "replaced with the full name": that is what is read, and the format is HTML.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html or party is None:
            return mail
        parts = _TAG.split(template.body)
        isolated = f"<bdi>{NAME}</bdi>"
        parts[::2] = [text.replace(NAME, isolated) for text in parts[::2]]
        return replace(mail, body=self.substituted_body("".join(parts), party))


@variant
class StatusInItsOwnWords(Rules):
    """The resource behind ``links.status`` says the state and since when, and no id.

    The documents give its address and nothing of what it holds.
    """

    def order_status(self, order: Order) -> Json:
        return {"state": order.status, "since": self.timestamp(order.changed)}


@variant
class ArchiveGetsCopy(Rules):
    """The archive gets a copy of every mail, as an authority's journal wants it.

    Who else may hold the mail is not said; the notifications and their recipients are as ordered.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        return mails + [replace(mail, to="arkiv@altinn.example", key=uuid4().hex) for mail in mails]
