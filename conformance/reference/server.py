"""The process around the application: its socket, its announcement, and its end."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

STANDARD_INPUT = 0


def listen(host: str, port: int) -> socket.socket:
    """Bound and listening before anything else starts, so that the port is known and ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    # Connections inherit it. asyncio would set it only for a socket made with IPPROTO_TCP, and
    # without it every answer waits 40 ms for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def origin_of(listener: socket.socket) -> str:
    """The URL that a client on this machine uses."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (reads, not binds)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """Says when it is ready, and ends without a noise."""

    def __init__(self, app: ASGIApp, when_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="on",
                log_config=None,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                access_log=False,
                timeout_graceful_shutdown=1,
                timeout_keep_alive=120,
            )
        )
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Announce the server once uvicorn listens."""
        await super().startup(sockets)
        self._when_ready()

    def serve_until_told(self, listener: socket.socket, *, stop_with_stdin: bool) -> None:
        """Serve until a signal comes, or standard input ends."""
        # uvicorn raises the signals that it caught once more when it has ended, for whoever had a
        # handler before it: this one, which has nothing left to do.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        if stop_with_stdin:
            threading.Thread(target=self._stop_with_stdin, daemon=True).start()
        self.run(sockets=[listener])

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.should_exit = True

    def _stop_with_stdin(self) -> None:
        # Not through sys.stdin: a thread that waits in it holds a lock that the interpreter needs
        # to end.
        with suppress(OSError):
            while os.read(STANDARD_INPUT, 4096):
                pass
        self.should_exit = True


def log_to_stderr() -> None:
    """Standard output is for the announcement alone."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="reference: %(levelname)s %(message)s"
    )
