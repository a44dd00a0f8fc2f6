"""Where the reports of a run are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import pytest

from conformance.errors import OperatorError
from conformance.reporting.write import FILES, write
from conformance.selftest.samples import (
    catalogue,
    exchange,
    failed,
    finding,
    hostile,
    requirement,
    run,
    varied,
)

A = "order.first"


def test_a_run_is_written_to_a_directory_of_its_own(tmp_path: Path) -> None:
    written = write(varied(), [exchange().to_json()], tmp_path / "deep" / "reports")

    assert written == tmp_path / "deep" / "reports" / "20261122T014137Z-sample"
    assert {each.name for each in written.iterdir()} == set(FILES)
    assert json.loads((written / "report.json").read_text(encoding="utf-8")) == varied().to_json()


def test_every_exchange_is_a_line_as_it_was_given(tmp_path: Path) -> None:
    given = [{**exchange(body=body).to_json(), "test": "t"} for body in (b"\xff", "æ\n".encode())]
    written = write(varied(), iter(given), tmp_path)

    lines = (written / "exchanges.jsonl").read_text(encoding="utf-8").split("\n")
    assert [json.loads(line) for line in lines[:-1]] == given
    assert lines[-1] == ""


def test_two_runs_in_one_second_do_not_collide_and_latest_is_the_second(tmp_path: Path) -> None:
    first = write(varied(), [], tmp_path)
    second = write(varied(), [], tmp_path)

    assert second.name == f"{first.name}-2"
    assert (tmp_path / "latest").resolve() == second.resolve()
    assert {each.name for each in tmp_path.iterdir()} == {first.name, second.name, "latest"}


def test_latest_is_a_relative_link_so_that_the_reports_can_be_moved(tmp_path: Path) -> None:
    written = write(varied(), [], tmp_path)

    assert (tmp_path / "latest").readlink() == Path(written.name)


def test_without_links_a_file_names_the_latest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    written = write(varied(), [], tmp_path)

    assert (tmp_path / "latest.txt").read_text(encoding="utf-8") == f"{written.name}\n"


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("TT 02: Ærlig/../..", "20261122T014137Z-tt-02-rlig"),
        ("日本", "20261122T014137Z-target"),
        ("x" * 300, "20261122T014137Z-" + "x" * 40),
        ("nul\x00", "20261122T014137Z-nul"),
    ],
)
def test_any_name_of_a_target_gives_a_safe_directory(
    tmp_path: Path, name: str, folder: str
) -> None:
    known = catalogue(requirement(A))
    written = write(run(known, target={"name": name, "url": "https://x.example"}), [], tmp_path)

    assert written == tmp_path / folder


def test_a_hostile_run_is_written_in_full(tmp_path: Path) -> None:
    written = write(hostile(), [], tmp_path)

    assert all((written / name).stat().st_size for name in FILES if name != "exchanges.jsonl")


def test_a_lone_surrogate_does_not_keep_a_report_from_being_written(tmp_path: Path) -> None:
    judged = run(catalogue(requirement(A)), failed(A, finding(A, actual="\ud800")))
    written = write(judged, [], tmp_path)

    report = json.loads((written / "report.json").read_text(encoding="utf-8"))
    assert report["requirements"][0]["findings"][0]["actual"] == "\ud800"


@pytest.mark.parametrize("below", [".", "deeper"])
def test_a_directory_that_cannot_be_written_to_is_told_with_its_mend(
    tmp_path: Path, below: str
) -> None:
    file = tmp_path / "file"
    file.write_text("in the way", encoding="utf-8")

    with pytest.raises(OperatorError, match="--reports") as caught:
        write(varied(), [], file / below)
    assert str(file) in caught.value.what
