"""Rows that belong together, because of which a split at random flatters: groups of alike rows, and an order of time.

A network that has seen other rows of a patient, or the days before and after, is judged on what it half knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.plain_text import printable
from ann_tui.data.profile.column_profile import ReadColumn
from ann_tui.data.profile.findings import Finding, Remedy

FEWEST_ROWS = 40
FEWEST_GROUPS = 10
FEWEST_NAMED_GROUPS = 5
ROWS_OF_A_GROUP = 250
ALIKE = 0.5
COMPARED_ROWS = 2_000
COMPARED_FEATURES = 60
MOST_CANDIDATES = 6
FOLLOWS = 0.25
IN_ORDER = 0.95
ONE_HOT = 12
CLOCK_DAY = -2_208_988_800
STEADY, FEWEST_STEADY = 0.5, 2
NAMED_GROUP = re.compile(
    r"(?i)(^|[_\W])(id|ids|nr|no|subject|patient|person|group|user|customer|client|session|family|household|site|batch|"
    r"lot|station|sensor|device|location|locality|farm|plant|school|hospital)($|[_\W\d])"
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def group_finding(
    columns: Sequence[ReadColumn], features: Sequence[ReadColumn], target: ReadColumn, classes: Ints | None
) -> Finding | None:
    """The column whose rows are so alike that a row's nearest neighbour mostly has the same value in it.

    `columns` are all but the target, `features` those that a network learns from; `classes` are the class codes of all
    rows (-1 for missing), None where the target is a number. Only columns with at least `FEWEST_GROUPS` values, none
    of them for too many rows, are looked at (with fewer where the name says that it is one of groups), and only those
    within which the target is alike as well count.
    """
    best: tuple[float, ReadColumn, int] | None = None
    for column, groups in _candidates(columns):
        others = [feature for feature in features if feature is not column][:COMPARED_FEATURES]
        share = _neighbours_in_group(groups, others, _known_target(target, classes))
        if share >= ALIKE and (best is None or share > best[0]):
            best = share, column, int(groups.max()) + 1
    if best is None:
        return None
    share, column, count = best
    name = column.profile.name
    text = (
        f"rows of the same {printable(name, 40)} are alike ({share:.0%} have their nearest row there; {count:,} "
        "values): where new rows come from others, a split at random flatters"
    )
    return Finding(None, "groups", text, "warning", Remedy("split by group", name))


def time_finding(columns: Sequence[ReadColumn], target: ReadColumn, classes: Ints | None) -> Finding | None:
    """That the rows stand in an order of time: by a column of dates, or by their own order, which the target follows.

    Rows that are merely sorted by the target, or by a column of labels, are not meant.
    """
    values = _known_target(target, classes)
    known = ~np.isnan(values)
    if known.sum() < FEWEST_ROWS:
        return None
    for column in columns:
        moments = column.numbers
        if column.profile.kind is not ColumnKind.DATE or moments is None:
            continue
        usable = known & ~np.isnan(moments)
        if usable.sum() < max(FEWEST_ROWS, 0.9 * known.sum()) or column.profile.distinct < FEWEST_GROUPS:
            continue
        steps = np.diff(moments[usable])
        ordered = max((steps >= 0).mean(), (steps <= 0).mean()) >= IN_ORDER
        follows = _follows(values[usable][np.argsort(moments[usable], kind="stable")], classes is not None)
        if not ordered and _are_times_of_day(moments[usable]):
            continue
        if ordered or _is_clear(follows, int(usable.sum())):
            name = column.profile.name
            how = f" ({_said(follows)})" if _is_clear(follows, int(usable.sum())) else ""
            text = (
                f"rows have an order of time, {printable(name, 40)}{how}: where later rows are to be predicted, a "
                "split at random flatters"
            )
            return Finding(None, "time order", text, "warning", Remedy("split by time", name))
    series = values[known]
    if _is_sorted(series, classes is not None):
        return None
    for column in columns:
        if (blocks := _blocks(column)) is not None:
            series = values - _means(values, blocks)
            series = series[~np.isnan(series)]
            follows = _follows(series, False)
            break
    else:
        follows = _follows(series, classes is not None)
    if not _is_clear(follows, len(series)):
        return None
    text = (
        f"rows that follow each other have alike targets ({_said(follows)}): if their order is one of time, a split at "
        "random flatters"
    )
    return Finding(None, "time order", text, "warning", Remedy("split by time"))


def _are_times_of_day(moments: Floats) -> bool:
    """Whether the seconds since 1970 all lie in the first day of 1900, where hours without a date are read."""
    return bool(np.all((moments >= CLOCK_DAY) & (moments < CLOCK_DAY + 86_400)))


def _known_target(target: ReadColumn, classes: Ints | None) -> Floats:
    """The target as numbers, or its class codes; NaN where missing."""
    if classes is not None:
        return np.where(classes < 0, np.nan, classes).astype(np.float64)
    if target.numbers is None:
        return np.full(len(target.unparseable), np.nan)
    return target.numbers


def _candidates(columns: Sequence[ReadColumn]) -> Iterator[tuple[ReadColumn, Ints]]:
    """The columns that may name groups, with the group of each row, -1 for none."""
    found = 0
    for column in columns:
        rows, profile = len(column.unparseable), column.profile
        if rows < FEWEST_ROWS or profile.kind is ColumnKind.DATE or found == MOST_CANDIDATES:
            continue
        named = NAMED_GROUP.search(profile.name) is not None
        fewest = max(FEWEST_NAMED_GROUPS if named else FEWEST_GROUPS, rows / ROWS_OF_A_GROUP)
        if not fewest <= profile.distinct <= rows // 2:
            continue
        if column.numbers is None:
            groups = np.asarray(column.codes)
        elif profile.whole and named:
            known = ~np.isnan(column.numbers)
            groups = np.full(rows, -1, dtype=np.int64)
            groups[known] = np.unique(column.numbers[known], return_inverse=True)[1]
        else:
            continue
        found += 1
        yield column, groups


def _neighbours_in_group(groups: Ints, features: Sequence[ReadColumn], target: Floats) -> float:
    """The share of rows whose nearest other row is in their own group, where the target is alike within groups.

    0 where it isn't, or where so many would be by chance. Some groups are looked at, whole.
    """
    usable = np.flatnonzero((groups >= 0) & ~np.isnan(target))
    features = _steady(groups, features)
    sizes = np.bincount(groups[usable], minlength=1)
    order = np.random.Generator(np.random.PCG64(0)).permutation(np.flatnonzero(sizes > 1))
    if len(order) < FEWEST_NAMED_GROUPS or sizes.max() > 0.3 * len(usable):
        return 0.0
    taken = order[: max(FEWEST_NAMED_GROUPS, int(np.searchsorted(np.cumsum(sizes[order]), COMPARED_ROWS)))]
    places = usable[np.isin(groups[usable], taken)][: 2 * COMPARED_ROWS]
    x = _matrix(features, places)
    if not x.shape[1]:
        return 0.0
    mine, goal = groups[places], target[places]
    square = np.einsum("ij,ij->i", x, x)
    distance = square[:, None] + square[None, :] - 2 * (x @ x.T)
    np.fill_diagonal(distance, np.inf)
    nearest = distance.argmin(axis=1)
    same = mine == mine[nearest]
    chance = float(((np.bincount(mine)[mine] - 1) / max(1, len(mine) - 1)).mean())
    if not same.any() or same.mean() < 3 * chance:
        return 0.0
    between = np.random.Generator(np.random.PCG64(1)).permutation(len(goal))
    apart, alike = np.square(goal - goal[between]).mean(), np.square((goal - goal[nearest])[same]).mean()
    return float(same.mean()) if alike <= 0.5 * apart else 0.0


def _steady(groups: Ints, features: Sequence[ReadColumn]) -> list[ReadColumn]:
    """The features that differ less within groups than between them: a visit's number would hide the rest.

    Labels that have few kinds are taken as they are; none where fewer than two numbers are steady.
    """
    kept, numbers = [], 0
    known = groups >= 0
    for feature in features:
        if feature.numbers is None:
            kept.append(feature)
            continue
        usable = known & ~np.isnan(feature.numbers)
        values = _ranks(feature.numbers[usable])
        if len(values) and _within(values, groups[usable]) <= STEADY * values.var():
            kept.append(feature)
            numbers += 1
    return kept if numbers >= FEWEST_STEADY else []


def _within(values: Floats, groups: Ints) -> float:
    """The mean square of the values less the mean of their group, with n less the number of groups below."""
    sizes = np.bincount(groups)
    means = np.bincount(groups, weights=values) / np.maximum(sizes, 1)
    freedom = len(values) - np.count_nonzero(sizes)
    return float(np.square(values - means[groups]).sum() / freedom) if freedom > 0 else np.inf


def _ranks(values: Floats) -> Floats:
    """From 0 to 1 by order, the same for equal values."""
    levels, inverse = np.unique(values, return_inverse=True)
    ranks: Floats = inverse / max(1, len(levels) - 1)
    return ranks


def _matrix(features: Sequence[ReadColumn], places: Ints) -> npt.NDArray[np.float32]:
    """Numbers by rank from 0 to 1, labels of few kinds as one column each, float32 (places, …)."""
    columns: list[npt.NDArray[Any]] = []
    for feature in features:
        if feature.numbers is not None:
            values = feature.numbers[places]
            known = ~np.isnan(values)
            ranks = np.full(len(values), 0.5)
            ranks[known] = _ranks(values[known])
            columns.append(ranks)
        elif feature.codes is not None and 2 <= len(feature.labels) <= ONE_HOT:
            codes = feature.codes[places]
            columns += [0.5 * (codes == code) for code in range(len(feature.labels))]
    if not columns:
        return np.zeros((len(places), 0), dtype=np.float32)
    return np.stack(columns, axis=1).astype(np.float32)


def _follows(series: Floats, classes: bool) -> float:
    """How alike successive values are: the autocorrelation at lag 1, or for class codes Cohen's kappa; 0 by chance."""
    if len(series) < FEWEST_ROWS:
        return 0.0
    one, next_one = series[:-1], series[1:]
    if classes:
        shares = np.bincount(series.astype(np.int64)) / len(series)
        chance = float((shares * shares).sum())
        return float(((one == next_one).mean() - chance) / (1 - chance)) if chance < 1 else 0.0
    centred = series - series.mean()
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = float((centred[:-1] @ centred[1:]) / (centred @ centred))
    return found if np.isfinite(found) else 0.0


