"""Deliberate, single deviations from the documents, one module for each topic; ``invented`` beside.

A fault is a subclass of ``Rules`` with a docstring that says what is wrong with the deployment. It
overrides as few methods as it can, and calls ``super()`` where it does not decide::

    @fault(breaks="order.status-202")
    class OrderAnswered200(Rules):  # and a docstring
        def accepted_status(self) -> int:
            return 200
"""

from conformance.reference.deviations import FAULTS, Fault, fault
from conformance.reference.faults import (
    at_once,
    authentication,
    authentication_reading,
    borrowed,
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
    limits,
    lookup,
    notification,
    orders,
    orders_refused,
    problem,
    reading,
    readings,
    recipients,
    schedule,
    serialising,
    summary,
    summary_recipients,
    validation,
)

__all__ = [
    "FAULTS",
    "Fault",
    "at_once",
    "authentication",
    "authentication_reading",
    "borrowed",
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
    "limits",
    "lookup",
    "notification",
    "orders",
    "orders_refused",
    "problem",
    "reading",
    "readings",
    "recipients",
    "schedule",
    "serialising",
    "summary",
    "summary_recipients",
    "validation",
]
