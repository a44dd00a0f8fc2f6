"""Faults that a certification lab could seed: one in each of ten areas."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Notification, Order
from conformance.reference.registers import Organisation
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.wire import Answer, Call, Json, Operation, RefusalError, Value

_WEST_WITH_MINUTES = re.compile(r"-\d\d:(?P<minutes>\d\d)\Z", re.ASCII)
_BEYOND_BMP = re.compile(r"[\U00010000-\U0010ffff].*", re.DOTALL)
_OPTIONAL = {"RequestedSendTime", "IgnoreReservation", "ConditionEndpoint", "ContentType"}


@fault(breaks="details.send-time-offset-converted")
class MinutesOfWesternOffsetsAdded(Rules):
    """The sign of an offset is given to its hours alone: -03:30 is read as -02:30."""

    def order(self, document: Json, *details: Value) -> Order:
        order = super().order(document, *details)
        offset = _WEST_WITH_MINUTES.search(document.get("requestedSendTime") or "")
        if offset is not None:
            order.requested_send_time -= timedelta(minutes=2 * int(offset["minutes"]))
        return order


@fault(breaks="validation.json-strict")
class FirstJsonValueSuffices(Rules):
    """The body is read as a stream: whatever follows the first JSON value goes unnoticed."""

    def decode(self, body: bytes) -> object:
        text = body.decode().lstrip()
        _, end = json.JSONDecoder().raw_decode(text)
        return super().decode(text[:end].encode())


@fault(breaks="problem.explains")
class OptionalMembersRefusedWithoutWords(Rules):
    """The catalogue of messages has none for optional members: their errors hold an empty text."""

    def problem_errors(self, errors: Errors) -> Value:
        return {
            member: [""] if member in _OPTIONAL else texts
            for member, texts in super().problem_errors(errors).items()
        }


@fault(breaks="lookup.every-mix")
class MissingOrganisationsReplaceMissingPersons(Rules):
    """missingContact names persons only where no organisation is missing.

    The answer of the second register is put in place of the first's.
    """

    def missing_contact(self, order: Order) -> Value:
        missing = super().missing_contact(order)
        organisations = {given.organization_number for given in order.recipients}
        return [number for number in missing if number in organisations] or missing


@fault(breaks="details.subject-returned")
class SubjectCutAtFirstEmoji(Rules):
    """A subject ends before its first character of four bytes.

    The column of the database holds characters of three at most.
    """

    def email_template_in(self, document: Json) -> EmailTemplate:
        template = super().email_template_in(document)
        return replace(template, subject=_BEYOND_BMP.sub("", template.subject))


@fault(breaks="summary.senders-reference")
class NumericReferenceSummedUpAsNumber(Rules):
    """The serialiser of the summary takes a sendersReference of digits alone for a number."""

    def summary_senders_reference(self, order: Order) -> Value:
        reference = order.senders_reference
        numeric = reference is not None and reference.isascii() and reference.isdecimal()
        return int(reference or "") if numeric else reference


@fault(breaks="keyword.own-values")
class NamesInOrderOfTheRegister(Rules):
    """Persons of one order read each other's names, unless they are sorted by number.

    The register answers sorted, and its names are dealt out in the order of the request.
    """

    def generate(self, order: Order) -> list[Notification]:
        notifications = super().generate(order)
        parties = {
            sent.party.number: sent.party
            for sent in notifications
            if sent.party is not None and not isinstance(sent.party, Organisation)
        }
        answered = dict(zip(parties, sorted(parties), strict=True))
        for sent in notifications:
            if sent.party is not None and sent.party.number in answered:
                sent.party = parties[answered[sent.party.number]]
        return notifications


@fault(breaks="auth.details-no-credentials")
class ReaderWithoutCredentialsSentToSignIn(Rules):
    """A GET without any credential is led to the sign-in page, as a browser would be."""

    def no_bearer(self, call: Call) -> Answer:
        none_given = not {"authorization", "platformaccesstoken"} & {*call.headers}
        if call.method == "GET" and none_given:
            page = f"{self.setting.base_url}/signin?goto={call.path}"
            raise RefusalError(Answer(302, {"location": page}))
        return super().no_bearer(call)


@fault(breaks="condition.url-as-ordered")
class ConditionAskedAtDecodedUrl(Rules):
    """The percent-escapes of a conditionEndpoint are resolved before it is asked."""

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return None if url is None else unquote(url)


@fault(breaks="http.json-accepted")
class XmlForWhoeverAlsoTakesIt(Rules):
    """Orders and summaries are XML for a reader whose Accept names it beside JSON."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        reads = call.operation in (Operation.READ_ORDER, Operation.READ_EMAILS)
        if reads and answer.status == 200 and "application/xml" in call.headers.get("accept", ""):
            members = "".join(f"<{name}>{value}</{name}>" for name, value in answer.content.items())
            answer.headers["content-type"] = "application/xml; charset=utf-8"
            answer.body = f"<Order>{members}</Order>".encode()
        return answer
