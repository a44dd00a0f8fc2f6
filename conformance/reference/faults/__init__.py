"""Deliberate, single deviations from the documents, one module for each topic.

A fault is a subclass of ``Rules`` with a docstring that says what is wrong with the deployment. It
overrides as few methods as it can, and calls ``super()`` where it does not decide::

    @fault(breaks="order.status-202")
    class OrderAnswered200(Rules):  # and a docstring
        def accepted_status(self) -> int:
            return 200
"""

from conformance.reference.deviations import FAULTS, Fault, fault
from conformance.reference.faults import (
    authentication,
    authentication_reading,
    condition,
    credentials_accepted,
    delivery,
    delivery_texts,
    details,
    details_recipients,
    details_template,
    http,
    intake,
    invented,
    keyword,
    keyword_places,
    lookup,
    notification,
    orders,
    orders_refused,
    problem,
    reading,
    readings,
    recipients,
    schedule,
    summary,
    summary_recipients,
    validation,
)

__all__ = [
    "FAULTS",
    "Fault",
    "authentication",
    "authentication_reading",
    "condition",
    "credentials_accepted",
    "delivery",
    "delivery_texts",
    "details",
    "details_recipients",
    "details_template",
    "fault",
    "http",
    "intake",
    "invented",
    "keyword",
    "keyword_places",
    "lookup",
    "notification",
    "orders",
    "orders_refused",
    "problem",
    "reading",
    "readings",
    "recipients",
    "schedule",
    "summary",
    "summary_recipients",
    "validation",
]
