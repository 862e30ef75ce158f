"""What one sitting holds: the experiment that is being edited, all that follows from it, and the tree of its runs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ann_tui.experiments.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ann_tui.experiments.chosen_row import ChosenRow
    from ann_tui.experiments.derived import Derived
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.kept.stored_run import StoredRun
    from ann_tui.experiments.run import Run
    from ann_tui.model.trained_model import TrainedModel


class Step(StrEnum):
    """The six steps, in order."""

    DATA = "data"
    PREPARE = "prepare"
    LAYERS = "layers"
    TRAIN = "train"
    EVALUATE = "evaluate"
    PREDICT = "predict"

    @property
    def number(self) -> int:
        """1 to 6."""
        return list(Step).index(self) + 1

    @property
    def heading(self) -> str:
        """The step's name as the screens write it."""
        return self.value.capitalize()


class Workbench:
    """The state behind the screens. It knows no screen, and only the app's own thread changes it."""

    def __init__(self, keep: int = 0) -> None:
        """The timelines of its runs take at most `keep` bytes together."""
        self.experiment: Experiment | None = None
        self.derived: Derived | None = None
        self.runs = Runs(keep)
        self.digest = ""
        self.on_disk: tuple[StoredRun, ...] = ()
        self.model: TrainedModel | None = None
        self.model_file = ""
        self.row: ChosenRow | None = None
        self._saved: Experiment | None = None
        self._kept: set[Run] = set()
        self._undone: list[Experiment] = []
        self._done: list[Experiment] = []

    def open(
        self, experiment: Experiment, derived: Derived, digest: str = "", on_disk: Sequence[StoredRun] = ()
    ) -> None:
        """Begin anew with a file that has been read; an earlier file's runs are put away.

        `digest` is the SHA-256 of the file as it was read, and `on_disk` are the runs on it that are kept.
        """
        self.experiment, self.derived, self.model = experiment, derived, None
        self._put_away()
        self.digest = digest
        self.find_on_disk(on_disk)

    def row_for(self, run: Run) -> ChosenRow | None:
        """The chosen row, where a run's network can be asked for it."""
        row = self.row
        return row if row is not None and row.fits(run.prepared.fitted) else None

    def find_on_disk(self, runs: Sequence[StoredRun]) -> None:
        """Take note of the runs on this table that are kept."""
        self.on_disk = tuple(runs)
        self.runs.highest = max((run.record.number for run in runs), default=0)

    def open_model(self, model: TrainedModel, file: str) -> None:
        """Take up a saved model to predict with; an open table is put away."""
        self.model, self.model_file = model, file
        self.experiment = self.derived = None
        self._put_away()

    def _put_away(self) -> None:
        """Forget what was done with an earlier table, and let go of its rows."""
        self.runs.clear()
        self.digest, self.on_disk = "", ()
        self._kept.clear()
        self._done.clear()
        self._undone.clear()

    def keep(self, experiment: Experiment, run: Run | None = None) -> None:
        """Take note that an experiment has been saved, or a run with its trained network."""
        self._saved = experiment
        if run is not None:
            self.note_kept(run)

    def note_kept(self, run: Run) -> None:
        """Take note that a run stands on disk, with its choices and its network."""
        self._kept.add(run)

    @property
    def unsaved(self) -> str | None:
        """What opening another file would lose, in two words; None where all that was made stands on disk."""
        if any(run.evaluation is not None and run not in self._kept for run in self.runs.all):
            return "trained network"
        kept = {self._saved, *(run.chosen for run in self._kept)}
        if self._done and self.experiment not in kept:
            return "changed choices"
        return None

    @property
    def target(self) -> str:
        """The column that is predicted; "" while there is none."""
        return "" if self.derived is None else self.derived.profile.target or ""

    def change(self, experiment: Experiment) -> bool:
        """Take an edited experiment; False when it says nothing new."""
        if self.experiment is None or experiment == self.experiment:
            return False
        self._done.append(self.experiment)
        self._undone.clear()
        self.experiment = experiment
        return True

    def undo(self) -> bool:
        """Go back to the experiment before the last change; False when there is none."""
        return self._step_back(self._done, self._undone)

    def redo(self) -> bool:
        """Take back the last undo; False when there is none."""
        return self._step_back(self._undone, self._done)

    def _step_back(self, come_from: list[Experiment], go_to: list[Experiment]) -> bool:
        if self.experiment is None or not come_from:
            return False
        go_to.append(self.experiment)
        self.experiment = come_from.pop()
        return True

    @property
    def up_to_date(self) -> bool:
        """Whether `derived` follows from the experiment as it stands."""
        return self.derived is not None and self.derived.experiment == self.experiment

    @property
    def run_is_current(self) -> bool:
        """Whether the run in front was made with the experiment as it stands."""
        return self.runs.front is not None and self.runs.front.chosen == self.experiment

    def called(self, run: Run) -> str:
        """What a run is called where it is shown: its number, as soon as there are several; "" for the only one."""
        return f"run {run.id}" if len(self.runs.all) > 1 else ""

    @property
    def judged(self) -> Run | None:
        """The run that is judged and used: the one in front, or while that is not judged the newest that is."""
        runs = [*self.runs.all, self.runs.front]
        return next((run for run in reversed(runs) if run is not None and run.evaluation is not None), None)

    def blocked(self, step: Step) -> str | None:
        """Why a step can't be entered yet, as one line that names the way out; None when it can.

        Where the chosen cost has a say in the preparation, it can be changed even if that is impossible.
        """
        from ann_tui.experiments.derived import own_unit_of

        if step is Step.DATA:
            return None
        if step is Step.PREDICT and self.model is not None:
            return None
        if self.derived is None:
            return "open a table first: o" if self.model is not None else "open a file first: o"
        if step is Step.PREPARE:
            return None
        if step is Step.LAYERS and own_unit_of(self.derived.experiment.design) is not None:
            return None
        if self.derived.prepared is None and self.runs.front is None:
            return self.derived.problem
        if step in (Step.EVALUATE, Step.PREDICT) and self.judged is None:
            return (
                "train a network first: t" if self.runs.training is None else "the network is still training"
            )
        return None

    def done(self, step: Step) -> bool:
        """Whether a step has what it needs, so that the next one can begin."""
        if self.derived is None:
            return False
        if step is Step.DATA:
            return self.derived.profile.target is not None
        if step in (Step.PREPARE, Step.LAYERS):
            return self.derived.prepared is not None
        return self.judged is not None and step is not Step.PREDICT
