"""``python -m conformance.reference``: starts the reference deployment."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from socket import socket

from conformance.reference.announcement import announce, announcement
from conformance.reference.app import application
from conformance.reference.credentials import Authority
from conformance.reference.deviations import Deviation, UnknownDeviationError, named
from conformance.reference.faults import FAULTS
from conformance.reference.gallery import Gallery
from conformance.reference.mailbox import Mailbox
from conformance.reference.outlet import Outlet
from conformance.reference.pace import Pace
from conformance.reference.registers import synthetic_registers
from conformance.reference.server import Server, listen, log_to_stderr, origin_of
from conformance.reference.token_generator import TokenGenerator
from conformance.reference.variants import VARIANTS

CANNOT_START = 4
HIGHEST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        deviations = _deviations(options)
        listener = listen(options.host, options.port)
    except UnknownDeviationError as unknown:
        return _cannot_start(str(unknown))
    except OSError as failure:
        reason = failure.strerror or str(failure)
        return _cannot_start(f"cannot listen on {options.host}:{options.port}: {reason}")
    with listener:
        _serve(options, deviations, listener)
    return 0


def _serve(options: argparse.Namespace, deviations: Sequence[Deviation], listener: socket) -> None:
    log_to_stderr()
    origin = origin_of(listener)
    pace = Pace(options.speed)
    authority = Authority(options.token_lifetime)
    generator = TokenGenerator(authority)
    mailbox = Mailbox()
    outlet = Outlet(mailbox, options.smtp)
    gallery = Gallery(origin, pace, outlet, authority, synthetic_registers())
    line = announcement(origin, pace, authority, generator)
    app = application(gallery, mailbox, generator, deviations)
    server = Server(app, when_ready=lambda: announce(line, options.announce))
    server.serve_until_told(listener, stop_with_stdin=options.stop_with_stdin)


def _deviations(options: argparse.Namespace) -> list[Deviation]:
    faults = [named("fault", name, FAULTS) for name in options.fault]
    return [*faults, *(named("variant", name, VARIANTS) for name in options.variant)]


def _cannot_start(reason: str) -> int:
    sys.stderr.write(f"reference: {reason}\n")
    return CANNOT_START


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m conformance.reference",
        description="The reference deployment: one JSON line on standard output when it is ready.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=_port, default=0, help="port to listen on; 0 finds a free one")
    add("--speed", type=_speed, default=1.0, help="how much faster than a real deployment")
    add("--smtp", type=_host_and_port, metavar="HOST:PORT", help="also send mail to this server")
    add("--fault", action="append", default=[], metavar="NAME", help="break one requirement")
    add("--variant", action="append", default=[], metavar="NAME", help="choose otherwise")
    add("--stop-with-stdin", action="store_true", help="end when standard input does")
    add("--announce", type=_file, metavar="FILE", help="write the JSON line to this file")
    add("--token-lifetime", type=int, default=86400, metavar="SECONDS", help="default: a day")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed < float("inf"):
        raise argparse.ArgumentTypeError("speed is a positive number")
    return speed


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host, _port(port)


def _file(text: str) -> Path:
    file = Path(text)
    if not file.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no directory {file.parent}")
    return file


if __name__ == "__main__":
    sys.exit(main())
