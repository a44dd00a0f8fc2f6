"""Judges a deployment that is 100 ms away, with one process and with four, and tells the times.

    python -m conformance.selftest.distance

The reference is served through a proxy that makes a connection take one round trip, and every byte
half of one. Each run has to end conformant.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from conformance.selftest.reference_server import Reference, running
from conformance.target.credentials import ENVIRONMENT
from conformance.target.sandbox import target_file

ROUND_TRIP_SECONDS = 0.1
PROCESSES = (1, 4)
SETTLED_SECONDS = 5.0
"""Within this a due order of the reference is settled at its speed, and can be seen from afar."""


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, half a round trip later, without holding up what follows."""
    loop = asyncio.get_running_loop()
    with suppress(OSError):
        while data := await reader.read(65536):
            loop.call_later(ROUND_TRIP_SECONDS / 2, writer.write, data)
    loop.call_later(ROUND_TRIP_SECONDS / 2, writer.close)


async def _serve(port: int, ready: "asyncio.Future[int]") -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(ROUND_TRIP_SECONDS)
        with suppress(OSError, asyncio.CancelledError):
            onward = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_forward(reader, onward[1]), _forward(onward[0], writer))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    ready.set_result(server.sockets[0].getsockname()[1])
    await server.serve_forever()


@contextmanager
def distant(port: int) -> Iterator[int]:
    """Serve what listens on a port on another one, from afar; yield that port."""
    loop = asyncio.new_event_loop()
    ready: asyncio.Future[int] = loop.create_future()
    serving = loop.create_task(_serve(port, ready))  # the loop holds no task by itself
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield asyncio.run_coroutine_threadsafe(_result(ready), loop).result(5)
    asyncio.run_coroutine_threadsafe(_ended(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    assert serving.done()


async def _ended() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for each in others:
        each.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _result(ready: "asyncio.Future[int]") -> int:
    return await ready


def judged(reference: Reference, port: int, processes: int) -> tuple[int, str, float]:
    """Judge the reference at a port; return exit code, last lines and wall time in seconds."""
    url = re.sub(r":\d+/", f":{port}/", reference.announced["url"])
    told = {**reference.announced, "url": url, "processing_seconds": SETTLED_SECONDS}
    tokens = {
        variable: reference.announced["credentials"][name] for name, variable in ENVIRONMENT.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "target.toml"
        file.write_text(target_file(told), encoding="utf-8")
        command = [sys.executable, "-P", "-m", "conformance", "run", "--target", str(file)]
        command += ["-n", str(processes), "--reports", folder]
        start = time.perf_counter()
        ended = subprocess.run(
            command, capture_output=True, text=True, cwd=folder, env=os.environ | tokens
        )
        seconds = time.perf_counter() - start
    return ended.returncode, ended.stdout[-700:] + ended.stderr[-300:], seconds


def main() -> int:
    """Judge from afar, and print a line for each number of processes."""
    worst = 0
    with running("--speed", "240") as reference:
        port = int(re.search(r":(\d+)/", reference.announced["url"])[1])  # type: ignore[index]
        with distant(port) as proxy:
            for processes in PROCESSES:
                code, told, seconds = judged(reference, proxy, processes)
                sys.stdout.write(f"-n {processes}: exit code {code}, {seconds:.1f} s\n")
                sys.stdout.write("" if code == 0 else told)
                sys.stdout.flush()
                worst = max(worst, code)
    return worst


if __name__ == "__main__":
    sys.exit(main())
