"""Runs of the generated tests alone, as users start them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from conformance.coordinator import WATCHED
from conformance.selftest.pytests import run

SEVERAL = [("--seed", "7"), ("--seed", "7"), ("--seed", "7", "-n", "2"), ("--seed", "8")]
MARK = re.compile(r"(conformance-[0-9a-f]{16})-[0-9a-f]+")
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four runs: two of one seed, one of it in two processes, and one of another seed."""
    directories = []
    for options in SEVERAL:
        directory = tmp_path_factory.mktemp("run")
        process = run("run", "--only-fuzz", "--effort", "quick", *options, cwd=directory)
        assert process.returncode == 0, process.stdout
        directories.append(directory / "reports" / "latest")
    return directories


def sent(reports: Path) -> Counter[str]:
    """Return the requests of the tests, without what the deployment or the clock decided on.

    Which order a reading names is the deployment's matter, when a watched order is due the clock's.
    """
    requests: Counter[str] = Counter()
    for line in (reports / "exchanges.jsonl").read_text(encoding="utf-8").splitlines():
        exchange = json.loads(line)
        request = exchange["request"]
        if exchange["test"] in (WATCHED, "preflight"):
            continue
        path = re.sub(r"^http://[^/]+", "", request["url"])
        told = [exchange["test"], request["method"], path, request["headers"], request["body"]]
        requests[GUID.sub("ID", MARK.sub(r"\1", json.dumps(told)))] += 1
    return requests


def report(reports: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((reports / "report.json").read_text(encoding="utf-8"))
    return parsed


def test_the_same_seed_sends_the_same_requests(runs: list[Path]) -> None:
    one, same, _, other = map(sent, runs)
    assert sum(one.values()) > 300
    assert one == same
    assert one != other


def test_two_processes_send_the_same_requests(runs: list[Path]) -> None:
    one, _, distributed, _ = map(sent, runs)
    assert one == distributed


def test_the_report_tells_what_was_tried_and_what_was_not_reached(runs: list[Path]) -> None:
    told = report(runs[0])["fuzzing"]
    operations = {each["operation"] for each in told["cases"]}
    assert operations == {"placeEmailOrder", "getOrder", "getEmailNotifications"}
    assert {each["kind"] for each in told["cases"]} >= {"contract", "orders", "flaws", "readings"}
    assert all(0 < each["cases"] <= each["requests"] for each in told["cases"])
    assert "placeEmailOrder 415" in told["unreached"]
    assert "getOrder 404" not in told["unreached"]


def test_no_more_cases_are_tried_than_asked_for(tmp_path: Path) -> None:
    options = ("--only-fuzz", "--max-cases", "2", "--seed", "1")
    assert run("run", *options, cwd=tmp_path).returncode == 0
    few = report(tmp_path / "reports" / "latest")
    assert few["requests"] < 700
    assert few["counts"]["MUST"]["failed"] == 0


def test_the_hand_written_tests_can_be_run_alone(tmp_path: Path) -> None:
    options = ("--no-fuzz", "--select", "order.status-202")
    process = run("run", *options, cwd=tmp_path)
    assert process.returncode == 0, process.stdout
    assert report(tmp_path / "reports" / "latest")["fuzzing"]["cases"] == []


def test_a_finding_is_small_and_can_be_repeated(tmp_path: Path) -> None:
    """Of a body that is cut the smallest that shows it is told, with its curl line."""
    options = ("--only-fuzz", "--fault", "subject-cut-at-255", "--seed", "1")
    process = run("run", *options, cwd=tmp_path)
    assert process.returncode == 1, process.stdout
    findings = [
        finding
        for each in report(tmp_path / "reports" / "latest")["requirements"]
        for finding in each["findings"]
    ]
    assert {each["requirement"] for each in findings} == {"details.subject-returned"}
    told = min(findings, key=lambda each: len(each["reproduce"]))
    assert 'recipients": [{"emailAddress' in told["reproduce"]
    assert len(told["reproduce"]) < 1000
