"""The same weights and batch order give the costs of scikit-learn's networks, epoch by epoch."""

import warnings
from typing import Any

import numpy as np
import pytest
from training.problems import OUTPUTS, draw

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.scoring import predict
from ann_tui.training.examples import Examples
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer

EPOCHS = 12
ROWS = 90

SOLVERS: dict[str, dict[str, Any]] = {
    "sgd": {"solver": "sgd", "momentum": 0.0},
    "momentum": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False},
    "nesterov": {"solver": "sgd", "momentum": 0.9},
    # Where ε stands differs, so it is made too small to matter.
    "adam": {"solver": "adam", "epsilon": 1e-16},
}


@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("optimizer", SOLVERS)
def test_the_cost_curve(optimizer: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of 20 rows, the last of 10; ReLU and tanh; in float64 to 1e-6."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    data = draw(kind, ROWS)
    x = data.x.astype(np.float64)
    for activation in ("relu", "tanh"):
        # scikit-learn's cost for numbers is half of ours, so are its steps.
        half = kind == "number"
        model = (MLPRegressor if half else MLPClassifier)(
            hidden_layer_sizes=(7, 5), activation=activation, batch_size=20, learning_rate_init=0.02, alpha=0.0,
            shuffle=False, max_iter=1, tol=0.0, n_iter_no_change=1000, warm_start=True, **SOLVERS[optimizer],
        )  # fmt: skip
        network = Network(
            NetworkDesign.from_text(f"7 {activation}, 5 {activation}"),
            4,
            OUTPUTS[kind],
            seed=2,
            dtype=np.float64,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(x, data.y.astype(np.float64) if half else data.y)
            for number, layer in enumerate(network.layers):
                model.coefs_[number] = network.parameters[f"{layer.name}.weights"].copy()
                model.intercepts_[number] = network.parameters[f"{layer.name}.bias"].copy()
            model.loss_curve_.clear()
            model.set_params(max_iter=EPOCHS)
            model.fit(x, data.y.astype(np.float64) if half else data.y)

        rate = 0.02 / 2 if half and optimizer != "adam" else 0.02
        plan = TrainingPlan(
            epsilon=1e-16,
            optimizer=optimizer,
            learning_rate=rate,
            schedule="constant",
            batch=20,
            epochs=EPOCHS,
            early_stopping=False,
        )
        trainer = Trainer(network, Examples(x, data.y), None, plan)
        monkeypatch.setattr(trainer.loop.position, "draw_order", lambda: None)
        costs = np.array([row.training_cost for row in trainer.run().history])
        expected = np.array(model.loss_curve_[-EPOCHS:]) * (2 if half else 1)
        np.testing.assert_allclose(costs, expected, rtol=1e-6)


def test_without_hidden_layers_it_is_logistic_regression() -> None:
    """L-BFGS on the same penalized cost finds the same weights."""
    from sklearn.linear_model import LogisticRegression

    data = draw("multiclass", 200)
    x = data.x.astype(np.float64)
    network = Network(NetworkDesign(()), 4, OUTPUTS["multiclass"], dtype=np.float64)
    Trainer(
        network,
        Examples(x, data.y),
        None,
        TrainingPlan(optimizer="l-bfgs", l2=0.01, epochs=20, early_stopping=False),
    ).run()
    model = LogisticRegression(C=1 / (0.01 * 200), tol=1e-10, max_iter=1000).fit(x, data.y)
    np.testing.assert_allclose(predict(network, x), model.predict_proba(x), atol=1e-4)


def test_without_hidden_layers_it_is_ridge_regression() -> None:
    """Squared error with an L2 penalty has its minimum where algebra says."""
    from sklearn.linear_model import Ridge

    data = draw("number", 200)
    x = data.x.astype(np.float64)
    network = Network(NetworkDesign(()), 4, OUTPUTS["number"], dtype=np.float64)
    Trainer(
        network,
        Examples(x, data.y),
        None,
        TrainingPlan(optimizer="l-bfgs", l2=0.2, epochs=20, early_stopping=False),
    ).run()
    model = Ridge(alpha=0.2 * 200 / 2).fit(x, data.y)
    np.testing.assert_allclose(predict(network, x), model.predict(x), atol=1e-5)
    np.testing.assert_allclose(network.parameters["output.weights"][:, 0], model.coef_, atol=1e-5)
