"""What is predicted: one of some classes, or a number. Each answers all that is asked of a target."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ann_tui.data.cells.parsed import ParsedColumn
from ann_tui.data.cells.values import Floats, Labels, Mask, Numbers, Values, read_values
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD, decided
from ann_tui.data.preparing.fitted_record import FittedRecord
from ann_tui.data.preparing.inaccurate import LabelRules, NumberRules
from ann_tui.data.preparing.scaling import MOST_UNSCALED, fit_scaler
from ann_tui.data.preparing.target_scale import TargetScale

Found = TypeVar("Found")
NO_RULES, NO_LIMITS = LabelRules({}, {}), NumberRules()
_SHOWN = 5


class Target(ABC):
    """The column that is predicted, as it was fitted on the training rows.

    A floor above that knows more about a target has a class for each of the two, and takes its own by `either`.
    """

    task: ClassVar[str]
    kind: ClassVar[ColumnKind]
    """How its cells are read."""
    stratified: ClassVar[bool]
    """Whether the split can give each part the same shares of its values."""

    name: str
    classes: tuple[str, ...]
    """In the order of their codes; () for a number."""
    form: str
    """The text of the `NumberForm` of a number's cells."""

    def read(self, cells: ParsedColumn | pd.Series[Any]) -> Values:
        """The cells of the target, of any rows."""
        return read_values(cells, self.kind, self.form)

    def without_spelling(self) -> Target:
        """The target without what only says how its cells may be written."""
        return self

    @property
    @abstractmethod
    def text(self) -> str:
        """The fitted target in words."""

    @property
    @abstractmethod
    def output_names(self) -> tuple[str, ...]:
        """What each unit of the output layer tells."""

    @abstractmethod
    def either(
        self, of_classes: Callable[[ClassTarget], Found], of_number: Callable[[NumberTarget], Found]
    ) -> Found:
        """What the function for this kind of target gives for it."""

    @abstractmethod
    def encode(self, values: Values) -> tuple[npt.NDArray[Any], Mask]:
        """What the network learns of cells (n,): class codes int64, or float32 numbers as they are learned.

        Also a mask, bool (n,), of the rows whose target is missing, unreadable, against a rule, or a class that
        training didn't have; their code is 0.
        """

    @abstractmethod
    def actual(self, values: Values, y: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What answers are compared with, (n,): class codes int64, or float64 numbers in their own unit.

        `y` is what `encode` gives for the same cells.
        """

    @abstractmethod
    def decode(self, outputs: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What is compared with `actual`, of a network's outputs: its probabilities (n, k), or float64 numbers (n,)."""

    @abstractmethod
    def answers(
        self, outputs: npt.NDArray[Any], threshold: float = DEFAULT_THRESHOLD
    ) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32] | None]:
        """What a person reads of a network's outputs: labels and their probabilities, or numbers and None.

        Two classes are told apart at `threshold`; see `decided`.
        """

    @abstractmethod
    def weight(self, y: npt.NDArray[Any]) -> npt.NDArray[np.float32] | None:
        """How much each row counts by its target, (n,); None where all weigh the same."""

    @abstractmethod
    def goal(self, training: Values) -> tuple[Floats, tuple[str, ...]]:
        """What target encoding takes the mean of, float64 (n, targets), for the training rows.

        The number as it is learned, and standardized if it isn't yet; 0/1 for the second of two classes; 0/1 for
        each of more classes, with their names.
        """

    @property
    @abstractmethod
    def record(self) -> dict[str, Any]:
        """The fields of a `FittedRecord` that it fills."""


