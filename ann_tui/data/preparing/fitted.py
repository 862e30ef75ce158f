"""A fitted preparation: plain numbers and words that turn new rows into the network's matrix."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeGuard

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.dates import in_form
from ann_tui.data.cells.values import (
    Floats,
    Labels,
    Mask,
    Numbers,
    Rows,
    Values,
    read_values,
)
from ann_tui.data.choices.imputations import MISSING_NUMBER
from ann_tui.data.choices.preparation import PreparationError
from ann_tui.data.preparing.checks import check, check_finite
from ann_tui.data.preparing.columns import Column, DateColumn, LabelColumn, NumberColumn, TextColumn
from ann_tui.data.preparing.imputation import Chain, Neighbours, guesses
from ann_tui.data.preparing.inaccurate import LabelRules, NumberRules
from ann_tui.data.preparing.number_target import NumberTarget
from ann_tui.data.preparing.transform_report import TransformReport

Matrix = npt.NDArray[np.float32]

CATEGORIES = 200
"""How many categories at most an input column lists."""


class InputColumn(msgspec.Struct, frozen=True):
    """A raw feature as a form for one new row needs it.

    `typical` is the median or most frequent training value as text; `minimum`, `maximum` and `step` (a
    sensible change by one key) are for numbers, None otherwise; `categories` the labels of training, most
    frequent first.
    """

    name: str
    kind: str
    typical: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    categories: tuple[str, ...] = ()


class FittedPreparation(msgspec.Struct, frozen=True):
    """Everything that was fitted on the training rows; see `transform`.

    `classes` is () for a number target; `neighbours` and `chain` are for number columns that others help
    to impute. `training_rows` is the number of rows that every statistic comes from. `class_weights` is
    () where all weigh the same.
    """

    task: str
    target: str
    target_kind: str
    classes: tuple[str, ...]
    training_rows: int
    inputs: tuple[InputColumn, ...]
    columns: tuple[Column, ...]
    target_rules: LabelRules
    number_target: NumberTarget | None
    class_weights: tuple[float, ...]
    neighbours: Neighbours | None = None
    chain: Chain | None = None
    target_limits: NumberRules = NumberRules()

    def __post_init__(self) -> None:
        """Checks that the parts belong together. Raises ValueError."""
        is_number = self.number_target is not None
        check(self.task == ("regression" if is_number else "classification"), "task and target don't match")
        check(is_number != (len(self.classes) >= 2), "a class target needs two classes, a number none")
        check(self.target_kind == ("number" if is_number else "category"), "the target's kind is unknown")
        check(len(self.class_weights) in (0, len(self.classes)), "a class weight is missing")
        check_finite(*self.class_weights)
        numbers = {column.name for column in self.columns if isinstance(column, NumberColumn)}
        for model in (self.neighbours, self.chain):
            known = model is None or set(model.columns) <= numbers
            check(known, "an imputation names a column that isn't there")

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The name of each column of the matrix, such as "island=Dream"."""
        return tuple(name for column in self.columns for name in column.feature_names)

    @property
    def feature_origins(self) -> tuple[str, ...]:
        """For each column of the matrix, the raw column that it comes from."""
        return tuple(column.name for column in self.columns for _ in column.feature_names)

    def starts(self) -> Iterator[tuple[Column, int]]:
        """Each fitted column with the position of its first feature in the matrix."""
        start = 0
        for column in self.columns:
            yield column, start
            start += len(column.feature_names)

    def transform(self, frame: pd.DataFrame) -> tuple[Matrix, TransformReport]:
        """The matrix of new rows, float32 (n, len(feature_names)), C-contiguous, without NaN or infinity.

        The frame may hold texts as written in a file, or typed columns, in any order. Raises
        PreparationError when a column is missing.
        """
        absent = [column.name for column in self.columns if column.name not in frame.columns]
        if absent:
            shown = ", ".join(f"'{name}'" for name in absent)
            one = len(absent) == 1
            raise PreparationError(
                f"the column{'' if one else 's'} {shown} {'is' if one else 'are'} missing: "
                f"the network was trained with {'it' if one else 'them'}"
            )
        known = {column.name for column in self.columns} | {self.target}
        ignored = tuple(str(name) for name in frame.columns if name not in known)
        return self.matrix(lambda column: column.read(frame[column.name]), len(frame), ignored)

    def matrix(
        self,
        read: Callable[[Column], Values],
        rows: int,
        ignored: tuple[str, ...] = (),
        guessed: Mapping[str, Floats] | None = None,
    ) -> tuple[Matrix, TransformReport]:
        """The matrix of cells that `read` gives for each column; see `transform`.

        `guessed` is what `guesses` would give for these rows, where that is known already.
        """
        report = TransformReport(rows=rows, ignored=ignored)
        cleaned = {
            column.name: column.clean(read(column), report)
            for column in self.columns
            if self._is_shared(column)
        }
        if guessed is None:
            guessed = self.guesses(cleaned)
        x = np.empty((rows, len(self.feature_names)), dtype=np.float32)
        for column, start in self.starts():
            out = x[:, start : start + len(column.feature_names)]
            if isinstance(column, NumberColumn) and column.name in cleaned:
                column.write_cleaned(cleaned[column.name], out, report, guessed.get(column.name))
            else:
                column.write(read(column), out, report)
        return x, report

    def guesses(self, cleaned: Mapping[str, Floats]) -> dict[str, Floats]:
        """The numbers of the columns that other columns help to impute, with guesses where they were NaN."""
        found: dict[str, Floats] = {}
        for model, kind in ((self.neighbours, "neighbours"), (self.chain, "chain")):
            if model is not None:
                wanted = [
                    column.name
                    for column in self.columns
                    if isinstance(column, NumberColumn) and MISSING_NUMBER[column.missing].model == kind
                ]
                found |= guesses(model, wanted, cleaned)
        return found

    def _is_shared(self, column: Column) -> TypeGuard[NumberColumn]:
        return isinstance(column, NumberColumn) and (self.neighbours is not None or self.chain is not None)

    def encode_target(self, values: pd.Series | Sequence[object]) -> tuple[npt.NDArray[Any], Mask]:
        """The target of new rows: class codes int64 (n,), or a number as it is learned, float32 (n,).

        Also a mask, bool (n,), of the rows whose target is missing, unreadable, or a class that training
        didn't have; their code is 0.
        """
        cells = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
        return self.encode_values(read_values(cells, self.target_kind))

    def encode_values(self, values: Values) -> tuple[npt.NDArray[Any], Mask]:
        """The target of cells that are already read; see `encode_target`."""
        if isinstance(values, Numbers):
            assert self.number_target is not None
            missing = values.missing | self.target_limits.broken(values)
            filled = np.where(missing, 0.0, values.values)
            return self.number_target.encode(filled).astype(np.float32), missing
        codes = self._class_codes(values)
        missing = codes < 0
        return np.where(missing, 0, codes), missing

    def _class_codes(self, values: Labels) -> Rows:
        merged = self.target_rules.apply(values)
        place = {label: position for position, label in enumerate(self.classes)}
        codes = np.array([place.get(label, -1) for label in merged.labels] + [-1], dtype=np.int64)
        return codes[merged.codes]

    def decode_number(self, outputs: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Numbers in the target's own unit, float64 (n,), of the network's outputs (n,)."""
        given = np.asarray(outputs, dtype=np.float64)
        if self.number_target is None:
            raise PreparationError(f"the target '{self.target}' is a class, not a number")
        return self.number_target.decode(given)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, texts and numbers; JSON keeps them exactly."""
        plain = msgspec.to_builtins(self)
        assert isinstance(plain, dict)
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> FittedPreparation:
        """The inverse of `to_dict`, bit for bit. Raises PreparationError when the dict isn't such a one."""
        try:
            return msgspec.convert(dict(plain), cls)
        except msgspec.ValidationError as error:
            raise PreparationError(f"this is no fitted preparation: {error}") from None


def input_column(column: Column, values: Values) -> InputColumn:
    """Describes a raw feature by its training values."""
    if isinstance(column, TextColumn):
        return InputColumn(column.name, column.kind, "")
    if isinstance(column, LabelColumn):
        assert isinstance(values, Labels)
        cleaned = column.rules.apply(values)
        counts = cleaned.counts()
        order = [int(code) for code in np.argsort(-counts, kind="stable") if counts[code]]
        labels = tuple(cleaned.labels[code] for code in order[:CATEGORIES])
        return InputColumn(column.name, column.kind, labels[0], categories=labels)
    assert isinstance(values, Numbers)
    if isinstance(column, DateColumn):
        middle = float(np.percentile(values.values[~values.missing], 50, method="nearest"))
        return InputColumn(column.name, column.kind, in_form(middle, column.form))
    usable = values.values[~values.missing & ~column.rules.broken(values)]
    middle = float(np.percentile(usable, 50, method="nearest"))
    step = _step(usable, column.largest - column.smallest)
    return InputColumn(column.name, column.kind, f"{middle:.6g}", column.smallest, column.largest, step)


def _step(known: Floats, span: float) -> float:
    """1, 2 or 5 times a power of ten, about a hundredth of the span; at least 1 for whole numbers."""
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / 100))
    step = next((power * factor for factor in (1.0, 2.0, 5.0) if span / (power * factor) <= 100), power * 10)
    return max(step, 1.0) if np.all(np.mod(known, 1) == 0) else step
