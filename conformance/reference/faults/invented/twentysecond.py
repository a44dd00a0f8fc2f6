"""The twenty-second round: edges of what is allowed, and one thing beside another."""

import re
from dataclasses import replace
from datetime import timedelta

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Operation

_TAG = re.compile(r"(<[^>]*>)")
_BATCH = 50
_BASE_PATH = "/notifications/api/v1"
_AT_ONCE = timedelta(seconds=1)


@fault(breaks="keyword.number-alone-in-subject")
class KeywordAloneStaysForPersons(Rules):
    """A text that is empty once its keywords are replaced is sent as it was ordered.

    A subject or body of nothing but ``$recipientNumber$`` shows the keyword itself to a person, for
    whom it should be empty; as soon as there is another word beside it all is well.
    """

    def substitute(self, text: str, party: Party | None) -> str:
        replaced = super().substitute(text, party)
        return replaced if replaced.strip() else text


@fault(breaks="delivery.every-recipient")
class NothingMailedAfterFiftieth(Rules):
    """The email service is handed the first fifty emails of an order; all count as delivered."""

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        if order.notifications.index(notification) >= _BATCH:
            return []
        return super().mails(order, notification)


@fault(breaks="validation.person-number-length")
class PersonsUncheckedBesideOrganisations(Rules):
    """The form of national identity numbers is checked only where no organisation is named too.

    As with a chain of else-ifs over the kinds: beside one right organization number, a national
    identity number of five digits or of letters is accepted.
    """

    def errors_in_recipients(self, value: object, address: str) -> Errors:
        errors = super().errors_in_recipients(value, address)
        listed = value if isinstance(value, list) else []
        if not any(isinstance(item, dict) and item.get("organizationNumber") for item in listed):
            return errors
        unchecked = ".NationalIdentityNumber"
        return {name: texts for name, texts in errors.items() if not name.endswith(unchecked)}


@fault(breaks="auth.summary-platform-token-suffices")
class EmailsOfAppOrdersNotFoundByApp(Rules):
    """An app gets a 404 for the emails of an order that it placed itself by PlatformAccessToken.

    The order is kept under the app, its emails are looked for under the organisation. The order
    itself is found, and so are the emails with an Altinn token of the organisation.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._called_by_app = False
        self._orders_of_apps: set[str] = set()

    def authorise(self, call: Call) -> str:
        organisation = super().authorise(call)
        self._called_by_app = self.platform_token(call) is not None
        return organisation

    def email_order(self, document: Json, organisation: str) -> Order:
        order = super().email_order(document, organisation)
        if self._called_by_app:
            self._orders_of_apps.add(order.id)
        return order

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        is_missed = self._called_by_app and order.id in self._orders_of_apps
        if call.operation is Operation.READ_EMAILS and is_missed:
            return False
        return super().may_read(call, order, organisation)


@fault(
    breaks="auth.order-bearer-as-platform-token",
    also=("auth.details-bearer-as-platform-token", "auth.summary-bearer-as-platform-token"),
)
class AltinnTokenPassesAsPlatformToken(Rules):
    """Whatever Altinn has signed passes in the header PlatformAccessToken.

    So an Altinn token without the scope, which is refused as a bearer, is let in when it is sent
    in the other header; placing and both readings share the check.
    """

    def platform_caller(self, call: Call) -> str | None:
        token = self.platform_token(call)
        claims = self.bearer_claims(call, token) if token else None
        named = self.organisation(call, claims) if claims else None
        return super().platform_caller(call) or named


@fault(breaks="details.links-work-for-apps")
class LinksForAppsLackBasePath(Rules):
    """An app that reads an order with its PlatformAccessToken gets links inside the cluster.

    They begin with ``/orders`` on the host, without ``/notifications/api/v1``; with an Altinn token
    the links of the same order are right.
    """

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        is_details = call.operation is Operation.READ_ORDER and answer.status == 200
        if is_details and self.platform_token(call) is not None:
            answer.body = answer.body.replace(f"{_BASE_PATH}/orders/".encode(), b"/orders/")
        return answer


@fault(breaks="condition.not-met-not-sent")
class ConditionSkippedWhenScheduled(Rules):
    """An order with both a later requestedSendTime and a conditionEndpoint is sent unconditionally.

    The scheduler that takes up orders for later does not ask their condition; that is done only
    for orders that are sent at once.
    """

    def condition_url(self, order: Order) -> str | None:
        is_scheduled = order.requested_send_time - order.created > _AT_ONCE
        return None if is_scheduled else super().condition_url(order)


@fault(breaks="keyword.in-html-body")
class KeywordsInAttributesStay(Rules):
    """In HTML, keywords are replaced in the text but not inside of tags.

    ``<a href="https://altinn.example/?org=$recipientNumber$">`` reaches the recipient as it is.
    """

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if not mail.is_html:
            return mail
        parts = _TAG.split(template.body)
        parts[::2] = [self.substituted_body(text, party) for text in parts[::2]]
        return replace(mail, body="".join(parts))


@fault(breaks="delivery.own-body")
class BodyRememberedBySubject(Rules):
    """Personal texts are kept by subject and recipient, so a second order sends the first's body.

    Two orders with the same subject and different bodies, to the same person or organisation by
    number: the second email has the body of the first.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._bodies: dict[tuple[str, str], str] = {}

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        if party is None:
            return mail
        body = self._bodies.setdefault((template.subject, party.number), mail.body)
        return replace(mail, body=body)


@fault(breaks="lookup.absent-for-addresses")
class LookupToldWhereReservationsCount(Rules):
    """With ``ignoreReservation`` false, the 202 tells of a lookup even where there was none to do.

    An order to nothing but email addresses is answered with a recipientLookup: Success, two empty
    lists.
    """

    def requires_lookup(self, order: Order) -> bool:
        return super().requires_lookup(order) or order.ignore_reservation is False
