"""Who answers on the Predict screen: the network of the latest run, or a saved model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ann_tui.data.preparing.fitted import FittedPreparation
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.model.trained_model import TrainedModel
    from ann_tui.network.network import Network


@dataclass(frozen=True, eq=False)
class Answerer:
    """A fitted preparation and a network, and what is known of their errors.

    `typical_error` is the mean absolute error over the rows of the part `judged`, None for a class target: the
    validation rows where there are some, so that nobody looks at the test rows by the way. `data` is
    the path of the file it was trained on; `run` the run it comes from, None for a saved model. `model` makes the
    model that answers whole files, which may take a while; `threshold` is what two classes are told apart at now.
    """

    fitted: FittedPreparation
    network: Network
    judged: str
    typical_error: float | None
    data: str
    model: Callable[[], TrainedModel]
    threshold: Callable[[], float]
    run: Run | None = None


def answerer_of(workbench: Workbench) -> Answerer | None:
    """The judged network of the latest run, or else the model that was opened; None while there is neither."""
    run, model = workbench.judged, workbench.model
    if run is not None:
        return _of_run(run)
    return None if model is None else _of_model(model)


def _of_run(run: Run) -> Answerer:
    from ann_tui.model.trained_model import TrainedModel

    evaluation = run.evaluation
    assert evaluation is not None
    part = "validation" if "validation" in evaluation.scores else evaluation.judged
    return Answerer(
        run.prepared.fitted,
        run.answering,
        part,
        evaluation.scores[part].metrics.get("mae"),
        run.experiment.source.path,
        lambda: TrainedModel.from_result(run.result()),
        lambda: run.threshold,
        run,
    )


def _of_model(model: TrainedModel) -> Answerer:
    judged = "validation" if "validation" in model.summary.metrics else model.summary.judged
    error = model.summary.metrics.get(judged, {}).get("mae")
    return Answerer(
        model.fitted, model.network, judged, error, model.source.path, lambda: model, lambda: model.threshold
    )
