"""Parquet files become the same kind of table as text files."""

import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ann_tui.data.cells.kinds import ColumnKind, infer_kind
from ann_tui.data.choices.source import Source
from ann_tui.data.reading.read_table import ReadCancelledError, ReadError, read_preview, read_table

pyarrow = pytest.importorskip("pyarrow")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    frame = pd.DataFrame(
        {
            "count": np.arange(1000),
            "maybe": pd.array([None if k % 10 == 0 else k for k in range(1000)], dtype="Int64"),
            "size": np.linspace(0, 1, 1000),
            "word": [None if k % 7 == 0 else f"w{k % 5}" for k in range(1000)],
            "yes": [k % 2 == 0 for k in range(1000)],
            "day": [datetime.date(2020, 1, 1) + datetime.timedelta(days=k) for k in range(1000)],
            "moment": pd.date_range("2020-01-01", periods=1000, freq="h"),
            "price": [Decimal(k) / 4 for k in range(1000)],
            "group": pd.Categorical(["a", "b"] * 500),
        }
    )
    target = tmp_path / "table.csv"
    frame.to_parquet(target)
    return target


def test_columns_are_numbers_or_text(path: Path) -> None:
    table = read_table(Source(str(path)))
    frame = table.frame
    assert table.lines.tolist() == list(range(1, 1001))
    assert frame["count"].tolist() == list(range(1000))
    assert frame["maybe"].isna().sum() == 100
    assert frame["maybe"].dtype == np.float64
    assert frame["word"].isna().sum() == 143
    assert frame["yes"].tolist()[:2] == ["True", "False"]
    assert frame["day"][1] == "2020-01-02"
    assert frame["moment"][1] == "2020-01-01 01:00:00"
    assert frame["price"].tolist() == [k / 4 for k in range(1000)]
    assert frame["group"].tolist()[:2] == ["a", "b"]
    kinds = [infer_kind(frame[name]) for name in ("yes", "day", "moment", "price", "group")]
    assert kinds == [
        ColumnKind.BOOLEAN,
        ColumnKind.DATE,
        ColumnKind.DATE,
        ColumnKind.NUMBER,
        ColumnKind.CATEGORY,
    ]


def test_preview_sample_and_cancelling(path: Path) -> None:
    assert read_preview(Source(str(path)), rows=10).frame["count"].tolist() == list(range(10))
    sample = read_table(Source(str(path), sample_rows=50))
    assert len(sample.frame) == 50
    assert sample.lines.tolist() == (sample.frame["count"] + 1).tolist()
    assert sample.frame["count"].is_monotonic_increasing
    with pytest.raises(ReadCancelledError):
        read_table(Source(str(path)), cancelled=lambda: True)


def test_damaged_file_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ReadError, match="damaged Parquet") as caught:
        read_table(Source(str(path)))
    assert "\n" not in str(caught.value)
