"""The twenty-seventh round: regressions of pull requests that looked harmless in review."""

import dataclasses
import json
import re
from datetime import timedelta
from urllib.parse import unquote

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.registers import Organisation, Party
from conformance.reference.rules import Rules
from conformance.reference.rules.order_status import REGISTERED
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Operation, Value

_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{11}(?!\d)", re.ASCII)
_KEPT_ESCAPE = re.compile(r"%(?=23|25|3F)", re.IGNORECASE)
_REPLICA_LAG = timedelta(seconds=3)


@fault(
    breaks="auth.order-expired-bearer",
    also=("auth.details-expired-bearer", "auth.summary-expired-bearer"),
)
class ExpiredBearersAreSentToTheLogin(Rules):
    """Whoever comes with an expired Altinn token is redirected (302), not refused (401).

    "Sign-in for the new support page": its cookie scheme answers every token that once was valid.
    """

    def unauthorized(self, call: Call) -> Answer:
        token = self.bearer_token(call)
        claims = token and self.signed_claims(call, token, self.setting.authority.bearer_key)
        if not claims or not self.is_expired(call, claims):
            return super().unauthorized(call)
        return Answer(302, {"location": f"{self.setting.base_url}/login"})


@fault(breaks="validation.json-strict")
class BodiesAreReadToTheEndOfTheirObject(Rules):
    """Whatever follows the JSON object of a request is ignored, and the order is accepted.

    "Deserialise straight from the stream": the reader stops at the last brace, so two orders in
    one body, or an object with rubbish behind it, become one order.
    """

    def decode(self, body: bytes) -> object:
        text = body.decode("utf-8").lstrip(" \t\r\n")
        _, end = json.JSONDecoder().raw_decode(text)
        return super().decode(text[:end].encode())


@fault(breaks="problem.errors-shape")
class ErrorsOfRecipientsAreNested(Rules):
    """What is wrong with a member of a recipient is an object in ``errors``, not a list of texts.

    "Group validation errors by recipient": ``"Recipients[0]": {"EmailAddress": ["…"]}``.
    """

    def problem_errors(self, errors: Errors) -> Value:
        nested: dict[str, Value] = {}
        for key, texts in errors.items():
            recipient, dot, member = key.partition(".")
            nested[recipient] = {**nested.get(recipient, {}), member: texts} if dot else texts
        return nested


@fault(breaks="lookup.reachable-not-listed")
class ResourcesHideTheContactsOfOrganisations(Rules):
    """With a resourceId no organisation has contact details.

    "Contact points for a resource": those that users registered for the resource, of which there
    are none, replace the addresses of the organisation, where they should have come on top.
    """

    def registered_addresses(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        if order.resource_id and isinstance(self.party(recipient), Organisation):
            return ()
        return super().registered_addresses(order, recipient)


@fault(breaks="details.same-after-processing")
class SendTimesBecomeTheTimeOfTheLastAttempt(Rules):
    """Once an order is processed, its requestedSendTime is when that was, not what was ordered.

    "Retry orders that got stuck": the scheduler writes its next attempt into the column.
    """

    def requested_send_time(self, order: Order) -> Value:
        if order.status == REGISTERED:
            return super().requested_send_time(order)
        return self.timestamp(order.changed)


@fault(breaks="summary.status-200")
class SummariesComeFromAReplicaThatLags(Rules):
    """The emails of an order that was accepted less than three seconds ago are answered with 404.

    "Take load off the primary database": Get email notifications reads from a replica.
    """

    def may_read(self, call: Call, order: Order, organisation: str) -> bool:
        lags = self.now() - order.created < _REPLICA_LAG
        if call.operation is Operation.READ_EMAILS and lags:
            return False
        return super().may_read(call, order, organisation)


@fault(breaks="condition.url-as-ordered")
class ConditionUrlsLoseTheirEscapes(Rules):
    """The URL of a condition is asked for with its percent-encoding undone.

    "Pass a string, not a Uri": its display form is asked for, in which ``?case=a%26b%2Bc`` is
    ``?case=a&b+c``, another question.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return unquote(_KEPT_ESCAPE.sub("%25", url)) if url is not None else None


@fault(breaks="delivery.body")
class ElevenDigitsAreRedactedInMails(Rules):
    """Eleven digits in the body of an email reach the recipient as asterisks.

    "Keep identity numbers out of the logs": the filter works on the mail that is sent, too, and
    takes invoice and account numbers for identity numbers.
    """

    def substituted_body(self, text: str, party: Party | None) -> str:
        return _ELEVEN_DIGITS.sub("*" * 11, super().substituted_body(text, party))


@fault(breaks="keyword.own-values")
class NamesOfOrganisationsNeedAnOrderWithoutPeople(Rules):
    """An organisation's $recipientName$ is empty when the order goes to a person as well.

    "Null-safe lookup of names": ``people ?? organisations`` is either, where it was both.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        party, template = notification.party, order.template
        has_people = any(given.national_identity_number for given in order.recipients)
        if (
            not has_people
            or not isinstance(party, Organisation)
            or not isinstance(template, EmailTemplate)
            or notification.address is None
        ):
            return super().mails(order, notification)
        return [self.mail(template, notification.address, dataclasses.replace(party, name=""))]


@fault(breaks="lookup.reserved-listed")
class OverriddenReservationsAreForgotten(Rules):
    """After an order with ignoreReservation a reserved person counts as not reserved ever after.

    "Cache contact points": the override clears the flag in the cached entry, so later orders
    without ignoreReservation neither list the person nor hold their email back.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._overridden: set[str | None] = set()

    def addresses_of(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        addresses = super().addresses_of(order, recipient)
        if self.overrides_reservation(order) and self.is_reserved(recipient):
            self._overridden.add(recipient.number)
        return addresses

    def is_reserved(self, recipient: Recipient) -> bool:
        return recipient.number not in self._overridden and super().is_reserved(recipient)
