"""How long trainings take that are somewhere in what is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ann_tui.training.snapshot import Snapshot
from ann_tui.training.trainer import Trainer


@contextmanager
def trainings_timed(clock: Callable[[], float]) -> Iterator[list[float]]:
    """The seconds by the clock of each training, as it ends, in this process."""
    found: list[float] = []
    run = Trainer.run

    def timed(self: Trainer, until: int | None = None) -> Snapshot:
        began = clock()
        try:
            return run(self, until)
        finally:
            found.append(clock() - began)

    Trainer.run = timed  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Trainer.run = run  # type: ignore[method-assign]
