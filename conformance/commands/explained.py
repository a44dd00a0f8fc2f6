"""What ``explain`` says of one requirement."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from conformance.catalogue import Requirement, load
from conformance.errors import OperatorError
from conformance.reporting.text import wrapped


def explanation(id: str) -> Iterator[str]:
    """Yield what a requirement says, where it comes from, and what it takes to verify it.

    Raises:
        OperatorError: when there is no such requirement.
    """
    catalogue = load()
    known = catalogue.requirements.get(id)
    if known is None:
        near = get_close_matches(id, catalogue.requirements, n=3, cutoff=0.5)
        hint = (
            f"did you mean {' or '.join(near)}?" if near else "see `notifications-conformance list`"
        )
        raise OperatorError(f"there is no requirement {id!r}", hint)
    for line in _lines(known):
        yield from wrapped(line, hanging=2)


def _lines(known: Requirement) -> Iterator[str]:
    capabilities = load().capabilities
    yield f"{known.id} ({known.level})"
    yield known.sentence
    for source in known.sources:
        yield f"Source: {source}"
    yield f"Editions: {', '.join(known.editions)}"
    yield f"Operations: {', '.join(known.operations)}"
    for need in known.needs:
        yield f"Needs {need}: {capabilities[need]}"
    if known.unobservable:
        yield f"No black-box test can see it: {known.unobservable}"
