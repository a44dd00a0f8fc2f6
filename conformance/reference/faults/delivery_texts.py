"""Emails that do not arrive with the texts that were ordered."""

import html
import re
from dataclasses import replace

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate
from conformance.reference.registers import Party
from conformance.reference.rules import Rules

_SHORT = 20
_COLUMN = 128
_SMTP_LINE = 998
_PART = 45
_ATTRIBUTES = re.compile(r"<(\w+) [^>]*>")
_TAG = re.compile(r"<[^>]*>")
_WHITE_SPACE = re.compile(r"\s+")


# Subject and body


@fault(breaks="delivery.subject")
class SubjectWithPrefix(Rules):
    """Subjects arrive with the name of the platform before them."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        return f"[Altinn] {super().substituted_subject(text, party)}"


@fault(breaks="delivery.subject")
class SubjectCutShort(Rules):
    """Subjects to addresses that the order gives arrive cut after twenty characters."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        subject = super().substituted_subject(text, party)
        return subject if party else subject[:_SHORT]


@fault(breaks="delivery.subject")
class SubjectMisread(Rules):
    """Subjects to addresses that the order gives are UTF-8 read as Latin-1."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        subject = super().substituted_subject(text, party)
        return subject if party else subject.encode().decode("latin-1")


@fault(breaks="delivery.subject")
class SubjectOfHtmlEscaped(Rules):
    """The subject of an Html order is escaped like its body would have to be."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, subject=html.escape(mail.subject)) if mail.is_html else mail


@fault(breaks="delivery.long-texts")
class LongSubjectCut(Rules):
    """A subject arrives cut at 128 characters."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        return super().substituted_subject(text, party)[:_COLUMN]


@fault(breaks="delivery.long-texts")
class LongLinesBroken(Rules):
    """A plain line is broken where a line of SMTP has to end."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        broken = re.sub(rf"(.{{{_SMTP_LINE}}})", r"\1\n", mail.body)
        return mail if mail.is_html else replace(mail, body=broken)


@fault(breaks="delivery.long-texts")
class LongLinesOfHtmlBroken(Rules):
    """A line of HTML is broken where a line of SMTP has to end, wherever that is."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        broken = re.sub(rf"(.{{{_SMTP_LINE}}})", r"\1!\n ", mail.body)
        return replace(mail, body=broken) if mail.is_html else mail


@fault(breaks="delivery.long-texts")
class LettersSplitByFolding(Rules):
    """A long subject is encoded in parts of so many octets, which breaks letters between two."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        octets = super().substituted_subject(text, party).encode()
        parts = [octets[start : start + _PART] for start in range(0, len(octets), _PART)]
        return "".join(part.decode(errors="replace") for part in parts)


@fault(breaks="delivery.body")
class DotsAtLineStartsDoubled(Rules):
    """A dot at the beginning of a line arrives as two, as SMTP has them on their way."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=re.sub(r"(?m)^\.", "..", mail.body))


@fault(breaks="delivery.body")
class DollarsAreReplacementPatterns(Rules):
    """A text is put into its frame as a replacement is: of two dollar signs one arrives."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return mail if party else replace(mail, body=mail.body.replace("$$", "$"))


@fault(breaks="delivery.body")
class EqualsSignsDecoded(Rules):
    """A text that is ASCII but for its sign says it is quoted-printable, and was not quoted.

    Two digits after an equals sign arrive as the character that they number.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        decoded = re.sub(r"=([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), mail.body)
        return mail if mail.is_html else replace(mail, body=decoded)


@fault(breaks="delivery.body")
class BodyEndsAtDot(Rules):
    """A plain text arrives up to its first line with but a dot, which ends an email in SMTP."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return mail if mail.is_html else replace(mail, body=mail.body.partition("\n.\n")[0])


@fault(breaks="delivery.body")
class DoubleSpacesLost(Rules):
    """Of several spaces in a plain text one arrives."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return mail if mail.is_html else replace(mail, body=re.sub(" +", " ", mail.body))


@fault(breaks="delivery.body")
class BodyTakenForTemplate(Rules):
    """What stands in braces in a plain text is filled with nothing."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        is_own = mail.is_html or party is not None
        return mail if is_own else replace(mail, body=re.sub(r"{{\w*}}", "", mail.body))


