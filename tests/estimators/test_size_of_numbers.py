"""Targets, features and weights of any size are dealt with as those near 1, or refused; NumPy warns of nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui import ANNClassifier, ANNRegressor
from ann_tui.estimators.regressor import _mean_and_deviation

X = np.random.default_rng(0).normal(size=(60, 3))
Y = X[:, 0] * 3 + 1


def regressor(**options: object) -> ANNRegressor:
    return ANNRegressor("8 tanh", epochs=60, learning_rate=0.02, batch_size=20, random_state=0, **options)


@pytest.mark.parametrize("offset", [1e6, 1e8, 1.7e9, 1e12])
def test_a_target_far_from_0_is_told_as_well_as_one_near_it(offset: float) -> None:
    near, far = regressor().fit(X, Y), regressor().fit(X, Y + offset)
    assert far.predict(X).dtype == np.float64
    assert far.score(X, Y + offset) == pytest.approx(near.score(X, Y), abs=1e-3) and near.score(X, Y) > 0.9


@pytest.mark.parametrize("size", [1e-310, 1e-200, 1e-40, 1e39, 1e200, 1e307])
def test_a_target_of_any_size_is_told_as_well_as_one_near_1(size: float) -> None:
    """Its squares may overflow or vanish."""
    found = regressor().fit(X, Y * size).predict(X) / size
    np.testing.assert_allclose(found, regressor().fit(X, Y).predict(X), rtol=0.02, atol=0.05)


def test_what_no_number_can_hold_is_refused() -> None:
    """In the target, the features, the weights and the answers."""
    with pytest.raises(ValueError, match=r"the target reaches from -1.7e\+308 to 1.7e\+308, too wide"):
        regressor().fit(X, np.sign(Y) * 1.7e308)
    model = regressor().fit(X, Y)
    with pytest.raises(ValueError, match="too large for dtype"):
        model.predict(X * 1e39)
    with pytest.raises(ValueError, match=r"row 1: the network has no answer, its features are too large"):
        regressor(cost="squared error").set_params(layers="8 relu").fit(X, Y).predict([[0, 0, 0], [3e38] * 3])
    with pytest.raises(ValueError, match="row 0: the network has no answer"):
        ANNClassifier("8 relu", epochs=2, random_state=0).fit(X, Y > 0).predict([[3e38] * 3])
    with pytest.raises(ValueError, match=r"target: row 2, column 0 is 1e\+39, too large for float32"):
        regressor(cost="poisson").fit(X, np.where(np.arange(60) == 2, 1e39, 1.0))
    with pytest.raises(ValueError, match="the sum of sample_weight is too large"):
        model.fit(X, Y, np.full(60, 1e308))
    with pytest.raises(ValueError, match="weights lie too far apart"):
        model.partial_fit(X, Y, np.full(60, 1e-60))
    near_the_end = regressor().fit(X, Y / np.abs(Y).max() * 1.7e308)
    with pytest.raises(ValueError, match="row 0: the answer is too large for a number to hold"):
        near_the_end.set_params(layers="").fit(X, Y / np.abs(Y).max() * 1.7e308).predict(X * 100)


@settings(max_examples=50)
@given(
    numbers=st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=20).filter(lambda found: any(found)),
    weighted=st.booleans(),
)
def test_mean_and_deviation_are_those_of_exact_numbers(numbers: list[float], weighted: bool) -> None:
    """By Python's fractions; a deviation of 0 is exactly 0."""
    from fractions import Fraction

    weights = [1 + place % 3 for place in range(len(numbers))] if weighted else [1] * len(numbers)
    exact, total = [Fraction(number) for number in numbers], sum(weights)
    mean = sum(w * x for w, x in zip(weights, exact, strict=True)) / total
    variance = sum(w * (x - mean) ** 2 for w, x in zip(weights, exact, strict=True)) / total
    found, deviation = _mean_and_deviation(np.array(numbers), np.array(weights, float) if weighted else None)
    size = float(max(map(abs, exact)))
    assert found == pytest.approx(float(mean), rel=1e-12, abs=size * 1e-12)
    root = float(variance / Fraction(size) ** 2) ** 0.5 * size
    assert deviation == pytest.approx(root, rel=1e-6, abs=size * 1e-14)
    assert (deviation == 0) == (len(set(numbers)) == 1) or deviation < size * 1e-12


@pytest.mark.parametrize("first", [np.full(20, 3e-5), np.array([3e-5]), np.array([3e-5, 3e-5, 4e-5])])
def test_a_first_portion_without_a_deviation_is_refused(first: np.ndarray) -> None:
    """And nothing is kept of it; rows of weight 0 give none."""
    weight = np.where(first == 3e-5, 1.0, 0.0)
    model = ANNRegressor(random_state=0, learning_rate=0.01)
    with pytest.raises(ValueError, match="begin with rows of different targets"):
        model.partial_fit(X[: len(first)], first, weight)
    y = X[:, 0] * 1e-5 + 3e-5
    for _ in range(60):
        for start in range(0, 60, 30):
            model.partial_fit(X[start : start + 30], y[start : start + 30])
    assert model.score(X, y) > 0.95
    assert model.partial_fit(X[:1], y[:1]).score(X, y) > 0.95
