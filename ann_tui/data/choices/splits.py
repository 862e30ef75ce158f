"""The ways to split the rows that can be chosen, each with what assigns them.

To add one, enter it here: the app, the command line and the experiment file list it by themselves. A function imports
what is heavy when it splits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ann_tui.choice_fields import Option
from ann_tui.data.choices.checks import PreparationError
from ann_tui.data.choices.folding import (
    Fold,
    FoldDraw,
    group_folds,
    groups_of,
    in_time,
    random_folds,
    stratified_folds,
    time_folds,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Draw:
    """What is to be split: `total` usable rows, of which `test` and `validation` are to be held out.

    `shares` are the same as shares of all rows, test first. `classes` (total,) are class codes, None for a number
    target. `order` (total,) are the cells of the split's `column` as numbers that sort as they do, NaN where missing;
    None without a column.
    """

    total: int
    test: int
    validation: int
    shares: tuple[float, float]
    seed: int
    classes: Rows | None
    order: npt.NDArray[np.float64] | None
    column: str | None


@dataclass(frozen=True)
class SplitMethod(Option):
    """One entry of `SPLITS`.

    `assign` gives the places, from 0 up to `total`, of the test and of the validation rows, in any order, and `fold`
    those of the rows to train on and of those that judge in each fold of a cross-validation. `needs`
    names the fields of the split that must be stated, each with what is wrong without it. With `second_file` the test
    rows come from there, with `seeded` false no other seed draws other rows; one that `shuffles` tears apart rows that
    belong together. `of_numbers` names the method that it comes to where the target is a number; "" for itself.
    """

    assign: Callable[[Draw], tuple[Rows, Rows]] = field(kw_only=True)
    fold: Callable[[FoldDraw], list[Fold]] = random_folds
    needs: Mapping[str, str] = field(default_factory=dict)
    second_file: bool = False
    seeded: bool = True
    shuffles: bool = False
    of_numbers: str = ""


def _random(draw: Draw) -> tuple[Rows, Rows]:
    return _chosen(draw, None)


def _stratified(draw: Draw) -> tuple[Rows, Rows]:
    return _chosen(draw, draw.classes)


def _chosen(draw: Draw, strata: Rows | None) -> tuple[Rows, Rows]:
    import numpy as np

    test = _choose(np.arange(draw.total), strata, draw.test, draw.seed)
    return test, _choose(without(draw.total, test), strata, draw.validation, draw.seed + 1)


def without(total: int, taken: Rows) -> Rows:
    """The places from 0 up to `total` that aren't taken, in ascending order."""
    import numpy as np

    free = np.ones(total, dtype=bool)
    free[taken] = False
    return np.flatnonzero(free).astype(np.int64)


def _choose(candidates: Rows, classes: Rows | None, size: int, seed: int) -> Rows:
    """Chooses `size` candidates at random, with the same share of each class where that is possible.

    Rows of a class of its own aren't chosen, so that training has them, as long as others are enough.
    """
    import numpy as np
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


def _by_time(draw: Draw) -> tuple[Rows, Rows]:
    """The newest rows; see `in_time`."""
    places = in_time(draw.total, draw.order)
    first = draw.total - draw.test
    return places[first:], places[first - draw.validation : first]


def _by_group(draw: Draw) -> tuple[Rows, Rows]:
    import numpy as np
    from sklearn.model_selection import GroupShuffleSplit

    if draw.order is None:
        return _random(draw)
    test, validation = draw.shares
    groups = groups_of(draw.order)
    found = len(np.unique(groups))
    wanted = 1 + (test > 0) + (validation > 0)
    if found < wanted:
        raise PreparationError(
            f"the column '{draw.column}' has {found} group{'' if found == 1 else 's'}, and {wanted} parts "
            "need at least one each: choose another column or another split"
        )
    everything = np.arange(draw.total)
    held_out = chosen = everything[:0]
    if test > 0:
        count = _groups_for(test, found, 1 + (validation > 0))
        shuffle = GroupShuffleSplit(n_splits=1, test_size=count, random_state=draw.seed)
        held_out = next(shuffle.split(everything, groups=groups))[1]
    if validation > 0:
        rest = without(draw.total, held_out)
        count = _groups_for(validation, found, 1 + found - len(np.unique(groups[rest])))
        shuffle = GroupShuffleSplit(n_splits=1, test_size=count, random_state=draw.seed + 1)
        chosen = rest[next(shuffle.split(rest, groups=groups[rest]))[1]]
    return np.asarray(held_out, dtype=np.int64), np.asarray(chosen, dtype=np.int64)


def _groups_for(share: float, found: int, reserved: int) -> int:
    return min(max(1, round(share * found)), found - reserved)


SPLITS: dict[str, SplitMethod] = {
    each.name: each
    for each in (
        SplitMethod(
            "stratified",
            "at random, with the same share of each class in every part; a target of numbers is split at random",
            assign=_stratified,
            fold=stratified_folds,
            shuffles=True,
            of_numbers="random",
        ),
        SplitMethod("random", "at random, whatever the target", assign=_random, shuffles=True),
        SplitMethod(
            "group",
            "at random, rows with the same value in a column stay together",
            ("column",),
            assign=_by_group,
            fold=group_folds,
            needs={"column": "a split by group needs a column: choose the one that names the groups"},
        ),
        SplitMethod(
            "time",
            "by the order of a column (or of the file): the newest rows are the test",
            ("column",),
            assign=_by_time,
            fold=time_folds,
            seeded=False,
        ),
        SplitMethod(
            "file",
            "a second file is the test",
            ("file",),
            assign=_stratified,
            fold=stratified_folds,
            needs={"file": "a split by file needs a file: name the one with the test rows"},
            second_file=True,
        ),
    )
}


def split_for(method: str, classes: bool) -> SplitMethod:
    """What a method does where the target is of classes, or else a number."""
    way = SPLITS[method]
    return way if classes or not way.of_numbers else SPLITS[way.of_numbers]
