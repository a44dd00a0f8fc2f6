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

from conformance.errors import OperatorError
from conformance.target.credentials import ENVIRONMENT
from conformance.target.description import Target, describe, schema

PRODUCTION = "platform.altinn.no"
PRODUCTION_CONSENT = "CONFORMANCE_PRODUCTION_HOST"
REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


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
        name: token
        for name in ("bearer", "platform_access_token")
        if (token := _token(ENVIRONMENT[name], environ))
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
    return describe(_named(values | {"credentials": tokens}), shown)


def _from_file(path: Path, environ: Mapping[str, str]) -> Target:
    text = _read(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OperatorError(f"{path}: {error}", "mend the TOML") from None
    problems = list(Draft202012Validator(schema()).iter_errors(values))
    if problems:
        raise _invalid(path, text, min(problems, key=lambda each: each.json_path))
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
    shown: dict[str, str] = {}
    for name, reference in values["credentials"].items():
        variable = _variable(path, text, name, reference)
        shown[name] = f"${variable}"
        values["credentials"][name] = _secret(path, text, name, variable, environ)
    return describe(_named(values), shown)


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


def _variable(path: Path, text: str, name: str, reference: str) -> str:
    found = REFERENCE.fullmatch(reference.strip())
    if not found:
        raise OperatorError(
            f"{path}:{_line(text, ['credentials', name])}: {name} refers to no variable",
            f'keep it in the environment and write {name} = "${{{ENVIRONMENT[name]}}}"',
        )
    return found.group(1)


def _secret(path: Path, text: str, name: str, variable: str, environ: Mapping[str, str]) -> str:
    value = _token(variable, environ)
    if not value:
        raise OperatorError(
            f"{path}:{_line(text, ['credentials', name])}: {variable} is not set",
            f"export {variable}, or remove {name} from the file",
        )
    return value


def _token(variable: str, environ: Mapping[str, str]) -> str:
    """Return the token in an environment variable, "" when it is not set."""
    token = environ.get(variable, "").strip().removeprefix("Bearer ").strip()
    if re.search(r"[^!-~]", token):
        raise OperatorError(
            f"the token in {variable} has white space or other letters than ASCII in it",
            f"set {variable} to the token alone",
        )
    return token


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
    if "credentials" in problem.absolute_path or problem.validator == "pattern":
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
