"""Ten issues of the tracker of a service that has run for a year: everyday mistakes, one each."""

from dataclasses import replace
from datetime import timedelta

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.rules.send_statuses import DELIVERED
from conformance.reference.wire import Answer, Call, Value

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_DESERIALISED = {"$", "ContentType", "RequestedSendTime", "IgnoreReservation"}
_BATCH = 10


@fault(breaks="order.organisation-recipient-accepted")
class ControlDigitZeroRefused(Rules):
    """An organization number whose control digit is 0 is refused with 400.

    The validator computes 11 minus the remainder and forgets that 11 stands for 0, so that about
    every eleventh organisation cannot be notified; all others can.
    """

    def is_organization_number(self, text: str) -> bool:
        digits = map(int, text[:8]) if super().is_organization_number(text) else ()
        return sum(w * d for w, d in zip(_WEIGHTS, digits, strict=False)) % 11 != 0


@fault(breaks="order.status-202")
class CharsetOnlyInOneSpelling(Rules):
    """An order sent as ``application/json;charset=UTF-8`` is answered 415.

    The header is compared as text with the two spellings that the team's own clients send; that
    other HTTP clients leave out the space, or write UTF-8 in capitals, was not thought of.
    """

    def accepts_media_type(self, content_type: str) -> bool:
        return content_type in ("application/json", "application/json; charset=utf-8")


@fault(breaks="problem.explains")
class DeserialiserRefusesWithoutText(Rules):
    """A 400 for what the deserialiser cannot read has neither ``errors`` nor ``detail``.

    Broken JSON, a foreign contentType, a send time that is none, an ignoreReservation that is no
    boolean: the problem says "Bad Request" and not what is wrong. Only the validator's own
    refusals, of what could be read, carry a message.
    """

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        answer = super().bad_request(call, errors)
        if not _DESERIALISED.isdisjoint(errors):
            problem = {**answer.content, "title": "Bad Request"}
            del problem["errors"]
            answer.content = problem
        return answer


@fault(breaks="lookup.reachable-among-many")
class OnlyLastBatchOfLookupKept(Rules):
    """Of an order with more than ten numbers, only those of the last batch have contact details.

    The register is asked for ten at a time, and each answer replaces the one before: reachable
    recipients of earlier batches are told to be missingContact, and get no email.
    """

    def registered_addresses(self, order: Order, recipient: Recipient) -> tuple[str, ...]:
        looked_up = self.looked_up(order)
        kept = looked_up[(len(looked_up) - 1) // _BATCH * _BATCH :]
        return super().registered_addresses(order, recipient) if recipient in kept else ()


@fault(breaks="keyword.template-kept-when-processed", also=("details.same-after-processing",))
class TemplateSavedWithNames(Rules):
    """Once processed, an order reads with its first recipient's name in place of the keywords.

    The template is personalised in the entity itself, which the end of processing saves. Before
    that the order reads as it was placed, and each email is right.
    """

    def email_template(self, order: Order) -> Value:
        value, template = super().email_template(order), order.template
        party = next((sent.party for sent in order.notifications if sent.party), None)
        if party is None or not isinstance(template, EmailTemplate):
            return value
        return {
            **value,
            "subject": self.substituted_subject(template.subject, party),
            "body": self.substituted_body(template.body, party),
        }


@fault(breaks="summary.last-update-plausible")
class DeliveryReportsInLocalTime(Rules):
    """The lastUpdate of a delivered email is Norwegian time with a Z: an hour in the future.

    The handler of delivery reports takes the local clock where all else takes UTC; earlier
    statuses have the right time.
    """

    def last_update(self, notification: Notification) -> Value:
        ahead = timedelta(hours=1 if notification.status == DELIVERED else 0)
        return self.timestamp(notification.changed + ahead)


@fault(breaks="delivery.html-as-html")
class ScheduledHtmlSentAsPlain(Rules):
    """An Html order with a later requestedSendTime arrives as plain text, tags and all.

    What is sent at once comes from memory and is right; what waits comes from the database, whose
    query for due orders does not read the content type. The order itself still reads Html.
    """

    def mails(self, order: Order, notification: Notification) -> list[Mail]:
        mails = super().mails(order, notification)
        if order.requested_send_time <= order.created:
            return mails
        return [replace(mail, content_type="Plain") for mail in mails]


@fault(breaks="summary.kinds-in-any-order")
class KeywordsStumbleOverAddresses(Rules):
    """An order with keywords generates nothing if any of its recipients is given by address.

    Who is given by address has no name; the null reference ends the generation for all, also for
    the persons and organisations beside it, and the order is marked as completed.
    """

    def generate(self, order: Order) -> list[Notification]:
        template = order.template
        if not isinstance(template, EmailTemplate):
            return super().generate(order)
        has_keywords = self.keyword_pattern().search(f"{template.subject} {template.body}")
        by_address = any(self.given_address(order, given) for given in order.recipients)
        return [] if has_keywords and by_address else super().generate(order)


@fault(breaks="condition.url-as-ordered")
class ConditionUrlsInLowerCase(Rules):
    """The condition is asked for at the URL in lower case, path and query included.

    Somebody meant to normalise the host. An endpoint whose path has a capital is never asked: what
    is asked is another resource, and when that one does not answer the order is sent.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        return url and url.lower()
