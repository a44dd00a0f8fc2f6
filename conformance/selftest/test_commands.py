"""The commands beside ``run``: what they say, how wide, and with which exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from joserfc.jwk import RSAKey

from conformance.catalogue import load
from conformance.cli import main
from conformance.selftest.deployments import answering, http
from conformance.selftest.reference_server import UNKNOWN_ID, shared
from conformance.target.credentials import ENVIRONMENT
from conformance.target.description import (
    CAPABILITY_OF_CREDENTIAL,
    CAPABILITY_OF_IDENTITIES,
    schema,
)
from conformance.target.origin import target_from
from conformance.target.sandbox import target_file

BEARER = "CONFORMANCE_BEARER_TOKEN"
REQUIREMENT = re.compile(r"[a-z-]+\.[a-z0-9-]+")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command sets for its own pytest does not last."""
    for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for name in [*ENVIRONMENT.values(), "CONFORMANCE_REAL_IDENTITIES"]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The target file of the reference, with all it provides."""
    for name, variable in ENVIRONMENT.items():
        monkeypatch.setenv(variable, shared().announced["credentials"][name])
    file = tmp_path / "sandbox.toml"
    file.write_text(target_file(shared().announced), encoding="utf-8")
    return file


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[bytes]]]:
    """A deployment that counts what it is asked, and a token for it."""
    seen: list[bytes] = []
    monkeypatch.setenv(BEARER, "a.b.c")

    def answer(_: int, request: bytes) -> bytes:
        seen.append(request)
        return http("503 Service Unavailable")

    with answering(answer) as base:
        yield base, seen


def command(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def said(*arguments: object) -> list[str]:
    """The lines of a command that succeeds; none is wider than a terminal."""
    result = command(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [line for line in lines if len(line) > 80] == []
    return lines


def refused(*arguments: object) -> str:
    """The one line of a command that fails because of a mistake."""
    result = command(*arguments)
    assert (result.exit_code, result.stdout) == (4, "")
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("ERROR: ")
    return line


# target-template


def template() -> str:
    return command("target-template").stdout


def uncommented(without: Collection[str] = ()) -> str:
    """The template with every key in force, but for some of its paragraphs."""
    paragraphs = template().split("\n\n")
    text = "\n\n".join(each for each in paragraphs if not each.startswith(tuple(without)))
    return re.sub(r"^#(?=[a-z_]+ = |\[)", "", text, flags=re.MULTILINE)


SOURCES = {
    "# From a command": "bearer",
    "# From Maskinporten": "bearer",
    "# From a test-token generator": "second_organisation_bearer",
}
"""Paragraphs that give a credential another source, each instead of the usual one."""
SECRETS = {"MAILBOX_PASSWORD": "p", "GENERATOR_USER": "u", "GENERATOR_PASSWORD": "p"}


def valid(tmp_path: Path, text: str) -> set[str]:
    """The capabilities of a target file."""
    key = json.dumps(RSAKey.generate_key(2048, {"kid": "a"}).as_dict(private=True))
    environ = {**dict.fromkeys(ENVIRONMENT.values(), "a.b.c"), **SECRETS, "MASKINPORTEN_KEY": key}
    file = tmp_path / "target.toml"
    file.write_text(text, encoding="utf-8")
    return set(target_from(str(file), environ).capabilities)


def test_the_template_is_valid_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text(template(), encoding="utf-8")
    target = target_from(str(file), {BEARER: "a.b.c"})
    assert target.capabilities == {"bearer-token"}


def test_the_template_is_valid_with_every_key_in_force(tmp_path: Path) -> None:
    text = uncommented(without=SOURCES)
    every = {*CAPABILITY_OF_CREDENTIAL.values(), *CAPABILITY_OF_IDENTITIES.values()}
    every |= {"creator", "sender-address", "processing", "mailbox", "callback", "sms-order"}
    assert valid(tmp_path, text) == every
    assert "\n#[" not in text


@pytest.mark.parametrize(("source", "credential"), SOURCES.items())
def test_each_source_of_a_token_is_valid(tmp_path: Path, source: str, credential: str) -> None:
    text = uncommented(without=SOURCES.keys() - {source})
    text = re.sub(rf'(?m)^{credential} = "\$.*\n', "", text)
    assert source in text
    assert CAPABILITY_OF_CREDENTIAL[credential] in valid(tmp_path, text)


def test_the_template_tells_every_key() -> None:
    known = schema()["properties"]
    keys = [*known, *known["budget"]["properties"], *known["credentials"]["properties"]]
    keys += [*known["identities"]["properties"], *schema()["$defs"]["token"]["properties"]]
    assert [key for key in keys if not re.search(rf"\b{key}\b", template())] == []


# list


def test_every_requirement_is_listed() -> None:
    ids = [line.split()[0] for line in command("list").stdout.splitlines()]
    assert ids == list(load().requirements)
    assert len(command("list", "--edition", "2024-08").stdout.splitlines()) < len(ids)
    assert [line.split()[0] for line in said("list", "--select", "order.status*")] == [
        "order.status-202"
    ]


def test_what_a_bare_url_cannot_verify_is_listed() -> None:
    lines = command("list", "--unverified").stdout.splitlines()
    missing = lines[: lines.index("")]
    known = load().requirements
    assert {line.split()[0] for line in missing} == {
        each.id
        for each in known.values()
        if each.unobservable or set(each.needs) - {"bearer-token", "forgeable-token"}
    }
    assert max(map(len, lines[lines.index("") :])) <= 80


def test_how_often_each_capability_is_wanted_is_listed() -> None:
    lines = command("list", "--unverified").stdout.splitlines()
    wanted = [line.split() for line in lines if re.match(r" +\d+ need ", line)]
    counts = [int(each[0]) for each in wanted]
    assert counts == sorted(counts, reverse=True)
    assert {each[2].rstrip(":") for each in wanted} < set(load().capabilities)


def test_a_target_that_provides_everything_lacks_nothing(sandbox: Path) -> None:
    lines = command("list", "--unverified", "--target", sandbox).stdout.splitlines()
    assert lines[-1] == ""
    assert all(line.endswith("cannot be observed") for line in lines[:-1])


def test_what_a_target_lacks_is_listed(counted: tuple[str, list[bytes]]) -> None:
    base, seen = counted
    lines = said("list", "--unverified", "--target", base, "--select", "not-found.details*")
    assert "not-found.details-foreign                SHOULD second-organisation" in lines
    assert seen == []


def test_the_edition_of_a_target_is_its_own(sandbox: Path) -> None:
    text = re.sub(r"\[mailbox\]\n.*\n", "", sandbox.read_text(encoding="utf-8"))
    sandbox.write_text(f'edition = "2024-08"\n{text}', encoding="utf-8")
    old = command("list", "--unverified", "--target", sandbox).stdout
    new = command("list", "--unverified", "--target", sandbox, "--edition", "2025-01").stdout
    assert "delivery.delivered" in old
    assert "keyword.case-sensitive" in new
    assert "keyword.case-sensitive" not in old


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list", "--select", "nothing.*"), "matches no requirement"),
        (("list", "--unverified", "--select", "nothing.*"), "matches no requirement"),
        (("list", "--unverified", "--target", "nowhere.toml"), "cannot be read"),
        (("list", "--unverified", "--target", "https://host.example/x"), "no credential"),
        (("plan", "--target", "https://host.example/x"), "no credential"),
        (("plan", "--target", "nowhere.toml"), "cannot be read"),
        (("check-target", "--target", "https://host.example/x"), "no credential"),
        (("explain", "order.status"), "did you mean order.status-202"),
        (("explain", "ORDER.STATUS-202"), "notifications-conformance list"),
        (("explain", "\x1b[2J"), "there is no requirement '\\x1b[2J'"),
    ],
)
def test_a_mistake_is_one_line(arguments: tuple[str, ...], told: str) -> None:
    assert told in refused(*arguments)


# explain


def test_every_requirement_is_explained() -> None:
    for id, known in load().requirements.items():
        lines = said("explain", id)
        text = " ".join(line.strip() for line in lines)
        assert lines[0] == f"{id} ({known.level})"
        assert known.sentence in text
        assert all(f"Needs {need}: " in text for need in known.needs)
        assert all(operation in text for operation in known.operations)


# check-target


def test_a_target_that_is_in_order_has_no_problem(sandbox: Path) -> None:
    lines = said("check-target", "--target", sandbox)
    assert lines[-1] == "0 problems"
    assert {line[:9].strip() for line in lines[:-1]} == {"ok", ""}
    assert lines[-2] == "ok       cancel: 2 orders of this check were cancelled"


def test_what_is_wrong_with_a_target_is_told(sandbox: Path) -> None:
    text = sandbox.read_text(encoding="utf-8")
    text = re.sub(r'(?m)^sms_order = ".*"$', f'sms_order = "{UNKNOWN_ID}"', text)
    text = text.replace(shared().announced["mailbox"], "http://127.0.0.1:1")
    sandbox.write_text(text.replace("/cancel", "/cancelled"), encoding="utf-8")
    result = command("check-target", "--target", sandbox)
    lines = result.stdout.splitlines()
    assert (result.exit_code, lines[-1]) == (4, "3 problems")
    assert max(map(len, lines)) <= 80
    problems = [line.split()[1:3] for line in lines if line.startswith("PROBLEM")]
    assert problems == [["SMS", "order:"], ["mailbox:", "the"], ["cancel:", "answered"]]


def test_a_target_that_cannot_be_reached_is_one_problem(
    counted: tuple[str, list[bytes]],
) -> None:
    base, seen = counted
    result = command("check-target", "--target", base)
    assert result.exit_code == 4
    assert result.stdout.startswith(f"PROBLEM  target: {base} answers 503")
    assert result.stdout.endswith("\n1 problem\n")
    assert len(seen) == 1


# plan


def test_the_plan_of_the_reference_verifies_all() -> None:
    lines = said("plan")
    known = load().requirements.values()
    observable = [each for each in known if not each.unobservable and "2025-01" in each.editions]
    assert lines[0].startswith("Plan for reference, http://127.0.0.1:")
    assert lines[1] == "edition 2025-01, effort standard, seed 1; nothing was sent"
    assert f"verified      {len(observable)} requirements" in lines
    assert "not verified  0 requirements" in lines


def planned(lines: list[str]) -> dict[str, int]:
    """The numbers of what is sent at most."""
    found = re.findall(r"(?m)^(requests|orders|emails now).* at most (\d+)", "\n".join(lines))
    return {name: int(count) for name, count in found}


def test_the_plan_of_a_url_tells_what_it_lacks(counted: tuple[str, list[bytes]]) -> None:
    base, seen = counted
    lines = said("plan", "--target", base)
    text = "\n".join(lines)
    ids = set(REQUIREMENT.findall(text.partition("not verified")[2].partition("\n\n")[0]))
    assert {"not-found.details-foreign", "delivery.html-as-html"} <= ids <= set(load().requirements)
    assert "the target provides no second-organisation:" in text
    assert planned(lines)["requests"] > planned(lines)["orders"] > 300
    assert "not cancelled" in text
    assert seen == []


def test_the_plan_of_a_file_tells_whom_it_sends_to(sandbox: Path) -> None:
    lines = said("plan", "--target", sandbox)
    text = "\n".join(lines)
    for kind in ("reachable_people", "reachable_organisations"):
        assert shared().announced["identities"][kind][0]["addresses"][0] in text
    assert "cancelled at the end" in text
    counts = re.findall(r"(?m)^ +(\d+) to (?:\S+@|made-up addresses in )\S+$", text)
    assert sum(map(int, counts)) == planned(lines)["emails now"]


def test_a_plan_sends_nothing_and_asks_for_no_token(
    counted: tuple[str, list[bytes]], tmp_path: Path
) -> None:
    base, seen = counted
    marker, file = tmp_path / "asked", tmp_path / "target.toml"
    told = target_file({**shared().announced, "url": base, "mailbox": base})
    told = re.sub(r'(?m)^(\w+) = "\$\{CONF.*$', rf'\1.command = ["touch", "{marker}"]', told)
    file.write_text(told, encoding="utf-8")
    lines = said("plan", "--target", file)
    assert "not verified  0 requirements" in lines
    assert (seen, marker.exists()) == ([], False)


def test_the_plan_says_where_the_budget_is_too_little(sandbox: Path) -> None:
    text = sandbox.read_text(encoding="utf-8")
    budget = "[budget]\nrequests = 100000\norders = 5\nemails = 1\nseconds = 90\n\n[callback]"
    sandbox.write_text(text.replace("[callback]", budget), encoding="utf-8")
    lines = said("plan", "--target", sandbox)
    text = "\n".join(lines)
    assert "; budget 100000\n" in text
    assert "; budget 5; too little to verify all" in text
    assert "; budget 1; too little to verify all" in text
    assert text.endswith("; at most 90 s")


def test_less_is_planned_for_less(counted: tuple[str, list[bytes]]) -> None:
    base, _ = counted
    whole = planned(said("plan", "--target", base))
    quick = planned(said("plan", "--target", base, "--effort", "quick"))
    one = planned(said("plan", "--target", base, "--select", "order.status-202"))
    old = planned(said("plan", "--target", base, "--edition", "2024-08"))
    assert one["requests"] < quick["requests"] < whole["requests"]
    assert old["requests"] <= whole["requests"]


def test_a_plan_is_not_changed_by_the_options_of_another_pytest(
    counted: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    base, _ = counted
    whole = said("plan", "--target", base)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing --cov")
    assert said("plan", "--target", base) == whole
