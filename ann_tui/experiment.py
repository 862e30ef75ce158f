"""One experiment: the four choices, and how they run. The app, the command line and scripts come through here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ann_tui.data.preparation import Preparation
from ann_tui.data.source import Source
from ann_tui.model.target_outputs import outputs_of as outputs_of
from ann_tui.network.costs import COSTS
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan

if TYPE_CHECKING:
    from ann_tui.data.number_target import OwnUnit
    from ann_tui.data.prepare import PreparedData
    from ann_tui.data.profile import TableProfile
    from ann_tui.data.second_file import SecondFile
    from ann_tui.data.table import Table
    from ann_tui.evaluation.evaluation import Evaluation
    from ann_tui.model.trained_model import TrainedModel
    from ann_tui.training.control import TrainingControl
    from ann_tui.training.snapshot import Snapshot
    from ann_tui.training.trainer import Trainer


@dataclass(frozen=True)
class Experiment:
    """Everything that makes a run repeatable: which data, how prepared, which network, how trained."""

    source: Source
    preparation: Preparation = field(default_factory=Preparation)
    design: NetworkDesign = field(default_factory=NetworkDesign)
    plan: TrainingPlan = field(default_factory=TrainingPlan)


def suggested_plan(rows: int) -> TrainingPlan:
    """A training plan that suits a table of `rows` rows: larger batches and fewer epochs for longer tables."""
    plan = TrainingPlan()
    if rows <= 5_000:
        return plan
    if rows <= 50_000:
        return replace(plan, batch=128, epochs=min(plan.epochs, 100))
    return replace(plan, batch=256, epochs=max(10, min(plan.epochs, 5_000_000 // rows)))


def experiment_of(model: TrainedModel) -> Experiment:
    """The experiment that a model comes from."""
    return Experiment(model.source, model.preparation, model.design, model.plan)


class Run:
    """One training run: a network of its own, its trainer, and afterwards its evaluation.

    Raises DesignError where the design does not fit the data.
    """

    def __init__(
        self, experiment: Experiment, prepared: PreparedData, control: TrainingControl | None = None
    ) -> None:
        from ann_tui.network.network import Network
        from ann_tui.training.examples import Examples
        from ann_tui.training.trainer import Trainer

        self.experiment = experiment
        self.prepared = prepared
        training, validation = prepared.training, prepared.validation
        self.network = Network(
            experiment.design,
            len(prepared.fitted.feature_names),
            outputs_of(prepared.fitted),
            seed=experiment.plan.seed,
        )
        self.network.begin_near(training.y, training.weight)
        self.trainer: Trainer = Trainer(
            self.network,
            Examples(training.x, training.y, training.weight),
            Examples(validation.x, validation.y, validation.weight) if len(validation.rows) else None,
            experiment.plan,
            control,
        )
        self.evaluation: Evaluation | None = None

    def train(self) -> Snapshot:
        """Train to the end and give the last snapshot; the network then holds its best weights."""
        return self.trainer.run()

    def evaluate(self) -> Evaluation:
        """Judge the trained network on every split, once, beside its baselines."""
        if self.evaluation is None:
            self.judge()
            self.compare()
        assert self.evaluation is not None
        return self.evaluation

    def judge(self) -> Evaluation:
        """Judge the trained network on every split; `compare` adds the baselines."""
        from ann_tui.evaluation.evaluation import judge

        self.evaluation = judge(self.network, self.prepared)
        return self.evaluation

    def compare(self, *, cancelled: Callable[[], bool] | None = None) -> Evaluation:
        """Put the baselines beside the judgement; when `cancelled` says yes, those that are done by then."""
        from ann_tui.evaluation.evaluation import with_baselines

        self.evaluation = with_baselines(self.evaluation or self.judge(), self.prepared, cancelled=cancelled)
        return self.evaluation


@dataclass(frozen=True, eq=False)
class LoadedData:
    """A table with what is known of it, and the second file that was last read for a split by file."""

    table: Table
    profile: TableProfile
    second: SecondFile | None = None


def load(
    source: Source,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> LoadedData:
    """Read and profile the file of `source`. Raises ReadError with one clear line."""
    from ann_tui.data.profile import profile_table
    from ann_tui.data.reading import read_table

    table = read_table(source, progress=progress, cancelled=cancelled)
    return LoadedData(table, profile_table(table, source))


def prepare_experiment(experiment: Experiment, data: LoadedData) -> PreparedData:
    """Prepare the table as the experiment says. Raises PreparationError or ReadError with one clear line."""
    from ann_tui.data.prepare import prepare

    second = with_second_file(experiment, data).second
    return prepare(
        data.table,
        data.profile,
        experiment.source,
        experiment.preparation,
        test_table=None if second is None else second.table,
        own_unit=own_unit_of(experiment.design),
    )


def with_second_file(experiment: Experiment, data: LoadedData) -> LoadedData:
    """The data with the second file that the split asks for; the same data where it has that. Raises ReadError."""
    from ann_tui.data.second_file import read_second_file

    split = experiment.preparation.split
    if split.method != "file":
        return data
    second = read_second_file(experiment.source, str(split.file), data.table.path.parent, data.second)
    return data if second is data.second else replace(data, second=second)


def own_unit_of(design: NetworkDesign) -> OwnUnit | None:
    """What the cost wants of a number target; None where it may be transformed and standardized."""
    from ann_tui.data.number_target import OwnUnit

    entry = COSTS.get(design.cost)
    return OwnUnit(entry.name, entry.lowest_target) if entry is not None and entry.raw_target else None
