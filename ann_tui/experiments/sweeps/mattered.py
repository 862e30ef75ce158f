"""Which settings of a sweep mattered: how far each of them tells the good trials from the poor ones.

The measure is epsilon squared of Kruskal and Wallis (1952): the share of the trials' order, by cost at the first rung,
where all of them stood, that goes with a setting's values; a span of numbers counts as three equal parts. It is
corrected for the number of values, so that a setting that does nothing is near 0. It looks at one setting at a time:
what matters only together with another one it does not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ann_tui.experiments.dimension import Dimension, Value, value_text

if TYPE_CHECKING:
    from ann_tui.experiments.sweeps.trial import Trial

LEAST = 10
"""Fewer trials than this tell nothing of a setting."""

LEAST_SHARE = 0.005
"""A smaller share is nothing in whole percent, and no value is ahead then."""

PARTS = 3
"""Into so many parts the values of a span are taken together."""

MEASURE = "the share of the trials' order at the first rung that goes with it (epsilon squared of Kruskal and Wallis)"
"""What the figures are, in words."""


@dataclass(frozen=True)
class Mattered:
    """A setting, its `share` in 0..1, and the value or span with which trials stood best, by their mean rank."""

    dimension: Dimension
    share: float
    ahead: str

    @property
    def told(self) -> bool:
        """Whether the share is more than nothing."""
        return self.share >= LEAST_SHARE


def mattered(space: Sequence[Dimension], trials: Sequence[Trial]) -> tuple[Mattered, ...]:
    """What mattered most comes first; () for too few trials. The trial without settings counts not."""
    told = [trial for trial in trials if trial.reached and trial.settings]
    if len(told) < LEAST:
        return ()
    from scipy.stats import rankdata

    ranks = rankdata([trial.reached[0].cost for trial in told])
    found = [each for dimension in space if (each := _of(dimension, told, ranks)) is not None]
    return tuple(sorted(found, key=lambda each: -each.share))


def _of(dimension: Dimension, trials: Sequence[Trial], ranks: np.ndarray) -> Mattered | None:
    """One setting; None where all trials have the same."""
    values = [trial.settings[dimension.name] for trial in trials]
    groups = _groups(dimension, values)
    names = sorted(set(groups), key=groups.index)
    if len(names) < 2:
        return None
    of_each = {name: ranks[[group == name for group in groups]] for name in names}
    count, middle = len(ranks), (len(ranks) + 1) / 2
    spread = float(np.sum((ranks - middle) ** 2)) / (count - 1)
    between = sum(len(own) * (float(own.mean()) - middle) ** 2 for own in of_each.values())
    statistic = between / spread if spread else 0.0
    free = count - len(names)
    share = max((statistic - len(names) + 1) / free, 0.0) if free > 0 else 0.0
    ahead = min(names, key=lambda name: float(of_each[name].mean()))
    return Mattered(dimension, share, ahead)


def _groups(dimension: Dimension, values: Sequence[Value]) -> list[str]:
    """The name of the group of each value."""
    if dimension.values:
        return [value_text(dimension.name, value) for value in values]
    numbers = np.array([float(value) for value in values if isinstance(value, int | float)])
    edges = np.unique(np.quantile(numbers, [place / PARTS for place in range(1, PARTS)]))
    parts = np.searchsorted(edges, numbers, side="left")
    named = {
        int(part): f"{numbers[parts == part].min():g} to {numbers[parts == part].max():g}"
        for part in np.unique(parts)
    }
    return [named[int(part)] for part in parts]
