"""Where the description of a target comes from: a URL with environment variables, or a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from conformance.target.references import Place, places, resolve, token

PRODUCTION = "platform.altinn.no"
PRODUCTION_CONSENT = "CONFORMANCE_PRODUCTION_HOST"
REAL_CONSENT = "CONFORMANCE_REAL_IDENTITIES"
URLS = ("url", "public_url", "issuer", "exchange")
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
    if problem or not _has_a_port(url):
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
    _require_ports(path, text, texts)
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


def _require_ports(path: Path, text: str, texts: Iterable[Place]) -> None:
    for each in texts:
        if each.key in URLS and not _has_a_port(each.text):
            raise OperatorError(
                f"{path}:{_line(text, each.steps)}: the port of {each.key} is none",
                "give one from 0 to 65535, or leave it out",
            )


def _has_a_port(url: str) -> bool:
    try:
        urlsplit(url).port  # noqa: B018 (it raises)
    except ValueError:
        return False
    return True


def _require_synthetic(path: Path, text: str, identities: Mapping[str, Any]) -> None:
    for kind, listed in identities.items():
        form, whose, told = SYNTHETIC[kind.rpartition("_")[2]]
        for n, each in enumerate(listed):
            if not re.fullmatch(form, each["number"]):
                line = _line(text, ["identities", kind, str(n), "number"])
                raise OperatorError(
                    f"{path}:{line}: {each['number']} in {kind} could be {whose}",
                    f"name synthetic ones ({told}), or set {REAL_CONSENT}=allowed to insist",
                )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
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
    if problem.validator == "required":
        return problem.message.replace("a required property", "missing")
    if {"credentials", "mailbox"} & set(steps) or problem.validator == "pattern":
        return "is not of the form that is expected"
    return problem.message[:120]


def _line(text: str, steps: Sequence[str]) -> int:
    """Return the line on which the key at these steps stands, else that of what it stands in."""
    keys, names = list(_keys(text)), list[str]()
    line, first = 1, 1
    for step in steps:
        names += [] if step.isdigit() else [step]
        found = [at for at, known in keys if known == names and at >= first]
        nth = int(step) if step.isdigit() else 0
        line = found[nth] if nth < len(found) else line
        first = line if step.isdigit() else first  # within one of several tables of that name
    return line


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
