"""Pure checks: each a function from an exchange to a finding or None, one module a topic.

Importing the package registers all of them.
"""

from conformance.checks import answers, auth, details, lookup, problem, receipt, sms, summary

__all__ = ["answers", "auth", "details", "lookup", "problem", "receipt", "sms", "summary"]
