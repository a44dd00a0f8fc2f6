"""Problem details, as in the example of a 400 (Send email notifications, Response)."""

import uuid

from conformance.reference.rules.answers import AnswerRules
from conformance.reference.wire import Answer, Call, Json, Value

Errors = dict[str, list[str]]
"""Member, in PascalCase with its path, to what is wrong with it."""


class ProblemRules(AnswerRules):
    """The parts of a problem, each on its own."""

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        """The 400."""
        answer = self.json_answer(self.bad_request_status(call), self.problem(errors))
        answer.headers["content-type"] = self.problem_media_type()
        return answer

    def bad_request_status(self, call: Call) -> int:
        """400 Bad Request: the request was invalid (Response codes)."""
        return 400

    def problem_media_type(self) -> str:
        """The media type of problem details (RFC 9457, section 3)."""
        return "application/problem+json; charset=utf-8"

    def problem(self, errors: Errors) -> Json:
        """The problem details object of a 400."""
        return {
            "type": self.problem_type(),
            "title": self.problem_title(),
            "status": self.problem_status(),
            "traceId": self.trace_id(),
            "errors": self.problem_errors(errors),
        }

    def problem_type(self) -> Value:
        """A URI for the kind of problem, as in the example."""
        return "https://tools.ietf.org/html/rfc7231#section-6.5.1"

    def problem_title(self) -> Value:
        """The kind of problem in words, as in the example."""
        return "One or more validation errors occurred."

    def problem_status(self) -> Value:
        """The status code of the answer."""
        return 400

    def trace_id(self) -> Value:
        """The ``traceparent`` of W3C Trace Context, as in the example."""
        return f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-00"

    def problem_errors(self, errors: Errors) -> Value:
        """``errors``: member to texts."""
        return errors

    def unsupported_media_type(self, call: Call) -> Answer:
        """Content-type: application/json (Send email notifications, Request)."""
        return Answer(415)
