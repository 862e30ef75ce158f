"""Estimators that go on: portions of rows, warm starts, weights of rows and of classes, copies and other processes."""

import io
import pickle

import joblib
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, scale

from ann_tui import ANNClassifier, ANNRegressor

Rows = tuple[NDArray[np.float64], NDArray[np.int64]]


@pytest.fixture(scope="module")
def iris() -> Rows:
    x, y = load_iris(return_X_y=True)
    return scale(x), y


@pytest.fixture(scope="module")
def diabetes() -> Rows:
    x, y = load_diabetes(return_X_y=True)
    return scale(x), y


@pytest.fixture(scope="module")
def rare() -> Rows:
    """Two classes that overlap, one of them ten times rarer."""
    generator = np.random.default_rng(0)
    y = (generator.random(2000) < 0.1).astype(int)
    return generator.normal(y[:, None] * 1.2, 1, (2000, 2)), y


def _weights(model: ANNClassifier | ANNRegressor) -> NDArray[np.float32]:
    found: NDArray[np.float32] = model.network_.weights
    return found


def test_one_batch_after_another_is_what_the_optimizer_makes_of_one_run(iris: Rows) -> None:
    """All rows in one batch: each call is the next epoch of `fit`, if the optimizer forgets nothing in between."""
    x, y = iris
    options = {"layers": "8 tanh", "batch_size": 150, "learning_rate": 0.01, "random_state": 3}
    together = ANNClassifier(**options, epochs=7).fit(x, y)
    portions = ANNClassifier(**options, epochs=7)
    for _ in range(7):
        portions = pickle.loads(pickle.dumps(portions.partial_fit(x, y, classes=[0, 1, 2])))
    np.testing.assert_array_equal(_weights(portions), _weights(together))
    assert portions.costs_ == together.costs_
    assert [row.epoch for row in portions.history_] == list(range(1, 8)) and portions.n_iter_ == 7


def test_the_schedule_takes_a_call_for_an_epoch(iris: Rows) -> None:
    """Of `epochs`; behind them its last rate stays."""
    model = ANNClassifier("", schedule="cosine", epochs=4, learning_rate=0.1)
    for _ in range(6):
        model.partial_fit(*iris, classes=[0, 1, 2])
    rates = [row.learning_rate for row in model.history_]
    fitted = ANNClassifier("", schedule="cosine", epochs=4, learning_rate=0.1).fit(*iris)
    assert rates[:4] == [row.learning_rate for row in fitted.history_] and rates[3:] == [rates[3]] * 3


def test_portions_need_not_have_every_class(iris: Rows) -> None:
    """Three rows at a time."""
    x, y = iris
    model = ANNClassifier("16 relu", learning_rate=0.05, random_state=0)
    order = np.random.default_rng(0).permutation(150)
    for _ in range(6):
        for start in range(0, 150, 3):
            rows = order[start : start + 3]
            model.partial_fit(x[rows], y[rows], classes=np.unique(y))
    assert model.score(x, y) > 0.94 and model.predict_proba(x[:1]).shape == (1, 3)


def test_portions_of_numbers(diabetes: Rows) -> None:
    """The first portion sets the scale of the target for all."""
    x, y = diabetes
    model = ANNRegressor("", learning_rate=0.01, random_state=0)
    for _ in range(100):
        for start in range(0, 400, 100):
            model.partial_fit(x[start : start + 100], y[start : start + 100])
    assert model.score(x, y) > 0.48


def test_portions_go_on_after_a_fit(iris: Rows) -> None:
    """From its weights, in a network of its own; the held-out costs stay, and a portion has none."""
    model = ANNClassifier("8 relu", epochs=5, validation_fraction=0.2, random_state=0).fit(*iris)
    before = _weights(model)
    model.set_params(learning_rate=1e-6).partial_fit(*iris)
    moved = np.abs(_weights(model) - before)
    assert 0 < moved.max() < 1e-4
    costs = model.validation_costs_
    assert len(costs) == 6 and np.isfinite(costs[:5]).all() and np.isnan(costs[5])


