"""From the body of a request to an order (Send email notifications, Request)."""

import json
import re
from email.message import Message

from conformance.reference.model import (
    EMAIL,
    SMS,
    EmailTemplate,
    Order,
    Recipient,
    SmsTemplate,
)
from conformance.reference.moments import parse_moment
from conformance.reference.rules.order_status import REGISTERED
from conformance.reference.rules.problems import ProblemRules
from conformance.reference.wire import Call, Json, RefusalError

_SURROGATE = re.compile(r"[\ud800-\udfff]")


class IntakeRules(ProblemRules):
    """From bytes to a document, and from a document to an order."""

    # What is read from the wire

    def accepts_media_type(self, content_type: str) -> bool:
        """Content-type: application/json; JSON is UTF-8 (RFC 8259, section 8.1)."""
        header = Message()
        header["content-type"] = content_type
        charset = header.get_content_charset("utf-8")
        return header.get_content_type() == "application/json" and charset in ("utf-8", "us-ascii")

    def document(self, call: Call) -> Json:
        """The body as a JSON object, or a refusal."""
        try:
            document = self.decode(call.body)
        except (ValueError, RecursionError):
            raise RefusalError(
                self.bad_request(call, {"$": ["The body is not valid JSON."]})
            ) from None
        if not isinstance(document, dict):
            raise RefusalError(self.bad_request(call, {"$": ["The body must be a JSON object."]}))
        return document

    def decode(self, body: bytes) -> object:
        """JSON in UTF-8, strictly: no NaN, no half of a surrogate pair."""
        text = body.decode("utf-8")
        document = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text and _SURROGATE.search(json.dumps(document, ensure_ascii=False)):
            raise ValueError("half of a surrogate pair")
        return document

    # What becomes of it. Tolerant on purpose: what may be here is for validation alone to say.

    def email_order(self, document: Json, organisation: str) -> Order:
        """The order that a valid document describes."""
        return self.order(document, organisation, EMAIL, self.email_template_in(document))

    def sms_order(self, document: Json, organisation: str) -> Order:
        """The order that a valid document describes."""
        return self.order(document, organisation, SMS, self.sms_template_in(document))

    def order(
        self,
        document: Json,
        creator: str,
        channel: str,
        template: EmailTemplate | SmsTemplate,
    ) -> Order:
        """What both kinds of order have in common."""
        requested = parse_moment(document.get("requestedSendTime")) or self.now()
        created = self.now()
        return Order(
            id=self.new_order_id(),
            creator=creator,
            channel=channel,
            requested_send_time=requested,
            created=created,
            recipients=tuple(self.recipients_in(document)),
            template=template,
            senders_reference=_text(document.get("sendersReference")),
            resource_id=_text(document.get("resourceId")),
            ignore_reservation=_flag(document.get("ignoreReservation")),
            condition_endpoint=_text(document.get("conditionEndpoint")),
            status=REGISTERED,
            changed=created,
        )

    def recipients_in(self, document: Json) -> list[Recipient]:
        """recipients, in the order of the request."""
        listed = document.get("recipients")
        return [_recipient(item) for item in listed] if isinstance(listed, list) else []

    def email_template_in(self, document: Json) -> EmailTemplate:
        """subject, body and contentType."""
        return EmailTemplate(
            subject=_text(document.get("subject")) or "",
            body=_text(document.get("body")) or "",
            content_type=self.content_type_in(document),
        )

    def content_type_in(self, document: Json) -> str:
        """contentType, or its default."""
        return _text(document.get("contentType")) or self.default_content_type()

    def default_content_type(self) -> str:
        """contentType: Default: Plain."""
        return "Plain"

    def sms_template_in(self, document: Json) -> SmsTemplate:
        """Body and senderNumber."""
        return SmsTemplate(
            body=_text(document.get("body")) or "",
            sender_number=_text(document.get("senderNumber")) or self.default_sender_number(),
        )

    def default_sender_number(self) -> str:
        """Get order details, the examples of SMS orders."""
        return "Altinn"


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _recipient(item: object) -> Recipient:
    members = item if isinstance(item, dict) else {}
    return Recipient(
        email_address=_text(members.get("emailAddress")),
        mobile_number=_text(members.get("mobileNumber")),
        national_identity_number=_text(members.get("nationalIdentityNumber")),
        organization_number=_text(members.get("organizationNumber")),
    )


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _flag(value: object) -> bool | None:
    return None if value is None else bool(value)
