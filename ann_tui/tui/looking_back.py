"""Which of a run's epochs is looked at, and the run as it was then."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ann_tui.experiments.run import Run
    from ann_tui.training.observers.timeline import KeptWeights
    from ann_tui.training.snapshot import Snapshot

AT_ONCE = 40_000_000
"""So many multiplications are done before the next repaint; more in a thread, and what is shown follows late."""


class LookingBack:
    """A cursor over the kept epochs of the run in front; `epoch` is None where the newest is followed."""

    def __init__(self, late: Callable[[Callable[[], None]], None], show: Callable[[], None]) -> None:
        """`late` does work in a thread; `show` is called there when it is done."""
        self.epoch: int | None = None
        self._late, self._show = late, show
        self._run: Run | None = None
        self._outputs: tuple[int, NDArray[Any] | None] | None = None

    def follow(self, run: Run) -> None:
        """Look at this run; another one than before is followed to its newest epoch."""
        if run is not self._run:
            self._run, self.epoch, self._outputs = run, None, None

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that can be gone to."""
        return () if self._run is None or self._run.timeline is None else self._run.timeline.epochs

    def move(self, steps: int) -> bool:
        """Go so many kept epochs on (or back); the newest one is followed. False where none is kept."""
        epochs = self.epochs
        if not epochs:
            return False
        here = epochs[-1] if self.epoch is None else self.epoch
        place = min(range(len(epochs)), key=lambda index: abs(epochs[index] - here))
        self._go(epochs, max(0, min(len(epochs) - 1, place + steps)))
        return True

    def go_to(self, epoch: int) -> bool:
        """Go to the kept epoch nearest to one. False where none is kept."""
        epochs = self.epochs
        if epochs:
            self._go(epochs, min(range(len(epochs)), key=lambda index: abs(epochs[index] - epoch)))
        return bool(epochs)

    def _go(self, epochs: tuple[int, ...], place: int) -> None:
        self.epoch = None if place == len(epochs) - 1 else epochs[place]

    def snapshot(self, run: Run) -> Snapshot:
        """The run as it was where it is looked at; the newest snapshot where it is followed."""
        from ann_tui.experiments.rewound import effort, outputs_of, rewound

        timeline = run.timeline
        kept = None if timeline is None or self.epoch is None else timeline.nearest(self.epoch)
        if kept is None or not run.history:
            return run.snapshot
        self.epoch = kept.epoch
        if self._outputs is None or self._outputs[0] != kept.epoch:
            if effort(run) <= AT_ONCE:
                self._outputs = kept.epoch, outputs_of(run, kept)
            else:
                self._late(lambda: self._find(run, kept))
        found = self._outputs or (run.snapshot.outputs_epoch, run.snapshot.validation_outputs)
        return rewound(run, kept, found[1], found[0])

    def _find(self, run: Run, kept: KeptWeights) -> None:
        from ann_tui.experiments.rewound import outputs_of

        if run is self._run and kept.epoch == self.epoch:
            outputs = outputs_of(run, kept)
            if run is self._run and kept.epoch == self.epoch:
                self._outputs = kept.epoch, outputs
                self._show()
