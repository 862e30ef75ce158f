"""Tables in Parquet files, through pyarrow, which is an extra."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ann_tui.data.cells.grammar import folded, folded_marks
from ann_tui.data.cells.missing_marks import marked_numbers, without_marked
from ann_tui.data.cells.table import Table
from ann_tui.data.choices.source import DEFAULT_MISSING_MARKS, Dialect, Source
from ann_tui.data.plain_text import shown_path
from ann_tui.data.reading.header_names import column_names
from ann_tui.data.reading.memory import GROWTH, available_memory, readable_size
from ann_tui.data.reading.read_error import ReadCancelledError, ReadError, TooLargeError

MAGIC = b"PAR1"
BATCH = 65_536


def is_parquet(path: str) -> bool:
    """Whether a regular file begins as Parquet does (or claims to be Parquet and is empty of text)."""
    try:
        place = Path(path)
        if not place.is_file():
            return False
        with place.open("rb") as file:
            return file.read(4) == MAGIC
    except (OSError, ValueError):
        return False


def pyarrow_for(shown: str) -> tuple[Any, Any]:
    """pyarrow and its Parquet module. Raises ReadError, which names the file `shown`, where they aren't installed."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ReadError(
            f"{shown} is a Parquet file, which needs pyarrow: pip install 'ann-tui[parquet]'"
        ) from None
    return pyarrow, parquet


def damaged(shown: str, error: Exception) -> ReadError:
    """What is said of the file `shown` where pyarrow can't read it."""
    reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    return ReadError(f"{shown} is a damaged Parquet file ({reason}): get it again")


def read_parquet(
    source: Source,
    *,
    rows: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Table:
    """The rows of a Parquet file, or the first `rows` of them, as a table of numbers and text.

    Truth values become the words True and False, dates and times ISO 8601 text, nested values text. Raises
    ReadError without pyarrow and for a damaged file.
    """
    shown = shown_path(source.path)
    pyarrow, parquet = pyarrow_for(shown)
    try:
        with parquet.ParquetFile(source.path) as file:
            return _read(file, source, shown, rows, progress, cancelled)
    except (pyarrow.ArrowException, OSError) as error:
        raise damaged(shown, error) from None


def _read(
    file: Any,
    source: Source,
    shown: str,
    rows: int | None,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Table:
    total = int(file.metadata.num_rows)
    names = column_names(list(file.schema_arrow.names), [])
    if not total or not names.names:
        raise ReadError(f"{shown} has no rows")
    size = total * 8 * len(names.names)
    available = available_memory()
    if rows is None and source.sample_rows is None and available and size * GROWTH > available:
        raise TooLargeError(
            f"{shown} ({total:,} rows) needs some {readable_size(size * GROWTH)} of memory and "
            f"{readable_size(available)} are free: read a sample of its rows",
            needed=int(size * GROWTH),
            available=available,
            rows=max(1, int(total * available / (size * GROWTH) / 2)),
        )
    chosen = _chosen(total, source.sample_rows if rows is None else None)
    parts: list[pd.DataFrame] = []
    done = 0
    for batch in file.iter_batches(batch_size=min(BATCH, rows or BATCH)):
        if cancelled is not None and cancelled():
            raise ReadCancelledError(f"reading {shown} was stopped")
        part = batch.to_pandas()
        part.columns = list(names.names)
        part = part.reset_index(drop=True)
        if chosen is not None:
            inside = chosen[(chosen >= done) & (chosen < done + len(part))] - done
            parts.append(part.iloc[inside])
        else:
            parts.append(part)
        done += batch.num_rows
        if progress is not None:
            progress(done, total)
        if rows is not None and done >= rows:
            break
    columns = {
        name: _without_marks(read_column([part[name] for part in parts]), name, source)
        for name in names.names
    }
    frame = pd.DataFrame(columns, copy=False)
    if rows is not None:
        frame = frame.iloc[:rows]
    lines = np.arange(1, len(frame) + 1, dtype=np.int64) if chosen is None else chosen.astype(np.int64) + 1
    notes = () if chosen is None else (f"A random sample of {len(frame):,} of {total:,} rows.",)
    return Table(frame, lines, Dialect(), Path(source.path), (), (*names.warnings, *notes))


def _chosen(total: int, wanted: int | None) -> Any:
    """The places of random rows in order, or None for all."""
    if wanted is None or wanted >= total:
        return None
    return np.sort(np.random.Generator(np.random.PCG64(0)).choice(total, wanted, replace=False))


def read_column(parts: "list[pd.Series[Any]]") -> Any:
    """The cells of a column: int64, float64 with NaN where one is missing, or a Series of text with None there."""
    values = pd.concat(parts, ignore_index=True)
    kind = values.dtype
    if pd.api.types.is_bool_dtype(kind) or isinstance(kind, pd.CategoricalDtype):
        values = values.astype(object)
    if pd.api.types.is_integer_dtype(values.dtype) and not values.isna().any():
        try:
            return values.to_numpy(dtype=np.int64)
        except OverflowError:
            return values.to_numpy(dtype=np.float64)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    present = values.dropna()
    if len(present) and all(isinstance(value, Decimal) for value in present.head(100)):
        return pd.to_numeric(values.astype(object), errors="coerce").to_numpy(dtype=np.float64)
    texts = np.array(
        [None if missing else _text(value) for value, missing in zip(values, values.isna(), strict=True)],
        dtype=object,
    )
    return pd.Series(texts, dtype=object, copy=False)


def _without_marks(values: Any, name: str, source: Source) -> Any:
    """The cells without those that a person has said to be missing.

    The usual marks of text files are words here, where gaps are typed.
    """
    stated = source.column_marks.get(name, set(source.missing_marks) - set(DEFAULT_MISSING_MARKS))
    if values.dtype != object:
        return without_marked(values, marked_numbers(stated))
    marks = folded_marks(stated) if stated else frozenset()
    gone = np.array([isinstance(cell, str) and folded(cell) in marks for cell in values], dtype=bool)
    return values.where(~gone, None) if gone.any() else values


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        plain = value.replace(tzinfo=None)
        return plain.date().isoformat() if plain.time() == time() else plain.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
