"""The runs of a sitting, as a tree: one of them stands in front, and at most one trains."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.origin import Origin
    from ann_tui.experiments.run import Run
    from ann_tui.training.control import TrainingControl


class Runs:
    """All runs on one table. A new training adds a run; it does not replace one.

    Only one thread changes the tree; the runs themselves may be read from others.
    """

    def __init__(self, keep: int = 0) -> None:
        """The timelines of all runs together take at most `keep` bytes; new runs have numbers above `highest`."""
        self.keep, self.highest = keep, 0
        self._runs: dict[int, Run] = {}
        self._front: int | None = None

    @property
    def all(self) -> tuple[Run, ...]:
        """In the order of their numbers, which is mostly that in which they began."""
        return tuple(self._runs[number] for number in sorted(self._runs))

    @property
    def front(self) -> Run | None:
        """The run that the screens show."""
        return None if self._front is None else self._runs[self._front]

    @property
    def training(self) -> Run | None:
        """The run whose thread has not ended yet: it trains, or its network is being judged."""
        return next((run for run in self._runs.values() if not run.ended), None)

    def __getitem__(self, id: int) -> Run:
        """The run of that number. Raises KeyError."""
        return self._runs[id]

    def children(self, run: Run) -> tuple[Run, ...]:
        """The runs that began from this one."""
        return tuple(other for other in self._runs.values() if other.parent == run.id)

    def begin(
        self,
        experiment: Experiment,
        prepared: PreparedData,
        control: TrainingControl | None = None,
        *,
        parent: Run | None = None,
        origin: Origin | None = None,
        chosen: Experiment | None = None,
    ) -> Run:
        """Add a run and put it in front; the matrices of earlier ones are let go where they were prepared otherwise.

        It begins at an `origin` that its `parent` gave, or with fresh weights. Raises RuntimeError while another one
        trains, and what `Run` raises; then nothing is added.
        """
        from ann_tui.experiments.run import Run

        if self.training is not None:
            raise RuntimeError(f"run {self.training.id} is still training")
        run = Run(
            experiment,
            prepared,
            control,
            id=self._next,
            parent=None if parent is None else parent.id,
            origin=origin,
            chosen=chosen,
            keep=self._room_for_another(),
        )
        for other in self._runs.values():
            if other.prepared is not prepared:
                other.release_rows()
        self._runs[run.id] = run
        self._front = run.id
        return run

    def branch(
        self, parent: Run, epoch: int, wanted: Experiment, control: TrainingControl | None = None
    ) -> Run:
        """Begin a run after an epoch of another one, by the plan of the `wanted` experiment; see `branch_of`.

        Raises RuntimeError while another one trains, and TrainingError with one line where it can't begin there.
        """
        from ann_tui.experiments.branching import branch_of

        experiment = branch_of(parent, epoch, wanted)
        origin = parent.origin_at(epoch)
        return self.begin(
            experiment,
            parent.prepared,
            control,
            parent=parent,
            origin=origin,
            chosen=replace(wanted, steering=()),
        )

    @property
    def room(self) -> int:
        """The bytes that the timeline of the newest run may take: half of all; earlier ones share the rest."""
        return self.keep // 2

    def _room_for_another(self) -> int:
        room = self.room
        for run in reversed(self._runs.values()):
            if run.timeline is not None:
                room //= 2
                run.timeline.shrink(room)
        return self.room

    @property
    def _next(self) -> int:
        return max((self.highest, *self._runs)) + 1

    def take_up(self, run: Run, number: int = 0) -> None:
        """Add a run that has ended already, by its number where that is free, and put it in front."""
        run.id = number if number and number not in self._runs else self._next
        self._runs[run.id] = run
        self._front = run.id

    def end(self, run: Run) -> None:
        """Take note that a run's thread is done with it."""
        run.ended = True

    def put_in_front(self, run: Run) -> None:
        """Let the screens show this run. Raises KeyError where it is none of these."""
        if self._runs.get(run.id) is not run:
            raise KeyError(run.id)
        self._front = run.id

    def renumber(self, run: Run, number: int) -> None:
        """Give a run another number, where no other run has that one."""
        if number not in self._runs and self._runs.get(run.id) is run:
            before, in_front = run.id, self._front == run.id
            del self._runs[before]
            self._runs[number], run.id = run, number
            for child in self._runs.values():
                child.parent = number if child.parent == before else child.parent
            self._front = number if in_front else self._front

    def remove(self, run: Run) -> None:
        """Forget a run that does not train; in front stands then the newest of the others. Raises RuntimeError."""
        if not run.ended:
            raise RuntimeError(f"run {run.id} is still training")
        self._runs.pop(run.id, None)
        if self._front == run.id:
            self._front = max(self._runs, default=None)

    def clear(self) -> None:
        """Forget all runs: another table has been opened. One that still trains is told to stop."""
        if self.training is not None:
            self.training.control.stop()
        self._runs.clear()
        self._front, self.highest = None, 0
