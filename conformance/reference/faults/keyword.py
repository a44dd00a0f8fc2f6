"""Keywords that are not replaced, or not by what they stand for."""

import re
from dataclasses import replace

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Order, SmsTemplate
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


_REPLACED = (
    *("keyword.person-name-in-body", "keyword.organisation-number-in-body"),
    *("keyword.person-name-in-subject", "keyword.organisation-number-in-subject"),
    *("keyword.organisation-name-in-subject", "keyword.reserved-person-named"),
    *("keyword.person-number-empty-in-body", "keyword.person-number-empty-in-subject"),
    *("keyword.number-alone-in-subject", "keyword.every-occurrence", "keyword.anywhere"),
    *("keyword.in-html-body", "keyword.name-in-html-body"),
    *("keyword.own-values", "keyword.own-values-in-subject", "keyword.rest-kept"),
    "condition.met-text",
)


@fault(breaks="keyword.organisation-name-in-body", also=_REPLACED)
class NoKeywords(Rules):
    """Nothing is replaced in any text, as before there were keywords."""

    def substitute(self, text: str, party: Party | None) -> str:
        return text


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


@fault(breaks="keyword.template-kept-when-processed")
class TemplateFilledWhenGenerated(Rules):
    """Once emails are generated the details show the texts as the first recipient reads them."""

    def email_template(self, order: Order) -> Value:
        template: Json | None = super().email_template(order)
        party = order.notifications[0].party if order.notifications else None
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


@fault(breaks="keyword.organisation-name-in-subject")
class NameEscapedInSubjectOfHtml(Rules):
    """The name in the subject of an Html order is escaped as in its body."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None or not mail.is_html:
            return mail
        escaped = replace(party, name=party.name.translate(_ENTITIES))
        return replace(mail, subject=self.substituted_subject(template.subject, escaped))


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


@fault(breaks="keyword.organisation-number-in-subject")
class KeywordsLookedForInBody(Rules):
    """Whether a text holds keywords at all is seen by its body, and goes for the subject, too."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        is_personal = NAME in template.body or NUMBER in template.body
        return super().mail(template, address, party if is_personal else None)


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
