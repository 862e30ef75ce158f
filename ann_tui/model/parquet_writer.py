"""Predictions as a Parquet file, through pyarrow, which is an extra."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from ann_tui.model.file_answers import Answers
from ann_tui.model.written_cells import written_cells


@contextmanager
def parquet_rows(
    out: IO[bytes], names: Sequence[str], added: Sequence[str]
) -> Iterator[Callable[[Answers], None]]:
    """Writes a piece's rows under the file's `names` and those that are `added`.

    Columns of a Parquet file keep their types. Those of a text file are text, as it is written, null where a cell is
    empty: a type that fits the first million rows need not fit the next one. Probabilities are float32, numbers
    float64.
    """
    import pyarrow
    from pyarrow import parquet

    writer: Any = None

    def write(piece: Answers) -> None:
        nonlocal writer
        chunk, predictions = piece.chunk, piece.predictions
        if chunk.batch is not None:
            columns = list(chunk.batch.columns)
        else:
            cells = zip(*written_cells(chunk.raw, chunk.texts), strict=True)
            columns = [pyarrow.array([cell or None for cell in column], pyarrow.string()) for column in cells]
        if predictions.probabilities is None:
            columns.append(pyarrow.array(predictions.values))
        else:
            columns.append(pyarrow.array(predictions.values.tolist(), pyarrow.string()))
            columns += [pyarrow.array(column) for column in predictions.probabilities.T]
        rows = pyarrow.Table.from_arrays(columns, names=[*names, *added])
        if writer is None:
            writer = parquet.ParquetWriter(out, rows.schema)
        writer.write_table(rows)

    try:
        yield write
        if writer is None:
            empty = pyarrow.schema([(name, pyarrow.string()) for name in [*names, *added]])
            writer = parquet.ParquetWriter(out, empty)
    finally:
        if writer is not None:
            writer.close()
