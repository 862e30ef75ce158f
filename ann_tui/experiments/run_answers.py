"""What a run's network answered for its validation and test rows, and the file that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.atomic_file import atomic_file
from ann_tui.data.preparing.deciding import decided
from ann_tui.evaluation.answers import Answers
from ann_tui.training.checkpoint import decoded, encoded
from ann_tui.training.examples import TrainingError

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import Part, PreparedData
    from ann_tui.evaluation.evaluation import Evaluation, SplitName

FIELDS = ("lines", "actual", "given")
KEPT: tuple[SplitName, ...] = ("validation", "test")


def answers_of(
    evaluation: Evaluation, prepared: PreparedData, validation: NDArray[Any] | None
) -> dict[SplitName, Answers]:
    """The answers of a judged network on the parts that were kept from its training.

    `validation` is what `scoring.predict` gives for the validation rows, None where there are none.
    """
    found: dict[SplitName, Answers] = {}
    if validation is not None and len(prepared.validation.rows):
        outputs = evaluation.target.decode(validation)
        found["validation"] = _answers(evaluation, prepared, prepared.validation, outputs)
    # Rows of a second file are told by lines of that one.
    if evaluation.judged == "test" and not prepared.preparation.split.way.second_file:
        found["test"] = _answers(evaluation, prepared, prepared.test, evaluation.outputs)
    return found


def _answers(evaluation: Evaluation, prepared: PreparedData, part: Part, outputs: NDArray[Any]) -> Answers:
    classes = evaluation.classes
    given = decided(outputs, evaluation.threshold) if classes else np.asarray(outputs, np.float64)
    actual = np.asarray(part.actual, np.int64 if classes else np.float64)
    return Answers(prepared.table.lines[part.rows].astype(np.int64), actual, given, classes)


def write_answers(answers: Mapping[SplitName, Answers], path: Path) -> None:
    """Write them into a file, whole or not at all. Raises OSError."""
    state: dict[str, Any] = {}
    for name, each in answers.items():
        state |= {f"{name}.{field}": getattr(each, field) for field in FIELDS}
        state["classes"] = list(each.classes)
    with atomic_file(path) as file:
        file.write(encoded(state))


def read_answers(path: Path) -> dict[SplitName, Answers]:
    """The inverse of `write_answers`; {} where there is no such file, or it can't be read."""
    try:
        state = decoded(path.read_bytes())
        classes = tuple(map(str, state.get("classes", ())))
        return {
            name: Answers(
                **{field: np.asarray(state[f"{name}.{field}"]) for field in FIELDS}, classes=classes
            )
            for name in KEPT
            if f"{name}.lines" in state
        }
    except (OSError, TrainingError, KeyError, TypeError):
        return {}
