"""What a team that runs the service breaks by configuration, upgrades and migrations."""

import re
from dataclasses import replace
from datetime import datetime

from conformance.reference.credentials import ORGANISATION
from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, SmsTemplate
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, RefusalError, Value

_INLINE_STYLE = re.compile(rb"<[^>]+\sstyle\s*=", re.IGNORECASE)
_TIME_LIKE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*", re.ASCII)
_TIME_MEMBER = re.compile(
    rb'("(?:requestedSendTime|created|lastUpdate)": "[^"T]+T\d\d):(\d\d):(\d\d)'
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_LEADING_DOT = re.compile(r"^\.", re.MULTILINE)
_REGISTER_PAGE = 10
_COLUMN_WIDTH = 255


@fault(breaks="order.html-accepted")
class GatewayRefusesInlineStyles(Rules):
    """A rule of the gateway against injected scripts answers 403 to HTML with a style attribute."""

    def authorise(self, call: Call) -> str:
        if call.places_order and _INLINE_STYLE.search(call.body):
            raise RefusalError(Answer(403))
        return super().authorise(call)


@fault(breaks="details.senders-reference-returned")
class ReferencesLikeTimesRewritten(Rules):
    """A sender's reference that looks like a date with time is parsed, and written another way.

    So does Newtonsoft.Json unless DateParseHandling is None: 12/01/2023 08:30:00.
    """

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        order = super().order(document, creator, channel, template)
        if order.senders_reference and _TIME_LIKE.fullmatch(order.senders_reference):
            try:
                moment = datetime.fromisoformat(order.senders_reference)
            except ValueError:
                return order
            order.senders_reference = f"{moment:%m/%d/%Y %H:%M:%S}"
        return order


@fault(breaks="lookup.complete-among-many")
class RegisterAnswersInPages(Rules):
    """The register answers ten numbers at a time, and the adapter never asks for the next page.

    In an order with more than ten numbers to look up, nobody after the tenth is listed as missing.
    """

    def missing_contact(self, order: Order) -> Value:
        first = {given.number for given in self.looked_up(order)[:_REGISTER_PAGE]}
        return [number for number in super().missing_contact(order) if number in first]


@fault(breaks="delivery.like-orders")
class ProviderDropsIdenticalMails(Rules):
    """The mail provider drops a mail that equals an earlier one to the same address.

    Its protection against duplicates is on; the second order's notification is Delivered.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._seen: set[tuple[str, str, str]] = set()

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        fresh = []
        for mail in super().mails(order, notification):
            key = (mail.to, mail.subject, mail.body)
            if key not in self._seen:
                self._seen.add(key)
                fresh.append(mail)
        return fresh


@fault(breaks="details.body-returned")
class BodiesCopiedWithEscapes(Rules):
    r"""The new database takes a backslash in a body for the start of an escape.

    C:\temp becomes C:, a tab and emp; any other backslash is lost.
    """

    def email_template_in(self, document: Json) -> EmailTemplate:
        template = super().email_template_in(document)
        body = _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), template.body)
        return replace(template, body=body)


@fault(breaks="details.times-in-utc")
class TimesInCultureOfCaller(Rules):
    """With Accept-Language: nb, times are written with full stops, 14.13.27, not 14:13:27.

    The colon of a .NET format string stands for the time separator of the request's culture.
    """

    def answer(self, call: Call, answer: Answer) -> Answer:
        language = call.headers.get("accept-language", "").lower()
        if language.startswith(("nb", "nn", "no", "da", "fi")):
            answer.body = _TIME_MEMBER.sub(rb"\1.\2.\3", answer.body)
        return super().answer(call, answer)


@fault(breaks="auth.order-any-organisation")
class GatewayListsOneOrganisation(Rules):
    """Only the organisation on the gateway's list may order; another with the scope gets 403."""

    def authorise(self, call: Call) -> str:
        organisation = super().authorise(call)
        if call.places_order and organisation != ORGANISATION:
            raise RefusalError(self.forbidden(call))
        return organisation


@fault(breaks="delivery.body")
class LeadingDotsLostByRelay(Rules):
    """The new mail relay takes a dot away from each line of the body that begins with one."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=_LEADING_DOT.sub("", mail.body))


@fault(breaks="condition.url-as-ordered")
class ConditionCutToColumn(Rules):
    """The migrated column for conditions is narrower: of a URL, the first 255 characters are kept.

    The rest, of a path or query that is longer, is never asked for.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and url[:_COLUMN_WIDTH]


@fault(breaks="problem.explains")
class ErrorTextsWithoutResources(Rules):
    """The texts of errors are empty: the trimmed build has left out the files they come from."""

    def problem_errors(self, errors: Errors) -> Value:
        return {member: ["" for _ in texts] for member, texts in errors.items()}
