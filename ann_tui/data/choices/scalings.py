"""The scalings of numbers that can be chosen, each with the numbers that it takes from the training values.

To add one, write such a function here under `@scaling`: the app, the command line and the experiment file list it by
themselves. Choices are made before anything heavy is imported: a function imports what it fits with. What is done with
its numbers stands in `preparing/scaling.py`, by the `form`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ann_tui.choice_fields import Option

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Fit = Callable[[npt.NDArray[np.float64]], tuple[float, ...]]


@dataclass(frozen=True)
class Scaling(Option):
    """One entry of `SCALING`; `fit` takes training values, float64 (n,) without NaN, n at least 1.

    What it gives depends on the `form`: "linear" is (x - center) / scale and needs center and scale, "smooth clip"
    median and factor, "quantile" the quantiles. `done` tells of a linear form's `center` and `scale`, and `one`, which
    becomes 1.
    """

    fit: Fit = field(kw_only=True)
    form: str = "linear"
    done: str = "{center:.4g} becomes 0, {one:.4g} becomes 1"


SCALING: dict[str, Scaling] = {}


def scaling(name: str, summary: str, form: str = "linear", done: str = Scaling.done) -> Callable[[Fit], Fit]:
    """Enter the decorated function into `SCALING`."""

    def enter(fit: Fit) -> Fit:
        SCALING[name] = Scaling(name, summary, fit=fit, form=form, done=done)
        return fit

    return enter


@scaling(
    "standard",
    "mean 0, standard deviation 1: what most networks train best on",
    done="mean {center:.4g}, standard deviation {scale:.4g}",
)
def standard(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Mean and standard deviation."""
    from sklearn.preprocessing import StandardScaler

    fitted = StandardScaler().fit(values.reshape(-1, 1))
    return float(fitted.mean_[0]), float(fitted.scale_[0])


@scaling("min-max", "smallest training value 0, largest 1")
def min_max(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """The smallest value, and how far away the largest is."""
    from sklearn.preprocessing import MinMaxScaler

    fitted = MinMaxScaler().fit(values.reshape(-1, 1))
    return float(fitted.data_min_[0]), float(1.0 / fitted.scale_[0])


@scaling(
    "robust",
    "median 0, middle half of the values 1 wide: outliers don't move it",
    done="median {center:.4g}, middle half {scale:.4g} wide",
)
def robust(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Median, and the width of the middle half."""
    from sklearn.preprocessing import RobustScaler

    fitted = RobustScaler().fit(values.reshape(-1, 1))
    return float(fitted.center_[0]), float(fitted.scale_[0])


@scaling(
    "smooth clip", "robust, then squeezed softly between -3 and 3: x / sqrt(1 + (x / 3)^2)", "smooth clip"
)
def smooth_clip(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Median, and 1 over the width of the middle half; without a width, over half of the whole range."""
    import numpy as np

    low, middle, high = (float(each) for each in np.percentile(values, (25, 50, 75)))
    smallest, largest = float(values.min()), float(values.max())
    width = high - low if high > low else (largest - smallest) / 2
    return middle, 1.0 / width if width > 1e-30 else 0.0


@scaling("quantile", "by rank onto a bell curve: any distribution becomes normal", "quantile")
def quantile(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Up to 1,000 quantiles."""
    from sklearn.preprocessing import QuantileTransformer

    count = min(1000, len(values))
    ranks = QuantileTransformer(
        n_quantiles=count, output_distribution="normal", subsample=None, random_state=0
    ).fit(values.reshape(-1, 1))
    return tuple(float(each) for each in ranks.quantiles_[:, 0])


@scaling("none", "leave the numbers as they are", done="left as it is")
def none(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Nothing is taken away, and nothing divided."""
    return 0.0, 1.0
