"""What an answer looks like, whatever it says: status, media type, refusals without a body."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.types import Message

from conformance.reference.rules.ground import Ground
from conformance.reference.wire import Answer, Call, Headers, Json, Operation, Value


class AnswerRules(Ground):
    """How answers are written, and the ones that need no order."""

    def json_media_type(self) -> str:
        """Content-Type: application/json (each page, Response)."""
        return "application/json; charset=utf-8"

    def encode(self, value: Value) -> bytes:
        """JSON as the deployment writes it."""
        return json.dumps(value, ensure_ascii=False).encode()

    def json_answer(self, status: int, value: Value) -> Answer:
        """An answer with a JSON body."""
        return Answer(status, {"content-type": self.json_media_type()}, self.encode(value))

    def present(self, members: Json) -> Json:
        """Members that were not sent are left out (Get order details, Examples)."""
        return {name: value for name, value in members.items() if value is not None}

    def unauthorized_status(self, call: Call) -> int:
        """A missing, invalid or expired authorization header (Response codes)."""
        return 401

    def unauthorized(self, call: Call) -> Answer:
        """The 401."""
        return Answer(self.unauthorized_status(call), {"www-authenticate": "Bearer"})

    def forbidden_status(self, call: Call) -> int:
        """A missing or invalid scope or Platform Access Token (Response codes)."""
        return 403

    def forbidden(self, call: Call) -> Answer:
        """The 403."""
        return Answer(self.forbidden_status(call))

    def not_found(self, call: Call) -> Answer:
        """An empty response with the 404 status code (both GET pages, 404 Not Found)."""
        return Answer(404)

    def order_not_found(self, call: Call) -> Answer:
        """Get order details, Response codes."""
        return self.not_found(call)

    def emails_not_found(self, call: Call) -> Answer:
        """Get email notifications, Response codes."""
        return self.not_found(call)

    def absent(self, call: Call) -> Answer:
        """The 404 of the operation."""
        if call.operation is Operation.READ_ORDER:
            return self.order_not_found(call)
        if call.operation is Operation.READ_EMAILS:
            return self.emails_not_found(call)
        return self.not_found(call)

    def malformed_id(self, call: Call) -> Answer:
        """An id that is no GUID matches no order; the documents know no other answer."""
        return self.absent(call)

    def path(self, path: str) -> str:
        """The path that a request is taken to be for."""
        return path

    def dated(self, headers: Headers) -> Headers:
        """Date: when the answer was made (RFC 9110, section 6.6.1)."""
        return {"date": format_datetime(datetime.now(UTC), usegmt=True)} | headers

    def sent(self, message: Message) -> Iterable[Message]:
        """The parts in which an answer leaves, as messages of ASGI."""
        return [message]

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        """No such path (404) or method (405)."""
        return answer

    def answer(self, call: Call, answer: Answer) -> Answer:
        """The last word on every answer, of whatever status."""
        return answer
