"""How much a metric would move with other rows: 95 % bootstrap intervals (Efron 1979), in bounded work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.cells.magnitude import safe_unit
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD, decided
from ann_tui.evaluation.label_metrics import label_metrics
from ann_tui.evaluation.metrics import normalized, row_costs

RESAMPLES = 1_000
MOST_ROWS = 4_000
"""Metrics of single rows are resampled from at most so many of them."""
MOST_CURVES = 12
"""ROC AUC gets an interval up to so many classes."""
BLOCK = 100

Sampled = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`: where a figure lies in 95 of 100 draws of as many rows."""

    low: float
    high: float


def classification_intervals(
    true: NDArray[np.integer],
    probabilities: NDArray[Any],
    metrics: Mapping[str, float | None],
    *,
    threshold: float = DEFAULT_THRESHOLD,
    seed: int = 0,
) -> dict[str, Interval]:
    """95 % intervals about the figures of `classification_metrics`, for those that have one.

    Drawing rows anew draws the cells of the confusion matrix from a multinomial distribution, so the metrics of
    labels cost the same for any number of rows.
    """
    if len(true) < 2:
        return {}
    generator = np.random.Generator(np.random.PCG64(seed))
    codes, exact = np.asarray(true), normalized(probabilities)
    intervals = label_intervals(
        codes, decided(np.asarray(probabilities), threshold), exact.shape[1], metrics, seed=seed
    )
    curves = 1 if exact.shape[1] == 2 else min(exact.shape[1], MOST_CURVES)
    chosen = _chosen(len(codes), generator, 3 * MOST_ROWS // (curves + 2))
    codes, exact, scores = codes[chosen], exact[chosen], np.asarray(probabilities)[chosen]
    costs = row_costs(codes, exact)
    curved = _curves(codes, scores)

    def measure(weights: NDArray[np.float64]) -> Sampled:
        found = {"log_loss": weights @ costs / weights.sum(axis=1)}
        if curved:
            found["roc_auc"] = np.mean([_areas(weights, *curve) for curve in curved], axis=0)
        return found

    return intervals | _weighted(measure, metrics, len(true), len(codes), generator)


def label_intervals(
    true: NDArray[np.integer],
    predicted: NDArray[np.integer],
    classes: int,
    metrics: Mapping[str, float | None],
    *,
    seed: int = 0,
) -> dict[str, Interval]:
    """95 % intervals about the figures of `label_metrics`, for class codes (n,) of truth and answers."""
    if len(true) < 2:
        return {}
    generator = np.random.Generator(np.random.PCG64(seed))
    return _intervals(_resampled_labels(np.asarray(true), np.asarray(predicted), classes, generator), metrics)


def regression_intervals(
    true: NDArray[Any], predicted: NDArray[Any], metrics: Mapping[str, float | None], *, seed: int = 0
) -> dict[str, Interval]:
    """95 % intervals about the figures of `regression_metrics`."""
    if len(true) < 2:
        return {}
    generator = np.random.Generator(np.random.PCG64(seed))
    chosen = _chosen(len(true), generator)
    actual = np.asarray(true, np.float64)[chosen]
    errors = np.abs(np.asarray(predicted, np.float64)[chosen] - actual)
    order = np.argsort(errors, kind="stable")
    actual, errors = actual[order], errors[order]
    unit = safe_unit(actual, errors)
    small, centred = errors / unit, (actual - actual.mean()) / unit

    def measure(weights: NDArray[np.float64]) -> Sampled:
        rows = weights.sum(axis=1)
        squares = weights @ small**2
        middle = np.cumsum(weights, axis=1) >= rows[:, np.newaxis] / 2
        return {
            "r2": _r2(squares, weights, centred),
            "rmse": np.sqrt(squares / rows) * unit,
            "mae": weights @ errors / rows,
            "median_error": errors[middle.argmax(axis=1)],
        }

    return _weighted(measure, metrics, len(true), len(actual), generator)


def accuracy_difference(
    true: NDArray[np.integer], own: NDArray[np.integer], other: NDArray[np.integer], *, seed: int = 0
) -> Interval:
    """The accuracy of `own` less that of `other`, as a 95 % interval; all are class codes (n,) of the same rows.

    Only rows where one is right and the other wrong can move the difference; they are drawn together, row by row.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    rows = len(true)
    better = int(((own == true) & (other != true)).sum())
    worse = int(((own != true) & (other == true)).sum())
    shares = np.array([better, worse, rows - better - worse]) / rows
    drawn = generator.multinomial(rows, shares, size=RESAMPLES)
    interval = interval_about((better - worse) / rows, (drawn[:, 0] - drawn[:, 1]) / rows)
    assert interval is not None
    return interval


def r2_difference(
    true: NDArray[Any], own: NDArray[Any], other: NDArray[Any], *, seed: int = 0
) -> Interval | None:
    """R² of `own` less that of `other` as a 95 % interval, for numbers (n,) of the same rows.

    None where the true numbers do not vary.
    """
    actual = np.asarray(true, np.float64)
    if len(actual) < 2 or not np.ptp(actual):
        return None
    generator = np.random.Generator(np.random.PCG64(seed))
    unit = safe_unit(actual, np.asarray(own), np.asarray(other))
    actual, mine, others = (np.asarray(each, np.float64) / unit for each in (actual, own, other))
    gain = (others - actual) ** 2 - (mine - actual) ** 2
    estimate = float(gain.sum() / ((actual - actual.mean()) ** 2).sum())
    chosen = _chosen(len(actual), generator)
    gain, centred = gain[chosen], actual[chosen] - actual[chosen].mean()

    def measure(weights: NDArray[np.float64]) -> Sampled:
        return {"difference": 1.0 - _r2(weights @ gain, weights, centred)}

    return _weighted(measure, {"difference": estimate}, len(actual), len(gain), generator).get("difference")


def _resampled_labels(
    codes: NDArray[np.integer], predicted: NDArray[np.integer], classes: int, generator: np.random.Generator
) -> Sampled:
    cells, counts = np.unique(codes.astype(np.int64) * classes + predicted, return_counts=True)
    true_class, predicted_class = np.divmod(cells, classes)
    one_hot = np.eye(classes)
    of_true, of_predicted = one_hot[true_class], one_hot[predicted_class]
    of_right = of_true * (true_class == predicted_class)[:, np.newaxis]
    resamples = int(np.clip(2_000_000 // len(cells), BLOCK, RESAMPLES))
    pieces = []
    for start in range(0, resamples, BLOCK):
        size = min(BLOCK, resamples - start)
        drawn = generator.multinomial(len(codes), counts / len(codes), size=size).astype(np.float64)
        pieces.append(label_metrics(drawn @ of_right, drawn @ of_true, drawn @ of_predicted))
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def _chosen(rows: int, generator: np.random.Generator, most: int = MOST_ROWS) -> NDArray[np.int64]:
    """Which rows stand for all: all of them, or a random choice of so many."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(generator.choice(rows, most, replace=False))


def _weighted(
    measure: Callable[[NDArray[np.float64]], Sampled],
    metrics: Mapping[str, float | None],
    rows: int,
    chosen: int,
    generator: np.random.Generator,
) -> dict[str, Interval]:
    """Intervals of what `measure` gives for weights (resamples, chosen): how often each row was drawn.

    Where fewer rows are chosen than there are, the deviations from the choice's own figure shrink with the square
    root of the share (the m out of n bootstrap; Bickel, Götze, van Zwet 1997).
    """
    pieces = [measure(weights) for weights in _draws(chosen, generator)]
    sampled = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    if chosen < rows:
        whole = measure(np.ones((1, chosen)))
        sampled = {
            name: (metrics.get(name) or 0.0) + (values - whole[name][0]) * np.sqrt(chosen / rows)
            for name, values in sampled.items()
        }
    return _intervals(sampled, metrics)


def _draws(rows: int, generator: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    for start in range(0, RESAMPLES, BLOCK):
        size = min(BLOCK, RESAMPLES - start)
        drawn = generator.integers(0, rows, size=(size, rows)) + np.arange(size)[:, np.newaxis] * rows
        yield np.bincount(drawn.ravel(), minlength=size * rows).reshape(size, rows).astype(np.float64)


def _intervals(sampled: Sampled, metrics: Mapping[str, float | None]) -> dict[str, Interval]:
    intervals = {name: interval_about(metrics.get(name), values) for name, values in sampled.items()}
    return {name: interval for name, interval in intervals.items() if interval is not None}


def interval_about(figure: float | None, values: NDArray[np.float64]) -> Interval | None:
    """The middle 95 % of the resampled values, which always holds the figure itself."""
    known = values[np.isfinite(values)]
    if figure is None or not len(known):
        return None
    low, high = np.quantile(known, [0.025, 0.975])
    return Interval(min(float(low), figure), max(float(high), figure))


def _r2(
    squares: NDArray[np.float64], weights: NDArray[np.float64], centred: NDArray[np.float64]
) -> NDArray[np.float64]:
    spread = weights @ centred**2 - (weights @ centred) ** 2 / weights.sum(axis=1)
    share = np.full(squares.shape, np.nan)
    np.divide(squares, spread, out=share, where=spread > 1e-12 * max(float((centred**2).sum()), 1e-300))
    return 1.0 - share


def _curves(
    codes: NDArray[np.integer], probabilities: NDArray[Any]
) -> list[tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]]:
    """For each curve the rows sorted by score, which of them are of the class, and where equal scores begin."""
    classes = probabilities.shape[1]
    if not 2 <= classes <= MOST_CURVES or len(np.unique(codes)) < classes:
        return []
    curves = []
    for index in [1] if classes == 2 else range(classes):
        order = np.argsort(probabilities[:, index], kind="stable")
        scores = probabilities[order, index]
        starts = np.flatnonzero(np.concatenate([[True], scores[1:] != scores[:-1]]))
        curves.append((order, codes[order] == index, starts))
    return curves


def _areas(
    weights: NDArray[np.float64],
    order: NDArray[np.int64],
    own: NDArray[np.bool_],
    starts: NDArray[np.int64],
) -> NDArray[np.float64]:
    """The area under the ROC curve of each resample: the share of pairs in the right order, ties counted half."""
    drawn = weights[:, order]
    inside = np.add.reduceat(drawn * own, starts, axis=1)
    outside = np.add.reduceat(drawn * ~own, starts, axis=1)
    below = np.cumsum(outside, axis=1) - outside / 2
    pairs = inside.sum(axis=1) * outside.sum(axis=1)
    area = np.full(len(weights), np.nan)
    np.divide((inside * below).sum(axis=1), pairs, out=area, where=pairs > 0)
    return area
