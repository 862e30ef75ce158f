"""Which rows an estimator holds out to choose the best epoch by."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]


def hold_out(
    y: NDArray[Any], weight: NDArray[Any] | None, classes: NDArray[Any] | None, share: float, seed: int
) -> tuple[Places, Places]:
    """Places of the rows to train on and of those held out, `share` of the rows that have a weight.

    `y` (n,) are codes of `classes`, or numbers where there are none. Of each class as large a share is held out, where
    that is possible, and a row at least stays to train on; a class of one row is not held out, which a warning says.
    Raises `ValueError` where no row can be held out.
    """
    from sklearn.model_selection import train_test_split

    weighing = np.arange(len(y)) if weight is None else np.flatnonzero(weight > 0)
    candidates = weighing
    if classes is not None:
        counts = np.bincount(y[weighing], minlength=len(classes))
        candidates = weighing[counts[y[weighing]] > 1]
    size = max(1, round(share * len(weighing)))
    if 1 < len(weighing) <= size:
        raise ValueError(
            f"validation_fraction {share:g} of {len(weighing)} rows leaves none to train on: make it smaller"
        )
    size = min(size, len(candidates) - 1)
    if size < 1:
        needed = "a weight above 0" if classes is None else "one class, of a weight above 0"
        raise ValueError(f"validation_fraction needs two rows or more of {needed}: set it to 0")
    strata = None
    if classes is not None:
        _warn_of_single_rows(classes[counts == 1])
        kinds = int(np.count_nonzero(counts > 1))
        strata = y[candidates] if min(size, len(candidates) - size) >= kinds else None
    kept, held_out = train_test_split(candidates, test_size=size, random_state=seed, stratify=strata)
    if classes is not None:
        firsts = np.unique(y[held_out], return_index=True)[1]
        lost = firsts[~np.isin(y[held_out][firsts], y[kept])]
        kept, held_out = np.append(kept, held_out[lost]), np.delete(held_out, lost)
    rest = np.setdiff1d(np.arange(len(y)), np.append(kept, held_out))
    return np.append(kept, rest), held_out


def _warn_of_single_rows(classes: NDArray[Any]) -> None:
    if len(classes):
        names = ", ".join(repr(name) for name in classes[:5].tolist()) + (", …" if len(classes) > 5 else "")
        warnings.warn(
            f"one row alone is of class {names}: it is trained on, and no held-out row tells how well"
            if len(classes) == 1
            else f"one row alone is of each of the classes {names}: they are trained on, none is held out",
            stacklevel=5,
        )
