"""Whole runs, as users start them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from conformance.coordinator import WATCHED
from conformance.exchange import Exchange
from conformance.fuzz.effort import Effort
from conformance.planning import cost_of_test
from conformance.plugin import PACKAGE
from conformance.reporting.write import FILES
from conformance.selftest.deployments import answering, http
from conformance.selftest.pytests import clean_environment, collected, items, run
from conformance.selftest.reference_server import Reference, running
from conformance.target.permits import Cost, cost_of

QUICK = ("run", "--effort", "quick", "--reports", "reports")


def report(directory: Path) -> dict[str, Any]:
    text = (directory / "reports" / "latest" / "report.json").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed


Ended = tuple[Path, subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory,
) -> Ended:
    """One whole run against the embedded reference."""
    directory = tmp_path_factory.mktemp("whole")
    return directory, run("run", "--seed", "7", cwd=directory)


@pytest.fixture(scope="module")
def reference() -> Iterator[Reference]:
    with running("--speed", "600") as reference:
        yield reference


@pytest.fixture
def token(reference: Reference) -> dict[str, str]:
    return {"CONFORMANCE_BEARER_TOKEN": reference.announced["credentials"]["bearer"]}


def test_the_reference_is_conformant(
    whole: Ended,
) -> None:
    directory, process = whole
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.rstrip().splitlines()[-1].startswith("conformant: ")
    told = report(directory)
    assert told["verdict"] == "conformant"
    assert told["counts"]["MUST"]["passed"] > 150
    outcomes = {each["outcome"] for each in told["requirements"]}
    assert outcomes == {"passed", "not applicable"}
    assert all(each["reason"] for each in told["requirements"] if each["outcome"] != "passed")


def test_the_reports_agree(whole: Ended) -> None:
    directory, _ = whole
    folder = directory / "reports" / "latest"
    assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)
    told = report(directory)
    junit = JUnitXml.fromfile(str(folder / "junit.xml"))
    assert (junit.tests, junit.failures, junit.errors) == (len(told["requirements"]), 0, 0)
    lines = (folder / "exchanges.jsonl").read_text(encoding="utf-8").splitlines()
    assert told["requests"] == len(lines)
    assert len({each["id"] for each in told["orders"]}) == len(told["orders"]) > 300


def test_no_secret_is_in_the_reports(
    whole: Ended,
) -> None:
    """The signature of a token never appears; what the suite makes up for itself may."""
    directory, _ = whole
    for name in FILES:
        text = (directory / "reports" / "latest" / name).read_text(encoding="utf-8")
        assert not re.search(r"eyJ[\w-]+\.eyJ", text), name


def test_the_same_seed_sends_the_same_requests(whole: Ended, tmp_path: Path) -> None:
    directory, _ = whole
    run("run", "--seed", "7", "--select", "order.*", cwd=tmp_path)
    first, second = (_orders(each) for each in (directory, tmp_path))
    assert second
    assert second <= first


def _orders(directory: Path) -> set[str]:
    """Return the orders that the tests placed, without the time they were placed at."""
    lines = (directory / "reports" / "latest" / "exchanges.jsonl").read_text(encoding="utf-8")
    bodies = set()
    for line in lines.splitlines():
        exchange = json.loads(line)
        if "test_order_accept" in exchange["test"] and exchange["request"]["method"] == "POST":
            order = json.loads(exchange["request"]["body"])
            order.pop("requestedSendTime", None)
            bodies.add(json.dumps(order))
    return bodies


@pytest.mark.parametrize("deviation", [(), ("--fault", "no-keywords")])
def test_the_reference_keeps_the_older_edition_without_keywords(
    deviation: Sequence[str], tmp_path: Path
) -> None:
    asked = (*QUICK, *deviation, "--edition", "2024-08", "--require-complete")
    process = run(*asked, "-n", "2", cwd=tmp_path)
    assert process.returncode == 0, process.stdout
    told = report(tmp_path)["requirements"]
    keywords = [each for each in told if each["id"].startswith("keyword.")]
    assert {each["outcome"] for each in keywords} == {"not applicable"}
    assert {each["outcome"] for each in told} == {"passed", "not applicable"}


def test_no_test_sends_more_than_it_says(whole: Ended) -> None:
    directory, _ = whole
    allowed = {item.nodeid: cost_of_test(item, Effort()) for item in items()}
    spent: dict[str, Cost] = {}
    lines = (directory / "reports" / "latest" / "exchanges.jsonl").read_text(encoding="utf-8")
    for recorded in map(json.loads, lines.splitlines()):
        exchange = Exchange.from_json(recorded)
        cost = cost_of(exchange.request, exchange.started, {})
        spent[recorded["test"]] = spent.get(recorded["test"], Cost()) + cost
    tests = {id: cost for id, cost in allowed.items() if id in spent}
    assert len(tests) > 400
    beyond = {id: spent[id] for id, cost in tests.items() if not _within(spent[id], cost)}
    assert beyond == {}


def _within(spent: Cost, allowed: Cost) -> bool:
    return all(value <= getattr(allowed, name) for name, value in vars(spent).items())


@pytest.mark.parametrize(
    ("fault", "requirement"),
    [
        ("order-answered-200", "order.status-202"),
        ("unknown-order-answered-200", "not-found.details"),
        ("bearer-not-verified", "auth.order-forged-bearer"),
    ],
)
def test_a_crude_fault_is_found_with_nothing_but_a_url(
    tmp_path: Path, fault: str, requirement: str
) -> None:
    with running("--fault", fault) as deployment:
        bearer = deployment.announced["credentials"]["bearer"]
        process = run(
            *QUICK, "--target", deployment.base, cwd=tmp_path, CONFORMANCE_BEARER_TOKEN=bearer
        )
    assert process.returncode == 1
    assert process.stdout.rstrip().splitlines()[-1].startswith("nonconformant: ")
    assert f"{requirement} (MUST)" in process.stdout
    failed = [each for each in report(tmp_path)["requirements"] if each["outcome"] == "failed"]
    assert requirement in [each["id"] for each in failed]
    assert all(each["cause"] == "implementation" for each in failed)


def test_a_bare_url_is_judged_as_far_as_it_goes(
    reference: Reference, token: dict[str, str], tmp_path: Path
) -> None:
    process = run(*QUICK, "--target", reference.base, "--require-complete", cwd=tmp_path, **token)
    assert process.returncode == 6
    told = report(tmp_path)
    assert told["verdict"] == "incomplete"
    assert told["counts"]["MUST"]["failed"] == 0
    assert {each["test"] for each in told["orders"]}.isdisjoint({WATCHED})  # nobody agreed to it
    mail = next(each for each in told["requirements"] if each["id"] == "delivery.delivered")
    assert (mail["outcome"], mail["cause"]) == ("not verified", "configuration")


MISTAKES = {
    "port": ("http://127.0.0.1:1/x", {}, "nobody listens"),
    "host": ("http://nowhere.invalid/x", {}, "cannot be found"),
    "base path": ("{origin}", {}, "is not this API"),
    "scheme": ("https://{host}/notifications/api/v1", {}, "no TLS connection"),
    "no token": ("{base}", {"CONFORMANCE_BEARER_TOKEN": ""}, "no credential"),
    "garbage token": ("{base}", {"CONFORMANCE_BEARER_TOKEN": "abc"}, "was refused with 401"),
    "expired token": ("{base}", {"CONFORMANCE_BEARER_TOKEN": "{expired_bearer}"}, "expired at"),
    "no scope": ("{base}", {"CONFORMANCE_BEARER_TOKEN": "{bearer_without_scope}"}, "403"),
}


@pytest.mark.parametrize(("target", "environment", "told"), MISTAKES.values(), ids=MISTAKES)
def test_an_operators_mistake_is_one_line(
    reference: Reference,
    token: dict[str, str],
    tmp_path: Path,
    target: str,
    environment: dict[str, str],
    told: str,
) -> None:
    origin = reference.base.removesuffix("/notifications/api/v1")
    words = {"base": reference.base, "origin": origin, "host": origin.removeprefix("http://")}
    words |= reference.announced["credentials"]
    filled = {name: value.format(**words) for name, value in environment.items()}
    started = time.monotonic()
    process = run(*QUICK, "--target", target.format(**words), cwd=tmp_path, **{**token, **filled})
    assert time.monotonic() - started < 10
    assert process.returncode == 4
    error = process.stderr.strip()
    assert error.startswith("ERROR: ")
    assert told in error
    assert "\n" not in error
    assert reference.announced["credentials"]["bearer"] not in error


NONSENSE = {
    "html": http("200 OK", b"<html>hello</html>", "Content-Type: text/html"),
    "teapot": http("418 I'm a teapot"),
    "redirect": http("302 Found", b"", "Location: https://login.example.com/"),
    "down": http("503 Service Unavailable", b"later"),
    "silence": b"",
    "garbage": b"\x16\x03\x01 no http\r\n\r\n",
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_a_host_that_is_not_this_api_is_one_line(
    token: dict[str, str], tmp_path: Path, answer: bytes
) -> None:
    with answering(lambda *_: answer) as base:
        process = run(*QUICK, "--target", base, cwd=tmp_path, **token)
    assert process.returncode == 4
    assert process.stderr.startswith("ERROR: ")
    assert "\n" not in process.stderr.strip()


SENSELESS = (
    b"[]",
    b"{}",
    b"null",
    b"",
    b"\xff\x00",
    b"[" * 100_000,
    b'{"orderId": 17, "id": {}, "generated": "1", "notifications": [[], null, {"sendStatus": 1}]}',
    b'{"orderId": {"a": []}, "recipientLookup": [], "recipients": {}, "links": "x", "created": 1}',
    b'{"recipientLookup": {"isReserved": 1, "missingContact": [{}], "status": []}, "errors": [1]}',
)


def test_answers_without_sense_are_findings_and_no_crash(
    token: dict[str, str], tmp_path: Path
) -> None:
    """A deployment that answers nonsense to everything is nonconformant, and not an error."""

    def answer(count: int, request: bytes) -> bytes:
        status = ("202 Accepted", "200 OK")[request.startswith(b"GET")]
        status = "400 Bad Request" if count % 7 == 6 else status
        body = SENSELESS[count % len(SENSELESS)]
        return http(status, body, "Content-Type: application/json", "Location: http://[")

    with answering(answer) as base:
        process = run(*QUICK, "--target", base, cwd=tmp_path, **token)
    assert process.returncode == 1, process.stdout + process.stderr
    causes = {each["cause"] for each in report(tmp_path)["requirements"]}
    assert causes == {"implementation", "configuration", None}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "--select", "nothing.*"), "matches no requirement"),
        (("run", "--fault", "nothing"), "unknown fault"),
        (("run", "--fault", "nothing", "--target", "http://x/"), "leave out --target"),
        (("run", "--effort", "much"), "is not one of"),
        (("run", "--reports", "/proc/none"), "cannot be written"),
        (("run", "--target", "nowhere.toml"), "cannot be read"),
        (("explain", "order.status"), "order.status-202"),
        (("nonsense",), "No such command"),
    ],
)
def test_a_mistake_on_the_command_line_is_exit_code_4(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    process = run(*arguments, cwd=tmp_path)
    assert process.returncode == 4
    assert told in process.stderr
    assert "Traceback" not in process.stderr


@contextmanager
def started(tmp_path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A run whose first tests have ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "conformance", "run", *options],
        cwd=tmp_path,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    while " tests: " not in process.stdout.readline():
        assert process.poll() is None
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two"])
@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupted_run_reports_what_it_measured(
    tmp_path: Path, options: tuple[str, ...], times: int
) -> None:
    """Whoever presses Ctrl-C twice wants it no less; nothing is green that was not seen."""
    with started(tmp_path, *options) as process:
        for _ in range(times):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.2)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "interrupted" in out
    told = report(tmp_path)
    assert (told["interrupted"], told["verdict"]) == (True, "incomplete")
    tests = Counter(collected().values())
    for each in told["requirements"]:
        if each["outcome"] == "passed":
            assert len(each["tests"]) == tests[each["id"]]
    assert told["counts"]["MUST"]["not verified"] > 10


def test_a_process_that_dies_is_a_failure_of_the_suite(tmp_path: Path) -> None:
    with started(tmp_path, "-n", "2", "--effort", "quick") as process:
        os.kill(_workers(process.pid)[0], signal.SIGKILL)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 3, out
    assert "has ended" in report(tmp_path)["failure"]


def _workers(pid: int) -> list[int]:
    """Return the processes that test: execnet starts them with a program on the command line."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for each in lists for child in each.read_text("utf-8").split()]
    return [int(each) for each in children if b"exec(eval" in _command(each)]


