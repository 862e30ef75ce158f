"""What can count as an outlier, and what can happen to one, each with what does it.

To add one, enter it here: the app, the command line and the experiment file list it by themselves. A function imports
what is heavy when it fits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ann_tui.choice_fields import Option

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outliers(Option):
    """One entry of `OUTLIERS`; without a function none are looked for.

    `fence` gives from where to where a number is usual, of training values, float64 (n,) without NaN, n at least 4,
    and the limit that the person states or None. `isolate` looks at all number columns that ask for it together: it
    marks rows, bool (n,), of training values (n, columns), n at least 4, with NaN for gaps, by limit and seed.
    """

    fence: Callable[[Floats, float | None], tuple[float, float]] | None = None
    isolate: Callable[[Floats, float | None, int], npt.NDArray[np.bool_]] | None = None


@dataclass(frozen=True)
class OutlierAction(Option):
    """One entry of `OUTLIER_ACTIONS`.

    `apply` gives what becomes of numbers, float64 (n,) with NaN for gaps, between a lower and an upper fence; without
    it rows with an outlier are left out, training rows only. `done` says what has happened to a cell.
    """

    apply: Callable[[Floats, float, float], Floats] | None = None
    done: str = ""


def _iqr(values: Floats, limit: float | None) -> tuple[float, float]:
    """The quartiles, moved out by limit widths of the middle half (Tukey, Exploratory Data Analysis, 1977)."""
    import numpy as np

    low, high = (float(each) for each in np.percentile(values, (25, 75)))
    reach = (1.5 if limit is None else limit) * (high - low)
    return low - reach, high + reach


def _z_score(values: Floats, limit: float | None) -> tuple[float, float]:
    mean, reach = float(values.mean()), (3.0 if limit is None else limit) * float(values.std())
    return mean - reach, mean + reach


def _forest(numbers: Floats, limit: float | None, seed: int) -> npt.NDArray[np.bool_]:
    """The rows that a forest isolates quickest; a gap counts as the column's median.

    The limit is the share of rows to find, 0.05 for None. Liu, Ting and Zhou, Isolation Forest, 2008.
    """
    import numpy as np
    from sklearn.ensemble import IsolationForest

    filled = np.where(np.isnan(numbers), np.nanmedian(numbers, axis=0), numbers).astype(np.float32)
    forest = IsolationForest(contamination=min(0.5, 0.05 if limit is None else limit), random_state=seed)
    return np.asarray(forest.fit_predict(filled) < 0, dtype=bool)


def _clip(values: Floats, lower: float, upper: float) -> Floats:
    import numpy as np

    return np.clip(values, lower, upper)


def _mark_missing(values: Floats, lower: float, upper: float) -> Floats:
    import numpy as np

    with np.errstate(invalid="ignore"):
        return np.where((values < lower) | (values > upper), np.nan, values)


OUTLIERS: dict[str, Outliers] = {
    each.name: each
    for each in (
        Outliers("none", "look for no outliers"),
        Outliers(
            "iqr",
            "outside the middle half of the values by more than 1.5 times its width (outlier_limit)",
            fence=_iqr,
        ),
        Outliers("z-score", "more than 3 standard deviations from the mean (outlier_limit)", fence=_z_score),
        Outliers(
            "isolation forest",
            "rows that random cuts separate quickly from all others, over all number columns",
            isolate=_forest,
        ),
    )
}
OUTLIER_ACTIONS: dict[str, OutlierAction] = {
    each.name: each
    for each in (
        OutlierAction("clip", "pull the value to the nearest allowed one", apply=_clip, done="clipped"),
        OutlierAction("drop", "leave the row out, training rows only: the test stays honest"),
        OutlierAction(
            "mark missing",
            "treat the value as missing, so that it is imputed",
            apply=_mark_missing,
            done="taken as missing",
        ),
    )
}
