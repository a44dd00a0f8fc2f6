"""Emails that do not arrive, or not with whom or when they should."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Organisation, Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules import send_statuses as statuses
from conformance.reference.setting import Setting
from conformance.reference.wire import Json

_FEW = 2
_HOUR = timedelta(hours=1)


@fault(breaks="delivery.delivered")
class ForeignSubjectLost(Rules):
    """An email whose subject does not fit into Latin-1 is lost on its way.

    Nothing else about such an email can be verified.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        return [mail for mail in mails if mail.subject.isascii() or _is_latin(mail.subject)]


def _is_latin(text: str) -> bool:
    return text == text.encode("latin-1", "replace").decode("latin-1")


@fault(breaks="delivery.delivered")
class NothingLeaves(Rules):
    """Notifications become Delivered without any email leaving the deployment.

    Nothing about delivered emails can be verified.
    """

    def sends_mail(self, status: str) -> bool:
        return False


@fault(breaks="delivery.every-recipient")
class LastAddressForgotten(Rules):
    """The last of several addresses that an order gives gets no email."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        given = [each.id for each in order.notifications if each.party is None]
        is_last = len(given) > 1 and notification.id == given[-1]
        return [] if is_last else super().mails(order, notification)


@fault(breaks="delivery.every-recipient")
class EverySecondAddress(Rules):
    """The second, fourth and each other even one of an order's addresses gets no email."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        given = [each.id for each in order.notifications if each.party is None]
        return [] if notification.id in given[1::2] else super().mails(order, notification)


@fault(breaks="delivery.like-orders")
class LikeMailDropped(Rules):
    """An email like one of an earlier order is taken for a repetition, and does not leave."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._order_of: dict[tuple[str, str, str], str] = {}

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        def is_first(mail: Mail) -> bool:
            like = (mail.to, mail.subject, mail.body)
            return self._order_of.setdefault(like, order.id) == order.id

        return [mail for mail in super().mails(order, notification) if is_first(mail)]


@fault(breaks="delivery.recipients-apart")
class AllRecipientsInTo(Rules):
    """One email goes to all addresses that an order gives, each of which sees the others."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        given = [each for each in order.notifications if each.party is None and each.address]
        if notification not in given:
            return mails
        everyone = ", ".join(str(each.address) for each in given)
        return [replace(mail, to=everyone) for mail in mails if notification is given[0]]


@fault(breaks="delivery.unreachable-stops-no-other")
class UnreachableKeepsEmailsBack(Rules):
    """No email leaves where one recipient of an order has no address, whatever is listed."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        everyone = all(each.address for each in order.notifications)
        return super().mails(order, notification) if everyone else []


@fault(breaks="delivery.once")
class EmailTwice(Rules):
    """The first recipient of an order to several gets the email twice."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        is_first = len(order.notifications) > 1 and notification.id == order.notifications[0].id
        return mails * 2 if is_first else mails


@fault(breaks="delivery.once")
class EmailWhenSucceededAndDelivered(Rules):
    """The email leaves when its notification succeeds, and once more when it is delivered."""

    def sends_mail(self, status: str) -> bool:
        return status in statuses.SUCCESSES


# To whom, and from whom


@fault(breaks="delivery.registered-address")
class OrganisationsGetNothing(Rules):
    """An organisation beside other recipients gets no email.

    That breaks keyword.own-values, too.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        is_beside = len(order.recipients) > 1 and isinstance(notification.party, Organisation)
        return [] if is_beside else super().mails(order, notification)


@fault(breaks="delivery.registered-address")
class RegisteredMailGoesToFirst(Rules):
    """All emails to recipients given by number go to the address of the order's first one.

    That breaks keyword.own-values, too.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        first = order.notifications[0].address
        if notification.party is None or first is None:
            return mails
        return [replace(mail, to=first) for mail in mails]


@fault(breaks="delivery.from-address")
class SentFromBounceAddress(Rules):
    """Emails come from another address than the order details name."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, sender=f"bounce+{mail.sender}")


@fault(breaks="delivery.from-address")
class HtmlSentFromNewsletter(Rules):
    """Emails in HTML come from another address than the order details name."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, sender=f"news+{mail.sender}") if mail.is_html else mail


# When


@fault(breaks="delivery.not-early")
class EmailLeavesWhenPlaced(Rules):
    """An email without a condition leaves when its order is placed.

    The summary is silent about it until the order is due.
    """

    def start_time(self, order: Order) -> datetime:
        return super().start_time(order) if order.condition_endpoint else order.created

    def summary(self, order: Order) -> Json:
        is_due = order.requested_send_time <= self.now()
        return super().summary(order if is_due else replace(order, notifications=[]))


@fault(breaks="delivery.registered-html")
class HtmlOnlyForAddresses(Rules):
    """Who is looked up in a register gets the HTML as plain text; addresses get it as HTML."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return mail if party is None else replace(mail, content_type="Plain")


@fault(breaks="delivery.registered-html")
class HtmlOnlyForFirstAddresses(Rules):
    """Who has a second address gets the HTML there as plain text."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        is_second = party is not None and address in party.addresses[1:]
        return replace(mail, content_type="Plain") if is_second else mail


@fault(breaks="delivery.minimal-order")
class SenderFindsMailByReference(Rules):
    """The sender looks for what it has to send by reference: without one nothing is sent."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        return super().mails(order, notification) if order.senders_reference else []


@fault(breaks="delivery.typography")
class SpacesMadeAlike(Rules):
    """Every space of a text is sent as a blank, also one at which no line may break."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=re.sub(r"[^\S\n\r]", " ", mail.body))


@fault(breaks="delivery.longer-texts")
class SentSubjectCutAt255(Rules):
    """The sender's column for subjects holds 255 characters; more are cut off."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, subject=mail.subject[:255])


@fault(breaks="delivery.longer-texts")
class SentBodyCutAt64K(Rules):
    """The message that is handed to the sender holds 65 536 characters of the body."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return replace(mail, body=mail.body[: 2**16])


@fault(breaks="delivery.reserved-not-delivered")
class ReservedGetEmailsUnseen(Rules):
    """A reserved person is listed as not identified, and gets the email all the same."""

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        listed = super().notifications_for(order, recipient)
        if self.is_reserved(recipient) and not self.overrides_reservation(order):
            address = self.registered_addresses(order, recipient)[0]
            return [replace(each, address=address) for each in listed]
        return listed

    def course(self, notification: Notification) -> tuple[str, ...]:
        course = super().course(notification)
        return course if notification.status == statuses.NEW else (notification.status,)

    def sends_mail(self, status: str) -> bool:
        return super().sends_mail(status) or status == statuses.NOT_IDENTIFIED


@fault(breaks="delivery.reservation-ignored")
class OverriddenReservedGetNothing(Rules):
    """A reserved person whose reservation is overridden is listed as sent to, and gets nothing."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        party = notification.party
        is_reserved = isinstance(party, Person) and party.reserved
        return [] if is_reserved else super().mails(order, notification)


@fault(breaks="delivery.default-now")
class DefaultSendTimeInAnHour(Rules):
    """An order to more than two recipients waits an hour when it names no time to be sent.

    Nothing of such an order is listed or delivered, which breaks what is promised of it, too.
    """

    def start_time(self, order: Order) -> datetime:
        waits = len(order.recipients) > _FEW and order.requested_send_time <= order.created
        return order.created + _HOUR if waits else super().start_time(order)
