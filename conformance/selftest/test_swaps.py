"""The reference with one of its own parts swapped for a real one: the verdict stays the same."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conformance.selftest.mail_server import mail_server
from conformance.selftest.pytests import run
from conformance.selftest.reference_server import SPEED, Reference, running
from conformance.selftest.token_endpoint import maskinporten
from conformance.target.credentials import ENVIRONMENT, SCOPE
from conformance.target.sandbox import target_file

FILE = "target.toml"


def judge(
    reference: Reference,
    directory: Path,
    swap: Callable[[str], str],
    *options: str,
    **environment: str,
) -> None:
    """Judge a reference by its own target file, with a part of that swapped."""
    swapped = swap(target_file(reference.announced))
    assert swapped != target_file(reference.announced)
    (directory / FILE).write_text(swapped, encoding="utf-8")
    tokens = {
        variable: reference.announced["credentials"][name] for name, variable in ENVIRONMENT.items()
    }
    command = ("run", "--effort", "quick", "--target", FILE, "--require-complete", *options)
    process = run(*command, cwd=directory, **{**tokens, **environment})
    assert process.returncode == 0, process.stdout + process.stderr
    assert "preflight:" not in process.stdout


def report(directory: Path) -> dict[str, list[dict[str, str]]]:
    text = (directory / "reports" / "latest" / "report.json").read_text(encoding="utf-8")
    told: dict[str, list[dict[str, str]]] = json.loads(text)
    return told


def test_mail_through_an_smtp_and_an_imap_server(tmp_path: Path) -> None:
    with mail_server() as mail, running("--speed", str(SPEED), "--smtp", mail.smtp) as reference:
        told = f'url = "{mail.imap}"\nuser = "{mail.user}"\npassword = "${{MAIL_PASSWORD}}"'
        own = f'url = "{reference.announced["mailbox"]}"'
        judge(
            reference,
            tmp_path,
            lambda file: file.replace(own, told),
            MAIL_PASSWORD=mail.password,
        )


def test_tokens_from_a_running_token_endpoint(tmp_path: Path) -> None:
    """Maskinporten gives the token that orders, the generator others; some live for seconds."""
    with (
        running("--speed", str(SPEED)) as reference,
        maskinporten(reference.announced["token_generator"]) as endpoint,
    ):
        generator = reference.announced["token_generator"]
        sources = [
            _table("bearer.maskinporten", {**endpoint.source, "key": "${KEY}"}),
            _generated("second_organisation_bearer", generator, scopes=SCOPE, org="tad", ttl=4),
            _generated("bearer_without_scope", generator, scopes="altinn:other", org="ttd"),
            _generated("expired_bearer", generator, scopes=SCOPE, org="ttd", ttl=1),
        ]
        swapped = ("bearer", "second_organisation_bearer", "bearer_without_scope", "expired_bearer")

        def swap(file: str) -> str:
            for name in swapped:
                file = re.sub(rf"^{name} = .*\n", "", file, flags=re.MULTILINE)
            return "token_leeway_seconds = 0\n" + file + "\n" + "\n".join(sources)

        secrets = {"KEY": json.dumps(endpoint.key), "PASSWORD": generator["password"]}
        judge(reference, tmp_path, swap, **secrets)


def _generated(name: str, generator: dict[str, str], **parameters: str | int) -> str:
    pairs = ", ".join(f"{key} = {json.dumps(value)}" for key, value in parameters.items())
    stated = {
        "url": f"{generator['url']}/GetEnterpriseToken",
        "user": generator["user"],
        "password": "${PASSWORD}",
    }
    return _table(f"{name}.generator", stated) + f"parameters = {{ {pairs} }}\n"


def _table(name: str, values: dict[str, str]) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([f"[credentials.{name}]", *lines, ""])


def test_a_callback_on_a_port_of_the_operator(tmp_path: Path, unused_port: int) -> None:
    told = f'[callback]\nlisten = "127.0.0.1:{unused_port}"'
    told += f'\npublic_url = "http://localhost:{unused_port}/"'
    with running("--speed", str(SPEED)) as reference:
        judge(reference, tmp_path, lambda file: file.replace("[callback]", told), "-n", "2")


@pytest.fixture
def unused_port() -> int:
    """A port that nobody listens on just now."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def test_orders_are_cancelled_and_kept_in_the_ledger(tmp_path: Path) -> None:
    with running("--speed", str(SPEED)) as reference:
        judge(reference, tmp_path, lambda file: file.replace("callback]", "callback]\n"))
    soon = datetime.now(UTC) + timedelta(minutes=5)
    orders = [each for each in report(tmp_path)["orders"] if each["due"]]
    later = [each for each in orders if datetime.fromisoformat(each["due"]) > soon]
    outcomes = [each["cancelled"] for each in later]
    assert len(outcomes) > 300
    assert set(outcomes) == {"yes"}
