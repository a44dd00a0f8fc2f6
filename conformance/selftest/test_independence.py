"""The suite recognises no deployment: it judges by the documents, and by a target file."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.reference import credentials, gallery, registers, sample, token_generator
from conformance.reference.registers import Party
from conformance.reference.rules import order_status, processing
from conformance.selftest.pytests import run
from conformance.selftest.reference_server import running
from conformance.selftest.test_architecture import PACKAGE, modules
from conformance.target.credentials import ENVIRONMENT
from conformance.target.sandbox import target_file

JUDGING = (
    *("api", "behaviour", "checks", "conftest", "coordinator", "exchange", "expect", "fuzz"),
    *("inbox", "marks", "observers", "orders", "session", "watching"),
)
"""What decides what is asked and what is found."""
CONTRACT = (PACKAGE.parent / "openapi" / "openapi.yaml").read_text(encoding="utf-8")
VOCABULARY = {
    # of HTTP, JSON and this test's own pytest
    *("::", "<", "{}", "quoted", "utf-8", "127.0.0.1", "http://", "DELETE", "PUT", "Bearer"),
    *("Content-Type", "content-type", "application/json; charset=utf-8", "location"),
    # of email, as Mailpit and IMAP have it, and of what a condition endpoint answers
    *("Bcc", "bcc", "Cc", "From", "sendNotification"),
    # of a target file
    *("contactless_organisations", "contactless_people", "reachable_organisations"),
    *("reachable_people", "reserved_people", "second_organisation_bearer", "bearer_without_scope"),
    *("bearer_with_similar_scope", "expired_bearer", "not_yet_valid_bearer"),
    *("platform_access_token", "expired_platform_access_token"),
    # of Python and of JSON
    *("__main__", "\\u"),
}
"""Words that the suite shares with the reference, for both speak of the same world."""
HEADERS = {"content-type", "date", "location"}
"""What is read of the header of an answer: the documents' own, and when it was made."""
CHOICES = (
    *("camel-case-error-keys", "compact-json", "members-sorted", "other-problem-title"),
    *("other-messages", "newer-problem-type", "opaque-trace-id", "problem-as-plain-json"),
    *("upper-case-guids", "times-with-seven-digits", "links-on-another-host", "gateway-pages"),
    *("closed-connections", "header-names-in-capitals", "no-date", "no-challenge"),
    *("wrong-method-404", "malformed-id-400", "newest-first", "lookup-lists-reversed"),
    *("nulls-for-unsent-members", "extra-members", "numbers-of-recipients", "typewriter-quotes"),
    *("recipients-in-any-order", "mail-leaves-when-succeeded", "html-wrapped"),
)
"""Variants that together leave nothing as the reference has it."""


def literals(file: Path) -> Iterator[str]:
    """Yield the texts in a module, but for those that document it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in told:
            if isinstance(node.value, bytes):
                yield node.value.decode("latin-1")
            elif isinstance(node.value, str | int) and not isinstance(node.value, bool):
                yield str(node.value)


def texts_of(part: str) -> set[str]:
    return {text for file in modules(part) for text in literals(file)}


def known_of_the_reference() -> Iterator[str]:
    """Yield what only its own announcement, registers and rules say of it."""
    parties: list[Party] = [
        *(*registers.REACHABLE_PEOPLE, *registers.RESERVED_PEOPLE, *registers.CONTACTLESS_PEOPLE),
        *(*registers.REACHABLE_ORGANISATIONS, *registers.CONTACTLESS_ORGANISATIONS),
    ]
    for party in parties:
        yield from (party.number, party.name, *party.addresses)
        yield party.mobile or party.number
    yield from (credentials.ISSUER, credentials.SECOND_ORGANISATION, gallery.BASE_PATH)
    yield from (gallery.SENDER, sample.SAMPLE_ID, token_generator.PATH)
    yield from processing.ENDS_BY_DOMAIN
    yield from order_status.DESCRIPTIONS.values()


@pytest.mark.parametrize("part", JUDGING)
def test_nothing_is_judged_by_what_only_the_reference_says(part: str) -> None:
    texts = texts_of(part)
    told = {known for known in known_of_the_reference() if any(known in text for text in texts)}
    assert told - {str(11876995923)} == set()  # the documents' own, as a number where none may be


@pytest.mark.parametrize("part", JUDGING)
def test_a_text_that_the_reference_has_too_is_of_the_documents(part: str) -> None:
    files = [*(PACKAGE / "reference").glob("*.py"), *(PACKAGE / "reference" / "rules").glob("*.py")]
    own = {text for file in files for text in literals(file)}
    shared = {text for text in texts_of(part) & own if not text.isdigit()}
    assert {each for each in shared if each not in CONTRACT} - VOCABULARY - descriptions() == set()


def descriptions() -> set[str]:
    """Return the texts of the table of send statuses, all of which the documents state."""
    from conformance.checks.summary import DESCRIPTIONS

    return set(DESCRIPTIONS.values())


def test_no_answer_is_told_by_the_headers_of_its_server() -> None:
    asked = set[str]()
    for part in JUDGING:
        for file in modules(part):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(
                        func=ast.Attribute(attr="header"), args=[ast.Constant(value), *_]
                    ):
                        asked.add(str(value))
    assert asked == HEADERS


def test_no_test_asks_who_the_target_is() -> None:
    asking = {
        (file.name, node.attr)
        for part in (*JUDGING, "preflight")
        for file in modules(part)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("target.name", "_target.name")
    }
    assert asking == {("session.py", "name")}  # which reports it


def test_a_stranger_is_accepted(tmp_path: Path) -> None:
    """Nothing of it is as the reference has it, and its operator states what an operator does."""
    choices = [option for name in CHOICES for option in ("--variant", name)]
    with running("--speed", "100", *choices, module="conformance.selftest.stranger") as stranger:
        announced = stranger.announced
        described = target_file(announced).replace('"reference"', '"someone else"')
        (tmp_path / "target.toml").write_text(described, encoding="utf-8")
        tokens = {
            variable: announced["credentials"][name] for name, variable in ENVIRONMENT.items()
        }
        told = ("--target", "target.toml", "--effort", "quick", "--require-complete")
        process = run("run", *told, cwd=tmp_path, **tokens)
    assert process.returncode == 0, process.stdout + process.stderr
    assert "preflight:" not in process.stdout
    report = json.loads((tmp_path / "reports" / "latest" / "report.json").read_text("utf-8"))
    outcomes = {each["outcome"] for each in report["requirements"]}
    assert outcomes == {"passed", "not applicable"}
