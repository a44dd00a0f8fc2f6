"""Flawed orders that are accepted and should be refused, or are refused wrongly."""

import re

from conformance.reference.deviations import fault
from conformance.reference.model import Notification, Order, Recipient
from conformance.reference.moments import parse_moment
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.rules.validation import Texts
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, RefusalError

# Subject and body


@fault(breaks="validation.subject-required")
class SubjectNotRequired(Rules):
    """An order without a subject is accepted."""

    def errors_in_subject(self, value: object) -> Texts:
        return [] if value is None else super().errors_in_subject(value)


@fault(breaks="validation.subject-required")
class NullSubjectAccepted(Rules):
    """An order whose subject is null is accepted, though one without subject is not."""

    def email_errors(self, document: Json) -> Errors:
        errors = super().email_errors(document)
        if "subject" in document and document["subject"] is None:
            del errors["Subject"]
        return errors


@fault(breaks="validation.subject-not-empty")
class EmptySubjectAccepted(Rules):
    """An order with an empty subject is accepted."""

    def errors_in_subject(self, value: object) -> Texts:
        return [] if value == "" else super().errors_in_subject(value)


@fault(breaks="validation.body-required")
class BodyNotRequired(Rules):
    """An order without a body is accepted."""

    def errors_in_body(self, value: object) -> Texts:
        return [] if value is None else super().errors_in_body(value)


@fault(breaks="validation.body-required")
class MissingBodyCrashes(Rules):
    """An order without a body is answered 500, which no page documents."""

    def errors_in_body(self, value: object) -> Texts:
        if value is None:
            raise RefusalError(Answer(500))
        return super().errors_in_body(value)


@fault(breaks="validation.body-not-empty")
class EmptyBodyAccepted(Rules):
    """An order with an empty body is accepted."""

    def errors_in_body(self, value: object) -> Texts:
        return [] if value == "" else super().errors_in_body(value)


@fault(breaks="validation.subject-is-string")
class NumericSubjectCoerced(Rules):
    """A subject that is a number is taken for the text of that number.

    The contract rules it out.
    """

    def errors_in_subject(self, value: object) -> Texts:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return [] if is_number else super().errors_in_subject(value)


@fault(breaks="validation.subject-is-string")
class StructuredSubjectCrashes(Rules):
    """A subject that is a list or an object is answered 500, which no page documents."""

    def errors_in_subject(self, value: object) -> Texts:
        if isinstance(value, list | dict):
            raise RefusalError(Answer(500))
        return super().errors_in_subject(value)


@fault(breaks="validation.body-is-string")
class BooleanBodyCoerced(Rules):
    """A body that is true or false is taken for a text.

    The contract rules it out.
    """

    def errors_in_body(self, value: object) -> Texts:
        return [] if isinstance(value, bool) else super().errors_in_body(value)


# Optional members


@fault(breaks="validation.content-type-known")
class UnknownContentTypeAccepted(Rules):
    """A contentType that is neither Plain nor Html is accepted as if it were Plain.

    The contract rules it out.
    """

    def errors_in_content_type(self, value: object) -> Texts:
        return [] if isinstance(value, str) else super().errors_in_content_type(value)

    def content_type_in(self, document: Json) -> str:
        return "Html" if document.get("contentType") == "Html" else "Plain"


@fault(breaks="validation.contract-kept")
class StructuredContentTypeCrashes(Rules):
    """A contentType that is a list or an object is answered 500, which no page documents."""

    def errors_in_content_type(self, value: object) -> Texts:
        if isinstance(value, list | dict):
            raise RefusalError(Answer(500))
        return super().errors_in_content_type(value)


@fault(breaks="validation.content-type-known")
class HtmlIsFoundInContentType(Rules):
    """A contentType with html in it means Html, such as text/html."""

    def errors_in_content_type(self, value: object) -> Texts:
        is_like = isinstance(value, str) and "html" in value
        return [] if is_like else super().errors_in_content_type(value)


