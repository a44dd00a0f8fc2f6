"""The thirteenth round: what a team gets wrong in Java, with Spring Boot, JPA and Jackson."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta

from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Notification, Order, SmsTemplate
from conformance.reference.moments import parse_moment
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.keywords import NAME, NUMBER
from conformance.reference.wire import Answer, Call, Json, RefusalError, Value

_FRACTION = re.compile(r"\.([0-9]+)")
_BEARER_AND_SPACE = 7


@fault(breaks="details.send-time-returned")
class FractionOfSendTimeIsMilliseconds(Rules):
    """The digits after the second of a requestedSendTime are taken as a count of milliseconds.

    So does ``SimpleDateFormat`` with ``SSS``: three digits are right, the seven of the documents'
    own example put the order off by more than two hours.
    """

    def order(
        self,
        document: Json,
        creator: str,
        channel: str,
        template: EmailTemplate | SmsTemplate,
    ) -> Order:
        order = super().order(document, creator, channel, template)
        requested = str(document.get("requestedSendTime"))
        fraction = _FRACTION.search(requested)
        whole_seconds = parse_moment(_FRACTION.sub("", requested))
        if fraction is not None and whole_seconds is not None:
            milliseconds = int(fraction[1][:9])
            order.requested_send_time = whole_seconds + timedelta(milliseconds=milliseconds)
        return order


@fault(breaks="http.no-server-error")
class SemicolonInPathAnswered500(Rules):
    """A path with a semicolon in it is answered with 500, whatever is asked for.

    ``StrictHttpFirewall`` throws before any controller, and older releases do not catch it.
    """

    def answer(self, call: Call, answer: Answer) -> Answer:
        return super().answer(call, Answer(500) if ";" in call.path else answer)


@fault(breaks="lookup.lists-name-recipients")
class LookupNumbersLoseLeadingZeros(Rules):
    """The numbers in recipientLookup come from a BIGINT column, without their leading zeros."""

    def reserved(self, order: Order) -> Value:
        return [str(int(number)) for number in super().reserved(order)]

    def missing_contact(self, order: Order) -> Value:
        return [str(int(number)) for number in super().missing_contact(order)]


@fault(breaks="details.times-in-utc", also=("details.schema",))
class WholeMinuteWithoutSeconds(Rules):
    """A time at a whole minute is written without its seconds, as in ``2026-01-01T12:00Z``.

    ``OffsetDateTime.toString()`` leaves out what is zero. What is left is no date-time in the
    schema either.
    """

    def timestamp(self, moment: datetime) -> Value:
        if moment.second or moment.microsecond:
            return super().timestamp(moment)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


@fault(breaks="keyword.template-kept-when-processed")
class PersonalTextSavedOverTemplate(Rules):
    """Once sent, the template of an order reads as its first recipient's email, keywords replaced.

    The text is personalised in the entity, and Hibernate writes back whatever has changed there.
    """

    def email_template(self, order: Order) -> Value:
        template = order.template
        reached = [sent.party for sent in order.notifications if sent.address is not None]
        if isinstance(template, EmailTemplate) and reached:
            template = dataclasses.replace(
                template,
                subject=self.substituted_subject(template.subject, reached[0]),
                body=self.substituted_body(template.body, reached[0]),
            )
        return super().email_template(dataclasses.replace(order, template=template))


@fault(breaks="summary.unreachable-stops-no-other")
class RecipientsAfterUnreachableOneForgotten(Rules):
    """Nothing is generated for the recipients that come after the first unreachable one.

    The loop has a ``return`` where ``continue`` was meant.
    """

    def generate(self, order: Order) -> list[Notification]:
        generated: list[Notification] = []
        for recipient in order.recipients:
            notifications = self.notifications_for(order, recipient)
            generated.extend(notifications)
            if any(notification.address is None for notification in notifications):
                break
        return generated


@fault(breaks="keyword.rest-kept")
class PersonalTextLosesItsApostrophes(Rules):
    """A text in which a keyword is replaced loses its apostrophes; a name keeps its own.

    To ``MessageFormat`` an apostrophe is a quote, and only two of them are one.
    """

    def substitute(self, text: str, party: Party | None) -> str:
        if party is not None and (NAME in text or NUMBER in text):
            text = re.sub("'('?)", r"\1", text)
        return super().substitute(text, party)


@fault(breaks="auth.order-invalid-bearer")
class ShortAuthorizationHeaderAnswered500(Rules):
    """An Authorization header shorter than ``Bearer`` and a space is answered with 500.

    The filter begins with ``header.substring(7)``, and nobody catches what that throws.
    """

    def bearer_token(self, call: Call) -> str | None:
        header = call.headers.get("authorization")
        if header is not None and len(header) < _BEARER_AND_SPACE:
            raise RefusalError(Answer(500))
        return super().bearer_token(call)


@fault(breaks="condition.url-as-ordered")
class ConditionEndpointEncodedTwice(Rules):
    """A conditionEndpoint with percent-encoded characters is asked for with ``%`` as ``%25``.

    ``RestTemplate`` encodes a URL that it is given as a string.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and url.replace("%", "%25")


@fault(breaks="problem.explains", also=("problem.title", "problem.type", "problem.trace-id"))
class UnreadableBodyAnsweredByServlet(Rules):
    """A body that is no JSON object gets Spring Boot's own error page, not problem details.

    It has a status and a path, but no word about what is wrong, and none of the other members.
    """

    def document(self, call: Call) -> Json:
        try:
            return super().document(call)
        except RefusalError as refusal:
            error: Json = {
                "timestamp": self.timestamp(self.now()),
                "status": refusal.answer.status,
                "error": "Bad Request",
                "path": call.path,
            }
            raise RefusalError(self.json_answer(refusal.answer.status, error)) from None
