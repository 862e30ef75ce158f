"""What the network has to beat on the same split: majority or mean, a linear model, and boosted trees."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.network.one_thread import one_thread

TREES, TREES_A_STEP = 100, 10
MANY_ROWS = 20_000
"""Below so many rows a second thread costs more than it gives."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """A simple model's answers for the judged rows.

    `outputs` is what the network's `predict` would give: class probabilities of shape (n, k), or numbers of
    shape (n,) on the scale of the training target.
    """

    name: str
    outputs: NDArray[Any]


def classification_baselines(
    x: NDArray[np.float32],
    y: NDArray[np.integer],
    weight: NDArray[np.float32] | None,
    judged: NDArray[np.float32],
    classes: int,
    *,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Baseline, ...]:
    """The majority class, and scikit-learn's logistic regression and boosted trees, fitted on x (n, f), codes y (n,).

    `judged` (m, f) are the rows to answer. Classes that the training rows lack get probability 0. When `cancelled`
    says yes, what is done by then is all there is.
    """
    from sklearn.dummy import DummyClassifier
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    models: Mapping[str, Any] = {
        "majority class": DummyClassifier(strategy="prior"),
        "logistic regression": LogisticRegression(max_iter=500),
        "gradient boosting": HistGradientBoostingClassifier(warm_start=True, random_state=0),
    }
    baselines = []
    for name, model in models.items():
        if len(np.unique(y)) < 2 and name != "majority class":
            continue
        with _threads(len(x)):
            if not _fit(model, x, y, weight, cancelled):
                break
            probabilities = np.zeros((len(judged), classes))
            probabilities[:, model.classes_] = model.predict_proba(judged)
        baselines.append(Baseline(name, probabilities))
    return tuple(baselines)


def regression_baselines(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    weight: NDArray[np.float32] | None,
    judged: NDArray[np.float32],
    *,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Baseline, ...]:
    """The training mean, and scikit-learn's ridge regression and boosted trees, fitted on x (n, f), numbers y (n,).

    When `cancelled` says yes, what is done by then is all there is.
    """
    from sklearn.dummy import DummyRegressor
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.linear_model import Ridge

    models: Mapping[str, Any] = {
        "mean": DummyRegressor(),
        "ridge regression": Ridge(),
        "gradient boosting": HistGradientBoostingRegressor(warm_start=True, random_state=0),
    }
    baselines = []
    for name, model in models.items():
        with _threads(len(x)):
            if not _fit(model, x, y, weight, cancelled):
                break
            baselines.append(Baseline(name, model.predict(judged)))
    return tuple(baselines)


def _fit(
    model: Any,
    x: NDArray[np.float32],
    y: NDArray[Any],
    weight: NDArray[np.float32] | None,
    cancelled: Callable[[], bool] | None,
) -> bool:
    """Fit a model, boosted trees some at a time; False when it was cancelled."""
    from sklearn.exceptions import ConvergenceWarning

    stepwise = hasattr(model, "warm_start") and hasattr(model, "max_iter") and hasattr(model, "max_bins")
    steps = range(TREES_A_STEP, TREES + 1, TREES_A_STEP) if stepwise else (None,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for trees in steps:
            if cancelled is not None and cancelled():
                return False
            if trees is not None:
                model.set_params(max_iter=trees)
            model.fit(x, y, sample_weight=weight)
            if trees is not None and model.n_iter_ < trees:
                break
    return True


@contextmanager
def _threads(rows: int) -> Iterator[None]:
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    if rows >= MANY_ROWS:
        yield
        return
    with threadpool_limits(limits=1, user_api="openmp"), one_thread(anew=True):
        yield
