"""Cross-validation: nothing leaks between the parts of a fold, and it is a plain loop over runs, wherever it is run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ann_tui.data.choices.preparation import Preparation, PreparationError
from ann_tui.data.choices.source import Source
from ann_tui.data.choices.split import Split
from ann_tui.evaluation.metrics import classification_metrics, regression_metrics
from ann_tui.evaluation.resampled import corrected_mean
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.folds.cross_validated import CrossValidated
from ann_tui.experiments.folds.cross_validation import (
    CrossValidation,
    cross_validation,
    fold_results,
    table_against,
)
from ann_tui.experiments.folds.fold_scores import Paired
from ann_tui.experiments.folds.fold_words import paired_text
from ann_tui.experiments.folds.folds import FoldResult, folds_of
from ann_tui.experiments.run import run_experiment
from ann_tui.model.weights import digest_of
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan

SPLITS = {
    "stratified": Split("stratified", seed=3),
    "random": Split("random", seed=3),
    "group": Split("group", column="herd", seed=3),
    "time": Split("time", column="day"),
}
PREPARATIONS: dict[str, dict[str, Any]] = {
    "iqr": {"outliers": "iqr"},
    "forest": {"outliers": "isolation forest", "outlier_action": "drop", "scaling": "robust"},
    "knn": {"missing_number": "knn", "scaling": "quantile", "encoding": "target"},
    "rows": {"missing_number": "drop rows", "duplicates": "drop", "rare": 0.2},
    "bins": {"number_encoding": "piecewise linear", "missing_number": "median", "class_weights": "balanced"},
}


def _frame(rows: int = 90, seed: int = 0) -> pd.DataFrame:
    """Two numbers with gaps, a category, a herd, a day and a class; one class is rare."""
    rng = np.random.default_rng(seed)
    kind = rng.permutation(np.array(["a", "b", "b", "a", "c"])[np.arange(rows) % 5])
    weight = (rng.normal(size=rows) + (kind == "a") * 1.5).round(3)
    length = rng.normal(size=rows).round(3)
    return pd.DataFrame(
        {
            "weight": [f"{each}" if row % 11 else "" for row, each in enumerate(weight)],
            "length": [f"{each}" for each in length],
            "colour": rng.choice(["red", "blue", "grey"], rows),
            "herd": [f"herd {each}" for each in rng.integers(0, 12, rows)],
            "day": [f"2024-{1 + each // 28:02d}-{1 + each % 28:02d}" for each in rng.permutation(rows)],
            "kind": kind,
        }
    )


def _written(frame: pd.DataFrame, path: Path) -> Path:
    frame.to_csv(path, index=False)
    return path


def _experiment(path: Path, split: str = "stratified", *, target: str = "kind", **choices: Any) -> Experiment:
    return Experiment(
        Source(str(path), target=target),
        Preparation(split=SPLITS[split], **choices),
        NetworkDesign.from_text("4 relu"),
        TrainingPlan(epochs=3, batch=8, refit=True),
    )


def _results(validation: CrossValidation, **how: Any) -> list[FoldResult]:
    return sorted(fold_results(validation, **how), key=lambda result: result.place)


def _facts(result: FoldResult) -> dict[str, Any]:
    """All of a result but for what the clock said, in a form that can be compared."""
    return {
        name: value.tobytes() if isinstance(value, np.ndarray) else value
        for name, value in vars(replace(result, seconds=0.0)).items()
    }


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("preparation", PREPARATIONS)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), fold=st.integers(0, 2))
def test_changed_rows_that_judge_change_nothing_that_is_fitted(
    split: str, preparation: str, seed: int, fold: int, tmp_path: Path
) -> None:
    """Whatever stands in them: other numbers, gaps, words and classes."""
    frame, rng = _frame(), np.random.default_rng(seed)
    experiment = _experiment(_written(frame, tmp_path / "t.csv"), split, **PREPARATIONS[preparation])
    data = load(experiment.source)
    assigned = folds_of(experiment, data, 3)[fold]
    for row in assigned.test.tolist():
        frame.loc[row, "weight"] = rng.choice(["", f"{rng.normal() * 1e6:.1f}", "0.5"])
        frame.loc[row, "length"] = f"{rng.normal() * 1e3:.3f}"
        frame.loc[row, ["colour", "herd", "kind"]] = [
            rng.choice(frame[name]) for name in ("colour", "herd", "kind")
        ]
        frame.loc[row, "day"] = f"2024-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d}"
    changed = load(_experiment(_written(frame, tmp_path / "changed.csv")).source)
    before, after = (prepare_experiment(experiment, each, assigned) for each in (data, changed))
    assert after.fitted.to_dict() == before.fitted.to_dict()
    for part in ("training", "validation"):
        for name in ("rows", "x", "y"):
            one, other = (getattr(getattr(each, part), name) for each in (before, after))
            np.testing.assert_array_equal(one, other)
    networks = [
        digest_of(run_experiment(experiment, prepared=each, baselines=False).network)
        for each in (before, after)
    ]
    assert networks[0] == networks[1]


@pytest.mark.parametrize("split", SPLITS)
def test_every_part_of_a_fold_keeps_to_the_split(split: str, tmp_path: Path) -> None:
    """Validation rows too: no group is in two parts, and time never looks ahead."""
    frame = _frame()
    experiment = _experiment(_written(frame, tmp_path / "t.csv"), split)
    for fold in folds_of(experiment, load(experiment.source), 4):
        parts = [fold.training, fold.validation, fold.test]
        rows = np.concatenate(parts)
        assert len(set(rows.tolist())) == len(rows) and all(map(len, parts))
        if split == "group":
            herds = [set(frame["herd"][part]) for part in parts]
            assert not (herds[0] & herds[1] or herds[0] & herds[2] or herds[1] & herds[2])
        if split == "time":
            days = [frame["day"][part] for part in parts]
            assert days[0].max() <= days[1].min() and days[1].max() <= days[2].min()


def test_the_test_rows_can_stay_out(tmp_path: Path) -> None:
    experiment = _experiment(_written(_frame(), tmp_path / "t.csv"))
    data = load(experiment.source)
    test = set(prepare_experiment(experiment, data).test.rows.tolist())
    for fold in folds_of(experiment, data, 3, test_rows=False):
        assert not test & {*fold.training.tolist(), *fold.validation.tolist(), *fold.test.tolist()}


def test_a_fold_is_a_run_whose_second_file_has_the_rows_that_judge(tmp_path: Path) -> None:
    """The figures of a plain loop: the rows of each fold are written into two files, and trained on by those."""
    frame = _frame()
    experiment = _experiment(_written(frame, tmp_path / "t.csv"))
    data = load(experiment.source)
    validation = cross_validation(experiment, data, folds=3, seeds=2, baselines=True)
    found = iter(_results(validation))
    for fold in validation.assigned[0]:
        others = np.sort(np.concatenate([fold.training, fold.validation]))
        _written(frame.iloc[others], tmp_path / "some.csv")
        _written(frame.iloc[fold.test], tmp_path / "judging.csv")
        for seed in (0, 1):
            split = replace(experiment.preparation.split, method="file", file=str(tmp_path / "judging.csv"))
            # The validation rows are drawn by the next seed after that of the test rows, of which a file has none.
            again = replace(
                experiment,
                source=Source(str(tmp_path / "some.csv"), target="kind"),
                preparation=replace(experiment.preparation, split=split),
                plan=replace(experiment.plan, seed=seed),
            )
            result, plain = next(found), run_experiment(again, baselines=seed == 0)
            assert result.network == digest_of(plain.network)
            assert result.metrics == plain.judged.scores["test"].metrics
            np.testing.assert_array_equal(result.outputs, plain.judged.outputs)
            assert [dict(each.metrics) for each in result.baselines] == [
                dict(each.metrics) for each in plain.judged.baselines
            ]
    assert next(found, None) is None


def test_scores_and_answers_are_those_of_the_folds(tmp_path: Path) -> None:
    frame = _frame()
    experiment = _experiment(_written(frame, tmp_path / "t.csv"))
    validation = cross_validation(
        experiment, load(experiment.source), folds=4, repeats=2, seeds=2, baselines=False
    )
    found = _results(validation)
    told = CrossValidated(validation, found[::-1])
    labels, counts, wrong = told.classes(), np.zeros((3, 3), int), np.zeros(len(frame), int)
    values: dict[tuple[int, int], list[float]] = {}
    for result in found:
        for row, given_code in zip(result.rows.tolist(), result.given.tolist(), strict=True):
            counts[labels.index(frame["kind"][row]), given_code] += 1
            wrong[row] += labels[given_code] != frame["kind"][row]
        codes = np.array([labels.index(each) for each in frame["kind"][result.rows]])
        accuracy = classification_metrics(codes, result.outputs)["accuracy"]
        assert accuracy is not None
        values.setdefault((result.place.repeat, result.place.fold), []).append(accuracy)
    score = told.scores()["accuracy"]
    folds = [sum(each) / len(each) for _, each in sorted(values.items())]
    assert score.folds == pytest.approx(folds)
    assert score.mean == pytest.approx(sum(folds) / 8)
    assert score.std == pytest.approx((sum((each - sum(folds) / 8) ** 2 for each in folds) / 7) ** 0.5)
    assert score.low is not None and score.high is not None and score.low < sum(folds) / 8 < score.high
    matrix = told.confusion()
    assert matrix is not None and matrix.counts.tolist() == counts.tolist()
    assert counts.sum() == len(frame) * 4
    rows = told.wrong_rows()
    assert {row.position: row.wrong for row in rows} == {
        row: int(count) for row, count in enumerate(wrong) if count > 2
    }
    assert [row.wrong for row in rows] == sorted((row.wrong for row in rows), key=lambda each: -(each or 0))


def test_numbers_are_told_by_their_errors(tmp_path: Path) -> None:
    frame = _frame()
    experiment = _experiment(_written(frame, tmp_path / "t.csv"), target="length")
    validation = cross_validation(experiment, load(experiment.source), folds=3, baselines=False)
    told = CrossValidated(validation, _results(validation))
    errors: dict[int, float] = {}
    for result in told.judged():
        actual = frame["length"].astype(float)[result.rows].to_numpy()
        assert result.metrics == regression_metrics(actual, result.outputs)
        errors |= dict(zip(result.rows.tolist(), np.abs(result.outputs - actual).tolist(), strict=True))
    assert told.confusion() is None and len(errors) == len(frame)
    worst = sorted(errors, key=lambda row: -errors[row])[:5]
    assert [row.position for row in told.wrong_rows(most=5)] == worst
    assert [row.sureness for row in told.wrong_rows(most=5)] == pytest.approx([errors[row] for row in worst])


@pytest.mark.parametrize("split", SPLITS)
def test_two_processes_give_the_bits_of_one(split: str, tmp_path: Path) -> None:
    """On a table whose file is gone by then, and spells a class as no number is written."""
    frame = _frame()
    frame["kind"] = frame["kind"].map({"a": "1.0", "b": "1.00", "c": "2.50"})
    experiment = _experiment(_written(frame, tmp_path / "t.csv"), split)
    experiment = replace(experiment, source=replace(experiment.source, task="classification"))
    data = load(experiment.source)
    validation = cross_validation(experiment, data, folds=3, seeds=2)
    alone = [_facts(each) for each in _results(validation)]
    assert alone[0]["classes"] == ("1.0", "1.00", "2.50") and not any(each["problem"] for each in alone)
    (tmp_path / "t.csv").unlink()
    assert [_facts(each) for each in _results(validation, jobs=2)] == alone


def test_two_experiments_are_paired_on_the_same_rows(tmp_path: Path) -> None:
    experiment = _experiment(_written(_frame(), tmp_path / "t.csv"))
    data = load(experiment.source)
    other = replace(experiment, design=NetworkDesign.from_text(""), plan=replace(experiment.plan, epochs=1))
    against = other, table_against(experiment, data, other)
    validation = cross_validation(experiment, data, folds=4, against=against, baselines=False)
    told = CrossValidated(validation, _results(validation))
    for one, two in zip(told.judged(0), told.judged(1), strict=True):
        np.testing.assert_array_equal(one.rows, two.rows)
        assert one.learnt == two.learnt
    paired = told.paired()
    assert paired is not None and paired.difference is not None and paired.pairs == 4
    one, two = (told.scores(variant)["accuracy"].folds for variant in (0, 1))
    assert paired.difference.mean == pytest.approx(sum(a - b for a, b in zip(one, two, strict=True)) / 4)  # type: ignore[operator]
    same = cross_validation(experiment, data, folds=4, against=(experiment, data), baselines=False)
    none = CrossValidated(same, _results(same)).paired()
    assert none is not None and none.difference is not None
    assert (none.difference.mean, none.difference.probability, none.clear) == (0.0, 1.0, False)


def test_a_stop_keeps_what_is_done(tmp_path: Path) -> None:
    experiment = _experiment(_written(_frame(), tmp_path / "t.csv"))
    validation = cross_validation(experiment, load(experiment.source), folds=5)
    whole = {result.place: _facts(result) for result in _results(validation)}
    stop, found = Event(), []
    for result in fold_results(validation, stop=stop):
        found.append(result)
        if len(found) == 2:
            stop.set()
    assert [_facts(result) for result in found] == [whole[result.place] for result in found]
    told = CrossValidated(validation, found)
    assert not told.finished
    assert [each is None for each in told.scores()["accuracy"].folds] == [False, False, True, True, True]


def _with_a_cell_that_is_refused(path: Path, row: int) -> CrossValidation:
    """Rows in order of time, of which this one must not be trained on."""
    frame = _frame().sort_values("day").reset_index(drop=True)
    frame.loc[row, "length"] = "oops"
    experiment = _experiment(_written(frame, path), "time", unparseable="error")
    return cross_validation(experiment, load(experiment.source), folds=5, baselines=False)


def test_a_fold_that_fails_is_told_and_the_others_count(tmp_path: Path) -> None:
    """The last fold alone trains on the cell; in the one before it is a validation row."""
    validation = _with_a_cell_that_is_refused(tmp_path / "t.csv", 50)
    told = CrossValidated(validation, _results(validation))
    assert [place.fold for places in told.problems.values() for place in places] == [4]
    assert [each is None for each in told.scores()["accuracy"].folds] == [False] * 4 + [True]
    assert told.never_judging == 15


def test_what_all_folds_fail_of_is_raised(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="column 'length', line 2: 'oops' can't be read"):
        _results(_with_a_cell_that_is_refused(tmp_path / "t.csv", 0))


def test_too_few_groups_or_rows_are_refused_in_one_line(tmp_path: Path) -> None:
    experiment = _experiment(_written(_frame(), tmp_path / "t.csv"), "group")
    data = load(experiment.source)
    with pytest.raises(PreparationError, match="too few for 40 folds"):
        cross_validation(experiment, data, folds=40)
    with pytest.raises(ValueError, match="makes the same folds each time"):
        cross_validation(_experiment(tmp_path / "t.csv", "time"), data, repeats=2)


@pytest.mark.parametrize(
    ("differences", "says"),
    [
        ((0.0003, -0.0004, 0.0002), "the network and the rival are level"),
        ((0.0003, 0.0004, 0.0005), "the network is better than the rival by 0.04 points"),
        ((0.1, -0.2, 0.04), "the rival is ahead of the network by 2.0 points"),
    ],
)
def test_a_difference_is_never_told_as_one_of_nothing(differences: tuple[float, ...], says: str) -> None:
    paired = Paired("accuracy", 0.9, 0.9, corrected_mean(differences, 0.01), 3)
    assert says in paired_text(paired, "the network", "the rival")
