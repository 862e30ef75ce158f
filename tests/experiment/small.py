"""A small table, experiments on it that are quickly run, and all that came of a run in a comparable form."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.preparing.prepare import PreparedData
from ann_tui.evaluation.answers import Answers
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.experiments.derived import LoadedData, load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run_result import RunResult
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan


def shells(folder: Path, rows: int = 60) -> Path:
    """A file with two numbers that have gaps, a category, a text of its own for each row, and two classes."""
    rng = np.random.default_rng(0)
    path = folder / "shells.csv"
    lines = ["length,width,colour,note,kind"]
    for row in range(rows):
        kind = "ab"[row % 2]
        length = "" if row % 11 == 5 else f"{rng.normal(row % 2):.3f}"
        width = "" if row % 13 == 7 else f"{rng.normal():.3f}"
        lines.append(f"{length},{width},{('red', 'blue', 'grey')[row % 3]},a remark on shell no {row},{kind}")
    path.write_text("\n".join(lines) + "\n")
    return path


def small_experiment(path: Path, *, preparation: Preparation | None = None, **plan: Any) -> Experiment:
    """Two epochs of a network of four units."""
    return Experiment(
        Source(str(path), target="kind"),
        preparation or Preparation(),
        NetworkDesign.from_text("4 relu"),
        TrainingPlan(**({"epochs": 2, "batch": 8} | plan)),
    )


def prepared_anew(experiment: Experiment, data: LoadedData | None = None) -> PreparedData:
    """The prepared data, which nobody else holds."""
    return prepare_experiment(experiment, data or load(experiment.source))


def facts(result: RunResult) -> dict[str, Any]:
    """All that came of a run, but for what the clock said."""
    found = {each.name: getattr(result, each.name) for each in fields(result)}
    found |= {
        "fitted": result.fitted.to_dict(),
        "network": (result.network.weights.tobytes(), result.network.statistics.tobytes()),
        "snapshot": (result.snapshot.state, result.snapshot.message, result.snapshot.epoch),
        "history": [replace(row, seconds=0.0) for row in result.snapshot.history],
        "known_rows": (result.known_rows.digests.tobytes(), result.known_rows.one_in),
        "answers": {name: as_bytes(each) for name, each in result.answers.items()},
        "newest": None if result.newest is None else result.newest.weights.tobytes(),
        "evaluation": None if result.evaluation is None else judgement(result.evaluation),
    }
    return found


def as_bytes(answers: Answers) -> tuple[object, ...]:
    """Answers in a form that can be compared."""
    return answers.lines.tobytes(), answers.actual.tobytes(), answers.given.tobytes(), answers.classes


def judgement(evaluation: Evaluation) -> dict[str, Any]:
    """A judgement, its arrays as bytes."""
    found = {each.name: getattr(evaluation, each.name) for each in fields(evaluation)}
    confusion = evaluation.confusion
    found["confusion"] = None if confusion is None else (confusion.labels, confusion.counts.tolist())
    found["answered"] = {
        name: (one.actual.tobytes(), one.outputs.tobytes()) for name, one in evaluation.answered.items()
    }
    found["baselines"] = [
        (one.name, one.metrics, one.difference, None if one.answers is None else one.answers.tobytes())
        for one in evaluation.baselines
    ]
    if (linear := evaluation.linear_on_validation) is not None:
        found["linear_on_validation"] = linear.name, linear.answers.tobytes()
    if (doubts := evaluation.doubts) is not None:
        found["doubts"] = (doubts.repeats.tobytes(), doubts.unknown_class, doubts.findings, doubts.costs)
    return {
        name: value.tobytes() if isinstance(value, np.ndarray) else value for name, value in found.items()
    }
