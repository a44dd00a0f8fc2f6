"""The pytest plugin: options, the life of a run, and what becomes of each test.

Loaded wherever the package is installed, it stays silent until the suite's own tests are asked for
(``pytest --pyargs conformance``); fixtures are in ``conftest.py`` beside it, so that their names
are seen by those tests only.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conformance.reporting.display import Display
    from conformance.session import Record, Settings, Worker
    from conformance.target.embedded import Embedded

PACKAGE = Path(__file__).parent
TESTS = ("behaviour", "fuzz")
RUN = pytest.StashKey["RunPlugin"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a run; ``notifications-conformance run`` has the same ones."""
    group = parser.getgroup("conformance", "conformance of an Altinn Notifications deployment")
    group.addoption(
        "--target",
        metavar="URL|FILE",
        help="the deployment: a base URL, or a target file in TOML"
        " (default: an embedded reference deployment)",
    )
    group.addoption("--edition", choices=("2024-08", "2025-01"), help="the edition to judge by")
    group.addoption("--seed", type=int, help="repeats the requests of a run (default: random)")
    group.addoption(
        "--effort",
        choices=("quick", "standard", "thorough"),
        default="standard",
        help="how many cases the fuzzing tries (default: standard)",
    )
    group.addoption(
        "--select",
        metavar="GLOB",
        action="append",
        default=[],
        help="only requirements whose id matches; can be repeated",
    )
    group.addoption("--reports", metavar="DIR", help="write the reports of the run below DIR")
    group.addoption(
        "--require-complete", action="store_true", help="exit 6 when a MUST was not verified"
    )
    group.addoption(
        "--fault",
        metavar="NAME",
        action="append",
        default=[],
        help="start the reference deployment with this fault; can be repeated",
    )
    group.addoption(
        "--variant",
        metavar="NAME",
        action="append",
        default=[],
        help="start the reference deployment with this variant; can be repeated",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks, and take part where the suite's tests are asked for."""
    config.addinivalue_line("markers", "requirement(id): the requirement that a test verifies")
    config.addinivalue_line("markers", "watches(scenario): the watched order that a test judges")
    if _suite_is_asked_for(config) and not config.option.collectonly:
        plugin = RunPlugin(config)
        config.stash[RUN] = plugin
        config.pluginmanager.register(plugin, "conformance-run")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the suite's own self-tests when the suite as a whole is asked for."""
    if collection_path == PACKAGE / "selftest" and _suite_is_asked_for(config):
        return True
    return None


def _suite_is_asked_for(config: pytest.Config) -> bool:
    return any(_names_suite(str(arg).partition("::")[0], config) for arg in config.args)


def _names_suite(arg: str, config: pytest.Config) -> bool:
    if config.option.pyargs and arg.split(".")[0] == PACKAGE.name:
        rest = arg.split(".")[1:2]
        return not rest or rest[0] in TESTS
    path = (config.invocation_params.dir / arg).resolve()
    return path == PACKAGE or any(path.is_relative_to(PACKAGE / tests) for tests in TESTS)


@dataclass(frozen=True)
class DisplayHolder:
    """Hands a display to the run that :func:`pytest.main` is called for, as a plugin of it."""

    display: Display


class RunPlugin:
    """Leads one run through a session of pytest.

    In the process that judges it holds the record of the run; in a process that tests it holds a
    worker; without xdist one process is both.
    """

    def __init__(self, config: pytest.Config) -> None:
        from conformance.reporting.display import Silent

        self._config = config
        self._embedded: Embedded | None = None
        self._worker: Worker | None = None
        self._record: Record | None = None
        self._settings: Settings | None = None
        self._interrupted = False
        holders = [p for p in config.pluginmanager.get_plugins() if isinstance(p, DisplayHolder)]
        self._display: Display = holders[0].display if holders else Silent()

    @property
    def worker(self) -> Worker:
        """What the tests of this process share."""
        assert self._worker is not None
        return self._worker

    def pytest_sessionstart(self) -> None:
        """Find the target and make sure that a run on it can be trusted, before any test."""
        from conformance.session import Record

        shared = getattr(self._config, "workerinput", {}).get("conformance")
        if shared:
            self._settings = pickle.loads(shared)
            return
        self._settings = self._prepare()
        self._record = Record(self._settings, _now())
        self._record.preflight_order = self._preflight()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker process of xdist what is run; its channel is private to this machine."""
        node.workerinput["conformance"] = pickle.dumps(self._settings)

    def _prepare(self) -> Settings:
        from conformance.catalogue import load
        from conformance.session import Settings

        option = self._config.option
        with _as_usage_errors():
            selected = load().select(option.select) if option.select else None
            target = self._target()
        seed = option.seed if option.seed is not None else SystemRandom().randrange(2**32)
        edition = option.edition or target.edition or load().editions[-1]
        return Settings(target, edition, seed, option.effort, selected)

    def _target(self) -> Any:
        from conformance.errors import OperatorError
        from conformance.target.embedded import Embedded
        from conformance.target.origin import target_from

        option = self._config.option
        deviations = [
            *(word for name in option.fault for word in ("--fault", name)),
            *(word for name in option.variant for word in ("--variant", name)),
        ]
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

    def _preflight(self) -> str:
        from conformance.clock import Clock
        from conformance.target.preflight import preflight

        assert self._settings is not None
        target = self._settings.target
        self._display.stage(f"preflight of {target.name} at {target.url}")
        with _as_usage_errors():
            return preflight(target, Clock(), self._settings.seed)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep what is in scope, and let the tests that watch come last."""
        assert self._settings is not None
        in_scope, outside = [], []
        for item in items:
            (in_scope if self._in_scope(item) else outside).append(item)
        in_scope.sort(key=lambda item: item.get_closest_marker("watches") is not None)
        items[:] = in_scope
        if outside:
            config.hook.pytest_deselected(items=outside)

    def _in_scope(self, item: pytest.Item) -> bool:
        from conformance.catalogue import load

        assert self._settings is not None
        known = load().requirements.get(_requirement(item))
        if known is None:
            raise pytest.UsageError(f"{item.nodeid}: its requirement is not in the catalogue")
        selected = self._settings.selected
        return self._settings.edition in known.editions and (
            selected is None or known.id in selected
        )

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note what was chosen, and place the orders that will be watched."""
        chosen = {item.nodeid: (_requirement(item), _title(item)) for item in session.items}
        if hasattr(self._config, "workerinput"):
            self._config.workeroutput["conformance"] = chosen
        elif self._record is not None and not _is_distributed(self._config):
            self._record.chosen = chosen
            self._display.collected(len(chosen))
        if session.items and not _is_distributed(self._config):
            self._open_worker(session.items)

    def _open_worker(self, items: Sequence[pytest.Item]) -> None:
        from conformance.session import Worker

        assert self._settings is not None
        name = getattr(self._config, "workerinput", {}).get("workerid", "main")
        self._worker = Worker(self._settings, name)
        scenarios = {
            mark.args[0]: bool(mark.kwargs.get("refused"))
            for item in items
            if not self.missing(item)
            for mark in item.iter_markers("watches")
        }
        self._worker.place(scenarios)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Tell the display how many tests the workers found."""
        if self._record is not None and not self._record.results:
            self._display.collected(len(ids))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Learn from a worker which tests were chosen."""
        if self._record is not None:
            self._record.chosen.update(getattr(node, "workeroutput", {}).get("conformance", {}))

    def missing(self, item: pytest.Item) -> list[str]:
        """Return the capabilities that the requirement of a test needs and the target lacks."""
        from conformance.catalogue import load

        assert self._settings is not None
        needs = load().requirements[_requirement(item)].needs
        return [need for need in needs if need not in self._settings.target.capabilities]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin a test with an empty journal, unless the target lacks what it needs."""
        from conformance.errors import Blocked

        missing = self.missing(item)
        if missing:
            raise Blocked(f"the target provides no {', '.join(missing)}", "configuration")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn what a test raised into its ending, and tell it in the words of the suite."""
        from conformance.outcomes import ending_of, failure_text

        report = yield
        ending = ending_of(call.excinfo.value if call.excinfo else None, _requirement(item))
        if ending.finding:
            report.longrepr = failure_text(ending.finding)
        elif ending.reason and ending.cause != "suite":
            path, line, _ = item.location
            report.outcome = "skipped"
            report.longrepr = (path, (line or 0) + 1, f"not verified: {ending.reason}")
        endings = item.stash.setdefault(ENDINGS, [])
        endings.append(ending)
        item.stash[SECONDS] = item.stash.get(SECONDS, 0.0) + call.duration
        if call.when == "teardown":
            report.conformance = self._conclude(item)  # type: ignore[attr-defined]
        return report

    def _conclude(self, item: pytest.Item) -> dict[str, Any]:
        endings = item.stash[ENDINGS]
        ending = next((each for each in endings if each.reason), endings[0])
        result, exchanges = self.worker.result(
            item.nodeid, _title(item), _requirement(item), ending, item.stash[SECONDS]
        )
        self.worker.watch.sample()
        return {
            "result": result.to_json(),
            "exchanges": [exchange.to_json() for exchange in exchanges],
        }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result of a test, wherever it ran."""
        from conformance.reporting.model import TestResult

        told = getattr(report, "conformance", None)
        if told and self._record is not None:
            result = TestResult.from_json(told["result"])
            self._record.add(result, told["exchanges"])
            self._display.tested(result)

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the run was interrupted; what it measured is still reported."""
        self._interrupted = True

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(
        self, session: pytest.Session
    ) -> Generator[None, None, None]:
        """Judge the run, write its reports, and let the exit code say the verdict."""
        result = yield
        if self._record is not None and self._settings is not None:
            self._finish(session)
        return result

    def _finish(self, session: pytest.Session) -> None:
        from conformance.reporting.write import write
        from conformance.outcomes import exit_code

        assert self._record is not None
        run = self._record.run(_now(), self._interrupted)
        reports = None
        with _as_usage_errors():
            if self._config.option.reports:
                directory = Path(self._config.option.reports)
                reports = write(run, self._record.exchanges, directory)
        self._run = run
        self._display.ended(run, reports)
        session.exitstatus = exit_code(run, self._config.option.require_complete)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell the verdict below pytest's own summary."""
        from conformance.outcomes import summary_lines

        run = getattr(self, "_run", None)
        if run is not None:
            terminalreporter.section("conformance")
            for line in summary_lines(run):
                terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        """Close connections and stop the reference deployment."""
        if self._worker:
            self._worker.close()
        if self._embedded:
            self._embedded.stop()


ENDINGS = pytest.StashKey[list[Any]]()
SECONDS = pytest.StashKey[float]()


@contextmanager
def _as_usage_errors() -> Iterator[None]:
    """Turn an operator's mistake into pytest's own: one line, exit code 4, no traceback."""
    from conformance.errors import OperatorError

    try:
        yield
    except OperatorError as error:
        raise pytest.UsageError(str(error)) from None


def _requirement(item: pytest.Item) -> str:
    mark = item.get_closest_marker("requirement")
    return str(mark.args[0]) if mark and mark.args else ""


def _title(item: pytest.Item) -> str:
    doc = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return " ".join(doc.strip().split("\n\n")[0].split())


def _is_distributed(config: pytest.Config) -> bool:
    return bool(getattr(config.option, "tx", None)) and not hasattr(config, "workerinput")


def _now() -> Any:
    from conformance.clock import Clock

    return Clock().now()
