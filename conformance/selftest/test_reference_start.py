"""The reference starts, says so in one line, and ends with whoever started it."""

from __future__ import annotations

import base64
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from conformance.reference.__main__ import main
from conformance.selftest.reference_server import LATER, Reference, eventually, shared

COMMAND = [sys.executable, "-m", "conformance.reference"]


def test_the_announcement_has_everything_a_tester_needs() -> None:
    announced = shared().announced

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/notifications/api/v1", announced["url"])
    assert announced["creator"] == "ttd"
    assert announced["sender"] == "noreply@altinn.example"
    assert announced["speed"] == 600
    assert 0 < announced["processing_seconds"] < 10
    assert set(announced["credentials"]) == {
        "bearer",
        "expired_bearer",
        "expired_platform_access_token",
        "not_yet_valid_bearer",
        "bearer_without_scope",
        "bearer_with_similar_scope",
        "second_organisation_bearer",
        "foreign_key_bearer",
        "platform_access_token",
    }


@pytest.mark.parametrize(
    ("group", "least"),
    [
        ("reachable_people", 3),
        ("reserved_people", 2),
        ("contactless_people", 2),
        ("reachable_organisations", 3),
        ("contactless_organisations", 2),
    ],
)
def test_identities_are_synthetic(group: str, least: int) -> None:
    identities = shared().announced["identities"][group]

    assert len(identities) >= least
    for identity in identities:
        assert is_synthetic(identity["number"])
        assert bool(identity["addresses"]) == (not group.startswith("contactless"))
        for address in identity["addresses"]:
            assert re.search(r"[@.]example\.(com|net|org)$", address)


def is_synthetic(number: str) -> bool:
    digits = [int(digit) for digit in number]
    if len(digits) == 9:
        return digits[0] in (2, 3) and control(digits[:8], (3, 2, 7, 6, 5, 4, 3, 2)) == digits[8]
    first = control(digits[:9], (3, 7, 6, 1, 8, 9, 4, 5, 2))
    second = control(digits[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    return number[2:4] > "80" and number[2:4] <= "92" and [first, second] == digits[9:]


def control(digits: Iterable[int], weights: Iterable[int]) -> int:
    return -sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11


def test_it_ends_with_its_standard_input() -> None:
    reference = Reference("--speed", "600")

    assert reference.get(f"/orders/{reference.place(**LATER)}").status_code == 200
    assert reference.stop() == 0


@pytest.mark.parametrize(
    ("number", "options"), [(signal.SIGTERM, ["--stop-with-stdin"]), (signal.SIGINT, [])]
)
def test_it_ends_quietly_when_told(number: signal.Signals, options: list[str]) -> None:
    pipe = subprocess.PIPE
    process = subprocess.Popen([*COMMAND, *options], stdin=pipe, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    process.stdout.readline()

    process.send_signal(number)

    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, b"", b"")


def test_the_announcement_can_go_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "reference.json"
    with subprocess.Popen([*COMMAND, "--announce", str(file)], stdout=subprocess.PIPE) as process:
        eventually(file.exists)
        announced = json.loads(file.read_text(encoding="utf-8"))
        process.terminate()
        out, _ = process.communicate(timeout=10)

    assert announced["speed"] == 1
    assert out == b""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--fault", "order-answered-20"],
            "unknown fault 'order-answered-20'; did you mean: order",
        ),
        (["--variant", "xyz"], "unknown variant 'xyz'; did you mean: nothing is called like it"),
        (["--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid:0: "),
    ],
)
def test_what_cannot_start_says_why_in_one_line(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options) == 4

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"reference: {message}")
    assert err.count("\n") == 1


def test_a_taken_port_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 4

    _, err = capsys.readouterr()
    assert err.startswith(f"reference: cannot listen on 127.0.0.1:{port}: Address already in use")
    assert err.count("\n") == 1


def test_tokens_live_for_a_day() -> None:
    payload = shared().announced["credentials"]["bearer"].split(".")[1]

    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))

    assert claims["exp"] - claims["iat"] == 24 * 3600


def test_the_front_page_says_what_is_where() -> None:
    page = shared().http.get(shared().base.replace("/notifications/api/v1", "/")).json()

    assert page["api"] == "/notifications/api/v1"
    assert "order-answered-200" in page["faults"][1]
    assert "problem-on-404" in page["variants"][1]
