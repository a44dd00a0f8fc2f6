"""Faults invented from the documents alone, by an eleventh reader."""

import uuid
from datetime import datetime
from urllib.parse import urlsplit

from conformance.reference.credentials import ORGANISATION
from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.problems import Errors
from conformance.reference.wire import Answer, Call, Json, Value


@fault(breaks="auth.order-bearer-as-platform-token")
class AltinnTokenTakenForPlatformAccessToken(Rules):
    """Any Altinn token, whatever its scope, counts as a PlatformAccessToken in that header."""

    def platform_claims(self, call: Call, token: str) -> Claims | None:
        return super().platform_claims(call, token) or self.bearer_claims(call, token)

    def platform_organisation(self, call: Call, claims: Claims) -> str | None:
        if "urn:altinn:app" in claims:
            return super().platform_organisation(call, claims)
        return self.organisation(call, claims) or ORGANISATION


@fault(breaks="lookup.every-mix")
class OrganisationsWithoutContactReplacePeople(Rules):
    """missingContact is filled with people, then overwritten by the organisations, if any."""

    def missing_contact(self, order: Order) -> Value:
        numbers = super().missing_contact(order)
        organisations = [given.organization_number for given in order.recipients]
        return [number for number in numbers if number in organisations] or numbers


@fault(breaks="condition.url-as-ordered")
class ConditionPathInLowerCase(Rules):
    """The condition endpoint is kept in lower case, so another path is asked than the one given."""

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and urlsplit(url)._replace(path=urlsplit(url).path.lower()).geturl()


@fault(breaks="keyword.anywhere")
class TwoDollarsAreAnEscapedOne(Rules):
    """The template engine reads ``$$`` as one dollar, also where one keyword follows another."""

    def substitute(self, text: str, party: Party | None) -> str:
        return super().substitute(text if party is None else text.replace("$$", "$"), party)


@fault(breaks="validation.recipients-is-list")
class OneRecipientNeedsNoList(Rules):
    """``recipients`` may be a single object: it is taken for a list of one."""

    def errors_in_email_recipients(self, value: object) -> Errors:
        return super().errors_in_email_recipients([value] if isinstance(value, dict) else value)

    def recipients_in(self, document: Json) -> list[Recipient]:
        value = document.get("recipients")
        return super().recipients_in({"recipients": [value] if isinstance(value, dict) else value})


@fault(breaks="details.send-time-returned", also=("details.send-time-offset-converted",))
class SendTimeOnATwelveHourClock(Rules):
    """requestedSendTime is written with ``hh`` for ``HH``: 14:13 reads 02:13.

    With whatever offset it was ordered.
    """

    def requested_send_time(self, order: Order) -> Value:
        moment: datetime = order.requested_send_time
        return self.timestamp(moment.replace(hour=moment.hour % 12 or 12))


@fault(breaks="keyword.template-kept-when-processed")
class TemplateRenderedInPlace(Rules):
    """Processing replaces the keywords in the order's own template, as later reading shows."""

    def email_template(self, order: Order) -> Value:
        template = super().email_template(order)
        party = next((sent.party for sent in order.notifications if sent.party), None)
        if party is None or not isinstance(order.template, EmailTemplate):
            return template
        subject = self.substituted_subject(order.template.subject, party)
        body = self.substituted_body(order.template.body, party)
        return {**template, "subject": subject, "body": body}


@fault(breaks="summary.notification-ids-own")
class NotificationIdsCountedInEachOrder(Rules):
    """The ids of notifications are numbered from one in every order, so that orders share them."""

    def generate(self, order: Order) -> list[Notification]:
        notifications = super().generate(order)
        for position, notification in enumerate(notifications, start=1):
            notification.id = str(uuid.UUID(int=position))
        return notifications


@fault(breaks="problem.explains", also=("problem.errors-shape",))
class MissingMemberBlamedWithoutWords(Rules):
    """A required text that was not sent is named in ``errors``, with an empty message.

    An empty message is no text, so that the list of texts has none either.
    """

    def errors_in_required_text(self, member: str, value: object) -> list[str]:
        return [""] if value is None else super().errors_in_required_text(member, value)


@fault(breaks="details.media-type-json", also=("summary.media-type-json",))
class LengthCountedInCharacters(Rules):
    """A body is cut after as many bytes as it has characters: Norwegian letters cost its end.

    Summaries are cut like details are, where the sendersReference has such letters.
    """

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        answer.body = answer.body[: len(answer.body.decode(errors="replace"))]
        return answer
