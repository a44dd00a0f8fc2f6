"""Writes the corpus: cases that schemathesis derives from the contract.

Its examples and boundary cases depend on nothing but the contract; of its random ones, which take
longer to make than to send, there are so many that a run chooses among them. They are made once,
whenever the contract changes: ``python -m conformance.fuzz.freeze``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode

from conformance import contract
from conformance.checks.answers import PLACE
from conformance.fuzz import cases
from conformance.fuzz.corpus import CORPUS, RANDOM
from conformance.fuzz.engine import without_local_constants
from conformance.fuzz.safety import MEMBERS

MOST = 250
"""How many random orders of either mode are made; some are the same, or too long to be kept."""
LONGEST = 1000
"""How many characters of JSON a random order has at most."""
CONFIG = {
    "seed": 1,
    "generation": {"with-security-parameters": False, "database": "none"},
    "phases": {"fuzzing": {"enabled": False}},
}
OPERATIONS = {(each.method, each.path): each.id for each in contract.load().operations.values()}
without_local_constants()
frozen: list[dict[str, Any]] = []
schema = schemathesis.openapi.from_dict(
    dict(contract.load().document), config=schemathesis.Config.from_dict(CONFIG)
)


@schema.parametrize()
def test_freeze(case: Any) -> None:
    """Keep an example or a boundary case."""
    keep(case, getattr(case.meta.phase.data, "description", ""))


@pytest.mark.parametrize("mode", GenerationMode)
def test_freeze_random(mode: GenerationMode) -> None:
    """Keep random orders."""

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=MOST,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(cases.generated(PLACE, mode))
    def keep_order(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:  # what the documents do not know is never sent
            case.body = {name: case.body[name] for name in MEMBERS if name in case.body}
        if len(json.dumps(case.body, default=str)) <= LONGEST:
            keep(case, RANDOM)

    keep_order()


def keep(case: Any, told: str) -> None:
    """Keep a case, unless its body is none of JSON."""
    kept = {
        "operation": OPERATIONS[case.operation.method.upper(), case.operation.path],
        "mode": case.meta.generation.mode.value,
        "told": told,
        "method": case.method,
        "id": case.path_parameters.get("id"),
        "media_type": (case.headers or {}).get("Content-Type") or case.media_type,
        "body": case.body,
    }
    frozen.append({name: each for name, each in kept.items() if _is_json(each)})


def _is_json(value: Any) -> bool:
    """Tell whether there is a value: schemathesis has one of its own for none."""
    return isinstance(value, str | int | float | bool | list | dict | None)


def lines() -> str:
    """Return the corpus, a case a line, each once."""
    told = dict.fromkeys(json.dumps(each, ensure_ascii=False) for each in frozen)
    return "[\n" + ",\n".join(told) + "\n]\n"


def main(path: Path = CORPUS) -> int:
    """Make the cases and write them; return the exit code of pytest, which makes them."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    plugins = ["-p", "no:cacheprovider", "-p", "schemathesis.pytest.plugin"]
    code = pytest.main(["-q", "-c", os.devnull, "--import-mode=importlib", *plugins, __file__])
    module = next(each for name, each in sys.modules.items() if name.endswith("fuzz.freeze"))
    path.write_text(module.lines(), encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
