"""Leak suspects: a feature that alone predicts the target almost perfectly.

Such a column usually was written down after the answer was known, and is not there when it matters. Each
feature is cut into bins, and each half of the rows is predicted from the other half, bin by bin; classes are also
guessed from the row with the nearest value.
"""

import numpy as np
import numpy.typing as npt

from ann_tui.data.plain_text import printable
from ann_tui.data.profile.column_profile import ReadColumn
from ann_tui.data.profile.findings import Finding, Remedy

ROWS = 4_000
FEWEST_ROWS = 40
BINS = 48
CLASS_SCORE = 0.985
NUMBER_SCORE = 0.99
LINEAR_SCORE = 0.998
FEWEST_MISSING = 5

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def leak_suspects(features: list[ReadColumn], target: ReadColumn, classes: Ints | None) -> list[Finding]:
    """The features that betray the target.

    `classes` are the class codes of all rows (-1 for missing) or None where the target is a number.
    """
    numbers = target.numbers
    known = classes >= 0 if classes is not None else ~np.isnan(numbers) if numbers is not None else None
    if known is None:
        return []
    places = np.flatnonzero(known)
    if len(places) < FEWEST_ROWS:
        return []
    chosen = np.random.Generator(np.random.PCG64(0)).permutation(places)[:ROWS]
    goal = None if numbers is None else _within_one(numbers[chosen])
    found = []
    for feature in features:
        name = feature.profile.name
        if feature.profile.missing:
            text = _missing_with_target(feature, target, classes, known)
            if text:
                found.append(Finding(name, "leak suspect", text, "warning", Remedy("leave out", name)))
                continue
        bins = _bins(feature, chosen)
        if bins is None:
            continue
        own = None if feature.numbers is None else _within_one(feature.numbers[chosen])
        if classes is not None:
            score = _class_score(bins, classes[chosen])
            if own is not None:
                score = max(score, _neighbour_score(own, classes[chosen]))
            suspicious = score >= CLASS_SCORE
        else:
            assert goal is not None
            score = _number_score(bins, goal)
            if own is not None:
                score = max(score, _linear_score(own, goal))
            suspicious = score >= NUMBER_SCORE
        if suspicious:
            text = f"leak suspect: predicts {printable(target.profile.name, 30)} alone ({score:.1%})"
            found.append(Finding(name, "leak suspect", text, "warning", Remedy("leave out", name)))
    return found


def _bins(feature: ReadColumn, chosen: npt.NDArray[np.intp]) -> Ints | None:
    """The bin of each chosen row: quantiles of numbers, labels as they are; None where too few rows share one."""
    if feature.numbers is not None:
        values = feature.numbers[chosen]
        gone = np.isnan(values)
        present = np.sort(values[~gone])
        if not len(present):
            return None
        edges = np.unique(present[np.linspace(0, len(present) - 1, BINS + 1).astype(np.intp)][1:-1])
        bins = np.searchsorted(edges, values, "right").astype(np.int64)
        bins[gone] = len(edges) + 1
        return bins
    assert feature.codes is not None
    codes = feature.codes[chosen] + 1
    return codes if len(np.unique(codes)) * 5 <= len(codes) else None


def _class_score(bins: Ints, classes: Ints) -> float:
    """Balanced accuracy of guessing, in each bin, the class that is most frequent there in the other half."""
    labels, codes = np.unique(classes, return_inverse=True)
    sizes = np.bincount(codes)
    if len(labels) < 2 or len(labels) > 0.2 * len(codes):
        return 0.0
    half = np.arange(len(codes)) % 2 == 0
    count = int(bins.max()) + 1
    hits = np.zeros(len(codes), dtype=bool)
    for train, test in ((half, ~half), (~half, half)):
        table = np.bincount(bins[train] * len(labels) + codes[train], minlength=count * len(labels))
        guess = table.reshape(count, len(labels)).argmax(axis=1)
        hits[test] = guess[bins[test]] == codes[test]
    recalls = np.bincount(codes, weights=hits) / sizes
    return float(recalls.mean())


def _neighbour_score(values: Floats, classes: Ints) -> float:
    """Balanced accuracy of guessing the class of the row with the nearest other value; 0 where values repeat."""
    known = ~np.isnan(values)
    values, classes = values[known], classes[known]
    order = np.argsort(values, kind="stable")
    values, classes = values[order], classes[order]
    labels, codes = np.unique(classes, return_inverse=True)
    gaps = np.diff(values)
    if len(labels) < 2 or known.mean() < 0.9 or np.count_nonzero(gaps) < 0.8 * len(gaps):
        return 0.0
    left = np.append(np.inf, gaps)
    right = np.append(gaps, np.inf)
    nearest = np.arange(len(values)) + np.where(left < right, -1, 1)
    recalls = np.bincount(codes, weights=codes[nearest] == codes) / np.bincount(codes)
    return float(recalls.mean())


def _number_score(bins: Ints, values: Floats) -> float:
    """R² of guessing, in each bin, the mean of the other half."""
    half = np.arange(len(values)) % 2 == 0
    count = int(bins.max()) + 1
    error = 0.0
    for train, test in ((half, ~half), (~half, half)):
        sizes = np.bincount(bins[train], minlength=count)
        sums = np.bincount(bins[train], weights=values[train], minlength=count)
        mean = values[train].mean()
        guess = np.where(sizes > 0, sums / np.maximum(sizes, 1), mean)
        error += float(((values[test] - guess[bins[test]]) ** 2).sum())
    total = float(((values - values.mean()) ** 2).sum())
    return 1 - error / total if total > 0 else 0.0


def _within_one(values: Floats) -> Floats:
    """The values by a power of 2, so that none is beyond 1: their squares are in range, and no score changes."""
    largest = np.nanmax(np.abs(values), initial=0)
    scaled: Floats = np.ldexp(values, -np.frexp(largest)[1])
    return scaled


def _linear_score(x: Floats, y: Floats) -> float:
    """The squared correlation of two numbers, where it is so high that one is the other in another unit."""
    both = ~np.isnan(x)
    if both.sum() < 0.9 * len(x):
        return 0.0
    x, y = x[both] - x[both].mean(), y[both] - y[both].mean()
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        score = float((x @ y) ** 2 / ((x @ x) * (y @ y)))
    return score if np.isfinite(score) and score >= LINEAR_SCORE else 0.0


def _missing_with_target(
    feature: ReadColumn, target: ReadColumn, classes: Ints | None, known: npt.NDArray[np.bool_]
) -> str:
    """A sentence where the feature is missing exactly when the target takes one value, else ""."""
    gone = (np.isnan(feature.numbers) if feature.numbers is not None else np.asarray(feature.codes) < 0)[
        known
    ]
    if gone.sum() < FEWEST_MISSING or gone.all():
        return ""
    values = (classes if classes is not None else np.asarray(target.numbers))[known]
    value = values[gone][0]
    if not np.array_equal(gone, values == value):
        return ""
    label = target.labels[int(value)] if classes is not None and target.labels else f"{value:g}"
    return (
        f"leak suspect: missing exactly when {printable(target.profile.name, 30)} is {printable(label, 20)}"
    )
