"""Deliberate, single choices that the documents leave open."""

from urllib.parse import urlsplit

from conformance.reference.deviations import VARIANTS, Variant, variant
from conformance.reference.model import Order
from conformance.reference.rules import Rules
from conformance.reference.wire import Answer, Call, Json

__all__ = ["VARIANTS", "Variant", "variant"]


@variant
class NullsForUnsentMembers(Rules):
    """Optional members that were not sent are null instead of absent."""

    def present(self, members: Json) -> Json:
        return members


@variant
class ProblemOn404(Rules):
    """A 404 carries problem details; the documents say both this and an empty response."""

    def not_found(self, call: Call) -> Answer:
        problem: Json = {"title": "Not Found", "status": 404, "traceId": self.trace_id()}
        answer = self.json_answer(404, problem)
        answer.headers["content-type"] = self.problem_media_type()
        return answer


@variant
class ExtraMembers(Rules):
    """Answers carry members that the documents do not mention."""

    def receipt(self, order: Order) -> Json:
        return super().receipt(order) | {"apiVersion": "1"}

    def details(self, order: Order) -> Json:
        return super().details(order) | {"apiVersion": "1", "attachments": []}

    def summary(self, order: Order) -> Json:
        return super().summary(order) | {"apiVersion": "1"}

    def problem(self, errors: dict[str, list[str]]) -> Json:
        return super().problem(errors) | {"instance": "/orders/email"}


@variant
class PathOnlyLocation(Rules):
    """Location is a path, relative to the URL of the request."""

    def location(self, order: Order) -> str | None:
        location = super().location(order)
        return location and urlsplit(location).path


@variant
class MalformedId400(Rules):
    """An id that is no GUID is a bad request rather than an unknown order."""

    def malformed_id(self, call: Call) -> Answer:
        return self.bad_request(call, {"id": [f"The value {call.order_id!r} is not valid."]})
