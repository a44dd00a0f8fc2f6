"""The twenty-fourth round: the service ported to events, then mutated one feature at a time.

The first seven are from a team that takes orders in through a log, looks recipients up in batches,
hands mail to a queue that removes duplicates, and serves reads from projections. The last three
are single mutations that a QA engineer seeds to see who notices.
"""

import dataclasses
import uuid

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import Notification, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.setting import Setting
from conformance.reference.wire import Call, Value

_BATCH = 25


@fault(breaks="order.contract-accepted")
class OrdersReadByTheLine(Rules):
    """Orders come in through a log of one JSON document a line, and only the first line is read.

    A body of several lines, like each example of the documents, is no valid JSON to it.
    """

    def decode(self, body: bytes) -> object:
        return super().decode(body.strip().partition(b"\n")[0])


@fault(breaks="lookup.present-for-person")
class ScheduledLookupsLeftToTheWorker(Rules):
    """An order for later is looked up by the worker when it is due: its 202 has no lookup."""

    def requires_lookup(self, order: Order) -> bool:
        return order.requested_send_time <= order.created and super().requires_lookup(order)


@fault(breaks="lookup.complete-among-many")
class LookupAnswersItsLastBatch(Rules):
    """Recipients are looked up in batches of 25, and each result takes the place of the one before.

    Of an order with more of them, the 202 tells only about those of the last batch.
    """

    def looked_up(self, order: Order) -> list[Recipient]:
        recipients = super().looked_up(order)
        return recipients[(len(recipients) - 1) // _BATCH * _BATCH :]


@fault(breaks="delivery.like-orders")
class QueueRemovesEqualMails(Rules):
    """The queue removes duplicates by their content, so an email goes out only once.

    A later order with the same texts for the same address says Delivered, and nothing arrives.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._queued: set[tuple[str, str, str]] = set()

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        fresh = [mail for mail in mails if _content(mail) not in self._queued]
        self._queued.update(map(_content, fresh))
        return fresh


@fault(breaks="keyword.template-kept-when-processed")
class RenderedTextsWrittenBack(Rules):
    """The worker saves the order with the texts it has rendered for the last recipient.

    Once the order is processed, its emailTemplate has a name and a number for keywords.
    """

    def email_template(self, order: Order) -> Value:
        template = super().email_template(order)
        parties = [sent.party for sent in order.notifications if sent.party]
        if template is not None and parties:
            template["subject"] = self.substituted_subject(template["subject"], parties[-1])
            template["body"] = self.substituted_body(template["body"], parties[-1])
        return template


@fault(breaks="summary.notification-ids-stable")
class NotificationCalledAfterItsLastEvent(Rules):
    """The projection shows the id of the last event: an id changes with each new status."""

    def notification_id(self, notification: Notification) -> Value:
        return str(uuid.uuid5(uuid.UUID(notification.id), notification.status))


@fault(breaks="condition.not-met-not-sent")
class UrgentOrdersPassTheCondition(Rules):
    """Orders that ignore reservations take the urgent queue, whose worker asks no condition."""

    def condition_url(self, order: Order) -> str | None:
        return None if order.ignore_reservation else super().condition_url(order)


@fault(breaks="condition.met-delivered")
class ConditionWorkerForgetsHtml(Rules):
    """Who asks the condition writes a new command to send, which has no contentType in it.

    An order in HTML that names a conditionEndpoint arrives as plain text.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        if order.condition_endpoint is None:
            return mails
        return [dataclasses.replace(mail, content_type="Plain") for mail in mails]


@fault(
    breaks="auth.order-platform-token-as-bearer",
    also=("auth.details-platform-token-as-bearer", "auth.summary-platform-token-as-bearer"),
)
class PlatformTokenAsBearer(Rules):
    """One validator for both headers: a platform access token sent as bearer needs no scope."""

    def bearer_caller(self, call: Call) -> str:
        token = self.bearer_token(call)
        claims = self.platform_claims(call, token) if token else None
        app = self.platform_organisation(call, claims) if claims else None
        return app or super().bearer_caller(call)


def _content(mail: Mail) -> tuple[str, str, str]:
    return mail.to, mail.subject, mail.body
