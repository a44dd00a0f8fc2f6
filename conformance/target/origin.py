"""Where the description of a target comes from: a URL with environment variables, or a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

from conformance.clock import Clock
from conformance.errors import OperatorError
from conformance.target.credentials import ENVIRONMENT
from conformance.target.description import Target, describe, schema
from conformance.target.references import places, resolve, token

PRODUCTION = "platform.altinn.no"
PRODUCTION_CONSENT = "CONFORMANCE_PRODUCTION_HOST"
REAL_CONSENT = "CONFORMANCE_REAL_IDENTITIES"
SYNTHETIC = {
    "people": (r"\d{2}(8[1-9]|9[0-2])\d{7}", "a living person's", "80 added to the month"),
    "organisations": (r"[23]\d{8}", "a real organisation's", "it begins with 2 or 3"),
}
"""What a synthetic number looks like, whose it could be otherwise, and how it is told."""


def target_from(option: str, environ: Mapping[str, str]) -> Target:
    """Return the target that the option ``--target`` names: a URL, or a file in TOML.

    Raises:
        OperatorError: when it cannot be read, is not valid, or lacks a credential.
    """
    looks_like_url = re.match(r"[a-z][a-z0-9+.-]*://", option, re.IGNORECASE)
    target = _from_url(option, environ) if looks_like_url else _from_file(Path(option), environ)
    if (
        urlsplit(target.url).hostname == PRODUCTION
        and environ.get(PRODUCTION_CONSENT) != PRODUCTION
    ):
        raise OperatorError(
            f"{PRODUCTION} is the production host, where real people get real mail",
            f"test a staging host, or set {PRODUCTION_CONSENT}={PRODUCTION} to insist",
        )
    return target


def _from_url(url: str, environ: Mapping[str, str]) -> Target:
    tokens = {
        name: value
        for name in ("bearer", "platform_access_token")
        if (value := token(ENVIRONMENT[name], environ))
    }
    values: dict[str, Any] = {"url": url}
    problem = best_match(Draft202012Validator(schema()).iter_errors(values))
    if problem:
        without_password = re.sub(r"//[^/]*@", "//***@", url)
        raise OperatorError(
            f"{without_password!r} is no base URL",
            "give one such as https://host/notifications/api/v1",
        )
    if not tokens:
        raise OperatorError(
            "no credential for the target",
            f"set {ENVIRONMENT['bearer']} to an Altinn token,"
            f" or {ENVIRONMENT['platform_access_token']} to a platform access token",
        )
    shown = {name: f"${ENVIRONMENT[name]}" for name in tokens}
    return describe(_named(values | {"credentials": tokens}), shown, Clock())


def _from_file(path: Path, environ: Mapping[str, str]) -> Target:
    text = _read(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OperatorError(f"{path}: {error}", "mend the TOML") from None
    texts = list(places(values))
    for each in texts:
        if not each.is_secret:
            resolve(each, f"{path}:{_line(text, each.steps)}", environ)
    problems = list(Draft202012Validator(schema()).iter_errors(values))
    if problems:
        raise _invalid(path, text, min(problems, key=lambda each: each.json_path))
    _require_credential(path, values)
    if environ.get(REAL_CONSENT) != "allowed":
        _require_synthetic(path, text, values.get("identities", {}))
    shown = {name: f"${ENVIRONMENT[name]}" for name in values["credentials"]} | {
        each.steps[1]: f"${each.variable}" for each in texts if each.is_token and each.variable
    }
    for each in texts:
        if each.is_secret:
            resolve(each, f"{path}:{_line(text, each.steps)}", environ)
    return describe(_named(values), shown, Clock())


def _require_credential(path: Path, values: Mapping[str, Any]) -> None:
    if not values.get("credentials"):
        raise OperatorError(
            f"{path}: no credential for the target",
            'add [credentials] with bearer = "${CONFORMANCE_BEARER_TOKEN}"',
        )
    if not {"bearer", "platform_access_token"} & set(values["credentials"]):
        raise OperatorError(
            f"{path}: neither bearer nor platform_access_token in [credentials]",
            "add the one that orders are placed with",
        )


def _require_synthetic(path: Path, text: str, identities: Mapping[str, Any]) -> None:
    for kind, listed in identities.items():
        form, whose, told = SYNTHETIC[kind.rpartition("_")[2]]
        for each in listed:
            if not re.fullmatch(form, each["number"]):
                raise OperatorError(
                    f"{path}:{_line(text, ['identities', kind])}: {each['number']} in {kind}"
                    f" could be {whose}",
                    f"name synthetic ones ({told}), or set {REAL_CONSENT}=allowed to insist",
                )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is no text in UTF-8", "save it as UTF-8") from None
    except OSError as error:
        raise OperatorError(
            f"target {str(path)!r} cannot be read ({error.strerror})",
            "name a target file, or a URL that begins with https://",
        ) from None


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": urlsplit(values["url"]).netloc.rpartition("@")[2], **values}


def _invalid(path: Path, text: str, problem: ValidationError) -> OperatorError:
    steps = [str(step) for step in problem.absolute_path]
    rule: dict[str, Any] = problem.schema if isinstance(problem.schema, dict) else {}
    if problem.validator == "additionalProperties":
        known = list(rule["properties"])
        unknown = next(key for key in cast("dict[str, Any]", problem.instance) if key not in known)
        near = get_close_matches(unknown, known, n=1)
        mend = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(known)}"
        return OperatorError(
            f"{path}:{_line(text, [*steps, unknown])}: unknown key {unknown!r}", mend
        )
    what = rule.get("description", "see the README for its form").rstrip(".")
    told = f"{'.'.join(steps)}: {_told(problem)}".removeprefix(": ")
    return OperatorError(f"{path}:{_line(text, steps)}: {told}", what)


def _told(problem: ValidationError) -> str:
    """Return what is wrong in a line, without a value that may be a secret."""
    steps = problem.absolute_path
    if {"credentials", "mailbox"} & set(steps) or problem.validator == "pattern":
        return "is not of the form that is expected"
    return problem.message[:120]


def _line(text: str, steps: Sequence[str]) -> int:
    """Return the line on which the key at these steps stands, or 1 when it cannot be told."""
    names = [step for step in steps if not step.isdigit()]
    return next(
        (line for line, found in _keys(text) if found == names),
        next((line for line, found in _keys(text) if found[-1:] == names[-1:]), 1),
    )


def _keys(text: str) -> Iterator[tuple[int, list[str]]]:
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        key = re.match(r"""\s*["']?([A-Za-z0-9_.-]+)["']?\s*=""", line)
        if header:
            table = [part.strip(" \"'") for part in header.group(1).split(".")]
            yield number, table
        elif key:
            yield number, table + key.group(1).split(".")
