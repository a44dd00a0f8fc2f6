"""Slips of whoever rebuilds the deployment in another language, with its libraries and habits."""

import json
import re
from dataclasses import replace
from datetime import UTC, timedelta

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import (
    EmailTemplate,
    Notification,
    Order,
    Recipient,
    SmsTemplate,
)
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, RefusalError, Value

_FRACTION = re.compile(r"\.(\d+)")
_COPIED_PATTERN = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,4}")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


@fault(breaks="details.send-time-returned")
class FractionReadAsMilliseconds(Rules):
    """The fraction of requestedSendTime is read as a whole number of milliseconds.

    .5 becomes 5 ms and .836731 almost 14 minutes; only a fraction of three digits is read right.
    """

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        order = super().order(document, creator, channel, template)
        fraction = _FRACTION.search(str(document.get("requestedSendTime")))
        if fraction:
            second = order.requested_send_time.replace(microsecond=0)
            order.requested_send_time = second + timedelta(milliseconds=int(fraction[1][:9]))
        return order


@fault(breaks="order.contract-accepted")
class AddressMatchedWithCopiedPattern(Rules):
    """An email address is matched with a pattern from an old forum.

    A top-level domain of more than four letters, such as .museum, is refused, and so is an
    apostrophe before the at sign.
    """

    def is_email_address(self, text: str) -> bool:
        return super().is_email_address(text) and _COPIED_PATTERN.fullmatch(text) is not None


@fault(breaks="problem.explains", also=("problem.title", "problem.trace-id", "problem.type"))
class UnreadableBodyAnsweredByFramework(Rules):
    """A body that cannot be read as an order in JSON gets the framework's own 400.

    It has timestamp, status, error and path: no problem details, not a word about what is wrong.
    """

    def document(self, call: Call) -> Json:
        try:
            return super().document(call)
        except RefusalError:
            now = self.now().astimezone(UTC).isoformat(timespec="milliseconds")
            page = {"timestamp": now, "status": 400, "error": "Bad Request", "path": call.path}
            answer = Answer(400, {"content-type": "application/json"}, json.dumps(page).encode())
            raise RefusalError(answer) from None


@fault(breaks="lookup.every-mix")
class LookupCountsContactPoints(Rules):
    """recipientLookup.status compares how many addresses were found with how many were looked for.

    An organisation with two makes up for a recipient that has none, and the status is Success.
    """

    def lookup_status(self, order: Order) -> Value:
        looked_up = self.looked_up(order)
        found = sum(
            len(self.registered_addresses(order, given))
            for given in looked_up
            if not self.is_unreachable(order, given)
        )
        if found >= len(looked_up):
            return "Success"
        return "PartialSuccess" if found else "Failed"


@fault(breaks="details.numbers-returned")
class LeadingZeroLostOnReading(Rules):
    """National identity numbers are kept in a column for integers.

    Someone born on one of the first nine days of a month is read with a number of ten digits.
    """

    def recipient(self, recipient: Recipient) -> Value:
        number = recipient.national_identity_number
        if number is not None:
            recipient = replace(recipient, national_identity_number=str(int(number)))
        return super().recipient(recipient)


@fault(breaks="summary.registered-once")
class SummaryJoinsFirstAddress(Rules):
    """The summary takes the address from the register rather than from the notification.

    Both notifications of an organisation with two addresses are listed with the first of them.
    """

    def used_address(self, notification: Notification) -> Value:
        party = notification.party
        if notification.address is not None and party is not None and party.addresses:
            return party.addresses[0]
        return super().used_address(notification)


@fault(breaks="keyword.own-values")
class TemplatePersonalisedInPlace(Rules):
    """Keywords are replaced in the template that all recipients of the order share.

    Each of them reads the name and number of the first, and so does whoever reads the order.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        template = order.template
        if isinstance(template, EmailTemplate) and notification.address is not None:
            order.template = replace(
                template,
                subject=self.substituted_subject(template.subject, notification.party),
                body=self.substituted_body(template.body, notification.party),
            )
        return super().mails(order, notification)


@fault(breaks="delivery.plain-as-text")
class MarkupDecidesMailType(Rules):
    """The mail library guesses from the body whether it is HTML.

    An order of contentType Plain whose body holds anything like a tag is sent as HTML.
    """

    def mail_content_type(self, template: EmailTemplate) -> str:
        return "Html" if _TAG.search(template.body) else super().mail_content_type(template)


@fault(breaks="auth.details-no-credentials")
class CacheAnswersBeforeAuthentication(Rules):
    """A cache by path stands before authentication.

    What was read once with a valid credential is then read with an invalid one, or with none.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._readers: dict[str, str] = {}

    def authorise(self, call: Call) -> str:
        try:
            organisation = super().authorise(call)
        except RefusalError:
            if call.method == "GET" and call.path in self._readers:
                return self._readers[call.path]
            raise
        if call.method == "GET":
            self._readers.setdefault(call.path, organisation)
        return organisation


@fault(breaks="condition.url-as-ordered")
class ConditionQueryRebuiltFromMap(Rules):
    """The query of the condition endpoint goes through a map of names to values.

    Where a parameter is repeated, only the last one arrives.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None or "?" not in url:
            return url
        base, _, query = url.partition("?")
        pairs = {pair.partition("=")[0]: pair for pair in query.split("&")}
        return f"{base}?{'&'.join(pairs.values())}"
