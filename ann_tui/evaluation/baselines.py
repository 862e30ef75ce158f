"""What the network has to beat on the same split: majority or mean, a linear model, and boosted trees."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.evaluation.metrics import row_costs
from ann_tui.left_behind import unless_cancelled
from ann_tui.network.one_thread import one_thread

TREES = 100
MOST_ROWS, FEWEST_ROWS = 100_000, 2_000
MOST_CELLS = 4_000_000
"""So many cells, once for each tree that a step of boosting grows, are fitted in a few seconds."""
HELD_ROWS = 10_000
"""More rows tell no better how many trees are best."""

LINEAR_MODELS = ("logistic regression", "ridge regression")
"""The names of the linear models, of classes and of numbers."""

Outputs = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows x (n, f), their class codes or numbers y (n,), and their weights (n,), None where all weigh the same."""

    x: NDArray[np.float32]
    y: NDArray[Any]
    weight: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.y)

    def at(self, places: NDArray[np.integer]) -> Rows:
        """Some of the rows."""
        return Rows(self.x[places], self.y[places], None if self.weight is None else self.weight[places])


@dataclass(frozen=True, eq=False)
class Baseline:
    """A simple model's answers for the judged rows.

    `outputs` is what the network's `predict` would give: class probabilities of shape (n, k), or numbers of
    shape (n,) on the scale of the training target; None where the model could not be fitted, and `problem` says why.
    `rows` counts the rows that it was fitted on in the end. `held` are its answers for the held rows, where these cost
    little: None for trees of a number or of more than two classes, and without such rows.
    """

    name: str
    outputs: Outputs | None
    rows: int
    problem: str = ""
    held: Outputs | None = None


Fit = Callable[[Rows, Rows | None], tuple[Outputs, Outputs | None]]
"""The answers for the held rows are those of a model that is fitted on the first rows; for the judged rows, which come
before them, it is fitted again on the second ones, where there are any."""


def classification_baselines(
    training: Rows,
    held: Rows,
    judged: NDArray[np.float32],
    classes: int,
    *,
    again: Rows | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Baseline, ...]:
    """The majority class, and scikit-learn's logistic regression and boosted trees, fitted on the training rows.

    `held` are rows of which the cost says how many trees are best; the models that answer the `judged` rows, (m, f),
    are then fitted on the rows of `again`, where these are given. Of many rows a sample is taken. Classes that the
    training rows lack get probability 0. When `cancelled` says yes, what is done by then is all there is.
    """
    from sklearn.dummy import DummyClassifier
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    def wide(model: Any, probabilities: Outputs) -> Outputs:
        found = np.zeros((len(probabilities), classes))
        found[:, model.classes_] = probabilities
        return found

    def plain(model: Any) -> Fit:
        return _answering(model, lambda x: wide(model, model.predict_proba(x)), judged, held)

    def trees(rows: Rows, again: Rows | None) -> tuple[Outputs, Outputs | None]:
        model = HistGradientBoostingClassifier(max_iter=TREES, early_stopping=False, random_state=0)
        rows, chooser = _with_chooser(rows, held)
        staged = _fitted(model, rows).staged_predict_proba
        costs = (row_costs(chooser.y, wide(model, answers)) for answers in staged(chooser.x))
        best = _cheapest(costs, chooser)
        told = wide(model, _nth(staged(held.x), best)) if classes == 2 and len(held) else None
        if again is not None:
            staged = _fitted(model, again).staged_predict_proba
        return wide(model, _nth(staged(judged), best)), told

    sample = partial(_sample, trees_a_step=classes if classes > 2 else 1, by_class=True)
    few, few_again = sample(training), None if again is None else sample(again)
    fits = {"majority class": (training, again, plain(DummyClassifier(strategy="prior")))}
    if len(np.unique(training.y)) > 1:
        fits["logistic regression"] = few, few_again, plain(LogisticRegression(max_iter=500))
        fits["gradient boosting"] = few, few_again, trees
    return _baselines(fits, cancelled)


