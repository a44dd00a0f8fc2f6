"""The condition endpoint: whether it is asked, and whether its answer is heeded."""

from __future__ import annotations

from collections.abc import Callable

from conformance.behaviour import scenarios
from conformance.conftest import Mails
from conformance.expect import expect, expect_mail, expect_summary
from conformance.marks import requirement, watches
from conformance.watching import Watched

WasCalled = Callable[[str], bool]


@requirement("condition.checked")
@watches(scenarios.condition_met)
def test_the_condition_is_checked(watched: Watched, condition_was_called: WasCalled) -> None:
    """The condition endpoint of a due order is called."""
    called = condition_was_called(watched.placed.order["conditionEndpoint"])

    expect(watched.placed.receipt).saw("a call of the conditionEndpoint", called, "none came")


@requirement("condition.not-met-not-sent")
@watches(scenarios.condition_not_met)
def test_nothing_is_sent_when_the_condition_is_not_met(watched: Watched) -> None:
    """An order whose condition is not met has no successful notification."""
    expect_summary(watched.summary).has_no_success()


@requirement("condition.met-sent")
@watches(scenarios.condition_met)
def test_the_email_is_sent_when_the_condition_is_met(watched: Watched) -> None:
    """An order whose condition is met has its notification."""
    expect_summary(watched.summary).has_notifications(count=1)


@requirement("condition.met-delivered")
@watches(scenarios.condition_met)
def test_the_email_arrives_when_the_condition_is_met(watched: Watched, mails: Mails) -> None:
    """An order whose condition is met arrives at its recipient."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_mail(mails(address), watched.placed.receipt).arrived()


@requirement("condition.not-met-not-delivered")
@watches(scenarios.condition_not_met)
def test_nothing_arrives_when_the_condition_is_not_met(watched: Watched, mails: Mails) -> None:
    """An order whose condition is not met does not arrive."""
    address = watched.placed.order["recipients"][0]["emailAddress"]

    expect_mail(mails(address), watched.placed.receipt).none_arrived()


@requirement("condition.checked-when-due")
@watches(scenarios.condition_far_ahead)
def test_the_condition_is_not_checked_early(
    watched: Watched, condition_was_called: WasCalled
) -> None:
    """Weeks before the send time the condition endpoint is not called."""
    called = condition_was_called(watched.placed.order["conditionEndpoint"])

    expect(watched.placed.receipt).saw("no call of the conditionEndpoint", not called, "one came")