@fault(breaks="validation.content-type-known")
class BeginningOfContentTypeSuffices(Rules):
    """A contentType that begins with Plain or Html is accepted."""

    def errors_in_content_type(self, value: object) -> Texts:
        begins = isinstance(value, str) and value.startswith(("Plain", "Html"))
        return [] if begins else super().errors_in_content_type(value)


@fault(breaks="validation.send-time-is-date-time")
class HoursRollOver(Rules):
    """A requestedSendTime at 25 o'clock is accepted, and means the day after."""

    def errors_in_send_time(self, value: object) -> Texts:
        is_late = re.search(r"T2[5-9]:\d\d:\d\dZ$", str(value))
        return [] if is_late else super().errors_in_send_time(value)


@fault(breaks="validation.send-time-is-date-time")
class UnreadableSendTimeIgnored(Rules):
    """A requestedSendTime that is a text but no date means now.

    One without time zone is no date either, and the contract rules both out.
    """

    def errors_in_send_time(self, value: object) -> Texts:
        return [] if isinstance(value, str) else super().errors_in_send_time(value)


@fault(breaks="validation.send-time-is-date-time")
class ImpossibleDateAccepted(Rules):
    """A requestedSendTime on a day that no calendar has is accepted, and means now."""

    def errors_in_send_time(self, value: object) -> Texts:
        has_form = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(value))
        return [] if has_form else super().errors_in_send_time(value)


@fault(breaks="validation.send-time-is-date-time")
class EpochSendTimeAccepted(Rules):
    """A requestedSendTime that counts the seconds since 1970 is accepted.

    The contract rules it out.
    """

    def errors_in_send_time(self, value: object) -> Texts:
        is_count = isinstance(value, int) and not isinstance(value, bool)
        return [] if is_count else super().errors_in_send_time(value)


@fault(breaks="validation.send-time-is-date-time")
class SendDateWithoutTimeAccepted(Rules):
    """A requestedSendTime that is a date alone is accepted, and means its midnight."""

    def errors_in_send_time(self, value: object) -> Texts:
        return super().errors_in_send_time(_with_midnight(value))

    def email_order(self, document: Json, organisation: str) -> Order:
        midnight = _with_midnight(document.get("requestedSendTime"))
        return super().email_order(document | {"requestedSendTime": midnight}, organisation)


@fault(breaks="validation.send-time-has-zone")
class ZonelessSendTimeIsUtc(Rules):
    """A requestedSendTime without time zone is accepted, and taken for UTC."""

    def errors_in_send_time(self, value: object) -> Texts:
        if parse_moment(f"{value}Z") is not None:
            return []
        return super().errors_in_send_time(value)


@fault(breaks="validation.send-time-has-zone")
class ZonelessFractionIsUtc(Rules):
    """A requestedSendTime without time zone, but with a fraction of a second, is accepted."""

    def errors_in_send_time(self, value: object) -> Texts:
        if "." in str(value) and parse_moment(f"{value}Z") is not None:
            return []
        return super().errors_in_send_time(value)


@fault(breaks="validation.senders-reference-is-string")
class NumericReferenceCoerced(Rules):
    """A sendersReference that is a number is taken for the text of that number.

    The contract rules it out.
    """

    def errors_in_senders_reference(self, value: object) -> Texts:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return [] if is_number else super().errors_in_senders_reference(value)


@fault(breaks="validation.resource-id-is-string")
class ResourceIdOfAnyType(Rules):
    """A resourceId is not looked at.

    The contract rules out any but a string.
    """

    def errors_in_resource_id(self, value: object) -> Texts:
        return []


@fault(breaks="validation.ignore-reservation-is-boolean")
class NumbersAreBooleans(Rules):
    """An ignoreReservation that is a number is accepted.

    The contract rules it out.
    """

    def errors_in_ignore_reservation(self, value: object) -> Texts:
        return [] if isinstance(value, int) else super().errors_in_ignore_reservation(value)


@fault(breaks="validation.ignore-reservation-is-boolean")
class OneIsTrue(Rules):
    """An ignoreReservation of 0 or 1, though of no other number, is accepted.

    The contract rules it out.
    """

    def errors_in_ignore_reservation(self, value: object) -> Texts:
        return [] if value in (0, 1) else super().errors_in_ignore_reservation(value)


