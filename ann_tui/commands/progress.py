"""Progress bars on standard error."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from ann_tui.reports.console import SafeConsole

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.training.snapshot import Snapshot


def train_with_progress(run: Run, *, shown: bool) -> Snapshot:
    """Train, with a bar of the epochs while it lasts where `shown`."""
    if not shown:
        return run.train()
    ended = threading.Event()
    with _counted("epoch") as progress:
        bar = progress.add_task("", total=run.experiment.plan.epochs)

        def follow() -> None:
            while not ended.wait(0.1):
                snapshot = run.snapshot
                row = snapshot.history[-1] if snapshot.history else None
                cost = f"cost {row.training_cost:.4g}" if row is not None else ""
                if (refitting := run.refitting) is not None:
                    progress.update(bar, total=snapshot.best_epoch)
                    snapshot, cost = refitting.snapshot, "again, on all rows"
                progress.update(bar, completed=snapshot.epoch, description=cost)

        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        try:
            return run.train()
        finally:
            ended.set()
            follower.join()


@contextmanager
def rows_progress(size: int, position: Callable[[], int], *, shown: bool) -> Iterator[Callable[[int], None]]:
    """A bar of the bytes read, of `size` (0: unknown); what is given takes the number of rows done."""
    if not shown:
        yield lambda rows: None
        return
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    with Progress(*columns, console=SafeConsole(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=size or None)
        yield lambda rows: progress.update(bar, completed=position(), description=f"{rows:,} rows")


@contextmanager
def waiting(what: str, *, shown: bool) -> Iterator[None]:
    """A line that says what is waited for, gone afterwards."""
    with SafeConsole(stderr=True).status(what) if shown else nullcontext():
        yield


@contextmanager
def trainings_progress(total: int, *, shown: bool, first: str = "") -> Iterator[Callable[[str], None]]:
    """A bar of so many trainings; what is given is told of each that is done, in a few words, `first` until then."""
    if not shown:
        yield lambda what: None
        return
    with _counted("training") as progress:
        bar = progress.add_task(first, total=total)
        yield lambda what: progress.update(bar, advance=1, description=what)


class _TimeLeft(TimeRemainingColumn):
    """How long it may still take, in words as long as nobody knows."""

    def render(self, task: Task) -> Text:
        """The time, or that it is not known."""
        return Text("time not known yet", "dim") if task.time_remaining is None else super().render(task)


def _counted(noun: str) -> Progress:
    columns = (
        TextColumn(noun),
        BarColumn(),
        MofNCompleteColumn(),
        _TimeLeft(),
        TextColumn("{task.description}", markup=False),
    )
    return Progress(*columns, console=SafeConsole(stderr=True), transient=True)
