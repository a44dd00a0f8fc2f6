"""Right orders that are refused."""

import re

from conformance.reference.deviations import fault
from conformance.reference.model import Order
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.rules.validation import Texts
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Json, RefusalError

# For one of its members


@fault(breaks="order.minimal-accepted")
class SendTimeRequired(Rules):
    """An order without requestedSendTime is refused."""

    def errors_in_send_time(self, value: object) -> Texts:
        if value is None:
            return ["'RequestedSendTime' must not be empty."]
        return super().errors_in_send_time(value)


@fault(breaks="order.all-members-accepted")
class ResourceExcludesCondition(Rules):
    """An order with both resourceId and conditionEndpoint is refused.

    It is within the contract.
    """

    def email_errors(self, document: Json) -> Errors:
        if {"resourceId", "conditionEndpoint"} <= document.keys():
            return {"ResourceId": ["'ResourceId' must not stand beside 'ConditionEndpoint'."]}
        return super().email_errors(document)


@fault(breaks="order.all-members-accepted")
class OverridingExcludesCondition(Rules):
    """An order that ignores reservations must not have a conditionEndpoint.

    It is within the contract.
    """

    def email_errors(self, document: Json) -> Errors:
        if document.get("ignoreReservation") is True and "conditionEndpoint" in document:
            return {"ConditionEndpoint": ["'ConditionEndpoint' is for reservable notifications."]}
        return super().email_errors(document)


@fault(breaks="order.plain-accepted")
class PlainByDefaultOnly(Rules):
    """The contentType Plain is refused when it is spelled out.

    An order of all members has it, and it is within the contract.
    """

    def errors_in_content_type(self, value: object) -> Texts:
        if value == "Plain":
            return ["'ContentType' must be Text or Html."]
        return super().errors_in_content_type(value)


@fault(breaks="order.html-accepted")
class HtmlInCapitalsOnly(Rules):
    """The contentType Html is refused, and HTML accepted.

    It is within the contract.
    """

    def errors_in_content_type(self, value: object) -> Texts:
        if value == "Html":
            return ["'ContentType' must be Plain or HTML."]
        return [] if value == "HTML" else super().errors_in_content_type(value)


@fault(breaks="order.unicode-accepted")
class AstralBodyRefused(Rules):
    """A body with a character beyond the first Unicode plane is refused."""

    def errors_in_body(self, value: object) -> Texts:
        if isinstance(value, str) and any(ord(character) > 0xFFFF for character in value):
            return ["'Body' holds characters that cannot be stored."]
        return super().errors_in_body(value)


@fault(breaks="order.unicode-accepted")
class SubjectInLatin1Only(Rules):
    """A subject with a letter that Latin-1 lacks is answered 500, which no page documents."""

    def errors_in_subject(self, value: object) -> Texts:
        if isinstance(value, str) and any(ord(character) > 0xFF for character in value):
            raise RefusalError(Answer(500))
        return super().errors_in_subject(value)


@fault(breaks="order.unicode-accepted")
class EscapedPairsRefused(Rules):
    r"""A character beyond the first Unicode plane is refused when it is escaped (\ud83c\udf89)."""

    def decode(self, body: bytes) -> object:
        if rb"\ud8" in body.lower():
            raise ValueError("half of a surrogate pair")
        return super().decode(body)


@fault(breaks="order.unicode-accepted")
class TwoPlanesOnly(Rules):
    """A text with a character beyond the second Unicode plane is refused."""

    def errors_in_required_text(self, member: str, value: object) -> Texts:
        if isinstance(value, str) and any(ord(character) > 0x1FFFF for character in value):
            return [f"'{member}' holds characters that are not assigned."]
        return super().errors_in_required_text(member, value)


@fault(breaks="order.send-time-accepted")
class OffsetsBelowThirteenHours(Rules):
    """A requestedSendTime in a zone fourteen hours ahead, as Kiribati is, is refused."""

    def errors_in_send_time(self, value: object) -> Texts:
        if re.search(r"[+-]1[3-9]:\d\d$", str(value)):
            return ["'RequestedSendTime' has an unknown time zone."]
        return super().errors_in_send_time(value)


