"""Questions to a network about its inside, asked with the validation rows of its run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ann_tui.experiments.chosen_row import judging_rows
from ann_tui.insight.landscape import Slice, along_step
from ann_tui.insight.neurons import NeuronAnswers, neuron_answers
from ann_tui.insight.relevance import InputRelevance, LayerRelevance, permuted, silenced
from ann_tui.insight.signals import LayerSignals, signals
from ann_tui.insight.step_trace import StepTrace, trace_step
from ann_tui.insight.step_update import StepMemory
from ann_tui.insight.weight_tables import WeightTable, weight_place
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.training.next_batch import next_batch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ann_tui.data.preparing.prepare import Part, PreparedData
    from ann_tui.experiments.chosen_row import ChosenRow
    from ann_tui.experiments.run import Run
    from ann_tui.network.network import Network
    from ann_tui.training.plan import TrainingPlan

MOST_ROWS = 500
"""So many rows are asked about, evenly spread over the validation rows; of more none is told apart in a picture."""
CURVE = 121


@dataclass(frozen=True, eq=False)
class Unit:
    """How one unit answers: its sums over the rows, their class codes, its activation's curve, its layer's answers."""

    sums: NDArray[Any] | None
    codes: NDArray[Any] | None
    curve: tuple[NDArray[Any], NDArray[Any]] | None
    answers: NeuronAnswers | None


@dataclass(frozen=True)
class Relevant:
    """How much the cost rises when a unit is silenced, for the layers that have units."""

    layers: tuple[LayerRelevance, ...]

    def of(self, layer: int, unit: int) -> tuple[float, float, int, int] | None:
        """The cost before and after, the unit's rank among its layer's, and how many these are; None for an output."""
        found = next((each for each in self.layers if each.layer == layer), None)
        if found is None or unit >= len(found.rises):
            return None
        rise = float(found.rises[unit])
        rank = 1 + int((found.rises > rise).sum())
        return found.cost, found.cost + rise, rank, len(found.rises)


class Inquiry:
    """What is asked of one network, not several members; nothing is worked out twice."""

    def __init__(self, prepared: PreparedData, network: Network) -> None:
        """With the validation rows, or the training rows where there are none."""
        self.prepared, self.network = prepared, network
        part = judging_rows(prepared)
        self.rows = "validation" if part is prepared.validation else "training"
        self._part: Part = part
        self._places = np.linspace(0, max(len(part.x) - 1, 0), min(MOST_ROWS, len(part.x))).astype(np.intp)

    @cached_property
    def x(self) -> NDArray[np.float32]:
        """The features of the rows."""
        return self._part.x[self._places]

    @cached_property
    def y(self) -> NDArray[Any]:
        """Their targets, as they are learned."""
        return self._part.y[self._places]

    @cached_property
    def weight(self) -> NDArray[Any] | None:
        """Their weights, if they have some."""
        return None if self._part.weight is None else self._part.weight[self._places]

    @cached_property
    def codes(self) -> NDArray[Any] | None:
        """Their classes; None for a number."""
        return self.y.astype(np.intp) if self.prepared.fitted.target.classes else None

    @cached_property
    def signals(self) -> tuple[LayerSignals, ...]:
        """What every layer gives for them."""
        return signals(self.network, self.x)

    def unit(self, table: WeightTable, unit: int) -> Unit:
        """How a unit answers to the rows."""
        found = self.signals[table.layer]
        codes = self.codes
        classes = len(self.prepared.fitted.target.classes)
        answers = neuron_answers(self.network, table.layer, found, codes, classes) if len(self.x) else None
        if table.units != found.units:
            return Unit(None, codes, None, None)
        sums = (found.outputs if found.sums is None else found.sums)[:, unit].astype(np.float64)
        slopes = self.network.parameters.get(table.of[0].replace(".weights", ".slope"))
        slope = None if slopes is None else float(slopes[unit])
        return Unit(sums, codes, _curve(table.bends, sums, slope), answers)

    def silenced(self, cancelled: Callable[[], bool]) -> Relevant | None:
        """How relevant each unit is; None without rows, or when it was cancelled."""
        if not len(self.x):
            return None
        found = silenced(self.network, self.x, self.y, self.weight, cancelled=cancelled)
        return None if cancelled() else Relevant(found)

    def permuted(self, cancelled: Callable[[], bool]) -> tuple[InputRelevance, ...]:
        """How relevant each column is, the most relevant first."""
        groups: dict[str, list[int]] = {}
        for place, name in enumerate(self.prepared.fitted.feature_origins):
            groups.setdefault(name, []).append(place)
        if len(self.x) < 2:
            return ()
        return permuted(self.network, self.x, self.y, groups, self.weight, cancelled=cancelled)

    def course(
        self, run: Run, member: int, table: WeightTable, source: int, unit: int
    ) -> tuple[NDArray[Any], NDArray[Any]] | None:
        """The epochs that are kept, and what a weight was after each of them; None where none is."""
        timeline = run.timeline
        kept = [] if timeline is None else [timeline.at(epoch) for epoch in timeline.epochs]
        there = [each for each in kept if each is not None]
        if not there:
            return None
        place = weight_place(run.network, member, table, source, unit)
        epochs = np.array([each.epoch for each in there])
        return epochs, np.array([each.weights[place] for each in there], np.float64)


def _curve(activation: str, sums: NDArray[Any], slope: float | None) -> tuple[NDArray[Any], NDArray[Any]]:
    """Sums from the lowest to the highest of the rows, 0 among them, and what the activation makes of them.

    `slope` is what the unit has learned of an activation that has one.
    """
    fine = sums[np.isfinite(sums)]
    low, high = min(float(fine.min(initial=0.0)), -0.5), max(float(fine.max(initial=0.0)), 0.5)
    x = np.linspace(low, high, CURVE)
    entry = ACTIVATIONS.get(activation)
    return x, x.copy() if entry is None else entry.at(x, slope)


class StepError(ValueError):
    """A step can't be shown; the message says why, in one line."""


