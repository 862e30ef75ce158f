"""What is no leak is not suspected: no row is guessed from itself or from its copy, and gaps tell nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.profile.table_profile import profile_table


def suspects(target: Any, **features: Any) -> list[str]:
    """The columns that are suspected to give the target away."""
    frame = pd.DataFrame({**features, "target": target})
    for name in frame.columns:
        if frame[name].dtype.kind not in "if":
            frame[name] = frame[name].astype(object)
    table = Table(frame, np.arange(len(frame)) + 2, Dialect(), Path("x.csv"))
    profile = profile_table(table, Source("x.csv", target="target"))
    return [
        column.name
        for column in profile.columns
        if any(each.kind == "leak suspect" for each in column.findings)
    ]


def two_classes(rows: int, seed: int = 0) -> np.ndarray:
    """Classes drawn at random."""
    return np.random.default_rng(seed).choice(["yes", "no"], rows)


def comb(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Numbers in 100 narrow heaps, and classes that change from heap to heap."""
    heaps = np.arange(rows) % 100
    values = heaps + np.random.default_rng(seed).uniform(0, 0.3, rows)
    return values, np.where(heaps % 2 == 0, "yes", "no")


@pytest.mark.parametrize("seed", range(3))
def test_no_row_is_guessed_from_itself(seed: int) -> None:
    """In a short table nearly each row has a bin of its own."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=45)
    assert suspects(two_classes(45, seed), noise=noise, label=list("abcdefghi") * 5) == []
    assert suspects(rng.normal(size=45), noise=noise, label=list("abcdefghi") * 5) == []


def test_no_row_is_guessed_from_its_copy() -> None:
    """Rows that are in the table twice are each other's nearest."""
    noise = np.random.default_rng(1).normal(size=200)
    assert suspects(np.repeat(two_classes(200), 2), noise=np.repeat(noise, 2)) == []


def test_the_nearest_other_row_gives_away_what_changes_too_often_for_bins() -> None:
    values, classes = comb(600)
    assert suspects(classes, comb=values, noise=np.random.default_rng(0).normal(size=600)) == ["comb"]
    assert suspects(two_classes(600), comb=values) == []


def test_a_column_with_many_gaps_does_not_give_the_target_away() -> None:
    """Even if it does where it has a value."""
    values, classes = comb(600)
    gone = np.random.default_rng(2).random(600) < 0.3
    assert suspects(classes, comb=np.where(gone, np.nan, values)) == []
    number = np.random.default_rng(3).normal(size=600)
    assert suspects(number, double=np.where(gone, np.nan, 2 * number)) == []
    few = np.random.default_rng(2).random(600) < 0.03
    assert suspects(classes, comb=np.where(few, np.nan, values)) == ["comb"]
    assert suspects(number, double=np.where(few, np.nan, 2 * number)) == ["double"]


def test_to_miss_a_rare_class_is_not_to_be_right() -> None:
    """Whoever always says "no" is right in 199 of 200 rows."""
    rng = np.random.default_rng(4)
    classes = np.where(np.arange(1_000) % 200 == 0, "yes", "no")
    assert suspects(classes, noise=rng.normal(size=1_000), label=rng.choice(["a", "b"], 1_000)) == []


@pytest.mark.parametrize(("rare", "suspected"), [(4, []), (5, ["gaps"])])
def test_a_few_gaps_may_fall_on_one_class_by_chance(rare: int, suspected: list[str]) -> None:
    classes = np.where(np.arange(200) < rare, "yes", "no")
    gaps = np.where(classes == "yes", np.nan, np.random.default_rng(5).normal(size=200))
    assert suspects(classes, gaps=gaps) == suspected


@pytest.mark.parametrize(("rows", "suspected"), [(39, []), (40, ["same"])])
def test_too_few_rows_to_suspect_anything(rows: int, suspected: list[str]) -> None:
    classes = two_classes(rows)
    assert suspects(classes, same=np.where(classes == "yes", "J", "N")) == suspected


@pytest.mark.parametrize("size", [1e-160, 1.0, 1e155, 1e299])
def test_a_copy_is_suspected_whatever_its_unit(size: float) -> None:
    """Squares of such numbers are beyond what a float holds."""
    generator = np.random.default_rng(0)
    target, other = generator.normal(size=(2, 300)) * size
    assert suspects(target, copy=2 * target, other=other) == ["copy"]
