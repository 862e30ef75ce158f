"""Keeping what was made on disk: each run as it ends, and the rest when the app does."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ann_tui.data.plain_text import printable
from ann_tui.experiments.run_label import Label
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from ann_tui.evaluation.evaluation import Evaluation
    from ann_tui.evaluation.threshold import Aim
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.kept.run_store import RunStore
    from ann_tui.experiments.kept.stored_run import StoredRun
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.workbench import Workbench


class Keeper:
    """Puts the workbench's runs into the store of runs; may be called from every thread."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._kept: dict[Run, StoredRun] = {}
        self._thresholds: dict[str, tuple[float, Aim | None] | None] = {}
        self._lock = threading.RLock()

    @property
    def store(self) -> RunStore:
        """The store of runs."""
        from ann_tui.experiments.kept.run_store import RunStore

        return RunStore()

    def stored(self, run: Run) -> StoredRun | None:
        """A run's place in the store; None where it is not kept yet."""
        return self._kept.get(run)

    def keep(self, run: Run, *, interrupted: bool = False) -> str | None:
        """Put a run on disk, once; why that could not be done, in one line, or None."""
        from ann_tui.experiments.kept.run_store import Beginning

        with self._lock:
            if run in self._kept:
                return None
            if (same := self._same_as(run)) is not None:
                self._kept[run] = same
                _take_over(run, same)
                if run.under_way is not None:
                    run.under_way.done()
                return None
            try:
                result = run.result()
                parent = self._parent(run)
                stored = self.store.keep(
                    run.experiment,
                    result,
                    began=Beginning(run.began, "" if parent is None else parent.id, run.began_at),
                    interrupted=interrupted,
                    number=run.id,
                )
                self._kept[run], self._thresholds[stored.id] = stored, _decided(result.evaluation)
                _take_over(run, stored)
                if run.under_way is not None:
                    run.under_way.done()
                self._write_down(run, labelled=run.label != Label())
            except OSError as error:
                return f"the run could not be kept on disk: {error.strerror or error}"
            except Exception as error:
                return f"the run could not be kept on disk: {unforeseen(error)}"
        return None

    def _parent(self, run: Run) -> StoredRun | None:
        others = (other for other in self._workbench.runs.all if other.id == run.parent)
        return next((self._kept.get(other) for other in others), None)

    def _same_as(self, run: Run) -> StoredRun | None:
        """The kept run with the same choices and the same weights: what is repeated is the same run."""
        return next(
            (
                stored
                for other, stored in self._kept.items()
                if other.experiment == run.experiment
                and (other.parent, other.began_at) == (run.parent, run.began_at)
                and other.changes == run.changes
                and other.answering.weights.tobytes() == run.answering.weights.tobytes()
            ),
            None,
        )

    def look(self, run: Run) -> None:
        """Note that a run's score on its test rows is shown, and put the count of such looks into the run."""
        from ann_tui.experiments.looks import note_look

        with self._lock:
            target = run.prepared.fitted.target.name
            run.looks = note_look(run.experiment.source.path, target, run.answering)
            self._write_down(run)

    def label(self, run: Run) -> None:
        """Put what the person says of a run on disk, as soon as it stands there. Raises OSError."""
        with self._lock:
            self._write_down(run, labelled=True)

    def _write_down(self, run: Run, *, labelled: bool = False) -> None:
        """Put into the record of a kept run what has become known since: its scores, and its label where it has one."""
        stored = self._kept.get(run)
        if stored is None:
            return
        from ann_tui.experiments.kept.run_store import decided_by

        label, test, validation = run.label, run.scores.get("test"), run.scores.get("validation")
        fields: dict[str, Any] = {}
        if validation is not None and dict(validation.metrics) != stored.record.metrics:
            fields["metrics"] = dict(validation.metrics)
        decided = decided_by(run.evaluation)
        if any(getattr(stored.record, name) != value for name, value in decided.items()):
            fields |= decided
        if labelled:
            fields |= {"name": label.name, "note": label.note, "pinned": label.pinned}
        if run.looks and test is not None:
            fields |= {"looks": run.looks, "test": dict(test.metrics)}
        if fields:
            self._kept[run] = self.store.update(stored, **fields)

    def take_up(self, run: Run, stored: StoredRun) -> None:
        """Take note that a run came from the store."""
        self._kept[run], self._thresholds[stored.id] = stored, (run.threshold, run.aim)
        _take_over(run, stored)

    def delete(self, stored: StoredRun) -> None:
        """Remove a run from the store."""
        with self._lock:
            self.store.delete(stored)
            self._kept = {run: kept for run, kept in self._kept.items() if kept.id != stored.id}

    def keep_threshold(self, run: Run) -> None:
        """Put on disk what a kept run decides at by now, where that can be done."""
        with self._lock:
            stored = self._kept.get(run)
            # A person may decide anew meanwhile: what is noted is what was written.
            if stored is None or _decided(run.evaluation) == self._thresholds.get(stored.id):
                return
            result = run.result()
            with suppress(OSError):
                self.store.keep_again(stored, result)
                self._thresholds[stored.id] = _decided(result.evaluation)
                self._write_down(run)

    def note_saved(self, run: Run, path: Path) -> None:
        """Take note that the person keeps a run's model in a file of their own."""
        if (stored := self._kept.get(run)) is not None:
            self._kept[run] = self.store.note_saved(stored, path)

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
            try:
                stored = self.store.keep(experiment, target=workbench.target, interrupted=interrupted)
                kept.append(f"the choices for {_file(experiment)} in {stored.folder}")
            except Exception as error:
                problems.append(f"the choices could not be kept on disk: {unforeseen(error)}")
        return list(dict.fromkeys(kept)), problems


def _take_over(run: Run, stored: StoredRun) -> None:
    """Let a run know what is known of it on disk, where it is the same as one of earlier."""
    record = stored.record
    if run.label == Label():
        run.label = Label(record.name, record.note, record.pinned)
    run.looks = run.looks or record.looks or None


def _decided(evaluation: Evaluation | None) -> tuple[float, Aim | None] | None:
    """At which threshold an evaluation tells two classes apart, and for which aim it was chosen."""
    return None if evaluation is None else (evaluation.threshold, evaluation.aim)


def _file(experiment: Experiment) -> str:
    return printable(Path(experiment.source.path).name, 60)
