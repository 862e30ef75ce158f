"""Rows of cells that a model may meet: usual ones, and missing, unseen and extreme ones among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ann_tui.data.cells.kinds import LARGEST
from ann_tui.data.cells.values import Numbers, Values, read_labels
from ann_tui.data.preparing.columns import Column, DateColumn, LabelColumn, NumberColumn
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.transform_report import TransformReport
from ann_tui.export.as_onnx.labels import known_words

Cells = dict[str, NDArray[Any]]
"""For each raw column its cells: texts, object (n,), "" where missing; numbers, float64 (n,), NaN where missing."""
ROWS = 400
_ODD = 0.15
"""The share of cells that are odd."""
_EXTREMES = (0.0, -1.0, 1.0, 1e6, -1e6, 1e12, -1e12, 1e200, -1e200, np.inf, -np.inf, 1e301, 1e-300)
_LATE, _EARLY = 4_000_000_000.0, -4_000_000_000.0


def odd_rows(fitted: FittedPreparation, rows: int = ROWS, seed: int = 0) -> Cells:
    """So many rows, the same for the same seed; at first one without any cell, and one row's cells are all extreme."""
    source = np.random.default_rng(seed)
    cells: Cells = {}
    for column in fitted.columns:
        usual, odd = _choices(column, source)
        drawn = usual[source.integers(0, len(usual), rows)]
        strange = source.random(rows) < _ODD
        drawn[strange] = odd[source.integers(0, len(odd), int(strange.sum()))]
        missing: object = "" if isinstance(column, LabelColumn) else np.nan
        drawn[:1] = missing
        drawn[1:2] = odd[-1]
        cells[column.name] = drawn
    return cells


def _choices(column: Column, source: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any]]:
    """Usual cells of a column, and odd ones."""
    if isinstance(column, LabelColumn):
        known = known_words(column)
        odd = [
            *known,
            *(word.upper() for word in column.seen[:50]),
            *(word.swapcase() for word in column.seen[:50]),
            "a word that no training row has",
        ]
        return np.array([*column.seen, None], object)[:-1], np.array([*odd, None], object)[:-1]
    assert isinstance(column, NumberColumn | DateColumn)
    low, high = column.smallest, column.largest
    with np.errstate(over="ignore", invalid="ignore"):
        within = low + (high - low) * source.random(200) if np.isfinite(high - low) else np.array([low, high])
        if isinstance(column, DateColumn):
            near = [low - 86400.0, high + 86400.0, _EARLY, _LATE]
            return np.floor(within), np.array([np.nan, low, high, *near], np.float64)
        edges = [low, high, 2 * low - high, 2 * high - low, column.fill]
        edges += [each for each in (column.rules.minimum, column.rules.maximum) if each is not None]
        if column.fence is not None:
            edges += [column.fence.lower, column.fence.upper]
        if column.bins is not None:
            edges += list(column.bins.edges)
        whole = np.round(within) if low == np.floor(low) and high == np.floor(high) else within
    return np.concatenate([within, whole]), np.array([np.nan, *edges, *_EXTREMES], np.float64)


def as_matrix(fitted: FittedPreparation, cells: Cells) -> tuple[NDArray[np.float32], TransformReport]:
    """The network's matrix of typed cells, float32 (n, features), and what became of the cells."""
    rows = len(next(iter(cells.values())))

    def read(column: Column) -> Values:
        values = cells[column.name]
        if isinstance(column, NumberColumn | DateColumn):
            with np.errstate(invalid="ignore"):
                beyond = np.isinf(values) if isinstance(column, DateColumn) else np.abs(values) > LARGEST
            kept = np.where(beyond, np.nan, values)
            return Numbers(
                kept, beyond, lambda row: str(values[row]), isinstance(column, DateColumn), form=column.form
            )
        return read_labels(pd.Series(values, dtype=object))

    with np.errstate(all="ignore"):
        return fitted.matrix(read, rows)
