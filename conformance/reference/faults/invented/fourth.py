"""Where two features meet, and what the defaults of frameworks do to an answer."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Order, Recipient
from conformance.reference.registers import Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Operation, Value


@fault(breaks="auth.details-no-credentials")
class OrderCachedBeforeAuthentication(Rules):
    """An order that has been read once is answered from a cache, in front of authentication."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._cache: dict[str, Answer] = {}

    def answer(self, call: Call, answer: Answer) -> Answer:
        """The cache knows the path, and not who asks."""
        answer = super().answer(call, answer)
        if call.operation is not Operation.READ_ORDER:
            return answer
        if answer.status == 200:
            self._cache[call.path] = answer
        return self._cache.get(call.path, answer)


@fault(breaks="keyword.anywhere")
class DoubledDollarIsOne(Rules):
    """The template engine takes ``$$`` for an escaped ``$``, also between two keywords."""

    def substitute(self, text: str, party: Party | None) -> str:
        """As ``string.Template`` does."""
        return super().substitute(text.replace("$$", "$"), party)


@fault(breaks="keyword.reserved-person-named")
class ReservedPersonNameless(Rules):
    """With the reservation overridden, a reserved person's email has no name for the keyword."""

    def recipient_name(self, party: Party) -> str:
        """The register gives the name only of those who are not reserved."""
        reserved = isinstance(party, Person) and party.reserved
        return "" if reserved else super().recipient_name(party)


@fault(breaks="summary.own-notifications")
class SummaryJoinedOnReference(Rules):
    """The summary holds the notifications of every order with the same senders reference."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._orders: list[Order] = []

    def order(self, *arguments: Any) -> Order:
        """Remember it for the join."""
        order = super().order(*arguments)
        self._orders.append(order)
        return order

    def emails_found(self, order: Order) -> Answer:
        """Joined on creator and reference instead of the id."""
        if order.senders_reference is None:
            return super().emails_found(order)
        key = (order.creator, order.senders_reference)
        alike = [own for own in self._orders if (own.creator, own.senders_reference) == key]
        notifications = [notification for own in alike for notification in own.notifications]
        return super().emails_found(replace(order, notifications=notifications))


@fault(breaks="http.example-headers")
class ContentTypeOnReadRefused(Rules):
    """A GET with the header ``Content-Type: application/json`` must have a body, or it is a 400."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        """The JSON parser runs for whatever says that it is JSON."""
        says_json = "json" in call.headers.get("content-type", "")
        if call.method == "GET" and says_json and not call.body:
            answer = self.bad_request(call, {"$": ["The body must not be empty."]})
        return super().answer(call, answer)


@fault(breaks="lookup.missing-whatever-is-ignored")
class ReservationsIgnoredContactUnchecked(Rules):
    """With ignoreReservation persons are not looked up, so none of them lacks contact details."""

    def lacks_contact(self, order: Order, recipient: Recipient) -> bool:
        """Reservation and contact details come from one register, which is not asked."""
        if order.ignore_reservation and recipient.national_identity_number:
            return False
        return super().lacks_contact(order, recipient)


@fault(breaks="problem.errors-shape")
class RecipientErrorsNested(Rules):
    """The errors of recipients are a list of objects, one for each recipient, and not of texts."""

    def problem_errors(self, errors: Errors) -> Value:
        """As nested serializers of Django REST framework do."""
        nested: dict[int, Any] = {}
        others: dict[str, Any] = {}
        for key, texts in errors.items():
            head, bracket, tail = key.partition("[")
            if not bracket:
                others[key] = texts
                continue
            position, _, member = tail.partition("]")
            own = nested.setdefault(int(position), {})
            own[member.lstrip(".") or "NonFieldErrors"] = texts
            others[head] = [nested.get(place, {}) for place in range(max(nested) + 1)]
        return super().problem_errors(others)


@fault(breaks="delivery.subject")
class SubjectInLatin1(Rules):
    """The subject leaves in ISO 8859-1: what it lacks, such as Sámi letters, becomes ``?``."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        """The body is in UTF-8, the header is not."""
        mail = super().mail(template, address, party)
        return replace(mail, subject=mail.subject.encode("latin-1", "replace").decode("latin-1"))


@fault(breaks="details.send-time-returned")
class FractionWithoutLeadingZeros(Rules):
    """Of a fraction of a second the leading zeros are lost: 45 ms are written as ``.45``."""

    def timestamp(self, moment: datetime) -> Value:
        """Microseconds written as a number, without padding to six digits."""
        whole = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{whole}.{moment.microsecond}Z"


@fault(breaks="condition.url-as-ordered")
class ConditionUrlEncodedTwice(Rules):
    """The escapes of a condition URL are escaped again: ``%20`` is asked for as ``%2520``."""

    def condition_url(self, order: Order) -> str | None:
        """As a client does that takes every string for a URI template."""
        url = super().condition_url(order)
        return url and url.replace("%", "%25")
