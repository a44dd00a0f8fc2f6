"""What is expected of a reading of the email notifications of an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn, Self

from conformance.checks.registry import Check
from conformance.checks.summary import (
    addresses_of,
    backward_steps,
    notifications_of,
    status_of,
)
from conformance.checks.values import is_count, utc_instant
from conformance.errors import Blocked
from conformance.exchange import Exchange, member, shown
from conformance.finding import Finding, Nonconformance

LEEWAY = timedelta(minutes=2)
"""How far the clocks of a deployment's parts may differ."""


class SummaryExpectation:
    """What is expected of one reading, or of several of the same order."""

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
        told = addresses_of(self._exchange)
        listed = [each.lower() for each in told if isinstance(each, str)]
        for address in addresses:
            if address.lower() not in listed:
                self._fail(f"a notification to {address}", f"recipients {shown(listed)}")
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

    def has_no_success(self) -> Self:
        """No notification has succeeded, by count, flag and status."""
        counted = self._exchange.response.member("succeeded")
        flags = [each.get("succeeded") for each in self._listed]
        succeeded = {"Succeeded", "Delivered"} & {str(status) for status in self._statuses()}
        if (is_count(counted) and counted > 0) or True in flags or succeeded:
            self._fail("no successful notification", shown(self._exchange.response.json, 400))
        return self

    def lists_same_ids(self, other: Exchange) -> Self:
        """The ids of the notifications are those of another reading."""
        own, before = (
            {str(each.get("id")) for each in listed}
            for listed in (self._listed, notifications_of(other))
        )
        if own != before:
            self._fail(f"the ids {shown(sorted(before))} again", shown(sorted(own)))
        return self

    def was_updated_since(self, placed: Exchange) -> Self:
        """Every lastUpdate lies between the placing of the order and this reading."""
        earliest, latest = placed.answered_at - LEEWAY, self._exchange.answered_at + LEEWAY
        for each in self._listed:
            value = member(each, "sendStatus.lastUpdate")
            instant = utc_instant(value)
            if instant is not None and not earliest <= instant <= latest:
                expected = f"lastUpdate between {earliest.isoformat()} and {latest.isoformat()}"
                self._fail(expected, shown(value))
        return self

    def moves_forward_from(self, readings: Sequence[Exchange]) -> Self:
        """Over all readings no status is followed by an earlier one."""
        for reading, id, before, after in backward_steps([*readings, self._exchange]):
            finding = Finding(
                "statuses to move forward only",
                f"notification {id} went from {shown(before)} to {shown(after)}",
                reading,
            )
            raise Nonconformance(finding)
        return self

    def _statuses(self) -> list[Any]:
        return [status_of(each) for each in self._listed]

    def _fail(self, expected: str, actual: str) -> NoReturn:
        raise Nonconformance(Finding(expected, actual, self._exchange))
