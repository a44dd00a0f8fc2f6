"""Deliberate, single deviations from the documents, one module for each topic.

A fault is a subclass of ``Rules`` with a docstring that says what is wrong with the deployment. It
overrides as few methods as it can, and calls ``super()`` where it does not decide.
"""

from conformance.reference.deviations import FAULTS, Fault, fault
from conformance.reference.faults import authentication, orders, reading, validation

__all__ = ["FAULTS", "Fault", "authentication", "fault", "orders", "reading", "validation"]
