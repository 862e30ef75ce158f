"""Where a training stands in its epochs and batches, and the chance that goes with it.

What an epoch draws follows from the seed, the epoch and the attempt alone, so that any epoch can be gone to without
those before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.state import Part, Section, State, Taking

WORD = 64
EPOCH, ATTEMPT = 1 << 64, 1 << 56
"""How many draws of PCG64's 2¹²⁸ lie between the beginnings of two epochs, and of two attempts of one."""


class Position(Part):
    """`epoch` counts whole epochs, `done` the batches done in the current one.

    `attempt` counts how often the current epoch was given up and is trained again. `order` is the permutation of the
    rows, drawn when the epoch is `under_way`. `generators` are the sources of chance: of the order and the first
    thread's dropout, and of the second thread's.
    """

    name = "position"

    def __init__(self, plan: TrainingPlan, rows: int, batches: int) -> None:
        """The start of a training of `rows` rows in `batches` batches an epoch."""
        self.plan, self.batches = plan, batches
        self.order: Array = np.arange(rows, dtype=np.int32 if rows < 2**31 else np.int64)
        self.generators, self._beginnings = _generators(plan.seed)
        self.epoch = self.done = self.attempt = 0
        self.under_way = False

    def begin_epoch(self) -> None:
        """Draw the epoch's permutation; one whole batch needs none."""
        self.draw_order()
        self.under_way, self.done = True, 0

    def draw_order(self) -> None:
        """Let the chance of this epoch and attempt begin, and the rows be in its order."""
        self._draw(self.generators, self._beginnings)

    def _draw(self, generators: Sequence[np.random.Generator], beginnings: Sequence[Any]) -> None:
        for generator, beginning in zip(generators, beginnings, strict=True):
            generator.bit_generator.state = beginning
            generator.bit_generator.advance(self.epoch * EPOCH + self.attempt * ATTEMPT)  # type: ignore[attr-defined]
        if self.batches > 1:
            self.order[...] = np.arange(len(self.order), dtype=self.order.dtype)
            generators[0].shuffle(self.order)

    def end_epoch(self) -> None:
        """The epoch is over, whether it counts or is trained again."""
        self.under_way, self.done = False, 0

    def state(self) -> State:
        """All but the order, which can be drawn again, with the number of batches; the seed says whose chance it is."""
        packed = {f"generator_{number}": _pack(generator) for number, generator in enumerate(self.generators)}
        return {
            "epoch": self.epoch,
            "done": self.done,
            "attempt": self.attempt,
            "under_way": int(self.under_way),
            "batches": self.batches,
            "seed": self.plan.seed,
            **packed,
        }

    def check(self, found: Section) -> Taking:
        """Take all of it. Another seed holds for the epochs to come: one under way goes on in its own order."""
        epoch, batches = found.count("epoch"), found.count("batches")
        done, under_way = found.count("done", batches), bool(found.count("under_way", 1))
        attempt = found.count("attempt")
        if batches != self.batches and under_way:
            raise found.refuse(
                "batches",
                f"is {batches}, not {self.batches}, within an epoch: the batch size can change between epochs alone",
            )
        packed = [found.array(f"generator_{number}", np.zeros(6, np.uint64)) for number in (0, 1)]
        seed = found.count("seed")

        def taking() -> None:
            self.epoch, self.done, self.under_way, self.attempt = epoch, done, under_way, attempt
            if under_way:
                self._draw(*_generators(seed))
                for generator, words in zip(self.generators, packed, strict=True):
                    _unpack(generator, words)

        return taking


def _generators(seed: int) -> tuple[list[np.random.Generator], list[Any]]:
    """The two sources of chance of a seed, and how each begins."""
    generators = [np.random.Generator(np.random.PCG64([seed, stream])) for stream in (0, 1)]
    return generators, [generator.bit_generator.state for generator in generators]


def _pack(generator: np.random.Generator) -> Array:
    """A PCG64's two numbers of 128 bits, and the 32 bits that it may keep for the next draw, as six words."""
    state: Any = generator.bit_generator.state
    words = [number >> shift & (2**WORD - 1) for number in state["state"].values() for shift in (0, WORD)]
    return np.array([*words, state["has_uint32"], state["uinteger"]], np.uint64)


def _unpack(generator: np.random.Generator, words: Array) -> None:
    """The opposite of `_pack`."""
    low, high, low_step, high_step, kept, bits = (int(word) for word in words)
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": low | high << WORD, "inc": low_step | high_step << WORD},
        "has_uint32": kept,
        "uinteger": bits,
    }
