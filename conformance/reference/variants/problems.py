"""Ways to write problem details (Send email notifications, Examples, 400 Bad Request)."""

from conformance.reference.deviations import variant
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.wire import Json, Value


@variant
class ProblemAsPlainJson(Rules):
    """A 400 is application/json, as the documents say, rather than application/problem+json."""

    def problem_media_type(self) -> str:
        return self.json_media_type()


@variant
class DetailInsteadOfErrors(Rules):
    """A 400 has its message in detail, as the prose says, and no errors."""

    def problem(self, errors: Errors) -> Json:
        problem = super().problem(errors)
        del problem["errors"]
        return problem | {"detail": " ".join(text for texts in errors.values() for text in texts)}


@variant
class DetailBesideErrors(Rules):
    """A 400 has its message in detail, as the prose says, and in errors, as the example shows."""

    def problem(self, errors: Errors) -> Json:
        return {**super().problem(errors), "detail": "The order is not valid.", "errors": errors}


@variant
class NullErrorsBesideDetail(Rules):
    """A 400 has its message in detail, and beside it errors that are null."""

    def problem(self, errors: Errors) -> Json:
        detail = " ".join(text for texts in errors.values() for text in texts)
        return super().problem(errors) | {"detail": detail, "errors": None}


@variant
class OtherMessages(Rules):
    """Each flaw has two messages, in other words than the example's."""

    def problem_errors(self, errors: Errors) -> Value:
        named = super().problem_errors(errors)
        return {key: ["Feltet er ikke gyldig.", "Se dokumentasjonen."] for key in named}


@variant
class EmptyErrorsBesideDetail(Rules):
    """A 400 has its message in detail, and errors that name no member."""

    def problem(self, errors: Errors) -> Json:
        detail = " ".join(text for texts in errors.values() for text in texts)
        return super().problem(errors) | {"detail": detail, "errors": {}}


@variant
class ErrorsBesideRequestKey(Rules):
    """errors has a key for the body of the request, beside the member, as frameworks do."""

    def problem_errors(self, errors: Errors) -> Value:
        return {"body": ["The body field is required."]} | super().problem_errors(errors)


@variant
class NullsInProblem(Rules):
    """A 400 has errors, and beside them a detail and an instance that are null."""

    def problem(self, errors: Errors) -> Json:
        return {"detail": None, "instance": None} | super().problem(errors)


@variant
class BlankProblemType(Rules):
    """The type of a 400 is blank, as in the example of January 2025."""

    def problem_type(self) -> Value:
        return ""


@variant
class NewerProblemType(Rules):
    """The type of a 400 is a section of RFC 9110, as newer frameworks have it."""

    def problem_type(self) -> Value:
        return "https://tools.ietf.org/html/rfc9110#section-15.5.1"


@variant
class OtherProblemTitle(Rules):
    """The title of a 400 is in other words than the example's."""

    def problem_title(self) -> Value:
        return "Ugyldig forespørsel"


@variant
class OpaqueTraceId(Rules):
    """The traceId of a 400 is no W3C trace context."""

    def trace_id(self) -> Value:
        return "0HN4C2V9KQJ7E:00000001"


@variant
class CamelCaseErrorKeys(Rules):
    """The keys of errors are spelled as the members of the request are."""

    def problem_errors(self, errors: Errors) -> Value:
        named = super().problem_errors(errors)
        return {camel_case(key): texts for key, texts in named.items()}


@variant
class JsonPathErrorKeys(Rules):
    """The keys of errors are JSON paths, such as $.subject."""

    def problem_errors(self, errors: Errors) -> Value:
        named = super().problem_errors(errors)
        return {f"$.{camel_case(key).removeprefix('$')}": texts for key, texts in named.items()}


@variant
class RequestNamedInErrors(Rules):
    """Beside the flawed member, errors say that the request as a whole is missing."""

    def problem_errors(self, errors: Errors) -> Value:
        whole = {"emailNotificationOrderRequest": ["The order request field is required."]}
        return {**super().problem_errors(errors), **whole}


def camel_case(key: str) -> str:
    """``Recipients[0].EmailAddress`` as ``recipients[0].emailAddress``."""
    return ".".join(name[:1].lower() + name[1:] for name in key.split("."))
