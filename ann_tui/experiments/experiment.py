"""One experiment: the four choices. The app, the command line and scripts come through here."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.network.design import NetworkDesign
from ann_tui.training.changes import Change
from ann_tui.training.plan import TrainingPlan

if TYPE_CHECKING:
    from ann_tui.experiments.dimension import Dimension
    from ann_tui.model.trained_model import TrainedModel


@dataclass(frozen=True)
class Experiment:
    """Everything that makes a run repeatable: which data, how prepared, which network, how trained.

    `steering` is what a person changed while a run of it trained, in order; a run of it makes the same changes at the
    same batches. It does not count where two are compared, and belongs to these choices alone. `space` is what a sweep
    of it varies, () for what suits its table; it does not count either.
    """

    source: Source
    preparation: Preparation = field(default_factory=Preparation)
    design: NetworkDesign = field(default_factory=NetworkDesign)
    plan: TrainingPlan = field(default_factory=TrainingPlan)
    steering: tuple[Change, ...] = field(default=(), compare=False)
    space: tuple[Dimension, ...] = field(default=(), compare=False)

    def __hash__(self) -> int:
        """Equal experiments have equal hashes, in whatever order their columns were named."""
        return hash(tuple(_hashable(getattr(self, each.name)) for each in fields(self) if each.compare))


def _hashable(value: object) -> Hashable:
    if is_dataclass(value):
        return tuple(_hashable(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, dict):
        return frozenset((key, _hashable(each)) for key, each in value.items())
    if isinstance(value, tuple | list):
        return tuple(map(_hashable, value))
    return value if isinstance(value, Hashable) else repr(value)


def experiment_of(model: TrainedModel) -> Experiment:
    """The experiment that a model comes from."""
    return Experiment(model.source, model.preparation, model.design, model.plan, model.summary.steering)


def from_anywhere(experiment: Experiment) -> Experiment:
    """The experiment with absolute paths."""
    source, preparation = experiment.source, experiment.preparation
    if preparation.split.file and Path(preparation.split.file).exists():
        split = replace(preparation.split, file=str(Path(preparation.split.file).absolute()))
        preparation = replace(preparation, split=split)
    path = source.path if source.path == "-" else str(Path(source.path).absolute())
    return replace(experiment, source=replace(source, path=path), preparation=preparation)


def with_seeds(experiment: Experiment, *, split: int = 0, plan: int = 0) -> Experiment:
    """The experiment with its seeds larger by so much: of its split, which makes other parts, and of its training."""
    preparation, planned = experiment.preparation, experiment.plan
    drawn = replace(preparation.split, seed=preparation.split.seed + split)
    return replace(
        experiment,
        preparation=replace(preparation, split=drawn),
        plan=replace(planned, seed=planned.seed + plan),
    )
