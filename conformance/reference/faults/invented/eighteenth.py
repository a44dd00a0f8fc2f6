"""What a vendor's team gets wrong that writes the API anew in Kotlin, with Ktor and MySQL."""

import re
from dataclasses import replace
from datetime import timedelta

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, SmsTemplate
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.keywords import NAME, NUMBER
from conformance.reference.wire import Answer, Call, Json, RefusalError

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = rf'{_WORD}\s*=\s*(?:{_WORD}|"[^"]*")'
_REST = rf"[0-9A-Za-z._~+/-]+=*|{_PARAMETER}(?:\s*,\s*{_PARAMETER})*"
_CREDENTIALS = re.compile(rf"{_WORD}(?:\s+(?:{_REST}))?\s*")
_NEGATIVE_OFFSET = re.compile(r"-\d\d:(?P<minutes>\d\d)$")
_MARGIN = re.compile(r"^[^\S\n]*\|", re.MULTILINE)


@fault(breaks="details.same-after-processing")
class CreatedTouchedByUpdates(Rules):
    """``created`` is when the order last changed: the first TIMESTAMP of a table in MySQL.

    Such a column is ``ON UPDATE CURRENT_TIMESTAMP`` unless told otherwise, so that an order which
    is processed is created anew. Read before it is due, it is right.
    """

    def created(self, order: Order) -> str:
        return str(self.timestamp(order.changed))


@fault(breaks="details.send-time-offset-converted")
class NegativeOffsetsAddMinutes(Rules):
    """An offset is ``hours.toInt() * 60 + minutes.toInt()``, so that -03:30 is -02:30.

    Only negative offsets that are no whole hours are misread, by twice their minutes.
    """

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        order = super().order(document, creator, channel, template)
        if offset := _NEGATIVE_OFFSET.search(str(document.get("requestedSendTime"))):
            order.requested_send_time -= timedelta(minutes=2 * int(offset["minutes"]))
        return order


@fault(breaks="keyword.anywhere")
class DollarsTakenInPairs(Rules):
    """Texts are split at ``$``, and every second piece is looked up as a keyword.

    A lone dollar sign before a keyword ("$5 for $recipientName$") shifts the pieces, and the
    keyword stays as it is.
    """

    def substitute(self, text: str, party: Party | None) -> str:
        if party is None:
            return text
        pieces = text.split("$")
        for position in range(1, len(pieces), 2):
            closing = "$" if position < len(pieces) - 1 else ""
            piece = f"${pieces[position]}{closing}"
            known = piece in (NAME, NUMBER)
            pieces[position] = self.replacement(piece, party) if known else piece
        return "".join(pieces)


@fault(breaks="summary.reserved-not-sent")
class ReservationOverriddenByFalse(Rules):
    """``ignoreReservation?.let { override() }``: an explicit ``false`` overrides as ``true`` does.

    Reserved persons get the email that the order said they must not get.
    """

    def overrides_reservation(self, order: Order) -> bool:
        return order.ignore_reservation is not None


@fault(breaks="delivery.subject")
class SubjectsInLatin1(Rules):
    """JavaMail's ``setSubject(text)`` without a charset takes that of the JVM, here ISO-8859-1.

    Norwegian letters survive in a subject; the euro sign, dashes, Sami letters and emoji become
    question marks. Bodies, and subjects when read, are right.
    """

    def substituted_subject(self, text: str, party: Party | None) -> str:
        subject = super().substituted_subject(text, party)
        return subject.encode("latin-1", "replace").decode("latin-1")


@fault(breaks="summary.succeeded-flag")
class FalseNotEncoded(Rules):
    """``val succeeded: Boolean = false`` without ``encodeDefaults``: only ``true`` is written.

    A notification that has not succeeded, or not yet, has no ``succeeded``.
    """

    def notification(self, notification: Notification) -> Json:
        members = super().notification(notification)
        return {name: value for name, value in members.items() if value is not False}


@fault(breaks="condition.url-as-ordered")
class ConditionParametersOnce(Rules):
    """The condition's URL is built anew from a ``Map<String, String>`` of its parameters.

    Of a parameter that is repeated ("?party=1&party=2") only the first is asked for.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None or "?" not in url:
            return url
        path, _, query = url.partition("?")
        parameters: dict[str, str] = {}
        for parameter in query.split("&"):
            parameters.setdefault(parameter.partition("=")[0], parameter)
        return f"{path}?{'&'.join(parameters.values())}"


@fault(
    breaks="auth.order-invalid-bearer",
    also=("auth.details-invalid-bearer", "auth.summary-invalid-bearer"),
)
class UnreadableAuthorizationAnswered400(Rules):
    """Ktor's parser of the Authorization header throws, and what it throws is a 400.

    A header that RFC 9110 cannot read ("Bearer {token}", "Bearer two words") is a bad request
    instead of unauthorized; one with a token that is merely invalid is still a 401.
    """

    def bearer_caller(self, call: Call) -> str:
        header = call.headers.get("authorization")
        if header and not _CREDENTIALS.fullmatch(header):
            raise RefusalError(self.bad_request(call, {"Authorization": ["Not readable."]}))
        return super().bearer_caller(call)


@fault(breaks="problem.is-json-object")
class MissingMemberWithoutProblem(Rules):
    """kotlinx.serialization's MissingFieldException becomes Ktor's own 400, which has no body.

    A required member that is empty is explained in problem details; one that was left out is not.
    """

    def email_errors(self, document: Json) -> dict[str, list[str]]:
        if not {"subject", "body", "recipients"} <= document.keys():
            raise RefusalError(Answer(400))
        return super().email_errors(document)


@fault(breaks="delivery.body")
class MarginTrimmed(Rules):
    """The mail is a raw string with ``.trimMargin()``, called after the body has been put in.

    Lines of the body that start with ``|``, as the rows of a table in plain text do, lose it. Html
    goes another way.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return mail if mail.is_html else replace(mail, body=_MARGIN.sub("", mail.body))
