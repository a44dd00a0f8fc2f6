"""Whom an order may name (Send email notifications, recipients).

"Each recipient containing either a national identity number, an organization number, or an email
address."
"""

import re

from conformance.reference.rules.ground import Ground
from conformance.reference.rules.problems import Errors
from conformance.reference.wire import Json

NUMBERS = ("nationalIdentityNumber", "organizationNumber")
IDENTIFIERS = ("emailAddress", "mobileNumber", *NUMBERS)

_EMAIL = re.compile(r"[^@\s]+@(?:[^@\s.]+\.)+[^@\s.]+")
_ELEVEN_DIGITS = re.compile(r"[0-9]{11}")
_NINE_DIGITS = re.compile(r"[0-9]{9}")
_MOBILE = re.compile(r"(?:\+|00)?[0-9]{8,15}")


class RecipientRules(Ground):
    """One method for each identifier, and one for how they go together."""

    def errors_in_email_recipients(self, value: object) -> Errors:
        """``recipients`` of an email order."""
        return self.errors_in_recipients(value, "emailAddress")

    def errors_in_sms_recipients(self, value: object) -> Errors:
        """``recipients`` of an SMS order."""
        return self.errors_in_recipients(value, "mobileNumber")

    def errors_in_recipients(self, value: object, address: str) -> Errors:
        """A list containing one or more recipient objects."""
        if value is not None and not isinstance(value, list):
            return {"Recipients": ["'Recipients' must be a list."]}
        if not value:
            return self.errors_in_empty_recipients()
        errors: Errors = {}
        for position, recipient in enumerate(value):
            for member, texts in self.errors_in_recipient(recipient, address).items():
                errors[f"Recipients[{position}]{member}"] = texts
        return errors

    def errors_in_empty_recipients(self) -> Errors:
        """No recipients at all, or an empty list."""
        return {"Recipients": ["'Recipients' must not be empty."]}

    def errors_in_recipient(self, value: object, address: str) -> Errors:
        """Of one recipient: ``.Member``, or nothing for the recipient itself, to texts."""
        if not isinstance(value, dict):
            return {"": ["A recipient must be an object."]}
        errors = self.errors_in_each_identifier(value)
        if not any(errors.values()):
            given = {name for name in IDENTIFIERS if value.get(name) is not None}
            errors[""] = self.errors_in_identifiers(given, address)
        return errors

    def errors_in_each_identifier(self, recipient: Json) -> Errors:
        """Of one recipient: each identifier on its own."""
        email, mobile, person, organisation = map(recipient.get, IDENTIFIERS)
        return {
            ".EmailAddress": self.errors_in_email_address(email),
            ".MobileNumber": self.errors_in_mobile_number(mobile),
            ".NationalIdentityNumber": self.errors_in_national_identity_number(person),
            ".OrganizationNumber": self.errors_in_organization_number(organisation),
        }

    def errors_in_identifiers(self, given: set[str], address: str) -> list[str]:
        """Which identifiers may stand together, of those that were given."""
        if not self.is_identified(given, address):
            return [f"A recipient must have one of {address}, {', '.join(NUMBERS)}."]
        if self.is_ambiguous(given):
            return ["A recipient given by number must have no other identifier."]
        return []

    def is_identified(self, given: set[str], address: str) -> bool:
        """Whether there is an identifier that the channel can use."""
        return not given.isdisjoint({address, *NUMBERS})

    def is_ambiguous(self, given: set[str]) -> bool:
        """A number beside anything is refused; an email address beside a mobile number is not."""
        return len(given) > 1 and not given.isdisjoint(NUMBERS)

    def errors_in_email_address(self, value: object) -> list[str]:
        """``emailAddress``."""
        if value is None or (isinstance(value, str) and self.is_email_address(value)):
            return []
        return ["'EmailAddress' must be a valid email address."]

    def is_email_address(self, text: str) -> bool:
        """Lenient: something, an at sign, a domain with a dot."""
        return _EMAIL.fullmatch(text) is not None and text.isprintable()

    def errors_in_national_identity_number(self, value: object) -> list[str]:
        """``nationalIdentityNumber``."""
        if value is None or (isinstance(value, str) and self.is_national_identity_number(value)):
            return []
        return ["'NationalIdentityNumber' must be 11 digits."]

    def is_national_identity_number(self, text: str) -> bool:
        """Eleven digits; the control digits are not checked."""
        return _ELEVEN_DIGITS.fullmatch(text) is not None

    def errors_in_organization_number(self, value: object) -> list[str]:
        """``organizationNumber``."""
        if value is None or (isinstance(value, str) and self.is_organization_number(value)):
            return []
        return ["'OrganizationNumber' must be 9 digits."]

    def is_organization_number(self, text: str) -> bool:
        """Nine digits; the control digit is not checked."""
        return _NINE_DIGITS.fullmatch(text) is not None

    def errors_in_mobile_number(self, value: object) -> list[str]:
        """``mobileNumber``."""
        if value is None or (isinstance(value, str) and self.is_mobile_number(value)):
            return []
        return ["'MobileNumber' must be a valid mobile number."]

    def is_mobile_number(self, text: str) -> bool:
        """Digits with or without an international prefix."""
        return _MOBILE.fullmatch(text) is not None
