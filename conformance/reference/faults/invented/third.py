"""Ten faults invented from the documents alone, to test the suite."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from joserfc.jwk import RSAKey

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order
from conformance.reference.moments import parse_moment
from conformance.reference.registers import Organisation, Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.setting import Setting
from conformance.reference.wire import Call, Json, RefusalError, Value

_LAST_DAYS_OF_A_MONTH = re.compile(r"(\d{4}-\d\d-)(29|30|31)(T.+)")
_PAGE = 20


@fault(
    breaks="auth.order-forged-bearer",
    also=("auth.details-forged-bearer", "auth.summary-forged-bearer"),
)
class SignatureVerifiedOnlyOnce(Rules):
    """Verified tokens are remembered by what was signed, without the signature.

    Once a token has been accepted, the same header and claims pass with any signature.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._verified: dict[str, Claims] = {}

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        signed = token.rpartition(".")[0]
        if signed in self._verified:
            return self._verified[signed]
        claims = super().signed_claims(call, token, key)
        if claims is not None:
            self._verified[signed] = claims
        return claims


@fault(breaks="http.example-headers")
class GetOfContentTypeJsonReadForBody(Rules):
    """A GET with the Content-Type of the examples is refused, because its body is not JSON."""

    def authorise(self, call: Call) -> str:
        organisation = super().authorise(call)
        content_type = call.headers.get("content-type", "")
        if call.method == "GET" and "json" in content_type and not call.body:
            raise RefusalError(self.bad_request(call, {"$": ["The body is not valid JSON."]}))
        return organisation


@fault(breaks="order.contract-accepted")
class TopLevelDomainOfFourLettersAtMost(Rules):
    """Email addresses must end with two to four letters: ``.museum`` is refused."""

    def is_email_address(self, text: str) -> bool:
        return super().is_email_address(text) and 2 <= len(text.rpartition(".")[2]) <= 4


@fault(breaks="validation.send-time-is-date-time")
class ImpossibleDayRollsOver(Rules):
    """A requested send time on 30 February is accepted, and becomes 2 March."""

    def document(self, call: Call) -> Json:
        document = super().document(call)
        sent = document.get("requestedSendTime")
        form = _LAST_DAYS_OF_A_MONTH.fullmatch(sent) if isinstance(sent, str) else None
        if form is not None and parse_moment(sent) is None:
            first = parse_moment(f"{form[1]}01{form[3]}")
            if first is not None:
                rolled = first + timedelta(days=int(form[2]) - 1)
                document["requestedSendTime"] = rolled.isoformat()
        return document


@fault(
    breaks="lookup.failed-when-all-reserved",
    also=("lookup.every-mix", "lookup.status-agrees-with-lists"),
)
class LookupFailsForOneReasonOnly(Rules):
    """A lookup that fails for all, for some reserved and for some unknown, is a PartialSuccess.

    The status is Failed only where all are reserved, or all are without contact details.
    """

    def lookup_status(self, order: Order) -> Value:
        status = super().lookup_status(order)
        if status == "Failed" and self.reserved(order) and self.missing_contact(order):
            return "PartialSuccess"
        return status


@fault(
    breaks="summary.generated-equals-list",
    also=("summary.one-per-address", "summary.succeeded-equals-successes"),
)
class OnlyFirstPageOfNotifications(Rules):
    """The list of notifications ends after the first 20, whatever ``generated`` says."""

    def summary(self, order: Order) -> Json:
        summary = super().summary(order)
        return {**summary, "notifications": summary["notifications"][:_PAGE]}


@fault(breaks="summary.nothing-sent-early", also=("delivery.not-early",))
class DateOfSendTimeIgnored(Rules):
    """Only the time of day of the requested send time counts: tomorrow's order is sent today."""

    def start_time(self, order: Order) -> datetime:
        requested = order.requested_send_time
        today = datetime.combine(order.created.date(), requested.timetz())
        return min(requested, today)


@fault(breaks="delivery.body", also=("delivery.subject",))
class MailInWindows1252(Rules):
    """Letters that Windows-1252 lacks arrive as question marks: Sámi ones, Greek ones, emoji."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, subject=_windows_1252(mail.subject), body=_windows_1252(mail.body))


@fault(breaks="keyword.own-values", also=("keyword.own-values-in-subject",))
class PersonGetsNumberOfOrganisation(Rules):
    """In an order for both, ``$recipientNumber$`` of a person is that of the organisation."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        person = notification.party
        organisations = [
            party for party in map(self.party, order.recipients) if isinstance(party, Organisation)
        ]
        if isinstance(person, Person) and organisations:
            mixed = Organisation(organisations[0].number, person.name)
            return super().mails(order, replace(notification, party=mixed))
        return super().mails(order, notification)


@fault(breaks="condition.url-as-ordered")
class ConditionAskedWithoutQuery(Rules):
    """The condition endpoint is asked without the query of its URL."""

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and url.partition("?")[0]


def _windows_1252(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")
