"""What probabilities decide: the answer of a network to a target of classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

DEFAULT_THRESHOLD = 0.5


def decided(probabilities: NDArray[Any], threshold: float = DEFAULT_THRESHOLD) -> NDArray[np.int64]:
    """The class codes (n,) that follow from class probabilities (n, k).

    For two classes the second is the answer where its probability is above `threshold`; at 0.5, and for more classes,
    the answer is the most probable class.
    """
    if probabilities.shape[1] != 2 or threshold == DEFAULT_THRESHOLD:
        codes: NDArray[np.int64] = probabilities.argmax(axis=1)
        return codes
    return (probabilities[:, 1] > threshold).astype(np.int64)
