"""A fitted preparation as a model file keeps it."""

from __future__ import annotations

import msgspec

from ann_tui.data.choices.number_form import MIXED_FORM, NumberForm
from ann_tui.data.preparing.checks import check, check_distinct, check_finite
from ann_tui.data.preparing.columns import Column, NumberColumn
from ann_tui.data.preparing.inaccurate import LabelRules, NumberRules
from ann_tui.data.preparing.input_column import InputColumn
from ann_tui.data.preparing.multivariate_imputation import Chain, Neighbours
from ann_tui.data.preparing.target_scale import TargetScale


class FittedRecord(msgspec.Struct, frozen=True):
    """The parts of a `FittedPreparation`, with those of its target beside the others.

    `classes` is () for a number target, `number_target` None for classes; `class_weights` is () where all weigh the
    same. `target_form` is the text of the `NumberForm` of a number target.
    """

    task: str
    target: str
    target_kind: str
    classes: tuple[str, ...]
    training_rows: int
    inputs: tuple[InputColumn, ...]
    columns: tuple[Column, ...]
    target_rules: LabelRules
    number_target: TargetScale | None
    class_weights: tuple[float, ...]
    neighbours: Neighbours | None = None
    chain: Chain | None = None
    target_limits: NumberRules = NumberRules()
    target_form: str = MIXED_FORM.text

    def __post_init__(self) -> None:
        """Checks that the parts belong together. Raises ValueError."""
        is_number = self.number_target is not None
        check(self.task == ("regression" if is_number else "classification"), "task and target don't match")
        check(is_number != (len(self.classes) >= 2), "a class target needs two classes, a number none")
        check_distinct("class", self.classes)
        check_distinct("column", (*(column.name for column in self.columns), self.target))
        check(self.target_kind == ("number" if is_number else "category"), "the target's kind is unknown")
        check(len(self.class_weights) in (0, len(self.classes)), "a class weight is missing")
        check_finite(*self.class_weights)
        NumberForm.of(self.target_form)
        check(all(weight >= 0 for weight in self.class_weights), "a class weight is negative")
        numbers = {column.name for column in self.columns if isinstance(column, NumberColumn)}
        for model in (self.neighbours, self.chain):
            known = model is None or set(model.columns) <= numbers
            check(known, "an imputation names a column that isn't there")