@pytest.mark.parametrize(
    ("options", "y", "message"),
    [
        ({"early_stopping": True}, [0, 1, 2], "early_stopping"),
        ({"schedule": "plateau"}, [0, 1, 2], "plateau"),
        ({"class_weight": "balanced"}, [0, 1, 2], "compute_class_weight"),
        ({}, [0, 1, 7], "not among"),
    ],
)
def test_portions_that_make_no_sense_are_refused(
    options: dict[str, object], y: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ANNClassifier(**options).partial_fit([[0.0], [1.0], [2.0]], y, classes=[0, 1, 2])


def test_a_search_over_all_rows_has_no_portions() -> None:
    """As scikit-learn's own: `hasattr` tells."""
    assert not hasattr(ANNRegressor(optimizer="l-bfgs"), "partial_fit")
    assert hasattr(ANNRegressor(optimizer="sgd"), "partial_fit")


@pytest.mark.parametrize("kind", [ANNClassifier, ANNRegressor])
def test_a_warm_start_trains_on(kind: type, iris: Rows) -> None:
    """Plain gradient descent over all rows remembers nothing: 3 and 4 epochs are 7."""
    options = {"optimizer": "sgd", "batch_size": 150, "learning_rate": 0.05, "random_state": 0}
    whole = kind("8 tanh", epochs=7, **options).fit(*iris)
    model = kind("8 tanh", epochs=3, warm_start=True, **options).fit(*iris)
    model.set_params(epochs=4).fit(*iris)
    np.testing.assert_allclose(_weights(model), _weights(whole), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(model.costs_, whole.costs_, rtol=1e-6)
    assert model.n_iter_ == 7
    model.set_params(warm_start=False).fit(*iris)
    assert model.n_iter_ == 4


def test_a_warm_start_of_something_else_is_refused_and_changes_nothing(iris: Rows) -> None:
    x, y = iris
    model = ANNClassifier("4 relu", epochs=2, warm_start=True).fit(x, y)
    before = model.predict_proba(x)
    with pytest.raises(ValueError, match="classes of the first fit"):
        model.fit(x[:100], y[:100])
    with pytest.raises(ValueError, match="features"):
        model.fit(x[:, :2], y)
    with pytest.raises(ValueError, match="layers and cost can't change"):
        model.set_params(layers="5 relu").fit(x, y)
    with pytest.raises(ValueError, match="learning rate"):
        model.set_params(layers="4 relu", optimizer="sgd", learning_rate=1e9).fit(x, y)
    np.testing.assert_array_equal(model.predict_proba(x), before)


def test_a_weight_of_two_is_a_row_twice(rare: Rows) -> None:
    """Of all rows in one batch, for both estimators and the standardized target."""
    x, y = rare
    weight = np.where(np.arange(2000) % 3 == 0, 2, np.where(np.arange(2000) % 3 == 1, 1, 0))
    rows = np.repeat(np.arange(2000), weight)
    for kind in (ANNClassifier, ANNRegressor):
        options = {"batch_size": 4000, "epochs": 60, "learning_rate": 0.02, "random_state": 0}
        weighted = kind("4 tanh", **options).fit(x, y, sample_weight=weight)
        repeated = kind("4 tanh", **options).fit(x[rows], y[rows])
        np.testing.assert_allclose(weighted.predict(x), repeated.predict(x), rtol=1e-3, atol=1e-3)
        np.testing.assert_allclose(weighted.costs_, repeated.costs_, rtol=1e-4)


@pytest.mark.parametrize("weights", ["balanced", {0: 1.0, 1: 20.0}])
def test_class_weights_are_those_of_scikit_learn(weights: object, rare: Rows) -> None:
    """Without hidden layers and trained to the end, the network is its logistic regression."""
    x, y = rare
    model = ANNClassifier("", optimizer="l-bfgs", epochs=200, class_weight=weights).fit(x, y)
    expected = LogisticRegression(C=np.inf, class_weight=weights).fit(x, y)
    np.testing.assert_allclose(model.predict_proba(x), expected.predict_proba(x), atol=2e-3)


def test_weights_count_in_full_in_a_portion_that_has_but_one() -> None:
    """There all rows weigh the same, but it must not be lost how much: the step is so much longer."""

    def step(
        rate: float = 0.1, class_weight: dict[int, float] | None = None, **weights: object
    ) -> NDArray[np.float32]:
        model = ANNClassifier(
            "", optimizer="sgd", learning_rate=rate, class_weight=class_weight, random_state=0
        )
        return _weights(model.partial_fit([[1.0, 2.0], [0.5, 1.0]], [1, 1], classes=[0, 1], **weights))

    start = step(rate=0.0)
    plain = step() - start
    assert np.abs(plain).min() > 1e-3
    np.testing.assert_allclose(step(class_weight={0: 1.0, 1: 5.0}) - start, 5 * plain, rtol=1e-4)
    np.testing.assert_allclose(step(sample_weight=[3.0, 3.0]) - start, 3 * plain, rtol=1e-4)
    np.testing.assert_allclose(
        step(class_weight={0: 1.0, 1: 5.0}, sample_weight=[0.5, 0.5]) - start, 2.5 * plain, rtol=1e-4
    )


def test_costs_of_held_out_rows(iris: Rows) -> None:
    """One for each epoch; the last is the cost of the rows that scikit-learn would split off."""
    from sklearn.metrics import log_loss
    from sklearn.model_selection import train_test_split

    x, y = iris
    seed = int(np.random.RandomState(4).randint(np.iinfo(np.int32).max))
    _, held_out = train_test_split(np.arange(150), test_size=45, random_state=seed, stratify=y)
    model = ANNClassifier("", validation_fraction=0.3, epochs=12, random_state=4).fit(x, y)
    assert len(model.validation_costs_) == len(model.costs_) == model.n_iter_ == 12
    expected = log_loss(y[held_out], model.predict_proba(x[held_out]))
    np.testing.assert_allclose(min(model.validation_costs_), expected, rtol=1e-5)
    assert ANNClassifier("", epochs=2).fit(x, y).validation_costs_ == []


@pytest.mark.parametrize("backend", ["loky", "threading", "multiprocessing"])
def test_a_grid_search_in_parallel_finds_what_one_process_finds(backend: str, iris: Rows) -> None:
    """Scores, best options and predictions to the last bit."""
    grid = {"annclassifier__layers": ["4 relu", "8 tanh"], "annclassifier__l2": [0.0, 0.01]}
    model = make_pipeline(StandardScaler(), ANNClassifier(epochs=4, batch_size=16, random_state=0))
    alone = GridSearchCV(model, grid, cv=3).fit(*iris)
    with joblib.parallel_backend(backend, n_jobs=2):
        parallel = GridSearchCV(model, grid, cv=3, n_jobs=2).fit(*iris)
    assert parallel.best_params_ == alone.best_params_
    np.testing.assert_array_equal(
        parallel.cv_results_["mean_test_score"], alone.cv_results_["mean_test_score"]
    )
    np.testing.assert_array_equal(parallel.predict_proba(iris[0]), alone.predict_proba(iris[0]))


def test_cross_validation_takes_weights_of_rows(diabetes: Rows) -> None:
    """Through scikit-learn's metadata routing and its older way of a pipeline."""
    x, y = diabetes
    model = ANNRegressor("", epochs=30, learning_rate=0.02, random_state=0)
    scores = cross_val_score(model, x, y, params={"sample_weight": np.ones(len(y))}, n_jobs=2)
    np.testing.assert_array_equal(scores, cross_val_score(model, x, y))
    heavy = make_pipeline(StandardScaler(), model).fit(x, y, annregressor__sample_weight=y)
    assert heavy.predict(x).mean() > model.fit(x, y).predict(x).mean() + 5


def test_a_clone_has_the_options_and_nothing_else(iris: Rows) -> None:
    model = ANNClassifier("4 relu", epochs=2, class_weight={0: 1, 1: 2, 2: 3}, warm_start=True).fit(*iris)
    copied = clone(model)
    assert copied.get_params() == model.get_params()
    assert not [name for name in vars(copied) if name.endswith("_") or name.startswith("_")]


def test_joblib_keeps_it_to_the_last_bit_and_without_the_rows(iris: Rows) -> None:
    x, y = np.tile(iris[0], (40, 1)), np.tile(iris[1], 40)
    model = ANNClassifier("8 relu, batch norm", epochs=2, random_state=0).fit(x, y)
    kept = io.BytesIO()
    joblib.dump(model, kept)
    assert len(kept.getvalue()) < 20_000 < x.astype(np.float32).nbytes
    kept.seek(0)
    again = joblib.load(kept)
    np.testing.assert_array_equal(again.predict_proba(x), model.predict_proba(x))
    np.testing.assert_array_equal(again.partial_fit(x, y).predict(x), model.partial_fit(x, y).predict(x))


def test_logarithms_of_probabilities(iris: Rows) -> None:
    model = ANNClassifier("4 relu", epochs=2).fit(*iris)
    np.testing.assert_allclose(
        np.exp(model.predict_log_proba(iris[0])), model.predict_proba(iris[0]), rtol=1e-5
    )
