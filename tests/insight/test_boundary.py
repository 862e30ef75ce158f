"""Planes: each row of a grid is the row that its cells say, and points lie where they belong."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from insight.tables import PREPARATIONS, network_for, prepared

from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.insight.boundary import (
    Axis,
    Plane,
    answers,
    line_of_column,
    number_inputs,
    places,
    plane_of_columns,
    plane_of_components,
)
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.network.outputs import Outputs
from ann_tui.network.scoring import predict

NUMBERS = ("age", "share", "price", "weight")


def written(name: str, value: float) -> str:
    """A number as the cells of the tables of these tests have it."""
    if name == "share":
        return f"{value * 100:.12f} %"
    if name == "price":
        return f"{value:.9f} €".replace(".", ",")
    return f"{value!r} kg" if name == "weight" else repr(value)


def matrix_row(fitted: FittedPreparation, row: dict[str, str]) -> np.ndarray:
    return fitted.transform(pd.DataFrame([row], dtype=object))[0][0]


def middles(axis: Axis, cells: int) -> list[float]:
    return [axis.low + (axis.high - axis.low) * (2 * cell + 1) / (2 * cells) for cell in range(cells)]


@pytest.mark.parametrize("preparation", PREPARATIONS)
@pytest.mark.parametrize("axes", [("age", "share"), ("price", "weight"), ("weight", "age")])
def test_each_cell_is_the_row_that_its_axes_say(preparation: str, axes: tuple[str, str]) -> None:
    """With numbers in each form, and the other columns at their typical values or at what is asked for."""
    fitted = prepared(preparation).fitted
    width, height = 5, 4
    asked = {"city": "Rome", "member": "", "age": "", "no such column": "1"}
    for held in (None, asked):
        plane = plane_of_columns(fitted, *axes, width, height, held)
        assert (plane.across.name, plane.up.name) == axes
        assert (plane.width, plane.height) == (width, height)
        row = {column.name: column.typical for column in fitted.inputs}
        row |= {name: text for name, text in (held or {}).items() if name in row}
        assert plane.held == {name: text for name, text in row.items() if name not in axes}
        assert plane.matrix.dtype == np.float32
        wanted = [
            matrix_row(fitted, row | {axes[0]: written(axes[0], x), axes[1]: written(axes[1], y)})
            for y in reversed(middles(plane.up, height))
            for x in middles(plane.across, width)
        ]
        np.testing.assert_allclose(plane.matrix, wanted, 1e-4, 1e-5)


def test_axes_go_a_twentieth_beyond_what_was_seen_and_stop_at_a_rule() -> None:
    """Beyond a rule a number would count as missing."""
    by_name = {column.name: column for column in prepared().fitted.inputs}
    plane = plane_of_columns(prepared().fitted, "age", "weight", 3, 3)
    for axis in (plane.across, plane.up):
        column = by_name[axis.name]
        span = column.maximum - column.minimum
        assert (axis.low, axis.high) == pytest.approx(
            (column.minimum - span / 20, column.maximum + span / 20)
        )
    ruled = prepared("rules").fitted
    assert by_name["age"].minimum - (by_name["age"].maximum - by_name["age"].minimum) / 20 < 11.5
    axis = line_of_column(ruled, "age", 3).across
    assert axis.low == 11.5
    assert axis.high == pytest.approx(plane.across.high)


def test_a_column_of_one_number_has_a_step_to_both_sides() -> None:
    """There is no range to go beyond."""
    fitted = prepared().fitted
    column = fitted.inputs[0]
    alone = msgspec.structs.replace(column, minimum=column.maximum)
    axis = line_of_column(replace(fitted, inputs=(alone, *fitted.inputs[1:])), "age", 3).across
    assert (axis.low, axis.high) == (column.maximum - column.step, column.maximum + column.step)


def test_a_line_is_a_plane_of_height_one() -> None:
    """For a table of one column."""
    fitted = prepared().fitted
    line = line_of_column(fitted, "share", 7, {"city": "Lima"})
    assert (line.width, line.height, line.up) == (7, 1, Axis("", 0.0, 0.0))
    assert line.held["city"] == "Lima" and "share" not in line.held
    row = dict(line.held)
    wanted = [matrix_row(fitted, row | {"share": written("share", x)}) for x in middles(line.across, 7)]
    np.testing.assert_allclose(line.matrix, wanted, 1e-4, 1e-5)
    network = network_for(fitted)
    assert answers(network, line, fitted).shape == (1, 7, 3)
    columns, lines = places(line, np.array([line.across.low, line.across.high, 9.0]), np.zeros(3))
    assert columns.tolist() == [0, 6, -1] and lines.tolist() == [0, 0, -1]


def test_what_can_be_an_axis() -> None:
    """Number columns, in their order; all else is refused in one line."""
    fitted = prepared().fitted
    assert number_inputs(fitted) == NUMBERS
    for across, up in (("age", "age"), ("age", "city"), ("joined", "age"), ("nobody", "age")):
        with pytest.raises(ValueError, match=r"^[^\n]+$"):
            plane_of_columns(fitted, across, up, 3, 3)
    for name in ("city", "joined", "nobody"):
        with pytest.raises(ValueError, match=name):
            line_of_column(fitted, name, 3)


def plane_like(across: Axis, up: Axis, width: int, height: int) -> Plane:
    return Plane(across, up, width, height, np.zeros((0, 2), np.float32), {})


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=200)
@given(ends=st.tuples(finite, finite), value=finite, cells=st.integers(1, 70))
def test_a_value_lies_in_the_cell_whose_middle_is_nearest(
    ends: tuple[float, float], value: float, cells: int
) -> None:
    """Within half a cell; whatever the range, also one too large for a float; outside in none."""
    low, high = min(ends), max(ends)
    axis = Axis("a", low, high)
    (cell,) = axis.cells(np.array([value]), cells).tolist()
    centres = axis.centres(cells)
    assert np.isfinite(centres).all()
    if low == high:
        assert cell == cells // 2
    elif not low <= value <= high:
        assert cell == -1
    else:
        half = (high / 2 - low / 2) / cells
        slack = 1e-9 * max(abs(low), abs(high)) + 5e-324
        assert abs(value / 2 - centres[cell] / 2) <= half / 2 * (1 + 1e-9) + slack


def test_places_turn_the_axis_upwards_and_leave_out_what_is_outside() -> None:
    """The first line is the highest; NaN is nowhere."""
    plane = plane_like(Axis("x", 0, 4), Axis("y", -3, 3), 4, 3)
    across = np.array([0.0, 4.0, 1.5, 2.0, -0.1, 2.0, np.nan])
    up = np.array([3.0, -3.0, 0.0, 1.2, 0.0, 3.1, 0.0])
    columns, lines = places(plane, across, up)
    assert columns.tolist() == [0, 3, 1, 2, -1, -1, -1]
    assert lines.tolist() == [0, 2, 1, 0, -1, -1, -1]


def test_each_cell_of_a_grid_lies_at_its_own_place() -> None:
    """What the matrix says and where a point is drawn are one."""
    x = np.random.default_rng(0).normal(size=(80, 5)) * [1, 2, 3, 4, 5]
    plane, _ = plane_of_components(x, 9, 6)
    mean, directions = components_of(x)
    coordinates = (plane.matrix - mean) @ directions.T
    columns, lines = places(plane, coordinates[:, 0], coordinates[:, 1])
    assert columns.tolist() == list(range(9)) * 6
    assert lines.tolist() == [line for line in range(6) for _ in range(9)]


def components_of(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the first two eigenvectors of the covariance, their largest entries positive."""
    mean = x.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(x.T, bias=True).reshape(x.shape[1], x.shape[1]))
    found = vectors.T[::-1][:2]
    for line in found:
        line *= np.sign(line[np.abs(line).argmax()])
    return mean, found


