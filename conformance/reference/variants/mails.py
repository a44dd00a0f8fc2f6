"""The emails that leave: what mail systems do to them, and what the documents leave open."""

import html
import re
from dataclasses import replace

from conformance.reference.deviations import variant
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Order, Recipient
from conformance.reference.registers import Organisation, Party
from conformance.reference.rules import Rules
from conformance.reference.rules.keywords import NAME, NUMBER

_FOLD = re.compile(r"(.{40,60}) ")
_LONG_LINE = re.compile(r"(.{900,990}) ")


@variant
class HtmlWrapped(Rules):
    """A body in HTML arrives inside of a whole document, with a footer."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html:
            return mail
        page = f"<!DOCTYPE html><html><body>{mail.body}<hr><p>Altinn</p></body></html>"
        return replace(mail, body=page)


@variant
class HtmlFoldedAtSpaces(Rules):
    """A long line of HTML is broken between two words, where it means nothing."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        folded = _LONG_LINE.sub(r"\1\n", mail.body)
        return replace(mail, body=folded) if mail.is_html else mail


@variant
class CarriageReturns(Rules):
    """A plain text arrives with the line breaks of the Internet, and one more at its end."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if mail.is_html:
            return mail
        return replace(mail, body="\r\n".join([*mail.body.splitlines(), ""]))


@variant
class NamesEscapedInHtml(Rules):
    """In a body in HTML the name of the recipient is escaped, as text in HTML has to be."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None or not mail.is_html:
            return mail
        escaped = replace(party, name=html.escape(party.name))
        return replace(mail, body=self.substituted_body(template.body, escaped))


@variant
class NamesInAsciiInHtml(Rules):
    """In a body in HTML the letters of a name beyond ASCII are entities."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None or not mail.is_html:
            return mail
        name = party.name.encode("ascii", "xmlcharrefreplace").decode("ascii")
        return replace(mail, body=self.substituted_body(template.body, replace(party, name=name)))


@variant
class SubjectFoldedWithTabs(Rules):
    """A long subject arrives with a tab where its header was folded."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, subject=_FOLD.sub("\\1\\t", mail.subject))


@variant
class SubjectFoldedWithoutSpace(Rules):
    """A long subject arrives without the space where its header was folded."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, subject=_FOLD.sub(r"\1", mail.subject))


@variant
class KeywordsOfAddressesEmpty(Rules):
    """For a recipient given by address, of whom no name is known, keywords become empty."""

    def substitute(self, text: str, party: Party | None) -> str:
        replaced = super().substitute(text, party)
        return replaced if party else replaced.replace(NAME, "").replace(NUMBER, "")


@variant
class OneAddressOfOrganisation(Rules):
    """An organisation with several addresses is sent to at the first of them."""

    def registered_addresses(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        addresses = super().registered_addresses(order, recipient)
        return addresses[:1] if isinstance(self.party(recipient), Organisation) else addresses


@variant
class LastAddressOfOrganisation(Rules):
    """An organisation with several addresses is sent to at the last of them."""

    def registered_addresses(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        addresses = super().registered_addresses(order, recipient)
        return addresses[-1:] if isinstance(self.party(recipient), Organisation) else addresses
