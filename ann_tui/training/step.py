"""What a step of the weights is, and what it is bound from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Step = Callable[[float, int], None]
"""`step(rate, count)` moves the weights; `count` is 1 at the first batch."""

Objective = Callable[[], float]
"""Gives what is minimized at the weights as they are, and leaves its gradient in the workspace."""


WHOLE = slice(None)
"""The place of a step of all numbers; a shared step has one for each half."""


class StepOptions(Protocol):
    """The options that steps take; see `TrainingPlan`."""

    @property
    def momentum(self) -> float:
        """The share of its speed that a step keeps."""

    @property
    def rho(self) -> float:
        """The share of its mean square that RMSprop keeps."""

    @property
    def beta_1(self) -> float:
        """The share of its mean gradient that Adam keeps."""

    @property
    def beta_2(self) -> float:
        """The share of its mean square that Adam keeps."""

    @property
    def epsilon(self) -> float:
        """What keeps a division from being one by 0."""
