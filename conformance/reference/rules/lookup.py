"""The initial lookup of recipients (Send email notifications, recipientLookup)."""

from collections.abc import Iterable

from conformance.reference.model import EMAIL, Order, Recipient
from conformance.reference.registers import Party, Person
from conformance.reference.rules.ground import Ground
from conformance.reference.wire import Value


class LookupRules(Ground):
    """Who is reserved, who has no contact details, and what the order is told."""

    def lookup(self, order: Order) -> Value:
        """Only included if the order requires recipient lookup."""
        if not self.requires_lookup(order):
            return None
        return {
            "status": self.lookup_status(order),
            "isReserved": self.reserved(order),
            "missingContact": self.missing_contact(order),
        }

    def requires_lookup(self, order: Order) -> bool:
        """Whether any recipient needs a lookup."""
        return bool(self.looked_up(order))

    def lookup_status(self, order: Order) -> Value:
        """Success for all recipients, PartialSuccess for some, Failed for all that failed."""
        looked_up = self.looked_up(order)
        unreachable = [given for given in looked_up if self.is_unreachable(order, given)]
        if not unreachable:
            return "Success"
        return "PartialSuccess" if len(unreachable) < len(looked_up) else "Failed"

    def reserved(self, order: Order) -> Value:
        """isReserved: national identity numbers for recipients that are reserved."""
        return _numbers(given for given in self.looked_up(order) if self.is_reserved(given))

    def missing_contact(self, order: Order) -> Value:
        """missingContact: numbers for which no contact details were identified.

        A reserved person is in isReserved alone, as in the example of a 202.
        """
        return _numbers(
            given
            for given in self.looked_up(order)
            if self.lacks_contact(order, given) and not self.is_reserved(given)
        )

    def looked_up(self, order: Order) -> list[Recipient]:
        """The recipients that were looked up."""
        return [recipient for recipient in order.recipients if self.needs_lookup(order, recipient)]

    def needs_lookup(self, order: Order, recipient: Recipient) -> bool:
        """A recipient given by address needs none, and counts neither way."""
        return self.given_address(order, recipient) is None

    def is_unreachable(self, order: Order, recipient: Recipient) -> bool:
        """Reserved, or without contact details: what counts against the status."""
        return self.is_reserved(recipient) or self.lacks_contact(order, recipient)

    def is_reserved(self, recipient: Recipient) -> bool:
        """Also when the order ignores reservations: then the list informs, it does not stop."""
        party = self.party(recipient)
        return isinstance(party, Person) and party.reserved

    def lacks_contact(self, order: Order, recipient: Recipient) -> bool:
        """No contact details for the selected notification channel."""
        return not self.registered_addresses(order, recipient)

    def given_address(self, order: Order, recipient: Recipient) -> str | None:
        """The address that the order itself gives."""
        return recipient.email_address if order.channel == EMAIL else recipient.mobile_number

    def registered_addresses(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        """For the order's channel; an organisation may have several."""
        party = self.party(recipient)
        if party is None:
            return ()
        if order.channel == EMAIL:
            return party.addresses
        return (party.mobile,) if party.mobile else ()

    def party(self, recipient: Recipient) -> Party | None:
        """Whom the registers know by the number of the recipient."""
        return self.setting.registers.find(recipient.number)


def _numbers(recipients: Iterable[Recipient]) -> list[str]:
    """Each number once, in the order of the request."""
    return list(dict.fromkeys(given.number for given in recipients if given.number))
