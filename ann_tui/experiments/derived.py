"""What follows from an experiment before anything is trained: its table, what is known of it, and the matrices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ann_tui.data.cells.table import Table
    from ann_tui.data.choices.source import Source
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.data.preparing.split import Assignment
    from ann_tui.data.preparing.target_scale import OwnUnit
    from ann_tui.data.profile.table_profile import TableProfile
    from ann_tui.data.reading.second_file import SecondFile
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.network.design import NetworkDesign


@dataclass(frozen=True, eq=False)
class LoadedData:
    """A table with what is known of it, and the second file that was last read for a split by file."""

    table: Table
    profile: TableProfile
    second: SecondFile | None = None


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


def load(
    source: Source,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> LoadedData:
    """Read and profile the file of `source`. Raises ReadError with one clear line."""
    from ann_tui.data.profile.table_profile import profile_table
    from ann_tui.data.reading.read_table import read_table

    table = read_table(source, progress=progress, cancelled=cancelled)
    return LoadedData(table, profile_table(table, source))


def suggested_experiment(source: Source, data: LoadedData, preset: str | None = None) -> Experiment:
    """The experiment that a preset makes of a table, the default one if none is named."""
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.presets import with_preset

    return with_preset(Experiment(source), preset, len(data.table.frame))


def prepare_experiment(
    experiment: Experiment, data: LoadedData, assigned: Assignment | None = None
) -> PreparedData:
    """Prepare the table as the experiment says. Raises PreparationError or ReadError with one clear line.

    With `assigned`, rows of the table are in these parts, whatever the split says.
    """
    if assigned is None:
        return _prepared(experiment, completed(experiment, data))
    from ann_tui.data.preparing.prepare import prepare_rows

    data = _with_task_of_cost(experiment, data)
    own_unit = own_unit_of(experiment.design)
    return prepare_rows(
        data.table, data.profile, experiment.source, experiment.preparation, assigned, own_unit
    )


def completed(experiment: Experiment, data: LoadedData) -> LoadedData:
    """The data with all that the experiment asks of it; the same data where it has that. Raises ReadError."""
    return with_second_file(experiment, _with_task_of_cost(experiment, data))


def _prepared(experiment: Experiment, data: LoadedData) -> PreparedData:
    from ann_tui.data.preparing.prepare import prepare

    return prepare(
        data.table,
        data.profile,
        experiment.source,
        experiment.preparation,
        test_table=None if data.second is None else data.second.table,
        own_unit=own_unit_of(experiment.design),
    )


def with_second_file(experiment: Experiment, data: LoadedData) -> LoadedData:
    """The data with the second file that the split asks for; the same data where it has that. Raises ReadError."""
    from ann_tui.data.reading.second_file import read_second_file

    split = experiment.preparation.split
    if not split.way.second_file:
        return data
    second = read_second_file(experiment.source, str(split.file), data.table.path.parent, data.second)
    return data if second is data.second else replace(data, second=second)


def judged_as_number(design: NetworkDesign) -> bool:
    """Whether the cost that is chosen judges numbers alone."""
    from ann_tui.network.costs import COSTS

    entry = COSTS.get(design.cost)
    return entry is not None and entry.kinds == ("number",)


def _with_task_of_cost(experiment: Experiment, data: LoadedData) -> LoadedData:
    """The data, whose target of numbers is no class where the cost judges numbers alone and nobody stated a task."""
    from ann_tui.data.choices.column_kind import ColumnKind
    from ann_tui.data.profile.table_profile import profile_table

    source, profile = experiment.source, data.profile
    if not judged_as_number(experiment.design) or source.task is not None or profile.target is None:
        return data
    if profile.task == "regression" or profile.column(profile.target).kind != ColumnKind.NUMBER:
        return data
    return replace(data, profile=profile_table(data.table, replace(source, task="regression")))


def own_unit_of(design: NetworkDesign) -> OwnUnit | None:
    """What the cost wants of a number target; None where it may be transformed and standardized."""
    from ann_tui.data.preparing.target_scale import OwnUnit
    from ann_tui.network.costs import COSTS

    entry = COSTS.get(design.cost)
    return OwnUnit(entry.name, entry.lowest_target) if entry is not None and entry.raw_target else None


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
    from ann_tui.data.profile.table_profile import profile_table

    if previous is None or not read_alike(previous.experiment.source, experiment.source):
        data = load(experiment.source, progress=progress, cancelled=cancelled)
        if loaded is not None:
            loaded(data)
    elif previous.experiment.source != experiment.source or (
        judged_as_number(previous.experiment.design) and not judged_as_number(experiment.design)
    ):
        data = replace(previous.data, profile=profile_table(previous.table, experiment.source))
    else:
        data = previous.data
    return _derived(experiment, data, previous, cancelled=cancelled)


def _derived(
    experiment: Experiment,
    data: LoadedData,
    previous: Derived | None = None,
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Derived:
    """What follows from the experiment and its data; see `derive`."""
    from ann_tui.data.preparing.prepare import PreparationError
    from ann_tui.data.reading.read_error import ReadCancelledError, ReadError

    if cancelled is not None and cancelled():
        raise ReadCancelledError("reading was stopped")
    try:
        data = completed(experiment, data)
        if (
            previous is not None
            and data is previous.data
            and previous.prepared is not None
            and previous.experiment.preparation == experiment.preparation
            and own_unit_of(previous.experiment.design) == own_unit_of(experiment.design)
        ):
            return replace(previous, experiment=experiment)
        prepared, problem = _prepared(experiment, data), None
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
    data = load(source, progress=progress, cancelled=cancelled)
    if loaded is not None:
        loaded(data)
    experiment = suggested_experiment(source, data)
    return experiment, _derived(experiment, data, cancelled=cancelled)


def read_alike(one: Source, other: Source) -> bool:
    """Whether two sources give the same table, whatever they say about its columns."""
    return _how_it_is_read(one) == _how_it_is_read(other)


def _how_it_is_read(source: Source) -> tuple[object, ...]:
    return (
        source.path,
        source.dialect,
        source.missing_marks,
        source.column_marks,
        source.number_forms,
        source.date_forms,
        source.sample_rows,
    )
