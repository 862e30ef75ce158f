"""The tables of folds in any width: every figure stands there whole."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiment.small import small_experiment
from rich.cells import cell_len
from rich.console import Console

from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.evaluation.metrics import metric_text
from ann_tui.experiments.derived import load
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.folds.cross_validated import CrossValidated
from ann_tui.experiments.folds.cross_validation import cross_validation, fold_results
from ann_tui.experiments.folds.fold_words import difference_of, ends_text, spread_text
from ann_tui.tui.widgets.fold_tables import FoldTable, MatrixTable

WIDTHS = (32, 40, 48, 56, 64, 70, 72, 100)


def _shown(table: Any, width: int) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(table)
    text: str = captured.get()
    assert all(cell_len(line) <= width for line in text.splitlines())
    return text


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> CrossValidated:
    """Numbers that take room, in two repeats, beside three baselines."""
    rng = np.random.default_rng(0)
    path: Path = tmp_path_factory.mktemp("folds") / "prices.csv"
    rows = [f"{one:.3f},{one * 9e5 + rng.normal() * 4e5 + 3e6:.0f}" for one in rng.normal(size=60)]
    path.write_text("\n".join(["size,kind", *rows]) + "\n")
    experiment: Experiment = small_experiment(path)
    validation = cross_validation(experiment, load(experiment.source), folds=3, repeats=2)
    return CrossValidated(validation, tuple(fold_results(validation)))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("metric", ["r2", "rmse"])
def test_no_figure_of_the_folds_is_cut(told: CrossValidated, metric: str, width: int) -> None:
    text = _shown(FoldTable(told, metric, "red"), width)
    words = re.sub(r"\s*\n", "\n", text).split()
    scores = [told.scores()[metric], *(each[metric] for each in told.baseline_scores().values())]
    wanted = [metric_text(metric, value) for score in scores for value in (*score.folds, score.mean)]
    wanted += [spread_text(score) for score in scores]
    for figure in wanted:
        assert words.count(figure) >= wanted.count(figure), figure
    ends = [end for score in scores for end in ends_text(score).split("–")]
    if metric == told.metric:
        ends += re.findall(
            r"[-+][\d.]+", " ".join(map(difference_of, map(told.against_baseline, told.baseline_scores())))
        )
    for end in ends:
        assert re.search(rf"(?<![\d.]){re.escape(end)}(?![\d.])", text), end
    assert "repeat.fold" in text and {f"{repeat}.{fold}" for repeat in (1, 2) for fold in (1, 2, 3)} <= set(
        words
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("classes", [2, 3, 5, 8])
def test_no_count_of_the_matrix_is_cut(classes: int, width: int) -> None:
    counts = np.arange(classes * classes).reshape(classes, classes) * 1013
    labels = tuple(f"a class called {place}" for place in range(classes))
    text = _shown(MatrixTable(ConfusionMatrix(labels, counts), "red"), width)
    if "out-of-fold answers right" not in " ".join(text.split()):
        assert {f"{count:,}" for count in counts.flat} <= set(text.split())
    else:
        assert width < 100
