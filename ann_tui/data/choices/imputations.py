"""The ways to fill missing values that can be chosen, each with what it fits on the training rows.

To add one, enter it here: the app, the command line and the experiment file list it by themselves. A function imports
what is heavy when it fits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ann_tui.choice_fields import Option

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class NumberFill(Option):
    """One entry of `MISSING_NUMBER`.

    `fit` gives the number that fills a gap, from training values, float64 (n,) without NaN, n at least 1, and the
    constant that the person states (where the entry asks for it; else NaN may come). With a `model` the other number
    columns help to guess, and `fit` is for what they can't tell. With `drops_rows` training rows with a gap are left
    out. `done` says what a gap is filled with, and `dates` whether it suits dates.
    """

    fit: Callable[[Floats, float], float] = field(kw_only=True)
    done: str = ""
    model: Literal["", "neighbours", "chain"] = ""
    drops_rows: bool = False
    dates: bool = False


@dataclass(frozen=True)
class LabelFill(Option):
    """One entry of `MISSING_CATEGORY`.

    `fit` gives the label that fills a gap, from the labels of a column, their counts in the training rows int64 (m,),
    not all 0, and the constant that the person states. With `drops_rows` training rows with a gap are left out. `done`
    says what a gap is filled with.
    """

    fit: Callable[[Sequence[str], Counts, str], str] = field(kw_only=True)
    done: str = ""
    drops_rows: bool = False


def _statistic(strategy: str) -> Callable[[Floats, float], float]:
    def fit(values: Floats, constant: float) -> float:
        from sklearn.impute import SimpleImputer

        return float(SimpleImputer(strategy=strategy).fit(values.reshape(-1, 1)).statistics_[0])

    return fit


def _median(values: Floats, constant: float) -> float:
    import numpy as np

    return float(np.median(values))


def most_frequent_label(labels: Sequence[str], counts: Counts, constant: str) -> str:
    """The most frequent label; the first among equally frequent ones."""
    import numpy as np

    return labels[int(np.argmax(counts))]


MISSING_NUMBER: dict[str, NumberFill] = {
    each.name: each
    for each in (
        NumberFill(
            "median",
            "fill with the middle value of the training rows: extreme values don't move it",
            fit=_median,
            done="median",
            dates=True,
        ),
        NumberFill(
            "mean",
            "fill with the average of the training rows",
            fit=_statistic("mean"),
            done="mean",
            dates=True,
        ),
        NumberFill(
            "most frequent",
            "fill with the value that occurs most often in the training rows",
            fit=_statistic("most_frequent"),
            done="most frequent",
            dates=True,
        ),
        NumberFill(
            "constant",
            "fill with a number of your own (fill_number)",
            ("fill_number",),
            fit=lambda values, constant: constant,
            done="constant",
        ),
        NumberFill(
            "knn",
            "fill with the average of the 5 most similar training rows",
            fit=_median,
            done="mean of the 5 nearest rows",
            model="neighbours",
        ),
        NumberFill(
            "iterative",
            "fill with what a linear model makes of the other number columns",
            fit=_median,
            done="linear models of the other columns",
            model="chain",
        ),
        NumberFill(
            "drop rows",
            "leave training rows with a gap out; other rows are filled with the median",
            fit=_median,
            done="median",
            drops_rows=True,
            dates=True,
        ),
    )
}
MISSING_CATEGORY: dict[str, LabelFill] = {
    each.name: each
    for each in (
        LabelFill(
            "most frequent",
            "fill with the category that occurs most often in the training rows",
            fit=most_frequent_label,
            done="most frequent",
        ),
        LabelFill(
            "constant",
            "fill with a word of your own (fill_category), which becomes a category",
            ("fill_category",),
            fit=lambda labels, counts, constant: constant,
            done="constant",
        ),
        LabelFill(
            "drop rows",
            "leave training rows with a gap out; other rows are filled with the most frequent category",
            fit=most_frequent_label,
            done="most frequent",
            drops_rows=True,
        ),
    )
}
