"""Bodies of requests that hold no order, and are not refused or not with 400."""

import json
import re

from conformance.reference.deviations import fault
from conformance.reference.rules import Rules
from conformance.reference.wire import Answer, Call, Json, RefusalError


@fault(breaks="validation.json-well-formed")
class BrokenJsonCrashes(Rules):
    """A body that is no JSON is answered 500, which no page documents."""

    def decode(self, body: bytes) -> object:
        try:
            return super().decode(body)
        except ValueError:
            if not body:
                raise
            raise RefusalError(Answer(500)) from None


@fault(breaks="validation.json-strict")
class TextAfterJsonIgnored(Rules):
    """What follows an order in a body is ignored, whatever it is."""

    def decode(self, body: bytes) -> object:
        text = body.decode("utf-8").lstrip()
        _, end = json.JSONDecoder().raw_decode(text)
        return super().decode(text[:end].encode())


@fault(breaks="validation.json-strict")
class BrokenUtf8Replaced(Rules):
    """A body that is no UTF-8 is accepted, its broken letters replaced."""

    def decode(self, body: bytes) -> object:
        return super().decode(body.decode("utf-8", "replace").encode())


@fault(breaks="validation.json-strict")
class CommentsInJsonSkipped(Rules):
    """Comments in a body are skipped, as they are in JavaScript."""

    def decode(self, body: bytes) -> object:
        return super().decode(re.sub(rb"/\*.*?\*/", b"", body))


@fault(breaks="validation.json-strict")
class TrailingCommasSkipped(Rules):
    """A comma after the last member of an object is skipped."""

    def decode(self, body: bytes) -> object:
        return super().decode(re.sub(rb",\s*}", b"}", body))


@fault(breaks="validation.body-is-order")
class DeepJsonCrashes(Rules):
    """A body of lists in lists, a thousand deep, is answered 500."""

    def decode(self, body: bytes) -> object:
        if b"[" * 1000 in body:
            raise RefusalError(Answer(500))
        return super().decode(body)


@fault(breaks="validation.body-is-order")
class NullOrderCrashes(Rules):
    """A body that is null is answered 500, which no page documents."""

    def document(self, call: Call) -> Json:
        if call.body == b"null":
            raise RefusalError(Answer(500))
        return super().document(call)


@fault(breaks="validation.body-is-order")
class EmptyBodyAnswered415(Rules):
    """A request without body is answered 415 instead of 400."""

    def document(self, call: Call) -> Json:
        if not call.body:
            raise RefusalError(Answer(415))
        return super().document(call)


@fault(breaks="validation.body-is-order")
class TwiceEncodedOrderAccepted(Rules):
    """An order in JSON that was put into a JSON string is accepted."""

    def decode(self, body: bytes) -> object:
        document = super().decode(body)
        return super().decode(document.encode()) if isinstance(document, str) else document


@fault(breaks="validation.media-type")
class PlainTextIsJson(Rules):
    """An order sent as text/plain is accepted, as browsers send it without asking first."""

    def accepts_media_type(self, content_type: str) -> bool:
        return super().accepts_media_type(content_type) or content_type.startswith("text/plain")


@fault(breaks="validation.media-type")
class FormIsJson(Rules):
    """An order sent as a form is accepted, as curl calls a body unless told otherwise."""

    def accepts_media_type(self, content_type: str) -> bool:
        return super().accepts_media_type(content_type) or "form-urlencoded" in content_type


@fault(breaks="validation.media-type")
class BeginningOfMediaTypeSuffices(Rules):
    """A media type that begins as application/json does is accepted."""

    def accepts_media_type(self, content_type: str) -> bool:
        begins = content_type.lower().startswith("application/json-")
        return begins or super().accepts_media_type(content_type)