@fault(breaks="delivery.body")
class BodyUnescaped(Rules):
    """A backslash and an n in a plain text arrive as a line break."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return mail if mail.is_html else replace(mail, body=mail.body.replace("\\n", "\n"))


@fault(breaks="delivery.body")
class PlainBodyEscaped(Rules):
    """A plain text arrives with the entities of HTML."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        is_own = mail.is_html or party is not None
        return mail if is_own else replace(mail, body=html.escape(mail.body))


@fault(breaks="delivery.body")
class LineBreaksLost(Rules):
    """A plain text arrives in one line."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return mail if mail.is_html else replace(mail, body=_WHITE_SPACE.sub(" ", mail.body))


@fault(breaks="delivery.body")
class FooterInPlainText(Rules):
    """A plain text arrives with a footer that nobody ordered."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return mail if mail.is_html else replace(mail, body=f"{mail.body}\n\n--\nAltinn")


@fault(breaks="delivery.body")
class MarkupCutFromPlainText(Rules):
    """What looks like markup is cut from a plain text."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        is_own = mail.is_html or party is not None
        return mail if is_own else replace(mail, body=_TAG.sub("", mail.body))


@fault(breaks="delivery.body")
class EmojiLost(Rules):
    """Characters beyond the first Unicode plane do not arrive."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body="".join(each for each in mail.body if ord(each) <= 0xFFFF))


# Plain and Html


@fault(breaks="delivery.plain-as-text")
class PlainSentAsHtml(Rules):
    """Every body is sent as HTML; then a plain one is not the text that was ordered.

    That breaks delivery.body, too.
    """

    def mail_content_type(self, template: EmailTemplate) -> str:
        return "Html"


class _Default(str):
    """A contentType that the order did not name."""


@fault(breaks="delivery.default-plain")
class DefaultSentAsHtml(Rules):
    """A body without a contentType is sent as HTML, although its details say Plain."""

    def default_content_type(self) -> str:
        return _Default(super().default_content_type())

    def mail_content_type(self, template: EmailTemplate) -> str:
        is_default = isinstance(template.content_type, _Default)
        return "Html" if is_default else super().mail_content_type(template)


@fault(breaks="delivery.default-plain")
class DefaultGuessedFromBody(Rules):
    """A body without a contentType is sent as HTML where it has a tag at its beginning."""

    def default_content_type(self) -> str:
        return _Default(super().default_content_type())

    def mail_content_type(self, template: EmailTemplate) -> str:
        looks_like_html = template.body.startswith("<")
        is_default = isinstance(template.content_type, _Default)
        guessed = is_default and looks_like_html
        return "Html" if guessed else super().mail_content_type(template)


@fault(breaks="delivery.html-as-html")
class HtmlMisread(Rules):
    """A body in HTML is UTF-8 that is read as Latin-1."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=mail.body.encode().decode("latin-1")) if mail.is_html else mail


@fault(breaks="delivery.html-as-html")
class AttributesCutFromHtml(Rules):
    """A body in HTML arrives without the attributes of its tags."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=_ATTRIBUTES.sub("<\\1>", mail.body)) if mail.is_html else mail


@fault(breaks="delivery.html-as-html")
class HtmlUnescaped(Rules):
    """The entities of a body in HTML arrive as the characters that they stand for."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=html.unescape(mail.body)) if mail.is_html else mail


@fault(breaks="delivery.html-as-html")
class HtmlSentAsText(Rules):
    """Every body is sent as plain text, tags and all."""

    def mail_content_type(self, template: EmailTemplate) -> str:
        return "Plain"


@fault(breaks="delivery.html-as-html")
class HtmlEscaped(Rules):
    """A body in HTML arrives with its tags escaped."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=html.escape(mail.body)) if mail.is_html else mail


@fault(breaks="delivery.html-as-html")
class EmphasisCutFromHtml(Rules):
    """A body in HTML arrives without its emphasis."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html:
            return mail
        return replace(mail, body=re.sub(r"</?strong>", "", mail.body))
