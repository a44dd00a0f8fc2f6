"""Keywords that are not replaced everywhere, or not for everyone, as they should be."""

import re
from dataclasses import replace

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order
from conformance.reference.registers import Organisation, Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules.keywords import NAME, NUMBER

_ENTITIES = str.maketrans({"&": "&amp;", "'": "&#39;", "<": "&lt;", ">": "&gt;"})
_UNKNOWN_KEYWORD = re.compile(r"\$\w+\$")


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


@fault(breaks="keyword.name-in-html-body")
class HtmlKeepsNames(Rules):
    """In a body in HTML $recipientName$ stays, against what a name might do to the markup."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None or not mail.is_html:
            return mail
        return replace(mail, body=template.body.replace(NUMBER, self.recipient_number(party)))


@fault(breaks="keyword.name-in-html-body")
class NameEscapedTwiceInHtml(Rules):
    """In a body in HTML a name is escaped twice, so that who reads it reads the entities."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None or not mail.is_html:
            return mail
        escaped = replace(party, name=party.name.translate(_ENTITIES).translate(_ENTITIES))
        return replace(mail, body=self.substituted_body(template.body, escaped))


@fault(breaks="keyword.case-sensitive")
class SubjectKeywordsInAnyCase(Rules):
    """In a subject keywords are replaced in whatever case they are written."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        for keyword in (NAME, NUMBER) if party else ():
            text = re.sub(re.escape(keyword), keyword, text, flags=re.IGNORECASE)
        return super().substituted_subject(text, party)


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


@fault(breaks="keyword.every-occurrence")
class FirstOccurrenceInSubject(Rules):
    """Only the first occurrence of each keyword in a subject is replaced."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        if party is None:
            return super().substituted_subject(text, party)
        named = text.replace(NAME, self.recipient_name(party), 1)
        return named.replace(NUMBER, self.recipient_number(party), 1)


@fault(breaks="keyword.anywhere")
class KeywordsAmongLettersStay(Rules):
    """A keyword is replaced only where no letter or digit stands beside it."""

    def keyword_pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{super().keyword_pattern().pattern})(?!\w)")


@fault(breaks="keyword.anywhere")
class KeywordBeforeKeywordStays(Rules):
    """A keyword right before another dollar sign stays as it is."""

    def keyword_pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{super().keyword_pattern().pattern})(?!\$)")


@fault(breaks="keyword.own-values")
class ValuesOfFirstOfItsKind(Rules):
    """All persons of an order read the name of the first person, all organisations likewise."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        kind = type(notification.party)
        parties = [each.party for each in order.notifications]
        first = next(each for each in parties if isinstance(each, kind))
        return super().mails(order, replace(notification, party=first))


@fault(breaks="keyword.own-values-in-subject")
class SubjectOfFirstRecipientForAll(Rules):
    """All recipients of an order get the subject of the first of them."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        first = super().mails(order, order.notifications[0])
        return [replace(mail, subject=first[0].subject) if first else mail for mail in mails]


@fault(breaks="keyword.no-values-of-others")
class AddressReadsFirstName(Rules):
    """A recipient given by address reads the name of the first recipient whose name is known."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        known = next((each.party for each in order.notifications if each.party), None)
        party = notification.party or known
        return super().mails(order, replace(notification, party=party))


@fault(breaks="keyword.own-values")
class NameOfFirstRecipientForAll(Rules):
    """All recipients of an order read the name and number of the first of them."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        return super().mails(order, replace(notification, party=order.notifications[0].party))


@fault(breaks="keyword.own-values")
class NamesInOrderOfNumbers(Rules):
    """Names come from the register in the order of their numbers, and are dealt out in that.

    That breaks keyword.own-values-in-subject, too.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        known = [each.party for each in order.notifications if each.party]
        dealt = dict(zip(known, sorted(known, key=lambda each: each.number), strict=True))
        party = notification.party and dealt[notification.party]
        return super().mails(order, replace(notification, party=party))


@fault(breaks="keyword.own-values")
class ApostrophesInNamesEscaped(Rules):
    """An apostrophe in a name arrives as an entity, also in a plain text."""

    def recipient_name(self, party: Party) -> str:
        return super().recipient_name(party).replace("'", "&#39;")


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


@fault(breaks="keyword.every-occurrence")
class KeywordsAcrossPartsStay(Rules):
    """A text is searched for keywords in parts of 1024 letters; one that two parts share stays."""

    def substitute(self, text: str, party: Party | None) -> str:
        parts = [text[start : start + 1024] for start in range(0, len(text), 1024)]
        return "".join(
            super(KeywordsAcrossPartsStay, self).substitute(each, party) for each in parts
        )


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
