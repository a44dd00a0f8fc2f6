"""The email notifications of an order as they are listed (Get email notifications)."""

from dataclasses import replace
from datetime import timedelta

from conformance.reference.deviations import variant
from conformance.reference.model import EMAIL, Notification, Order, Recipient
from conformance.reference.registers import Organisation
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.wire import Answer, Json, Value

_LATE = timedelta(seconds=2)
_MOMENT = timedelta(milliseconds=40)
_TYPEWRITTEN = str.maketrans({"\u2019": "'"})


@variant
class NewestFirst(Rules):
    """The notifications are listed the other way round than the recipients."""

    def notifications(self, order: Order) -> Value:
        return super().notifications(order)[::-1]


@variant
class NotificationsInAnyOrder(Rules):
    """The notifications of an order change places each time they are read."""

    def notifications(self, order: Order) -> Value:
        order.notifications = [*order.notifications[1:], *order.notifications[:1]]
        return super().notifications(order)


@variant
class GeneratedOneByOne(Rules):
    """The notifications of an order are listed one after the other, each a moment later."""

    def summary(self, order: Order) -> Json:
        so_far = (self.now() - order.changed) // _MOMENT
        return super().summary(replace(order, notifications=order.notifications[: max(0, so_far)]))


@variant
class NoEmailsOfSmsOrder(Rules):
    """An SMS order is not found among those that have email notifications."""

    def emails_found(self, order: Order) -> Answer:
        return super().emails_found(order) if order.channel == EMAIL else Answer(404)


@variant
class TypewriterQuotes(Rules):
    """The descriptions of statuses have the straight quotes of a typewriter."""

    def description(self, status: str) -> str:
        return super().description(status).translate(_TYPEWRITTEN)


@variant
class SlipsMended(Rules):
    """The descriptions of statuses are without the documents' slips of the pen."""

    def description(self, status: str) -> str:
        return super().description(status).replace("was was", "was").replace("phising", "phishing")


@variant
class SpacedDescriptions(Rules):
    """The descriptions of statuses have white space at the end and between their sentences."""

    def description(self, status: str) -> str:
        return super().description(status).replace(". ", ".  ") + " "


@variant
class ReservedStatus(Rules):
    """A reserved person has the newer status Failed_RecipientReserved, which has no description."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        listed = super().notifications_for(order, recipient)
        if self.is_reserved(recipient) and not self.overrides_reservation(order):
            for notification in listed:
                notification.status = "Failed_RecipientReserved"
        return listed


@variant
class SuppressedStatus(Rules):
    """A reserved person has the newer status Failed_SupressedRecipient, described by null."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        listed = super().notifications_for(order, recipient)
        if self.is_reserved(recipient) and not self.overrides_reservation(order):
            for notification in listed:
                notification.status = "Failed_SupressedRecipient"
        return listed

    def status_description(self, notification: Notification) -> Value:
        return super().status_description(notification) or None


@variant
class UnreachableNotListed(Rules):
    """Nothing is generated for a recipient without an address."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        return [each for each in super().notifications_for(order, recipient) if each.address]


@variant
class NullAddressOfUnreachable(Rules):
    """The address of a recipient who could not be reached is null."""

    def notification_recipient(self, notification: Notification) -> Value:
        return {"emailAddress": None, **super().notification_recipient(notification)}


@variant
class EmptyAddressOfUnreachable(Rules):
    """The address of a recipient who could not be reached is an empty text."""

    def used_address(self, notification: Notification) -> Value:
        return super().used_address(notification) or ""


@variant
class NumbersOfRecipients(Rules):
    """The recipient of a notification carries the number that it was ordered with, too."""

    def notification_recipient(self, notification: Notification) -> Value:
        told: Json = super().notification_recipient(notification)
        party = notification.party
        if party is None:
            return told
        is_organisation = isinstance(party, Organisation)
        name = "organizationNumber" if is_organisation else "nationalIdentityNumber"
        return {**told, name: party.number}


@variant
class LateClockOfEmailService(Rules):
    """The last status is told by the email service, whose clock is two seconds late."""

    def last_update(self, notification: Notification) -> Value:
        if notification.status != statuses.DELIVERED:
            return super().last_update(notification)
        return super().last_update(replace(notification, changed=notification.changed - _LATE))


# The course of statuses


@variant
class NeverDelivered(Rules):
    """No report comes back from the email service: a notification stays Succeeded."""

    def end(self, address: str) -> tuple[str, ...]:
        return tuple(each for each in super().end(address) if each != statuses.DELIVERED)

    def sends_mail(self, status: str) -> bool:
        return status == statuses.SUCCEEDED


@variant
class MailLeavesWhenSucceeded(Rules):
    """The email is there before its notification is Delivered."""

    def sends_mail(self, status: str) -> bool:
        return status == statuses.SUCCEEDED


@variant
class StraightToDelivered(Rules):
    """A notification goes from New to Delivered, with nothing to be seen between."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        return super().course(notification)[-1:]


@variant
class LateBounce(Rules):
    """Emails to registered addresses bounce after they were reported as delivered."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        if notification.party is None or not course:
            return course
        return (*course, statuses.BOUNCED)


@variant
class WaitsAgain(Rules):
    """What could not be sent at once waits as New before it is being sent again."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        return (statuses.SENDING, statuses.NEW, *course) if course else course


@variant
class TriedAgain(Rules):
    """What could not be sent at once is listed as a failure that passes, and sent again."""

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        return (statuses.SENDING, "Failed_TransientError", *course) if course else course
