"""Whole, regular records handed to pandas, and what it makes of them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.reading.layout import Layout

STEP_BYTES = 8 << 20
FEWEST_ROWS = 500
MOST_ROWS = 15_000


@dataclass(frozen=True)
class ColumnPlan:
    """How the parser is to treat the columns: `words` are text that repeats, `texts` are text that does not, all
    others are numbers in which `marks` stand for a missing value. `only` restricts the columns that are kept.
    `telling`: every column of text holds something that no parser takes for a number or a truth value.
    """

    layout: Layout
    words: frozenset[int] = frozenset()
    texts: frozenset[int] = frozenset()
    marks: tuple[str, ...] = ("",)
    only: tuple[int, ...] | None = None
    telling: bool = False


@dataclass
class Parsed:
    """The rows of one piece of a file.

    `columns` holds for each column a list of arrays: int64, float64, bool or object. `distinct` are the
    different cells of the columns of words (NaN for missing among them), `numbers` the columns that pandas took
    for numbers somewhere. `last_missing` marks the rows without a value in the last column, and `widened`
    says that a record had more cells than there are columns.
    """

    rows: int = 0
    columns: dict[int, list[Any]] = field(default_factory=dict)
    distinct: dict[int, set[Any]] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)
    last_missing: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    widened: bool = False


class _Records:
    """Bytes as a file for the parser, which takes UTF-8 without a detour through str."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def read(self, size: int = -1) -> bytes:
        start = self.place
        self.place = len(self.data) if size < 0 else min(len(self.data), start + size)
        return self.data[start : self.place]

    def __iter__(self) -> Iterator[bytes]:
        return iter(())


def parse_records(data: bytes, lines: int, plan: ColumnPlan) -> Parsed:
    """Parse records of `lines` lines, some thousand rows at a time: larger arrays are slow to allocate.

    Raises what pandas raises: ParserError for a record with too many cells, UnicodeDecodeError, ValueError.
    """
    parsed = Parsed()
    if not data.strip(b"\r\n"):
        return parsed
    rows = max(FEWEST_ROWS, min(MOST_ROWS, STEP_BYTES * lines // max(1, len(data))))
    last: list[npt.NDArray[np.bool_]] = []
    with _reader(data, plan, rows) as reader:
        for frame in reader:
            parsed.widened = parsed.widened or not isinstance(frame.index, pd.RangeIndex)
            parsed.rows += len(frame)
            last.append(pd.isna(frame[plan.layout.width - 1].to_numpy()))
            _collect(frame, plan, parsed)
    parsed.last_missing = np.concatenate(last) if last else parsed.last_missing
    return parsed


def _reader(data: bytes, plan: ColumnPlan, rows: int) -> Any:
    layout = plan.layout
    text = plan.words | plan.texts
    names = list(range(layout.width))
    marks = list(plan.marks)
    several = bool(text) and plan.marks != ("",)
    return pd.read_csv(
        _Records(data),  # type: ignore[call-overload]
        sep=layout.parser_delimiter.decode(),
        quotechar=(layout.parser_quote or b'"').decode(),
        quoting=csv.QUOTE_MINIMAL if layout.parser_quote else csv.QUOTE_NONE,
        decimal=layout.decimal.decode(),
        skipinitialspace=layout.trim and layout.plain,
        header=None,
        names=names,
        dtype=dict.fromkeys(text, object),
        na_values={name: [""] if name in text else marks for name in names} if several else marks,
        keep_default_na=False,
        low_memory=False,
        engine="c",
        chunksize=rows,
    )


def _collect(frame: pd.DataFrame, plan: ColumnPlan, parsed: Parsed) -> None:
    for place in range(frame.shape[1]) if plan.only is None else plan.only:
        values: Any = frame[place].to_numpy()
        if values.dtype.kind in "iuf":
            parsed.numbers.add(place)
        if place in plan.words:
            parsed.distinct.setdefault(place, set()).update(values.tolist())
        parsed.columns.setdefault(place, []).append(values)