def _command(pid: str) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_pipe_that_nobody_reads_does_not_change_the_verdict(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conformance", *QUICK, "--select", "order.status-202"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=clean_environment(), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == 0


def test_pytest_runs_the_same_tests(
    reference: Reference, token: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "pytest", "--pyargs", "conformance", "-k", "lookup", "-n", "2"]
    process = subprocess.run(
        [*command, "--target", reference.base],
        cwd=tmp_path,
        env=clean_environment() | token,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    assert "verdict: incomplete" in process.stdout
    assert " passed" in process.stdout
    assert "skipped" in process.stdout


def test_a_requirement_is_not_verified_when_one_of_its_tests_is_left_out(tmp_path: Path) -> None:
    """-k leaves out one of two tests of order.status-202's neighbours; none of them is green."""
    id = "order.unicode-accepted"
    assert list(collected().values()).count(id) > 1
    command = [sys.executable, "-m", "pytest", "--pyargs", "conformance", "--reports", "reports"]
    subprocess.run(
        [*command, "-k", "test_any_letters_are_accepted and subject and Gratulerer"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    told = next(each for each in report(tmp_path)["requirements"] if each["id"] == id)
    assert told["outcome"] == "not verified"


def test_naming_single_tests_passes_no_requirement(tmp_path: Path) -> None:
    named = "behaviour/test_auth.py::test_a_forged_bearer_is_refused[unsigned-order]"
    command = [sys.executable, "-m", "pytest", str(PACKAGE / named), "--reports", "reports"]
    subprocess.run(
        command,
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    outcomes = {each["id"]: each["outcome"] for each in report(tmp_path)["requirements"]}
    assert outcomes["auth.order-forged-bearer"] == "not verified"


def test_the_selftests_are_not_part_of_the_suite() -> None:
    assert not [id for id in collected() if "selftest" in id]


def test_the_catalogue_can_be_read_from_the_command_line(tmp_path: Path) -> None:
    listed = run("list", cwd=tmp_path).stdout.splitlines()
    assert any(line.split()[:2] == ["order.status-202", "MUST"] for line in listed)
    explained = run("explain", "lookup.partial-when-some-reserved", cwd=tmp_path).stdout
    assert "reserved-person" in explained
    assert max(map(len, explained.splitlines())) <= 80
    assert run("--version", cwd=tmp_path).stdout.startswith("notifications-conformance, version")
    assert "Exit codes" in run("run", "--help", cwd=tmp_path).stdout


def test_a_token_that_expires_during_a_run_accuses_nobody(tmp_path: Path) -> None:
    with running("--speed", "600", "--token-lifetime", "4") as deployment:
        bearer = deployment.announced["credentials"]["bearer"]
        process = run(
            *QUICK, "--target", deployment.base, cwd=tmp_path, CONFORMANCE_BEARER_TOKEN=bearer
        )
    told = report(tmp_path)
    failed = [each["id"] for each in told["requirements"] if each["outcome"] == "failed"]
    reasons = " ".join(each["reason"] for each in told["requirements"])
    assert (process.returncode, failed, told["verdict"]) == (0, [], "incomplete")
    assert "refused (401)" in reasons or "answered 401" in reasons


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(tmp_path: Path) -> None:
    proxies = dict.fromkeys(("HTTP_PROXY", "ALL_PROXY", "http_proxy"), "http://127.0.0.1:9")
    process = run(*QUICK, "--select", "order.status-202", cwd=tmp_path, **proxies)
    assert process.returncode == 0, process.stderr


def test_a_folder_called_like_the_package_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "conformance").mkdir()
    command = [sys.executable, "-P", "-m", "conformance", *QUICK, "--select", "order.status-202"]
    process = subprocess.run(
        command,
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 0, process.stderr


def test_a_rate_limit_that_stays_is_told_before_the_first_test(
    token: dict[str, str], tmp_path: Path
) -> None:
    limited = http("429 Too Many Requests", b"", "Retry-After: 3600")
    with answering(lambda *_: limited) as base:
        process = run(*QUICK, "--target", base, cwd=tmp_path, **token)
    assert process.returncode == 4
    assert "rate limit" in process.stderr


def test_what_is_not_selected_is_not_told(tmp_path: Path) -> None:
    select = ("--select", "lookup.absent-for-addresses")
    process = run(*QUICK, *select, "--fault", "location-names-another-order", cwd=tmp_path)
    assert process.returncode == 0
    assert "failed" not in process.stdout.partition("Requirements")[0].replace("0 failed", "")
    assert "conformant: 1 of 1 MUST requirement selected passed." in process.stdout
