"""The words of Layers."""

from __future__ import annotations

from ann_tui.experiments.workbench import Workbench
from ann_tui.figures import counted, number
from ann_tui.network.activations import ACTIVATIONS
from ann_tui.network.build import describe
from ann_tui.network.design import DesignError
from ann_tui.network.outputs import Outputs
from ann_tui.tui.words.word import Word


def _weights(workbench: Workbench) -> str:
    derived, experiment = workbench.derived, workbench.experiment
    prepared = None if derived is None else derived.prepared
    if prepared is None or experiment is None:
        return ""
    outputs = Outputs.telling(len(prepared.fitted.target.classes))
    try:
        layers = describe(experiment.design, len(prepared.fitted.input_names), outputs)
    except DesignError:
        return ""
    return f"Here there are {sum(layer.parameters for layer in layers):,}."


def _units(workbench: Workbench) -> str:
    experiment = workbench.experiment
    if experiment is None:
        return ""
    units = [str(layer.units) for layer in experiment.design.layers if layer.units]
    return f"Here the hidden layers have {' and '.join(units)}." if units else "Here no hidden layer has any."


def _activation(workbench: Workbench) -> str:
    experiment = workbench.experiment
    names = [] if experiment is None else [layer.activation for layer in experiment.design.layers]
    used = list(dict.fromkeys(name for name in names if name in ACTIVATIONS))
    return " ".join(f"Here: {name}, {ACTIVATIONS[name].summary}." for name in used if name)


def _cost(workbench: Workbench) -> str:
    run = workbench.runs.front
    if run is None or not run.history:
        return ""
    first, last = run.history[0].training_cost, run.history[-1].training_cost
    return f"In the run in front it went from {number(first, 3)} to {number(last, 3)} on the training rows."


def _optimizer(workbench: Workbench) -> str:
    return "" if workbench.experiment is None else f"Here: {workbench.experiment.plan.optimizer}."


def _rate(workbench: Workbench) -> str:
    experiment = workbench.experiment
    if experiment is None:
        return ""
    rate = f"{experiment.plan.learning_rate:g}"
    return f"Here {rate}: with plain gradient descent, a gradient of 1 would change a weight by {rate}."


def _batch(workbench: Workbench) -> str:
    experiment, derived = workbench.experiment, workbench.derived
    prepared = None if derived is None else derived.prepared
    if experiment is None or prepared is None:
        return ""
    rows, batch = len(prepared.training.rows), experiment.plan.batch
    return f"Here {batch:,}, so that {rows:,} training rows make {-(-rows // batch):,} steps an epoch."


def _epochs(workbench: Workbench) -> str:
    experiment = workbench.experiment
    return "" if experiment is None else f"Here at most {experiment.plan.epochs:,}."


def _members(workbench: Workbench) -> str:
    experiment = workbench.experiment
    return "" if experiment is None else f"Here: {experiment.design.members}."


def _patience(workbench: Workbench) -> str:
    experiment = workbench.experiment
    if experiment is None:
        return ""
    plan = experiment.plan
    return (
        f"Here after {counted(plan.patience, 'epoch')} without a better one."
        if plan.early_stopping
        else "Here: off."
    )


LAYERS_WORDS = (
    Word(
        "unit",
        "a neuron: it weighs its inputs, adds a bias and bends the sum by its activation; a layer is a row of them "
        "that look at the same inputs",
        "neuron, node",
        _units,
        ("layers-panel", "network-panel"),
    ),
    Word(
        "weight, bias",
        "the numbers that training changes: how much each input counts in a unit, and an offset. They begin by chance",
        "parameters, coefficients",
        _weights,
    ),
    Word(
        "activation",
        "the bend: without it all layers together would be one straight line. Under the layers it is drawn, with "
        "its slope",
        "activation function, non-linearity",
        _activation,
        ("layers-panel:activation",),
    ),
    Word(
        "cost",
        "how wrong the answers are, as one number; training makes it small",
        "loss, objective, error function",
        _cost,
        ("plan-panel:cost", "plan-panel"),
    ),
    Word(
        "gradient", "how the cost changes with each weight: training goes the other way", "slope, derivative"
    ),
    Word(
        "optimizer",
        "the rule that makes a step of a gradient; Adam, which gives each weight a step of its own, is a good first "
        "choice",
        "solver",
        _optimizer,
        ("plan-panel:optimizer",),
    ),
    Word(
        "learning rate",
        "how long a step is. Too long, and the cost jumps about or rises; too short, and it hardly falls",
        "step size, eta",
        _rate,
        ("plan-panel:learning_rate",),
    ),
    Word(
        "batch",
        "how many rows one step looks at: few make many noisy steps, many make few smooth ones",
        "mini-batch",
        _batch,
        ("plan-panel:batch",),
    ),
    Word("epoch", "one pass over all training rows", "iteration", _epochs, ("plan-panel:epochs",)),
    Word(
        "early stopping",
        "ends training when the validation cost no longer falls, before the network learns rows by heart",
        here=_patience,
        places=("plan-panel:early_stopping", "plan-panel:patience"),
    ),
    Word(
        "presets",
        "p: plain is the lesson's network; good, with which you begin, adds what makes it about as good as boosted "
        "trees; strong trains six of these that answer together, and takes far longer",
    ),
    Word("shapes", "l: lists of layers that suit many tables", "architectures"),
    Word(
        "code",
        "c: the network as a script in PyTorch, Keras, scikit-learn or ann-tui, which follows what you choose; ▌ "
        "marks the lines that have changed, ← → go to another framework, y copies, w writes it",
        places=("code-panel",),
    ),
    Word("dropout", "silences a random share of the units in each batch, against learning by heart"),
    Word(
        "schedule, warm-up",
        "how the learning rate falls in the course of training, and rises at its start",
        "decay of the rate",
        places=("plan-panel:schedule", "plan-panel:warm_up"),
    ),
    Word(
        "L1, L2, weight decay",
        "hold the weights small, against learning by heart",
        "regularization",
        places=("plan-panel:l1", "plan-panel:l2", "plan-panel:weight_decay", "plan-panel:max_norm"),
    ),
    Word(
        "momentum, betas",
        "how much of the past gradients goes into each step",
        places=("plan-panel:momentum", "plan-panel:beta_1", "plan-panel:beta_2", "plan-panel:rho"),
    ),
    Word("input scale", "one learnt factor for each input, so that useless ones can fade out"),
    Word(
        "start",
        "a short table's network begins as the linear model of its rows: pairs of units pass that one on, the others "
        "learn what it misses",
        "initialization",
        places=("plan-panel:start",),
    ),
    Word(
        "members",
        "networks of the same layers that begin apart; the mean of what they say is the answer",
        "ensemble",
        _members,
        ("plan-panel:members",),
    ),
    Word(
        "average weights",
        "what is measured and kept is a mean of the last weights, which jumps less",
        "EMA, SWA",
        places=("plan-panel:average",),
    ),
    Word(
        "train again",
        "when the validation rows have told which epoch is best, a network is trained anew for as long on them, "
        "too: it answers new rows, and their score is that of the network before",
        "refit",
        places=("plan-panel:refit",),
    ),
    Word(
        "label smoothing",
        "asks for a little less than certainty, so that wrong labels mislead less",
        places=("plan-panel:label_smoothing",),
    ),
    Word(
        "clipping",
        "shortens a gradient that is too long, so that no step jumps too far",
        places=("plan-panel:clip_norm", "plan-panel:clip_value"),
    ),
)
