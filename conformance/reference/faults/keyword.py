"""Keywords that are not replaced, or not by what they stand for."""

import re
from dataclasses import replace

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, SmsTemplate
from conformance.reference.registers import Organisation, Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules.keywords import NAME, NUMBER
from conformance.reference.wire import Json, Value

_ENTITIES = str.maketrans({"&": "&amp;", "'": "&#39;", "<": "&lt;", ">": "&gt;"})
_UNKNOWN_KEYWORD = re.compile(r"\$\w+\$")

# The order, and what its details show


@fault(breaks="keyword.accepted")
class NumberInSubjectRefused(Rules):
    """An order with $recipientNumber$ in its subject is refused."""

    def errors_in_subject(self, value: object) -> list[str]:
        if isinstance(value, str) and NUMBER in value:
            return ["'Subject' must not contain the number of a recipient."]
        return super().errors_in_subject(value)


@fault(breaks="keyword.accepted")
class DollarInBodyRefused(Rules):
    """An order with more than two dollar signs in its body is refused as spam."""

    def errors_in_body(self, value: object) -> list[str]:
        if isinstance(value, str) and value.count("$") > 2:
            return ["'Body' looks like spam."]
        return super().errors_in_body(value)


@fault(breaks="keyword.template-kept")
class KeywordsCutFromDetails(Rules):
    """The details of an order show its body without the keywords."""

    def template_body(self, template: EmailTemplate | SmsTemplate) -> Value:
        return super().template_body(template).replace(NAME, "").replace(NUMBER, "")


@fault(breaks="keyword.template-kept")
class KeywordsOfDetailsInBraces(Rules):
    """The details of an order show the keywords of its subject as the mail system spells them."""

    def template_subject(self, template: EmailTemplate) -> Value:
        return super().template_subject(template).replace(NAME, "{{recipientName}}")


@fault(breaks="keyword.template-kept-for-known")
class TemplateOfFirstRecipient(Rules):
    """The details of an order show its texts as the first recipient given by number reads them."""

    def email_template(self, order: Order) -> Value:
        template: Json | None = super().email_template(order)
        party = next(filter(None, map(self.party, order.recipients)), None)
        if template is None or party is None:
            return template
        subject = self.substituted_subject(template["subject"], party)
        return template | {"subject": subject, "body": self.substitute(template["body"], party)}


# The name of an organisation


@fault(breaks="keyword.organisation-name-in-body")
class LegalFormCutInBody(Rules):
    """In a body the name of an organisation is without its last word, the legal form.

    That breaks keyword.every-occurrence and keyword.own-values, too.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        if isinstance(party, Organisation):
            party = replace(party, name=party.name.rpartition(" ")[0])
        return super().substituted_body(text, party)


@fault(breaks="keyword.organisation-name-in-body")
class NameEscapedInPlainText(Rules):
    """In a body the name of an organisation is escaped as in HTML, also when it is plain text.

    That breaks keyword.every-occurrence and keyword.own-values, too.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        if isinstance(party, Organisation):
            party = replace(party, name=party.name.translate(_ENTITIES))
        return super().substituted_body(text, party)


@fault(breaks="keyword.organisation-name-in-subject")
class NameInCapitalsInSubject(Rules):
    """In a subject the name of an organisation is in capitals, as the register has it."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        if isinstance(party, Organisation):
            party = replace(party, name=party.name.upper())
        return super().substituted_subject(text, party)


@fault(breaks="keyword.organisation-name-in-subject")
class NumberForNameInSubject(Rules):
    """In a subject $recipientName$ becomes the number of an organisation."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        if isinstance(party, Organisation):
            party = replace(party, name=party.number)
        return super().substituted_subject(text, party)


# The name of a person


@fault(breaks="keyword.person-name-in-body")
class FirstNameInBody(Rules):
    """In a body $recipientName$ becomes the first name of a person.

    That breaks keyword.own-values, too.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        if isinstance(party, Person):
            party = replace(party, name=party.name.partition(" ")[0])
        return super().substituted_body(text, party)


@fault(breaks="keyword.person-name-in-body")
class LastNameFirstInBody(Rules):
    """In a body the name of a person is spelled last name first.

    That breaks keyword.own-values, too.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        if isinstance(party, Person):
            first, _, last = party.name.rpartition(" ")
            party = replace(party, name=f"{last}, {first}")
        return super().substituted_body(text, party)


@fault(breaks="keyword.person-name-in-subject")
class NameInAsciiInSubject(Rules):
    """In a subject the letters of a person's name beyond ASCII become question marks."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        if isinstance(party, Person):
            party = replace(party, name=party.name.encode("ascii", "replace").decode("ascii"))
        return super().substituted_subject(text, party)


@fault(breaks="keyword.person-name-in-subject")
class PersonUnnamedInSubject(Rules):
    """In a subject the name of a person is left out, as if it were to be protected."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        if isinstance(party, Person):
            party = replace(party, name="")
        return super().substituted_subject(text, party)


# The number of an organisation


