"""The decision threshold on the command line: set or chosen by `train`, it holds wherever the model answers."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from command_line import Ended, Run

from ann_tui.model.storage import load_model


def _record(ended: Ended) -> dict[str, Any]:
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_a_threshold_belongs_to_the_model(run: Run, sample_data: Path, tmp_path: Path) -> None:
    file, model, out = sample_data / "churn.csv", tmp_path / "churn.ann", tmp_path / "out.csv"
    options = ("--epochs", 2, "--no-baselines", "--json")
    usual = _record(run("train", file, *options))
    moved = _record(run("train", file, *options, "--threshold", 0.2, "--save", model))
    assert (usual["threshold"], moved["threshold"]) == (0.5, 0.2)
    assert usual["confusion_matrix"] != moved["confusion_matrix"]
    assert load_model(model).threshold == 0.2
    again = _record(run("evaluate", model, file, "--no-baselines", "--json"))
    assert (again["threshold"], again["metrics"]) == (0.2, moved["metrics"])
    back = _record(run("evaluate", model, file, "--no-baselines", "--json", "--threshold", 0.5))
    assert back["metrics"] == usual["metrics"]
    for option, threshold in (((), 0.2), (("--threshold", "0.7"), 0.7)):
        assert run("predict", model, file, "-o", out, "--force", *option).code == 0
        with out.open() as lines:
            rows = list(csv.DictReader(lines))
        assert {row["prediction"] for row in rows} == {"yes", "no"}
        for row in rows:
            assert (row["prediction"] == "yes") == (np.float32(row["probability_yes"]) > threshold)


def test_the_validation_rows_choose_a_threshold(run: Run, sample_data: Path) -> None:
    file, options = sample_data / "churn.csv", ("--epochs", 2, "--no-baselines", "--json")
    usual = _record(run("train", file, *options))
    chosen = _record(run("train", file, *options, "--threshold", "f1"))
    costly = _record(run("train", file, *options, "--threshold", "1:20"))
    assert costly["threshold"] < chosen["threshold"] < 0.5
    recalls = [record["per_class"][1]["recall"] for record in (usual, chosen, costly)]
    assert recalls == sorted(recalls) and recalls[0] < recalls[2]


def test_a_threshold_that_can_decide_nothing_is_refused_before_training(run: Run, sample_data: Path) -> None:
    churn, penguins = sample_data / "churn.csv", sample_data / "penguins.csv"
    for words, said in (
        (("train", penguins, "--threshold", "0.3"), "a threshold is for two classes"),
        (("train", churn, "--threshold", "f1", "--validation-fraction", 0), "no validation rows"),
        (("train", churn, "--threshold", "1.5"), "no threshold"),
        (("train", churn, "--threshold", "1:x"), "two numbers above 0"),
    ):
        ended = run(*words)
        assert ended.code == 2 and said in ended.err and ended.out == ""