@dataclass(frozen=True, eq=False)
class Step:
    """A step from where a training stood after an epoch; `slice` is the cost along it.

    It is made on one row, the `first` of n: its name, and its true answer as it is learned. `fresh` says that what the
    optimizer remembers there isn't kept, so that it is a step without a memory.
    """

    trace: StepTrace
    plan: TrainingPlan
    fresh: bool
    slice: Slice
    first: str
    truth: float

    @property
    def rows(self) -> int:
        """On how many rows it is made."""
        return len(self.trace.row_costs)


def step_at(run: Run, network: Network, epoch: int, member: int, row: ChosenRow) -> Step:
    """What a step on a chosen row would be, from a network as it was after an epoch; nothing of the run changes.

    The rate is that of the epoch, or of the first one where it has come down to 0. Raises StepError.
    """
    if row.place is None:
        raise StepError("the true answer of this row isn't at hand: e takes a row of the table")
    places = np.array([row.place])
    return _step(run, network, epoch, member, judging_rows(run.prepared), places, row.name, row.x)


def batch_step_at(run: Run, network: Network, epoch: int, member: int) -> Step:
    """What the first step of the training after an epoch is, on the rows of its batch; as `step_at` otherwise.

    The training itself moves the weights in float32, and drops units where there is dropout. Raises StepError.
    """
    part = run.prepared.training
    if not len(part.rows):
        raise StepError("the training rows aren't at hand")
    places = next_batch(network, run.chosen_at(epoch).plan, len(part.rows), epoch)
    name = f"line {int(run.prepared.table.lines[int(part.rows[places[0]])]):,}"
    return _step(run, network, epoch, member, part, places, name, part.x[places])


def _step(
    run: Run,
    network: Network,
    epoch: int,
    member: int,
    part: Part,
    places: NDArray[Any],
    first: str,
    x: NDArray[Any],
) -> Step:
    plan, history = run.chosen_at(epoch).plan, run.snapshot.history
    key = None if run.timeline is None else run.timeline.key_before(epoch)
    kept = key is not None and key.epoch == epoch
    memory = StepMemory.of_state(key.state) if key is not None and kept else StepMemory.fresh(network, plan)
    rate = (
        history[max(min(epoch, len(history)) - 1, 0)].learning_rate if history else 0.0
    ) or plan.learning_rate
    y = part.y[places]
    weight = None if part.weight is None else part.weight[places]
    try:
        trace = trace_step(network, x, y, weight, plan, memory, rate, member=member)
        own = network.member(member)
        after = own.copy()
        after.set_parameters(
            {**after.parameters, **{name: each.after for name, each in trace.parameters.items()}}
        )
        along = along_step(own, x, y, weight, own.weights, after.weights)
    except ValueError as error:
        raise StepError(str(error)) from None
    return Step(trace, plan, not kept, along, first, float(y[0]))
