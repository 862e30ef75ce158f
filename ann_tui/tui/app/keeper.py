"""Keeping what was made on disk: each run as it ends, and the rest when the app does."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.data.plain_text import printable
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.run_store import StoredRun
    from ann_tui.experiments.workbench import Workbench


class Keeper:
    """Puts the workbench's runs into the store of runs; may be called from every thread."""

    def __init__(self, workbench: Workbench, most: int | None = None) -> None:
        """`most`: so many runs are kept in the store, by default its own number."""
        self._workbench, self._most = workbench, most
        self._began = datetime.now(UTC)
        self._kept: dict[Run, StoredRun] = {}
        self._thresholds: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_kept(self, run: Run) -> bool:
        """Whether a run stands on disk."""
        return run in self._kept

    def keep(self, run: Run, *, interrupted: bool = False) -> str | None:
        """Put a run on disk, once; why that could not be done, in one line, or None."""
        from ann_tui.experiments.run_store import RunStore

        with self._lock:
            if run in self._kept:
                return None
            if (same := self._same_as(run)) is not None:
                self._kept[run] = same
                if run.under_way is not None:
                    run.under_way.done()
                return None
            try:
                result, threshold = run.result(), run.threshold
                stored = RunStore(most=self._most).keep(
                    run.experiment, result, began=self._began, interrupted=interrupted
                )
                self._kept[run], self._thresholds[stored.id] = stored, threshold
                if run.under_way is not None:
                    run.under_way.done()
            except OSError as error:
                return f"the run could not be kept on disk: {error.strerror or error}"
            except Exception as error:
                return f"the run could not be kept on disk: {unforeseen(error)}"
        return None

    def _same_as(self, run: Run) -> StoredRun | None:
        """The kept run with the same choices and the same weights: what is repeated is the same run."""
        return next(
            (
                stored
                for other, stored in self._kept.items()
                if other.experiment == run.experiment
                and other.changes == run.changes
                and other.network.weights.tobytes() == run.network.weights.tobytes()
            ),
            None,
        )

    def look(self, run: Run) -> None:
        """Note that a run's score on its test rows is shown, and put the count of such looks into the run."""
        from ann_tui.experiments.looks import note_look

        with self._lock:
            target = run.prepared.fitted.target.name
            run.looks = note_look(run.experiment.source.path, target, run.network)

    def take_up(self, run: Run, stored: StoredRun) -> None:
        """Take note that a run came from the store."""
        self._kept[run], self._thresholds[stored.id] = stored, run.threshold

    def keep_threshold(self, run: Run) -> None:
        """Put on disk what a kept run decides at by now, where that can be done."""
        from ann_tui.experiments.run_store import RunStore

        with self._lock:
            stored = self._kept.get(run)
            if stored is None or run.threshold == self._thresholds.get(stored.id):
                return
            self._thresholds[stored.id] = run.threshold
            with suppress(OSError):
                RunStore(most=self._most).keep_again(stored, run.result())

    def note_saved(self, run: Run, path: Path) -> None:
        """Take note that the person keeps a run's model in a file of their own."""
        from ann_tui.experiments.run_store import RunStore

        if (stored := self._kept.get(run)) is not None:
            self._kept[run] = RunStore(most=self._most).note_saved(stored, path)

    def keep_all(self, *, interrupted: bool) -> tuple[list[str], list[str]]:
        """Put on disk what stands nowhere else: runs that trained at all, and edited choices.

        Gives in one line each what is kept there, now or since its run ended, and what could not be.
        """
        kept, problems = [], []
        workbench = self._workbench
        for run in workbench.runs.all:
            problem = self.keep(run, interrupted=interrupted) if run.history else None
            if problem is not None:
                problems.append(problem)
            elif run.history and not (stored := self._kept[run]).record.saved_as:
                kept.append(f"the network of {_file(run.experiment)} in {stored.folder}")
            if run in self._kept:
                self.keep_threshold(run)
                workbench.note_kept(run)
        experiment = workbench.experiment
        if experiment is not None and workbench.unsaved is not None:
            from ann_tui.experiments.run_store import RunStore

            try:
                stored = RunStore(most=self._most).keep(
                    experiment, target=workbench.target, interrupted=interrupted
                )
                kept.append(f"the choices for {_file(experiment)} in {stored.folder}")
            except Exception as error:
                problems.append(f"the choices could not be kept on disk: {unforeseen(error)}")
        return list(dict.fromkeys(kept)), problems


def _file(experiment: Experiment) -> str:
    return printable(Path(experiment.source.path).name, 60)
