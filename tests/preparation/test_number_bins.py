"""Numbers encoded piecewise linearly: against a slow plain reference, and the laws that the features keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.choices.number_encodings import bin_count, quantile_edges
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, Split
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.number_bins import NumberBins, fit_number_bins
from ann_tui.data.preparing.prepare import PreparedData, prepare
from ann_tui.model.building import new_network
from ann_tui.network.design import NetworkDesign

TableMaker = Callable[..., Any]
ALL_TRAIN = Split(test=0.0, validation=0.0)
BINNED = Preparation(number_encoding="piecewise linear", split=ALL_TRAIN)
finite = st.floats(allow_nan=False, allow_infinity=False)
edge_lists = st.lists(finite, min_size=2, max_size=25, unique=True).map(sorted).map(tuple)


def prepared(table: TableMaker, columns: dict[str, list[Any]], preparation: Preparation) -> PreparedData:
    """The columns, all of them numbers, with two classes in turn; every row trains."""
    rows = len(next(iter(columns.values())))
    cells = {**columns, "class": [("a", "b")[row % 2] for row in range(rows)]}
    return prepare(
        *table(cells, dict.fromkeys(columns, "number") | {"class": "category"}, "class"), preparation
    )


@settings(max_examples=200, deadline=None)
@given(edges=edge_lists)
def test_names_are_distinct(edges: tuple[float, ...]) -> None:
    names = NumberBins(edges).names("age")
    assert len(set(names)) == len(names) == len(edges) - 1


def test_names_say_the_edges() -> None:
    assert NumberBins((31.0, 38.0, 44.5)).names("age") == ("age 31–38", "age 38–44.5")
    assert NumberBins((-5.0, 0.0, 2.0)).names("depth") == ("depth -5 to 0", "depth 0 to 2")
    assert NumberBins((1.0, 1.0000001, 2.0)).names("x") == ("x 1–1.0000001", "x 1.0000001–2")


@pytest.mark.parametrize(
    ("rows", "columns", "bins"),
    [
        (50, 100, 0),
        (8, 1, 0),
        (9, 1, 3),
        (90, 10, 3),
        (89, 10, 0),
        (300, 10, 10),
        (72, 1, 24),
        (10**6, 1, 24),
    ],
)
def test_the_bins_of_all_columns_are_a_third_of_the_rows_at_most(rows: int, columns: int, bins: int) -> None:
    assert bin_count(rows, columns) == bins


@settings(max_examples=100, deadline=None)
@given(values=st.lists(st.one_of(finite, st.sampled_from([0.0, 1.0, 2.0])), min_size=1, max_size=80))
def test_edges_are_ranked_values_of_training_each_once(values: list[float]) -> None:
    edges = quantile_edges(np.array(values), 1)
    count, ranked = bin_count(len(values), 1), sorted(values)
    shares = np.linspace(0, 1, count + 1) if count else []
    nearest = {ranked[round(float(share) * (len(values) - 1))] for share in shares}
    assert list(edges) == (sorted(nearest) if len(nearest) > 2 else [])


def test_evenly_spread_values_get_even_bins() -> None:
    assert quantile_edges(np.arange(241.0)[::-1], 1) == tuple(np.arange(0.0, 241.0, 10.0))


@pytest.mark.parametrize("values", [[4.0] * 60, [0.0, 1.0] * 30, [0.0] * 59 + [1e9]])
def test_a_column_of_one_or_two_values_gets_no_bins(values: list[float]) -> None:
    assert fit_number_bins("piecewise linear", np.array(values), 1, lambda numbers: numbers) is None


def test_edges_that_float32_cannot_tell_apart_are_one() -> None:
    values = np.array([1e9 + n for n in range(90)])
    as_they_are = fit_number_bins("piecewise linear", values, 1, lambda numbers: numbers)
    scaled = fit_number_bins("piecewise linear", values, 1, lambda numbers: (numbers - 1e9) / 30)
    assert scaled is not None and len(scaled) == 24
    assert as_they_are is None


def test_the_network_sees_the_matrix_then_the_bins_of_each_column(table: TableMaker) -> None:
    """From the numbers in their own unit, by another road than the program's: `np.interp` over each bin."""
    numbers: list[float | None] = [float(n) for n in range(90)]
    numbers[7] = None
    columns = {"x": numbers, "y": [float(n * n) for n in range(90)], "z": [float(n % 41) for n in range(90)]}
    preparation = Preparation(
        number_encoding="piecewise linear",
        missing_number="constant",
        fill_number=50.0,
        split=ALL_TRAIN,
        columns={
            "x": ColumnPreparation(indicator=True),
            "y": ColumnPreparation(number_encoding="as they are"),
        },
    )
    data = prepared(table, columns, preparation)
    fitted, x = data.fitted, data.training.x
    bins = {column.name: column.bins for column in fitted.columns if column.bins is not None}  # type: ignore[union-attr]
    assert {name: len(each) for name, each in bins.items()} == fitted.bin_counts == {"x": 10, "z": 10}
    assert fitted.feature_names == ("x", "x was missing", "y", "z")
    assert fitted.input_names == (*fitted.feature_names, *bins["x"].names("x"), *bins["z"].names("z"))
    network = new_network(NetworkDesign(), fitted, 0)
    room = np.full((90, len(fitted.input_names)), np.nan, np.float32)
    network.put_inputs(x, room)
    np.testing.assert_array_equal(room[:, :4], x)
    filled = {"x": [50.0 if number is None else number for number in numbers], "z": columns["z"]}
    expected = [
        np.interp(filled[name], edges, (0.0, 1.0))
        for name, each in bins.items()
        for edges in pairwise(each.edges)
    ]
    np.testing.assert_allclose(room[:, 4:], np.stack(expected, axis=1), atol=2e-6)
    plain = prepared(table, columns, replace(preparation, number_encoding="as they are"))
    np.testing.assert_array_equal(x, plain.training.x)


