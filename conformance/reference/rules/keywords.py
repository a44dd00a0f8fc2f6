"""Personal texts (Send email notifications, January 2025: body and subject)."""

import re

from conformance.reference.registers import Organisation, Party
from conformance.reference.rules.ground import Ground

NAME = "$recipientName$"
NUMBER = "$recipientNumber$"


class KeywordRules(Ground):
    """What is replaced, where, by what."""

    def substituted_subject(self, text: str, party: Party | None) -> str:
        """The subject that a recipient reads."""
        return self.substitute(text, party)

    def substituted_body(self, text: str, party: Party | None) -> str:
        """The body that a recipient reads."""
        return self.substitute(text, party)

    def substitute(self, text: str, party: Party | None) -> str:
        """Every keyword, in one pass: a keyword inside a name is a name.

        A recipient given by address has no party, and its keywords stay as they are.
        """
        if party is None:
            return text
        return self.keyword_pattern().sub(lambda found: self.replacement(found[0], party), text)

    def keyword_pattern(self) -> re.Pattern[str]:
        """Predefined, case-sensitive keywords."""
        return re.compile(f"{re.escape(NAME)}|{re.escape(NUMBER)}")

    def replacement(self, keyword: str, party: Party) -> str:
        """What a keyword stands for."""
        if keyword.lower() == NAME.lower():
            return self.recipient_name(party)
        return self.recipient_number(party)

    def recipient_name(self, party: Party) -> str:
        """The full name of the recipient (supports both individuals and organizations)."""
        return party.name

    def recipient_number(self, party: Party) -> str:
        """The organization number; for individuals, this will remain empty."""
        return party.number if isinstance(party, Organisation) else ""
