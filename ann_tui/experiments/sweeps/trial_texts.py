"""A trial of a sweep as the short texts of a line, for the app and the command line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ann_tui.data.plain_text import printable
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.experiments.sweeps.space import differing, settings_text
from ann_tui.experiments.sweeps.trial import COMPARABLE, VALIDATION_COST
from ann_tui.figures import duration, number

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.sweeps.sweep import Sweep
    from ann_tui.experiments.sweeps.trial import Trial


def trial_cells(experiment: Experiment, trial: Trial) -> tuple[str, str, str, str, str, str]:
    """Score, cost, epochs, time, state, and what it sets otherwise than the experiment; or its problem."""
    last = trial.last
    if trial.problem:
        differs = f"{trial.problem} ({settings_text(trial.settings)})"
    else:
        differs = settings_text(differing(experiment, trial.settings)) or "nothing: as it is"
    return (
        "–" if last is None or not last.metric else metric_text(last.metric, trial.score),
        number(trial.cost) if math.isfinite(trial.cost) else "–",
        f"{trial.epochs:,}",
        duration(trial.seconds) if trial.reached else "–",
        trial.fate,
        printable(differs, 300),
    )


def metric_of(trials: Sequence[Trial]) -> str:
    """The name of the metric that stands for a network; "" before any trial was judged."""
    return next((each.last.metric for each in trials if each.last is not None and each.last.metric), "")


def cost_title(sweep: Sweep, trials: Sequence[Trial]) -> str:
    """What the trials of a sweep are compared by, in words."""
    if sweep.figure == VALIDATION_COST:
        return VALIDATION_COST
    known = [name for name in COMPARABLE if any(each.last and name in each.last.metrics for each in trials)]
    return " or ".join(METRIC_TITLES[name] for name in known or COMPARABLE)
