"""Metrics against scikit-learn, and what they say where a class is absent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics as reference
from sklearn.preprocessing import label_binarize

from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.label_metrics import class_scores
from ann_tui.evaluation.metrics import (
    CLASSIFICATION_METRICS,
    METRIC_TITLES,
    REGRESSION_METRICS,
    classification_metrics,
    regression_metrics,
)

Labelled = tuple[NDArray[np.int64], NDArray[np.float64]]


@st.composite
def labelled(draw: st.DrawFn) -> Labelled:
    """Class codes and probabilities of up to five classes, with ties and absent classes now and then."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    classes, rows = draw(st.integers(2, 5)), draw(st.integers(1, 60))
    codes = generator.integers(0, draw(st.integers(1, classes)), rows)
    shares = generator.dirichlet(np.ones(classes), rows) + 0.3 * (codes[:, np.newaxis] == np.arange(classes))
    if draw(st.booleans()):
        shares = np.round(shares, 1) + 0.05
    return codes, shares / shares.sum(axis=1, keepdims=True)


@settings(max_examples=80, deadline=None)
@given(labelled())
@pytest.mark.filterwarnings("ignore")
def test_classification_metrics_are_those_of_scikit_learn(case: Labelled) -> None:
    codes, probabilities = case
    classes = probabilities.shape[1]
    predicted, present = probabilities.argmax(axis=1), np.unique(codes)
    found = classification_metrics(codes, probabilities)
    averages = {
        average: reference.precision_recall_fscore_support(codes, predicted, average=average, zero_division=0)
        for average in ("macro", "weighted")
    }
    expected = {
        "accuracy": reference.accuracy_score(codes, predicted),
        "balanced_accuracy": reference.recall_score(codes, predicted, labels=present, average="macro"),
        "log_loss": reference.log_loss(codes, probabilities, labels=range(classes)),
        "precision_macro": averages["macro"][0],
        "precision_weighted": averages["weighted"][0],
        "f1_macro": averages["macro"][2],
        "f1_weighted": averages["weighted"][2],
        "matthews": reference.matthews_corrcoef(codes, predicted),
    }
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-9), name
    if len(present) < classes:
        assert found["roc_auc"] is None and found["average_precision"] is None
    else:
        own = codes if classes == 2 else label_binarize(codes, classes=range(classes))
        scores = probabilities[:, 1] if classes == 2 else probabilities
        assert found["roc_auc"] == pytest.approx(reference.roc_auc_score(own, scores, average="macro"))
        assert found["average_precision"] == pytest.approx(
            reference.average_precision_score(own, scores, average="macro")
        )


@settings(max_examples=40, deadline=None)
@given(labelled())
@pytest.mark.filterwarnings("ignore")
def test_figures_of_each_class_are_those_of_scikit_learn(case: Labelled) -> None:
    codes, probabilities = case
    classes = probabilities.shape[1]
    predicted = probabilities.argmax(axis=1)
    matrix = ConfusionMatrix.from_codes(tuple(map(str, range(classes))), codes, predicted)
    expected = reference.precision_recall_fscore_support(
        codes, predicted, labels=range(classes), zero_division=np.nan
    )
    for index, score in enumerate(class_scores(matrix)):
        np.testing.assert_allclose(
            [score.precision, score.recall, score.f1, score.rows], [part[index] for part in expected]
        )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 80))
def test_regression_metrics_are_those_of_scikit_learn(seed: int, rows: int) -> None:
    generator = np.random.default_rng(seed)
    true = generator.normal(50, 20, rows)
    given_answers = true + generator.standard_t(2, rows)
    found = regression_metrics(true, given_answers)
    expected = {
        "r2": reference.r2_score(true, given_answers),
        "rmse": reference.root_mean_squared_error(true, given_answers),
        "mae": reference.mean_absolute_error(true, given_answers),
        "median_error": reference.median_absolute_error(true, given_answers),
    }
    assert found == pytest.approx(expected)


def test_without_rows_every_metric_is_none() -> None:
    found = classification_metrics(np.array([], int), np.empty((0, 3)))
    assert tuple(found) == CLASSIFICATION_METRICS and set(found.values()) == {None}
    numbers = regression_metrics(np.array([]), np.array([]))
    assert tuple(numbers) == REGRESSION_METRICS and set(numbers.values()) == {None}


def test_every_metric_has_a_title() -> None:
    assert set(CLASSIFICATION_METRICS) | set(REGRESSION_METRICS) <= set(METRIC_TITLES)
