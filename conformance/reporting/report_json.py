"""report.json, the run as data; its form is ``openapi/report.schema.json``."""

from __future__ import annotations

import json

from conformance.reporting.model import Run


def render(run: Run) -> str:
    """Return the run as the text of report.json."""
    return json.dumps(run.to_json(), ensure_ascii=False, indent=2) + "\n"
