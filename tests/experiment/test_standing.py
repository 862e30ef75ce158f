"""What is said of a training after an epoch, for made answers on the validation rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiment.small import prepared_anew, shells, small_experiment
from sklearn.linear_model import LogisticRegression

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.choices.split import Split
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.experiments.standing import grounds_of, standing
from ann_tui.training.history import EpochRow
from ann_tui.training.snapshot import Snapshot

OUT_OF = 30


def run_on(experiment: Experiment) -> Run:
    return Run(experiment, prepared_anew(experiment))


def after(run: Run, outputs: np.ndarray[Any, Any] | None, epochs: int = 20, **changes: Any) -> Snapshot:
    """A training of falling cost that gives these outputs on the validation rows."""
    rows = tuple(
        EpochRow(epoch, 0.9**epoch, None if outputs is None else 0.9**epoch, 0.99, 0.9, 0.01, 0.1, 0.0)
        for epoch in range(1, epochs + 1)
    )
    made = {"history": rows, "epoch": epochs, "epochs": OUT_OF, "outputs_epoch": epochs}
    return replace(run.snapshot, state="running", validation_outputs=outputs, **made | changes)


def said(run: Run, snapshot: Snapshot) -> dict[str, str]:
    return {line.about: line.text for line in standing(run, snapshot, grounds_of(run.prepared))}


def probabilities(run: Run, wrong: int) -> np.ndarray[Any, Any]:
    """Sure answers of two classes, of which so many are wrong."""
    codes = run.prepared.validation.y.copy()
    codes[:wrong] = 1 - codes[:wrong]
    return np.eye(2)[codes] * 0.8 + 0.1


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return run_on(small_experiment(shells(tmp_path, 100)))


def test_classes(run: Run) -> None:
    rows = len(run.prepared.validation.rows)
    assert rows == 20
    found = said(run, after(run, probabilities(run, 2)))
    assert found["learning"].startswith("validation cost still falls")
    assert found["gap"] == "99.0 % training, 90.0 % validation: 9.0 points"
    assert found["beats"] == "always a (50.0 %) on the validation rows"
    assert found["trust"] == "20 validation rows: 95 % interval 70 … 97 %"
    assert "unbeaten" not in found


def test_a_wide_gap_is_said(run: Run) -> None:
    assert said(run, after(run, probabilities(run, 5)))["gap"].endswith("knows the training rows better")
    warned = {
        line.about
        for line in standing(run, after(run, probabilities(run, 5)), grounds_of(run.prepared))
        if line.warns
    }
    assert "gap" in warned and "trust" not in warned


def test_no_better_than_the_class_shares(run: Run) -> None:
    codes = np.zeros(20, int)
    found = said(run, after(run, np.eye(2)[codes] * 0.2 + 0.4))
    assert found["learning"] == (
        "nothing yet: on the validation rows no better than always answering the class shares"
    )
    assert found["unbeaten"] == "always a (50.0 %) on the validation rows"
    early = said(run, after(run, np.eye(2)[codes] * 0.2 + 0.4, epochs=2))
    assert "nothing yet" not in early["learning"]


def test_before_the_first_epoch_nothing_is_said(run: Run) -> None:
    assert not standing(run, run.snapshot, grounds_of(run.prepared))


def test_the_threshold_counts(run: Run) -> None:
    run.threshold = 0.95
    assert "50.0 % validation" in said(run, after(run, probabilities(run, 0)))["gap"]


@pytest.mark.parametrize(("share", "rows"), [(0.01, 1), (0.05, 5)])
def test_few_rows_are_said_to_be_few(tmp_path: Path, share: float, rows: int) -> None:
    split = Split(validation=share, test=0.2, method="random")
    run = run_on(small_experiment(shells(tmp_path, 100), preparation=Preparation(split=split)))
    assert len(run.prepared.validation.rows) == rows
    found = said(run, after(run, probabilities(run, 0)))
    noun = "row" if rows == 1 else "rows"
    alike = len(set(run.prepared.validation.y.tolist())) == 1
    assert found["trust"].startswith(
        ("the 1 validation row is of" if rows == 1 else "all ") if alike else "only"
    )
    assert f"{rows} validation {noun}" in found["trust"]


def test_no_validation_rows(tmp_path: Path) -> None:
    split = Split(validation=0.0, test=0.2)
    run = run_on(small_experiment(shells(tmp_path), preparation=Preparation(split=split)))
    found = said(run, after(run, None))
    assert found["learning"].startswith("training cost still falls")
    assert found["trust"] == "nothing tells how it does on new rows: 2 Prepare sets validation rows aside"
    assert set(found) == {"learning", "trust"}


def numbers(tmp_path: Path, same: bool = False) -> Run:
    path = tmp_path / "numbers.csv"
    generator = np.random.default_rng(1)
    x = generator.normal(size=100)
    lines = [f"{value:.3f},{3 if same and row else 2 * value + row % 3:.3f}" for row, value in enumerate(x)]
    path.write_text("x,y\n" + "\n".join(lines) + "\n")
    small = small_experiment(path)
    return run_on(replace(small, source=Source(str(path), target="y"), preparation=Preparation()))


def encoded(run: Run, predicted: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The outputs that are decoded to these numbers."""
    target = run.prepared.fitted.target
    zero, one = target.decode(np.array([0.0, 1.0]))
    return (predicted - zero) / (one - zero)


