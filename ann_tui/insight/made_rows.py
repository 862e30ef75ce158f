"""Rows that nobody measured: cells that are chosen, made into a network's matrix, and its answers to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.network.scoring import predict

if TYPE_CHECKING:
    from ann_tui.data.preparing.fitted import FittedPreparation
    from ann_tui.data.preparing.input_column import InputColumn


def column_of(fitted: FittedPreparation, name: str) -> InputColumn:
    """The input column of this name. Raises ValueError where there is none."""
    for column in fitted.inputs:
        if column.name == name:
            return column
    raise ValueError(f"the network has no input column '{name}'")


def typical_row(fitted: FittedPreparation, row: Mapping[str, str]) -> dict[str, str]:
    """The text of each input column: that of the row, or the typical one where the row has none."""
    return {column.name: row.get(column.name, column.typical) for column in fitted.inputs}


def made_rows(
    fitted: FittedPreparation, rows: int, row: Mapping[str, str], given: Mapping[str, NDArray[Any]]
) -> NDArray[np.float32]:
    """The matrix of so many rows: the cells of `row`, but for those that are `given`, (rows,), as numbers or texts."""
    import pandas as pd

    cells: dict[str, NDArray[Any]] = {name: np.full(rows, text, object) for name, text in row.items()}
    for name, values in given.items():
        cells[name] = values if values.dtype == object else _as_cells(column_of(fitted, name), values)
    matrix, _ = fitted.transform(pd.DataFrame(cells))
    return matrix


def _as_cells(column: InputColumn, numbers: NDArray[Any]) -> NDArray[Any]:
    """Numbers as they are, or as texts in a column whose cells say another number than their digits do."""
    from ann_tui.data.choices.number_form import NumberForm

    if NumberForm.of(column.form).reads_numbers:
        return numbers
    different, places = np.unique(numbers, return_inverse=True)
    digits = (np.format_float_positional(each, 12, fractional=False, trim="-") for each in different)
    texts = np.array([column.written(each) for each in digits], object)
    return texts[places]


def answers_for(network: Network, matrix: Array, fitted: FittedPreparation | None) -> Array:
    """Probabilities (n, classes), or numbers (n,): in the target's own unit with `fitted`, else as `predict` gives."""
    with np.errstate(all="ignore"):
        found = predict(network, matrix)
        return found if fitted is None else fitted.target.decode(found)
