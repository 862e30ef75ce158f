"""What is saved under which name, and what is said of it; without a screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fake_host import FakeHost, write_table

from ann_tui.data.choices.preparation import Preparation
from ann_tui.experiments.experiment_file import read_experiment
from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.model.storage import load_model
from ann_tui.tui.app.saver import file_name
from ann_tui.tui.prompt import LinePrompt
from ann_tui.tui.recent import recent_files


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    """With a table whose choices have been changed."""
    host = FakeHost()
    experiment = host.put_open(write_table(tmp_path / "table.csv"))
    host.editor.edit(preparation=Preparation(scaling="robust"), plan=replace(experiment.plan, epochs=2))
    host.work_off()
    return host


def _save(host: FakeHost, path: Path) -> None:
    host.saver.save()
    host.answer(str(path))


def _problem(host: FakeHost, name: Path) -> str | None:
    host.saver.save()
    prompt = host.questions.pop()[0]
    assert isinstance(prompt, LinePrompt)
    return prompt._problem_with(str(name))


def test_without_a_table_there_is_nothing_to_save() -> None:
    host = FakeHost()
    host.saver.save()
    assert host.questions == [] and "nothing to save" in host.said[0]


def test_choices_are_saved_in_a_thread_and_then_no_longer_unsaved(host: FakeHost, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    _save(host, path)
    assert not path.exists() and host.workbench.unsaved == "changed choices"
    host.work_off()
    assert read_experiment(path) == host.workbench.experiment and host.workbench.unsaved is None
    assert host.said == [f"the choices are saved as {path}"] and recent_files() == (str(path),)


def test_choices_changed_while_they_are_saved_are_still_unsaved(host: FakeHost, tmp_path: Path) -> None:
    _save(host, tmp_path / "mine.toml")
    host.work()
    host.editor.edit(preparation=Preparation(scaling="min-max"))
    host.deliver()
    assert host.workbench.unsaved == "changed choices"


def test_a_model_is_that_of_the_run_in_front(
    host: FakeHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ann_tui.experiments.kept.run_store.RunStore.keep", _disk_full)
    host.runner.train()
    host.work_off()
    assert "could not be kept on disk: No space left" in host.said[-1]
    assert host.workbench.unsaved == "trained network"
    _save(host, tmp_path / "mine.toml")
    host.work_off()
    assert host.workbench.unsaved == "trained network", "its choices alone don't bring it back"
    _save(host, tmp_path / "mine.ann")
    host.work_off()
    run = host.workbench.judged
    assert run is not None and host.workbench.unsaved is None
    assert (load_model(tmp_path / "mine.ann").network.weights == run.network.weights).all()


def test_a_run_stands_on_disk_as_soon_as_it_has_ended(host: FakeHost) -> None:
    host.runner.train()
    host.work_off()
    (stored,) = RunStore().unsaved()
    assert host.workbench.unsaved is None and stored.model is not None
    assert not stored.record.interrupted
    host.runner.train()
    host.work_off()
    assert RunStore().unsaved() == (stored,), "what is trained again with the same choices is the same"
    assert host.keeper.keep_all(interrupted=True) == ([f"the network of table.csv in {stored.folder}"], [])


def test_the_name_says_what_is_saved_when_the_target_has_changed(host: FakeHost, tmp_path: Path) -> None:
    host.runner.train()
    host.work_off()
    run = host.workbench.judged
    assert run is not None
    target = run.prepared.fitted.target.name
    other = next(name for name in run.prepared.table.frame.columns if name != target)
    host.editor.edit(source=replace(run.experiment.source, target=other))
    host.work_off()
    host.saver.save()
    question, _ = host.questions[-1]
    assert isinstance(question, LinePrompt)
    assert question._value.endswith(f"-{file_name(target)}.ann") and f"predicts {target}" in question._hint


def test_what_cannot_be_written_is_said_and_stays_unsaved(host: FakeHost, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder" / "mine.toml"
    _save(host, path)
    (tmp_path / "folder").rmdir()
    host.work_off()
    assert len(host.said) == 1 and host.said[0].startswith("mine.toml was not saved: ")
    assert host.workbench.unsaved == "changed choices" and recent_files() == ()


@pytest.mark.parametrize("yes", [True, False])
def test_a_file_is_replaced_only_after_a_yes(host: FakeHost, tmp_path: Path, yes: bool) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("precious", encoding="utf-8")
    _save(host, path)
    host.answer(yes)
    host.work_off()
    assert (path.read_text(encoding="utf-8") == "precious") is not yes


def test_names_that_cannot_be_are_refused(host: FakeHost, tmp_path: Path) -> None:
    assert "end the name in .ann" in str(_problem(host, tmp_path / "mine.txt"))
    assert "there is no folder" in str(_problem(host, tmp_path / "nowhere" / "mine.toml"))
    assert "no trained network yet" in str(_problem(host, tmp_path / "mine.ann"))
    assert _problem(host, tmp_path / "mine.toml") is None


def _disk_full(*arguments: object, **options: object) -> None:
    raise OSError(28, "No space left on device")
