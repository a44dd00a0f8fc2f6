"""Tiny deployments on loopback addresses that answer whatever a self-test wants."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count

Answer = Callable[[int, bytes], bytes]
"""From the number of the connection's request and its bytes to the bytes of an answer."""


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    """Return an HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """Serve answers until the end of the block; yield the base URL.

    An empty answer closes the connection without a word; so does the end of one that is closed.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    opened: list[socket.socket] = []
    requests = count(1)

    def converse(connection: socket.socket) -> None:
        with connection:
            while request := _read(connection):
                told = answer(next(requests), request)
                with suppress(OSError):
                    connection.sendall(told)
                if not told or b"Connection: close" in told:
                    break

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            opened.append(connection)
            threading.Thread(target=converse, args=[connection], daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for each in (listener, *opened):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=5)


def _read(connection: socket.socket) -> bytes:
    """Return one request, or nothing when the client has gone."""
    received = b""
    try:
        while b"\r\n\r\n" not in received:
            more = connection.recv(65536)
            if not more:
                return b""
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        while len(body) < _length(head):
            body += connection.recv(65536)
    except OSError:
        return b""
    return head + b"\r\n\r\n" + body


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
