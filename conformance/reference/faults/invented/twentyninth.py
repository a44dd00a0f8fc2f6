"""The twenty-ninth round: mappings, validators, queues and branches that forget some work."""

import html
import re
from dataclasses import replace

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.wire import Call, Json, Value

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


@fault(breaks="details.created-is-registration")
class CreatedMappedFromSendTime(Rules):
    """Details give as ``created`` the requested send time: one line of the mapping was copied.

    For an order to be sent at once the two are the same; one for tomorrow was registered tomorrow.
    """

    def created(self, order: Order) -> Value:
        return self.requested_send_time(order)


@fault(breaks="summary.minimal-is-processed", also=("delivery.minimal-order",))
class OrderWithoutReferenceNeverLeavesQueue(Rules):
    """An order without sendersReference is accepted and never becomes an email.

    The message that the worker gets declares the reference as required, so it cannot be read.
    """

    def generate(self, order: Order) -> list[Notification]:
        return [] if order.senders_reference is None else super().generate(order)


@fault(breaks="summary.unreachable-stops-no-other")
class FailedLookupEndsOrder(Rules):
    """When the lookup failed for all who were looked up, those given by address get nothing either.

    The worker takes ``Failed`` for an order that has nobody to send to.
    """

    def generate(self, order: Order) -> list[Notification]:
        failed = self.requires_lookup(order) and self.lookup_status(order) == "Failed"
        return [] if failed and not order.ignore_reservation else super().generate(order)


@fault(breaks="keyword.organisation-name-in-subject")
class NameEncodedInSubjectOfHtml(Rules):
    """With contentType Html the name is encoded for HTML in the subject, too, where nobody decodes.

    The subject reads ``Liam O&#x27;Shea &#216;deg&#229;rd``.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None or template.content_type != "Html":
            return mail
        encoded = html.escape(party.name).encode("ascii", "xmlcharrefreplace").decode()
        subject = self.substituted_subject(template.subject, replace(party, name=encoded))
        return replace(mail, subject=subject)


@fault(breaks="validation.body-required")
class BodyOfHtmlMayBeEmpty(Rules):
    """An order with contentType Html is accepted without a body, or with an empty one.

    The rule of the validator stands under a condition that only plain text meets.
    """

    def email_errors(self, document: Json) -> Errors:
        errors = super().email_errors(document)
        if document.get("contentType") == "Html" and isinstance(document.get("body"), str | None):
            errors.pop("Body", None)
        return errors


@fault(breaks="validation.refused-for-apps")
class AppsAreTrustedToBeValid(Rules):
    """What comes with a PlatformAccessToken is not validated: an order without subject is a 202.

    The validator belongs to the pipeline of external callers; apps enter by another one.
    """

    def document(self, call: Call) -> Json:
        return {**super().document(call), "internal": self.platform_token(call) is not None}

    def email_errors(self, document: Json) -> Errors:
        return {} if document["internal"] else super().email_errors(document)


@fault(breaks="delivery.plain-as-text")
class PlainTextWithMarkupSentAsHtml(Rules):
    """A body with anything like a tag is sent as HTML, though the order says Plain or nothing.

    The client of the mail service looks into the text to choose its field, not at the contentType.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, content_type="Html") if _TAG.search(mail.body) else mail


@fault(breaks="details.resource-id-returned")
class ResourceIdOfThreeParts(Rules):
    """The resourceId is split at ``_`` into ``app``, org and app, and put together of just these.

    An app called ``tax_return`` becomes ``app_ttd_tax`` in the details; other resources likewise.
    """

    def resource_id(self, order: Order) -> Value:
        resource = order.resource_id
        return None if resource is None else "_".join(resource.split("_")[:3])


@fault(breaks="lookup.absent-for-addresses")
class KeywordsCallForLookup(Rules):
    """An order to addresses alone gets a recipientLookup when its text has a keyword.

    Names are fetched by the same step as contact details, and the answer tells that it ran.
    """

    def requires_lookup(self, order: Order) -> bool:
        template = order.template
        texts = (template.subject, template.body) if isinstance(template, EmailTemplate) else ()
        return super().requires_lookup(order) or any(map(self.keyword_pattern().search, texts))