def _is_clear(follows: float, rows: int) -> bool:
    return follows >= FOLLOWS and follows * follows * rows >= 25


def _said(follows: float) -> str:
    return f"from one to the next they agree by {follows:.2f}, where chance gives 0"


def _is_sorted(series: Floats, classes: bool) -> bool:
    """Whether the rows stand in the order of the target: then the order says nothing of time."""
    steps = np.diff(series)
    if classes:
        return int(np.count_nonzero(steps)) <= 3 * len(np.unique(series))
    return bool(max((steps >= 0).mean(), (steps <= 0).mean()) >= IN_ORDER)


def _blocks(column: ReadColumn) -> Ints | None:
    """The labels of a column by which the file is sorted; None for another one."""
    if column.numbers is not None or column.codes is None or column.profile.distinct < 2:
        return None
    codes = column.codes
    changes = int((codes[1:] != codes[:-1]).sum())
    return codes if changes <= 1.2 * (column.profile.distinct - 1) else None


def _means(values: Floats, blocks: Ints) -> Floats:
    """The mean of the values in the block of each row."""
    places = blocks + 1
    known = ~np.isnan(values)
    sizes = np.bincount(places[known], minlength=places.max() + 1)
    sums = np.bincount(places[known], weights=values[known], minlength=places.max() + 1)
    means: Floats = (sums / np.maximum(sizes, 1))[places]
    return means
