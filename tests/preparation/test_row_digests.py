"""Rows are recognized by their digests: the same row anywhere, no other row."""

from __future__ import annotations

import numpy as np
import pytest

from ann_tui.data.preparing import row_digests as module
from ann_tui.data.preparing.row_digests import KnownRows, row_digests


def test_a_row_has_its_digest_wherever_it_stands() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20_000, 7)).astype(np.float32), rng.integers(0, 3, 20_000)
    digests, order = row_digests(x, y), rng.permutation(20_000)
    assert (row_digests(x[order], y[order]) == digests[order]).all()
    assert row_digests(x[17:18], y[17:18])[0] == digests[17]
    assert (row_digests(np.asfortranarray(x), y) == digests).all()


def test_zero_has_one_digest() -> None:
    x = np.array([[0.0, 1.0], [-0.0, 1.0]], dtype=np.float32)
    assert len(set(row_digests(x, np.array([0.0, -0.0])).tolist())) == 1


@pytest.mark.parametrize("features", [1, 2, 30])
def test_rows_that_differ_in_one_cell_or_the_answer_have_others(features: int) -> None:
    """Small whole numbers are what a careless mixture confuses first."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 50 if features > 1 else 100_000, (50_000, features)).astype(np.float32)
    y = rng.integers(0, 2, 50_000)
    rows = {(*row.tolist(), int(answer)) for row, answer in zip(x, y, strict=True)}
    assert len(set(row_digests(x, y).tolist())) == len(rows)


def test_swapped_cells_and_no_inputs() -> None:
    x = np.array([[1, 2], [2, 1]], dtype=np.float32)
    assert len(set(row_digests(x, np.zeros(2)).tolist())) == 2
    assert len(set(row_digests(x[:, :0], np.arange(2)).tolist())) == 2


def test_of_many_rows_a_sample_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KNOWN", 1_000)
    rng = np.random.default_rng(0)
    digests = row_digests(rng.normal(size=(30_000, 3)).astype(np.float32), np.zeros(30_000))
    training, other = digests[:20_000], digests[20_000:]
    known = KnownRows.of(training)
    assert known.one_in == 20 and 800 < len(known.digests) < 1_200
    found = known.hold(training).sum() * known.one_in
    assert 16_000 < found < 24_000 and not known.hold(other).any()
