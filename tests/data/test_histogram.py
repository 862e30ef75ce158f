"""Histograms against plain loops over the cells, and the laws of their edges."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.profile.column_histogram import MOST_LABELS, NO_TARGET, column_picture, profile_histogram
from ann_tui.data.profile.histogram import (
    Grouping,
    Histogram,
    count_labels,
    count_numbers,
    equal_edges,
    round_edges,
    usual_bars,
)
from ann_tui.data.profile.table_profile import TableProfile, profile_table


def _table(frame: pd.DataFrame) -> Table:
    for name in frame.columns:
        if frame[name].dtype.kind not in "if":
            frame[name] = frame[name].astype(object)
    return Table(frame, np.arange(2, len(frame) + 2, dtype=np.int64), Dialect(), Path("x.csv"))


def _profiled(frame: pd.DataFrame, **source: Any) -> tuple[Table, TableProfile]:
    table = _table(frame)
    return table, profile_table(table, Source("x.csv", **source))


def _bar_of(value: float, edges: list[float]) -> int:
    for bar in range(len(edges) - 1):
        if value < edges[bar + 1] or bar == len(edges) - 2:
            return bar
    raise AssertionError


@pytest.mark.parametrize("seed", range(8))
def test_numbers_are_counted_as_a_loop_counts_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 400))
    numbers = rng.normal(0, 10.0 ** rng.integers(-6, 7), rows).round(int(rng.integers(0, 4)))
    numbers[rng.random(rows) < 0.2] = np.nan
    numbers[0] = 3.0
    target = rng.normal(size=rows)
    target[rng.random(rows) < 0.1] = np.nan
    by = Grouping(("a", "b", "c"), rng.integers(0, 3, rows), target)
    present = numbers[~np.isnan(numbers)]
    edges, single = round_edges(
        float(present.min()),
        float(present.max()),
        usual_bars(len(present)),
        whole=bool((present % 1 == 0).all()),
    )
    found = count_numbers(numbers, edges, by, single=single)
    counts: Counter[tuple[int, int]] = Counter()
    sums: dict[int, list[float]] = {}
    for row in range(rows):
        bar = -1 if math.isnan(numbers[row]) else _bar_of(numbers[row], edges.tolist())
        counts[int(by.codes[row]), bar] += 1
        if bar >= 0 and not math.isnan(target[row]):
            sums.setdefault(bar, []).append(float(target[row]))
    for group in range(3):
        assert found.missing[group] == counts[group, -1]
        assert found.counts[group].tolist() == [counts[group, bar] for bar in range(found.bars)]
    assert found.means is not None
    for bar, mean in enumerate(found.means):
        assert (
            math.isnan(mean)
            if bar not in sums
            else mean == pytest.approx(math.fsum(sums[bar]) / len(sums[bar]))
        )
    assert found.rows == rows


@pytest.mark.parametrize("seed", range(30))
def test_edges_are_round_and_hold_all_numbers(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = 10.0 ** rng.integers(-250, 250) if seed % 3 == 0 else 10.0 ** rng.integers(-4, 6)
    low, high = sorted((rng.normal(size=2) * size).tolist())
    most = int(rng.integers(1, 70))
    edges, single = round_edges(low, high, most)
    assert not single and (np.diff(edges) > 0).all() and len(edges) - 1 <= most
    assert edges[0] <= low < edges[1] and edges[-2] < high <= edges[-1]
    if most > 2:
        assert len(edges) - 1 >= most // 3
    if most > 2 and seed % 3:
        step = Decimal(repr(float(edges[1]))) - Decimal(repr(float(edges[0])))
        assert step.normalize().as_tuple().digits in ((1,), (2,), (5,))
        for edge in edges.tolist():
            assert Decimal(repr(edge)) % step == 0


def test_numbers_of_one_decimal_stand_in_the_bar_that_begins_with_them() -> None:
    numbers = np.arange(0, 21) / 10
    edges, _ = round_edges(0.0, 2.0, 20)
    found = count_numbers(numbers, edges, Grouping.none(21))
    assert found.totals.tolist() == [1] * 19 + [2]


def test_whole_numbers_of_a_short_range_have_a_bar_each() -> None:
    numbers = np.array([3.0, 3, 5, 9])
    edges, single = round_edges(3.0, 9.0, 7, whole=True)
    found = count_numbers(numbers, edges, Grouping.none(4), single=single)
    assert single and found.totals.tolist() == [2, 0, 1, 0, 0, 0, 1]
    wide, single = round_edges(3.0, 900.0, 20, whole=True)
    assert not single and (wide % 1 == 0).all()


@pytest.mark.parametrize(
    ("low", "high"), [(5.5, 5.5), (0.0, 0.0), (1e18, 1e18), (-1e300, 1e300), (1e15, 1e15 + 1), (0.0, 5e-324)]
)
@pytest.mark.parametrize("whole", [False, True])
def test_edges_of_odd_ranges_hold_both_ends(low: float, high: float, whole: bool) -> None:
    edges, _ = round_edges(low, high, 12, whole=whole and low % 1 == 0 == high % 1)
    assert np.isfinite(edges).all() and edges[0] <= low and high <= edges[-1]
    found = count_numbers(np.array([low, high]), edges, Grouping.none(2))
    assert found.totals.sum() == 2


def test_dates_stand_in_equal_bars() -> None:
    edges = equal_edges(10.0, 20.0, 4)
    assert edges.tolist() == [10, 12.5, 15, 17.5, 20]
    assert equal_edges(7.0, 7.0, 4).tolist() == [7, 7]


@pytest.mark.parametrize("most", [1, 2, 5, 40])
def test_labels_are_counted_as_a_loop_counts_them(most: int) -> None:
    rng = np.random.default_rng(most)
    labels = [f"label {place}" for place in range(30)]
    codes = np.minimum(rng.geometric(0.12, 500) - 1, 25) - (rng.random(500) < 0.1) * 100
    codes = np.maximum(codes, -1)
    by = Grouping(("a", "b"), rng.integers(0, 2, 500))
    found = count_labels(codes, labels, by, most)
    times = Counter(labels[code] for code in codes if code >= 0)
    ranked = sorted(times, key=lambda label: (-times[label], labels.index(label)))
    shown = ranked if len(ranked) <= most else ranked[: most - 1]
    assert found.labels[: len(shown)] == tuple(shown)
    assert found.totals[: len(shown)].tolist() == [times[label] for label in shown]
    assert found.rest == len(ranked) - len(shown) and found.rows == 500
    for group in range(2):
        mine = Counter(
            labels[code] for code, of in zip(codes, by.codes, strict=True) if code >= 0 and of == group
        )
        assert found.counts[group, : len(shown)].tolist() == [mine[label] for label in shown]
        assert found.counts[group].sum() == sum(mine.values())


@pytest.mark.parametrize("bars", [1, 2, 3, 7, 11, 12, 90])
def test_joining_bars_loses_no_row_and_keeps_means(bars: int) -> None:
    rng = np.random.default_rng(bars)
    numbers, target = rng.random(300), rng.normal(size=300)
    by = Grouping(("a", "b"), rng.integers(0, 2, 300), target)
    whole = count_numbers(numbers, np.linspace(0, 1, 13), by)
    found = whole.at_most(bars)
    assert found.bars <= bars and found.edges is not None and (found.edges[0], found.edges[-1]) == (0, 1)
    again = count_numbers(numbers, found.edges, by)
    assert found.counts.tolist() == again.counts.tolist()
    assert found.means is not None and again.means is not None
    assert found.means == pytest.approx(again.means)


@pytest.mark.parametrize("first", [3, 6, 9])
def test_joining_labels_twice_counts_the_rest_once(first: int) -> None:
    codes = np.repeat(np.arange(10), np.arange(10, 0, -1))
    found = count_labels(
        codes, [f"{place}" for place in range(10)], Grouping.none(len(codes)), first
    ).at_most(3)
    assert found.labels[:2] == ("0", "1") and found.rest == 8 and found.totals.sum() == len(codes)


def _frame(rows: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "size": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(50, 9, rows).round(1)),
            "colour": rng.choice(["red", "green", "blue"], rows),
            "day": pd.date_range("2020-01-01", periods=rows).strftime("%Y-%m-%d"),
            "target": rng.choice(["yes", "no", "perhaps"], rows),
        }
    )


def test_a_column_is_split_by_the_classes_of_the_target() -> None:
    table, profile = _profiled(_frame())
    frame = table.frame
    for name in ("size", "colour", "day"):
        found = column_picture(table, profile, name).histogram
        assert found.groups == profile.classes == ("no", "perhaps", "yes")
        for group, counts, missing in zip(found.groups, found.counts, found.missing, strict=True):
            mine = frame[name][frame["target"] == group]
            assert (counts.sum(), missing) == (mine.notna().sum(), mine.isna().sum())
    target = column_picture(table, profile, "target").histogram
    assert target.groups == ("",)
    assert dict(zip(target.labels, target.totals.tolist(), strict=True)) == Counter(frame["target"])


def test_rows_without_a_target_are_a_group_of_their_own() -> None:
    frame = _frame()
    frame.loc[:9, "target"] = None
    table, profile = _profiled(frame)
    found = column_picture(table, profile, "size").histogram
    assert found.groups == (*profile.classes, NO_TARGET)
    assert found.counts[-1].sum() + found.missing[-1] == 10


def test_of_a_number_target_the_mean_of_each_category_is_known() -> None:
    table, profile = _profiled(_frame().drop(columns="target"), target="size")
    assert profile.task == "regression"
    found = column_picture(table, profile, "colour").histogram
    assert found.groups == ("",) and found.means is not None
    means = table.frame.groupby("colour")["size"].mean()
    assert dict(zip(found.labels, found.means, strict=True)) == pytest.approx(means.to_dict())
    assert column_picture(table, profile, "size").histogram.means is None


def test_cells_that_stand_out_are_named_by_their_lines() -> None:
    values: list[Any] = [float(n % 7) for n in range(100)]
    values[4], values[8], values[50] = None, "x", 900.0
    table, profile = _profiled(pd.DataFrame({"v": [None if v is None else str(v) for v in values]}))
    found = {each.what: (each.cells, each.lines) for each in column_picture(table, profile, "v").standing_out}
    assert found == {"missing": (1, (6,)), "unreadable": (1, (10,)), "outlier": (1, (52,))}


@pytest.mark.parametrize("values", [[None] * 9, ["7"] * 9, [f"word {n}" for n in range(400)]])
def test_odd_columns_have_a_histogram(values: list[Any]) -> None:
    frame = pd.DataFrame({"odd": values, "target": [f"{n % 2}" for n in range(len(values))]})
    table, profile = _profiled(frame)
    found: Histogram = column_picture(table, profile, "odd").histogram
    assert found.rows == len(values)
    assert found.bars == min(len(set(values) - {None}), MOST_LABELS)


def test_the_profile_knows_the_rows_of_each_bar_at_once() -> None:
    frame = _frame()
    frame["many"] = [f"word {n % 40}" for n in range(len(frame))]
    table, profile = _profiled(frame)
    for column in profile.columns:
        found = profile_histogram(column, len(frame))
        assert found.rows == len(frame) and found.groups == ("",)
        whole = column_picture(table, profile, column.name).histogram
        assert found.missing.sum() == whole.missing.sum()
        if found.edges is not None:
            assert found.totals.tolist() == list(column.histogram)
        else:
            shown = len(found.labels) - bool(found.rest)
            assert found.labels[:shown] == whole.labels[:shown]
            assert found.rest + shown == column.distinct
