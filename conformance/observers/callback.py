"""A condition endpoint that the deployment calls, with a record of the calls.

Send email notifications, conditionEndpoint: the URL to use when checking whether the condition to
send the notification is met. It answers ``{"sendNotification": true}`` or ``false``, as the query
of the URL says; a call without that query gets what was said of its path last.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from conformance.clock import Clock
from conformance.errors import OperatorError
from conformance.target.description import Callback

SECONDS = 30.0
"""How long a caller may take to say what it asks."""
PATH = "/condition/"
NOTE = "A&b c"
"""What a URL of the condition endpoint says at its end, to be encoded with care."""
Asked = tuple[str, tuple[tuple[str, str], ...]]
"""What a URL asks for: its path and the parameters of its query, decoded."""


@dataclass(frozen=True)
class Call:
    """One call of the endpoint; ``path`` is what was asked for, with its query."""

    method: str
    path: str
    instant: datetime

    def asks_for(self, url: str) -> bool:
        """Tell whether path and query are those of a URL, whichever way their parts are encoded."""
        return _parts(self.path) == _parts(url)


class ConditionEndpoint:
    """Listens until it is closed.

    Args:
        where: the address to listen on, and the URL under which the deployment reaches it.

    Attributes:
        base: that URL, without the slash at its end.
        is_direct: whether nothing stands before it that may spell a path otherwise.

    Raises:
        OperatorError: when it cannot listen there.
    """

    def __init__(self, where: Callback) -> None:
        clock, calls, answers = Clock(), list[Call](), dict[str, str]()

        class Handler(BaseHTTPRequestHandler):
            timeout = SECONDS

            def do_GET(self) -> None:
                # what is left unread when the connection closes may take the answer with it
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                calls.append(Call(self.command, self.path, clock.now()))
                path, query = _asked(self.path)
                met = dict(query).get("met") or answers.get(path.lower())
                body = json.dumps({"sendNotification": met == "true"}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 (the documents do not name the method)

            def log_message(self, format: str, *args: Any) -> None:
                """Keep the terminal for the run."""

        self._calls = calls
        self._answers = answers
        host, _, port = where.listen.rpartition(":")
        try:
            self._server = ThreadingHTTPServer((host, int(port)), Handler)
        except (OSError, OverflowError) as error:
            raise OperatorError(
                f"no condition endpoint can listen on {where.listen} ({error})",
                "mend listen in [callback] of the target file",
            ) from None
        own = f"http://{host or '127.0.0.1'}:{self._server.server_address[1]}"
        self.base = where.public_url.rstrip("/") or own
        self.is_direct = not where.public_url
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()

    def url(self, name: str, met: bool, note: str | None = NOTE) -> str:
        """Return the URL of a condition that is met or not; ``name`` tells calls apart.

        Two URLs of the same name differ in their query only. A name that ends with a slash is the
        end of the path. ``note`` is any text in the query; with None there is no query.
        """
        path = f"{PATH}{name}" if name.endswith("/") else f"{PATH}{name}/Sak-A"
        answer = str(met).lower()
        self._answers[path.lower()] = answer
        query = "" if note is None else f"?met={answer}&tag=b&tag=a&part=&note={quote(note)}"
        return f"{self.base}{path}{query}"

    def calls_of(self, url: str) -> list[Call]:
        """Return the calls of a URL in any case, whatever its query, a slash at its end or not."""
        path = _asked(url)[0].lower().rstrip("/")
        calls = list(self._calls)
        return [call for call in calls if _asked(call.path)[0].lower().rstrip("/") == path]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


def _parts(url: str) -> tuple[list[str], Asked]:
    """Return what a URL asks for; an encoded slash separates nothing (RFC 3986, section 2.2)."""
    _, _, name = urlsplit(url).path.partition(PATH)
    return [unquote(each) for each in name.split("/")], _asked(url)


def _asked(url: str) -> Asked:
    parts = urlsplit(url)
    _, slash, name = unquote(parts.path).partition(PATH)  # what stands before may be a gateway's
    return slash + name, tuple(parse_qsl(parts.query, keep_blank_values=True))
