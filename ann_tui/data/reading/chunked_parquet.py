"""A Parquet file read chunk by chunk, as text tables are in `chunked_reading`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from ann_tui.data.choices.source import Dialect
from ann_tui.data.plain_text import shown_path
from ann_tui.data.reading.chunked_reading import RowChunk
from ann_tui.data.reading.header_names import column_names
from ann_tui.data.reading.parquet import BATCH, damaged, pyarrow_for, read_column
from ann_tui.data.reading.read_error import ReadError


class ChunkedParquet:
    """A Parquet file that is being read; `size` and `position` count rows."""

    def __init__(self, file: Any, shown: str, broken: type[Exception]) -> None:
        """Look at its columns; `broken` is what the file raises where it is damaged. Raises ReadError without rows."""
        self._file, self._shown, self._broken = file, shown, broken
        names = column_names(list(file.schema_arrow.names), [])
        self.names, self.warnings = names.names, names.warnings
        self.dialect = Dialect()
        self.size = int(file.metadata.num_rows)
        self._done = 0
        if not self.size or not self.names:
            raise ReadError(f"{shown} has no rows")

    def position(self) -> int:
        """How many rows have been read."""
        return self._done

    def chunks(self, numbers: Collection[str] = ()) -> Iterator[RowChunk]:
        """The rows from the first to the last, once; columns of numbers are numbers whether asked for or not.

        Raises ReadError where the file is damaged.
        """
        for batch in self._batches():
            part = batch.to_pandas().reset_index(drop=True)
            part.columns = list(self.names)
            frame = pd.DataFrame({name: read_column([part[name]]) for name in self.names}, copy=False)
            texts = pd.DataFrame({name: _texts(frame[name]) for name in self.names}, copy=False)
            lines = np.arange(self._done + 1, self._done + len(frame) + 1, dtype=np.int64)
            self._done += len(frame)
            yield RowChunk(frame, lines, (), texts, None, batch)

    def _batches(self) -> Iterator[Any]:
        batches = self._file.iter_batches(batch_size=BATCH)
        while True:
            try:
                batch = next(batches, None)
            except (self._broken, OSError) as error:
                raise damaged(self._shown, error) from None
            if batch is None:
                return
            yield batch


@contextmanager
def open_chunked_parquet(path: str) -> Iterator[ChunkedParquet]:
    """The table of a Parquet file. Raises ReadError without pyarrow and for a damaged file."""
    shown = shown_path(path)
    pyarrow, parquet = pyarrow_for(shown)
    try:
        file = parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise damaged(shown, error) from None
    with file:
        yield ChunkedParquet(file, shown, pyarrow.ArrowException)


def _texts(values: pd.Series[Any]) -> pd.Series[Any]:
    """The cells as a CSV file would have them; "" where one is missing."""
    missing = values.isna().to_numpy()
    cells = ["" if gone else str(cell) for cell, gone in zip(values.tolist(), missing, strict=True)]
    return pd.Series(cells, dtype=object)
