"""Folds: each row judges once, classes are shared out, groups are never torn, time never looks ahead."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.data.choices.checks import PreparationError
from ann_tui.data.choices.folding import FoldDraw
from ann_tui.data.choices.splits import SPLITS

WAYS = st.sampled_from([way for name, way in SPLITS.items() if name != "time"])


@st.composite
def draws(draw: st.DrawFn) -> FoldDraw:
    """Rows of some classes, in groups or at times of which some are missing."""
    folds = draw(st.integers(2, 6))
    total = draw(st.integers(folds, 60))
    classes = draw(st.lists(st.integers(0, 3), min_size=total, max_size=total))
    cells = st.one_of(st.integers(0, 30).map(float), st.just(float("nan")))
    order = draw(st.lists(cells, min_size=total, max_size=total))
    return FoldDraw(total, folds, draw(st.integers(0, 99)), np.array(classes), np.array(order), "column")


def _groups(draw: FoldDraw) -> int:
    assert draw.order is not None
    return len(set(draw.order[~np.isnan(draw.order)])) + int(np.isnan(draw.order).sum())


@given(draws(), WAYS)
def test_every_row_judges_once_and_trains_in_all_other_folds(draw: FoldDraw, way) -> None:  # type: ignore[no-untyped-def]
    if way.name == "group" and _groups(draw) < draw.folds:
        with pytest.raises(PreparationError, match="too few for"):
            way.fold(draw)
        return
    folds = way.fold(draw)
    assert len(folds) == draw.folds and all(len(judging) for _, judging in folds)
    judging = np.concatenate([each for _, each in folds])
    assert sorted(judging.tolist()) == list(range(draw.total))
    for training, held in folds:
        assert sorted([*training.tolist(), *held.tolist()]) == list(range(draw.total))
        assert (np.diff(training) > 0).all() and (np.diff(held) > 0).all()


@given(draws(), st.sampled_from(["stratified", "random"]))
def test_folds_are_of_one_size_and_each_has_its_share_of_every_class(draw: FoldDraw, name: str) -> None:
    folds = SPLITS[name].fold(draw)
    sizes = [len(judging) for _, judging in folds]
    assert max(sizes) - min(sizes) <= 1
    if name == "stratified":
        assert draw.classes is not None
        for label in set(draw.classes.tolist()):
            counts = [int((draw.classes[judging] == label).sum()) for _, judging in folds]
            assert max(counts) - min(counts) <= 1


@given(draws())
def test_no_group_is_torn(draw: FoldDraw) -> None:
    if _groups(draw) < draw.folds:
        return
    assert draw.order is not None
    for training, judging in SPLITS["group"].fold(draw):
        shared = set(draw.order[training].tolist()) & set(draw.order[judging].tolist())
        assert not {cell for cell in shared if cell == cell}


@given(draws())
def test_time_never_looks_ahead_and_its_window_expands(draw: FoldDraw) -> None:
    assert draw.order is not None
    if draw.total == draw.folds:
        with pytest.raises(PreparationError, match="a row more than folds"):
            SPLITS["time"].fold(draw)
        return
    when = [(-np.inf if np.isnan(cell) else cell, place) for place, cell in enumerate(draw.order.tolist())]
    folds = SPLITS["time"].fold(draw)
    assert len(folds) == draw.folds
    for training, judging in folds:
        assert max(when[place] for place in training) < min(when[place] for place in judging)
    for (before, judged), (training, _) in itertools.pairwise(folds):
        assert sorted([*before.tolist(), *judged.tolist()]) == training.tolist()


@given(draws(), WAYS)
def test_another_seed_gives_other_folds_and_the_same_seed_the_same(draw: FoldDraw, way) -> None:  # type: ignore[no-untyped-def]
    if way.name == "group" and _groups(draw) < draw.folds:
        return
    again = way.fold(FoldDraw(draw.total, draw.folds, draw.seed, draw.classes, draw.order, draw.column))
    assert [each.tolist() for _, each in way.fold(draw)] == [each.tolist() for _, each in again]
