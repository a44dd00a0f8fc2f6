"""The catalogue: complete, and strict about its own mistakes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.catalogue import CatalogueError, Level, load, read
from conformance.errors import OperatorError
from conformance.resources import openapi

FRAME = openapi("catalogue.yaml")
VALID = """\
group: order
requirements:
  - id: order.one
    level: MUST
    sentence: One.
    source: {order-details: Response codes}
    operations: [getOrder]
  - id: order.two
    level: SHOULD
    sentence: Two.
    source: {send-email-2025-01: Response codes}
    operations: [placeEmailOrder]
    needs: [mailbox]
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str) -> Path:
        file = tmp_path / "order.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return written


def test_a_valid_file_is_read(write: Callable[[str], Path]) -> None:
    catalogue = read(FRAME, [write(VALID)])
    assert list(catalogue.requirements) == ["order.one", "order.two"]
    two = catalogue.requirements["order.two"]
    assert (two.level, two.needs, two.editions) == (Level.SHOULD, ("mailbox",), ("2025-01",))
    assert catalogue.requirements["order.one"].editions == ("2024-08", "2025-01")


MISTAKES = {
    "duplicate": ("order.two", "order.one", ":8: duplicate id 'order.one', first used at"),
    "capability": ("[mailbox]", "[telepathy]", ":8: unknown capability 'telepathy'"),
    "no source": (
        "    source: {order-details: Response codes}\n",
        "",
        ":3: order.one has no",
    ),
    "no sentence": ("    sentence: Two.\n", "", ":8: order.two has no sentence"),
    "document": ("order-details:", "hearsay:", ":3: unknown document 'hearsay'"),
    "operation": ("[getOrder]", "[getRich]", ":3: unknown operation 'getRich'"),
    "level": ("SHOULD", "MAY", ":8: unknown level 'MAY'"),
    "group": ("id: order.one", "id: disorder.one", ":3: 'disorder.one' belongs to no group"),
    "form": ("id: order.one", "id: Order_1", ":3: 'Order_1' is no id"),
    "field": ("sentence: One.", "sentence: One.\n    severity: 3", ":3: unknown field 'severity'"),
    "yaml": ("level: MUST", "level: [MUST", "order.yaml:"),
}


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_line(
    write: Callable[[str], Path], old: str, new: str, told: str
) -> None:
    assert old in VALID
    with pytest.raises(CatalogueError, match=r"order\.yaml:") as error:
        read(FRAME, [write(VALID.replace(old, new, 1))])
    assert told in str(error.value)


def test_the_catalogue_has_what_the_documents_promise() -> None:
    catalogue = load()
    assert len(catalogue.requirements) > 170
    for each in catalogue.requirements.values():
        assert each.sentence.endswith("."), each.id
        assert each.sources, each.id
    used = {need for each in catalogue.requirements.values() for need in each.needs}
    assert used == set(catalogue.capabilities)
    assert {each.group for each in catalogue.requirements.values()} == set(catalogue.groups)


def test_keywords_belong_to_the_newer_edition_only() -> None:
    older = {each.id for each in load().in_edition("2024-08")}
    newer = {each.id for each in load().in_edition("2025-01")}
    keywords = {id for id in newer if id.startswith("keyword.")}
    assert newer - older == keywords
    assert keywords


def test_globs_select_ids() -> None:
    catalogue = load()
    assert catalogue.select(["order.status-202"]) == {"order.status-202"}
    assert catalogue.select(["not-found.*"]) > {"not-found.details"}
    with pytest.raises(OperatorError, match="'nothing"):
        catalogue.select(["order.*", "nothing.*"])