def test_fifty_rows_of_a_hundred_columns_get_no_bins(table: TableMaker) -> None:
    rng = np.random.default_rng(0)
    columns = {f"x{place}": rng.normal(size=50).tolist() for place in range(100)}
    assert len(prepared(table, columns, BINNED).fitted.input_names) == 100


def test_new_numbers_outside_of_training_are_all_bins_or_none_and_the_scaled_number_goes_on(
    table: TableMaker,
) -> None:
    fitted = prepared(table, {"x": [float(n) for n in range(90)]}, BINNED).fitted
    x, report = fitted.transform(pd.DataFrame({"x": ["-1000", "1e300", "", "nonsense"]}))
    seen = np.empty((4, len(fitted.input_names)), np.float32)
    new_network(NetworkDesign(), fitted, 0).put_inputs(x, seen)
    assert (seen[0, 1:] == 0).all() and (seen[1, 1:] == 1).all()
    assert seen[0, 0] < -10 and seen[1, 0] > 10
    assert (seen[2] == seen[3]).all() and 0 < seen[2, 1:].mean() < 1
    assert report.outside["x"].cells == 2


def test_bins_go_through_a_file_to_the_bit_and_older_files_have_none(table: TableMaker) -> None:
    rng = np.random.default_rng(1)
    fitted = prepared(table, {"x": rng.normal(size=200).tolist()}, BINNED).fitted
    plain = json.loads(json.dumps(fitted.to_dict()))
    again = FittedPreparation.from_dict(plain)
    new = pd.DataFrame({"x": rng.normal(0, 3, size=50)})
    assert again == fitted and again.bin_counts == {"x": 24}
    assert again.transform(new)[0].tobytes() == fitted.transform(new)[0].tobytes()
    del plain["columns"][0]["bins"]
    older = FittedPreparation.from_dict(plain)
    assert older.bin_counts == {} and not older.answers_like(fitted)


@pytest.mark.parametrize(
    "edges", [(), (1.0,), (1.0, 1.0), (2.0, 1.0), (0.0, float("nan")), (0.0, float("inf"))]
)
def test_edges_that_cannot_be_are_refused(edges: tuple[float, ...]) -> None:
    with pytest.raises(ValueError):
        NumberBins(edges)


def test_what_was_done_is_told(table: TableMaker) -> None:
    data = prepared(table, {"x": [float(n) for n in range(90)]}, BINNED)
    told = next(effect.text for effect in data.effects if effect.step == "scaling")
    assert told.endswith(", and 24 bins from 0 to 89")