def regression_baselines(
    training: Rows,
    held: Rows,
    judged: NDArray[np.float32],
    *,
    again: Rows | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Baseline, ...]:
    """The training mean, and scikit-learn's ridge regression and boosted trees, fitted on the training rows.

    `held`, `judged` and `again` are as for classes, and so are the sample and `cancelled`.
    """
    from sklearn.dummy import DummyRegressor
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.linear_model import Ridge

    def plain(model: Any) -> Fit:
        return _answering(model, lambda x: np.asarray(model.predict(x)), judged, held)

    def trees(rows: Rows, again: Rows | None) -> tuple[Outputs, None]:
        model = HistGradientBoostingRegressor(max_iter=TREES, early_stopping=False, random_state=0)
        rows, chooser = _with_chooser(rows, held)
        staged = _fitted(model, rows).staged_predict
        costs = (np.square(answers - chooser.y) for answers in staged(chooser.x))
        best = _cheapest(costs, chooser)
        if again is not None:
            staged = _fitted(model, again).staged_predict
        return _nth(staged(judged), best), None

    few, few_again = _sample(training, 1), None if again is None else _sample(again, 1)
    return _baselines(
        {
            "mean": (training, again, plain(DummyRegressor())),
            "ridge regression": (few, few_again, plain(Ridge())),
            "gradient boosting": (few, few_again, trees),
        },
        cancelled,
    )


def _baselines(
    fits: Mapping[str, tuple[Rows, Rows | None, Fit]], cancelled: Callable[[], bool] | None
) -> tuple[Baseline, ...]:
    baselines = []
    for name, (rows, again, fit) in fits.items():

        def work(
            rows: Rows = rows, again: Rows | None = again, fit: Fit = fit
        ) -> tuple[Outputs, Outputs | None]:
            with _alone(), np.errstate(all="ignore"):
                return fit(rows, again)

        outputs: Outputs | None = None
        held: Outputs | None = None
        problem = ""
        try:
            answers = unless_cancelled(work, cancelled)
            if answers is None:
                break
            outputs, held = answers
            if not np.isfinite(outputs).all():
                outputs, held, problem = None, None, "its answers are not finite"
        except Exception as error:
            problem = " ".join(str(error).split()) or type(error).__name__
        baselines.append(Baseline(name, outputs, len(rows if again is None else again), problem, held))
    return tuple(baselines)


def _sample(training: Rows, trees_a_step: int, *, by_class: bool = False) -> Rows:
    """The training rows, or of many of them some at random; `by_class` with at least two of each class there is."""
    cells = training.x.shape[1] * trees_a_step
    rows = min(MOST_ROWS, max(FEWEST_ROWS, MOST_CELLS // max(cells, 1)))
    if len(training) <= rows:
        return training
    order = np.random.default_rng(0).permutation(len(training))
    chosen = order[:rows]
    if by_class:
        # A stable sort by class, so that the first two of a class are those that come first in the random order.
        classes = training.y[order]
        by_code = np.argsort(classes, kind="stable")
        _, starts = np.unique(classes[by_code], return_index=True)
        places = np.union1d(starts, np.minimum(starts + 1, len(order) - 1))
        chosen = np.union1d(chosen, order[by_code[places]])
    return training.at(np.sort(chosen))


def _with_chooser(rows: Rows, held: Rows) -> tuple[Rows, Rows]:
    """The rows to fit trees on, and those that say how many trees are best: `held`, or else a tenth of the rows."""
    generator = np.random.default_rng(1)
    if len(held):
        return rows, held.at(np.sort(generator.permutation(len(held))[:HELD_ROWS]))
    order = generator.permutation(len(rows))
    size = len(rows) // 10
    return rows.at(np.sort(order[size:])), rows.at(np.sort(order[:size]))


def _answering(
    model: Any, answer: Callable[[NDArray[np.float32]], Outputs], judged: NDArray[np.float32], held: Rows
) -> Fit:
    """What fits a model and lets it `answer` the judged rows, and the held ones where there are any."""

    def fit(rows: Rows, again: Rows | None) -> tuple[Outputs, Outputs | None]:
        _fitted(model, rows)
        told = answer(held.x) if len(held) else None
        if again is not None:
            _fitted(model, again)
        return answer(judged), told

    return fit


def _fitted(model: Any, rows: Rows) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return model.fit(rows.x, rows.y, sample_weight=rows.weight)


def _cheapest(costs: Iterator[NDArray[np.float64]], rows: Rows) -> int:
    """The step at which the rows cost least; the last where there are none."""
    if not len(rows):
        return TREES - 1
    return int(np.argmin([np.average(each, weights=rows.weight) for each in costs]))


def _nth(steps: Iterator[Outputs], step: int) -> Outputs:
    """The answers after this step; trees may have ended before it."""
    for answers in islice(steps, step + 1):
        found = answers
    return np.asarray(found)


@contextmanager
def _alone() -> Iterator[None]:
    """One thread for all: on few rows more of them cost many times what they give, and trees left behind go on."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1, user_api="openmp"), one_thread(anew=True):
        yield
