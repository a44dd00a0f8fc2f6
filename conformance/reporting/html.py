"""report.html: the run in one file that needs nothing else, neither a network nor a script."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from conformance.exchange import Exchange, Headers
from conformance.reporting.fuzzed import rows, unreached
from conformance.reporting.model import Outcome, RequirementResult, Run
from conformance.reporting.text import (
    INTERRUPTED,
    by_note,
    by_reason,
    orders_sentence,
    plural,
    printable,
    should_sentence,
    sources,
    verdict_sentence,
)

BODY_LIMIT = 20_000
"""How much of a body is shown; exchanges.jsonl holds all of it."""


def render(run: Run) -> str:
    """Return the run as one HTML document; all that a deployment said is escaped."""
    return page(
        "report.html.j2",
        run=run,
        sentence=verdict_sentence(run),
        should=should_sentence(run),
        orders=orders_sentence(run),
        fuzzed=rows(run.tried),
        unreached=unreached(run.tried),
        interrupted=INTERRUPTED if run.interrupted else "",
        failed=run.with_outcome(Outcome.FAILED),
        reasons=by_reason(run.with_outcome(Outcome.NOT_VERIFIED)),
        missing=_missing(run),
        notes=by_note(run.requirements),
        groups=_groups(run),
        outcomes=list(Outcome),
    )


def page(template: str, **values: Any) -> str:
    """Return a page in the style of the reports; all values are escaped."""
    style = _ENVIRONMENT.get_template("report.css").render()
    values |= {"style": style, "style_hash": _hash(style)}
    return _ENVIRONMENT.get_template(template).render(values)


def _groups(run: Run) -> dict[str, list[RequirementResult]]:
    groups: dict[str, list[RequirementResult]] = {}
    for each in run.requirements:
        groups.setdefault(each.requirement.group, []).append(each)
    return groups


def _missing(run: Run) -> dict[str, list[RequirementResult]]:
    """Return the capabilities that the operator did not provide, and what each would verify."""
    missing: dict[str, list[RequirementResult]] = {}
    for each in run.requirements:
        for capability in each.missing:
            missing.setdefault(capability, []).append(each)
    return missing


def _request(exchange: Exchange) -> str:
    request = exchange.request
    return _wire(f"{request.method} {request.url}", request.headers, request.body or b"")


def _response(exchange: Exchange) -> str:
    if exchange.error:
        return f"no answer: {exchange.error}"
    response = exchange.response
    return _wire(f"HTTP {response.status}", response.headers, response.body)


def _wire(first: str, headers: Headers, body: bytes) -> str:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "\n".join([*lines, "", _shown(body)]).rstrip("\n")


def _shown(body: bytes) -> str:
    text = body.decode("utf-8", "backslashreplace")
    if len(text) <= BODY_LIMIT:
        return text
    return f"{text[:BODY_LIMIT]}… (cut: {len(text)} characters, all of them in exchanges.jsonl)"


def _hash(style: str) -> str:
    """Return a style's hash as a content security policy names it."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _printable(value: Any) -> Any:
    """Escape what does not print in every text that the template shows."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_ENVIRONMENT = Environment(
    loader=PackageLoader("conformance.reporting"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    finalize=_printable,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals.update(plural=plural, sources=sources)
_ENVIRONMENT.filters.update(request=_request, response=_response)
