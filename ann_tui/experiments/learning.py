"""Whether a training still learns, read from the costs of its epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ann_tui.figures import counted, number, percent

if TYPE_CHECKING:
    from ann_tui.training.history import EpochRow

WINDOW = 10
"""So many epochs back the newest costs are compared with."""
PATIENCE = 5
"""After so many epochs without a better one a cost no longer falls."""
RISE = 0.05
"""A cost has risen when it is by this share above its best."""
LEAST_FALL = 0.005
"""A fall by a smaller share is hardly one."""
UNSEEN = 0.0005
"""So small a share is written as 0.0 %."""
NOISE = 0.01
"""Moves by less than this share of all that the cost has fallen are noise."""

Course = Literal["none", "begun", "falling", "hardly falling", "flat", "rising", "no number"]


@dataclass(frozen=True)
class Learning:
    """The course of the cost on rows that the training does not learn from, and the same in words."""

    course: Course
    text: str

    @property
    def is_trouble(self) -> bool:
        """Whether a person should do something about it."""
        return self.course in ("rising", "no number")


def learning(history: Sequence[EpochRow], *, ended: bool = False) -> Learning:
    """The course of the validation cost; of the training cost where there are no validation rows.

    With b the epoch of the lowest cost, the first rule that holds says:

    - no number: the last cost is not finite;
    - rising: b is at least 5 epochs ago, and the median of the last three costs is above the lowest by more than 5 %
      of it and by more than 1 % of the whole fall. Where the training cost is below its own at b, it is said that the
      network learns the training rows by heart;
    - flat: b is at least 5 epochs ago;
    - hardly falling: in the last 10 epochs (or all, where there are fewer) the lowest cost fell by less than 0.5 %;
    - falling, by how much of the lowest cost before. For costs that are not above 0 no share is told.

    `ended` says that these are all epochs of a training that has ended.
    """
    if not history:
        return Learning("none", "no epoch is finished yet")
    judged = history[-1].validation_cost is not None
    name = "validation cost" if judged else "training cost"
    costs = [
        row.training_cost if row.validation_cost is None or not judged else row.validation_cost
        for row in history
    ]
    if not math.isfinite(costs[-1]):
        return Learning("no number", f"the {name} grew without bound")
    if len(costs) == 1:
        return Learning("begun", f"{name} {number(costs[0], 3)} after 1 epoch; the next ones tell")
    finite = [cost if math.isfinite(cost) else math.inf for cost in costs]
    best = int(np.argmin(finite))
    since, lowest = len(costs) - 1 - best, finite[best]
    fallen = max(cost for cost in finite if cost < math.inf) - lowest
    size = abs(lowest) if lowest > 0 else fallen
    if since >= PATIENCE:
        recent = float(np.median(finite[-3:]))
        if recent - lowest > max(RISE * size, NOISE * fallen):
            return _rising(history, best, name, judged)
        return Learning("flat", f"{name} no better for {counted(since, 'epoch')}")
    window = min(WINDOW, len(costs) - 1)
    before = min(finite[: len(costs) - window])
    share = (before - lowest) / before if before > 0 and before < math.inf else None
    over = f"in the last {counted(window, 'epoch')}" if window > 1 else "in the last epoch"
    more = "; more epochs may help" if ended else ""
    if share is None:
        falls = lowest < before
        words = f"{name} {'still falls' if falls else 'does not fall'}{more if falls else ''}"
        return Learning("falling" if falls else "hardly falling", words)
    if share < UNSEEN:
        return Learning("hardly falling", f"{name} no longer falls")
    if share < LEAST_FALL:
        return Learning("hardly falling", f"{name} hardly falls: −{percent(share, 1)} {over}")
    return Learning(
        "falling", f"{name} still falls: −{percent(share, 0 if share >= 0.0095 else 1)} {over}{more}"
    )


def _rising(history: Sequence[EpochRow], best: int, name: str, judged: bool) -> Learning:
    words = f"{name} rises since epoch {history[best].epoch:,}"
    if not judged:
        return Learning("rising", f"{words}: a lower rate may help")
    if history[-1].training_cost < history[best].training_cost:
        return Learning("rising", f"{words}: it learns the training rows by heart")
    return Learning("rising", f"{words}, and the training cost with it: a lower rate may help")
