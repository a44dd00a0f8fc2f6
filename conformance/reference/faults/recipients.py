"""Orders with flawed recipients that are accepted and should be refused."""

import re

from conformance.reference.deviations import fault
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.rules.recipients import IDENTIFIERS, NUMBERS
from conformance.reference.wire import Answer, RefusalError

# The list


@fault(breaks="validation.recipients-required")
class RecipientsNotRequired(Rules):
    """An order without recipients is accepted."""

    def errors_in_email_recipients(self, value: object) -> Errors:
        return {} if value is None else super().errors_in_email_recipients(value)


@fault(breaks="validation.recipients-not-empty")
class EmptyRecipientsAccepted(Rules):
    """An order whose list of recipients is empty is accepted."""

    def errors_in_email_recipients(self, value: object) -> Errors:
        return {} if value == [] else super().errors_in_email_recipients(value)


@fault(breaks="validation.recipients-is-list")
class SingleRecipientAccepted(Rules):
    """A recipient that stands in no list is accepted.

    The contract rules it out.
    """

    def errors_in_email_recipients(self, value: object) -> Errors:
        return super().errors_in_email_recipients([value] if isinstance(value, dict) else value)


@fault(breaks="validation.recipients-is-list")
class RecipientsThatAreNoObjectsSkipped(Rules):
    """Whatever is no object in the list of recipients is skipped.

    The contract rules it out.
    """

    def errors_in_recipient(self, value: object, address: str) -> Errors:
        return super().errors_in_recipient(value, address) if isinstance(value, dict) else {}


@fault(breaks="validation.recipients-is-list")
class BareAddressAccepted(Rules):
    """An address that stands in the list of recipients without an object is accepted."""

    def errors_in_recipient(self, value: object, address: str) -> Errors:
        bare = isinstance(value, str) and self.is_email_address(value)
        return super().errors_in_recipient({address: value} if bare else value, address)


@fault(breaks="validation.recipients-is-list")
class NullRecipientCrashes(Rules):
    """A null in the list of recipients is answered 500, which no page documents."""

    def errors_in_recipient(self, value: object, address: str) -> Errors:
        if value is None:
            raise RefusalError(Answer(500))
        return super().errors_in_recipient(value, address)


@fault(breaks="validation.every-recipient")
class OnlyFirstRecipientChecked(Rules):
    """Recipients after the first one are not looked at."""

    def errors_in_email_recipients(self, value: object) -> Errors:
        return super().errors_in_email_recipients(value[:1] if isinstance(value, list) else value)


@fault(breaks="validation.every-recipient")
class LastRecipientNotChecked(Rules):
    """Of several recipients the last one is not looked at."""

    def errors_in_email_recipients(self, value: object) -> Errors:
        checked = value[:-1] or value if isinstance(value, list) else value
        return super().errors_in_email_recipients(checked)


@fault(breaks="validation.every-recipient")
class RecipientsBeyondHundredNotChecked(Rules):
    """Recipients after the first hundred are not looked at."""

    def errors_in_email_recipients(self, value: object) -> Errors:
        return super().errors_in_email_recipients(value[:100] if isinstance(value, list) else value)


@fault(breaks="validation.email-address-syntax")
class FurtherAddressesNotChecked(Rules):
    """The form of an email address is checked in the first recipient only."""

    def errors_in_email_recipients(self, value: object) -> Errors:
        further = re.compile(r"Recipients\[[^0].*EmailAddress")
        errors = super().errors_in_email_recipients(value)
        return {member: texts for member, texts in errors.items() if not further.match(member)}


@fault(breaks="validation.person-number-length")
class FurtherNumbersNotChecked(Rules):
    """The length of a number is checked in the first recipient only."""

    def errors_in_email_recipients(self, value: object) -> Errors:
        further = re.compile(r"Recipients\[[^0].*Number")
        errors = super().errors_in_email_recipients(value)
        return {member: texts for member, texts in errors.items() if not further.match(member)}


# How a recipient is identified


@fault(breaks="validation.recipient-identified")
class RecipientWithoutIdentifierAccepted(Rules):
    """A recipient without any identifier is accepted, among others too."""

    def errors_in_identifiers(self, given: set[str], address: str) -> list[str]:
        return super().errors_in_identifiers(given, address) if given else []


@fault(breaks="validation.recipient-identified")
class MobileNumberSufficesForEmail(Rules):
    """A recipient of an email that has nothing but a mobile number is accepted."""

    def is_identified(self, given: set[str], address: str) -> bool:
        return super().is_identified(given, address) or given == {"mobileNumber"}


@fault(breaks="validation.recipient-identified")
class NullIdentifierSuffices(Rules):
    """A recipient whose only identifier is null is accepted."""

    def errors_in_recipient(self, value: object, address: str) -> Errors:
        only_nulls = isinstance(value, dict) and value and not any(value.values())
        return {} if only_nulls else super().errors_in_recipient(value, address)


