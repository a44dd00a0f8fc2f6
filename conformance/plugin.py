"""The pytest plugin: the options of a run, and whether there is one.

Loaded wherever the package is installed, it stays silent until the suite's own tests are asked for
(``pytest --pyargs conformance``). What a run then does is in ``runner.py``; fixtures are in
``conftest.py``, so that their names are seen by the suite's own tests only.
"""

from __future__ import annotations

from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent
TESTS = ("behaviour", "fuzz")
SETTINGS = (
    *("-c", str(PACKAGE / "run.ini")),
    *("-p", "conformance", "-p", "no:terminal", "-p", "no:cacheprovider"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),  # they collect garbage for long
)


def run_of(*tests: str) -> tuple[str, ...]:
    """Return the arguments of pytest for a run that the settings of nobody's directory change.

    ``tests`` are the folders of tests, or files in them, by their paths in the package.
    """
    return (*SETTINGS, *(str(PACKAGE / each) for each in tests))


WHOLE_RUN = run_of(*TESTS)


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
        "--max-cases", type=int, metavar="N", help="no more than N generated cases of a kind"
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
    config.addinivalue_line("markers", "costs(once): what a test sends at most")
    config.addinivalue_line(
        "markers", "tries(kind, each): which cases a test tries, and what each sends"
    )
    config.addinivalue_line("markers", "watches(scenario): the watched order that a test judges")
    config.addinivalue_line(
        "markers", "watches_generated(kind): the same for each of several orders"
    )
    if suite_is_asked_for(config) and not config.option.collectonly:
        from conformance.runner import Runner

        runner = Runner(config, partial=names_single_tests(config))
        config.pluginmanager.register(runner, Runner.NAME)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the suite's own self-tests when the suite as a whole is asked for."""
    if collection_path == PACKAGE / "selftest" and suite_is_asked_for(config):
        return True
    return None


def suite_is_asked_for(config: pytest.Config) -> bool:
    """Tell whether an argument of pytest names tests of the suite, as path or as package."""
    return any(_names_suite(str(arg).partition("::")[0], config) for arg in config.args)


def names_single_tests(config: pytest.Config) -> bool:
    """Tell whether the arguments of pytest name less than all tests of the suite."""
    named = {arg if config.option.pyargs else _resolved(arg, config) for arg in config.args}
    return not ({str(PACKAGE), PACKAGE.name} & named or named == {str(PACKAGE / t) for t in TESTS})


def _resolved(arg: str, config: pytest.Config) -> str:
    return str((config.invocation_params.dir / arg).resolve())


def _names_suite(arg: str, config: pytest.Config) -> bool:
    if config.option.pyargs and arg.split(".")[0] == PACKAGE.name:
        rest = arg.split(".")[1:2]
        return not rest or rest[0] in TESTS
    path = Path(_resolved(arg, config))
    return path == PACKAGE or any(path.is_relative_to(PACKAGE / tests) for tests in TESTS)
