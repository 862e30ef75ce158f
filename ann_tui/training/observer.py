"""What an observer of a training is told, what it sees, and what it may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ann_tui.network.arrays import Array
from ann_tui.training.history import EpochRow


def read_only(vector: Array) -> Array:
    """A view that nobody can write through."""
    view = vector.view()
    view.flags.writeable = False
    return view


class View:
    """The numbers of a training, to read: they change as it goes on, so copy what is to be kept.

    `kept` are the weights and the statistics that are measured and kept: averaged ones where the plan averages.
    `moving` is all that a step changes: weights, statistics, moments, and the averages where there are any.
    `scores` are the output layer's raw sums for the validation rows after the newest epoch, (units, rows).
    """

    def __init__(self, moving: Sequence[Array], kept: tuple[Array, Array]) -> None:
        """Views of these vectors."""
        self.moving = tuple(read_only(vector) for vector in moving)
        self.weights, self.statistics = self.moving[:2]
        self.kept = read_only(kept[0]), read_only(kept[1])
        self.scores: Array | None = None
        self.count = 0
        """How many batches were trained on with the present moments."""


@dataclass(frozen=True)
class Request:
    """What an observer asks the loop for.

    `rate_factor` multiplies the learning rate. `note` goes into the history. `go_back` are vectors to put in the
    place of `View.moving`, and `count` in that of its count: the epoch is then trained again. `failure` ends the
    training and says why.
    """

    rate_factor: float = 1.0
    note: str = ""
    go_back: Sequence[Array] | None = None
    count: int = 0
    failure: str = ""


class Observer:
    """Is told of each epoch of a training, in its thread. It reads the view; what shall change it asks for.

    A subclass overrides what it wants to be told of; an observer with a state of its own is a `Part` as well.
    """

    def epoch_begins(self, view: View) -> None:
        """Before an epoch's first batch."""

    def epoch_trained(self, view: View, first_cost: float, cost: float) -> Request | None:
        """After an epoch's last batch, before it counts; with the mean costs of its first batch and of all rows."""

    def epoch_ended(self, view: View, row: EpochRow) -> Request | None:
        """When the epoch has been measured and stands in the history."""

    def enough(self) -> str | None:
        """Why the training is to end before another epoch; None where it may go on."""