def test_numbers(tmp_path: Path) -> None:
    run = numbers(tmp_path)
    actual = run.prepared.validation.actual
    found = said(run, after(run, encoded(run, actual + np.where(np.arange(20) % 2, 0.3, -0.3))))
    expected = 1 - 0.09 / float(np.var(actual))
    assert found["gap"] == f"R² 0.990 training, {expected:.3f} validation"
    assert found["beats"] == "the training mean on the validation rows"
    assert found["trust"].startswith("20 validation rows: 95 % interval R² 0.")
    bad = said(run, after(run, encoded(run, np.full(20, 40.0))))
    assert bad["unbeaten"] == "the training mean on the validation rows"
    assert bad["learning"].endswith("no better than always answering the training mean")


def test_a_target_that_does_not_vary_says_so(tmp_path: Path) -> None:
    run = numbers(tmp_path, same=True)
    actual = run.prepared.validation.actual
    if actual.min() < actual.max():
        pytest.skip("the one other number is a validation row")
    found = said(run, after(run, encoded(run, actual + 0.1)))
    assert found["trust"] == "all 20 validation rows are of the value 3: no figure tells how well it follows"
    assert "beats" not in found and "unbeaten" not in found


def test_the_linear_model_is_told_once_it_is_fitted(tmp_path: Path) -> None:
    run = run_on(small_experiment(shells(tmp_path, 100)))
    run.train()
    run.judge()
    assert "logistic" not in str(said(run, after(run, probabilities(run, 0))))
    run.compare()
    linear = run.evaluation.linear_on_validation  # type: ignore[union-attr]
    assert linear is not None and linear.answers.shape == (20,)
    prepared = run.prepared
    alone = LogisticRegression(max_iter=500).fit(prepared.training.x, prepared.training.y)
    assert (linear.answers == alone.predict(prepared.validation.x)).all()
    share = (linear.answers == run.prepared.validation.y).mean()
    told = f"logistic regression ({share * 100:.1f} %"
    good = said(run, after(run, probabilities(run, 0), outputs_epoch=1))
    assert told in good["beats"] + good.get("unbeaten", "")
    worst = said(run, after(run, probabilities(run, 20), outputs_epoch=1))
    assert told in worst["unbeaten"]


def test_what_is_known_against_the_score(tmp_path: Path) -> None:
    path = shells(tmp_path, 40)
    text = path.read_text().splitlines()
    rows = [row.rsplit(",", 2) for row in text[1:]]
    path.write_text("\n".join([text[0], *(",".join([row[0], "same", row[2]]) for row in rows * 4)]) + "\n")
    run = run_on(small_experiment(path))
    found = said(run, after(run, probabilities(run, 0)))
    assert "validation rows repeat training rows" in found["against"]


def test_of_very_many_rows_repeated_ones_are_not_looked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(grounds_of(run.prepared).doubts.repeats) == 20
    monkeypatch.setattr("ann_tui.experiments.standing.MOST_COMPARED", 79)
    assert len(grounds_of(run.prepared).doubts.repeats) == 0
    assert said(run, after(run, probabilities(run, 0)))["trust"]
