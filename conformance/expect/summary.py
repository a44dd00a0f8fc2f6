"""What is expected of a reading of the email notifications of an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from itertools import pairwise
from typing import Any, NoReturn, Self

from conformance.checks.registry import Check
from conformance.checks.summary import (
    NOT_IDENTIFIED,
    OPEN,
    SUCCESSES,
    Step,
    address_of,
    addresses_of,
    notifications_of,
    status_of,
    steps_of,
)
from conformance.checks.values import instant_of, is_count, utc_instant
from conformance.errors import Blocked
from conformance.exchange import Exchange, member, shown
from conformance.finding import Finding, Nonconformance
from conformance.target.description import Identity

LEEWAY = timedelta(minutes=2)
"""How far the clock of a deployment may be from the one of its Date header."""
DRIFT = timedelta(seconds=5)
"""How far the clocks of a deployment's parts, each of which updates a status, may differ."""
NOBODY = (NOT_IDENTIFIED, "Failed_RecipientReserved")
"""The statuses of a notification that there is nobody to send to."""


class SummaryExpectation:
    """What is expected of one reading, which others may precede."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._listed = notifications_of(exchange)

    def lists_notifications(self) -> Self:
        """There is something to judge; Blocked where no notification is listed."""
        if not self._listed:
            raise Blocked("a processed order lists no notification to judge")
        return self

    def passes(self, check: Check) -> Self:
        """The check has no finding."""
        finding = check(self._exchange)
        if finding:
            raise Nonconformance(finding)
        return self

    def has_notifications(self, count: int) -> Self:
        """That many notifications are listed."""
        if len(self._listed) != count:
            self._fail(f"{count} notifications", f"{len(self._listed)} of them")
        return self

    def sends_to(self, *addresses: str) -> Self:
        """Each address is the recipient of a notification, in any case."""
        told = self._addresses()
        for address in addresses:
            if address.lower() not in told:
                self._fail(f"a notification to {address}", f"recipients {shown(told)}")
        return self

    def reaches(self, *known: Identity) -> Self:
        """Each is sent to, at any of the addresses that the registers know of it."""
        told = self._addresses()
        for each in known:
            wanted = each.address  # Blocked where none is stated
            if not any(address.lower() in told for address in each.addresses):
                self._fail(f"a notification to {wanted}", f"recipients {shown(told)}")
        return self

    def sends_once_to(self, *known: Identity) -> Self:
        """No address is listed more often than it is registered, as two may share it."""
        told = self._addresses()
        stated = [each for each in known if each.address]  # Blocked where none is
        wanted = [address.lower() for each in stated for address in each.addresses]
        for address in wanted:
            if told.count(address) > wanted.count(address):
                expected = f"{wanted.count(address)} notification to {address}"
                self._fail(expected, f"{told.count(address)} of them")
        return self

    def succeeds_for_none_but(self, *addresses: str) -> Self:
        """Every notification that has succeeded went to one of these addresses."""
        allowed = {each.lower() for each in addresses}
        for each in self._listed:
            other = str(address_of(each)).lower() not in allowed
            if other and (each.get("succeeded") is True or status_of(each) in SUCCESSES):
                told = " or ".join(addresses) or "anybody"
                self._fail(f"no successful notification but to {told}", shown(each))
        return self

    def identifies(self, *addresses: str) -> Self:
        """For each address there is a notification that has somebody to send to."""
        found = {
            str(address_of(each)).lower() for each in self._listed if status_of(each) not in NOBODY
        }
        for address in addresses:
            if address.lower() not in found:
                self._fail(f"a notification to {address} that is not {NOBODY[0]}", "none is")
        return self

    def has_statuses(self, *statuses: str) -> Self:
        """Every notification has one of these statuses."""
        strange = [status for status in self._statuses() if status not in statuses]
        if strange:
            self._fail(f"the status {' or '.join(statuses)}", shown(strange[0]))
        return self

    def has_none_of(self, *statuses: str) -> Self:
        """No notification has one of these statuses."""
        for status in self._statuses():
            if status in statuses:
                self._fail(f"another status than {' or '.join(statuses)}", shown(status))
        return self

    def leaves_none_open(self, *addresses: str) -> Self:
        """No notification to one of these is New or Sending any more."""
        wanted = {address.lower() for address in addresses}
        for each in self._listed:
            if str(address_of(each)).lower() in wanted and status_of(each) in OPEN:
                self._fail(f"another status than {' or '.join(OPEN)}", shown(each))
        return self

    def has_no_success(self) -> Self:
        """No notification has succeeded, by count, flag and status."""
        counted = self._exchange.response.member("succeeded")
        flags = [each.get("succeeded") for each in self._listed]
        succeeded = set(SUCCESSES) & {str(status) for status in self._statuses()}
        if (is_count(counted) and counted > 0) or True in flags or succeeded:
            self._fail("no successful notification", shown(self._exchange.response.json, 400))
        return self

    def keeps_ids_of(self, *readings: Exchange) -> Self:
        """Every id that was listed in an earlier reading is listed in this one."""
        own = {str(each.get("id")).lower() for each in self._listed}
        for reading in readings:
            before = {str(each.get("id")).lower() for each in notifications_of(reading)}
            if not before <= own:
                self._fail(f"the ids {shown(sorted(before))} again", shown(sorted(own)))
        return self

    def shares_no_id_with(self, other: Exchange) -> Self:
        """No notification has the id of one of another order."""
        own, others = (
            {str(each.get("id")).lower() for each in listed}
            for listed in (self._listed, notifications_of(other))
        )
        if own & others:
            self._fail("other ids than another order lists", shown(sorted(own & others)))
        return self

    def was_updated_since(self, placed: Exchange) -> Self:
        """Every lastUpdate lies between the placing of the order and this reading."""
        earliest, latest = min(placed.moments) - LEEWAY, max(self._exchange.moments) + LEEWAY
        for each in self._listed:
            value = member(each, "sendStatus.lastUpdate")
            instant = utc_instant(value)
            if instant is not None and not earliest <= instant <= latest:
                expected = f"lastUpdate between {earliest.isoformat()} and {latest.isoformat()}"
                self._fail(expected, shown(value))
        return self

    def _addresses(self) -> list[str]:
        """Return the addresses that the notifications name, in lower case."""
        return [each.lower() for each in addresses_of(self._exchange) if isinstance(each, str)]

    def _statuses(self) -> list[Any]:
        return [status_of(each) for each in self._listed]

    def _fail(self, expected: str, actual: str) -> NoReturn:
        raise Nonconformance(Finding(expected, actual, self._exchange))


class ReadingsExpectation:
    """What is expected of all readings of one order, from the first to the last.

    Those that failed, which is judged elsewhere, tell nothing of its notifications; Blocked where
    all have.
    """

    def __init__(self, readings: Sequence[Exchange]) -> None:
        answers = ((each, each.response) for each in readings)
        self._readings = [
            each
            for each, answer in answers
            if answer.status == HTTPStatus.OK and isinstance(answer.json, dict)
        ]
        if not self._readings:
            raise Blocked("the notifications of a watched order could not be read")

    def list_notifications(self) -> Self:
        """There is something to judge; Blocked where no reading lists a notification."""
        if not any(map(notifications_of, self._readings)):
            raise Blocked("no reading of a processed order lists a notification to judge")
        return self

    def end_before(self, send_time: str) -> Self:
        """The last reading is from well before a send time; Blocked where the run took longer."""
        instant = instant_of(send_time)
        if instant is None or self._readings[-1].answered_at > instant - LEEWAY:
            raise Blocked(f"the run took until {send_time}, when the order is due", "environment")
        return self

    def keep_ids(self) -> Self:
        """A notification, once listed, is listed by its id in every later reading."""
        for before, after in pairwise(self._readings):
            SummaryExpectation(after).keeps_ids_of(before)
        return self

    def were_updated_since(self, placed: Exchange) -> Self:
        """Every lastUpdate lies between the placing of the order and its reading."""
        for reading in self._readings:
            SummaryExpectation(reading).was_updated_since(placed)
        return self

    def are_never_sent(self) -> Self:
        """In no reading a notification is being sent, or has succeeded."""
        for reading in self._readings:
            SummaryExpectation(reading).has_no_success().has_none_of("Sending")
        return self

    def move_forward(self) -> Self:
        """No status is followed by an earlier one."""
        for step in steps_of(self._readings):
            if step.is_backward:
                self._fail("statuses to move forward only", step, step.statuses)
        return self

    def update_forward(self) -> Self:
        """No lastUpdate is followed by an earlier one, but for the clocks of several machines."""
        for step in steps_of(self._readings):
            before, after = map(utc_instant, step.updates)
            if before and after and before - after > DRIFT:
                self._fail("lastUpdate to move forward only", step, step.updates)
        return self

    def update_with_status(self) -> Self:
        """Another status comes with another lastUpdate.

        Within one second two updates may be the same where times are in whole seconds.
        """
        for step in steps_of(self._readings):
            (before, after), updates = step.statuses, [utc_instant(each) for each in step.updates]
            same = updates[0] == updates[1] and updates[0] and updates[0].microsecond
            if before != after and same:
                expected = f"another lastUpdate with the status {shown(after)}"
                self._fail(expected, step, step.updates)
        return self

    def _fail(self, expected: str, step: Step, seen: tuple[Any, Any]) -> NoReturn:
        before, after = map(shown, seen)
        actual = f"notification {step.id} went from {before} to {after}"
        raise Nonconformance(Finding(expected, actual, step.reading))
