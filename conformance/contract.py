"""The contract: ``openapi/openapi.yaml`` as operations, and as a judge of JSON bodies.

It knows nothing of HTTP. Which status an answer should have had, and whether it is JSON at all,
is for others to ask first.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from conformance.resources import openapi

# Raises KeyError where the package behind a format is missing, instead of letting all values pass.
FORMATS = FormatChecker(["date-time", "uuid"])
BASE = "urn:contract"
COMPOSED = {"anyOf", "oneOf", "not"}
LONGEST_MESSAGE = 160
LONGEST_VALUE = 60


@FORMATS.checks("email")
def _is_email(value: object) -> bool:
    # In quotes nearly anything is a local part: more than this would accuse addresses that exist.
    return not isinstance(value, str) or re.fullmatch(r".+@.+", value) is not None


@FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and _is_reference(value))


@FORMATS.checks("uri-reference", raises=ValueError)
def _is_reference(value: object) -> bool:
    if not isinstance(value, str):
        return True
    _ = urlsplit(value).port  # urlsplit leaves a port that is no number to whoever asks for it
    return re.search(r"[^!-~]|[\"<>\\^`{|}]", value) is None


@dataclass(frozen=True)
class Operation:
    """One operation of the API: its operationId, its method in capitals, its path template."""

    id: str
    method: str
    path: str


@dataclass(frozen=True)
class Violation:
    """One point in which a body deviates from its schema.

    Attributes:
        path: of the offending member, such as ``recipients[0].emailAddress``; ``$`` is the body.
        message: what is there and what was expected, in at most 160 characters.
        rule: the keyword of JSON Schema that is violated, such as ``required``.
    """

    path: str
    message: str
    rule: str


class Validator:
    """Judges bodies by one schema: a compiled validator first, for most bodies are right.

    What is wrong with the others is told by one that is a hundred times slower, and tells more.
    """

    def __init__(self, schema: Mapping[str, str], document: Mapping[str, Any]) -> None:
        # The schema of a body is always a reference into the document, which BASE completes.
        absolute = {"$ref": BASE + schema["$ref"]}
        resource = DRAFT202012.create_resource(document)
        registry: Registry[Any] = Registry().with_resource(BASE, resource)
        self._telling = Draft202012Validator(absolute, registry=registry, format_checker=FORMATS)
        self._compiled = jsonschema_rs.Draft202012Validator(
            absolute,
            registry=jsonschema_rs.Registry([(BASE, dict(document))]),
            validate_formats=True,
            formats={name: partial(FORMATS.conforms, format=name) for name in FORMATS.checkers},
        )

    def violations(self, body: object) -> list[Violation]:
        """Return what is wrong with a body."""
        with suppress(ValueError):  # half of a surrogate pair is no text to the compiled one
            if self._compiled.is_valid(body):
                return []
        # A missing member is reported once for each that is missing: the set makes it one.
        found = {each for error in self._telling.iter_errors(body) for each in _read(error)}
        return sorted(found, key=lambda violation: (violation.path, violation.message))


class Contract:
    """The contract as read from the bytes of its file.

    Attributes:
        document: the OpenAPI document.
        digest: ``sha256:`` and the hexadecimal digest of the bytes.
        operations: the operations by their id.
    """

    def __init__(self, source: bytes) -> None:
        """Read the contract; raise yaml.YAMLError for what is no YAML."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.document: Mapping[str, Any] = yaml.load(source, Loader=loader)  # noqa: S506  both are safe
        self.digest = f"sha256:{hashlib.sha256(source).hexdigest()}"
        self.operations: Mapping[str, Operation] = {
            details["operationId"]: Operation(details["operationId"], method.upper(), path)
            for path, item in self.document["paths"].items()
            for method, details in item.items()
        }
        self._requests: dict[str, Validator] = {}
        self._tolerated: dict[str, Validator] = {}
        self._responses: dict[tuple[str, int], Validator] = {}
        self._build()

    def violations(self, operation_id: str, status: int, body: object) -> list[Violation]:
        """Return what is wrong with the JSON body of a response; nothing if no schema rules it."""
        validator = self._responses.get((operation_id, status))
        return validator.violations(body) if validator else []

    def request_violations(
        self, operation_id: str, body: object, *, tolerated: bool = False
    ) -> list[Violation]:
        """Return what is wrong with the JSON body of a request; nothing if no schema rules it.

        The measure is what a client may send; with ``tolerated`` it is what a deployment may
        accept. A body that fails the first and not the second must neither be accepted nor refused.
        """
        validators = self._tolerated if tolerated else self._requests
        validator = validators.get(operation_id)
        return validator.violations(body) if validator else []

    def _build(self) -> None:
        for each in self.operations.values():
            details = self.document["paths"][each.path][each.method.lower()]
            if request := details.get("requestBody"):
                media_type = request["content"]["application/json"]
                self._requests[each.id] = Validator(media_type["schema"], self.document)
                self._tolerated[each.id] = Validator(media_type["x-tolerated"], self.document)
            for status, response in details["responses"].items():
                if schema := _body_schema(response):
                    self._responses[each.id, int(status)] = Validator(schema, self.document)


@cache
def load() -> Contract:
    """Return the contract that this package publishes; raise OSError when its file is missing."""
    return Contract(openapi("openapi.yaml").read_bytes())


def _body_schema(response: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Return the schema of a response's JSON body, None if it has none."""
    media_type = response.get("content", {}).get("application/json", {})
    schema: Mapping[str, str] | None = media_type.get("schema", response.get("x-body-if-json"))
    return schema


def _read(error: ValidationError) -> Iterator[Violation]:
    path = "".join(_step(part) for part in error.absolute_path)
    value: Any = error.instance
    demanded: Any = error.validator_value
    schema: Any = error.schema
    if error.validator == "required":
        for name in demanded:
            if name not in value:
                yield Violation((path + _step(name)).removeprefix("."), "is missing", "required")
        return
    if error.validator in COMPOSED:
        demand = schema["title"]
    else:
        demand = f"{error.validator} {json.dumps(demanded, ensure_ascii=False)}"
    message = _cut(f"is {_shown(value)}, expected {demand}", LONGEST_MESSAGE)
    yield Violation(path.removeprefix(".") or "$", message, str(error.validator))


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if part.isidentifier() else f"[{json.dumps(part, ensure_ascii=False)}]"


def _shown(value: object) -> str:
    """Return a value for a message: texts and numbers cut short, never the inside of the others."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return _cut(json.dumps(value, ensure_ascii=False), LONGEST_VALUE)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
