"""The network of the lesson: so small that each of its weights can be looked at, on two columns of the open table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.experiments.presets import with_preset
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ann_tui.experiments.derived import Derived
    from ann_tui.experiments.experiment import Experiment

LAYERS = "4 relu"
RATE, RATE_OF_NUMBERS = 0.1, 0.02
"""With squared error the step grows with the error: at 0.1 a row far off would throw the weights over the valley."""
BATCHES = ((5_000, 16), (50_000, 128), (float("inf"), 1_024))
"""The batch of a table of at most so many training rows."""
EPOCHS, FEWEST_EPOCHS = 60, 3
MOST_STEPS = 20_000
"""So many steps are taken in a second or two."""
MOST_ROWS = 2_000
"""So many rows tell which columns say most."""


def lesson_experiment(experiment: Experiment, derived: Derived) -> Experiment:
    """The experiment with the two columns that say most of the target, four neurons, and plain gradient descent.

    The rows stay in their parts, the target is the one in view, and seeds are kept. Raises ValueError with one line
    where the table can't be prepared.
    """
    prepared, profile = derived.prepared, derived.profile
    if prepared is None or profile.target is None:
        raise ValueError(derived.problem or "there is no target yet: g on Data makes a column the target")
    told = telling_columns(derived)
    kept = {profile.target, *told}
    excluded = tuple(column.name for column in profile.columns if column.name not in kept)
    plain = with_preset(experiment, "plain", len(derived.table.frame))
    rows = len(prepared.training.x)
    batch = next(batch for most, batch in BATCHES if rows <= most)
    epochs = max(FEWEST_EPOCHS, min(EPOCHS, MOST_STEPS * batch // max(rows, 1)))
    return replace(
        plain,
        source=replace(plain.source, target=profile.target, excluded=excluded),
        design=replace(plain.design, layers=NetworkDesign.from_text(LAYERS).layers),
        plan=TrainingPlan(
            optimizer="sgd",
            learning_rate=RATE if profile.classes else RATE_OF_NUMBERS,
            schedule="constant",
            batch=batch,
            epochs=epochs,
            seed=experiment.plan.seed,
        ),
        steering=(),
    )


def telling_columns(derived: Derived, most: int = 2) -> tuple[str, ...]:
    """The number columns that say most of the target, the best first, each beside those before it; `most` at most.

    Where the table has no number column among its features, the first of its other features.
    """
    prepared = derived.prepared
    if prepared is None:
        return ()
    fitted = prepared.fitted
    places: dict[str, int] = {}
    for place, name in enumerate(fitted.feature_origins):
        if derived.profile.column(name).kind == ColumnKind.NUMBER:
            places.setdefault(name, place)
    if not places:
        return tuple(dict.fromkeys(fitted.feature_origins))[:1]
    rows = np.linspace(0, len(prepared.training.x) - 1, min(MOST_ROWS, len(prepared.training.x))).astype(
        np.intp
    )
    x = prepared.training.x[rows].astype(np.float64)
    y = np.asarray(prepared.training.y)[rows]
    classes = len(fitted.target.classes)
    wanted = np.eye(classes)[y.astype(np.intp)] if classes else y.astype(np.float64)[:, None]
    chosen: list[str] = []
    while len(chosen) < min(most, len(places)):
        before = [places[name] for name in chosen]
        left = {name: place for name, place in places.items() if name not in chosen}
        chosen.append(min(left, key=lambda name: unexplained(x[:, [*before, left[name]]], wanted)))
    return tuple(chosen)


def unexplained(x: NDArray[np.float64], wanted: NDArray[np.float64]) -> float:
    """The share of the targets' variance that a linear model of these columns leaves, from 0 to 1.

    `x` is (rows, columns), `wanted` (rows, targets): numbers, or 1 for a row's class and 0 for the others.
    """
    centred = wanted - wanted.mean(axis=0)
    whole = float((centred**2).sum())
    if whole == 0:
        return 1.0
    inside = x - x.mean(axis=0)
    fitted = inside @ np.linalg.lstsq(inside, centred, rcond=None)[0]
    return float(((centred - fitted) ** 2).sum()) / whole
