"""The direction of imports: who may know whom."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent
LEAVES = {"errors", "resources", "clock", "trace", "exchange", "finding", "catalogue", "contract"}
MAY_KNOW = {
    "errors": set(),
    "resources": set(),
    "clock": set(),
    "exchange": set(),
    "finding": {"exchange"},
    "catalogue": {"errors", "resources"},
    "contract": {"resources"},
    "trace": {"clock"},
    "checks": LEAVES,
    "orders": LEAVES | {"target"},
    "target": LEAVES,
    "observers": LEAVES | {"target"},
    "api": LEAVES | {"checks", "orders", "target"},
    "watching": LEAVES | {"api", "checks", "orders", "observers", "target"},
    "coordinator": LEAVES | {"api", "observers", "orders", "target", "watching"},
    "inbox": LEAVES | {"checks", "observers", "target", "watching"},
    "expect": LEAVES | {"checks", "observers", "orders", "target"},
    "marks": {"target", "watching"},
    "behaviour": LEAVES
    | {"api", "checks", "conftest", "expect", "fuzz", "marks", "orders", "target", "watching"},
    "fuzz": LEAVES
    | {"api", "behaviour", "checks", "conftest", "expect", "marks", "orders", "target", "watching"},
    "reporting": LEAVES,
    "reference": set(),
}
"""What each part of the package may import beside itself; parts not listed sit on top."""


def imports(file: Path) -> Iterator[str]:
    """Yield the parts of the package that a module imports, wherever in it."""
    yield from (name.split(".")[1] for name in imported(file) if name.startswith("conformance."))


def imported(file: Path) -> Iterator[str]:
    """Yield the modules that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "conformance":
            names = [f"conformance.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        yield from names


def modules(part: str) -> list[Path]:
    file = PACKAGE / f"{part}.py"
    return [file] if file.exists() else sorted((PACKAGE / part).rglob("*.py"))


@pytest.mark.parametrize("part", MAY_KNOW)
def test_a_part_knows_only_what_lies_below_it(part: str) -> None:
    assert modules(part)
    known = {(file.name, name) for file in modules(part) for name in imports(file)}
    strangers = {(file, name) for file, name in known if name not in MAY_KNOW[part] | {part}}
    assert not strangers - {(file, "__version__") for file, _ in strangers}


def test_every_part_is_in_its_place() -> None:
    on_top = {
        "__init__",
        "__main__",
        "adequacy",
        "cli",
        "commands",
        "conftest",
        "ending",
        "ledger",
        "outcomes",
        "planning",
    }
    on_top |= {"plugin", "preflight", "runner", "session"}
    parts = {path.stem for path in PACKAGE.glob("*.py")}
    parts |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert parts == set(MAY_KNOW) | on_top | {"selftest"}


def test_nobody_but_what_judges_the_suite_knows_the_reference() -> None:
    knowing = {
        file.relative_to(PACKAGE).parts[0]
        for file in PACKAGE.rglob("*.py")
        if "reference" in set(imports(file))
    }
    assert knowing <= {"adequacy", "reference", "selftest"}


def test_the_second_deployment_knows_nothing_but_the_mail_server_of_the_self_tests() -> None:
    second = "conformance.selftest.second"
    known = {name for file in modules("selftest/second") for name in imported(file)}
    ours = {name for name in known if name.startswith("conformance")}
    assert f"{second}.app" in ours
    assert {name for name in ours if not name.startswith(f"{second}.")} == {
        "conformance.selftest.mail_server"
    }


def test_the_second_deployment_shares_no_library_with_the_reference() -> None:
    reference, second = (
        {name.partition(".")[0] for file in modules(part) for name in imported(file)}
        for part in ("reference", "selftest/second")
    )
    assert (reference & second) - sys.stdlib_module_names == {"conformance"}


def test_no_code_names_what_is_beside_the_checkout() -> None:
    root = PACKAGE.parent
    files = [*PACKAGE.rglob("*.py"), *(root / "openapi").rglob("*.yaml"), *root.glob("*.md")]
    beside = "../" + "shared"
    assert [file for file in files if beside in file.read_text(encoding="utf-8")] == []
