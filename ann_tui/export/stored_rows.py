"""A few rows with a model's answers, by which a script knows that it answers like the model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ann_tui.data.cells.values import Mask
from ann_tui.data.choices.number_form import NumberForm
from ann_tui.data.choices.source import Dialect
from ann_tui.data.preparing.columns import Column, DateColumn, LabelColumn, NumberColumn
from ann_tui.data.preparing.targets import NumberTarget
from ann_tui.data.reading.chunked_reading import open_chunked
from ann_tui.data.reading.read_error import ReadError
from ann_tui.export.reading_code import POWERS
from ann_tui.model.cell_reading import CellReader

if TYPE_CHECKING:
    from ann_tui.data.preparing.input_column import InputColumn
    from ann_tui.model.trained_model import TrainedModel

ROWS = 5
TOLERANCE = 1e-5
LOOKED_AT = 500
"""So many rows of the training file are looked at."""


def stored_rows(model: TrainedModel, dialect: Dialect) -> tuple[list[dict[str, Any]], list[Any]]:
    """Five rows of raw cells, and what the model answers: probabilities, or numbers.

    They stand in the training file as they are given, gaps among them; where it isn't there any more, or is another
    one, they are made, ordinary and odd ones.
    """
    names = [each.name for each in model.fitted.inputs]
    rows = _from_file(model, names, dialect)
    frame = pd.DataFrame(rows, dtype=object)
    if not rows:
        rows = _made(model)
        numbers = [column.name for column in model.fitted.columns if isinstance(column, NumberColumn)]
        frame = pd.DataFrame(rows, dtype=object).astype(dict.fromkeys(numbers, float))
    found = model.predict(CellReader(model.fitted, model.source, dialect.decimal).frame(frame))
    answers = found.values if found.probabilities is None else found.probabilities.astype(np.float64).round(9)
    return rows, np.asarray(answers, np.float64).tolist()


def file_dialect(model: TrainedModel) -> Dialect:
    """How the training file is written, as far as that can be told."""
    if model.source.dialect is not None:
        return model.source.dialect
    try:
        with open_chunked(model.source) as table:
            return table.dialect if _fits(model, table.names) else Dialect()
    except (ReadError, OSError):
        return Dialect()


def tolerance(model: TrainedModel) -> float:
    """How far answers may be off: a hundred-thousandth of a probability, or of the scale of a number."""
    target = model.fitted.target
    if not isinstance(target, NumberTarget):
        return TOLERANCE
    return float(np.format_float_scientific(TOLERANCE * max(target.scale.scaler.scale, 1e-30), 1))


def _fits(model: TrainedModel, names: Sequence[str]) -> bool:
    return {column.name for column in model.fitted.columns} <= set(names)


def _from_file(model: TrainedModel, names: list[str], dialect: Dialect) -> list[dict[str, Any]]:
    """Rows of the beginning of the training file that a script can read: the one with most gaps, and others."""
    try:
        with open_chunked(model.source) as table:
            if not _fits(model, table.names):
                return []
            cells = next(table.chunks()).frame[names].iloc[:LOOKED_AT]
    except (ReadError, OSError, StopIteration):
        return []
    read = CellReader(model.fitted, model.source, dialect.decimal).frame(cells)
    good = np.ones(len(cells), dtype=bool)
    for column in model.fitted.columns:
        good &= _readable(column, cells[column.name], read[column.name], dialect.decimal)
    places = np.flatnonzero(good)
    if not len(places):
        return []
    gaps = read[names].isna().sum(axis=1).to_numpy()[places]
    chosen = {int(places[gaps.argmax()])}
    for place in places[np.linspace(0, len(places) - 1, ROWS).round().astype(int)]:
        if len(chosen) < ROWS:
            chosen.add(int(place))
    return [
        {
            name: None if pd.isna(cell) else str(cell)
            for name, cell in zip(names, cells.iloc[place], strict=True)
        }
        for place in sorted(chosen)
    ]


def _readable(column: Column, cells: pd.Series[Any], read: pd.Series[Any], decimal: str) -> Mask:
    """Which cells are written plainly, bool (n,): what says the same in another way need not be known to a script."""
    missing: Mask = read.isna().to_numpy(bool)
    if isinstance(column, NumberColumn):
        form = NumberForm.of(column.form)
        bare = cells.map(lambda cell: _bare(str(cell).strip(), form))
        groups = "," if decimal == "." else r"\."
        whole = rf"\d+|\d{{1,3}}({groups}\d{{3}})+|\d{{1,2}}(,\d\d)+,\d{{3}}"
        written = re.compile(rf"[+-]?({whole})(\{decimal}\d+)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
        plain = bare.map(lambda text: written.fullmatch(text) is not None).to_numpy(bool)
        readable: Mask = missing | (plain & ~column.read(read).unparseable)
        return readable
    if isinstance(column, DateColumn):
        given = cells.where(~missing).map(lambda cell: cell.strip(), na_action="ignore")
        found = pd.to_datetime(given, format=column.form, errors="coerce", utc=True)
        seconds = (found - pd.Timestamp(0, tz="UTC")).dt.total_seconds().to_numpy()
        equal: Mask = missing | (seconds == column.read(read).values)
        return equal
    same: Mask = missing | (cells == read).to_numpy(bool)
    return same


def _bare(text: str, form: NumberForm) -> str:
    """A number without its unit, its word for thousands, and a minus behind it."""
    text = text.removesuffix("-").strip() if form.minus_behind else text
    text = text.removeprefix(form.unit).removesuffix(form.unit).strip()
    words = "|".join(word for known in POWERS.values() for word in known)
    return re.sub(rf"(?<=\d)\s*({words})\.?$", "", text, flags=re.IGNORECASE) if form.scaled else text


def _made(model: TrainedModel) -> list[dict[str, Any]]:
    columns = {column.name: column for column in model.fitted.columns}
    return [
        {
            each.name: _cell(columns[each.name], each, row, place)
            for place, each in enumerate(model.fitted.inputs)
        }
        for row in range(ROWS)
    ]


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
