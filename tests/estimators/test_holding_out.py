"""Rows held out to choose the best epoch: they have a weight, and no class is lost to training by them."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import BaggingRegressor

from ann_tui import ANNClassifier, ANNRegressor
from ann_tui.estimators.holding_out import hold_out


@pytest.mark.filterwarnings("ignore:one row alone")
@given(
    labels=st.lists(st.tuples(st.integers(0, 4), st.sampled_from([0.0, 1.0, 2.5])), min_size=2, max_size=60),
    share=st.floats(0.01, 0.99),
    seed=st.integers(0, 5),
)
def test_no_class_is_lost_and_each_held_out_row_weighs(
    labels: list[tuple[int, float]], share: float, seed: int
) -> None:
    y, weight = np.array([label for label, _ in labels]), np.array([weight for _, weight in labels])
    counts = np.bincount(y[weight > 0], minlength=5)
    weighing = int(counts.sum())
    if 1 < weighing <= round(share * weighing):
        with pytest.raises(ValueError, match="leaves none to train on"):
            hold_out(y, weight, np.arange(5), share, seed)
        return
    if counts.max() < 2:
        with pytest.raises(ValueError, match="validation_fraction needs two rows or more of one class"):
            hold_out(y, weight, np.arange(5), share, seed)
        return
    kept, held_out = hold_out(y, weight, np.arange(5), share, seed)
    assert sorted([*kept, *held_out]) == list(range(len(y)))
    assert len(held_out) and (weight[held_out] > 0).all()
    assert set(y[kept][weight[kept] > 0]) == set(np.flatnonzero(counts))


def test_the_others_are_still_held_out_by_class() -> None:
    """One row of its own class does not leave the shares of all others to chance."""
    y = np.repeat([0, 1, 2], [95, 4, 1])
    for seed in range(5):
        with pytest.warns(UserWarning, match="one row alone is of class 'c': it is trained on"):
            kept, held_out = hold_out(y, None, np.array(["a", "b", "c"]), 0.25, seed)
        assert np.bincount(y[held_out], minlength=3).tolist() == [24, 1, 0]
        assert 99 in kept


def test_a_class_of_one_row_is_learned() -> None:
    """It lies far from all others."""
    y = np.zeros(100, int)
    y[:4], y[4] = 1, 2
    x = np.random.default_rng(0).normal(size=(100, 2))
    x[4] += 8
    model = ANNClassifier(
        validation_fraction=0.2, early_stopping=True, epochs=300, learning_rate=0.01, random_state=0
    )
    with pytest.warns(UserWarning, match="class 2"):
        model.fit(x, y)
    assert model.predict(x[4:5]) == [2]


def test_a_bag_of_networks_is_fitted_whatever_rows_it_draws() -> None:
    """Bagging gives rows that it has not drawn the weight 0."""
    x = np.random.default_rng(0).normal(size=(30, 5))
    model = ANNRegressor(epochs=5, validation_fraction=0.1, early_stopping=True)
    for seed in range(5):
        BaggingRegressor(model, n_estimators=10, random_state=seed).fit(x, x[:, 0])
    with pytest.raises(ValueError, match="validation_fraction needs two rows or more of a weight above 0"):
        model.fit(x, x[:, 0], np.arange(30) == 3)


def test_rows_that_all_weigh_are_held_out_as_scikit_learn_does() -> None:
    """In its order, so that a seed keeps its bits; a weight changes nothing of it."""
    from sklearn.model_selection import train_test_split

    y = np.repeat([0, 1], 20)
    expected = train_test_split(np.arange(40), test_size=10, random_state=7, stratify=y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for weight in (None, np.ones(40)):
            for found, rows in zip(hold_out(y, weight, np.arange(2), 0.25, 7), expected, strict=True):
                np.testing.assert_array_equal(found, rows)


def test_a_share_that_leaves_no_row_to_train_on_is_refused() -> None:
    model = ANNRegressor(epochs=5, validation_fraction=0.999)
    with pytest.raises(
        ValueError, match=r"validation_fraction 0\.999 of 60 rows leaves none to train on: make it smaller"
    ):
        model.fit(np.arange(120).reshape(60, 2), np.arange(60))
