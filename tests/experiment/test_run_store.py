"""The store of runs: what was kept comes back as it was, and what is broken harms nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from experiment.small import as_bytes

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import LoadedData, load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_writing import write_experiment
from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.experiments.kept.store_bounds import Bounds, stated_bounds
from ann_tui.experiments.kept.stored_run import read_stored
from ann_tui.experiments.run import Run, run_experiment
from ann_tui.experiments.run_of_model import run_of_model
from ann_tui.experiments.run_result import RunResult
from ann_tui.model.storage import load_model
from ann_tui.network.design import NetworkDesign
from ann_tui.own_folders import settings_file
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
    run = run_of_model(load_model(stored.model), prepare_experiment(experiment, data))
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
        run_of_model(load_model(model), prepared)


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


def test_old_runs_make_room_and_it_is_said(experiment: Experiment, tmp_path: Path) -> None:
    store = RunStore(tmp_path, bounds=Bounds(runs=3))
    first, second, *_ = (store.keep(experiment) for _ in range(5))
    store.update(first, pinned=True)
    assert store.make_room() == "1 older run made room (kept_runs is 3)"
    assert first.folder.exists(), "what is pinned stays"
    assert not second.folder.exists() and len(store.runs()) == 4
    assert store.make_room() == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", Bounds()),
        ("[bounds]\nkept_runs = 7\nkept_megabytes = 2", Bounds(7, 2 << 20)),
        ("[bounds]\nkept_runs = 0\nkept_megabytes = true", Bounds()),
        ("bounds = 3", Bounds()),
        ("[bounds", Bounds()),
    ],
)
def test_the_bounds_are_those_of_the_settings_file(written: str, expected: Bounds) -> None:
    assert stated_bounds() == Bounds(), "there is no file"
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(written)
    assert stated_bounds() == expected


def test_networks_go_before_scores(experiment: Experiment, data: LoadedData, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    runs = [store.keep(experiment, _trained(experiment, data, seed)) for seed in range(4)]
    size = runs[0].size
    store.update(runs[0], note="the first one")
    bounded = RunStore(tmp_path, bounds=Bounds(network_bytes=2 * size + size // 2))
    assert bounded.make_room().startswith("the networks of 1 older run were let go of, their scores stay")
    assert [run.model is not None for run in runs] == [True, False, True, True]
    assert read_stored(runs[1].folder) == runs[1] and runs[1].experiment().plan.seed == 1


def test_the_same_run_is_kept_once(experiment: Experiment, data: LoadedData, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    first = store.keep(experiment, _trained(experiment, data, 0), network=False)
    assert first.model is None and first.answers() == {}
    again = store.keep(experiment, _trained(experiment, data, 0))
    other = store.keep(experiment, _trained(experiment, data, 1))
    assert again.id == first.id and again.model is not None, "the second time its network was asked for"
    assert [run.record.number for run in store.runs()] == [2, 1] and other.record.number == 2


def test_a_number_is_free_on_its_table_alone(experiment: Experiment, tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    other = tmp_path / "other.csv"
    other.write_text("a,label\n1,x\n")
    elsewhere = replace(experiment, source=replace(experiment.source, path=str(other)))
    numbers = [store.keep(each, number=wanted).record.number for each, wanted in (
        (experiment, 1), (elsewhere, 1), (experiment, 1), (experiment, 7), (experiment, 0))]  # fmt: skip
    assert numbers == [1, 1, 2, 7, 8]
    digest = store.runs()[0].record.digest
    assert [run.record.number for run in store.of_table(digest)] == [8, 7, 2, 1]
    assert store.of_table("") == ()


def test_a_run_is_found_by_the_end_of_its_name(experiment: Experiment, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = store.keep(experiment)
    assert store.find(run.id) == store.find(run.id[-8:]) == run
    with pytest.raises(LookupError, match="no run of that name"):
        store.find("zzzz")
    for short in ("", run.id[-3:]):
        with pytest.raises(LookupError, match="at least its last 4 characters"):
            store.find(short)


def test_fields_of_a_record_change_alone(experiment: Experiment, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = store.keep(experiment)
    store.update(run, name="mine")
    assert store.update(run, note="of it").record.name == "mine", "what another program wrote stays"
    store.delete(run)
    with pytest.raises(FileNotFoundError, match="the run is gone"):
        store.update(run, name="too late")


def test_newest_weights_and_answers_come_back(
    experiment: Experiment, data: LoadedData, tmp_path: Path
) -> None:
    steps = replace(experiment, plan=replace(experiment.plan, epochs=40, learning_rate=0.3))
    result = _trained(steps, data, 0)
    assert result.newest is not None, "the best epoch was not the last one"
    stored = RunStore(tmp_path).keep(steps, result)
    assert stored.model is not None
    run = run_of_model(
        load_model(stored.model), prepare_experiment(steps, data), newest=stored.newest, keep=10**6
    )
    assert run.timeline is not None and run.timeline.epochs == (
        result.snapshot.best_epoch,
        result.snapshot.epoch,
    )
    newest, best = run.timeline.at(result.snapshot.epoch), run.timeline.at(run.timeline.epochs[0])
    assert newest is not None and best is not None
    np.testing.assert_array_equal(newest.weights, result.newest.weights)
    np.testing.assert_array_equal(best.weights, result.network.weights)
    assert {part: as_bytes(each) for part, each in stored.answers().items()} == {
        part: as_bytes(each) for part, each in result.answers.items()
    }
    (stored.folder / "answers").write_bytes(b"ann-tui training 1\ncut")
    assert stored.answers() == {}


KEEPS_SOME = """
import sys
from pathlib import Path
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.experiments.kept.run_store import RunStore
root, shared = Path(sys.argv[1]), sys.argv[2]
store, experiment = RunStore(root), read_experiment(root.parent / "kept.toml")
for _ in range(12):
    print(store.keep(experiment).id)
    store.update(store.find(shared), {})
"""


def test_programs_write_into_one_store_at_once(experiment: Experiment, tmp_path: Path) -> None:
    """Four processes keep twelve runs each and write notes to one: none is lost or doubled, no number given twice."""
    store = RunStore(tmp_path / "runs")
    shared = store.keep(experiment)
    write_experiment(experiment, tmp_path / "kept.toml")
    fields = ("name='named'", "note='noted'", "looks=3", "pinned=True")
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", KEEPS_SOME.format(field), str(store.root), shared.id],
            stdout=subprocess.PIPE,
            text=True,
        )
        for field in fields
    ]
    kept = [id for program in programs for id in program.communicate()[0].split()]
    assert [program.returncode for program in programs] == [0] * 4 and len(kept) == 48
    runs = store.runs()
    assert sorted(run.id for run in runs) == sorted([shared.id, *kept])
    assert sorted(run.record.number for run in runs) == list(range(1, len(kept) + 2))
    record = store.find(shared.id).record
    assert len(record.choices) > 10 and (record.name, record.note) == ("named", "noted")
    assert record.looks and record.pinned and not list(store.root.glob("*.part"))


def _trained(experiment: Experiment, data: LoadedData, seed: int) -> RunResult:
    seeded = replace(experiment, plan=replace(experiment.plan, seed=seed))
    return run_experiment(seeded, data, baselines=False)


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(
    experiment: Experiment, result: RunResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ann_tui.model.storage.save_model", full)
    with pytest.raises(OSError, match="No space left"):
        RunStore(tmp_path).keep(experiment, result)
    assert list(tmp_path.iterdir()) == []
