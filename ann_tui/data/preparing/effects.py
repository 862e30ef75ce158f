"""What each step of a preparation did, in sentences with the fitted numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from ann_tui.data.cells.values import Floats, Numbers, Rows, Values, written_number
from ann_tui.data.choices.imputations import MISSING_CATEGORY, MISSING_NUMBER
from ann_tui.data.choices.outliers import OUTLIER_ACTIONS, OUTLIERS
from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.splits import split_for
from ann_tui.data.preparing.columns import Column, DateColumn, LabelColumn, NumberColumn, TextColumn
from ann_tui.data.preparing.encoding import Matrix
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.left_out import summed
from ann_tui.data.preparing.outliers import Fence
from ann_tui.data.preparing.transform_report import SAMPLES, Change, Effect, TransformReport

BINS = 12
_SAMPLED = 10_000
_SHOWN_FEATURES = 8


class PartRows(Protocol):
    """The rows and the matrix of one part of the split."""

    @property
    def rows(self) -> Rows:
        """Positions in the table."""

    @property
    def x(self) -> Matrix:
        """The matrix."""


def effects_of(
    fitted: FittedPreparation,
    preparation: Preparation,
    reports: Sequence[TransformReport],
    values: Mapping[str, Values],
    parts: Sequence[PartRows],
    set_aside: Sequence[tuple[int, str]],
    notes: Sequence[Effect],
) -> tuple[Effect, ...]:
    """One effect for each step and column that did something, in the order of the work.

    `reports` and `parts` are of training, validation and test rows; `values` the cells of the table; `notes` tell
    why a column gives no feature.
    """
    effects = [_split_effect(fitted, preparation, parts)]
    for reason, count in summed(reason for _, reason in set_aside).items():
        text = f"{count:,} row{'' if count == 1 else 's'} left out: {reason}"
        effects.append(Effect(_step_of(reason), None, count, 0, text))
    effects += notes
    rows = parts[0].rows
    sampled = rows[:: max(1, -(-len(rows) // _SAMPLED))]
    stages = _Stages(fitted, {column.name: values[column.name].take(sampled) for column in fitted.columns})
    for column, start in fitted.starts():
        effects += _cleaning_effects(column, reports, fitted.training_rows, stages)
        out = parts[0].x[:, start : start + len(column.feature_names)]
        effects.append(_matrix_effect(column, values[column.name], rows, out, fitted.training_rows, stages))
    target, used = fitted.target, fitted.training_rows
    return (*effects, Effect("target", target.name, used, used, target.text, fitted_on=used))


class _Stages:
    """The numbers of sampled training rows before and after each step, for histograms."""

    def __init__(self, fitted: FittedPreparation, sampled: Mapping[str, Values]) -> None:
        ignored = TransformReport()
        self.read = sampled
        self.cleaned: dict[str, Floats] = {
            column.name: column.clean(sampled[column.name], ignored)
            for column in fitted.columns
            if isinstance(column, NumberColumn)
        }
        self.guesses = fitted.guesses(self.cleaned)

    def histograms(self, step: str, column: Column) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Counts in 12 bins before and after a step; over the range before it, but for scaling."""
        if not isinstance(column, NumberColumn):
            return (), ()
        read = self.read[column.name]
        assert isinstance(read, Numbers)
        cleaned = self.cleaned[column.name]
        filled = column.filled(cleaned, self.guesses.get(column.name))
        if step == "scaling":
            return _histogram(filled, filled), _histogram(*[column.scaler.apply(filled)] * 2)
        before = cleaned if step == "missing" else read.values
        after = filled if step == "missing" else cleaned
        return _histogram(before, before), _histogram(after, before)


def _histogram(numbers: Floats, span: Floats) -> tuple[int, ...]:
    known = span[~np.isnan(span)]
    if not len(known):
        return ()
    low, high = float(known.min()), float(known.max())
    inside = numbers[(numbers >= low) & (numbers <= high)]
    # Below the smallest normal number a range has no room for so many bins.
    if not high - low > max(1e-9 * max(abs(low), abs(high)), BINS * np.finfo(np.float64).tiny):
        return (len(inside),)
    return tuple(int(count) for count in np.histogram(inside, BINS, (low, high))[0])


def _split_effect(fitted: FittedPreparation, preparation: Preparation, parts: Sequence[PartRows]) -> Effect:
    split = preparation.split
    training, validation, test = (len(part.rows) for part in parts)
    by = f" by '{split.column}'" if split.column and "column" in split.way.asks else ""
    method = split_for(split.method, fitted.target.stratified).name
    seed = f", seed {split.seed}" if split.way.seeded else ""
    text = f"{method}{by}{seed}: {training:,} training, {validation:,} validation, {test:,} test rows"
    return Effect("split", None, training + validation + test, 0, text)


