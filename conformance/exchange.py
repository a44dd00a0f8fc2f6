"""One request and its response as they crossed the wire, without secrets.

An exchange is all that a test may see of a deployment, and all that a report keeps of it. Secrets
are replaced before an exchange is made: where a credential stood there is its name in the
environment, so that the curl line can be run by whoever holds the credential.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from functools import cached_property
from itertools import takewhile
from typing import Any, Final


class Absent(Enum):
    """The value of a member that an answer does not have, as distinct from null."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent.ABSENT
Headers = tuple[tuple[str, str], ...]

CREDENTIAL_BY_NAME = re.compile(r"(\w+ )?\$[A-Z_][A-Z0-9_]*")
"""A header value in which the name of an environment variable stands for a secret."""


@dataclass(frozen=True)
class Request:
    """What was asked. ``headers`` holds what matters to the question, credentials by name."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = None

    @cached_property
    def json(self) -> Any:
        """The decoded body, or ABSENT when there is none or it is not JSON."""
        return _decoded(self.body or b"")


@dataclass(frozen=True)
class Response:
    """What was answered. ``status`` is 0 when no answer came."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, in whichever case it is spelt."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def media_type(self) -> str:
        """The media type in lower case, without parameters; empty when there is none."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @cached_property
    def json(self) -> Any:
        """The decoded body, or ABSENT when it is not JSON."""
        return _decoded(self.body)

    def member(self, path: str) -> Any:
        """Return the member at a dotted path such as ``emailTemplate.subject``, or ABSENT."""
        return member(self.json, path)


@dataclass(frozen=True)
class Exchange:
    """One request and its response.

    Attributes:
        operation: the operationId of the contract, or "" for a request outside of it.
        started: when the request was sent, by the clock of the run.
        seconds: how long the answer took.
        error: why there is no answer, and "" when there is one.
    """

    request: Request
    response: Response
    operation: str = ""
    started: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    seconds: float = 0.0
    error: str = ""

    @property
    def answered_at(self) -> datetime:
        """When the deployment answered, by its own clock (header Date), else by the run's."""
        try:
            stated = parsedate_to_datetime(self.response.header("date") or "")
        except (ValueError, OverflowError):
            return self.started
        return stated if stated.tzinfo else stated.replace(tzinfo=UTC)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it was asked by the clock of the run, and answered by that of the header Date.

        The latter may be a gateway's, of which no document speaks: a time near either is right.
        """
        return self.started, self.answered_at

    def curl(self) -> str:
        """Return a curl line that repeats the request; credentials come from the environment."""
        glob = ["-g"] if set("[]{}") & set(self.request.url) else []
        method, url = _quoted(self.request.method.encode()), _quoted(self.request.url.encode())
        parts = ["curl", "-i", *glob, "-X", method, url]
        parts += [
            f"-H {_quoted_header(name, value)}"
            for name, value in self.request.headers
            if name != "traceparent"  # the repeated request is none of this trace
        ]
        if self.request.body is not None:
            parts.append(_quoted_body(self.request.body))
        return " ".join(parts)

    def to_json(self) -> dict[str, Any]:
        """Return the exchange as JSON values, as the reports record it."""
        return {
            "operation": self.operation,
            "started": self.started.isoformat(),
            "seconds": round(self.seconds, 4),
            "error": self.error,
            "request": {
                "method": self.request.method,
                "url": self.request.url,
                "headers": [list(pair) for pair in self.request.headers],
                **_body_to_json(self.request.body),
            },
            "response": {
                "status": self.response.status,
                "headers": [list(pair) for pair in self.response.headers],
                **_body_to_json(self.response.body),
            },
        }

    @classmethod
    def from_json(cls, recorded: Mapping[str, Any]) -> Exchange:
        """Return the exchange that :meth:`to_json` recorded."""
        request, response = recorded["request"], recorded["response"]
        return cls(
            request=Request(
                request["method"],
                request["url"],
                tuple((name, value) for name, value in request["headers"]),
                _body_from_json(request),
            ),
            response=Response(
                response["status"],
                tuple((name, value) for name, value in response["headers"]),
                _body_from_json(response) or b"",
            ),
            operation=recorded["operation"],
            started=datetime.fromisoformat(recorded["started"]),
            seconds=recorded["seconds"],
            error=recorded["error"],
        )


def recorded(test: str, exchanges: Iterable[Exchange]) -> list[dict[str, Any]]:
    """Return exchanges as JSON values, each with the name of the test that made it."""
    return [{"test": test, **each.to_json()} for each in exchanges]


def member(value: Any, path: str) -> Any:
    """Return the member of a JSON value at a dotted path, or ABSENT when a step is missing."""
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return ABSENT
        value = value[name]
    return value


def shown(value: Any, limit: int = 200) -> str:
    """Return a JSON value as text for a finding, cut at ``limit`` characters."""
    text = "absent" if value is ABSENT else json.dumps(value, ensure_ascii=False, default=repr)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def shown_apart(wanted: str, seen: str, limit: int = 200) -> tuple[str, str]:
    """Return two texts for a finding; long ones from shortly before they begin to differ."""
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(wanted, seen, strict=False))
    )
    start = same - limit // 3
    if start <= 0 or max(len(wanted), len(seen)) <= limit:
        return shown(wanted, limit), shown(seen, limit)
    place = f"from character {start + 1}: "
    return place + shown(wanted[start:], limit), place + shown(seen[start:], limit)


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return ABSENT


def _quoted_header(name: str, value: str) -> str:
    if not value:
        return _quoted(f"{name};".encode())  # with a colon curl leaves the header out
    if CREDENTIAL_BY_NAME.fullmatch(value):
        return f'"{name}: {value}"'
    return _quoted(f"{name}: {value}".encode())


def _quoted_body(body: bytes) -> str:
    """Return the option that sends a body; no argument can hold NUL, so that one is piped."""
    if 0 in body:
        octets = "".join(f"\\{byte:03o}" for byte in body)
        return f"--data-binary @<(printf '{octets}')"
    return f"--data-raw {_quoted(body)}"


def _quoted(argument: bytes) -> str:
    """Quote for bash: readable when all of it prints, else as the $'…' that spells each byte."""
    try:
        text = argument.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if text.isprintable():
        return shlex.quote(text)
    plain = b"\\'"
    return (
        "$'"
        + "".join(
            chr(byte) if 32 <= byte < 127 and byte not in plain else f"\\x{byte:02x}"
            for byte in argument
        )
        + "'"
    )


def _body_to_json(body: bytes | None) -> dict[str, Any]:
    if body is None:
        return {"body": None}
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body": None, "body_base64": base64.b64encode(body).decode("ascii")}


def _body_from_json(recorded: Mapping[str, Any]) -> bytes | None:
    if "body_base64" in recorded:
        return base64.b64decode(recorded["body_base64"])
    body = recorded["body"]
    return None if body is None else str(body).encode("utf-8")