@fault(breaks="order.send-time-accepted")
class WholeHourOffsetsOnly(Rules):
    """A requestedSendTime in a zone half an hour off is refused."""

    def errors_in_send_time(self, value: object) -> Texts:
        if re.search(r"[+-]\d\d:[1-5]\d$", str(value)):
            return ["'RequestedSendTime' has an unknown time zone."]
        return super().errors_in_send_time(value)


@fault(breaks="order.send-time-accepted")
class ZoneMustBeZ(Rules):
    """A requestedSendTime with a numeric offset is refused.

    It is within the contract.
    """

    def errors_in_send_time(self, value: object) -> Texts:
        if isinstance(value, str) and not value.endswith("Z"):
            return ["'RequestedSendTime' must end with Z."]
        return super().errors_in_send_time(value)


@fault(breaks="order.send-time-accepted")
class ThreeDigitsOfSecondRefused(Rules):
    """A requestedSendTime with milliseconds, as JavaScript writes them, is refused."""

    def errors_in_send_time(self, value: object) -> Texts:
        if re.search(r"\.\d{3}(?!\d)", str(value)):
            return ["'RequestedSendTime' must be a date and time."]
        return super().errors_in_send_time(value)


@fault(breaks="order.send-time-accepted")
class SevenDigitsOfSecondRefused(Rules):
    """A requestedSendTime with the seven digits that the examples show is refused."""

    def errors_in_send_time(self, value: object) -> Texts:
        if re.search(r"\.\d{7}", str(value)):
            return ["'RequestedSendTime' must be a date and time."]
        return super().errors_in_send_time(value)


@fault(breaks="order.senders-reference-accepted")
class ReferenceWithoutSlashes(Rules):
    """A sendersReference with a slash in it, as case numbers have, is refused."""

    def errors_in_senders_reference(self, value: object) -> Texts:
        if "/" in str(value):
            return ["'SendersReference' must not contain a slash."]
        return super().errors_in_senders_reference(value)


@fault(breaks="order.senders-reference-accepted")
class LongReferenceRefused(Rules):
    """A sendersReference of more than sixty-four characters is refused."""

    def errors_in_senders_reference(self, value: object) -> Texts:
        if len(str(value)) > 64:
            return ["'SendersReference' must be at most 64 characters."]
        return super().errors_in_senders_reference(value)


