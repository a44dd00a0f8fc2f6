"""Orders that are accepted and should be refused, or the other way round."""

from conformance.reference.deviations import fault
from conformance.reference.rules import Rules


@fault(breaks="validation.subject-required")
class SubjectNotRequired(Rules):
    """An order without a subject is accepted."""

    def errors_in_subject(self, value: object) -> list[str]:
        return [] if value is None else super().errors_in_subject(value)