def _step_of(reason: str) -> str:
    if "target" in reason or "class" in reason:
        return "target"
    if "outlier" in reason:
        return "outliers"
    return "missing" if "missing" in reason else "inaccurate"


def _cleaning_effects(
    column: Column, reports: Sequence[TransformReport], training_rows: int, stages: _Stages
) -> list[Effect]:
    name = column.name
    effects: list[Effect] = []

    def add(
        step: str,
        changes: list[Mapping[str, Change]],
        text: str,
        fitted: bool,
        always: bool = False,
        again: int = 0,
    ) -> None:
        change = sum((each[name] for each in changes if name in each), Change(0))
        if change.cells or always:
            before, after = stages.histograms(step, column)
            effects.append(
                Effect(
                    step,
                    name,
                    change.cells,
                    change.cells,
                    text.format(cells=f"{change.cells:,} cell{'' if change.cells == 1 else 's'}"),
                    change.before,
                    change.after,
                    training_rows if fitted else None,
                    before,
                    after,
                    again,
                )
            )

    add(
        "inaccurate", [each.unparseable for each in reports], "{cells} can't be read: taken as missing", False
    )
    rule = _braces(_rule(column))
    add(
        "inaccurate",
        [each.inaccurate for each in reports],
        "{cells} against " + rule + ": taken as missing",
        False,
    )
    add("inaccurate", [each.merged for each in reports], "{cells} merged into another label", True)
    if isinstance(column, NumberColumn) and column.fence is not None:
        add("outliers", [each.outliers for each in reports], _fence_text(column.fence), True, always=True)
    if not isinstance(column, TextColumn):
        again = sum(each.taken_as_missing.get(name, 0) for each in reports)
        text = _braces(_fill_text(column)) + " in {cells}"
        add("missing", [each.imputed for each in reports], text, True, again=again)
    return effects


def _braces(text: str) -> str:
    """A text that stays as it is when it is formatted."""
    return text.replace("{", "{{").replace("}", "}}")


def _rule(column: Column) -> str:
    if isinstance(column, NumberColumn):
        low, high = column.rules.minimum, column.rules.maximum
        return f"the range {'…' if low is None else f'{low:g}'} to {'…' if high is None else f'{high:g}'}"
    return "the allowed labels"


def _fence_text(fence: Fence) -> str:
    usual = f"{fence.method}: usual from {fence.lower:.4g} to {fence.upper:.4g}"
    if OUTLIERS[fence.method].isolate is not None:
        usual = f"{fence.method}: rows kept range from {fence.lower:.4g} to {fence.upper:.4g}"
    if fence.leaves_out:
        return f"{usual}, training rows outside are left out"
    return f"{usual}, {{cells}} {OUTLIER_ACTIONS[fence.action].done}"


def _fill_text(column: NumberColumn | DateColumn | LabelColumn) -> str:
    if isinstance(column, LabelColumn):
        return f"{MISSING_CATEGORY[column.missing].done} '{column.fill}'"
    fill = MISSING_NUMBER[column.missing]
    filled = written_number(column.fill, isinstance(column, DateColumn))
    return fill.done if fill.model else f"{fill.done} {filled}"


def _matrix_effect(
    column: Column, values: Values, rows: Rows, out: Matrix, training_rows: int, stages: _Stages
) -> Effect:
    first = rows[:SAMPLES]
    before = tuple(values.written(int(row)) for row in first)
    after = tuple(_features(out[place]) for place in range(len(first)))
    step = "scaling" if isinstance(column, NumberColumn) else "encoding"
    return Effect(
        step,
        column.name,
        training_rows,
        training_rows,
        _matrix_text(column),
        before,
        after,
        None if isinstance(column, TextColumn) else training_rows,
        *stages.histograms(step, column),
    )


def _matrix_text(column: Column) -> str:
    if isinstance(column, NumberColumn):
        same = ": the same in every training row, so it tells nothing"
        end = same if column.smallest == column.largest and not column.had_missing else ""
        bins = "" if column.bins is None else f", and {column.bins.text}"
        return f"{column.scaler.method}: {column.scaler.text}{bins}{end}"
    if isinstance(column, DateColumn):
        return f"date as {', '.join(part.part for part in column.parts)}"
    return column.hashing.text if isinstance(column, TextColumn) else column.encoder.text


def _features(cells: Matrix) -> str:
    more = " …" if len(cells) > _SHOWN_FEATURES else ""
    return " ".join(f"{cell:.3g}" for cell in cells[:_SHOWN_FEATURES]) + more
