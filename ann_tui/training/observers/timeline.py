"""The weights of the epochs gone by, kept within a bound, and now and then all that is needed to go on from there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.training.clock import Clock
from ann_tui.training.history import EpochRow
from ann_tui.training.observer import Observer, View, read_only
from ann_tui.training.observers.best import BestWeights
from ann_tui.training.state import State

KEY_SECONDS = 0.5
"""How much training lies between two key states at first: so long it takes to train again what lies between."""

OVERHEAD = 600
"""Bytes that an entry takes beside its numbers."""


@dataclass(frozen=True, eq=False)
class KeptWeights:
    """What is measured and kept of a network after `epoch` epochs: read-only vectors, as `Network` has them."""

    epoch: int
    weights: Array
    statistics: Array

    @property
    def size(self) -> int:
        """The bytes that it takes."""
        return self.weights.nbytes + self.statistics.nbytes + OVERHEAD


@dataclass(frozen=True, eq=False)
class KeyState:
    """What moves a training on after `epoch` epochs, as `Trainer.state` has it: all but its history and its rows."""

    epoch: int
    state: State
    seconds: float

    @property
    def size(self) -> int:
        """The bytes that it takes."""
        arrays = (value for value in self.state.values() if isinstance(value, np.ndarray))
        return OVERHEAD + sum(map(sys.getsizeof, self.state)) + sum(array.nbytes for array in arrays)


class Timeline(Observer):
    """Keeps the weights of every epoch while they fit, then of every second one, of every fourth and so on.

    The first epoch, the best, the newest, those with an event and those that are `held` are the last to go. Key states
    take half of the bound at most. Other threads may read; only the training writes.
    """

    def __init__(self, clock: Clock, state: Callable[[], State], bound: int) -> None:
        """`state` gives what a key state holds; `bound` is in bytes."""
        self.bound = bound
        self._clock, self._state = clock, state
        self._kept: dict[int, KeptWeights] = {}
        self._keys: dict[int, KeyState] = {}
        self._events: set[int] = set()
        self._held: set[int] = set()
        self._stride, self._newest, self._key_seconds = 1, 0, KEY_SECONDS
        self._weights_size = self._keys_size = 0
        self._key_fits = True

    # -- what other threads read ---------------------------------------------------------------------------

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs whose weights are kept, from the earliest on."""
        return tuple(sorted(self._kept.copy()))

    def at(self, epoch: int) -> KeptWeights | None:
        """The weights after this epoch; None where they aren't kept."""
        return self._kept.get(epoch)

    def nearest(self, epoch: int) -> KeptWeights | None:
        """The kept weights nearest to an epoch, the earlier of two; None where there are none."""
        kept = self._kept
        found = min(kept.copy(), key=lambda other: (abs(other - epoch), other), default=None)
        return None if found is None else kept.get(found)

    def key_before(self, epoch: int) -> KeyState | None:
        """The newest key state at this epoch or before it; None where there is none."""
        keys = self._keys
        return keys.get(max((key for key in keys.copy() if key <= epoch), default=-1))

    @property
    def size(self) -> int:
        """The bytes taken."""
        return sum(each.size for each in self._kept.copy().values()) + sum(
            each.size for each in self._keys.copy().values()
        )

    def hold(self, epoch: int) -> None:
        """Let the weights of an epoch be among the last to go: another run begins there."""
        self._held.add(epoch)

    def put(self, epoch: int, weights: Array, statistics: Array) -> None:
        """Keep weights that were kept elsewhere, of a training that has ended."""
        self._take(KeptWeights(epoch, read_only(weights.copy()), read_only(statistics.copy())))

    # -- what the training writes --------------------------------------------------------------------------

    def watch(self, view: View, best: BestWeights) -> None:
        """Look at these from now on: at the beginning, and where another plan holds."""
        self._view, self._best = view, best

    def begin(self, epoch: int) -> None:
        """Keep where a training begins, unless it goes on."""
        if not self._kept:
            self._keep(epoch)

    def begin_behind(self, other: Timeline, epoch: int) -> None:
        """Begin at an epoch with what another timeline keeps of those up to there."""
        self._kept, self._keys = {}, {}
        self._weights_size = self._keys_size = 0
        self._events = {each for each in other._events.copy() if each <= epoch}
        self._held = {epoch}
        self._stride, self._newest = other._stride, epoch
        for kept in other._kept.copy().values():
            if kept.epoch <= epoch:
                self._take(kept)
        for key in other._keys.copy().values():
            if key.epoch <= epoch:
                self._keys[key.epoch] = key
                self._keys_size += key.size
        self._thin_keys()
        self._keep(epoch)

    def shrink(self, bound: int) -> None:
        """Take no more than so many bytes from now on."""
        self.bound = bound
        self._thin_keys()
        if self._weights_size > self.bound - self._keys_size:
            self._thin_weights()

    def epoch_ended(self, view: View, row: EpochRow) -> None:
        """Keep the weights of the epoch."""
        if row.event:
            self._events.add(row.epoch)
        self._keep(row.epoch)

    def _keep(self, epoch: int) -> None:
        before, self._newest = self._newest, epoch
        weights, statistics = (read_only(vector.copy()) for vector in self._view.kept)
        self._take(KeptWeights(epoch, weights, statistics))
        if before != epoch and not self._stays(before):
            self._forget(before)
        self._add_key(epoch)
        if self._weights_size > self.bound - self._keys_size:
            self._thin_weights()

    def _take(self, kept: KeptWeights) -> None:
        self._forget(kept.epoch)
        self._kept[kept.epoch] = kept
        self._weights_size += kept.size

    def _forget(self, epoch: int) -> None:
        kept = self._kept.pop(epoch, None)
        if kept is not None:
            self._weights_size -= kept.size

    def _stays(self, epoch: int) -> bool:
        if epoch % self._stride == 0 or epoch in (self._best.epoch, self._newest):
            return True
        return epoch in self._events or epoch in self._held

    def _thin_weights(self) -> None:
        """Keep every second of the kept epochs until they fit, then let go of the important ones, too."""
        room = self.bound - self._keys_size
        while self._weights_size > room and self._stride <= self._newest:
            self._stride *= 2
            self._drop(lambda epoch: not self._stays(epoch))
        for last in (self._events, self._held):
            while self._weights_size > room and last:
                last -= set(sorted(last)[::2])
                self._drop(lambda epoch: not self._stays(epoch))
        for epoch in (0, self._best.epoch or 0, self._newest):
            if self._weights_size > room:
                self._forget(epoch)

    def _drop(self, goes: Callable[[int], bool]) -> None:
        kept = {epoch: each for epoch, each in self._kept.items() if not goes(epoch)}
        self._kept, self._weights_size = kept, sum(each.size for each in kept.values())

    def _add_key(self, epoch: int) -> None:
        seconds = self._clock.seconds
        newest = self._keys.get(max(self._keys, default=-1))
        if not self._key_fits or epoch in self._keys:
            return
        if newest is not None and newest.epoch <= epoch and seconds - newest.seconds < self._key_seconds:
            return
        key = KeyState(epoch, self._state(), seconds)
        self._key_fits = key.size <= self.bound // 2
        if not self._key_fits:
            return
        self._keys[epoch] = key
        self._keys_size += key.size
        self._thin_keys()

    def _thin_keys(self) -> None:
        while self._keys_size > self.bound // 2 and len(self._keys) > 1:
            self._key_seconds *= 2
            gone = set(sorted(self._keys)[1::2])
            keys = {at: each for at, each in self._keys.items() if at not in gone}
            self._keys, self._keys_size = keys, sum(each.size for each in keys.values())
        if self._keys_size > self.bound // 2:
            self._keys, self._keys_size = {}, 0
