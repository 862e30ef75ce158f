"""Every torture file loads to the stated table or is refused with the stated message."""

import json
import math
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from ann_tui.data.cells.kinds import infer_kind
from ann_tui.data.choices.source import Source
from ann_tui.data.reading.read_table import ReadError, read_preview, read_table

MAKER = runpy.run_path(str(Path(__file__).with_name("make_files.py")))
NAMES = [case["name"] for case in MAKER["cases"]()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("torture")
    MAKER["write_files"](path)
    return path


def cells(row: Any) -> list[Any]:
    found = []
    for value in row:
        if value is None or (isinstance(value, float) and math.isnan(value)):
            found.append(None)
        else:
            found.append(value.item() if hasattr(value, "item") else value)
    return found


def test_there_are_enough_files() -> None:
    assert len(NAMES) >= 100


@pytest.mark.parametrize("name", NAMES)
def test_file(folder: Path, name: str) -> None:
    expected = json.loads((folder / f"{name}.expected.json").read_text())
    source = Source(str(folder / name))
    if "refused" in expected:
        with pytest.raises(ReadError, match=expected["refused"]) as caught:
            read_table(source)
        message = str(caught.value)
        assert "\n" not in message
        assert len(message) < 500
        return
    table = read_table(source)
    frame = table.frame
    assert list(frame.columns) == expected["columns"]
    rows = [cells(row) for row in frame.itertuples(index=False, name=None)]
    if expected["rows"] is not None:
        assert rows == expected["rows"]
    for place, row in expected.get("sample", []):
        assert rows[place] == row
    assert len(rows) == expected.get("row_count", len(rows))
    assert len(table.lines) == len(rows)
    if "lines" in expected:
        assert table.lines.tolist() == expected["lines"]
    for key, value in expected.get("dialect", {}).items():
        assert getattr(table.dialect, key) == value, key
    assert [row.line for row in table.dropped] == [line for line, _ in expected.get("dropped", [])]
    for row, (_, reason) in zip(table.dropped, expected.get("dropped", []), strict=True):
        assert re.search(reason, row.reason)
    for pattern in expected.get("warnings", []):
        assert any(re.search(pattern, warning) for warning in table.warnings), table.warnings
    if expected.get("no_warnings"):
        assert table.warnings == ()
    for column, kind in expected.get("kinds", {}).items():
        assert infer_kind(frame[column]) == kind, column
    for column, mark, missing in expected.get("marks", []):
        assert [(use.mark, use.missing) for use in table.marks if use.column == column] == [(mark, missing)]


@pytest.mark.parametrize("name", NAMES)
def test_preview_agrees_with_the_table(folder: Path, name: str) -> None:
    source = Source(str(folder / name))
    try:
        whole = read_table(source)
    except ReadError:
        return
    preview = read_preview(source, rows=5)
    assert list(preview.frame.columns) == list(whole.frame.columns)
    assert preview.lines.tolist() == whole.lines[:5].tolist()
    assert len(preview.frame) == min(5, len(whole.frame))


@pytest.mark.parametrize("name", NAMES)
def test_the_dialect_that_was_found_reads_the_same_table(folder: Path, name: str) -> None:
    source = Source(str(folder / name))
    try:
        found = read_table(source)
    except ReadError:
        return
    again = read_table(Source(source.path, dialect=found.dialect))
    assert list(again.frame.columns) == list(found.frame.columns)
    assert again.lines.tolist() == found.lines.tolist()
    assert again.frame.equals(found.frame)
