"""The words of Train."""

from __future__ import annotations

import numpy as np

from ann_tui.data.preparing.deciding import decided
from ann_tui.experiments.workbench import Workbench
from ann_tui.figures import number, percent
from ann_tui.training.history import EpochRow
from ann_tui.tui.words.word import Word


def _last(workbench: Workbench) -> EpochRow | None:
    run = workbench.runs.front
    return None if run is None or not run.history else run.history[-1]


def _cost(workbench: Workbench) -> str:
    run, last = workbench.runs.front, _last(workbench)
    if run is None or last is None:
        return ""
    first = run.history[0]
    says = f"Here it went from {number(first.training_cost, 3)} to {number(last.training_cost, 3)} on the training rows"
    if last.validation_cost is not None:
        says += f", and stands at {number(last.validation_cost, 3)} on the validation rows"
    return f"{says}."


def _matrix(workbench: Workbench) -> str:
    run = workbench.runs.front
    if run is None or not run.prepared.fitted.target.classes or run.snapshot.validation_outputs is None:
        return ""
    codes = decided(run.snapshot.validation_outputs, run.threshold)
    actual = np.asarray(run.prepared.validation.actual).astype(np.intp)
    right = int((codes == actual).sum())
    return f"Here {right:,} of {len(actual):,} validation rows lie on the diagonal, {percent(right / len(actual))}."


def _gap(workbench: Workbench) -> str:
    last = _last(workbench)
    if last is None or last.validation_cost is None:
        return ""
    gap = last.validation_cost - last.training_cost
    return (
        f"Here {number(last.validation_cost, 3)} less {number(last.training_cost, 3)} is {number(gap, 2)}"
        + (
            ": what it learned holds for rows that it has not seen."
            if gap <= 0.1 * last.validation_cost
            else "."
        )
    )


def _best(workbench: Workbench) -> str:
    run, last = workbench.runs.front, _last(workbench)
    if run is None or last is None or run.snapshot.best_epoch is None:
        return ""
    return f"Here the validation cost was lowest after epoch {run.snapshot.best_epoch:,} of {last.epoch:,}."


def _steps(workbench: Workbench) -> str:
    run = workbench.runs.front
    if run is None or not run.history:
        return ""
    batches, epochs = run.snapshot.batches, run.snapshot.epoch
    return f"Here {batches:,} steps an epoch, {batches * epochs:,} in {epochs:,} epochs."


def _weights(workbench: Workbench) -> str:
    run = workbench.runs.front
    if run is None:
        return ""
    return f"This network has {run.network.weights.size:,} weights and biases."


def _metric(workbench: Workbench) -> str:
    run, last = workbench.runs.front, _last(workbench)
    if run is None or last is None or last.validation_metric is None:
        return ""
    classes = run.prepared.fitted.target.classes
    value = percent(last.validation_metric) if classes else number(last.validation_metric, 3)
    return f"Here: {value} of the validation rows." if classes else f"Here: {value} on the validation rows."


def _speed(workbench: Workbench) -> str:
    run = workbench.runs.front
    return "" if run is None else f"Here at {run.snapshot.rows_per_second:,.0f} rows a second."


TRAIN_WORDS = (
    Word(
        "cost",
        "how wrong the answers are, as one number: the thin line on the rows that the network learns from, the "
        "thick one on the validation rows",
        "loss",
        _cost,
        ("cost-panel", "step:the cost"),
    ),
    Word(
        "overfitting",
        "the training cost goes on falling while the validation cost rises: rows are learned by heart",
        "overtraining",
        _best,
    ),
    Word(
        "gap",
        "the validation cost less the training cost: the wider, the more was learned by heart",
        "generalization gap",
        _gap,
    ),
    Word(
        "gradient descent",
        "each weight goes a little against its gradient: downhill; S shows one such step",
        "backpropagation finds the gradients",
        _steps,
        ("step:the update",),
    ),
    Word(
        "seconds, left",
        "under the panels stand the epoch, the seconds that training has taken and those that the rest of the plan "
        "would take, the rows it goes through in a second, and the learning rate now",
        here=_speed,
    ),
    Word(
        "confusion matrix",
        "how often each true class was given each predicted class; right answers lie on the diagonal",
        "error matrix, contingency table",
        _matrix,
        ("answers-panel", "answers-panel:matrix"),
    ),
    Word("accuracy", "the share of right answers", here=_metric),
    Word("recall", "of the rows of a class, the share that was found", "sensitivity, true positive rate"),
    Word("precision", "of the answers for a class, the share that was right", "positive predictive value"),
    Word(
        "balanced accuracy",
        "the mean recall of the classes: a rare class counts as much as a frequent one, so that always giving the "
        "frequent one is not rewarded",
        "macro recall",
    ),
    Word(
        "R²",
        "for numbers: 1 is perfect, 0 is no better than the mean",
        "coefficient of determination",
        places=("answers-panel:actual", "answers-panel:residuals"),
    ),
    Word(
        "class shares, mean, linear model",
        "what answering without looking at the features costs on the validation rows, and what a linear model does: a "
        "network that does not get below has learned nothing, or nothing worth its trouble. ↑ lies above the picture",
        "baselines",
    ),
    Word(
        "weight",
        "how much an input counts in a unit: above 0 it speaks for it, below 0 against it",
        "parameter",
        _weights,
        ("inside-panel", "inside-panel:network", "step:forward"),
    ),
    Word("bias", "what a unit adds of its own, whatever comes in", "intercept, offset"),
    Word("fires", "a unit gives something: its sum lies where the activation lets it through", "activates"),
    Word(
        "delta",
        "by how much the cost changes when a sum does; the gradient of a weight is its value times that",
        "error signal",
        places=("step:backward",),
    ),
    Word(
        "relevance",
        "by how much the validation cost rises when a unit always gives its mean, or when the values of a column are "
        "shuffled among the rows: what it falls by is noise",
        "permutation importance, ablation",
        places=("inside-panel:neurons",),
    ),
    Word(
        "boundary",
        "where the answer changes when two columns change and all others stand still",
        "decision boundary",
        places=("inside-panel:boundary",),
    ),
    Word(
        "landscape",
        "the cost over a plane through the weights as they are: of the many directions in which weights can go it "
        "shows two, those in which the training went most, or two by chance",
        "loss surface",
        places=("inside-panel:descent",),
    ),
    Word(
        "dead, saturated",
        "a unit that no row can teach any more; one whose curve is flat where the rows are",
        places=("inside-panel:health",),
    ),
    Word(
        "update", "by how much an epoch changes a layer's weights, as a share of their size: some 0.1 to 10 %"
    ),
    Word(
        "run",
        "one training: its choices, what was changed by hand while it went on, and what came of it. Beside each stands "
        "what it differs in from the one in front",
        "trial, experiment",
        places=("runs-panel",),
    ),
    Word("smoothed", "a moving average of the epochs, the newest counting most; dots are the raw costs"),
)
