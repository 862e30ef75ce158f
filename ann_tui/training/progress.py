"""All that a training is at one moment, and its way out and back as plain arrays and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.network import Network
from ann_tui.training.averaging import Averages
from ann_tui.training.best import Best
from ann_tui.training.divergence import Guard
from ann_tui.training.examples import TrainingError
from ann_tui.training.history import EpochRow
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan

WORD = 64
NUMBERS = ("epoch", "under_way", "done", "count", "learning_rate", "seconds", "event")


class Progress:
    """Where a training stands.

    ``epoch`` counts whole epochs, ``done`` the batches done in the current one, ``count`` all batches. ``order`` is the
    permutation of the rows, drawn when the epoch is ``under_way``. ``figures`` (2, batches) holds each batch's summed
    costs and summed merits; behind ``done`` they are those of the epoch before.
    """

    def __init__(self, network: Network, rows: int, batches: int, plan: TrainingPlan) -> None:
        """The start of a training of ``rows`` rows in ``batches`` batches an epoch."""
        self.network = network
        self.generators = [np.random.Generator(np.random.PCG64([plan.seed, stream])) for stream in (0, 1)]
        self.order: Array = np.arange(rows, dtype=np.int32 if rows < 2**31 else np.int64)
        self.moments: Array = np.zeros(
            (OPTIMIZERS[plan.optimizer].moments, network.weights.size), network.dtype
        )
        self.averages = Averages(network, plan)
        own = (self.averages.weights, self.averages.statistics) if self.averages.active else ()
        self.guard = Guard(network.weights, network.statistics, self.moments, *own)
        self.best = Best(self.averages.weights, self.averages.statistics, plan)
        self.figures: Array = np.zeros((2, batches))
        self.history: list[EpochRow] = []
        self.epoch = self.done = self.count = 0
        self.under_way = False
        self.learning_rate = plan.learning_rate
        self.event = ""
        self.seconds = 0.0

    def begin_epoch(self) -> None:
        """Remember the state as a good one, and draw the epoch's permutation; one whole batch needs none."""
        self.guard.remember(self.count)
        if self.figures.shape[1] > 1:
            self.generators[0].shuffle(self.order)
        self.under_way, self.done = True, 0

    def note(self, event: str) -> None:
        """Add to what the history says of the current epoch."""
        self.event = f"{self.event}; {event}" if self.event else event

    def _vectors(self) -> dict[str, Array]:
        """All arrays that go out and come back in place."""
        found = {
            "weights": self.network.weights,
            "statistics": self.network.statistics,
            "moments": self.moments,
            "order": self.order,
            "figures": self.figures,
            "best.weights": self.best.weights,
            "best.statistics": self.best.statistics,
        }
        if self.averages.active:
            found |= {
                "average.weights": self.averages.weights,
                "average.statistics": self.averages.statistics,
            }
        return found | {f"guard.{number}": vector for number, vector in enumerate(self.guard.good)}

    def state(self) -> dict[str, Any]:
        """Copies of all arrays, and all numbers and texts; nothing else is needed to go on bit for bit."""
        found: dict[str, Any] = {name: vector.copy() for name, vector in self._vectors().items()}
        found |= {name: getattr(self, name) for name in NUMBERS}
        for number, generator in enumerate(self.generators):
            found[f"generator.{number}"] = _pack(generator)
        best, guard = self.best, self.guard
        found |= {"best.epoch": best.epoch or 0, "best.value": best.value, "best.mark": best.mark}
        found |= {"best.waited": best.waited, "average.count": self.averages.count}
        found |= {
            "guard.count": guard.count,
            "guard.first_cost": guard.first_cost,
            "guard.halvings": guard.halvings,
        }
        for field in fields(EpochRow):
            column = [asdict(row)[field.name] for row in self.history]
            if field.name == "event":
                found["history.event"] = column
            else:
                found[f"history.{field.name}"] = np.array(
                    [np.nan if v is None else v for v in column], np.float64
                )
        return found

    def load(self, state: Mapping[str, Any]) -> None:
        """Take back what ``state`` gave; raises ``TrainingError`` where it belongs to another training."""
        vectors = self._vectors()
        for name, vector in vectors.items():
            if name not in state or np.shape(state[name]) != vector.shape:
                found = np.shape(state.get(name, ()))
                raise TrainingError(
                    f"the saved training doesn't fit: {name} has shape {found}, not {vector.shape}"
                )
        for name, vector in vectors.items():
            vector[...] = state[name]
        for name in NUMBERS:
            setattr(self, name, type(getattr(self, name))(state[name]))
        for number, generator in enumerate(self.generators):
            _unpack(generator, state[f"generator.{number}"])
        best, guard = self.best, self.guard
        best.epoch = int(state["best.epoch"]) or None
        best.value, best.mark = float(state["best.value"]), float(state["best.mark"])
        best.waited, self.averages.count = int(state["best.waited"]), int(state["average.count"])
        guard.count, guard.halvings = int(state["guard.count"]), int(state["guard.halvings"])
        guard.first_cost = float(state["guard.first_cost"])
        names = [field.name for field in fields(EpochRow)]
        columns = [state[f"history.{name}"] for name in names]
        self.history = [_row(dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True)]


def _row(values: dict[str, Any]) -> EpochRow:
    """A row of the history from one number of each column; NaN stands for what was not measured."""
    numbers = {name: float(value) for name, value in values.items() if name != "event"}
    optional = ("validation_cost", "validation_metric")
    found: dict[str, Any] = {
        name: None if name in optional and np.isnan(value) else value for name, value in numbers.items()
    }
    return EpochRow(**{**found, "epoch": int(numbers["epoch"]), "event": str(values["event"])})


def _pack(generator: np.random.Generator) -> Array:
    """A PCG64's two numbers of 128 bits, and the 32 bits that it may keep for the next draw, as six words."""
    state: Any = generator.bit_generator.state
    words = [number >> shift & (2**WORD - 1) for number in state["state"].values() for shift in (0, WORD)]
    return np.array([*words, state["has_uint32"], state["uinteger"]], np.uint64)


def _unpack(generator: np.random.Generator, words: Array) -> None:
    """The opposite of ``_pack``."""
    low, high, low_step, high_step, kept, bits = (int(word) for word in words)
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": low | high << WORD, "inc": low_step | high_step << WORD},
        "has_uint32": kept,
        "uinteger": bits,
    }
