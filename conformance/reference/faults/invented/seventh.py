"""What a seventh reader of the documents thought a developer might get wrong."""

import re
from dataclasses import replace

from joserfc.jwk import RSAKey

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import (
    EmailTemplate,
    Notification,
    Order,
    Recipient,
    SmsTemplate,
)
from conformance.reference.registers import Organisation, Party, Person
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.rules.keywords import NUMBER
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Call, Json, Operation, RefusalError, Value

_POSITION = re.compile(r"[\[\].]+")


@fault(breaks="keyword.reserved-person-named")
class ReservedPersonHasNoName(Rules):
    """A reserved person who gets mail because of ignoreReservation is addressed with no name.

    The contact register's answer for a reserved person is cut down to the address before it is
    handed on, so $recipientName$ is replaced with nothing.
    """

    def recipient_name(self, party: Party) -> str:
        reserved = isinstance(party, Person) and party.reserved
        return "" if reserved else super().recipient_name(party)


@fault(breaks="http.example-headers")
class ReadingWithContentTypeNeedsBody(Rules):
    """A GET with ``Content-Type: application/json``, as in the examples, is refused with 400.

    The body that the header announces is parsed before the order is looked for, and an empty body
    is not valid JSON.
    """

    def authorise(self, call: Call) -> str:
        organisation = super().authorise(call)
        reads = call.operation in (Operation.READ_ORDER, Operation.READ_EMAILS)
        if reads and "content-type" in call.headers and not call.body:
            raise RefusalError(self.bad_request(call, {"$": ["The body is not valid JSON."]}))
        return organisation


@fault(breaks="order.senders-reference-of-another")
class ReferenceTakenByAnotherOrganisation(Rules):
    """An order is refused when another organisation has used the same sendersReference.

    The unique index on the reference forgets the creator; an organisation may repeat its own.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._owners: dict[str, str] = {}

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        order = super().order(document, creator, channel, template)
        reference = order.senders_reference
        if reference and self._owners.setdefault(reference, creator) != creator:
            texts = ["'SendersReference' must be unique."]
            raise RefusalError(self.json_answer(400, self.problem({"SendersReference": texts})))
        return order


@fault(breaks="keyword.own-values")
class PersonGetsNumberOfOrganisationBefore(Rules):
    """In an order with both, a person reads the number of the organisation listed before.

    The variable for the number is set for organisations only, and not cleared in between. A person
    listed before all organisations reads nothing there, as documented.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        template, address, party = order.template, notification.address, notification.party
        before = order.notifications[: order.notifications.index(notification)]
        numbers = [each.party.number for each in before if isinstance(each.party, Organisation)]
        if (
            not isinstance(template, EmailTemplate)
            or not isinstance(party, Person)
            or not (address and numbers)
        ):
            return super().mails(order, notification)
        subject, body = (
            text.replace(NUMBER, numbers[-1]) for text in (template.subject, template.body)
        )
        return [self.mail(replace(template, subject=subject, body=body), address, party)]


@fault(breaks="keyword.template-kept-when-processed")
class TemplateShowsLastTextOnceProcessed(Rules):
    """Once an order is processed its details show the texts that the last recipient got.

    Replacing the keywords writes into the stored template; until then it reads as ordered.
    """

    def email_template(self, order: Order) -> Value:
        shown = super().email_template(order)
        parties = [sent.party for sent in order.notifications if sent.address]
        if shown and parties:
            shown["subject"] = self.substituted_subject(shown["subject"], parties[-1])
            shown["body"] = self.substituted_body(shown["body"], parties[-1])
        return shown


@fault(breaks="lookup.failed-when-all-reserved")
class FailedOnlyForOneReason(Rules):
    """A lookup that failed for all, some reserved and some without contact, is PartialSuccess.

    Each of the two lists is compared with the recipients on its own; it is Failed only when all are
    reserved, or all without contact details.
    """

    def lookup_status(self, order: Order) -> Value:
        looked_up = self.looked_up(order)
        unreachable = [given for given in looked_up if self.is_unreachable(order, given)]
        reserved = sum(self.is_reserved(given) for given in unreachable)
        if 0 < reserved < len(unreachable):
            return "PartialSuccess"
        return super().lookup_status(order)


@fault(breaks="auth.order-forged-bearer")
class SignatureNotCheckedAgain(Rules):
    """A token whose signature was altered is accepted when the genuine one was seen before.

    The claims are cached by header and payload of the token, and found there before the signature
    is looked at. The lifetime is checked each time.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._verified: dict[str, Claims] = {}

    def signed_claims(self, call: Call, token: str, key: RSAKey) -> Claims | None:
        signed = token.rpartition(".")[0]
        claims = self._verified.get(signed) or super().signed_claims(call, token, key)
        if claims is not None:
            self._verified[signed] = claims
        return claims


@fault(breaks="condition.checked")
class ScheduledOrderSkipsCondition(Rules):
    """The condition of an order with a requestedSendTime in the future is never asked for.

    Orders to be sent at once are checked on their way; the scheduler sends what is due.
    """

    def condition_url(self, order: Order) -> str | None:
        is_scheduled = order.requested_send_time > order.created
        return None if is_scheduled else super().condition_url(order)


@fault(breaks="summary.notification-ids-unique")
class AddressesOfOneRecipientShareId(Rules):
    """The notifications to the addresses of one organisation all have the same id.

    It is made for each recipient, not for each email.
    """

    def notifications_for(self, order: Order, recipient: Recipient) -> list[Notification]:
        found = super().notifications_for(order, recipient)
        for notification in found:
            notification.id = found[0].id
        return found


@fault(breaks="problem.errors-shape")
class ErrorsOfRecipientsNested(Rules):
    """``errors`` of a 400 has objects in objects for a recipient, in place of lists of texts.

    ``{"Recipients": {"0": {"EmailAddress": ["…"]}}}``, as some validators write it; other members
    have their list as in the example.
    """

    def problem_errors(self, errors: Errors) -> Value:
        nested: Json = {}
        for path, texts in errors.items():
            *ways, last = [name for name in _POSITION.split(path) if name]
            place = nested
            for name in ways:
                place = place.setdefault(name, {})
            place[last] = texts
        return nested
