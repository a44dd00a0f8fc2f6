"""What an order must hold (Send email notifications, Request body).

Each member has one method, ``errors_in_…``: the value as it was sent, None when it was not sent or
null, to a list of texts, empty when the value is right.
"""

import re
from urllib.parse import urlsplit

from conformance.reference.moments import parse_moment
from conformance.reference.rules.problems import Errors
from conformance.reference.rules.recipients import RecipientRules
from conformance.reference.wire import Json

Texts = list[str]

# What Python, ECMAScript and .NET all call white space.
_WHITE_SPACE = re.compile(r"[^\S\x1c-\x1f\x85]*")


class ValidationRules(RecipientRules):
    """One method for each member."""

    def email_errors(self, document: Json) -> Errors:
        """Everything that is wrong with an order for emails."""
        members = {
            "Subject": self.errors_in_subject(document.get("subject")),
            "Body": self.errors_in_body(document.get("body")),
            "ContentType": self.errors_in_content_type(document.get("contentType")),
            **self.errors_in_email_recipients(document.get("recipients")),
        }
        return _found({**members, **self.optional_member_errors(document)})

    def sms_errors(self, document: Json) -> Errors:
        """Everything that is wrong with an order for text messages."""
        members = {
            "Body": self.errors_in_body(document.get("body")),
            "SenderNumber": self.errors_in_sender_number(document.get("senderNumber")),
            **self.errors_in_sms_recipients(document.get("recipients")),
        }
        return _found({**members, **self.optional_member_errors(document)})

    def optional_member_errors(self, document: Json) -> Errors:
        """Optional order request properties."""
        sent = document.get
        return {
            "RequestedSendTime": self.errors_in_send_time(sent("requestedSendTime")),
            "SendersReference": self.errors_in_senders_reference(sent("sendersReference")),
            "ResourceId": self.errors_in_resource_id(sent("resourceId")),
            "IgnoreReservation": self.errors_in_ignore_reservation(sent("ignoreReservation")),
            "ConditionEndpoint": self.errors_in_condition_endpoint(sent("conditionEndpoint")),
        }

    def errors_in_subject(self, value: object) -> Texts:
        """subject: required, Type: string."""
        return self.errors_in_required_text("Subject", value)

    def errors_in_body(self, value: object) -> Texts:
        """body: required, Type: string."""
        return self.errors_in_required_text("Body", value)

    def errors_in_content_type(self, value: object) -> Texts:
        """Can be either Plain or Html."""
        return [] if value in (None, "Plain", "Html") else ["'ContentType' must be Plain or Html."]

    def errors_in_sender_number(self, value: object) -> Texts:
        """senderNumber, of SMS orders only."""
        return self.errors_in_optional_text("SenderNumber", value)

    def errors_in_send_time(self, value: object) -> Texts:
        """Date and time with time zone specification."""
        if value is None or parse_moment(value) is not None:
            return []
        return ["'RequestedSendTime' must be a date and time with time zone specification."]

    def errors_in_senders_reference(self, value: object) -> Texts:
        """sendersReference, Type: string."""
        return self.errors_in_optional_text("SendersReference", value)

    def errors_in_resource_id(self, value: object) -> Texts:
        """resourceId, Type: string."""
        return self.errors_in_optional_text("ResourceId", value)

    def errors_in_ignore_reservation(self, value: object) -> Texts:
        """ignoreReservation, Type: boolean."""
        is_boolean = value is None or isinstance(value, bool)
        return [] if is_boolean else ["'IgnoreReservation' must be a boolean."]

    def errors_in_condition_endpoint(self, value: object) -> Texts:
        """Type: Url."""
        if value is None or (isinstance(value, str) and self.is_web_url(value)):
            return []
        return ["'ConditionEndpoint' must be an absolute http or https URL."]

    def is_web_url(self, text: str) -> bool:
        """Absolute, http or https, on any host."""
        try:
            url = urlsplit(text)
        except ValueError:
            return False
        is_printable = text.isprintable() and " " not in text
        return is_printable and url.scheme in ("http", "https") and bool(url.hostname)

    def errors_in_required_text(self, member: str, value: object) -> Texts:
        """The example of a 400: 'Subject' must not be empty."""
        if value is not None and not isinstance(value, str):
            return [f"'{member}' must be a string."]
        return [f"'{member}' must not be empty."] if self.is_empty(value) else []

    def is_empty(self, text: str | None) -> bool:
        """White space alone is no text."""
        return text is None or _WHITE_SPACE.fullmatch(text) is not None

    def errors_in_optional_text(self, member: str, value: object) -> Texts:
        """A string, or nothing."""
        is_text = value is None or isinstance(value, str)
        return [] if is_text else [f"'{member}' must be a string."]


def _found(errors: Errors) -> Errors:
    return {member: texts for member, texts in errors.items() if texts}
