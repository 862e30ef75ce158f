"""What each epoch leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ann_tui.training.state import Part, Section, State, Taking


@dataclass(frozen=True)
class EpochRow:
    """One epoch: costs are means over rows, without penalties; metrics are accuracy, or R² for numbers.

    The metric of rows that all have the same number is None, or 0 for the training rows.
    The training figures are measured while the weights move, batch by batch. `gradient_norm` is the length of the
    last batch's gradient before penalties and clipping, and `layer_gradient_norms` that of each layer that learns,
    from the first to the output layer. `seconds` counts from the run's start without pauses.
    """

    epoch: int
    training_cost: float
    validation_cost: float | None
    training_metric: float
    validation_metric: float | None
    learning_rate: float
    gradient_norm: float
    seconds: float
    event: str = ""
    layer_gradient_norms: tuple[float, ...] = ()


OPTIONAL = ("validation_cost", "validation_metric")
NUMBERS = tuple(
    field.name for field in fields(EpochRow) if field.name not in ("epoch", "event", "layer_gradient_norms")
)


class History(Part):
    """The rows of all epochs, and what is to be said of the one under way."""

    name = "history"

    def __init__(self, layers: int) -> None:
        """No epoch yet; `layers` layers learn."""
        self.layers = layers
        self.rows: list[EpochRow] = []
        self.event = ""

    def note(self, event: str) -> None:
        """Add to what is said of the epoch under way."""
        self.event = f"{self.event}; {event}" if self.event else event

    def take_event(self) -> str:
        """What was noted since the last epoch."""
        event, self.event = self.event, ""
        return event

    def state(self) -> State:
        """A column for each figure, in which NaN stands for what was not measured."""
        columns: State = {
            name: np.array(
                [np.nan if (value := getattr(row, name)) is None else value for row in self.rows], np.float64
            )
            for name in NUMBERS
        }
        norms = np.array([row.layer_gradient_norms for row in self.rows], np.float64)
        columns["layer_gradient_norms"] = norms.reshape(len(self.rows), self.layers)
        return {**columns, "events": [row.event for row in self.rows], "event": self.event}

    def check(self, found: Section) -> Taking:
        """Take all rows."""
        count = len(found.column(NUMBERS[0]))
        columns = {name: found.column(name, count) for name in NUMBERS}
        norms = found.array("layer_gradient_norms", np.empty((count, self.layers)))
        events, event = found.texts("events", count), found.text("event")
        rows = [
            EpochRow(
                epoch=number + 1,
                event=events[number],
                layer_gradient_norms=tuple(norms[number].tolist()),
                **{name: _value(name, float(column[number])) for name, column in columns.items()},  # type: ignore[arg-type]
            )
            for number in range(count)
        ]

        def taking() -> None:
            self.rows, self.event = rows, event

        return taking


def _value(name: str, number: float) -> float | None:
    return None if name in OPTIONAL and np.isnan(number) else number
