"""Which classes are confused most often."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.evaluation.confusion import ConfusionMatrix, most_confused


@given(st.integers(1, 6), st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_the_most_confused_pairs(classes: int, most: int, seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 4, (classes, classes))
    labels = tuple(map(str, range(classes)))
    wrong = [
        (int(counts[true, predicted]), true, predicted)
        for true in range(classes)
        for predicted in range(classes)
        if true != predicted and counts[true, predicted]
    ]
    found = most_confused(ConfusionMatrix(labels, counts), most)
    assert [rows for _, _, rows in found] == sorted((rows for rows, _, _ in wrong), reverse=True)[:most]
    assert {(rows, true, predicted) for true, predicted, rows in found} <= set(wrong)
    assert len(set(found)) == len(found)
