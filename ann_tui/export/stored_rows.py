"""A few rows with a model's answers, by which a script knows that it answers like the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ann_tui.data.preparing.columns import DateColumn, LabelColumn, NumberColumn

if TYPE_CHECKING:
    from ann_tui.data.preparing.columns import Column
    from ann_tui.data.preparing.input_column import InputColumn
    from ann_tui.model.trained_model import TrainedModel

ROWS = 5


def stored_rows(model: TrainedModel) -> tuple[list[dict[str, Any]], list[Any]]:
    """Five rows of raw columns, ordinary and odd ones, and what the model answers: probabilities, or numbers."""
    columns = dict(zip((column.name for column in model.fitted.columns), model.fitted.columns, strict=True))
    rows = [
        {
            each.name: _cell(columns[each.name], each, row, place)
            for place, each in enumerate(model.fitted.inputs)
        }
        for row in range(ROWS)
    ]
    frame = pd.DataFrame(rows).astype(
        {name: object for name, column in columns.items() if not isinstance(column, NumberColumn)}
    )
    found = model.predict(frame)
    answers = found.values if found.probabilities is None else found.probabilities
    return rows, np.asarray(answers, np.float64).tolist()


def _cell(column: Column, about: InputColumn, row: int, place: int) -> Any:
    """The typical value, values along the training range, a label after the other, and a row with gaps."""
    if row == ROWS - 1 and place % 2 == 0:
        return None
    if isinstance(column, NumberColumn):
        share = ((row * 3 + place * 5) % 11) / 10
        found = column.smallest + share * (column.largest - column.smallest)
        return float(f"{found:.6g}")
    if isinstance(column, LabelColumn):
        return about.categories[(row + place) % len(about.categories)] if row < ROWS - 2 else "a new word"
    if isinstance(column, DateColumn):
        share = ((row * 3 + place * 5) % 11) / 10
        moment = pd.Timestamp(
            column.smallest + share * (column.largest - column.smallest), unit="s", tz="UTC"
        )
        return moment.strftime(column.form)
    return "a few words of text"
