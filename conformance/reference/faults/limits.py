"""Texts that are cut where a column ends, and lists where a page or a batch does."""

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.wire import Value

PAGE = 10
BATCH = 100
TWO_BATCHES = 200

# Texts


@fault(breaks="details.subject-returned")
class SubjectCutAt255(Rules):
    """A subject is cut after two hundred and fifty-five characters."""

    def template_subject(self, template: EmailTemplate) -> Value:
        return template.subject[:255]


@fault(breaks="details.senders-reference-returned")
class ReferenceCutAt128(Rules):
    """A sendersReference is cut after a hundred and twenty-eight characters."""

    def senders_reference(self, order: Order) -> Value:
        return order.senders_reference and order.senders_reference[:128]


# Lists


@fault(breaks="details.recipients-returned")
class HundredRecipientsReturned(Rules):
    """The details of an order list its first hundred recipients."""

    def recipients(self, order: Order) -> Value:
        return super().recipients(order)[:BATCH]


@fault(breaks="details.recipients-returned")
class RecipientBetweenPagesLost(Rules):
    """Recipients are read a hundred at a time, and the one after each hundred is skipped."""

    def recipients(self, order: Order) -> Value:
        listed = super().recipients(order)
        return [each for place, each in enumerate(listed, start=1) if place % (BATCH + 1)]


@fault(breaks="lookup.complete-among-many")
class LookupOfFirstTwoHundred(Rules):
    """Only the first two hundred recipients are looked up."""

    def looked_up(self, order: Order) -> list[Recipient]:
        return super().looked_up(order)[:TWO_BATCHES]


@fault(breaks="lookup.complete-among-many")
class LookupOfWholeBatches(Rules):
    """Recipients are looked up a hundred at a time, and what is left of several batches is not."""

    def looked_up(self, order: Order) -> list[Recipient]:
        recipients = super().looked_up(order)
        return recipients[: len(recipients) // BATCH * BATCH] or recipients


@fault(breaks="summary.one-per-address")
class TenNotificationsListed(Rules):
    """The summary lists the first ten notifications of an order, and no others are sent."""

    def generate(self, order: Order) -> list[Notification]:
        return super().generate(order)[:PAGE]


@fault(breaks="summary.one-per-address")
class PlusTagsAreOneRecipient(Rules):
    """Of addresses that differ in what follows a plus sign only the first is sent to."""

    def generate(self, order: Order) -> list[Notification]:
        first: dict[str, Notification] = {}
        for each in super().generate(order):
            local, _, domain = (each.address or each.id).rpartition("@")
            first.setdefault(f"{local.partition('+')[0]}@{domain}", each)
        return list(first.values())


@fault(breaks="summary.one-per-address")
class DottedAddressesAreOneRecipient(Rules):
    """Of addresses that differ in dots before the at-sign only the first is sent to."""

    def generate(self, order: Order) -> list[Notification]:
        first: dict[str, Notification] = {}
        for each in super().generate(order):
            local, _, domain = (each.address or each.id).rpartition("@")
            first.setdefault(f"{local.replace('.', '')}@{domain}", each)
        return list(first.values())


@fault(breaks="delivery.every-recipient")
class EmailsToFirstTen(Rules):
    """All recipients of an order are listed as delivered to, and the first ten get the email."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        first = [each.id for each in order.notifications[:PAGE]]
        return super().mails(order, notification) if notification.id in first else []


@fault(breaks="summary.delivered-in-the-end")
class PlusInAddressIsDecoded(Rules):
    """A plus sign in an address reaches the mail system as a space, and the email fails."""

    def end(self, address: str) -> tuple[str, ...]:
        return (statuses.INVALID_FORMAT,) if "+" in address else super().end(address)
