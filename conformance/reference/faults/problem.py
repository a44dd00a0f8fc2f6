"""Refusals whose problem details are wrong."""

from conformance.reference.deviations import fault
from conformance.reference.rules import Rules
from conformance.reference.rules.problems import Errors
from conformance.reference.setting import Setting
from conformance.reference.wire import Answer, Call, Json, Value


@fault(breaks="problem.is-json-object")
class ProblemIsList(Rules):
    """A refusal of an order is a list of problems."""

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        answer = super().bad_request(call, errors)
        answer.content = [answer.content]
        return answer


@fault(breaks="problem.is-json-object")
class BrokenJsonAnsweredInHtml(Rules):
    """A body that cannot be read is refused with a page in HTML, another flaw with a problem."""

    def bad_request(self, call: Call, errors: Errors) -> Answer:
        if "$" in errors:
            return Answer(400, {"content-type": "text/html"}, b"<h1>Bad Request</h1>")
        return super().bad_request(call, errors)


@fault(breaks="problem.explains")
class MessageElsewhere(Rules):
    """The error messages of a refusal are in a member of another name."""

    def problem(self, errors: Errors) -> Json:
        problem = super().problem(errors)
        return problem | {"validationErrors": problem.pop("errors")}


@fault(breaks="problem.status-400")
class ProblemStatusIsText(Rules):
    """The status in the problem details of a refusal is a text."""

    def problem_status(self) -> Value:
        return "400"


@fault(breaks="problem.title")
class ProblemTitleEmpty(Rules):
    """The title in the problem details of a refusal is empty."""

    def problem_title(self) -> Value:
        return ""


@fault(breaks="problem.type")
class ProblemTypeNull(Rules):
    """The type in the problem details of a refusal is null."""

    def problem_type(self) -> Value:
        return None


@fault(breaks="problem.errors-shape")
class ErrorsHoldBareTexts(Rules):
    """errors maps each member to a text instead of a list of texts."""

    def problem_errors(self, errors: Errors) -> Value:
        return {member: texts[0] for member, texts in errors.items()}


@fault(breaks="problem.errors-shape")
class ErrorsListRightMembers(Rules):
    """errors names members that are right, with an empty list."""

    def problem_errors(self, errors: Errors) -> Value:
        return {"Subject": [], "Body": [], "Recipients": [], **errors}


@fault(breaks="problem.names-member")
class TypeErrorsNameNoMember(Rules):
    """The error message about a member of the wrong type stands under the key of the request."""

    def problem_errors(self, errors: Errors) -> Value:
        return {
            "request" if texts[0].endswith("must be a string.") else member: texts
            for member, texts in errors.items()
        }


@fault(breaks="problem.names-member")
class OptionalErrorsNameNoMember(Rules):
    """The error message about a conditionEndpoint or a send time stands under another key."""

    def problem_errors(self, errors: Errors) -> Value:
        renamed = {"ConditionEndpoint": "Url", "RequestedSendTime": "DateTime"}
        return {renamed.get(member, member): texts for member, texts in errors.items()}


@fault(breaks="problem.names-member")
class OptionalTypeErrorsNameNoMember(Rules):
    """The error message about an optional member of the wrong type stands under the body's key."""

    def problem_errors(self, errors: Errors) -> Value:
        optional = ("SendersReference", "ResourceId", "IgnoreReservation")
        return {"$" if member in optional else member: texts for member, texts in errors.items()}


@fault(breaks="problem.names-member")
class RecipientErrorsNameNoList(Rules):
    """The error message about one recipient stands under its position, not under recipients."""

    def problem_errors(self, errors: Errors) -> Value:
        return {member.removeprefix("Recipients"): texts for member, texts in errors.items()}


@fault(breaks="problem.names-no-other")
class ErrorsOfEarlierRefusals(Rules):
    """errors still names what was wrong with the order that was refused before."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._before: Errors = {}

    def problem_errors(self, errors: Errors) -> Value:
        before, self._before = self._before, errors
        return before | errors


@fault(breaks="problem.names-no-other")
class ErrorsNameAllRequired(Rules):
    """errors names all required members, whichever was flawed."""

    def problem_errors(self, errors: Errors) -> Value:
        required = ("Subject", "Body", "Recipients")
        return {member: ["It is required."] for member in required} | errors


@fault(breaks="problem.detail-is-text")
class DetailIsList(Rules):
    """The detail of the problem details of a refusal is a list of texts."""

    def problem(self, errors: Errors) -> Json:
        texts = [text for each in errors.values() for text in each]
        return super().problem(errors) | {"detail": texts}


@fault(breaks="problem.trace-id")
class ProblemWithoutTraceId(Rules):
    """The problem details of a refusal have no traceId."""

    def problem(self, errors: Errors) -> Json:
        problem = super().problem(errors)
        del problem["traceId"]
        return problem
