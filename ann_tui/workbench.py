"""What one sitting holds: the experiment that is being edited, all that follows from it, and its latest run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ann_tui.data.prepare import PreparedData
    from ann_tui.data.profile import TableProfile
    from ann_tui.data.source import Source
    from ann_tui.data.table import Table
    from ann_tui.experiment import Experiment, LoadedData, Run
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


@dataclass(frozen=True, eq=False)
class Derived:
    """Everything that follows from an experiment before it is trained.

    `prepared` is None where the preparation cannot be carried out; `problem` then says why in one line.
    """

    experiment: Experiment
    data: LoadedData
    prepared: PreparedData | None
    problem: str | None

    @property
    def table(self) -> Table:
        """The table as read."""
        return self.data.table

    @property
    def profile(self) -> TableProfile:
        """What is known of the table."""
        return self.data.profile


def derive(
    experiment: Experiment,
    previous: Derived | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    loaded: Callable[[LoadedData], None] | None = None,
) -> Derived:
    """Read, profile and prepare as `experiment` says, taking from `previous` what is still true.

    `progress` and `cancelled` are those of `read_table`; `loaded` is told of the table before it is prepared.
    Raises ReadError where the file can't be read; what is wrong with the second file of a split is a `problem`.
    """
    from ann_tui.data.prepare import PreparationError
    from ann_tui.data.profile import profile_table
    from ann_tui.data.read_error import ReadCancelledError, ReadError
    from ann_tui.experiment import load, own_unit_of, prepare_experiment, with_second_file

    if previous is None or not read_alike(previous.experiment.source, experiment.source):
        data = load(experiment.source, progress=progress, cancelled=cancelled)
        if loaded is not None:
            loaded(data)
    elif previous.experiment.source != experiment.source:
        data = replace(previous.data, profile=profile_table(previous.table, experiment.source))
    else:
        data = previous.data
    if cancelled is not None and cancelled():
        raise ReadCancelledError("reading was stopped")
    try:
        data = with_second_file(experiment, data)
        if (
            previous is not None
            and data is previous.data
            and previous.prepared is not None
            and previous.experiment.preparation == experiment.preparation
            and own_unit_of(previous.experiment.design) == own_unit_of(experiment.design)
        ):
            return replace(previous, experiment=experiment)
        prepared, problem = prepare_experiment(experiment, data), None
    except (PreparationError, ReadError) as error:
        prepared, problem = None, str(error)
    return Derived(experiment, data, prepared, problem)


def first_experiment(
    source: Source,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    loaded: Callable[[LoadedData], None] | None = None,
) -> tuple[Experiment, Derived]:
    """The experiment that the defaults make of a file, and what follows from it; see `derive`. Raises ReadError."""
    from ann_tui.experiment import Experiment, suggested_plan

    derived = derive(Experiment(source), progress=progress, cancelled=cancelled, loaded=loaded)
    experiment = replace(derived.experiment, plan=suggested_plan(len(derived.table.frame)))
    return experiment, replace(derived, experiment=experiment)


def read_alike(one: Source, other: Source) -> bool:
    """Whether two sources give the same table, whatever they say about its columns."""
    return _how_it_is_read(one) == _how_it_is_read(other)


def _how_it_is_read(source: Source) -> tuple[object, ...]:
    return source.path, source.dialect, source.missing_marks, source.column_marks, source.sample_rows


class Workbench:
    """The state behind the screens. It knows no screen, and only the app's own thread changes it."""

    def __init__(self) -> None:
        self.experiment: Experiment | None = None
        self.derived: Derived | None = None
        self.run: Run | None = None
        self.training = False
        self.model: TrainedModel | None = None
        self.model_file = ""
        self._kept: tuple[Experiment | None, Run | None] = (None, None)
        self._undone: list[Experiment] = []
        self._done: list[Experiment] = []

    def open(self, experiment: Experiment, derived: Derived) -> None:
        """Begin anew with a file that has been read; an earlier file's run is put away."""
        self.experiment, self.derived = experiment, derived
        self.run = self.model = None
        self._done.clear()
        self._undone.clear()

    def open_model(self, model: TrainedModel, file: str) -> None:
        """Take up a saved model to predict with; an open table is put away."""
        self.model, self.model_file = model, file
        self.experiment = self.derived = self.run = None
        self._done.clear()
        self._undone.clear()

    def keep(self, experiment: Experiment, run: Run | None) -> None:
        """Take note that an experiment has been saved, or a run with its trained network."""
        self._kept = (experiment, self._kept[1]) if run is None else (run.experiment, run)

    @property
    def unsaved(self) -> str | None:
        """What opening another file would lose, in two words; None where nothing was made since the last saving."""
        experiment, run = self._kept
        if self.run is not None and self.run.evaluation is not None and self.run is not run:
            return "trained network"
        if self._done and self.experiment != experiment:
            return "changed choices"
        return None

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
        """Whether the latest run was made with the experiment as it stands."""
        return self.run is not None and self.run.experiment == self.experiment

    def blocked(self, step: Step) -> str | None:
        """Why a step can't be entered yet, as one line that names the way out; None when it can.

        Where the chosen cost has a say in the preparation, it can be changed even if that is impossible.
        """
        from ann_tui.experiment import own_unit_of

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
        if self.derived.prepared is None and self.run is None:
            return self.derived.problem
        if step is Step.EVALUATE and (self.run is None or self.run.evaluation is None):
            return "the network is still training" if self.training else "train a network first: t"
        if step is Step.PREDICT and (self.run is None or self.run.evaluation is None):
            return "the network is still training" if self.training else "train a network first: t"
        return None

    def done(self, step: Step) -> bool:
        """Whether a step has what it needs, so that the next one can begin."""
        if self.derived is None:
            return False
        if step is Step.DATA:
            return self.derived.profile.target is not None
        if step in (Step.PREPARE, Step.LAYERS):
            return self.derived.prepared is not None
        return self.run is not None and self.run.evaluation is not None and step is not Step.PREDICT