@pytest.mark.parametrize(("rows", "features"), [(80, 2), (80, 7), (5, 12), (2_600, 4), (300, 530)])
def test_the_plane_of_components(rows: int, features: int) -> None:
    """Axes, grid and places, by the covariance of the rows that are looked at: 2,000 of more."""
    generator = np.random.default_rng(1)
    sizes = np.r_[9.0, 4.0, np.ones(features - 2)]
    turned = np.linalg.qr(generator.normal(size=(features, features)))[0]
    x = (
        generator.normal(size=(rows, features)) * sizes * (1 if features < 500 else [5] * 2 + [0.01] * 528)
    ) @ turned
    x = (x + generator.normal(size=features)).astype(np.float32)
    seen = (
        x.astype(float)
        if rows <= 2_000
        else x[[place * rows // 2_000 for place in range(2_000)]].astype(float)
    )
    mean, directions = components_of(seen)
    plane, found = plane_of_components(x, 4, 3)
    close = 2e-3 if features > 512 else 1e-5
    coordinates = (x - mean) @ directions.T
    size = np.abs(coordinates).max()
    np.testing.assert_allclose(found, coordinates, atol=close * size)
    variances = np.square((seen - mean) @ directions.T).sum(axis=0) / np.square(seen - mean).sum()
    for axis, line, share in zip((plane.across, plane.up), coordinates.T, variances, strict=True):
        margin = (line.max() - line.min()) / 20
        np.testing.assert_allclose(
            (axis.low, axis.high), (line.min() - margin, line.max() + margin), atol=close * size
        )
        assert f"({100 * share:.0f} %)" in axis.name
    wanted = [
        mean + a * directions[0] + b * directions[1]
        for b in reversed(middles(plane.up, 3))
        for a in middles(plane.across, 4)
    ]
    np.testing.assert_allclose(plane.matrix, wanted, atol=close * size)
    assert plane.held == {}


@pytest.mark.parametrize("shape", [(40, 1), (1, 3), (1, 1), (40, 3), (1, 600)])
def test_rows_that_fill_no_plane(shape: tuple[int, int]) -> None:
    """One feature has no second axis; rows that are all the same lie in the middle."""
    x = np.zeros(shape, np.float32) + 2 if shape == (40, 3) else np.random.default_rng(3).normal(size=shape)
    plane, found = plane_of_components(x, 5, 5)
    assert plane.matrix.shape == (25, shape[1]) and found.shape == (shape[0], 2)
    assert np.isfinite(plane.matrix).all() and np.isfinite(found).all()
    if shape[1] == 1:
        assert (plane.up.low, plane.up.high) == (0, 0) and (found[:, 1] == 0).all()
        mean = x.mean()
        np.testing.assert_allclose(found[:, 0], x[:, 0] - mean, atol=1e-12)
    columns, lines = places(plane, *found.T)
    assert (columns >= 0).all() and (lines >= 0).all()
    if shape[0] == 1 or shape == (40, 3):
        assert set(columns.tolist()) == set(lines.tolist()) == {2}
        np.testing.assert_allclose(plane.matrix[12], x[0], atol=1e-6)


def test_no_rows_have_no_components() -> None:
    with pytest.raises(ValueError, match="no"):
        plane_of_components(np.zeros((0, 3)), 4, 4)


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("preparation", ["default", "bins"])
@pytest.mark.parametrize("target", ["class", "goal"])
def test_answers_are_those_of_the_rows(target: str, preparation: str, members: int) -> None:
    """Bit for bit, in the target's own unit where the preparation is given, of the members together."""
    fitted = prepared(preparation, target).fitted
    network = network_for(fitted, members)
    plane = plane_of_columns(fitted, "age", "price", 6, 5)
    plain, own = answers(network, plane), answers(network, plane, fitted)
    outputs = predict(network, plane.matrix)
    for line in range(5):
        for column in range(6):
            there = outputs[line * 6 + column]
            assert (plain[line, column] == there).all()
            assert (own[line, column] == fitted.target.decode(np.array([there]))[0]).all()
    assert plain.shape == own.shape == ((5, 6, 3) if target == "class" else (5, 6))


def test_answers_of_networks_of_one_column_and_of_two_classes() -> None:
    """The smallest there are."""
    network = Network(NetworkDesign.from_text(""), 1, Outputs("binary"))
    plane, _ = plane_of_components(np.random.default_rng(0).normal(size=(9, 1)), 8, 3)
    found = answers(network, plane)
    assert found.shape == (3, 8, 2)
    np.testing.assert_allclose(found.sum(axis=-1), 1, 1e-6)
    assert (found == found[:1]).all()
