"""How long the gradient is: measured once an epoch, on its last batch, before penalties and clipping."""

from __future__ import annotations

import math

import numpy as np

from ann_tui.network.arrays import Array, length
from ann_tui.network.network import Network
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.step import WHOLE, Step


class GradientProbe:
    """Keeps the gradient of the batch that is `due` (counted as the steps are), where a step would change it.

    `workspace` holds the gradient and room for scratch, (2, weights). Steps leave the gradient as it is, unless the
    plan has penalties, clips, or searches along it.
    """

    def __init__(self, network: Network, plan: TrainingPlan) -> None:
        """Room for the gradient, and for its copy where one is needed."""
        self.workspace: Array = np.zeros((2, network.weights.size), network.dtype)
        self._searches = OPTIMIZERS[plan.optimizer].searches
        adjusts = plan.l1 or plan.l2 or plan.clip_value is not None or plan.clip_norm is not None
        self._copies = bool(adjusts) or self._searches
        self.gradient: Array = np.zeros_like(self.workspace[0]) if self._copies else self.workspace[0]
        self._layers = [part for part in network.parts(self.gradient) if part.size]
        self.due = 0
        self._wanted = False

    @property
    def layer_count(self) -> int:
        """How many layers learn."""
        return len(self._layers)

    def watch(self, step: Step, place: slice = WHOLE) -> Step:
        """The step, before which the gradient at this place is kept if it is due."""
        if not self._copies:
            return step
        gradient, kept = self.workspace[0][place], self.gradient[place]

        def watched(rate: float, count: int) -> None:
            if count == self.due:
                if self._searches:
                    self._wanted = True
                else:
                    np.copyto(kept, gradient)
            step(rate, count)

        return watched

    def look(self) -> None:
        """Keep the gradient of a search if it is the first of the step that is due."""
        if self._wanted:
            np.copyto(self.gradient, self.workspace[0])
            self._wanted = False

    def norms(self) -> tuple[float, tuple[float, ...]]:
        """The length of the whole gradient, and of each learning layer's part of it, over all members."""
        layers = tuple(length(part.ravel()) for part in self._layers)
        return math.hypot(*layers), layers
