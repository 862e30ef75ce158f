"""How each way to split the rows makes folds: parts of the rows that judge in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ann_tui.data.choices.checks import PreparationError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FoldDraw:
    """What is to be made `folds` folds of: `total` rows. All else is as in `Draw`."""

    total: int
    folds: int
    seed: int
    classes: Rows | None
    order: npt.NDArray[np.float64] | None
    column: str | None


Fold = tuple["Rows", "Rows"]
"""The places, from 0 up to `total`, of the rows to train on and of those that judge, each in ascending order."""


def random_folds(draw: FoldDraw) -> list[Fold]:
    """At random; the sizes differ by one at most."""
    return _dealt(draw, None)


def stratified_folds(draw: FoldDraw) -> list[Fold]:
    """At random, with the same share of each class in every fold: no class has two rows more in one than in another."""
    return _dealt(draw, draw.classes)


def _dealt(draw: FoldDraw, classes: Rows | None) -> list[Fold]:
    """Rows in a random order, class by class, are dealt out to the folds in turn."""
    import numpy as np

    order = np.random.default_rng(draw.seed).permutation(draw.total)
    if classes is not None:
        order = order[np.argsort(classes[order], kind="stable")]
    fold = np.empty(draw.total, np.int64)
    fold[order] = np.arange(draw.total) % draw.folds
    return _by_fold(fold, draw.folds)


def _by_fold(fold: Rows, folds: int) -> list[Fold]:
    """`fold` (n,) says in which one each row judges; it trains in the others."""
    import numpy as np

    return [(np.flatnonzero(fold != each), np.flatnonzero(fold == each)) for each in range(folds)]


def group_folds(draw: FoldDraw) -> list[Fold]:
    """Groups in a random order, each into the fold that has the fewest rows so far."""
    import numpy as np

    if draw.order is None:
        return random_folds(draw)
    groups = groups_of(draw.order)
    names, sizes = np.unique(groups, return_counts=True)
    if len(names) < draw.folds:
        raise PreparationError(
            f"the column '{draw.column}' has {len(names)} groups, too few for {draw.folds} folds: take fewer folds"
        )
    rows, fold_of = np.zeros(draw.folds, np.int64), np.empty(groups.max() + 1, np.int64)
    for place in np.random.default_rng(draw.seed).permutation(len(names)).tolist():
        fold = int(rows.argmin())
        fold_of[names[place]] = fold
        rows[fold] += sizes[place]
    return _by_fold(fold_of[groups], draw.folds)


def groups_of(order: npt.NDArray[np.float64]) -> Rows:
    """A group number for each row; a row without a value is a group of its own."""
    import numpy as np

    groups = np.unique(order, return_inverse=True)[1].astype(np.int64)
    alone = np.flatnonzero(np.isnan(order))
    groups[alone] = groups.max(initial=0) + 1 + np.arange(len(alone))
    return groups


def time_folds(draw: FoldDraw) -> list[Fold]:
    """One block of time more than folds: each but the oldest judges what was trained on all blocks before it."""
    import numpy as np

    if draw.total <= draw.folds:
        raise PreparationError(
            f"{draw.total:,} usable rows are too few for {draw.folds} folds in time, which take a row more than folds: "
            "take fewer folds"
        )
    blocks = np.array_split(in_time(draw.total, draw.order), draw.folds + 1)
    return [
        (np.sort(np.concatenate(blocks[:newest])), np.sort(blocks[newest]))
        for newest in range(1, draw.folds + 1)
    ]


def in_time(total: int, order: npt.NDArray[np.float64] | None) -> Rows:
    """The places of the rows, the oldest first: those without a time before all, those of one time in their order."""
    import numpy as np

    if order is None:
        return np.arange(total)
    oldest = np.where(np.isnan(order), -np.inf, order)
    places: Rows = np.argsort(oldest, kind="stable").astype(np.int64)
    return places
