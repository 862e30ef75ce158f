"""The store of runs: what was kept comes back as it was, and what is broken harms nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import LoadedData, load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run, RunResult, run_experiment
from ann_tui.experiments.run_store import MOST, RunStore
from ann_tui.model.storage import load_model
from ann_tui.network.design import NetworkDesign
from ann_tui.training.examples import TrainingError
from ann_tui.training.plan import TrainingPlan


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    path = tmp_path_factory.mktemp("table") / "table.csv"
    rows = np.random.default_rng(0).normal(size=(60, 2))
    path.write_text(
        "a,b,label\n" + "".join(f"{a:.3f},{b:.3f},{'up' if a > 0 else 'down'}\n" for a, b in rows)
    )
    return Experiment(
        Source(str(path), target="label"),
        design=NetworkDesign.from_text("4 relu"),
        plan=TrainingPlan(epochs=3),
    )


@pytest.fixture(scope="module")
def data(experiment: Experiment) -> LoadedData:
    return load(experiment.source)


@pytest.fixture(scope="module")
def result(experiment: Experiment, data: LoadedData) -> RunResult:
    return run_experiment(experiment, data, baselines=False)


def test_a_kept_run_comes_back_with_its_answers_and_its_history(
    experiment: Experiment, data: LoadedData, result: RunResult, tmp_path: Path
) -> None:
    store = RunStore(tmp_path / "runs")
    store.keep(experiment, result)
    (stored,) = store.runs()
    assert stored.experiment() == experiment and stored.model is not None
    assert (stored.record.target, stored.record.epochs, stored.record.state) == ("label", 3, "finished")
    run = Run.from_model(load_model(stored.model), prepare_experiment(experiment, data))
    np.testing.assert_array_equal(run.network.weights, result.network.weights)
    evaluation = run.judge()
    assert evaluation.scores == result.judged.scores
    assert [row.validation_cost for row in run.history] == [
        row.validation_cost for row in result.snapshot.history
    ]


def test_a_run_on_other_rows_is_refused(experiment: Experiment, result: RunResult, tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    model = store.keep(experiment, result).model
    assert model is not None
    other = tmp_path / "table.csv"
    other.write_text(Path(experiment.source.path).read_text().replace("a,b,label\n", "a,b,label\n9,9,up\n"))
    elsewhere = Experiment(Source(str(other), target="label"), plan=experiment.plan)
    prepared = prepare_experiment(elsewhere, load(elsewhere.source))
    with pytest.raises(TrainingError, match="not the one that this network was trained on"):
        Run.from_model(load_model(model), prepared)


def test_a_run_that_was_not_judged_keeps_its_network(
    experiment: Experiment, data: LoadedData, tmp_path: Path
) -> None:
    run = Run(experiment, prepare_experiment(experiment, data))
    run.train()
    model = RunStore(tmp_path).keep(experiment, run.result(), interrupted=True).model
    assert model is not None
    loaded = load_model(model)
    np.testing.assert_array_equal(loaded.network.weights, run.network.weights)
    assert loaded.summary.metrics == {} and loaded.summary.epochs == 3


def test_choices_alone_are_kept(experiment: Experiment, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    store.keep(experiment, target="label")
    (stored,) = store.unsaved()
    assert stored.model is None and stored.experiment() == experiment


def test_what_is_saved_elsewhere_or_has_no_table_is_not_offered(
    experiment: Experiment, result: RunResult, tmp_path: Path
) -> None:
    store = RunStore(tmp_path / "runs")
    saved = store.keep(experiment, result)
    assert [run.id for run in store.unsaved()] == [saved.id]
    store.note_saved(saved, tmp_path / "mine.ann")
    assert store.unsaved() == () and store.runs()[0].record.saved_as == str(tmp_path / "mine.ann")


def test_broken_and_half_written_folders_are_passed_over(experiment: Experiment, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    kept = store.keep(experiment)
    for name, text in {
        "empty": None,
        "broken": "{",
        "newer": json.dumps({"version": 99}),
        "x.part": "{}",
    }.items():
        (tmp_path / name).mkdir()
        if text is not None:
            (tmp_path / name / "run.json").write_text(text)
    (tmp_path / "file").write_text("")
    assert [run.id for run in store.runs()] == [kept.id]
    assert RunStore(tmp_path / "nowhere").runs() == ()


def test_old_runs_make_room(experiment: Experiment, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    first = store.keep(experiment)
    for _ in range(MOST):
        store.keep(experiment)
    assert len(store.runs()) == MOST and not first.folder.exists()


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(
    experiment: Experiment, result: RunResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ann_tui.model.storage.save_model", full)
    with pytest.raises(OSError, match="No space left"):
        RunStore(tmp_path).keep(experiment, result)
    assert list(tmp_path.iterdir()) == []
