"""The split: which rows train, which choose the best epoch, and which are looked at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ann_tui.data.cells.values import Numbers, Rows, Values
from ann_tui.data.choices.preparation import PreparationError, Split


@dataclass(frozen=True)
class Assignment:
    """Positions of the rows of each part, int64, each in ascending order."""

    training: Rows
    validation: Rows
    test: Rows


def split_rows(rows: Rows, classes: Rows | None, split: Split, order: Values | None = None) -> Assignment:
    """Assigns usable rows (positions in ascending order, int64 (n,)) to the three parts.

    `classes` (n,) are the class codes for a stratified split, or None; `order` (n,) the cells of the
    group or time column, or None for the order of the rows. A part with a fraction above 0 gets at least
    one row. Raises PreparationError when no row is left to train on.
    """
    total = len(rows)
    test = 0 if split.method == "file" else _size(split.test, total)
    validation = _size(split.validation, total)
    if total - test - validation < 1:
        parts = " and ".join(name for name, size in (("test", test), ("validation", validation)) if size)
        raise PreparationError(
            f"{total} usable row{' is' if total == 1 else 's are'} too few to train on after taking {parts} "
            "rows: add rows, or set the fractions to 0"
        )
    if split.method == "time":
        place = _time_order(order, total)
        return _assignment(rows, place[total - test :], place[total - test - validation : total - test])
    if split.method == "group" and order is not None:
        return _by_group(rows, order, split)
    strata = classes if split.method in ("stratified", "file") else None
    everything = np.arange(total)
    held_out = _choose(everything, strata, test, split.seed)
    rest = _without(total, held_out)
    chosen = _choose(rest, strata, validation, split.seed + 1)
    return _assignment(rows, held_out, chosen)


def _size(fraction: float, total: int) -> int:
    return max(1, round(fraction * total)) if fraction > 0 else 0


def _assignment(rows: Rows, test: Rows, validation: Rows) -> Assignment:
    training = _without(len(rows), np.concatenate([test, validation]))
    return Assignment(rows[training], rows[np.sort(validation)], rows[np.sort(test)])


def _without(total: int, taken: Rows) -> Rows:
    """The positions from 0 up to `total` that aren't taken, in ascending order."""
    free = np.ones(total, dtype=bool)
    free[taken] = False
    return np.flatnonzero(free).astype(np.int64)


def _choose(candidates: Rows, classes: Rows | None, size: int, seed: int) -> Rows:
    """Chooses `size` candidates at random, with the same share of each class where that is possible.

    Rows of a class of its own aren't chosen, so that training has them, as long as others are enough.
    """
    from sklearn.model_selection import train_test_split

    if size == 0:
        return candidates[:0]
    strata = None
    if classes is not None:
        counts = np.bincount(classes[candidates])
        shared = candidates[counts[classes[candidates]] > 1]
        kinds = int(np.count_nonzero(counts > 1))
        if len(shared) > size:
            candidates = shared
            strata = classes[shared] if size >= kinds and len(shared) - size >= kinds else None
    _, chosen = train_test_split(candidates, test_size=size, random_state=seed, stratify=strata)
    return np.asarray(np.sort(chosen), dtype=np.int64)


def _time_order(order: Values | None, total: int) -> Rows:
    """Positions from oldest to newest; rows without a time come first, rows of one time keep their order."""
    if order is None:
        return np.arange(total)
    if isinstance(order, Numbers):
        return np.argsort(np.where(order.missing, -np.inf, order.values), kind="stable").astype(np.int64)
    return np.argsort(order.codes, kind="stable").astype(np.int64)


def _by_group(rows: Rows, order: Values, split: Split) -> Assignment:
    from sklearn.model_selection import GroupShuffleSplit

    groups = _groups(order)
    found = len(np.unique(groups))
    wanted = 1 + (split.test > 0) + (split.validation > 0)
    if found < wanted:
        raise PreparationError(
            f"the column '{split.column}' has {found} group{'' if found == 1 else 's'}, and {wanted} parts "
            "need at least one each: choose another column or another split"
        )
    everything = np.arange(len(rows))
    held_out = chosen = everything[:0]
    if split.test > 0:
        count = _groups_for(split.test, found, 1 + (split.validation > 0))
        shuffle = GroupShuffleSplit(n_splits=1, test_size=count, random_state=split.seed)
        held_out = next(shuffle.split(everything, groups=groups))[1]
    if split.validation > 0:
        rest = _without(len(rows), held_out)
        count = _groups_for(split.validation, found, 1 + found - len(np.unique(groups[rest])))
        shuffle = GroupShuffleSplit(n_splits=1, test_size=count, random_state=split.seed + 1)
        chosen = rest[next(shuffle.split(rest, groups=groups[rest]))[1]]
    return _assignment(rows, np.asarray(held_out, dtype=np.int64), np.asarray(chosen, dtype=np.int64))


def _groups_for(fraction: float, found: int, reserved: int) -> int:
    return min(max(1, round(fraction * found)), found - reserved)


def _groups(order: Values) -> Rows:
    """A group number for each row; a row without a value is a group of its own."""
    if isinstance(order, Numbers):
        groups = np.unique(order.values, return_inverse=True)[1].astype(np.int64)
    else:
        groups = order.codes.copy()
    alone = np.flatnonzero(order.missing)
    groups[alone] = groups.max(initial=0) + 1 + np.arange(len(alone))
    return groups
