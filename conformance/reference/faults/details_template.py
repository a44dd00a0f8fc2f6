"""Wrong answers to reading an order: its email template."""

import html
import re
import unicodedata
from urllib.parse import unquote_plus

from conformance.reference.deviations import fault
from conformance.reference.model import EmailTemplate, Order, SmsTemplate
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Json, Value


@fault(breaks="details.template-complete")
class TemplateWithoutFromAddress(Rules):
    """emailTemplate has no fromAddress."""

    def email_template(self, order: Order) -> Value:
        template = super().email_template(order)
        return template and {name: template[name] for name in ("subject", "body", "contentType")}


@fault(breaks="details.from-address")
class FromAddressWithName(Rules):
    """fromAddress in emailTemplate is a name with an address in angle brackets."""

    def from_address(self) -> Value:
        return f"Altinn <{self.setting.sender}>"


@fault(breaks="details.from-address-is-sender")
class FromAddressOfAnotherOrganisation(Rules):
    """The details name another address than the one that emails are sent from."""

    def from_address(self) -> Value:
        return "noreply@another.example"


@fault(breaks="details.subject-returned")
class SubjectLosesAstralCharacters(Rules):
    """Characters beyond the first Unicode plane come back from the subject as two marks."""

    def template_subject(self, template: EmailTemplate) -> Value:
        return re.sub("[\U00010000-\U0010ffff]", "\ufffd\ufffd", template.subject)


@fault(breaks="details.subject-returned")
class SubjectEscapedForHtml(Rules):
    """The subject comes back with its special characters escaped for HTML."""

    def template_subject(self, template: EmailTemplate) -> Value:
        return html.escape(template.subject, quote=False)


@fault(breaks="details.subject-returned")
class SubjectNormalised(Rules):
    """The subject comes back in Unicode normalization form C, whichever form was ordered."""

    def template_subject(self, template: EmailTemplate) -> Value:
        return unicodedata.normalize("NFC", template.subject)


@fault(breaks="details.subject-returned")
class SubjectCutAt78(Rules):
    """A subject is cut after the seventy-eight characters of a line of mail."""

    def template_subject(self, template: EmailTemplate) -> Value:
        return template.subject[:78]


@fault(breaks="details.subject-returned")
class SubjectCutAt255(Rules):
    """A subject is cut to what a column of two hundred and fifty-five characters holds."""

    def template_subject(self, template: EmailTemplate) -> Value:
        return template.subject[:255]


@fault(breaks="details.body-returned")
class BodyCutAt4000(Rules):
    """A body is cut after four thousand characters."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        return template.body[:4000]


@fault(breaks="details.subject-returned")
class SubjectKnowsTwoPlanes(Rules):
    """Characters beyond the second Unicode plane come back from the subject as a mark."""

    def template_subject(self, template: EmailTemplate) -> Value:
        return re.sub("[\U00020000-\U0010ffff]", "\ufffd", template.subject)


@fault(breaks="details.body-returned")
class BodyWithoutJoiners(Rules):
    """Characters that join others, as in emoji, are missing from the body."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        return template.body.replace("\u200d", "")


@fault(breaks="details.body-returned")
class BodyCutAt64Kilobytes(Rules):
    """A body is cut where its length does not fit sixteen bits."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        return template.body[:0xFFFF]


@fault(breaks="details.body-returned")
class BodyCutAt16384(Rules):
    """A body is cut after sixteen thousand characters and some."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        return template.body[:16384]


@fault(breaks="details.body-returned")
class BodyInCompatibleLetters(Rules):
    """The body comes back in Unicode normalization form KC, its ligatures taken apart."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        return unicodedata.normalize("NFKC", template.body)


@fault(breaks="details.body-returned")
class BodyDecodedAsForm(Rules):
    """Plus and percent signs in a body come back decoded, as those of a form."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        return unquote_plus(template.body)


@fault(breaks="details.subject-returned")
class SubjectWithoutJoiners(Rules):
    """Characters that nobody sees, such as those that join emoji, are missing from the subject."""

    def template_subject(self, template: EmailTemplate) -> Value:
        return "".join(each for each in template.subject if unicodedata.category(each) != "Cf")


@fault(breaks="details.body-returned")
class HtmlEntitiesDecoded(Rules):
    """The entities in an HTML body come back as the letters that they stand for."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        is_html = isinstance(template, EmailTemplate) and template.content_type == "Html"
        return html.unescape(template.body) if is_html else template.body


@fault(breaks="details.body-returned")
class LinesJoined(Rules):
    """Line breaks in a body come back as spaces."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        return template.body.replace("\n", " ")


@fault(breaks="details.body-returned")
class HtmlBodyWithoutTags(Rules):
    """The body of an order in HTML comes back as plain text."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        is_html = isinstance(template, EmailTemplate) and template.content_type == "Html"
        return re.sub("<[^>]+>", "", template.body) if is_html else template.body


@fault(breaks="details.same-after-processing")
class TemplateFilledByProcessing(Rules):
    """Once an order is processed, its subject names the recipient in place of the keyword."""

    def email_template(self, order: Order) -> Value:
        template = super().email_template(order)
        names = [each.party.name for each in order.notifications if each.party]
        if template and names:
            template["subject"] = template["subject"].replace("$recipientName$", names[0])
        return template


@fault(breaks="details.content-type-returned")
class HtmlReturnedAsPlain(Rules):
    """contentType in emailTemplate is Plain, whichever was ordered."""

    def template_content_type(self, template: EmailTemplate) -> Value:
        return "Plain"


@fault(breaks="details.content-type-default")
class DefaultIsHtml(Rules):
    """An order without contentType is one in HTML."""

    def default_content_type(self) -> str:
        return "Html"


@fault(breaks="details.content-type-default")
class TagsMakeItHtml(Rules):
    """An order without contentType is one in HTML when its body holds a tag."""

    def content_type_in(self, document: Json) -> str:
        is_tagged = "contentType" not in document and "</" in str(document.get("body"))
        return "Html" if is_tagged else super().content_type_in(document)


@fault(breaks="details.content-type-default")
class ContentTypeOfOrderBefore(Rules):
    """An order without contentType has that of the order before."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._before = "Plain"

    def default_content_type(self) -> str:
        return self._before

    def content_type_in(self, document: Json) -> str:
        self._before = super().content_type_in(document)
        return self._before


@fault(breaks="details.no-sms-template")
class EmptySmsTemplate(Rules):
    """An email order has an smsTemplate of empty texts.

    The contract has no empty body.
    """

    def sms_template(self, order: Order) -> Value:
        return super().sms_template(order) or {"senderNumber": "", "body": ""}
