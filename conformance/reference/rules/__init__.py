"""The decisions of the documents, one method each, grouped by topic.

A fault or a variant overrides as few of them as it can, calling ``super()`` for the rest, so that
several can be combined.
"""

from conformance.reference.rules.authentication import AuthenticationRules
from conformance.reference.rules.intake import IntakeRules
from conformance.reference.rules.order_status import StatusRules
from conformance.reference.rules.processing import ProcessingRules
from conformance.reference.rules.receipt import ReceiptRules
from conformance.reference.rules.summary import SummaryRules
from conformance.reference.rules.validation import ValidationRules


class Rules(
    AuthenticationRules,
    ValidationRules,
    IntakeRules,
    ReceiptRules,
    StatusRules,
    SummaryRules,
    ProcessingRules,
):
    """Everything that a deployment decides."""
