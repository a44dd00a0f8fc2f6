"""The requirement catalogue: every promise of the documents, as data.

The catalogue lies in ``openapi/catalogue.yaml`` and ``openapi/requirements/*.yaml``, so that it
can be reviewed without Python. Loading checks it: a duplicate id, an unknown capability or a
missing source is a :class:`CatalogueError` that names file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from conformance.errors import OperatorError
from conformance.resources import openapi

ID = re.compile(r"[a-z][a-z-]*\.[a-z0-9]+(-[a-z0-9]+)*")
FIELDS = {"id", "level", "sentence", "source", "operations", "editions", "needs", "unobservable"}
REQUIRED = ("id", "level", "sentence", "source", "operations")


class CatalogueError(Exception):
    """The catalogue contradicts itself; the text begins with file and line."""


class Level(StrEnum):
    """How firmly the documents promise something (the words of RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"


@dataclass(frozen=True)
class Document:
    """One page of the documentation and the editions it belongs to."""

    id: str
    title: str
    editions: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """Where a promise is made: a document and the section in it."""

    document: Document
    section: str

    def __str__(self) -> str:
        return f"{self.document.title}, {self.section}"


@dataclass(frozen=True)
class Requirement:
    """One promise of the documents.

    ``needs`` holds the ids of the capabilities without which it cannot be verified;
    ``unobservable`` says why no black-box test can see it, and is empty otherwise.
    """

    id: str
    level: Level
    sentence: str
    sources: tuple[Source, ...]
    editions: tuple[str, ...]
    operations: tuple[str, ...]
    needs: tuple[str, ...]
    unobservable: str

    @property
    def group(self) -> str:
        """The id of its group, the part of its own id before the dot."""
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Catalogue:
    """Everything that the documents promise, and the words to speak of it."""

    editions: tuple[str, ...]
    groups: Mapping[str, str]
    capabilities: Mapping[str, str]
    requirements: Mapping[str, Requirement]

    def select(self, globs: Iterable[str]) -> frozenset[str]:
        """Return the ids that match any of the globs, such as ``lookup.*`` or ``*.status-*``.

        Raises:
            OperatorError: for a glob that matches no id.
        """
        selected: set[str] = set()
        for glob in globs:
            matches = [id for id in self.requirements if fnmatchcase(id, glob)]
            if not matches:
                raise OperatorError(
                    f"{glob!r} matches no requirement", "see `notifications-conformance list`"
                )
            selected.update(matches)
        return frozenset(selected)

    def in_edition(self, edition: str) -> Iterator[Requirement]:
        """Yield the requirements that belong to an edition, in the catalogue's order."""
        return (each for each in self.requirements.values() if edition in each.editions)


@cache
def load() -> Catalogue:
    """Load the catalogue that belongs to this package."""
    return read(openapi("catalogue.yaml"), sorted(openapi("requirements").glob("*.yaml")))


def read(frame: Path, files: Iterable[Path]) -> Catalogue:
    """Read a catalogue from its frame (documents, groups, capabilities) and requirement files.

    Raises:
        CatalogueError: with file and line, when an entry is incomplete or contradicts another.
    """
    words = _parse(frame)
    reader = _Reader(
        documents={
            each["id"]: Document(each["id"], each["title"], tuple(each["editions"]))
            for each in words["documents"]
        },
        groups={each["id"]: each["title"] for each in words["groups"]},
        capabilities={each["id"]: each["sentence"] for each in words["capabilities"]},
        editions=tuple(each["id"] for each in words["editions"]),
        operations={name for each in words["documents"] for name in each["operations"]},
    )
    for file in files:
        reader.add(file)
    order = {group: position for position, group in enumerate(reader.groups)}
    ordered = sorted(reader.requirements.values(), key=lambda each: order[each.group])
    return Catalogue(
        reader.editions, reader.groups, reader.capabilities, {each.id: each for each in ordered}
    )


@dataclass
class _Reader:
    documents: dict[str, Document]
    groups: dict[str, str]
    capabilities: dict[str, str]
    editions: tuple[str, ...]
    operations: set[str]

    def __post_init__(self) -> None:
        self.requirements: dict[str, Requirement] = {}
        self._places: dict[str, str] = {}

    def add(self, file: Path) -> None:
        for row in _parse(file).get("requirements") or []:
            place = f"{file}:{row['line']}"
            problem = self._problem(row)
            if problem:
                raise CatalogueError(f"{place}: {problem}")
            self._places[row["id"]] = place
            self.requirements[row["id"]] = self._requirement(row)

    def _problem(self, row: Mapping[str, Any]) -> str | None:
        return next(self._problems(row), None)

    def _problems(self, row: Mapping[str, Any]) -> Iterator[str]:
        missing = [name for name in REQUIRED if not row.get(name)]
        if missing:
            yield f"{row.get('id', 'a requirement')} has no {', '.join(missing)}"
            return
        yield from (f"unknown field {name!r}" for name in row if name not in FIELDS | {"line"})
        if not ID.fullmatch(row["id"]):
            yield f"{row['id']!r} is no id of the form group.words-of-the-promise"
        if row["id"] in self._places:
            yield f"duplicate id {row['id']!r}, first used at {self._places[row['id']]}"
        if row["id"].partition(".")[0] not in self.groups:
            yield f"{row['id']!r} belongs to no group of the catalogue"
        if row["level"] not in Level.__members__:
            yield f"unknown level {row['level']!r}, neither MUST nor SHOULD"
        yield from self._unknown("document", row["source"], self.documents)
        yield from self._unknown("operation", row["operations"], self.operations)
        yield from self._unknown("capability", row.get("needs", ()), self.capabilities)
        yield from self._unknown("edition", row.get("editions", ()), self.editions)

    @staticmethod
    def _unknown(kind: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
        allowed = set(known)
        return (f"unknown {kind} {name!r}" for name in names if name not in allowed)

    def _requirement(self, row: Mapping[str, Any]) -> Requirement:
        sources = tuple(
            Source(self.documents[document], section) for document, section in row["source"].items()
        )
        stated = {edition for source in sources for edition in source.document.editions}
        return Requirement(
            id=row["id"],
            level=Level(row["level"]),
            sentence=row["sentence"],
            sources=sources,
            editions=tuple(row.get("editions") or (e for e in self.editions if e in stated)),
            operations=tuple(row["operations"]),
            needs=tuple(row.get("needs", ())),
            unobservable=row.get("unobservable", ""),
        )


class _LineLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that notes on which line each requirement begins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if "sentence" in mapping or "level" in mapping:
            mapping["line"] = node.start_mark.line + 1
        return mapping


def _parse(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
        parsed = yaml.load(text, Loader=_LineLoader)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogueError(f"{file}:{line}: {error.problem}") from None
    if not isinstance(parsed, dict):
        raise CatalogueError(f"{file}:1: a mapping is expected")
    return parsed
