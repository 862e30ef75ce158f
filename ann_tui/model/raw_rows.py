"""A saved model in Python: its answers for a pandas frame of raw columns are those of `ann-tui predict`."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.preparing.columns import LabelColumn, TextColumn
from ann_tui.model.cell_reading import CellReader
from ann_tui.model.storage import load_model

if TYPE_CHECKING:
    import pandas as pd

    from ann_tui.model.trained_model import Predictions, TrainedModel


class SavedModel:
    """What `ann_tui.load` gives: a model that takes raw rows, with their gaps and words, in a pandas frame.

    The columns may stand in any order, typed or as text; the target is not needed, and columns that the model does not
    know are ignored. The same cells get the same answer, to the last bit, as in a file; for cells that can't be read
    and are taken as missing, a UserWarning says how many.
    """

    def __init__(self, model: TrainedModel, decimal: str = ".") -> None:
        """Raises ValueError for a decimal sign other than a point or a comma."""
        if decimal not in (".", ","):
            raise ValueError(f"decimal sign {decimal!r}: choose '.' or ','")
        self._model, self._decimal = model, decimal
        self._words = {
            column.name for column in model.fitted.columns if isinstance(column, LabelColumn | TextColumn)
        }

    def __repr__(self) -> str:
        told = f"{len(self.classes)} classes" if self.classes else "a number"
        return f"<ann-tui model of {self.target!r}, {told}, from {', '.join(map(repr, self.columns))}>"

    @property
    def target(self) -> str:
        """The column that is predicted."""
        return self._model.target

    @property
    def columns(self) -> tuple[str, ...]:
        """The raw columns that it needs."""
        return tuple(column.name for column in self._model.fitted.columns)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in the order of the probabilities; () for a number."""
        return self._model.classes

    @property
    def threshold(self) -> float:
        """With two classes the second is the answer where its probability is above it."""
        return self._model.threshold

    def predict(self, frame: pd.DataFrame, *, threshold: float | None = None) -> NDArray[Any]:
        """Class labels, object (n,), or numbers in the target's own unit, float64 (n,).

        `threshold`, between 0 and 1, stands in for the model's. Raises ValueError with one line where a column is
        missing or there twice, or for a threshold that can't be, and TypeError for what is no frame.
        """
        return self._answers(self._model.at(_checked(threshold)), frame).values

    def predict_proba(self, frame: pd.DataFrame) -> NDArray[np.float32]:
        """The probability of each of `classes`, float32 (n, classes).

        Raises ValueError with one line where a column is missing or there twice, or where the model predicts a number,
        and TypeError for what is no frame.
        """
        if not self.classes:
            raise ValueError(f"the model predicts the number {self.target!r}, which has no probabilities")
        found = self._answers(self._model, frame).probabilities
        assert found is not None
        return found

    def _answers(self, model: TrainedModel, frame: pd.DataFrame) -> Predictions:
        self._check(frame)
        cells = frame.apply(self._as_cells) if len(frame.columns) else frame
        found = model.predict(CellReader(model.fitted, model.source, self._decimal).frame(cells))
        unread = {column: change for column, change in found.report.unparseable.items() if change.cells}
        if unread:
            told = "; ".join(
                f"{column}: {change.cells:,} ({', '.join(change.before)}{', …' * (change.cells > len(change.before))})"
                for column, change in unread.items()
            )
            warnings.warn(f"cells that can't be read are taken as missing: {told}", UserWarning, stacklevel=3)
        return found

    def _check(self, frame: object) -> None:
        """Raise TypeError or ValueError, with one line, for what is no frame of single columns."""
        import pandas as pd

        if not isinstance(frame, pd.DataFrame):
            kind = type(frame).__name__
            raise TypeError(
                f"give a pandas DataFrame with the raw columns, not {kind}: {', '.join(self.columns)}"
            )
        twice = frame.columns[frame.columns.duplicated()]
        if len(known := [str(name) for name in twice if name in self.columns]):
            raise ValueError(f"the column {known[0]!r} is there more than once: name each column once")

    def _as_cells(self, column: pd.Series[Any]) -> pd.Series[Any]:
        """The column as a reader of files gives it: texts as objects, and whole numbers that are words without .0."""
        import pandas as pd

        kinds = pd.api.types
        if column.name in self._words and kinds.is_float_dtype(column.dtype):
            known = column.dropna()
            if (known == known.round()).all() and (known.abs() < 1e15).all():
                column = column.astype("Int64").astype(object)
                return column.map(lambda cell: None if cell is pd.NA else str(cell)).astype(object)
        typed = kinds.is_numeric_dtype(column.dtype) or kinds.is_datetime64_any_dtype(column.dtype)
        return column if typed or kinds.is_bool_dtype(column.dtype) else column.astype(object)


def _checked(threshold: object) -> float | None:
    """A threshold, or None. Raises TypeError or ValueError with one line."""
    if threshold is None:
        return None
    if isinstance(threshold, bool) or not isinstance(threshold, int | float | np.integer | np.floating):
        raise TypeError(f"the threshold is a number between 0 and 1, not {type(threshold).__name__}")
    if not 0 < threshold < 1:
        raise ValueError(f"threshold {threshold}: choose a number between 0 and 1")
    return float(threshold)


def load(path: str | Path, *, decimal: str = ".") -> SavedModel:
    """The model of a `.ann` file, for frames whose texts have this decimal sign.

    Raises ModelError, a ValueError, with one line for everything that is none.
    """
    return SavedModel(load_model(path), decimal)