@fault(breaks="order.senders-reference-reusable")
class ReferenceUsedOnce(Rules):
    """A sendersReference that an earlier order has is refused, as if it had to be unique.

    It is within the contract.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._taken: set[str] = set()

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        if order.senders_reference:
            self._taken.add(order.senders_reference)
        return order

    def errors_in_senders_reference(self, value: object) -> Texts:
        if isinstance(value, str) and value in self._taken:
            return ["'SendersReference' must be unique."]
        return super().errors_in_senders_reference(value)


@fault(breaks="order.resource-id-accepted")
class AppsAreNoResources(Rules):
    """A resourceId with an underscore, as that of every app has, is refused.

    An order of all members has one, and it is within the contract.
    """

    def errors_in_resource_id(self, value: object) -> Texts:
        if "_" in str(value):
            return ["'ResourceId' must consist of letters, digits and hyphens."]
        return super().errors_in_resource_id(value)


@fault(breaks="order.ignore-reservation-accepted")
class ExplicitFalseRefused(Rules):
    """An ignoreReservation that is false is refused.

    An order of all members has one, and it is within the contract.
    """

    def errors_in_ignore_reservation(self, value: object) -> Texts:
        if value is False:
            return ["'IgnoreReservation' must be true or absent."]
        return super().errors_in_ignore_reservation(value)


@fault(breaks="order.ignore-reservation-accepted")
class OverridingReservationsForbidden(Rules):
    """An ignoreReservation that is true is answered 403.

    It is within the contract.
    """

    def errors_in_ignore_reservation(self, value: object) -> Texts:
        if value is True:
            raise RefusalError(Answer(403))
        return super().errors_in_ignore_reservation(value)


@fault(breaks="order.condition-endpoint-accepted")
class ConditionEndpointWithoutQuery(Rules):
    """A conditionEndpoint with a query is refused."""

    def is_web_url(self, text: str) -> bool:
        return super().is_web_url(text) and "?" not in text


@fault(breaks="order.condition-endpoint-accepted")
class ConditionEndpointWithoutPort(Rules):
    """A conditionEndpoint that names a port is refused."""

    def is_web_url(self, text: str) -> bool:
        return super().is_web_url(text) and ":" not in text.partition("://")[2]


@fault(breaks="order.contract-accepted")
class OneLetterTextRefused(Rules):
    """A subject or body of a single character is refused."""

    def errors_in_required_text(self, member: str, value: object) -> Texts:
        if isinstance(value, str) and len(value) == 1:
            return [f"'{member}' must be at least 2 characters."]
        return super().errors_in_required_text(member, value)


@fault(breaks="order.contract-accepted")
class HtmlRefusedForNumbers(Rules):
    """The contentType Html is refused when a recipient is given by number."""

    def email_errors(self, document: Json) -> Errors:
        names = {name for recipient in recipients_of(document) for name in recipient}
        if document.get("contentType") == "Html" and names - {"emailAddress"}:
            return {"ContentType": ["'ContentType' must be Plain for registered recipients."]}
        return super().email_errors(document)


@fault(breaks="order.contract-accepted")
class LongBodyRefused(Rules):
    """A body of more than five thousand characters is refused."""

    def errors_in_body(self, value: object) -> Texts:
        if isinstance(value, str) and len(value) > 5000:
            return ["'Body' must be at most 5000 characters."]
        return super().errors_in_body(value)


@fault(breaks="order.contract-accepted")
class BodyOf64KilobytesAtMost(Rules):
    """A body whose length does not fit sixteen bits is answered 413."""

    def errors_in_body(self, value: object) -> Texts:
        if isinstance(value, str) and len(value) > 0xFFFF:
            raise RefusalError(Answer(413))
        return super().errors_in_body(value)


@fault(breaks="order.contract-accepted")
class LongSubjectRefused(Rules):
    """A subject of more than two hundred and fifty-five characters is refused."""

    def errors_in_subject(self, value: object) -> Texts:
        if isinstance(value, str) and len(value) > 255:
            return ["'Subject' must be at most 255 characters."]
        return super().errors_in_subject(value)


@fault(breaks="order.contract-accepted")
class TabsAndReturnsRefused(Rules):
    """A body with a tab or a carriage return in it is refused."""

    def errors_in_body(self, value: object) -> Texts:
        if isinstance(value, str) and set("\t\r") & set(value):
            return ["'Body' holds control characters."]
        return super().errors_in_body(value)


@fault(breaks="order.contract-accepted")
class IndentedJsonRefused(Rules):
    """JSON with white space of other kinds than blanks is refused."""

    def decode(self, body: bytes) -> object:
        if set(b"\t\r\n") & set(body.strip()):
            raise ValueError("white space")
        return super().decode(body)


@fault(breaks="order.contract-accepted")
class RecipientsBeforeSubjectRefused(Rules):
    """An order whose members do not come in the order of the examples is refused."""

    def email_errors(self, document: Json) -> Errors:
        names = [name for name in document if name in ("recipients", "subject")]
        if names == ["recipients", "subject"]:
            return {"Subject": ["'Subject' must stand before 'Recipients'."]}
        return super().email_errors(document)


@fault(breaks="order.contract-accepted")
class LineBreakInBodyRefused(Rules):
    """A body of several lines is refused."""

    def errors_in_body(self, value: object) -> Texts:
        if "\n" in str(value):
            return ["'Body' must be one line."]
        return super().errors_in_body(value)


@fault(breaks="order.contract-accepted")
class QuotesForbidden(Rules):
    """A text with a quotation mark in it is answered 403, as an attack."""

    def errors_in_required_text(self, member: str, value: object) -> Texts:
        if "'" in str(value) or '"' in str(value):
            raise RefusalError(Answer(403))
        return super().errors_in_required_text(member, value)


@fault(breaks="order.status-202")
class CharsetRefused(Rules):
    """An order sent as application/json; charset=utf-8 is answered 415."""

    def accepts_media_type(self, content_type: str) -> bool:
        return super().accepts_media_type(content_type) and ";" not in content_type


@fault(breaks="order.status-202")
class CharsetKnowsCase(Rules):
    """An order sent as application/json;charset=UTF-8 is answered 415."""

    def accepts_media_type(self, content_type: str) -> bool:
        return super().accepts_media_type(content_type) and "UTF" not in content_type


@fault(breaks="order.status-202")
class MediaTypeKnowsCase(Rules):
    """An order sent as Application/JSON is answered 415."""

    def accepts_media_type(self, content_type: str) -> bool:
        return super().accepts_media_type(content_type) and content_type.startswith("application")


# For its recipients


@fault(breaks="order.contract-accepted")
class PlusInAddressRefused(Rules):
    """An email address with a plus sign in it is refused."""

    def is_email_address(self, text: str) -> bool:
        return super().is_email_address(text) and "+" not in text


@fault(breaks="order.contract-accepted")
class LongTopLevelDomainRefused(Rules):
    """An email address whose last part has more than four letters is refused."""

    def is_email_address(self, text: str) -> bool:
        return super().is_email_address(text) and len(text.rpartition(".")[2]) <= 4


@fault(breaks="order.contract-accepted")
class CapitalsInAddressRefused(Rules):
    """An email address with a capital letter in it is refused."""

    def is_email_address(self, text: str) -> bool:
        return super().is_email_address(text) and text == text.lower()


@fault(breaks="order.contract-accepted")
class SubdomainRefused(Rules):
    """An email address whose domain has more than two parts is refused."""

    def is_email_address(self, text: str) -> bool:
        return super().is_email_address(text) and text.partition("@")[2].count(".") == 1


@fault(breaks="order.person-recipient-accepted")
class SyntheticPersonRefused(Rules):
    """A national identity number whose month is above twelve is refused.

    So are the synthetic persons of every other test, beside other recipients too.
    """

    def is_national_identity_number(self, text: str) -> bool:
        return super().is_national_identity_number(text) and 1 <= int(text[2:4]) <= 12


@fault(breaks="order.person-recipient-accepted")
class LeadingZeroRefused(Rules):
    """A national identity number that begins with zero is refused, for it is read as a number."""

    def is_national_identity_number(self, text: str) -> bool:
        return super().is_national_identity_number(text) and len(str(int(text))) == len(text)


@fault(breaks="order.organisation-recipient-accepted")
class SyntheticOrganisationRefused(Rules):
    """An organization number that does not begin with 8 or 9 is refused.

    So are the synthetic organisations of every other test, beside other recipients too.
    """

    def is_organization_number(self, text: str) -> bool:
        return super().is_organization_number(text) and text[0] in "89"


@fault(breaks="order.mixed-recipients-accepted")
class RecipientsOfOneKindOnly(Rules):
    """An order whose recipients are given by different identifiers is refused.

    It is within the contract.
    """

    def email_errors(self, document: Json) -> Errors:
        if len({name for recipient in recipients_of(document) for name in recipient}) > 1:
            return {"Recipients": ["All recipients must be of one kind."]}
        return super().email_errors(document)


@fault(breaks="order.many-recipients-accepted")
class TwoHundredRecipientsAtMost(Rules):
    """An order with more than two hundred recipients is refused."""

    def email_errors(self, document: Json) -> Errors:
        if len(recipients_of(document)) > 200:
            return {"Recipients": ["'Recipients' must be at most 200."]}
        return super().email_errors(document)


@fault(breaks="order.many-recipients-accepted")
class NinetyNineNumbersAtMost(Rules):
    """An order with a hundred recipients or more to look up is answered 502 by the register."""

    def email_errors(self, document: Json) -> Errors:
        if sum("emailAddress" not in each for each in recipients_of(document)) >= 100:
            raise RefusalError(Answer(502))
        return super().email_errors(document)


def recipients_of(document: Json) -> list[Json]:
    """The recipient objects of an order that may be flawed."""
    listed = document.get("recipients")
    items = listed if isinstance(listed, list) else []
    return [recipient for recipient in items if isinstance(recipient, dict)]