@dataclass(frozen=True)
class ClassTarget(Target):
    """At least two `classes`, the rules for their labels, and their weights, () where all weigh the same."""

    task: ClassVar[str] = "classification"
    kind: ClassVar[ColumnKind] = ColumnKind.CATEGORY
    stratified: ClassVar[bool] = True

    name: str
    classes: tuple[str, ...]
    rules: LabelRules = NO_RULES
    weights: tuple[float, ...] = ()
    form: str = field(default="", init=False, repr=False)

    @classmethod
    def of(cls, record: FittedRecord) -> ClassTarget:
        """The target that a record is about."""
        return cls(record.target, record.classes, record.target_rules, record.class_weights)

    @property
    def record(self) -> dict[str, Any]:
        """The name, the classes, their rules and weights."""
        return {
            "task": self.task,
            "target": self.name,
            "target_kind": str(self.kind),
            "classes": self.classes,
            "target_rules": self.rules,
            "number_target": None,
            "class_weights": self.weights,
        }

    @property
    def text(self) -> str:
        """The first classes and their weights."""
        shown = ", ".join(self.classes[:_SHOWN]) + (", …" if len(self.classes) > _SHOWN else "")
        text = f"'{self.name}', {len(self.classes)} classes: {shown}"
        if self.weights:
            pairs = zip(self.classes[:_SHOWN], self.weights, strict=False)
            text += "; weights " + ", ".join(f"{label} {weight:.3g}" for label, weight in pairs)
        return text

    @property
    def output_names(self) -> tuple[str, ...]:
        """The probability of the second of two classes, or each class."""
        return (f"P({self.classes[1]})",) if len(self.classes) == 2 else self.classes

    def either(
        self, of_classes: Callable[[ClassTarget], Found], of_number: Callable[[NumberTarget], Found]
    ) -> Found:
        """What `of_classes` gives."""
        return of_classes(self)

    def encode(self, values: Values) -> tuple[npt.NDArray[Any], Mask]:
        """The codes of the classes."""
        assert isinstance(values, Labels)
        merged = self.rules.apply(values)
        place = {label: position for position, label in enumerate(self.classes)}
        codes = np.array([place.get(label, -1) for label in merged.labels] + [-1], dtype=np.int64)
        found = codes[merged.codes]
        missing = found < 0
        return np.where(missing, 0, found), missing

    def actual(self, values: Values, y: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The codes."""
        return y

    def decode(self, outputs: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The probabilities as they are."""
        return outputs

    def answers(
        self, outputs: npt.NDArray[Any], threshold: float = DEFAULT_THRESHOLD
    ) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32] | None]:
        """The label that is decided for in each row, object (n,), and all probabilities."""
        labels = np.array([*self.classes, None], dtype=object)[:-1]
        return labels[decided(outputs, threshold)], outputs

    def weight(self, y: npt.NDArray[Any]) -> npt.NDArray[np.float32] | None:
        """The weight of each row's class."""
        return np.array(self.weights, dtype=np.float32)[y] if self.weights else None

    def goal(self, training: Values) -> tuple[Floats, tuple[str, ...]]:
        """Whether a row is of the second class, or of each."""
        assert isinstance(training, Labels)
        merged = self.rules.apply(training)
        wanted = self.classes[1:] if len(self.classes) == 2 else self.classes
        codes = [merged.labels.index(label) for label in wanted]
        return np.column_stack([merged.codes == code for code in codes]).astype(np.float64), wanted


@dataclass(frozen=True)
class NumberTarget(Target):
    """A number, the scale on which it is learned, and the range that is possible."""

    task: ClassVar[str] = "regression"
    kind: ClassVar[ColumnKind] = ColumnKind.NUMBER
    stratified: ClassVar[bool] = False

    name: str
    scale: TargetScale
    limits: NumberRules = NO_LIMITS
    form: str = ""
    classes: tuple[str, ...] = field(default=(), init=False, repr=False)

    def without_spelling(self) -> NumberTarget:
        """The target whose numbers are digits alone."""
        return replace(self, form="")

    @classmethod
    def of(cls, record: FittedRecord) -> NumberTarget:
        """The target that a record is about."""
        assert record.number_target is not None
        return cls(record.target, record.number_target, record.target_limits, record.target_form)

    @property
    def record(self) -> dict[str, Any]:
        """The name, the scale and the range."""
        return {
            "task": self.task,
            "target": self.name,
            "target_kind": str(self.kind),
            "classes": (),
            "target_rules": NO_RULES,
            "number_target": self.scale,
            "class_weights": (),
            "target_limits": self.limits,
            "target_form": self.form,
        }

    @property
    def text(self) -> str:
        """The scale."""
        return f"'{self.name}', {self.scale.text}"

    @property
    def output_names(self) -> tuple[str, ...]:
        """The number itself."""
        return (self.name,)

    def either(
        self, of_classes: Callable[[ClassTarget], Found], of_number: Callable[[NumberTarget], Found]
    ) -> Found:
        """What `of_number` gives."""
        return of_number(self)

    def encode(self, values: Values) -> tuple[npt.NDArray[Any], Mask]:
        """The numbers as they are learned."""
        assert isinstance(values, Numbers)
        missing = values.missing | self.limits.broken(values)
        filled = np.where(missing, 0.0, values.values)
        learned = np.clip(self.scale.encode(filled), -MOST_UNSCALED, MOST_UNSCALED)
        return learned.astype(np.float32), missing

    def actual(self, values: Values, y: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The numbers of the cells, NaN where there is none."""
        assert isinstance(values, Numbers)
        return values.values

    def decode(self, outputs: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The numbers in their own unit."""
        return self.scale.decode(np.asarray(outputs, dtype=np.float64))

    def answers(
        self, outputs: npt.NDArray[Any], threshold: float = DEFAULT_THRESHOLD
    ) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32] | None]:
        """The numbers in their own unit; they have no probabilities."""
        return self.decode(outputs), None

    def weight(self, y: npt.NDArray[Any]) -> npt.NDArray[np.float32] | None:
        """None: all numbers weigh the same."""
        return None

    def goal(self, training: Values) -> tuple[Floats, tuple[str, ...]]:
        """The number on its standardized scale."""
        assert isinstance(training, Numbers)
        learned = self.scale.encode(training.values)
        if self.scale.scaler.method == "none":
            learned = fit_scaler("standard", learned).apply(learned)
        return learned.reshape(-1, 1), ()


TARGETS: dict[str, Callable[[FittedRecord], Target]] = {
    each.task: each.of for each in (ClassTarget, NumberTarget)
}
"""How a record of each task becomes a target."""
