"""Marks of missing values that are numbers themselves, in columns of numbers: of one column, and of the whole table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.choices.source import DEFAULT_MISSING_MARKS, Dialect, Source
from ann_tui.data.reading import regular_file
from ann_tui.data.reading.read_table import read_preview, read_table
from ann_tui.data.reading.second_file import read_second_file

SPELLINGS = {
    "as it is": str,
    "with a fraction": lambda value: f"{value:.2f}",
    "after a space": lambda value: f" {value}",
    "quoted": lambda value: f'"{value}"',
    "in groups": lambda value: f'"{value:,}"' if abs(value) < 1000 else f"{value}",
}


@settings(deadline=None, max_examples=60)
@given(
    values=st.lists(st.sampled_from([-999, 999, 0, 1, 12, 4500]), min_size=3, max_size=30),
    spelling=st.sampled_from(sorted(SPELLINGS)),
    own=st.sampled_from([None, ("-999",), ("999", "x"), ("-999", "0"), ("",)]),
    whole=st.sampled_from([(), ("-999",), ("0.0", "none")]),
)
def test_a_cell_is_missing_where_its_number_is_a_mark(
    tmp_path_factory: pytest.TempPathFactory,
    values: list[int],
    spelling: str,
    own: tuple[str, ...] | None,
    whole: tuple[str, ...],
) -> None:
    """By its own marks where the column has some, else by the table's; the column beside it keeps the table's."""
    path = tmp_path_factory.mktemp("marks") / "t.csv"
    cells = [SPELLINGS[spelling](value) for value in values]
    path.write_text("a,b,c\n" + "".join(f"{cell},{cell},w\n" for cell in cells))
    source = Source(str(path), missing_marks=(*DEFAULT_MISSING_MARKS, *whole), dialect=Dialect())
    if own is not None:
        source = replace(source, column_marks={"a": own})
    table = read_table(source)
    for name, marks in (("a", whole if own is None else own), ("b", whole)):
        gone = {float(mark) for mark in marks if mark.strip("-.0123456789") == "" and mark}
        wanted = [np.nan if value in gone else float(value) for value in values]
        if not np.isnan(wanted).all():
            assert np.array_equal(table.frame[name].to_numpy(float), wanted, equal_nan=True), name
        assert read_preview(source).frame[name].equals(table.frame[name])


def test_large_regular_files_and_samples_know_them_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read as a whole, in pieces, as a sample, or as a second file."""
    path = tmp_path / "t.csv"
    numbers = np.arange(60_000) % 1000
    path.write_text("a,b,c\n" + "".join(f"{number},{number}.5,w\n" for number in numbers))
    source = Source(str(path), column_marks={"a": ("999",), "b": ("998.50",)}, dialect=Dialect())
    in_pieces = read_table(source).frame
    monkeypatch.setattr(regular_file, "SMALLEST", 0)
    as_a_whole = read_table(source).frame
    for frame in (in_pieces, as_a_whole):
        assert frame["a"].isna().equals(pd.Series(numbers == 999))
        assert frame["b"].isna().equals(pd.Series(numbers == 998))
    sample = read_table(replace(source, sample_rows=5_000)).frame
    assert (sample["a"].max(), sample["b"].max()) == (998, 999.5)
    assert 0 < sample["a"].isna().sum() < 50
    second = read_second_file(source, "t.csv", tmp_path)
    assert second.table.frame["a"].isna().sum() == 60


def test_parquet_has_the_marks_that_a_person_states(tmp_path: Path) -> None:
    """Numbers and words alike; the usual marks are words there, for its gaps are typed."""
    pytest.importorskip("pyarrow")
    path = tmp_path / "t.parquet"
    cells: dict[str, Any] = {"a": [1, -999, 3], "b": [-999.0, 2.5, None], "c": ["NA", "told", "not told"]}
    pd.DataFrame(cells).to_parquet(path)
    plain = read_table(Source(str(path))).frame
    assert plain["a"].tolist() == [1, -999, 3]
    assert plain["c"].tolist() == cells["c"]
    marked = Source(str(path), column_marks={"a": ("-999",), "c": ("NOT told",)})
    frame = read_table(marked).frame
    assert frame["a"].isna().tolist() == [False, True, False]
    assert frame["b"].isna().tolist() == [False, False, True]
    assert frame["c"].tolist() == ["NA", "told", None]
    everywhere = replace(marked, missing_marks=(*DEFAULT_MISSING_MARKS, "-999"), column_marks={})
    assert read_table(everywhere).frame["b"].isna().tolist() == [True, False, True]
