"""The parsed pieces of a file put together, column by column."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.reading.frames import ColumnPlan
from ann_tui.data.reading.parsing import Piece
from ann_tui.data.reading.repair import Notes

Ints = npt.NDArray[np.int64]
MOST_DISTINCT = 20_000


class Gathering:
    """Collects pieces in file order. `late` are the columns of numbers that turned out to hold text."""

    def __init__(self, plan: ColumnPlan, sample: int | None, seed: int = 0) -> None:
        self._plan = plan
        self.distinct: dict[int, set[Any]] = {}
        self.texts: dict[int, list[npt.NDArray[np.object_]]] = {}
        self.numbers: dict[int, list[npt.NDArray[Any]]] = {}
        self.late: set[int] = set()
        self.lines: list[Ints] = []
        self.dropped: list[DroppedRow] = []
        self.notes = Notes()
        self.rows = 0
        self.seen = 0
        self._sample = sample
        self._random = np.random.Generator(np.random.PCG64(seed))
        self._pieces: list[tuple[npt.NDArray[np.float64], Piece]] = []
        self._limit = 1.0

    def add(self, piece: Piece) -> None:
        """Append a piece."""
        self.dropped += piece.dropped
        self.notes.add(piece.notes)
        self.late |= piece.zeros
        self.seen += piece.rows
        if self._sample is None:
            self._append(piece)
            return
        keys = self._random.random(piece.rows)
        self._pieces.append((keys, piece))
        self._thin(keys, self._sample)

    def finish_sample(self) -> None:
        """Choose the random rows; without a sample there is nothing to do."""
        if self._sample is None:
            return
        kept = [(keys, piece) for keys, piece in self._pieces if piece.rows]
        if kept:
            every = np.concatenate([keys for keys, _ in kept])
            if len(every) > self._sample:
                self._limit = float(np.partition(every, self._sample)[self._sample])
        for keys, piece in kept:
            self._append(_rows_of(piece, np.flatnonzero(keys < self._limit)))
        self._pieces = []

    def _thin(self, keys: npt.NDArray[np.float64], wanted: int) -> None:
        """Keep few rows more than wanted while reading: those with the smallest random keys."""
        chosen = np.flatnonzero(self._pieces[-1][0] < self._limit)
        if len(chosen) < len(keys):
            self._pieces[-1] = keys[chosen], _rows_of(self._pieces[-1][1], chosen)
        if sum(len(kept) for kept, _ in self._pieces) > 2 * wanted + 10_000:
            every = np.concatenate([kept for kept, _ in self._pieces])
            self._limit = float(np.partition(every, wanted)[wanted])
            for place, (kept, piece) in enumerate(self._pieces):
                chosen = np.flatnonzero(kept < self._limit)
                self._pieces[place] = kept[chosen], _rows_of(piece, chosen)

    def _append(self, piece: Piece) -> None:
        self.rows += piece.rows
        self.lines.append(piece.line_numbers())
        for column, cells in piece.distinct.items():
            known = self.distinct.setdefault(column, set())
            if len(known) <= MOST_DISTINCT:
                known |= cells
        for column, parts in piece.columns.items():
            if column in self._plan.words or column in self._plan.texts:
                self.texts.setdefault(column, []).extend(parts)
            elif all(part.dtype.kind in "if" for part in parts):
                self.numbers.setdefault(column, []).extend(parts)
            elif piece.rows:
                self.late.add(column)

    def number_column(self, column: int) -> npt.NDArray[Any]:
        """All rows of a column of numbers: int64, or float64 where a value is missing or has a fraction."""
        pieces = self.numbers.pop(column)
        return np.concatenate(pieces) if len(pieces) != 1 else pieces[0]

    def text_column(self, column: int) -> npt.NDArray[np.object_]:
        """All rows of a column of text, with NaN for empty cells."""
        pieces = self.texts.pop(column)
        return np.concatenate(pieces) if len(pieces) != 1 else pieces[0]

    def few_distinct(self, column: int) -> set[Any] | None:
        """The different cells of a column of text that repeats; None where they are too many."""
        known = self.distinct.get(column)
        return known if known is not None and len(known) <= MOST_DISTINCT else None

    def line_numbers(self) -> Ints:
        """The line of each row."""
        return np.concatenate(self.lines) if self.lines else np.empty(0, dtype=np.int64)


def _rows_of(piece: Piece, chosen: npt.NDArray[np.intp]) -> Piece:
    columns: dict[int, list[Any]] = {}
    for name, parts in piece.columns.items():
        columns[name] = []
        begin = 0
        for part in parts:
            inside = (
                chosen[np.searchsorted(chosen, begin) : np.searchsorted(chosen, begin + len(part))] - begin
            )
            columns[name].append(part[inside])
            begin += len(part)
    lines = piece.line_numbers()[chosen]
    return Piece(columns, piece.distinct, len(chosen), piece.first_line, lines, [], Notes(), piece.zeros)
