"""The tests of the suite, looked at from outside: each promise has one, each is short."""

import ast
from pathlib import Path

import pytest

from conformance.catalogue import load
from conformance.selftest.pytests import collected

PACKAGE = Path(__file__).parent.parent
TESTS = [*PACKAGE.glob("behaviour/test_*.py"), *PACKAGE.glob("fuzz/test_*.py")]


def functions() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (file.name, node)
        for file in TESTS
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def test_every_observable_requirement_has_a_test() -> None:
    verified = set(collected().values())
    known = load().requirements.values()
    assert {each.id for each in known if not each.unobservable} == verified


@pytest.mark.parametrize(
    ("file", "node"), functions(), ids=lambda each: getattr(each, "name", each)
)
def test_a_test_is_short_and_says_what_it_shows(file: str, node: ast.FunctionDef) -> None:
    docstring = ast.get_docstring(node)
    assert docstring is not None
    assert docstring.partition("\n")[0].endswith(".")
    statements = [each for each in ast.walk(node) if isinstance(each, ast.stmt)]
    assert len(statements) <= 14, f"{file}: {node.name}"
    assert not any(isinstance(each, ast.If | ast.While | ast.Try) for each in statements)
