"""Numbers of any size are learned from: they are scaled in float64 before they become float32."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import Run

from ann_tui.data.cells.values import read_numbers
from ann_tui.data.choices.preparation import PreparationError
from ann_tui.data.choices.scalings import SCALING
from ann_tui.data.preparing.scaling import fit_scaler
from ann_tui.data.preparing.target_scale import OwnUnit, fit_target_scale
from ann_tui.evaluation.bootstrap import r2_difference, regression_intervals
from ann_tui.evaluation.metrics import regression_metrics
from ann_tui.evaluation.running_score import RunningNumberScore

SIZES = [2.0**-1010, 2.0**-980, 2.0**-600, 2.0**-40, 2.0**130, 2.0**512, 2.0**980]


def values() -> np.ndarray:
    return np.random.default_rng(0).normal(3, 2, 200)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("method", [name for name in SCALING if name != "none"])
def test_scaled_numbers_do_not_depend_on_their_unit(method: str, size: float) -> None:
    expected = fit_scaler(method, values()).apply(values())
    np.testing.assert_allclose(
        fit_scaler(method, values() * size).apply(values() * size), expected, rtol=1e-9
    )


@pytest.mark.parametrize("size", SIZES)
def test_a_target_of_any_size_is_standardized_and_comes_back(size: float) -> None:
    scale = fit_target_scale("y", "none", values() * size)
    np.testing.assert_allclose(scale.encode(values() * size).std(), 1, rtol=1e-9)
    np.testing.assert_allclose(scale.decode(scale.encode(values() * size)), values() * size, rtol=1e-9)
    assert np.isfinite(scale.decode(np.array([1e6, -1e6]))).all()


@pytest.mark.parametrize("size", SIZES)
def test_scores_do_not_depend_on_the_unit_of_the_target(size: float) -> None:
    true, answers = values(), values() + np.random.default_rng(1).normal(0, 1, 200)
    expected, found = regression_metrics(true, answers), regression_metrics(true * size, answers * size)
    running = RunningNumberScore()
    running.add(true * size, answers * size)
    for name, value in expected.items():
        unit = 1.0 if name == "r2" else size
        assert value is not None and found[name] == pytest.approx(value * unit, rel=1e-9)
        if name in running.metrics():
            assert running.metrics()[name] == pytest.approx(value * unit, rel=1e-9)
    one = regression_intervals(true, answers, expected)
    other = regression_intervals(true * size, answers * size, found)
    assert other["r2"].low == pytest.approx(one["r2"].low, rel=1e-9)
    assert other["rmse"].high == pytest.approx(one["rmse"].high * size, rel=1e-9)
    differences = [r2_difference(true * unit, answers * unit, (answers + 1) * unit) for unit in (1.0, size)]
    assert differences[0] is not None and differences[1] is not None
    assert differences[0].low == pytest.approx(differences[1].low, rel=1e-9)


def test_what_can_not_be_computed_with_is_missing_and_said() -> None:
    numbers = read_numbers(pd.Series([1e39, 1e299, np.inf, -1e308, np.nan]))
    assert numbers.values[:2].tolist() == [1e39, 1e299] and np.isnan(numbers.values[2:]).all()
    assert numbers.unparseable.tolist() == [False, False, True, True, False]


def test_what_is_too_large_for_a_cost_is_said() -> None:
    with pytest.raises(PreparationError, match=r"the target 'y' as it is, and 1e\+155 is too large for that"):
        fit_target_scale("y", "none", np.array([1e155, 2.0]), OwnUnit("poisson", 0.0))


def test_an_unscaled_column_that_is_too_large_is_refused(cases: Path, run: Run) -> None:
    ended = run(
        "train",
        cases / "float32_overflow/train.csv",
        "--target",
        "verdict",
        "--set",
        "preparation.scaling=none",
    )
    assert ended.code == 2
    assert "the column 'bayes_factor' has numbers as large as" in ended.err


def test_a_target_beyond_float32_is_learned(cases: Path, run: Run) -> None:
    path = cases / "float32_overflow/target_1e154.csv"
    ended = run("train", path, "--target", "y", "--epochs", 150, "--no-baselines", "--json")
    assert ended.code == 0 and json.loads(ended.out)["metrics"]["test"]["r2"] > 0.8


def test_new_numbers_beyond_float32_are_read(cases: Path, tmp_path: Path, run: Run) -> None:
    rows = "".join(f"{place % 17},{place % 5},{'ab'[place % 17 > 8]}\n" for place in range(200))
    (tmp_path / "train.csv").write_text("v,n,y\n" + rows)
    assert (
        run(
            "train", tmp_path / "train.csv", "--target", "y", "--no-baselines", "--save", tmp_path / "m.ann"
        ).code
        == 0
    )
    ended = run("predict", tmp_path / "m.ann", cases / "float32_overflow/new.csv", "-o", tmp_path / "out.csv")
    assert ended.code == 0 and len(pd.read_csv(tmp_path / "out.csv")) == 9
    assert "v: 4 cells that could not be read, taken as missing (1e+308, inf, inf, …)" in ended.err
    assert "v: 3 cells outside of what training saw (1e+30, 1e+39, -1e+39)" in ended.err


def test_the_smallest_numbers_there_are_have_a_step() -> None:
    from ann_tui.data.preparing.input_column import _step

    for span in (5e-324, 1e-323, 1e-310, 1e-295, 1e-280):
        assert 0 < _step(np.array([-span, span]), span) < 1e-200


def test_a_target_too_small_to_keep_its_digits_is_refused() -> None:
    with pytest.raises(PreparationError, match="too small to compute with"):
        fit_target_scale("y", "none", values() * 1e-312)
