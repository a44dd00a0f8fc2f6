"""Deliberate, single choices that the documents leave open, one module for each topic.

A variant is a subclass of ``Rules`` with a docstring that says what the deployment chooses. It
overrides as few methods as it can, and calls ``super()`` where it does not decide, so that several
can be combined.
"""

from conformance.reference.deviations import VARIANTS, Variant, variant
from conformance.reference.variants import (
    answers,
    arguable,
    connections,
    details,
    frameworks,
    intake,
    liberties,
    mails,
    notifications,
    problems,
    receipts,
    refusals,
    requests,
    schedule,
    services,
    unforeseen,
)

__all__ = [
    "VARIANTS",
    "Variant",
    "answers",
    "arguable",
    "connections",
    "details",
    "frameworks",
    "intake",
    "liberties",
    "mails",
    "notifications",
    "problems",
    "receipts",
    "refusals",
    "requests",
    "schedule",
    "services",
    "unforeseen",
    "variant",
]
