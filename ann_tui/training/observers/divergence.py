"""Noticing that a training diverges, and going back to where it was well."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from ann_tui.training.observer import Observer, Request, View
from ann_tui.training.state import Part, Section, State, Taking, filling

HALVINGS = 3
"""How often a diverged training goes on with half the learning rate."""

EXPLOSION = 100.0
"""An epoch whose cost is so many times the untrained network's has diverged."""

SMALLEST_FIRST = 1e-2
"""A first cost is taken for at least so much: a lucky start is no measure."""


class Divergence(Observer, Part):
    """Remembers the state at each epoch's start, and judges the epoch at its end."""

    name = "divergence"
    REMEMBERED: ClassVar[str] = "divergence.good_"
    """What the keys of the remembered vectors begin with; an epoch that begins writes them anew."""
    begins_anew_with = ("optimizer",)

    def __init__(self, view: View) -> None:
        """Watch over what a step changes."""
        self._view = view
        self.good = [vector.copy() for vector in view.moving]
        self.count, self.first_cost, self.halvings = 0, math.nan, 0

    def begin_anew(self) -> None:
        """What is there now is good; the first cost and the halvings stay."""
        self.epoch_begins(self._view)

    def epoch_begins(self, view: View) -> None:
        """Remember the vectors as they are."""
        for good, vector in zip(self.good, view.moving, strict=True):
            np.copyto(good, vector)
        self.count = view.count

    def epoch_trained(self, view: View, first_cost: float, cost: float) -> Request | None:
        """Ask for the epoch's start and half the learning rate where it went astray, or give up."""
        if math.isnan(self.first_cost):
            self.first_cost = first_cost
        sound = math.isfinite(cost) and cost < EXPLOSION * max(self.first_cost, SMALLEST_FIRST)
        if sound and math.isfinite(view.weights.dot(view.weights)):
            return None
        if not math.isfinite(self.first_cost):
            return self._back(
                failure="the cost is not a number before the first step already: scale the features and the target"
            )
        if self.halvings == HALVINGS:
            return self._back(
                failure=f"the cost grew without bound although the learning rate was halved {HALVINGS} times: "
                "choose one well below {rate:g}, or clip the gradient"
            )
        self.halvings += 1
        return self._back(rate_factor=0.5, note="diverged: learning rate halved to {rate:g}")

    def _back(self, rate_factor: float = 1.0, note: str = "", failure: str = "") -> Request:
        return Request(rate_factor, note, self.good, self.count, failure)

    def state(self) -> State:
        """The remembered vectors, the first cost, and how often the rate was halved."""
        numbers = {"count": self.count, "first_cost": self.first_cost, "halvings": self.halvings}
        return {**self._vectors(), **numbers}

    def _vectors(self) -> State:
        return {f"good_{number}": vector for number, vector in enumerate(self.good)}

    def check(self, found: Section) -> Taking:
        """Take all of it."""
        fill = filling(found, self._vectors())
        count, first_cost = found.count("count"), found.number("first_cost")
        halvings = found.count("halvings", HALVINGS)

        def taking() -> None:
            fill()
            self.count, self.first_cost, self.halvings = count, first_cost, halvings

        return taking