@fault(breaks="validation.ignore-reservation-is-boolean")
class QuotedBooleanAccepted(Rules):
    """An ignoreReservation that is the text true or false is accepted.

    The contract rules it out.
    """

    def errors_in_ignore_reservation(self, value: object) -> Texts:
        is_quoted = value in ("true", "false")
        return [] if is_quoted else super().errors_in_ignore_reservation(value)


@fault(breaks="validation.condition-endpoint-is-url")
class HostNotRequired(Rules):
    """A conditionEndpoint that names no host is accepted."""

    def is_web_url(self, text: str) -> bool:
        return super().is_web_url(text) or text == "http://"


@fault(breaks="validation.condition-endpoint-is-url")
class SchemeNotRequired(Rules):
    """A conditionEndpoint that begins with a host is accepted."""

    def is_web_url(self, text: str) -> bool:
        return super().is_web_url(text) or super().is_web_url(f"https://{text}")


@fault(breaks="validation.condition-endpoint-is-url")
class ConditionEndpointOfAnyType(Rules):
    """A conditionEndpoint that is no text is ignored.

    The contract rules it out.
    """

    def errors_in_condition_endpoint(self, value: object) -> Texts:
        return super().errors_in_condition_endpoint(value) if isinstance(value, str) else []


@fault(breaks="validation.contract-kept")
class ManyFlawsCrash(Rules):
    """An order with flaws in three members or more is answered 500, which no page documents."""

    def email_errors(self, document: Json) -> Errors:
        errors = super().email_errors(document)
        if len(errors) >= 3:
            raise RefusalError(Answer(500))
        return errors


# What a refusal leads to


@fault(breaks="validation.names-no-order")
class RefusalNamesOrder(Rules):
    """A refusal carries an orderId."""

    def problem(self, errors: Errors) -> Json:
        return super().problem(errors) | {"orderId": self.new_order_id()}


@fault(breaks="validation.names-no-order")
class RefusedRecipientsGetLocation(Rules):
    """An order that is refused for a recipient is answered with a Location."""

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        answer = super().bad_request(call, errors)
        if any(member.startswith("Recipients[") for member in errors):
            answer.headers["location"] = f"{self.setting.base_url}/orders/{self.new_order_id()}"
        return answer


@fault(breaks="validation.mended-accepted")
class RefusedReferenceIsTaken(Rules):
    """The sendersReference of a refused order cannot be used any more."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._refused: set[str] = set()

    def email_errors(self, document: Json) -> Errors:
        reference = document.get("sendersReference")
        if isinstance(reference, str) and reference in self._refused:
            return {"SendersReference": ["'SendersReference' is taken."]}
        errors = super().email_errors(document)
        if errors and isinstance(reference, str):
            self._refused.add(reference)
        return errors


@fault(breaks="validation.refused-not-delivered")
class RefusedOrderIsSent(Rules):
    """An order with one recipient without identifier is refused, and sent to all others."""

    def errors_in_identifiers(self, given: set[str], address: str) -> Texts:
        return super().errors_in_identifiers(given, address) if given else []

    def accepted(self, order: Order) -> Answer:
        if Recipient() not in order.recipients:
            return super().accepted(order)
        problem = self.problem({"Recipients": ["A recipient has no identifier."]})
        return self.json_answer(400, problem)

    def generate(self, order: Order) -> list[Notification]:
        order.recipients = tuple(each for each in order.recipients if each != Recipient())
        return super().generate(order)


@fault(breaks="validation.refused-not-delivered")
class RefusedConditionIsSent(Rules):
    """An order whose conditionEndpoint is no URL is refused, and sent without a condition."""

    def errors_in_condition_endpoint(self, value: object) -> Texts:
        self._errors = super().errors_in_condition_endpoint(value)
        return []

    def accepted(self, order: Order) -> Answer:
        if not self._errors:
            return super().accepted(order)
        order.condition_endpoint = None
        return self.json_answer(400, self.problem({"ConditionEndpoint": self._errors}))


def _with_midnight(value: object) -> object:
    is_date = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    return f"{value}T00:00:00Z" if is_date else value
