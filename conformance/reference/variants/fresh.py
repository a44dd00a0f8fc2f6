"""Choices seen in frameworks, gateways and mail systems, each with what speaks for it."""

import itertools
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EMAIL, EmailTemplate, Notification, Order
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.keywords import NAME, NUMBER
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Json, Value

_TAG = re.compile(r"(<[^>]*>)")
_MARKUP = re.compile(r"<[a-zA-Z!][^>]*>")
_PLACEHOLDER = re.compile(r"\$[A-Za-z]+\$")
_BLANKS = re.compile(r" +")
_BARE_GUID = re.compile(r"(?<=/orders/)\(?([0-9A-Fa-f]{32})\)?(?=/|$)")
_STRING_OR_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_STRING_OR_LAST_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')


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
class UnknownKeywordsRefused(Rules):
    """A text with a placeholder such as ``$recipientname$`` that is no keyword is refused.

    The keywords are "predefined" and "case-sensitive"; what becomes of a misspelled one is not
    said, and a mail that reads "Dear $recipientname$" helps nobody.
    """

    def errors_in_subject(self, value: object) -> list[str]:
        return super().errors_in_subject(value) or self._unknown_in("Subject", value)

    def errors_in_body(self, value: object) -> list[str]:
        return super().errors_in_body(value) or self._unknown_in("Body", value)

    def _unknown_in(self, member: str, value: object) -> list[str]:
        found = _PLACEHOLDER.findall(value) if isinstance(value, str) else []
        return [f"'{member}': unknown keyword {each}." for each in found if each not in _KEYWORDS]


_KEYWORDS = (NAME, NUMBER)


@variant
class NobodysNumbersRefused(Rules):
    """A number that no register knows is refused; one without contact details is accepted.

    missingContact is for "recipients where contact details … were not identified": a number that
    belongs to nobody is no national identity number or organization number.
    """

    def errors_in_national_identity_number(self, value: object) -> list[str]:
        errors = super().errors_in_national_identity_number(value)
        return errors or self._nobodys("NationalIdentityNumber", value)

    def errors_in_organization_number(self, value: object) -> list[str]:
        return super().errors_in_organization_number(value) or self._nobodys(
            "OrganizationNumber", value
        )

    def _nobodys(self, member: str, value: object) -> list[str]:
        known = not isinstance(value, str) or self.setting.registers.find(value) is not None
        return [] if known else [f"'{member}' is not in use."]


@variant
class HtmlNeedsMarkup(Rules):
    """An Html order whose body has no markup is refused.

    The body is "in either plain text or HTML format": one without a single tag is plain text, and
    contradicts its contentType.
    """

    def email_errors(self, document: Json) -> Errors:
        errors = super().email_errors(document)
        body = document.get("body")
        is_html = document.get("contentType") == "Html"
        if is_html and isinstance(body, str) and not _MARKUP.search(body):
            errors.setdefault("Body", ["'Body' must be HTML."])
        return errors


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
class BareGuidsFound(Rules):
    """An order is also found by its GUID without hyphens, or so in parentheses.

    .NET binds a Guid in any of its formats; the documents say what an unknown id is answered, and
    this one is known.
    """

    def path(self, path: str) -> str:
        return _BARE_GUID.sub(lambda found: str(UUID(found[1])), super().path(path))


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
class ReplicaLags(Rules):
    """Every third reading of an order's emails comes from a replica a few seconds behind.

    Counts are "so far" and a status is the one that is known; nothing says that a later reading
    knows more than an earlier one.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._readings: dict[str, list[tuple[datetime, Answer]]] = {}

    def emails_found(self, order: Order) -> Answer:
        readings = self._readings.setdefault(order.id, [])
        readings.append((datetime.now(UTC), super().emails_found(order)))
        if len(readings) % 3 == 0:
            recent = datetime.now(UTC) - timedelta(seconds=5)
            moment, answer = readings[-3]
            if moment > recent:
                return answer
        return readings[-1][1]


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
class ParserWithExtensions(Rules):
    """Comments, trailing commas, and whatever follows the object are passed over.

    "A JSON parser MAY accept non-JSON forms or extensions" (RFC 8259, section 9); Jackson reads the
    first value and leaves the rest, Newtonsoft knows comments.
    """

    def decode(self, body: bytes) -> object:
        try:
            return super().decode(body)
        except ValueError:
            text = _STRING_OR_COMMENT.sub(r"\1", body.decode("utf-8"))
            text = _STRING_OR_LAST_COMMA.sub(r"\1", text).lstrip()
            _, end = json.JSONDecoder().raw_decode(text)
            return super().decode(text[:end].encode())


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
