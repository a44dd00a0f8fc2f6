"""A condition endpoint that the deployment calls, with a record of the calls.

Send email notifications, conditionEndpoint: the URL to use when checking whether the condition to
send the notification is met. It answers ``{"sendNotification": true}`` or ``false``, as the path
says: ``/met/…`` or ``/not-met/…``.
"""

from __future__ import annotations

import json
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class ConditionEndpoint:
    """Listens on a loopback address until it is closed."""

    def __init__(self) -> None:
        calls: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                calls.append(self.path)
                body = json.dumps({"sendNotification": self.path.startswith("/met/")}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 (the documents do not name the method)

            def log_message(self, format: str, *args: Any) -> None:
                """Keep the terminal for the run."""

        self.calls = calls
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()

    def url(self, name: str, met: bool) -> str:
        """Return the URL of a condition that is met or not; ``name`` tells calls apart."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/{'met' if met else 'not-met'}/{name}"

    def was_called(self, url: str) -> bool:
        """Tell whether a URL of this endpoint was called."""
        return urlsplit(url).path in {urlsplit(path).path for path in self.calls}

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
