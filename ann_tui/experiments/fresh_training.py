"""The training of an experiment at its very beginning: fresh weights, and the rows that it learns from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ann_tui.model.building import new_network
from ann_tui.network.linear_start import LINEAR
from ann_tui.training.examples import Examples
from ann_tui.training.linear_start import begin_as_linear_model
from ann_tui.training.trainer import Trainer

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import Part, PreparedData
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.training.changes import Change
    from ann_tui.training.control import TrainingControl


def fresh_training(
    experiment: Experiment,
    prepared: PreparedData,
    control: TrainingControl,
    *,
    replay: Sequence[Change] = (),
    keep: int = 0,
    all_rows: bool = False,
    begun: bool = True,
) -> Trainer:
    """The trainer of a new network of the experiment's design, on the prepared rows; `replay`, `keep` as in `Trainer`.

    With `all_rows` it learns from the validation rows too, which then judge nothing. With `begun` False its weights
    are of no account: it is to stand where a saved state was. Raises DesignError where the design does not fit the
    data, and TrainingError where the rows can't be trained on.
    """
    training, validation = prepared.training, prepared.validation
    network = new_network(experiment.design, prepared.fitted, experiment.plan.seed)
    if all_rows:
        from ann_tui.data.preparing.prepare import joined

        training, held_out = joined(training, validation), None
    else:
        held_out = _examples(validation) if len(validation.rows) else None
    examples = _examples(training)
    if begun:
        network.begin_near(examples.y, examples.weight)
    if begun and experiment.design.start == LINEAR:
        begin_as_linear_model(network, examples)
    return Trainer(network, examples, held_out, experiment.plan, control, replay=replay, keep=keep)


def _examples(part: Part) -> Examples:
    return Examples(part.x, part.y, part.weight)
