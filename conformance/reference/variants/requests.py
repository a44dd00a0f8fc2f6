"""How requests are taken of which the documents do not speak: HTTP leaves each of these choices."""

import hashlib
import re
from dataclasses import replace
from email.message import Message
from urllib.parse import quote

from conformance.reference.deviations import variant
from conformance.reference.rules import Rules
from conformance.reference.wire import Answer, Call, Json

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_SERVED = {"application/json", "application/*", "*/*"}
_LONGEST_PATH = 1000


@variant
class EntityTags(Rules):
    """What is read has an entity tag, and conditions on it are kept with 304 and 412."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        if call.method not in ("GET", "HEAD") or answer.status != 200:
            return answer
        tag = f'W/"{hashlib.sha256(answer.body).hexdigest()}"'
        if tag in call.headers.get("if-none-match", ""):
            return Answer(304, {"etag": tag})
        if tag not in call.headers.get("if-match", tag):
            return Answer(412)
        answer.headers["etag"] = tag
        return answer


@variant
class RangesServed(Rules):
    """A range of what is read is served, or said to be beyond its end (416)."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        answer = super().answer(call, answer)
        asked = _RANGE.fullmatch(call.headers.get("range", ""))
        if call.method != "GET" or answer.status != 200 or asked is None:
            return answer
        first, size = int(asked[1]), len(answer.body)
        last = min(int(asked[2] or size - 1), size - 1)
        if first > last:
            return Answer(416, {"content-range": f"bytes */{size}"})
        part = {"content-range": f"bytes {first}-{last}/{size}"}
        return Answer(206, answer.headers | part, answer.body[first : last + 1])


@variant
class NotAcceptable(Rules):
    """Who accepts no JSON is answered 406."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        named = call.headers.get("accept", "*/*").split(",")
        accepted = {each.partition(";")[0].strip().lower() for each in named}
        return super().answer(call, answer) if accepted & _SERVED else Answer(406)


@variant
class HeadNotAllowed(Rules):
    """HEAD is a method that no path has."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        refused = call.method == "HEAD"
        return super().answer(call, Answer(405, {"allow": "GET"}) if refused else answer)


@variant
class HeadAndOptionsNotImplemented(Rules):
    """HEAD and OPTIONS are methods that the server does not know at all."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        unknown = call.method in ("HEAD", "OPTIONS")
        return super().answer(call, Answer(501) if unknown else answer)


@variant
class OptionsTold(Rules):
    """OPTIONS is answered 204 with what a browser asks before it asks."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        if call.method != "OPTIONS":
            return super().unrouted(call, answer)
        return Answer(204, {"allow": "GET, POST", "access-control-allow-origin": "*"})


@variant
class TrailingSlashRedirected(Rules):
    """A URL with a slash at its end is redirected to the one without."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        if not call.path.endswith("/"):
            return super().unrouted(call, answer)
        return Answer(308, {"location": quote(call.path.rstrip("/"))})


@variant
class TrailingSlashIgnored(Rules):
    """A URL with a slash at its end is the one without."""

    def path(self, path: str) -> str:
        return super().path(path).rstrip("/")


@variant
class OddHeadersRefused(Rules):
    """An Accept that is none, a range and a condition are answered 400 or 412."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        if call.headers.get("accept", "").startswith(","):
            return super().answer(call, Answer(400))
        conditions = {"if-match", "if-unmodified-since"} & set(call.headers)
        return super().answer(call, Answer(412) if conditions else answer)


@variant
class UnknownQueryRefused(Rules):
    """A query is answered 400, for no operation has one."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        return super().answer(call, Answer(400) if call.query else answer)


@variant
class LongPathRefused(Rules):
    """A path beyond what a gateway takes is answered 414."""

    def answer(self, call: Call, answer: Answer) -> Answer:
        return super().answer(call, Answer(414) if len(call.path) > _LONGEST_PATH else answer)


@variant
class EmailReadAsId(Rules):
    """GET where orders are placed is taken for a reading of an order called email: 400."""

    def unrouted(self, call: Call, answer: Answer) -> Answer:
        taken = call.method == "GET" and call.path.endswith("/orders/email")
        return super().unrouted(call, Answer(400) if taken else answer)


@variant
class AnyCharsetIsUtf8(Rules):
    """The charset of an order is not looked at, as JSON is in UTF-8 (RFC 8259, section 8.1)."""

    def accepts_media_type(self, content_type: str) -> bool:
        return super().accepts_media_type(content_type.partition(";")[0])


@variant
class Utf16Accepted(Rules):
    """An order may be in UTF-16, where its charset says so."""

    def accepts_media_type(self, content_type: str) -> bool:
        if _charset(content_type) == "utf-16":
            content_type = content_type.partition(";")[0]
        return super().accepts_media_type(content_type)

    def document(self, call: Call) -> Json:
        if _charset(call.headers.get("content-type", "")) == "utf-16":
            call = replace(call, body=call.body.decode("utf-16").encode())
        return super().document(call)


@variant
class MissingMediaTypeIsJson(Rules):
    """An order without Content-Type is taken for JSON."""

    def accepts_media_type(self, content_type: str) -> bool:
        return super().accepts_media_type(content_type or "application/json")


def _charset(content_type: str) -> str | None:
    header = Message()
    header["content-type"] = content_type
    return header.get_content_charset()
