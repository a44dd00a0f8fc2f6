"""What ``list`` says: requirements and what they need."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence

from conformance.catalogue import Requirement, load
from conformance.reporting.model import Scope
from conformance.reporting.text import wrapped
from conformance.target.description import KEY_OF_CAPABILITY
from conformance.target.origin import target_from

BARE = frozenset({"bearer-token", "forgeable-token"})
"""What a URL and an Altinn token provide."""


def requirements(edition: str | None, select: Sequence[str]) -> Iterator[str]:
    """Yield a line for each requirement: id, level, what it needs."""
    catalogue = load()
    chosen = catalogue.select(select or ("*",))
    for each in catalogue.requirements.values():
        if each.id in chosen and (edition is None or edition in each.editions):
            needs = "cannot be observed" if each.unobservable else ", ".join(each.needs)
            yield _line(each, needs)


def unverified(target: str | None, edition: str | None, select: Sequence[str]) -> Iterator[str]:
    """Yield a line for each requirement that a run could not verify: id, level, what is missing.

    Args:
        target: a URL or a target file; without it a URL and an Altinn token are assumed.
        edition: the edition to judge by, None for the target's own or the newest.
        select: patterns of ids.
    """
    catalogue = load()
    described = target_from(target, os.environ) if target else None
    judged = edition or (described and described.edition) or catalogue.editions[-1]
    provided = described.capabilities if described else BARE
    scope = Scope(judged, catalogue.select(select) if select else None, provided)
    wanted: Counter[str] = Counter()
    for each in catalogue.requirements.values():
        missing = scope.missing(each)
        if scope.has(each) and each.unobservable:
            yield _line(each, "cannot be observed")
        elif scope.has(each) and missing:
            wanted.update(missing)
            yield _line(each, ", ".join(missing))
    yield ""
    for capability, count in wanted.most_common():
        key, sentence = KEY_OF_CAPABILITY[capability], catalogue.capabilities[capability]
        told = f"{count:>4} need {capability} ({key}): {sentence}"
        yield from wrapped(told, hanging=10)


def _line(requirement: Requirement, needs: str) -> str:
    return f"{requirement.id:<40} {requirement.level:<6} {needs}".rstrip()
