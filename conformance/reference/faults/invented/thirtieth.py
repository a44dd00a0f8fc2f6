"""Counts compared, cookies, marks at the beginning, copied branches, helpful formatting."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Order
from conformance.reference.moments import parse_moment
from conformance.reference.registers import Party, Person
from conformance.reference.rules import Rules
from conformance.reference.wire import Json, Value

_TEXT_OF_OFFSET = slice(-6, None)
_NORMAL_OFFSETS = timedelta(hours=12)


@fault(breaks="lookup.status-agrees-with-lists")
class LookupCountsAddressesAsRecipients(Rules):
    """The lookup's status compares the number of addresses found with that of recipients.

    An organisation with two addresses makes up for another one without any: the order is told
    Success, although missingContact is not empty.
    """

    def lookup_status(self, order: Order) -> Value:
        looked_up = self.looked_up(order)
        found = sum(
            len(self.registered_addresses(order, recipient))
            for recipient in looked_up
            if not self.is_unreachable(order, recipient)
        )
        if not found:
            return "Failed"
        return "Success" if found >= len(looked_up) else "PartialSuccess"


@fault(breaks="delivery.reserved-not-delivered")
class ReservationsOnlyHeldWithoutResource(Rules):
    """An order that names a resource is taken for an official letter.

    Reserved persons get its emails although ignoreReservation was not sent, or is false.
    """

    def overrides_reservation(self, order: Order) -> bool:
        return order.resource_id is not None or super().overrides_reservation(order)


@fault(breaks="delivery.reservation-ignored")
class OverrideExplainedInBody(Rules):
    """An email that overrides a reservation explains itself.

    A sentence that nobody ordered is added to the body that a reserved person gets.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not (isinstance(party, Person) and party.reserved):
            return mail
        notice = "You get this message although you are reserved against digital communication."
        return replace(mail, body=f"{mail.body}\n\n{notice}")


@fault(breaks="details.media-type-json")
class JsonBeginsWithByteOrderMark(Rules):
    """The JSON of every answer is written by an encoder that begins with a byte order mark.

    RFC 8259, section 8.1, rules it out, and many parsers stop at it.
    """

    def encode(self, value: Value) -> bytes:
        return b"\xef\xbb\xbf" + super().encode(value)


@fault(breaks="order.send-time-accepted")
class OffsetsBeyondTwelveHoursRefused(Rules):
    """A requestedSendTime in a time zone more than twelve hours from UTC is refused.

    So are ``+13:00`` and ``+14:00``, which are in use.
    """

    def errors_in_send_time(self, value: object) -> list[str]:
        if isinstance(value, str) and parse_moment(value) and value[-1] not in "Zz":
            hours, minutes = value[_TEXT_OF_OFFSET][1:].split(":")
            if timedelta(hours=int(hours), minutes=int(minutes)) > _NORMAL_OFFSETS:
                return ["'RequestedSendTime' has an unknown time zone."]
        return super().errors_in_send_time(value)


@fault(breaks="summary.generated-equals-list")
class GeneratedCountsThePlanned(Rules):
    """``generated`` is the number of recipients until there are more notifications than that.

    An order whose send time is far ahead says that its emails are generated, and lists none.
    """

    def generated(self, order: Order) -> Value:
        return max(len(order.recipients), len(order.notifications))


@fault(breaks="problem.names-no-other")
class OrganizationErrorsNameTheOtherNumber(Rules):
    """The branch for organizationNumber was copied from that for nationalIdentityNumber.

    What is wrong with an organizationNumber is told of a NationalIdentityNumber, in ``errors``
    and in the text, where the request has no such member.
    """

    def errors_in_each_identifier(self, recipient: Json) -> dict[str, list[str]]:
        errors = super().errors_in_each_identifier(recipient)
        if errors[".OrganizationNumber"]:
            errors[".OrganizationNumber"] = []
            errors[".NationalIdentityNumber"] = ["'NationalIdentityNumber' must be valid."]
        return errors


@fault(breaks="keyword.organisation-number-in-body")
class NumbersGroupedForReading(Rules):
    """``$recipientNumber$`` becomes 311 000 179 in an email rather than 311000179."""

    def recipient_number(self, party: Party) -> str:
        number = super().recipient_number(party)
        return " ".join(number[start : start + 3] for start in range(0, len(number), 3))


@fault(breaks="condition.url-as-ordered")
class BlankParametersOfConditionsLost(Rules):
    """The conditionEndpoint is taken apart and put together by a library, without blank values.

    ``?case=7&part=`` is called as ``?case=7``.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None:
            return None
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query)
        if len(pairs) == len(parse_qsl(parts.query, keep_blank_values=True)):
            return url
        return parts._replace(query=urlencode(pairs)).geturl()
