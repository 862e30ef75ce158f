"""The cross-validation of one run beside the app: begun by a thread, done in processes, looked at by the screens."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.experiments.derived import LoadedData, load
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.folds.cross_validated import CrossValidated
    from ann_tui.experiments.folds.folds import FoldResult
    from ann_tui.experiments.run import Run

FOLDS = 5
MOST_PROCESSES = 4


class FoldJob:
    """The folds of one run: how far they are, what came of them, and whether they shall go on.

    `problem` says in one line why there is nothing, and `looks` counts the networks that have judged the table's rows,
    once that is known. `work` is what its thread does; after its end `ask_for_more` says that it shall be done again,
    for what is left, or for other folds of the same rows beside those that are done.
    """

    def __init__(self, run: Run, folds: int = FOLDS) -> None:
        """Nothing is begun yet."""
        self.run, self.folds = run, folds
        self._repeats = self._seeds = 1
        self._threshold = run.threshold if run.aim is None else run.aim
        self._found: list[FoldResult] = []
        self.problem = ""
        self.looks: int | None = None
        self.ended = False
        self._told: CrossValidated | None = None
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._seconds = 0.0
        self._before = 0

    @property
    def told(self) -> CrossValidated | None:
        """What there is so far; another object as soon as there is more. None before the rows are divided."""
        return self._told

    @property
    def done(self) -> int:
        """How many trainings are done."""
        return len(self._found)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.folds if self._told is None else len(self._told.validation)

    @property
    def seconds(self) -> float:
        """How long the trainings since it was last begun have taken."""
        return self._seconds if self.ended else time.monotonic() - self._began

    @property
    def seconds_left(self) -> float | None:
        """How long it may still take, by the trainings that are done; None before the first of them."""
        here = self.done - self._before
        if not here or self.ended:
            return None
        return (self.total - self.done) * (self.seconds / here)

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    @property
    def whole(self) -> bool:
        """Whether all trainings are done."""
        return self.done == self.total

    def ask_for_more(self) -> None:
        """Let `work` go on with what is left; where nothing is, in other folds, or with another seed."""
        if self.whole and self.run.prepared.preparation.split.way.seeded:
            self._repeats += 1
        elif self.whole:
            self._seeds += 1
        self._stop = threading.Event()
        self._began, self._before = time.monotonic(), self.done
        self.problem, self.ended = "", False

    def stop(self) -> None:
        """Give up what is under way; what is done is kept."""
        self._stop.set()

    def work(self) -> None:
        """Divide the rows, train in every fold, and note the look at the rows."""
        try:
            self._work()
        except (ValueError, OSError) as error:
            self.problem = str(error)
        except Exception as error:
            self.problem = unforeseen(error)
        finally:
            self._seconds = time.monotonic() - self._began
            self.ended = True

    def _work(self) -> None:
        from ann_tui.experiments.folds.cross_validated import CrossValidated
        from ann_tui.experiments.folds.cross_validation import cross_validation, fold_results
        from ann_tui.experiments.looks import note_look

        run = self.run
        validation = cross_validation(
            replace(run.experiment, steering=()),
            _data_of(run),
            folds=self.folds,
            repeats=self._repeats,
            seeds=self._seeds,
            threshold=self._threshold if len(run.prepared.fitted.target.classes) == 2 else None,
        )
        self._told = CrossValidated(validation, tuple(self._found))
        processes = min(MOST_PROCESSES, max(1, (os.cpu_count() or 2) - 1))
        done = {result.place for result in self._found}
        for result in fold_results(validation, jobs=processes, beside=True, stop=self._stop, done=done):
            self._found.append(result)
            self._told = CrossValidated(validation, tuple(self._found))
        if self._told.judged() and self.done > self._before:
            target = run.prepared.fitted.target.name
            self.looks = note_look(run.experiment.source.path, target, self._told.look())


def _data_of(run: Run) -> LoadedData:
    """The table of a run: where its test rows are a second file's, without these."""
    prepared = run.prepared
    if prepared.preparation.split.way.second_file:
        return load(run.experiment.source)
    return LoadedData(prepared.table, prepared.profile)
