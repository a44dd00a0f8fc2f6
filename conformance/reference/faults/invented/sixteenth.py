"""The sixteenth round: a vendor's team that writes the API anew in Python."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import parse_qsl, urlencode, urlsplit

from conformance.reference.deviations import fault
from conformance.reference.mail import Mail
from conformance.reference.model import EmailTemplate, Notification, Order, Recipient, SmsTemplate
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.keywords import NAME, NUMBER
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Value

_OF_A_RECIPIENT = re.compile(r"Recipients\[(\d+)\]\.?(.*)")
_TAG = re.compile(r"</?[A-Za-z!?][^>]*>")


@fault(breaks="auth.order-other-scheme")
class OtherAuthorizationSchemesForbidden(Rules):
    """An Authorization header of another scheme than Bearer is answered 403, not 401.

    FastAPI's HTTPBearer did so; the team mended only the case without any header.
    """

    def no_bearer(self, call: Call) -> Answer:
        return self.forbidden(call) if "authorization" in call.headers else super().no_bearer(call)


@fault(breaks="problem.errors-shape")
class RecipientErrorsNestedBySerializer(Rules):
    """In a 400, ``errors.Recipients`` holds an object for each recipient, not texts.

    It is how nested serializers of Django REST framework report: ``[{}, {"EmailAddress": […]}]``.
    """

    def problem_errors(self, errors: Errors) -> Value:
        shaped: Json = {}
        for key, texts in errors.items():
            if (found := _OF_A_RECIPIENT.fullmatch(key)) is None:
                shaped[key] = texts
                continue
            nested = shaped.setdefault("Recipients", [])
            nested.extend({} for _ in range(int(found[1]) + 1 - len(nested)))
            nested[int(found[1])][found[2] or "NonFieldErrors"] = texts
        return shaped


@fault(breaks="validation.ignore-reservation-is-boolean")
class ZeroAndOneAreBooleans(Rules):
    """``ignoreReservation`` may be 0 or 1: it is checked by ``value in (None, True, False)``."""

    def errors_in_ignore_reservation(self, value: object) -> list[str]:
        known = value in (None, True, False)
        return [] if known else super().errors_in_ignore_reservation(value)


@fault(breaks="details.send-time-offset-converted")
class SendTimeWestOfGreenwichADayEarly(Rules):
    """A send time with a negative offset becomes the moment a day before.

    The clock is set back by ``utcoffset().seconds``, which is 68400 for -05:00.
    """

    def order(
        self, document: Json, creator: str, channel: str, template: EmailTemplate | SmsTemplate
    ) -> Order:
        order = super().order(document, creator, channel, template)
        sent = document.get("requestedSendTime")
        offset = datetime.fromisoformat(sent.upper()).utcoffset() if sent else None
        days = offset.days if offset else 0
        return replace(order, requested_send_time=order.requested_send_time + timedelta(days=days))


@fault(breaks="summary.succeeded-equals-successes")
class SucceededMultipliedByJoin(Rules):
    """``succeeded`` counts each success once for each recipient of the order.

    The count is made over a join with the recipients, without ``distinct=True``.
    """

    def succeeded(self, order: Order) -> Value:
        return super().succeeded(order) * len(order.recipients)


@fault(breaks="summary.kinds-in-any-order")
class RecipientsGroupedUnsorted(Rules):
    """Of recipients by address, person and organisation in turns, only the last run of each kind.

    They are grouped with ``itertools.groupby``, unsorted, into a dict: a later run of a kind takes
    the place of the earlier one, whose recipients get no notification.
    """

    def generate(self, order: Order) -> list[Notification]:
        runs = {kind: list(run) for kind, run in groupby(order.recipients, self.kind)}
        return [
            notification
            for run in runs.values()
            for recipient in run
            for notification in self.notifications_for(order, recipient)
        ]

    def kind(self, recipient: Recipient) -> str:
        if recipient.number is None:
            return "address"
        return "person" if recipient.national_identity_number else "organisation"


@fault(breaks="delivery.body")
class PlainBodyStrippedOfTags(Rules):
    """A plain text body loses what looks like a tag: ``strip_tags`` makes every text part."""

    def mail(self, template: EmailTemplate, address: str, party: Party | None) -> Mail:
        mail = super().mail(template, address, party)
        return mail if mail.is_html else replace(mail, body=_TAG.sub("", mail.body))


@fault(breaks="keyword.anywhere")
class DollarSignHidesKeyword(Rules):
    r"""A keyword that follows a lone dollar sign is not replaced.

    All that stands between two dollar signs, ``\$[^$]*\$``, is taken for a keyword; in "5 $ from
    $recipientName$" that is "$ from $", and what is left has no dollar sign in front.
    """

    def keyword_pattern(self) -> re.Pattern[str]:
        return re.compile(r"\$[^$]*\$")

    def replacement(self, keyword: str, party: Party) -> str:
        return super().replacement(keyword, party) if keyword in (NAME, NUMBER) else keyword


@fault(breaks="condition.url-as-ordered")
class ConditionQueryMadeADict(Rules):
    """The condition endpoint is asked with a query of its own making.

    ``dict(parse_qsl(query))`` goes to the HTTP client: names without a value are lost, and of a
    name that is there twice the first value.
    """

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None or not urlsplit(url).query:
            return url
        return (
            urlsplit(url)._replace(query=urlencode(dict(parse_qsl(urlsplit(url).query)))).geturl()
        )


@fault(breaks="lookup.lists-name-recipients")
class ReservedListIsADefaultArgument(Rules):
    """``isReserved`` also lists the reserved persons of earlier orders.

    The list is the mutable default of an argument, ``def look_up(order, reserved=[])``.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._listed: list[str] = []

    def reserved(self, order: Order) -> Value:
        self._listed.extend(super().reserved(order))
        return list(self._listed)
