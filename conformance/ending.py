"""The end of a run: what is still open is closed, orders are cancelled, reports are written.

Whoever interrupts a run wants what it measured: Ctrl-C ends the cancelling, and nothing more.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from conformance.clock import Clock
from conformance.coordinator import Coordinator
from conformance.errors import OperatorError
from conformance.exchange import Exchange, recorded
from conformance.ledger import Cancelling, placed
from conformance.reporting.display import Display
from conformance.reporting.model import Run
from conformance.reporting.write import write
from conformance.session import Record

UNFINISHED = "a test that was not finished"
"""Stands for a test in the record of exchanges whose test was interrupted."""


def close(
    record: Record, coordinator: Coordinator, unfinished: Sequence[Exchange], display: Display
) -> None:
    """Stop watching, and cancel the orders that are not due yet, where the deployment can.

    Args:
        record: what was measured; it is completed.
        coordinator: what the tests shared.
        unfinished: the exchanges of a test that was interrupted.
        display: told what goes on.
    """
    record.exchanges += recorded(UNFINISHED, unfinished)
    try:
        record.add_watched(coordinator.close())
        _cancel(record, display)
    except KeyboardInterrupt:
        record.interrupted = True


def _cancel(record: Record, display: Display) -> None:
    target, orders = record.settings.target, placed(record.exchanges)
    if not target.cancel:
        return
    cancelling = Cancelling(target, Clock(), record.settings.seed)
    display.stage(f"cancelling {len(cancelling.due_later(orders))} orders that are not due")
    try:
        cancelling.cancel(orders)
    finally:
        record.orders = cancelling.told(orders)
        record.exchanges += cancelling.close()


def judged(record: Record, clock: Clock, directory: str | None, display: Display) -> Run:
    """Judge the run, write its reports, and tell it; no second Ctrl-C keeps it from that.

    Raises:
        OperatorError: when the reports cannot be written; the verdict has been told then.
    """
    with _uninterrupted():
        run = record.run(clock.now())
        reports, problem = _written(run, record, directory)
        display.ended(run, reports)
    if problem:
        raise problem
    return run


def _written(
    run: Run, record: Record, directory: str | None
) -> tuple[Path | None, OperatorError | None]:
    """Write the reports; what keeps them from being written is told after the verdict."""
    if directory is None:
        return None, None
    try:
        return write(run, record.exchanges, Path(directory)), None
    except OperatorError as error:
        return None, error


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ignore Ctrl-C, where signals are handled at all: in the main thread."""
    before = signal.getsignal(signal.SIGINT)
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        with suppress(ValueError):
            signal.signal(signal.SIGINT, before)
