"""Sweeps: each answer is the one for the row with that one cell."""

from __future__ import annotations

import math
from dataclasses import replace

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from insight.tables import PREPARATIONS, network_for, prepared

from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.input_column import InputColumn
from ann_tui.insight.sweep import Sweep, can_be_swept, sweep, sweeps, swept_rows
from ann_tui.network.network import Network
from ann_tui.network.scoring import predict

SWEPT = ("age", "share", "price", "weight", "city", "member")
ROW = {"age": "", "price": "12.345 €", "city": "Atlantis", "joined": "2015-05-05", "elsewhere": "7"}
"""A gap, a category that training did not have, and a column that there is not."""


def answer(fitted: FittedPreparation, network: Network, row: dict[str, str]) -> np.ndarray:
    """What the network says of one row, in the target's own unit."""
    x, _ = fitted.transform(pd.DataFrame([row], dtype=object))
    return fitted.target.decode(predict(network, x))[0]


def assert_as_answered(
    fitted: FittedPreparation, network: Network, row: dict[str, str], found: Sweep
) -> None:
    usual = {column.name: row.get(column.name, column.typical) for column in fitted.inputs}
    assert len(found.outputs) == len(found.values) > 0
    for text, output in zip(found.values, found.outputs, strict=True):
        np.testing.assert_allclose(output, answer(fitted, network, {**usual, found.name: text}), 1e-5, 1e-6)


@pytest.mark.parametrize("members", [1, 2])
@pytest.mark.parametrize("target", ["class", "goal"])
@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_all_columns_at_once(preparation: str, target: str, members: int) -> None:
    """Those that can be swept, in their order, each alone and all together; for a full row and for one with gaps."""
    fitted = prepared(preparation, target).fitted
    network = network_for(fitted, members)
    assert can_be_swept(fitted) == SWEPT
    for row in ({}, ROW):
        found = sweeps(fitted, network, row, 5)
        assert [each.name for each in found] == list(SWEPT)
        for each in found:
            assert_as_answered(fitted, network, row, each)
            alone = sweep(fitted, network, row, each.name, 5)
            assert alone.values == each.values
            np.testing.assert_allclose(alone.outputs, each.outputs, 1e-6)


@pytest.mark.parametrize("steps", [1, 2, 3, 24])
def test_what_each_column_goes_through(steps: int) -> None:
    """Numbers evenly from the smallest to the largest in the column's form, or the most frequent categories."""
    fitted = prepared().fitted
    found = {each.name: each.values for each in sweeps(fitted, network_for(fitted), {}, steps)}
    for column in fitted.inputs:
        if column.minimum is not None:
            numbers = [column.number(text) for text in found[column.name]]
            wanted = [
                column.minimum + (column.maximum - column.minimum) * step / max(1, steps - 1)
                for step in range(steps)
            ]
            assert numbers == pytest.approx(wanted, rel=1e-4)
        elif column.name in found:
            assert found[column.name] == column.categories[:steps]
    assert found["share"][0] == "5.1 %" and found["price"][0] == "1508 €" and found["weight"][0] == "50.7 kg"


numbers = st.floats(-1e300, 1e300)


@settings(max_examples=200)
@given(
    ends=st.tuples(numbers, numbers),
    steps=st.integers(2, 30),
    near=st.booleans(),
    form=st.sampled_from(["", "12 kg"]),
)
def test_any_range_is_written_so_that_it_can_be_read(
    ends: tuple[float, float], steps: int, near: bool, form: str
) -> None:
    """Rising, no text twice, from end to end; also where the numbers lie near to each other."""
    low, high = min(ends), max(ends)
    if near:
        high = low + abs(low) * 1e-9
    column = InputColumn("age", "number", "0", low, high, 1.0, form=form)
    fitted = with_column(column)
    texts = swept_rows(fitted, {}, ["age"], steps).values["age"]
    read = [column.number(text) for text in texts]
    assert all(math.isfinite(value) for value in read)
    assert read == sorted(set(read)) and len(read) <= steps
    if low < high:
        span = high / 2 - low / 2
        assert abs(read[0] / 2 - low / 2) <= span / 2 and abs(read[-1] / 2 - high / 2) <= span / 2
    else:
        assert len(read) == 1


def with_column(column: InputColumn) -> FittedPreparation:
    """The preparation with another description of its first column, which changes no matrix."""
    fitted = prepared().fitted
    return replace(fitted, inputs=(column, *fitted.inputs[1:]))


def test_many_categories_and_a_column_that_is_always_the_same() -> None:
    """The most frequent; and the one value that there is."""
    fitted = prepared().fitted
    city = next(column for column in fitted.inputs if column.name == "city")
    found = sweep(fitted, network_for(fitted), {}, "city", 2)
    assert found.values == city.categories[:2] and len(found.outputs) == 2
    for value, text in ((30.0, "30"), (0.1, "0.1"), (12345678.0, "12345678"), (1e-7, "1e-07"), (0.0, "0")):
        alone = with_column(msgspec.structs.replace(fitted.inputs[0], minimum=value, maximum=value))
        assert sweep(alone, network_for(alone), {}, "age").values == (text,)


def test_what_cannot_be_swept_is_refused() -> None:
    """Dates, free texts, and what is no input, in one line; without any column there is nothing."""
    fitted = prepared("bins").fitted
    for name in ("joined", "remark", "class", "nobody"):
        with pytest.raises(ValueError, match=name):
            sweep(fitted, network_for(fitted), {}, name)
    assert swept_rows(fitted, {}, []).answered_by(network_for(fitted)) == ()


def test_rows_that_are_made_once_are_answered_by_any_network() -> None:
    """While its weights change."""
    fitted = prepared().fitted
    network, rows = network_for(fitted), swept_rows(fitted, ROW, SWEPT)
    first = rows.answered_by(network)
    network.weights *= 0.5
    for each, before in zip(rows.answered_by(network), first, strict=True):
        assert_as_answered(fitted, network, ROW, each)
        assert not np.allclose(each.outputs, before.outputs)