@fault(breaks="validation.recipient-identified")
class EmptyAddressSuffices(Rules):
    """A recipient whose emailAddress is empty is accepted."""

    def errors_in_email_address(self, value: object) -> list[str]:
        return [] if value == "" else super().errors_in_email_address(value)


@fault(breaks="validation.recipient-identified")
class EmptyNumberSuffices(Rules):
    """A recipient whose organizationNumber is empty is accepted."""

    def is_organization_number(self, text: str) -> bool:
        return not text or super().is_organization_number(text)


@fault(breaks="validation.recipient-identified")
class UnknownIdentifierSuffices(Rules):
    """A recipient with members that no page knows, and no others, is accepted."""

    def errors_in_recipient(self, value: object, address: str) -> Errors:
        unknown = isinstance(value, dict) and value and not set(value) & set(IDENTIFIERS)
        return {} if unknown else super().errors_in_recipient(value, address)


@fault(breaks="validation.recipient-single-identifier")
class TwoNumbersAccepted(Rules):
    """A recipient who is a person and an organisation is accepted."""

    def is_ambiguous(self, given: set[str]) -> bool:
        return super().is_ambiguous(given) and not given.issuperset(NUMBERS)


@fault(breaks="validation.recipient-single-identifier")
class OrganisationBesideAddressAccepted(Rules):
    """A recipient with an email address and an organization number is accepted."""

    def is_ambiguous(self, given: set[str]) -> bool:
        return super().is_ambiguous(given) and given != {"emailAddress", "organizationNumber"}


# Each identifier


@fault(breaks="validation.email-address-syntax")
class AtSignSuffices(Rules):
    """An emailAddress with an at sign in it is accepted."""

    def is_email_address(self, text: str) -> bool:
        return "@" in text


@fault(breaks="validation.email-address-syntax")
class AddressIsFoundInText(Rules):
    """A text that contains an email address is accepted as emailAddress."""

    def is_email_address(self, text: str) -> bool:
        return any(super(AddressIsFoundInText, self).is_email_address(w) for w in text.split())


@fault(breaks="validation.email-address-syntax")
class SeveralAddressesInOne(Rules):
    """An emailAddress that lists several, with commas between them, is accepted."""

    def is_email_address(self, text: str) -> bool:
        return all(map(super().is_email_address, text.split(",")))


@fault(breaks="validation.email-address-syntax")
class AddressesBetweenSemicolons(Rules):
    """An emailAddress that lists several, with semicolons between them, is accepted."""

    def is_email_address(self, text: str) -> bool:
        return all(map(super().is_email_address, text.split(";")))


@fault(breaks="validation.email-address-syntax")
class AddressOnOneLineSuffices(Rules):
    """An emailAddress of several lines is accepted when one of them is an address."""

    def is_email_address(self, text: str) -> bool:
        return any(map(super().is_email_address, text.splitlines()))


@fault(breaks="validation.contract-kept")
class AddressOfAnotherTypeAccepted(Rules):
    """An emailAddress that is a number or a boolean is accepted."""

    def errors_in_email_address(self, value: object) -> list[str]:
        is_scalar = isinstance(value, int | float)
        return [] if is_scalar else super().errors_in_email_address(value)


@fault(breaks="validation.contract-kept")
class UnquotedNumberAccepted(Rules):
    """A nationalIdentityNumber that is a JSON number of eleven digits is accepted."""

    def errors_in_national_identity_number(self, value: object) -> list[str]:
        is_number = isinstance(value, int) and len(str(value)) == 11
        return super().errors_in_national_identity_number(str(value) if is_number else value)


@fault(breaks="validation.person-number-length")
class DigitsAfterPersonNumberIgnored(Rules):
    """A nationalIdentityNumber that begins with eleven digits is accepted."""

    def is_national_identity_number(self, text: str) -> bool:
        return super().is_national_identity_number(text[:11])


@fault(breaks="validation.person-number-length")
class TenDigitsArePadded(Rules):
    """A nationalIdentityNumber of ten digits is accepted, as if it had lost a leading zero."""

    def is_national_identity_number(self, text: str) -> bool:
        return super().is_national_identity_number(text.zfill(11) if len(text) == 10 else text)


@fault(breaks="validation.person-number-length")
class PersonNumberOfNineDigits(Rules):
    """A nationalIdentityNumber of nine digits is accepted, as if it were an organisation's."""

    def is_national_identity_number(self, text: str) -> bool:
        is_organisation = re.fullmatch(r"[0-9]{9}", text) is not None
        return is_organisation or super().is_national_identity_number(text)


@fault(breaks="validation.organisation-number-length")
class OrganisationNumberNotChecked(Rules):
    """An organizationNumber is any text, while a nationalIdentityNumber is checked."""

    def is_organization_number(self, text: str) -> bool:
        return True


@fault(breaks="validation.organisation-number-length")
class OrganisationNumberOfElevenDigits(Rules):
    """An organizationNumber of eleven digits is accepted, as if it were that of a person."""

    def is_organization_number(self, text: str) -> bool:
        return super().is_organization_number(text) or self.is_national_identity_number(text)