@fault(breaks="keyword.organisation-number-in-body")
class NumberInGroupsOfThree(Rules):
    """In a body the number of an organisation is in groups of three digits.

    That breaks keyword.every-occurrence, keyword.own-values and keyword.in-html-body, too.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        if isinstance(party, Organisation):
            number = f"{party.number[:3]} {party.number[3:6]} {party.number[6:]}"
            text = text.replace(NUMBER, number)
        return super().substituted_body(text, party)


@fault(breaks="keyword.organisation-number-in-subject")
class NumberStaysInSubject(Rules):
    """In a subject $recipientNumber$ stays as it is for an organisation."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        if isinstance(party, Organisation):
            return text.replace(NAME, self.recipient_name(party))
        return super().substituted_subject(text, party)


# The number of a person


@fault(breaks="keyword.person-number-empty-in-body")
class PersonNumberInBody(Rules):
    """In a body $recipientNumber$ becomes the national identity number of a person.

    That breaks keyword.own-values, too.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        if isinstance(party, Person):
            text = text.replace(NUMBER, party.number)
        return super().substituted_body(text, party)


@fault(breaks="keyword.person-number-empty-in-body")
class PersonNumberStaysInBody(Rules):
    """In a body $recipientNumber$ stays as it is for a person.

    That breaks keyword.own-values, too.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        if isinstance(party, Person):
            return text.replace(NAME, self.recipient_name(party))
        return super().substituted_body(text, party)


@fault(breaks="keyword.person-number-empty-in-subject")
class PersonNumberMaskedInSubject(Rules):
    """In a subject $recipientNumber$ becomes the date of birth of a person and five asterisks."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        if isinstance(party, Person):
            text = text.replace(NUMBER, f"{party.number[:6]}*****")
        return super().substituted_subject(text, party)


@fault(breaks="keyword.person-number-empty-in-subject")
class PersonNumberNullInSubject(Rules):
    """In a subject $recipientNumber$ becomes the word null for a person."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        if isinstance(party, Person):
            text = text.replace(NUMBER, "null")
        return super().substituted_subject(text, party)


# Where, and how often


@fault(breaks="keyword.in-html-body")
class HtmlKeepsKeywords(Rules):
    """Keywords in a body in HTML stay as they are."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=template.body) if mail.is_html else mail


@fault(breaks="keyword.in-html-body")
class HtmlNumberUnlinked(Rules):
    """In a body in HTML the number of an organisation is broken up, against dialling it."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html or not isinstance(party, Organisation):
            return mail
        return replace(mail, body=mail.body.replace(party.number, "&#8203;".join(party.number)))


@fault(breaks="keyword.case-sensitive")
class KeywordsInAnyCase(Rules):
    """Keywords are replaced in whatever case they are written."""

    def keyword_pattern(self) -> re.Pattern[str]:
        return re.compile(super().keyword_pattern().pattern, re.IGNORECASE)


@fault(breaks="keyword.case-sensitive")
class KeywordsInLowerCase(Rules):
    """Keywords are also replaced when all their letters are small."""

    def keyword_pattern(self) -> re.Pattern[str]:
        pattern = super().keyword_pattern().pattern
        return re.compile(f"{pattern}|{pattern.lower()}")


@fault(breaks="keyword.every-occurrence")
class FirstOccurrenceOnly(Rules):
    """Only the first occurrence of each keyword in a text is replaced."""

    def substitute(self, text: str, party: Party | None) -> str:
        if party is None:
            return text
        named = text.replace(NAME, self.recipient_name(party), 1)
        return named.replace(NUMBER, self.recipient_number(party), 1)


@fault(breaks="keyword.every-occurrence")
class SecondNumberForgotten(Rules):
    """The name is replaced wherever it stands, the number only where it stands first."""

    def substitute(self, text: str, party: Party | None) -> str:
        if party is None:
            return text
        named = text.replace(NAME, self.recipient_name(party))
        return named.replace(NUMBER, self.recipient_number(party), 1)


@fault(breaks="keyword.own-values")
class NameOfFirstRecipientForAll(Rules):
    """All recipients of an order read the name and number of the first of them."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        return super().mails(order, replace(notification, party=order.notifications[0].party))


@fault(breaks="keyword.own-values")
class NumberOfAnotherRecipient(Rules):
    """A person reads the number of an organisation that is sent to by the same order."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        others = [each.party for each in order.notifications]
        number = next((each.number for each in others if isinstance(each, Organisation)), "")
        mails = super().mails(order, notification)
        template = order.template
        if not number or not isinstance(notification.party, Person):
            return mails
        body = self.substituted_body(template.body.replace(NUMBER, number), notification.party)
        return [replace(mail, body=body) for mail in mails]


@fault(breaks="keyword.look-alikes-kept")
class UnknownKeywordsRemoved(Rules):
    """Words between dollar signs that are no keywords are removed.

    That breaks keyword.case-sensitive, too.
    """

    def substitute(self, text: str, party: Party | None) -> str:
        replaced = super().substitute(text, party)
        return _UNKNOWN_KEYWORD.sub("", replaced) if party else replaced


@fault(breaks="keyword.look-alikes-kept")
class DollarAtEndOptional(Rules):
    """A keyword is replaced even when the dollar sign at its end is missing."""

    def keyword_pattern(self) -> re.Pattern[str]:
        return re.compile(r"\$recipientName\b\$?|\$recipientNumber\b\$?")
