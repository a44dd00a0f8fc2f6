"""The words in which a test judges: each holds, or raises the finding.

``expect(exchange).has_status(202)`` reads as the sentence it stands for. Every method returns the
expectation, so that several can follow each other; the first that does not hold is the finding.
"""

from __future__ import annotations

from collections.abc import Sequence

from conformance.exchange import Exchange
from conformance.expect.answer import AnswerExpectation
from conformance.expect.mail import MailExpectation
from conformance.expect.summary import ReadingsExpectation, SummaryExpectation
from conformance.observers.mailbox import Arrived


def expect(exchange: Exchange, requirement: str = "") -> AnswerExpectation:
    """Begin to judge an exchange; by the requirement of the test, unless another is named."""
    return AnswerExpectation(exchange, requirement)


def expect_summary(exchange: Exchange) -> SummaryExpectation:
    """Begin to judge a reading of the email notifications of an order."""
    return SummaryExpectation(exchange)


def expect_readings(readings: Sequence[Exchange]) -> ReadingsExpectation:
    """Begin to judge all readings of the email notifications of an order, the oldest first."""
    return ReadingsExpectation(readings)


def expect_mail(arrived: Arrived, placed: Exchange, requirement: str = "") -> MailExpectation:
    """Begin to judge the emails that arrived at one address for the order that was placed.

    The requirement is the one that is marked on the test, unless another one is given.
    """
    return MailExpectation(arrived, placed, requirement)
