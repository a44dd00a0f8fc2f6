"""How a call is turned away: 401, 403, 404, 405, 415 (each page, Response codes)."""

from email.message import Message
from http import HTTPStatus

from conformance.reference.deviations import variant
from conformance.reference.rules import Rules
from conformance.reference.rules.authentication import Claims
from conformance.reference.wire import Answer, Call, Json, RefusalError

HTML = "text/html; charset=utf-8"


@variant
class ProblemOn404(Rules):
    """A 404 carries problem details; the documents say both this and an empty response."""

    def not_found(self, call: Call) -> Answer:
        problem: Json = {"title": "Not Found", "status": 404, "traceId": self.trace_id()}
        answer = self.json_answer(404, problem)
        answer.headers["content-type"] = self.problem_media_type()
        return answer


@variant
class TextOn404(Rules):
    """A 404 says in plain text that there is no such order."""

    def not_found(self, call: Call) -> Answer:
        return Answer(404, {"content-type": "text/plain"}, b"No such order.")


@variant
class ProblemOn401And403(Rules):
    """A call without a valid credential is answered with problem details."""

    def unauthorized(self, call: Call) -> Answer:
        return self._with_problem(super().unauthorized(call), "Unauthorized")

    def forbidden(self, call: Call) -> Answer:
        return self._with_problem(super().forbidden(call), "Forbidden")

    def _with_problem(self, answer: Answer, title: str) -> Answer:
        answer.headers["content-type"] = self.problem_media_type()
        answer.body = self.encode({"title": title, "status": answer.status})
        return answer


@variant
class GatewayPages(Rules):
    """A gateway in front answers 401, 403 and 404 with pages in HTML."""

    def unauthorized(self, call: Call) -> Answer:
        return _as_page(super().unauthorized(call))

    def forbidden(self, call: Call) -> Answer:
        return _as_page(super().forbidden(call))

    def not_found(self, call: Call) -> Answer:
        return _as_page(super().not_found(call))


def _as_page(answer: Answer) -> Answer:
    title = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    answer.headers["content-type"] = HTML
    answer.body = page.encode()
    return answer


@variant
class GatewayJson(Rules):
    """A gateway in front answers 401, 403 and 404 with a JSON object of its own."""

    def unauthorized(self, call: Call) -> Answer:
        return self._as_told_by_gateway(super().unauthorized(call))

    def forbidden(self, call: Call) -> Answer:
        return self._as_told_by_gateway(super().forbidden(call))

    def not_found(self, call: Call) -> Answer:
        return self._as_told_by_gateway(super().not_found(call))

    def _as_told_by_gateway(self, answer: Answer) -> Answer:
        told = {"statusCode": answer.status, "message": HTTPStatus(answer.status).phrase}
        answer.headers["content-type"] = self.json_media_type()
        answer.body = self.encode(told)
        return answer


@variant
class MediaTypeWithoutBody(Rules):
    """A 401, 403 or 404 names a media type though it has no body."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        if answer.status in (401, 403, 404) and not answer.body:
            answer.headers["content-type"] = self.json_media_type()
        return answer


@variant
class ChallengesWithReason(Rules):
    """A 401 or 403 says in WWW-Authenticate what is wrong with the token (RFC 6750, section 3)."""

    def unauthorized(self, call: Call) -> Answer:
        answer = super().unauthorized(call)
        answer.headers["www-authenticate"] = 'Bearer error="invalid_token", Basic realm="altinn"'
        return answer

    def forbidden(self, call: Call) -> Answer:
        answer = super().forbidden(call)
        answer.headers["www-authenticate"] = 'Bearer error="insufficient_scope"'
        return answer


@variant
class InvalidPlatformToken401(Rules):
    """An invalid PlatformAccessToken on its own is answered 401 instead of 403."""

    def no_bearer(self, call: Call) -> Answer:
        return self.unauthorized(call)


@variant
class PlatformTokenAsBearer403(Rules):
    """A PlatformAccessToken sent as bearer is known, and lacks the scope: 403 instead of 401."""

    def bearer_claims(self, call: Call, token: str) -> Claims | None:
        return super().bearer_claims(call, token) or self.platform_claims(call, token)


@variant
class NoChallenge(Rules):
    """A 401 comes without WWW-Authenticate."""

    def unauthorized(self, call: Call) -> Answer:
        answer = super().unauthorized(call)
        answer.headers.pop("www-authenticate", None)
        return answer


@variant
class MalformedId400(Rules):
    """An id that is no GUID is a bad request rather than an unknown order."""

    def malformed_id(self, call: Call) -> Answer:
        return self.bad_request(call, {"id": [f"The value {call.order_id!r} is not valid."]})


@variant
class MalformedId400Empty(Rules):
    """An id that is no GUID is a bad request, told without a body."""

    def malformed_id(self, call: Call) -> Answer:
        return Answer(400)


@variant
class StrictGuids400(Rules):
    """A GUID of no known variant and version, such as the one of zeros, is a bad request."""

    def is_guid(self, text: str) -> bool:
        return super().is_guid(text) and text[14] in "12345678" and text[19].lower() in "89ab"

    def malformed_id(self, call: Call) -> Answer:
        return self.bad_request(call, {"id": ["It is no GUID."]})


@variant
class OtherMediaType400(Rules):
    """An order in another media type is a bad request, 400 instead of 415."""

    def unsupported_media_type(self, call: Call) -> Answer:
        return self.bad_request(call, {"$": ["The media type must be application/json."]})


@variant
class ProblemOn415(Rules):
    """An order in another media type is refused with problem details."""

    def unsupported_media_type(self, call: Call) -> Answer:
        answer = super().unsupported_media_type(call)
        answer.headers["content-type"] = self.problem_media_type()
        answer.body = self.encode({"title": "Unsupported Media Type", "status": answer.status})
        return answer


@variant
class AnyJsonMediaType(Rules):
    """An order may also come as another kind of JSON, such as application/vnd.api+json."""

    def accepts_media_type(self, content_type: str) -> bool:
        header = Message()
        header["content-type"] = content_type
        is_json = header.get_content_subtype().endswith("json")
        return is_json or super().accepts_media_type(content_type)


@variant
class CredentialsBeforeMediaType(Rules):
    """The credential of a call is looked at before its media type."""

    def accepts_media_type(self, content_type: str) -> bool:
        return True

    def document(self, call: Call) -> Json:
        if not super().accepts_media_type(call.headers.get("content-type", "")):
            raise RefusalError(self.unsupported_media_type(call))
        return super().document(call)


@variant
class OrderBeforeCredentials(Rules):
    """What an order holds is looked at before the credential it comes with."""

    def authorise(self, call: Call) -> str:
        if call.places_order and (errors := self.email_errors(self.document(call))):
            raise RefusalError(self.bad_request(call, errors))
        return super().authorise(call)


@variant
class WrongMethod404(Rules):
    """A method that a path does not have is answered 404 instead of 405."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        return super().unrouted(call, Answer(404))
