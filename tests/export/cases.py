"""A small table of every kind of column, experiments on it, and scripts that are run in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ann_tui.data.choices.preparation import CHOICES, ColumnPreparation
from ann_tui.data.choices.source import Source
from ann_tui.data.preparing.prepare import PreparedData
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.experiments.run_result import RunResult
from ann_tui.export.code_text import assembled
from ann_tui.export.first_step import first_step
from ann_tui.export.preparation_helpers import HELPERS, IMPORTS
from ann_tui.export.source_rows import parts_file, rows_code
from ann_tui.export.writing import write_model
from ann_tui.model.trained_model import TrainedModel
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan

INSTALLED = [name for name, module in (("pytorch", "torch"), ("keras", "keras")) if find_spec(module)]
"""The frameworks that can be tried here, beside scikit-learn."""

ROWS = 150
WORDS = "red green blue"
KINDS = {"made": "date", "note": "text", "code": "category"}


def write_table(folder: Path) -> Path:
    """Numbers with gaps and outliers, words with rare ones, yes and no, dates, texts; targets of all three kinds."""
    random = np.random.default_rng(0)
    width, height = random.normal(10, 3, ROWS).round(9), random.lognormal(1, 1, ROWS).round(9)
    colour = random.choice(WORDS.split(), ROWS, p=[0.5, 0.3, 0.2]).astype(object)
    colour[[3, 77]], colour[5] = "rare grey", "Red"
    frame = pd.DataFrame(
        {
            "width": width,
            "height": height,
            "depth": random.uniform(0, 50, ROWS).round(9),
            "colour": colour,
            "code": random.choice(["10", "9", "007", "A"], ROWS),
            "ok": random.choice(["yes", "no"], ROWS),
            "made": pd.to_datetime("2020-01-01") + pd.to_timedelta(random.integers(0, 900, ROWS), "D"),
            "note": [" ".join(random.choice(["a", "good", "bad", "day", "night"], 4)) for _ in range(ROWS)],
            "amount": (2 * width + height + random.normal(0, 1, ROWS)).round(3).clip(0),
            "size": np.where(width + random.normal(0, 1, ROWS) > 10, "large", "small"),
            "grade": pd.cut(width, [-100, 9, 12, 100], labels=["low", "middle", "top"]),
        }
    )
    for place, name in enumerate(("width", "height", "colour", "ok", "made")):
        frame.loc[random.choice(ROWS, 9, replace=False) + place * 0, name] = None
    path = folder / "things.csv"
    frame.to_csv(path, index=False)
    return path


TOLERANCE = 3e-5
"""What float32 leaves of a number of a few units."""

OPTIONS = [(field, option) for field, known in CHOICES.items() for option in known]
"""Each option of a preparation."""

TOGETHER: list[dict[str, Any]] = [
    {"indicator": True, "encoding": "binary"},
    {"outliers": "iqr", "outlier_action": "mark missing", "indicator": True},
    {"outliers": "z-score"},
    {"number_encoding": "piecewise linear", "scaling": "quantile", "indicator": True},
    {"number_encoding": "piecewise linear", "scaling": "smooth clip"},
    {"encoding": "ordinal", "scaling": "robust", "merge_labels": True},
    {"dates": "number"},
    {"missing_number": "knn", "indicator": True},
]
"""Several at once."""

TARGETS = {"number": "amount", "binary": "size", "multiclass": "grade"}


def experiment(
    table: Path,
    kind: str = "multiclass",
    *,
    preparation: Mapping[str, Any] = {},
    design: Mapping[str, Any] = {},
    plan: Mapping[str, Any] = {},
    layers: str = "6 relu",
    columns: Mapping[str, ColumnPreparation] = {},
) -> Experiment:
    """An experiment with one of the targets of the table, the others left out."""
    target = TARGETS[kind]
    source = Source(
        str(table),
        target=target,
        kinds=KINDS,
        excluded=tuple(name for name in TARGETS.values() if name != target),
        included=("note", "code"),
    )
    found = Experiment(source, design=NetworkDesign.from_text(layers))
    return replace(
        found,
        preparation=replace(found.preparation, columns=dict(columns), **preparation),
        design=replace(found.design, **design),
        plan=replace(TrainingPlan(epochs=3, early_stopping=False), **plan),
    )


def prepared(found: Experiment) -> PreparedData:
    """Its rows."""
    return prepare_experiment(found, load(found.source))


def trained(found: Experiment, *, epochs: int | None = None) -> tuple[TrainedModel, RunResult]:
    """What came of a short training."""
    if epochs is not None:
        found = replace(found, plan=replace(found.plan, epochs=epochs))
    run = Run(found, prepared(found))
    run.train()
    run.judge()
    return TrainedModel.from_result(run.result()), run.result()


def run_script(path: Path, code: str | None = None, **given: Any) -> dict[str, Any]:
    """The names that a script defines, which knows the `given` ones; it does not know that it is not run by itself."""
    names: dict[str, Any] = {"__file__": str(path), "__name__": "script", **given}
    exec(compile(code or path.read_text(encoding="utf-8"), str(path), "exec"), names)
    return names


def inputs_of(made: PreparedData, part: str) -> np.ndarray[Any, Any]:
    """What the network sees of the rows of a part, bins included."""
    from ann_tui.network.input_bins import InputBins

    x = getattr(made, part).x
    if not made.fitted.scaled_edges:
        return np.asarray(x)
    bins = InputBins(made.fitted.scaled_edges)
    seen = np.empty((len(x), len(bins)), np.float32)
    bins.write(x, seen)
    return np.hstack([x, seen])


def farthest(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    """How far apart two matrices are, whose columns may stand in another order."""
    assert one.shape == other.shape
    free, worst = set(range(one.shape[1])), 0.0
    for column in one.T:
        near = {place: float(np.abs(other[:, place] - column).max()) for place in free}
        best = min(near, key=lambda place: near[place])
        free.remove(best)
        worst = max(worst, near[best])
    return worst


def step_of(found: Experiment, folder: Path) -> tuple[dict[str, Any], Any]:
    """What step 1 of its script makes, and what the app does."""
    made = prepared(found)
    (folder / "things.parts.csv").write_bytes(parts_file(made))
    rows = rows_code(made, folder, "things")
    if rows.copy is not None:
        (folder / "things.rows.csv").write_bytes(rows.copy)
    step = first_step(made, rows, seed=0, raw_target=False)
    code = assembled("Step 1.", [("1", step.code)], HELPERS, IMPORTS, step.before)
    return run_script(folder / "script.py", code), made


def check(found: Experiment, folder: Path, tolerance: float = TOLERANCE) -> None:
    names, made = step_of(found, folder)
    for part, short in (("training", "train"), ("validation", "valid"), ("test", "test")):
        assert farthest(inputs_of(made, part), names[f"x_{short}"]) <= tolerance
        assert np.abs(names[f"y_{short}"] - getattr(made, part).y).max() < 1e-6
    weight = made.training.weight
    if weight is not None:
        assert np.allclose(names["class_weights"][names["y_train"]], weight)


def raw(table: Path) -> pd.DataFrame:
    """The table as a script's `predict` is given it."""
    return pd.read_csv(table, dtype={"code": str, "ok": str, "colour": str})


def agree(model: TrainedModel, frame: pd.DataFrame, folder: Path, framework: str = "sklearn") -> None:
    """The script's answers for all rows of a table, and for rows with gaps and new words, are the model's.

    For the stored rows it sees to that itself.
    """
    write_model(framework, model, folder / "model.ann", folder / "script.py")
    names = run_script(folder / "script.py")
    odd = frame.copy()
    for place, column in enumerate(odd.columns):
        odd[column] = odd[column].astype(object)
        odd.loc[odd.index[place::7], column] = None
    for rows in (frame, odd):
        expected = model.predict(rows.astype(object).where(rows.notna(), None))
        if expected.probabilities is not None:
            assert np.abs(names["predict_proba"](rows) - expected.probabilities).max() < 1e-5
        else:
            size = max(float(np.abs(expected.values).max()), 1.0)
            assert np.abs(names["predict"](rows) - expected.values).max() < 1e-5 * size
