"""The seventeenth round: slips of a team that writes Go, keeps Redis and sends its own mail."""

import gzip
import posixpath
import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from conformance.reference.deviations import fault
from conformance.reference.model import Order
from conformance.reference.registers import Party
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.rules.send_statuses import DELIVERED
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, RefusalError, Value

# What fmt.Sprintf takes for a verb, with its flags.
_VERB = re.compile(r"%[-+# 0-9.]*(.?)", re.DOTALL)


@fault(breaks="details.media-type-json")
class LargeAnswersGzippedUnlabelled(Rules):
    """An answer of 1400 bytes or more is compressed, and no Content-Encoding says so.

    The header is set after WriteHeader, too late for net/http to send it.
    """

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        if "gzip" in call.headers.get("accept-encoding", "") and len(answer.body) >= 1400:
            answer.body = gzip.compress(answer.body)
        return answer


@fault(breaks="problem.errors-shape")
class ErrorTextsMarshalledEmpty(Rules):
    """Each text in the errors of a 400 is an empty object: encoding/json knows no ``error``."""

    def problem_errors(self, errors: Errors) -> Value:
        return {member: [{} for _ in texts] for member, texts in errors.items()}


@fault(breaks="lookup.every-mix-beside-addresses")
class MissingContactByWrongIndex(Rules):
    """missingContact names whoever stands at that index of all recipients, not of the looked-up.

    It is right as long as no recipient given by address stands before them.
    """

    def missing_contact(self, order: Order) -> Value:
        missing = super().missing_contact(order)
        looked_up = [given.number for given in self.looked_up(order)]
        named = [order.recipients[looked_up.index(number)] for number in missing]
        return [recipient.number for recipient in named if recipient.number]


@fault(breaks="details.recipients-returned")
class UnreachableFilteredInPlace(Rules):
    """Leaving out the unreachable writes over the recipients of the order (``append(all[:0])``).

    Of an unreachable recipient before a reachable one nothing remains; the last is there twice.
    """

    def recipients(self, order: Order) -> Value:
        unreachable = [
            recipient
            for recipient in self.looked_up(order)
            if self.is_unreachable(order, recipient)
        ]
        kept = [recipient for recipient in order.recipients if recipient not in unreachable]
        return [self.recipient(shown) for shown in (*kept, *order.recipients[len(kept) :])]


@fault(breaks="details.content-type-default")
class ContentTypeOfPooledRequest(Rules):
    """Requests are decoded into a struct from a sync.Pool that nobody resets.

    An order without contentType gets that of the last order that had one.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._pooled = super().default_content_type()

    def content_type_in(self, document: Json) -> str:
        if document.get("contentType") is not None:
            self._pooled = super().content_type_in(document)
        return self._pooled


@fault(breaks="delivery.subject")
class EncodedWordsRunTogether(Rules):
    """The mail sender encodes each word that is not ASCII by itself, as RFC 2047 forbids.

    White space between two encoded words is not shown: such neighbours in a subject become one.
    """

    def substituted_subject(self, text: str, party: Party | None) -> str:
        return _joined(super().substituted_subject(text, party).split(" "))


@fault(breaks="keyword.rest-kept")
class PercentSignsAsVerbs(Rules):
    """Keywords are filled in with fmt.Sprintf: a percent sign of the text itself is a verb.

    Only texts to recipients given by number are filled in: 5 % becomes 5 %!(NOVERB) there.
    """

    def substitute(self, text: str, party: Party | None) -> str:
        if party is None:
            return text
        return super().substitute(_VERB.sub(_formatted, text), party)


@fault(breaks="condition.url-as-ordered")
class ConditionPathCleaned(Rules):
    """The path of a conditionEndpoint goes through path.Clean: a slash at its end is lost."""

    def condition_url(self, order: Order) -> str | None:
        url = super().condition_url(order)
        if url is None or not (parts := urlsplit(url)).path:
            return url
        cleaned = "/" + posixpath.normpath(parts.path).lstrip("/")
        return parts._replace(path=cleaned).geturl()


@fault(breaks="auth.order-invalid-bearer")
class AuthorizationWithoutSpacePanics(Rules):
    """An Authorization header of one word is a 500: index out of range in ``strings.Split``."""

    def bearer_token(self, call: Call) -> str | None:
        header = call.headers.get("authorization", "").strip()
        if header and " " not in header:
            raise RefusalError(Answer(500))
        return super().bearer_token(call)


@fault(breaks="summary.succeeded-equals-successes")
class SuccessesCountedByEvent(Rules):
    """Each success raises a counter in Redis: an email that is delivered is counted twice.

    Once when the email service accepts it, once when it arrives.
    """

    def succeeded(self, order: Order) -> Value:
        delivered = [sent for sent in order.notifications if sent.status == DELIVERED]
        return super().succeeded(order) + len(delivered)


def _joined(words: Sequence[str]) -> str:
    """The words of a subject, as a mail program puts them together."""
    rest = (
        word if not (before.isascii() or word.isascii()) else f" {word}"
        for before, word in pairwise(words)
    )
    return "".join((words[0], *rest))


def _formatted(verb: re.Match[str]) -> str:
    """What fmt.Sprintf makes of a verb that has no argument."""
    if verb[0] == "%%":
        return "%"
    return f"%!{verb[1]}(MISSING)" if verb[1] else "%!(NOVERB)"
