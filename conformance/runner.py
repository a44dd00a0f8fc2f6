"""Leads one run through a session of pytest, in one process or, with xdist, in several.

The process that judges holds the record of the run, a process that tests holds a worker; without
xdist one process is both.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import Any, ClassVar

import pytest

from conformance.catalogue import load
from conformance.clock import Clock
from conformance.coordinator import Beginning, Coordinator, Desk, Remote, Shared
from conformance.ending import close, judged
from conformance.errors import Blocked, OperatorError
from conformance.exchange import recorded
from conformance.fuzz.effort import Effort
from conformance.outcomes import ending_of, exit_code, failure_text, summary_lines
from conformance.planning import (
    is_beyond_consent,
    kind_of,
    plan,
    requirement_of,
    scenarios_of,
    will_run,
)
from conformance.preflight import NAME, Preflight
from conformance.reporting.display import Display, Silent
from conformance.reporting.model import Cause, Run, TestResult
from conformance.reporting.write import writable
from conformance.session import Ending, Record, Settings, Worker
from conformance.target.description import Target
from conformance.target.embedded import Embedded
from conformance.target.origin import target_from
from conformance.watching import TOLD


@dataclass(frozen=True)
class DisplayHolder:
    """Hands a display to the run that :func:`pytest.main` is called for, as a plugin of it."""

    display: Display


class Runner:
    """The plugin that is registered for a run."""

    NAME: ClassVar = "conformance-runner"
    ENDINGS: ClassVar = pytest.StashKey[list[Ending]]()
    SECONDS: ClassVar = pytest.StashKey[float]()

    settings: Settings
    worker: Worker
    _shared: Shared

    def __init__(self, config: pytest.Config, *, partial: bool) -> None:
        """Take part in the session of a configuration; ``partial`` when it names single tests."""
        self._partial = partial
        plugins = config.pluginmanager.get_plugins()
        holders = [each for each in plugins if isinstance(each, DisplayHolder)]
        self._display: Display = holders[0].display if holders else Silent()
        self._config = config
        self._clock = Clock()
        self._chosen: dict[str, tuple[str, str]] = {}
        self._collected = False
        self._embedded: Embedded | None = None
        self._coordinator: Coordinator | None = None
        self._desk: Desk | None = None
        self._record: Record | None = None
        self._run: Run | None = None

    # The beginning: find the target, make sure that a run on it can be trusted, choose the tests.

    def pytest_sessionstart(self) -> None:
        """Find the target and place one order, before any test."""
        shared = getattr(self._config, "workerinput", {}).get(self.NAME)
        if shared:
            self.settings, address = pickle.loads(shared)  # noqa: S301 (of the process above)
            self._shared = Remote(address)
            return
        with _as_usage_errors():
            if self._config.option.reports:
                writable(Path(self._config.option.reports))
            self.settings = self._settings()
            self._record = Record(self.settings, self._clock.now())
            target, seed = self.settings.target, self.settings.seed
            self._shared = self._coordinator = Coordinator(target, self._clock, seed)
            condition = self._coordinator.condition
            self._preflight(
                self._record, Preflight(target, self._clock, seed, self._shared, condition)
            )
        if _distributes(self._config):
            self._desk = Desk(self._coordinator)

    def _preflight(self, record: Record, preflight: Preflight) -> None:
        """Place orders that show whether a run can be trusted, and tell what is not in order."""
        target = self.settings.target
        self._display.stage(f"preflight of {target.name} at {target.url}")
        for check in preflight.checks():
            record.preflight += (check,)
            if check.mend:
                self._display.stage(f"preflight: {check.subject}: {check.told}: {check.mend}")
        record.exchanges += recorded(NAME, preflight.exchanges)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker process of xdist what is run; its channel is private to this machine."""
        assert self._desk is not None
        node.workerinput[self.NAME] = pickle.dumps((self.settings, self._desk.address))

    def _settings(self) -> Settings:
        option = self._config.option
        selected = load().select(option.select) if option.select else None
        target = self._target()
        return Settings(
            target=target,
            edition=option.edition or target.edition or load().editions[-1],
            seed=SystemRandom().randrange(2**32) if option.seed is None else option.seed,
            effort=Effort(option.effort, option.max_cases),
            selected=selected,
            partial=self._partial,
        )

    def _target(self) -> Target:
        option = self._config.option
        deviations = [f"--fault={name}" for name in option.fault]
        deviations += [f"--variant={name}" for name in option.variant]
        if option.target and deviations:
            raise OperatorError(
                "--fault and --variant deviate the reference deployment, not a target",
                "leave out --target",
            )
        if option.target:
            return target_from(option.target, os.environ)
        self._display.stage("starting the embedded reference deployment")
        self._embedded = Embedded(deviations)
        return self._embedded.target

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep what is in scope, and let the tests that watch come last."""
        agreed = [item for item in items if not is_beyond_consent(item, self.settings.scope)]
        judged = [(item, self._in_scope(item)) for item in agreed]
        outside = [item for item, in_scope in judged if not in_scope]
        items[:] = [item for item, in_scope in judged if in_scope]
        items.sort(key=_lateness)
        if outside:
            config.hook.pytest_deselected(items=outside)

    def _in_scope(self, item: pytest.Item) -> bool:
        known = load().requirements.get(requirement_of(item))
        if known is None:
            raise pytest.UsageError(f"{item.nodeid}: its requirement is not in the catalogue")
        return self.settings.scope.has(known)

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Note what is not run: a requirement passes only when all of its tests have passed."""
        self._note(items)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note what is run, and place the orders that will be watched."""
        if _distributes(self._config):
            return
        self._note(session.items)
        self._display.collected(len(session.items))
        self.worker = Worker(self.settings, self._shared)
        settings = self.settings
        items = [item for item in session.items if will_run(item, settings.scope)]
        planned = plan(settings.target, items, settings.scope, settings.effort, settings.seed)
        tests = dict(self._chosen)
        self._shared.begin(Beginning(planned.budget, scenarios_of(items), tests))

    def _note(self, items: Sequence[pytest.Item]) -> None:
        self._chosen |= {item.nodeid: (requirement_of(item), _title(item)) for item in items}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A test module that cannot be collected is a failure of the suite."""
        if report.failed and self._record is not None:
            self._record.failure = f"{report.nodeid} cannot be collected"

    def pytest_internalerror(self, excrepr: Any) -> None:
        """An error between tests is a failure of the suite."""
        if self._record is not None:
            self._record.failure = str(excrepr).strip().rpartition("\n")[2]

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Tell the display how many tests the workers found, once."""
        if not self._collected:
            self._collected = True
            self._display.collected(len(ids))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, error: object) -> None:
        """A worker of xdist that ends before its time is a failure of the suite."""
        if error and self._record is not None and not self._record.interrupted:
            self._record.failure = f"a process that tested has ended ({error})"

    # The middle: what becomes of each test.

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Keep a test from running whose requirement needs what the target lacks."""
        missing = self._missing(item)
        if missing:
            raise Blocked(f"the target provides no {', '.join(missing)}", Cause.CONFIGURATION)

    def _missing(self, item: pytest.Item) -> tuple[str, ...]:
        return self.settings.scope.missing(load().requirements[requirement_of(item)])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn what a test raised into its ending, and tell it in the words of the suite."""
        error = call.excinfo.value if call.excinfo else None
        if call.excinfo and isinstance(error, TOLD):  # a traceback nobody sees takes long to make
            call.excinfo.traceback = call.excinfo.traceback[:0]
        report = yield
        ending = self.worker.excused(ending_of(error, requirement_of(item)))
        if ending.finding:
            report.longrepr = failure_text(ending.finding, self.settings.edition)
        elif ending.reason and ending.cause is not Cause.SUITE:
            path, line, _ = item.location
            report.outcome = "skipped"
            report.longrepr = (path, (line or 0) + 1, f"not verified: {ending.reason}")
        item.stash.setdefault(self.ENDINGS, []).append(ending)
        item.stash[self.SECONDS] = item.stash.get(self.SECONDS, 0.0) + call.duration
        if call.when == "teardown":
            vars(report)[self.NAME] = self._concluded(item)
        return report

    def _concluded(self, item: pytest.Item) -> dict[str, Any]:
        """Return the result of a test and its exchanges as JSON values, to cross processes."""
        endings = item.stash[self.ENDINGS]
        result, exchanges = self.worker.result(
            item.nodeid,
            _title(item),
            requirement_of(item),
            next((each for each in endings if each.reason), endings[0]),
            item.stash[self.SECONDS],
            kind_of(item),
        )
        return {"result": result.to_json(), "exchanges": exchanges}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result of a test, wherever it ran."""
        told = vars(report).get(self.NAME)
        if told and self._record is not None:
            result = TestResult.from_json(told["result"])
            self._record.add(result, told["exchanges"])
            self._display.tested(result)

    # The end: judge, write the reports, let the exit code say the verdict.

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the run was interrupted; what it measured is still reported."""
        if self._record is not None:
            self._record.interrupted = True

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Judge the run and write its reports, in the process that judges."""
        result = None
        try:
            result = yield
        except KeyboardInterrupt:
            self.pytest_keyboard_interrupt()
        if self._record is None or self._coordinator is None:
            return result
        unfinished = self.worker.client.drain() if hasattr(self, "worker") else []
        close(self._record, self._coordinator, unfinished, self._display)
        self._record.chosen = self._chosen | self._coordinator.tests
        option = self._config.option
        with _as_usage_errors():
            self._run = judged(self._record, self._clock, option.reports, self._display)
        session.exitstatus = exit_code(self._run, option.require_complete)
        return result

    @pytest.hookimpl(trylast=True, optionalhook=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell the verdict below pytest's own summary."""
        if self._run is not None:
            terminalreporter.section("conformance")
            for line in summary_lines(self._run):
                terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        """Close connections and stop the reference deployment."""
        if hasattr(self, "worker"):
            self.worker.close()
        if self._desk:
            self._desk.close()
        if self._embedded:
            self._embedded.stop()


@contextmanager
def _as_usage_errors() -> Iterator[None]:
    """Turn an operator's mistake into pytest's own: one line, exit code 4, no traceback."""
    try:
        yield
    except OperatorError as error:
        raise pytest.UsageError(str(error)) from None


def _lateness(item: pytest.Item) -> int:
    """Tell when a test comes: after what it watches is processed, after a token has expired."""
    if "expired-token" in load().requirements[requirement_of(item)].needs:
        return 2
    return 1 if item.get_closest_marker("watches") else 0


def _title(item: pytest.Item) -> str:
    doc = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return " ".join(doc.strip().split("\n\n")[0].split())


def _distributes(config: pytest.Config) -> bool:
    """Tell whether this process leaves the testing to workers of xdist."""
    return bool(getattr(config.option, "tx", None)) and not hasattr(config, "workerinput")
