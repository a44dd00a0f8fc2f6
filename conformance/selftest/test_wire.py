"""Everything that HTTP/1.1 lets a server do to an answer; the verdict stays the same.

The reference is asked through a proxy that passes each answer on in another manner, in turn.
"""

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conformance.reporting.model import Outcome
from conformance.selftest.deployments import Answer, answering
from conformance.selftest.judging import described_as, judge_described
from conformance.selftest.reference_server import SPEED, running

Manner = Callable[[bytes, bytes], bytes]
"""From the head and the body of an answer to the bytes that are sent instead."""

_LENGTH = re.compile(rb"\r\ncontent-length: \d+", re.IGNORECASE)


def hinted(head: bytes, body: bytes) -> bytes:
    """Interim answers precede the final one (RFC 9110, section 15.2)."""
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    return b"HTTP/1.1 100 Continue\r\n\r\n" + early + head + b"\r\n\r\n" + body


def of_old(head: bytes, body: bytes) -> bytes:
    """A server of HTTP/1.0 ends an answer with the connection."""
    told = _LENGTH.sub(b"", head.replace(b"HTTP/1.1", b"HTTP/1.0", 1))
    return told + b"\r\nConnection: close\r\n\r\n" + body


def closed_silently(head: bytes, body: bytes) -> bytes:
    """The connection is closed after an answer that promises to keep it.

    (The header that no client reads tells the proxy.)
    """
    told = b"\r\nKeep-Alive: timeout=60, max=100\r\nX-Told: Connection: close\r\n\r\n"
    return head + told + body


def chunked(head: bytes, body: bytes) -> bytes:
    """Chunks have extensions, and a trailer comes after them (RFC 9112, section 7.1)."""
    if not body:
        return head + b"\r\n\r\n"
    chunk = b"%x;part=1\r\n%b\r\n" % (len(body), body)
    told = _LENGTH.sub(b"", head) + b"\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
    return told + chunk + b"0\r\nX-Sum: 17\r\n\r\n"


def crowded(head: bytes, body: bytes) -> bytes:
    """Gateways add headers, some of them empty, odd, or with white space around their values."""
    more = "".join(f"X-Gateway-{n}:  {'hop, ' * n}\t\r\n" for n in range(60))
    return head + b"\r\nX-Empty:\r\nVia: 1.1 a, 1.1 b\r\n" + more.encode() + b"\r\n" + body


MANNERS: tuple[Manner, ...] = (hinted, of_old, closed_silently, chunked, crowded)


def passing_on(port: int) -> Answer:
    """Return what answers as a server on this machine does, in one manner after the other."""

    def answer(number: int, request: bytes) -> bytes:
        asked = re.sub(rb"(?i)\r\nconnection: [^\r]*", b"\r\nConnection: close", request, count=1)
        head, _, body = b"".join(_exchanged(port, asked)).partition(b"\r\n\r\n")
        kept = re.sub(rb"(?i)\r\nconnection: [^\r]*", b"", head)
        return MANNERS[number % len(MANNERS)](kept, body)

    return answer


def _exchanged(port: int, request: bytes) -> Iterator[bytes]:
    with socket.create_connection(("127.0.0.1", port)) as onward:
        onward.sendall(request)
        while received := onward.recv(65536):
            yield received


def test_an_answer_may_travel_in_any_manner_of_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running("--speed", str(SPEED)) as reference:
        origin, _, path = reference.base.partition("/notifications")
        port = int(origin.rpartition(":")[2])
        with answering(passing_on(port)) as proxy:
            described = described_as(reference, url=f"{proxy}/notifications{path}")
            run = judge_described(reference, described, tmp_path, monkeypatch, "--effort", "quick")
    missed = (Outcome.FAILED, Outcome.NOT_VERIFIED)
    assert [each.requirement.id for each in run.requirements if each.outcome in missed] == []
