"""scikit-learn's interface over the engine."""

import inspect
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import ann_tui
from ann_tui import ANNClassifier, ANNRegressor

REASON = "batches are drawn at random: a row of weight 2 isn't in the same batches as a repeated row"
EXPECTED = {
    "check_sample_weight_equivalence_on_dense_data": REASON,
    "check_sample_weight_equivalence_on_sparse_data": REASON,
}


@pytest.mark.bits
@parametrize_with_checks(
    [
        ANNClassifier("16 relu", learning_rate=0.01, batch_size=16, epochs=60),
        ANNRegressor("16 relu", learning_rate=0.01, batch_size=16, epochs=60, l2=0.001),
    ],
    expected_failed_checks=lambda estimator: EXPECTED,
    xfail_strict=True,
)
def test_scikit_learns_own_contract(estimator: object, check: object) -> None:
    """All of its public checks."""
    check(estimator)  # type: ignore[operator]


PROMISED = {
    "layers": "64 relu, 32 relu", "cost": None, "optimizer": "adam", "learning_rate": 0.001,
    "schedule": "constant", "batch_size": 128, "epochs": 100, "l2": 0.0, "validation_fraction": 0.0,
    "early_stopping": False, "random_state": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more"),
    [(ANNClassifier, {"class_weight": None, "warm_start": False}), (ANNRegressor, {"warm_start": False})],
)
def test_the_signature_is_the_promised_one(kind: type, more: dict[str, object]) -> None:
    """Names, order and defaults; what came later stands behind."""
    found = {name: value.default for name, value in inspect.signature(kind).parameters.items()}
    assert list(found.items()) == list((PROMISED | more).items())
    with pytest.raises(TypeError):
        kind("8 relu", "cross-entropy")


def test_classifies() -> None:
    """Iris, in a pipeline, by cross-validation; and the costs fall."""
    x, y = load_iris(return_X_y=True)
    model = make_pipeline(
        StandardScaler(), ANNClassifier("16 relu", learning_rate=0.01, batch_size=16, random_state=0)
    )
    assert cross_val_score(model, x, y).mean() > 0.93
    model.fit(x, y)
    costs = model[-1].costs_
    assert len(costs) == 100
    assert costs[-1] < 0.2 * costs[0]
    shares = model.predict_proba(x)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert (model.predict(x) == model.classes_[shares.argmax(axis=1)]).all()


def test_regresses() -> None:
    """Diabetes, whose target has a mean of 152: about as well as a linear model."""
    x, y = load_diabetes(return_X_y=True)
    model = ANNRegressor("16 relu", learning_rate=0.003, l2=0.05, epochs=40, random_state=0, batch_size=32)
    assert cross_val_score(make_pipeline(StandardScaler(), model), x, y).mean() > 0.4


def test_names_of_classes_come_back() -> None:
    """Two words, in any order."""
    x = np.array([[-1.0], [1.0]] * 20)
    y = np.array(["yes", "no"] * 20)
    model = ANNClassifier("", learning_rate=0.1, random_state=0).fit(x, y)
    assert model.classes_.tolist() == ["no", "yes"]
    assert model.predict([[-2.0], [2.0]]).tolist() == ["yes", "no"]


def test_early_stopping_keeps_the_best_epoch() -> None:
    """By the held-out rows."""
    x, y = load_iris(return_X_y=True)
    model = ANNClassifier(
        "64 relu", learning_rate=0.02, batch_size=16, epochs=500, validation_fraction=0.3, early_stopping=True,
        random_state=1,
    ).fit(StandardScaler().fit_transform(x), y)  # fmt: skip
    best = int(np.argmin(model.validation_costs_))
    assert model.n_iter_ == len(model.costs_) == best + 1 + 30 < 500


@pytest.mark.bits
def test_the_same_seed_gives_the_same_bits_and_a_pickle_too() -> None:
    """Fit twice, and through a pickle."""
    x, y = load_iris(return_X_y=True)
    models = [
        ANNClassifier("8 relu, dropout 0.2", epochs=5, random_state=seed).fit(x, y) for seed in (1, 1, 2)
    ]
    first, second, third = (model.predict_proba(x).tobytes() for model in models)
    assert first == second != third
    assert pickle.loads(pickle.dumps(models[0])).predict_proba(x).tobytes() == first


def test_a_grid_search_sets_the_layers() -> None:
    """Options are scikit-learn parameters."""
    x, y = load_iris(return_X_y=True)
    search = GridSearchCV(
        ANNClassifier(epochs=3, random_state=0), {"layers": ["4 relu", "8 tanh"]}, cv=2
    ).fit(x, y)
    assert search.best_params_["layers"] in ("4 relu", "8 tanh")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layers": "8 reluu"}, "reluu"),
        ({"layers": (64, 32)}, "must be text, such as"),
        ({"epochs": 1.5}, "epochs 1.5: it must be a whole number"),
        ({"batch_size": "auto"}, "batch size 'auto': it must be a whole number of rows, 1 or more"),
        ({"batch_size": 0}, "batch size 0: it must be a whole number of rows, 1 or more"),
        ({"epochs": None}, "epochs None: it must be a whole number"),
        ({"learning_rate": "adaptive"}, "learning rate 'adaptive': it must be a number, 0 or more"),
        ({"class_weight": {7: 1.0}}, "not in class_weight"),
        ({"cost": "huber"}, "can't judge classes"),
        ({"optimizer": "magic"}, "unknown optimizer"),
        (
            {"validation_fraction": 1.0},
            "validation fraction 1: it must be a share of the rows, from 0 to below 1",
        ),
        ({"learning_rate": 1e9, "optimizer": "sgd"}, "learning rate"),
    ],
)
def test_bad_options_are_refused_in_a_line(options: dict[str, object], message: str) -> None:
    """When fitting, as scikit-learn asks."""
    x, y = load_iris(return_X_y=True)
    with pytest.raises(ValueError, match=message):
        ANNClassifier(**options).fit(x, y)


def test_counts_stay_counts() -> None:
    """Poisson sees the target as it is and predicts its mean."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(400, 1))
    y = generator.poisson(np.exp(1 + 0.5 * x[:, 0]))
    model = ANNRegressor("", cost="poisson", learning_rate=0.05, batch_size=50, random_state=0).fit(x, y)
    np.testing.assert_allclose(model.predict([[0.0], [1.0]]), np.exp([1, 1.5]), rtol=0.15)


def test_the_package_alone_does_not_load_scikit_learn() -> None:
    """The estimators are loaded when they are first asked for."""
    loaded = "'sklearn' in sys.modules"
    code = f"import sys, ann_tui; assert not {loaded}; ann_tui.ANNClassifier; assert {loaded}"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="nothing"):
        ann_tui.nothing  # noqa: B018
