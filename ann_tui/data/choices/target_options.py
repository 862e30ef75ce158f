"""How a number target can be transformed, and how much a row can count by its class.

To add an option, enter it here: the app, the command line and the experiment file list it by themselves.
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


FARTHEST = 700.0


@dataclass(frozen=True)
class TargetTransform(Option):
    """One entry of `TARGET_TRANSFORMS`.

    `encode` gives what is learned, before it is standardized, of numbers float64 (n,), and `decode` undoes it, finite
    for finite numbers. With `ranked` it is the rank among the training values, laid on a bell curve. `done` says what
    is done, before what else is.
    """

    encode: Callable[[Floats], Floats] = lambda values: values
    decode: Callable[[Floats], Floats] = lambda values: values
    ranked: bool = False
    done: str = ""


@dataclass(frozen=True)
class ClassWeights(Option):
    """One entry of `CLASS_WEIGHTS`: `of` gives a weight for each class of its rows in the training, int64 (classes,).

    They are scaled so that their mean over the rows is 1. Without `of` all weigh the same.
    """

    of: Callable[[npt.NDArray[np.int64]], Floats] | None = None


def _balanced(counts: npt.NDArray[np.int64]) -> Floats:
    import numpy as np

    return np.asarray(counts.sum() / (len(counts) * counts), dtype=np.float64)


def _square_root(counts: npt.NDArray[np.int64]) -> Floats:
    import numpy as np

    return np.sqrt(_balanced(counts))


def _log(values: Floats) -> Floats:
    import numpy as np

    return np.sign(values) * np.log1p(np.abs(values))


def _exp(values: Floats) -> Floats:
    import numpy as np

    return np.sign(values) * np.expm1(np.minimum(np.abs(values), FARTHEST))


TARGET_TRANSFORMS: dict[str, TargetTransform] = {
    each.name: each
    for each in (
        TargetTransform("none", "train on the number itself, standardized"),
        TargetTransform(
            "log",
            "train on its logarithm, for amounts that span powers of ten: sign(y) log(1 + |y|)",
            encode=_log,
            decode=_exp,
            done="logarithm",
        ),
        TargetTransform(
            "quantile", "train on its rank, laid on a bell curve", ranked=True, done="rank on a bell curve"
        ),
    )
}
CLASS_WEIGHTS: dict[str, ClassWeights] = {
    each.name: each
    for each in (
        ClassWeights("none", "every row counts the same"),
        ClassWeights(
            "balanced", "a row counts more the rarer its class: all classes weigh the same", of=_balanced
        ),
        ClassWeights(
            "square root",
            "half way to balanced: weights are the square roots",
            of=_square_root,
        ),
    )
}
