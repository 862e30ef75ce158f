"""A network that begins as the linear model of its training rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ann_tui.network.arrays import Array
from ann_tui.network.linear_start import begin_as_lines, obstacle
from ann_tui.network.network import Network
from ann_tui.training.examples import Examples
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer

MOST_ROWS = 10_000
"""More rows tell a linear model no better, for a start."""

EPOCHS = 20


def linear_model(network: Network, examples: Examples) -> tuple[Array, Array]:
    """The weights (features, units) and biases (units,) of the linear model with the network's cost.

    L-BFGS fits it, with half of Σw² over the number of rows as its penalty: that of scikit-learn's logistic regression.
    Raises TrainingError where the rows can't be trained on.
    """
    if len(examples) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(0).permutation(len(examples))[:MOST_ROWS])
        weight = None if examples.weight is None else examples.weight[rows]
        examples = Examples(examples.x[rows], examples.y[rows], weight)
    design = replace(network.design, layers=(), members=1)
    model = Network(design, network.features, network.outputs, dtype=np.float64)
    model.begin_near(examples.y, examples.weight)
    plan = TrainingPlan(optimizer="l-bfgs", epochs=EPOCHS, early_stopping=False, l2=1 / len(examples))
    Trainer(model, examples, None, plan).run()
    found = model.views(model.weights)
    return found["output.weights"], found["output.bias"]


def begin_as_linear_model(network: Network, examples: Examples) -> None:
    """Let a fresh network answer like the linear model; one whose layers can't pass it on stays as it is."""
    if obstacle(network.layers[:-1], network.outputs.units) is None:
        begin_as_lines(network.layers, network.views(network.weights), *linear_model(network, examples))
