"""What frameworks do by themselves, from the first byte of a request to the last of a mail."""

import json
import textwrap
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order
from conformance.reference.moments import parse_moment
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.wire import Answer, Call, Json, Value

# Intake


@variant
class LaravelTrimsStrings(Rules):
    """TrimStrings and ConvertEmptyStringsToNull, on in every Laravel application.

    White space around a text is not kept, and an empty text is one that was not sent; no sentence
    gives either a meaning.
    """

    def document(self, call: Call) -> Json:
        """Both work on all input, before it is validated."""
        return {name: _trimmed(value) for name, value in super().document(call).items()}


@variant
class SpecialUseDomainsRefused(Rules):
    """``EmailStr`` of pydantic refuses domains that get no mail by definition.

    Those of RFC 6761, ``.test`` and ``.invalid`` among them; the documents leave it open which
    addresses are valid.
    """

    def is_email_address(self, text: str) -> bool:
        """The list of the package ``email-validator``."""
        special = {"arpa", "invalid", "local", "localhost", "onion", "test"}
        return super().is_email_address(text) and text.rpartition(".")[2].lower() not in special


@variant
class ReadsLikeAspNet(Rules):
    """Members in any case, and every media type that ASP.NET reads as JSON.

    ``JsonSerializerDefaults.Web`` ignores the case of names, and the input formatter takes
    text/json and application/*+json; no sentence says that either is refused.
    """

    def accepts_media_type(self, content_type: str) -> bool:
        """``SystemTextJsonInputFormatter.SupportedMediaTypes``."""
        essence, semicolon, rest = content_type.partition(";")
        name = essence.strip().lower()
        if name == "text/json" or (name.startswith("application/") and name.endswith("+json")):
            name = "application/json"
        return super().accepts_media_type(f"{name}{semicolon}{rest}")

    def document(self, call: Call) -> Json:
        """The members of the order, and of its recipients."""
        document = _in_camel_case(super().document(call))
        listed = document.get("recipients")
        if isinstance(listed, list):
            document["recipients"] = [
                _in_camel_case(each) if isinstance(each, dict) else each for each in listed
            ]
        return document


@variant
class SendTimesMustNotBePast(Rules):
    """``@FutureOrPresent`` of Jakarta Validation, which has no tolerance by default.

    A send time that is past, if only by a second, is refused; the documents are silent on it, and
    who wants the mail at once leaves the member out.
    """

    def errors_in_send_time(self, value: object) -> list[str]:
        """Compared with the clock when the order comes."""
        moment = parse_moment(value)
        if moment is not None and moment < self.now():
            return ["'RequestedSendTime' must be a date in the present or in the future."]
        return super().errors_in_send_time(value)


# Answers


@variant
class AnswersLikeRails(Rules):
    """``head :not_found`` has a media type and no body; the challenge is of scheme ``Token``.

    The pages want application/json as Content-Type and an empty response with the 404, which is
    just that; of challenges and of bodies of a 401 they say nothing.
    """

    def unauthorized(self, call: Call) -> Answer:
        """``request_http_token_authentication``."""
        headers = {
            "www-authenticate": 'Token realm="Application"',
            "content-type": "text/plain; charset=utf-8",
        }
        return Answer(self.unauthorized_status(call), headers, b"HTTP Token: Access denied.\n")

    def forbidden(self, call: Call) -> Answer:
        """``head :forbidden`` where the format is JSON."""
        return Answer(self.forbidden_status(call), {"content-type": self.json_media_type()})

    def not_found(self, call: Call) -> Answer:
        """``head :not_found`` where the format is JSON."""
        return Answer(404, {"content-type": self.json_media_type()})


@variant
class RowsAreTouched(Rules):
    """``updated_at`` of ActiveRecord, and rows in the order in which PostgreSQL has them.

    Each poll of the mail service touches a row that is not at its end yet, and a row that changed
    moves behind the others; lastUpdate is when it was updated last, and no order is documented.
    """

    def notifications(self, order: Order) -> Value:
        """A SELECT without ORDER BY finds the newest version of a row last."""
        rows = sorted(order.notifications, key=lambda notification: notification.changed)
        return [self.notification(row) for row in rows]

    def last_update(self, notification: Notification) -> Value:
        """Polled every second, as long as there is something to wait for."""
        awaits = notification.status in (statuses.NEW, statuses.SENDING, statuses.SUCCEEDED)
        polled: datetime = self.now().replace(microsecond=0)
        return self.timestamp(max(notification.changed, polled) if awaits else notification.changed)


# Processing


@variant
class ConditionWithoutMemberIsFalse(Rules):
    """A condition's answer without ``sendNotification`` is a no, not a failure.

    So do Go, where a bool that is not there is false, and ``if (!answer.sendNotification)`` of
    JavaScript; the documents do not say what the endpoint answers.
    """

    def condition_met(self, status: int, body: bytes) -> bool | None:
        """An object, null or a value that is no boolean apart, has the member or is a no."""
        met = super().condition_met(status, body)
        if met is not None or status != HTTPStatus.OK:
            return met
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if document is None:
            return False
        is_unset = isinstance(document, dict) and document.get("sendNotification") is None
        return False if is_unset else None


@variant
class PlainTextIsWrapped(Rules):
    """``wordWrap`` of CodeIgniter's mailer, on by default: lines of 76 characters at most.

    RFC 5322 wants lines of no more than 78; the words of the plain text and their order are those
    of the order, and the documents say nothing of its lines.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        """Broken at blanks, as long as there are any."""
        mail = super().mail(template, address, party)
        if mail.is_html:
            return mail
        return replace(mail, body="\n".join(_wrapped(line) for line in mail.body.split("\n")))


_WIDTH = 76

_MEMBERS = {
    name.lower(): name
    for name in (
        "subject",
        "body",
        "contentType",
        "recipients",
        "requestedSendTime",
        "sendersReference",
        "resourceId",
        "ignoreReservation",
        "conditionEndpoint",
        "senderNumber",
        "emailAddress",
        "mobileNumber",
        "nationalIdentityNumber",
        "organizationNumber",
    )
}


def _in_camel_case(members: Json) -> Json:
    return {_MEMBERS.get(name.lower(), name): value for name, value in members.items()}


def _trimmed(value: object) -> object:
    if isinstance(value, dict):
        return {name: _trimmed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_trimmed(inner) for inner in value]
    return (value.strip() or None) if isinstance(value, str) else value


def _wrapped(line: str) -> str:
    if len(line) <= _WIDTH:
        return line
    return textwrap.fill(
        line,
        _WIDTH,
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
