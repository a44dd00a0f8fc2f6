"""What is expected of one answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NoReturn, Self

from conformance.checks.answers import documented_status
from conformance.checks.details import IDENTIFIERS, recipients_of
from conformance.checks.lookup import lookup_of, status_is_known
from conformance.checks.values import instant_of, url_path, utc_instant
from conformance.errors import Blocked
from conformance.exchange import ABSENT, Exchange, shown
from conformance.exchange import member as value_at
from conformance.finding import Finding, Nonconformance
from conformance.orders import numbers
from conformance.target.description import Identity

MILLISECOND = timedelta(milliseconds=1)


class AnswerExpectation:
    """What is expected of one exchange.

    ``requirement`` is the one that is judged where it is not that of the test.
    """

    def __init__(self, exchange: Exchange, requirement: str = "") -> None:
        self._exchange = exchange
        self._answer = exchange.response
        self._requirement = requirement

    def has_status(self, *statuses: int, because: str = "") -> Self:
        """The response code is one of these; ``because`` says why it had to be."""
        if self._answer.status not in statuses:
            told = f", as {because}" if because else ""
            self._fail_status(f"status {' or '.join(map(str, statuses))}{told}")
        return self

    def is_accepted(self) -> Self:
        """The order was accepted (2xx); which code that is has a requirement of its own."""
        if not 200 <= self._answer.status < 300:
            self._fail_status("the order to be accepted (202)")
        return self

    def is_refused(self, *statuses: int, flaw: str = "") -> Self:
        """The request was refused with one of these codes; ``flaw`` says why it had to be.

        A refusal with a code that no document knows is a finding of that, once for all refusals.
        """
        if self._answer.status not in statuses:
            refused = 400 <= self._answer.status < 500
            if refused and documented_status.applies_to(self._exchange):
                self.passes(documented_status)
        return self.has_status(*statuses, because=flaw)

    def finds_nothing_but(self, id: str, *, not_by: object = None) -> Self:
        """The order that was asked for is not found, or is one: ids may be given out in a row.

        Then it is another than the one with the sender's reference ``not_by``.
        """
        named = [str(self._answer.member(name)).lower() for name in ("id", "orderId")]
        is_other = not_by is None or self._answer.member("sendersReference") != not_by
        if self._answer.status == 200 and id.lower() in named and is_other:
            return self
        return self.has_status(404)

    def is_no_server_error(self, *but: int) -> Self:
        """The request was answered as the deployment meant to, whatever that is."""
        if self._answer.status >= 500 and self._answer.status not in but:
            self._fail_status("no server error (5xx)")
        return self

    def is_authorised(self) -> Self:
        """The credential was accepted; Blocked where the request failed for another reason."""
        if self._answer.status in (401, 403):
            self._fail_status("the credential to be accepted (2xx)")
        if not 200 <= self._answer.status < 300:
            raise Blocked(f"an authorised request was answered {self._answer.status}")
        return self

    def passes(self, *checks: Callable[[Exchange], Finding | None]) -> Self:
        """No check has a finding."""
        for check in checks:
            finding = check(self._exchange)
            if finding:
                raise Nonconformance(finding.of(self._requirement))
        return self

    def has(self, path: str, value: Any) -> Self:
        """The member at a dotted path equals a value of the same JSON type."""
        seen = self._answer.member(path)
        if seen != value or isinstance(seen, bool) is not isinstance(value, bool):
            self._fail(f"{path} to be {shown(value)}", shown(seen))
        return self

    def has_lines(self, path: str, text: str) -> Self:
        """The member at a dotted path is this text, whichever way its line breaks are spelt."""
        seen = self._answer.member(path)
        if not isinstance(seen, str) or seen.replace("\r\n", "\n") != text:
            self._fail(f"{path} to be {shown(text)}", shown(seen))
        return self

    def has_id(self, path: str, id: str) -> Self:
        """The member at a dotted path is this GUID, in any case."""
        seen = self._answer.member(path)
        if not isinstance(seen, str) or seen.lower() != id.lower():
            self._fail(f"{path} to be {id}", shown(seen))
        return self

    def differs(self, path: str, other: Any) -> Self:
        """The member at a dotted path is another than this one."""
        if self._answer.member(path) == other:
            self._fail(f"another {path} than before", f"{shown(other)} again")
        return self

    def lacks(self, path: str, *allowed: Any) -> Self:
        """The member at a dotted path is absent, null, or one of the allowed values."""
        seen = self._answer.member(path)
        if seen is not ABSENT and seen is not None and seen not in allowed:
            self._fail(f"no {path}", shown(seen))
        return self

    def has_instant(self, path: str, *instants: datetime, within: timedelta = MILLISECOND) -> Self:
        """The member at a dotted path is a date-time in any zone, that near to an instant.

        Of several it is near one.
        """
        value = self._answer.member(path)
        seen = utc_instant(value) or instant_of(value)
        if seen is None or all(abs(seen - each) > within for each in instants):
            near = "" if within == MILLISECOND else f" within {within.total_seconds():g} s"
            self._fail(f"{path} to be {instants[0].isoformat()}{near}", shown(value))
        return self

    def has_recipients(self, recipients: Sequence[Mapping[str, str]]) -> Self:
        """recipients names these and no others, in any order; further members may be there."""
        listed = self._answer.member("recipients")
        seen = recipients_of(self._exchange)
        if len(seen) != len(recipients):
            self._fail(f"{len(recipients)} recipients", _count_of(listed))
        ordered = Counter(next(iter(each.items())) for each in recipients)
        told = Counter(
            (member, each[member])
            for each in seen
            for member in IDENTIFIERS
            if isinstance(each, Mapping) and isinstance(each.get(member), str)
        )
        for (member, value), count in ordered.items():
            if told[member, value] != count:
                self._fail(f"a recipient with {member} {shown(value)}", shown(listed))
        return self

    def has_identifiers_only(self, member: str) -> Self:
        """Each of the recipients carries this identifier and no other."""
        if not recipients_of(self._exchange):
            self._fail(f"a recipient with {member}", shown(self._answer.member("recipients")))
        for each in recipients_of(self._exchange):
            carried = [name for name in IDENTIFIERS if value_at(each, name) not in (ABSENT, None)]
            if carried != [member]:
                self._fail(f"a recipient with {member} alone", shown(each))
        return self

    def has_path(self, path: str, link: str | None) -> Self:
        """The member at a dotted path is a URL with the same path as a link, in any case."""
        seen = self._answer.member(path)
        own, other = url_path(seen), url_path(link)
        if own is None or other is None or own.lower() != other.lower():
            self._fail(f"{path} with the path {other}", shown(seen))
        return self

    def repeats(self, before: Exchange, *members: str) -> Self:
        """The members have the same values as in an exchange before; others may come and go.

        A list may be in another order, an instant spelt otherwise.
        """
        for name in members:
            earlier, now = before.response.member(name), self._answer.member(name)
            if _meant(earlier) != _meant(now):
                self._fail(f"{name} to be {shown(earlier)} again", shown(now))
        return self

    def keeps_instants(self, before: Exchange, *members: str) -> Self:
        """The members are the same instants as in an exchange before, to the millisecond."""
        for name in members:
            value = before.response.member(name)
            earlier = utc_instant(value) or instant_of(value)
            if earlier is None:
                raise Blocked(f"{name} was no date-time in the reading before")
            self.has_instant(name, earlier)
        return self

    def has_lookup(
        self,
        status: str | None = None,
        reserved: Sequence[Identity] | None = None,
        missing: Sequence[Identity] | None = None,
    ) -> Self:
        """recipientLookup has this status and lists exactly these identities."""
        lookup = lookup_of(self._exchange)
        if status is not None:
            self.passes(status_is_known)
        if status is not None and value_at(lookup, "status") != status:
            self._fail(f"recipientLookup.status to be {status}", f"recipientLookup {shown(lookup)}")
        for name, identities in (("isReserved", reserved), ("missingContact", missing)):
            if identities is not None:
                self._lists_exactly(name, numbers(identities))
        return self

    def has_other_status(self, *statuses: str) -> Self:
        """recipientLookup has none of these statuses."""
        lookup = lookup_of(self._exchange)
        if value_at(lookup, "status") in statuses:
            told = " or ".join(statuses)
            self._fail(
                f"recipientLookup.status not to be {told}", f"recipientLookup {shown(lookup)}"
            )
        return self

    def lists(self, name: str, *identities: Identity) -> Self:
        """A list of recipientLookup names these identities, and perhaps others."""
        listed = self._lookup_list(name)
        for each in identities:
            if each.number not in listed:
                self._fail(f"{name} to list {each.number}", shown(listed))
        return self

    def does_not_list(self, name: str, *identities: Identity) -> Self:
        """A list of recipientLookup names none of these identities."""
        listed = self._lookup_list(name)
        for each in identities:
            if each.number in listed:
                self._fail(f"{name} not to list {each.number}", shown(listed))
        return self

    def saw(self, expected: str, holds: bool, otherwise: str) -> Self:
        """Something outside of this exchange holds that follows from it."""
        if not holds:
            self._fail(expected, otherwise)
        return self

    def _lists_exactly(self, name: str, wanted: Sequence[str]) -> None:
        listed = self._lookup_list(name)
        if sorted(map(str, listed)) != sorted(wanted):
            self._fail(f"{name} to list exactly {shown(list(wanted))}", shown(listed))

    def _lookup_list(self, name: str) -> list[Any]:
        listed = value_at(lookup_of(self._exchange), name)
        if listed is None:
            return []  # that it should be a list is a promise of its own
        if not isinstance(listed, list):
            self._fail(f"recipientLookup.{name} to be a list", shown(listed))
        return listed

    def _fail_status(self, expected: str) -> NoReturn:
        told = self._answer.body[:300].decode("utf-8", "replace").strip()
        actual = f"status {self._answer.status}" + (f" with {told}" if told else "")
        raise Nonconformance(
            Finding(expected, actual, self._exchange, self._requirement, disputes_status=True)
        )

    def _fail(self, expected: str, actual: str) -> NoReturn:
        raise Nonconformance(Finding(expected, actual, self._exchange, self._requirement))


def _meant(value: Any) -> Any:
    """Return what a value stands for: a list in any order, an instant in any spelling."""
    if isinstance(value, list):
        return sorted(json.dumps(each, sort_keys=True) for each in value)
    return utc_instant(value) or value


def _count_of(listed: Any) -> str:
    return f"{len(listed)} of them" if isinstance(listed, list) else shown(listed)
