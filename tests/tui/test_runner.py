"""When a training begins, how its end is taken, and leaving while it goes on; without a screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fake_host import FakeHost, write_table

from ann_tui.data.choices.source import Source
from ann_tui.experiments.run import Run
from ann_tui.tui.app import runner
from ann_tui.tui.app.runner import Compared, RunEnded, RunKept
from ann_tui.tui.reading_job import ReadingJob


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    """With a table, and a plan that is through in a moment."""
    host = FakeHost()
    experiment = host.put_open(write_table(tmp_path / "table.csv"))
    host.editor.edit(plan=replace(experiment.plan, epochs=2))
    host.work_off()
    return host


def _begun(host: FakeHost) -> Run:
    host.runner.train()
    run = host.workbench.runs.training
    assert run is not None
    return run


def test_t_trains_judges_and_compares(host: FakeHost) -> None:
    run = _begun(host)
    assert host.current_mode == "train" and host.threads[0][0] == "train"
    assert [type(message) for message in host.work()] == [RunEnded, RunKept, Compared]
    assert host.workbench.runs.training is run, "it has ended when its message is there"
    host.deliver()
    assert host.workbench.runs.training is None and run.evaluation is not None
    assert host.said == [] and host.left == 0


def test_who_has_gone_to_another_window_is_called_back(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a long training that ended by itself."""
    _begun(host)
    host.work()
    host.deliver()
    assert host.called_back == []
    monkeypatch.setattr(runner, "LONG", 0.0)
    _begun(host)
    host.work()
    host.deliver()
    assert len(host.called_back) == 1 and "has ended after 2 epochs, validation" in host.called_back[0]


def test_t_while_a_file_is_read_trains_when_it_is_ready(host: FakeHost) -> None:
    job = ReadingJob(Source("other.csv"))
    host.reading.begin(job)
    host.runner.train()
    assert host.workbench.runs.all == ()
    host.reading.end(job)
    host.data_ready()
    assert host.workbench.runs.training is not None


def test_t_is_forgotten_with_the_file_that_was_read(host: FakeHost) -> None:
    host.reading.begin(ReadingJob(Source("other.csv")))
    host.runner.train()
    assert host.opener.cancel()
    host.data_ready()
    assert host.workbench.runs.all == ()


def test_t_after_an_edit_trains_with_the_edit(host: FakeHost) -> None:
    experiment = host.workbench.experiment
    assert experiment is not None
    host.editor.edit(preparation=replace(experiment.preparation, scaling="robust"))
    host.runner.train()
    assert host.workbench.runs.all == ()
    host.work()
    host.deliver()
    run = host.workbench.runs.training
    assert run is not None and run.experiment.preparation.scaling == "robust"


def test_t_while_one_trains_shows_it_and_begins_no_other(host: FakeHost) -> None:
    run = _begun(host)
    host.current_mode = "data"
    host.runner.train()
    assert host.workbench.runs.all == (run,) and len(host.threads) == 1
    assert host.current_mode == "train"


@pytest.mark.parametrize(("mode", "said"), [("start", "choose a file first"), ("predict", "open a table")])
def test_t_without_a_table_says_where_to_find_one(mode: str, said: str) -> None:
    host = FakeHost()
    host.current_mode = mode
    host.runner.train()
    assert len(host.said) == 1 and host.said[0].startswith(said)
    assert host.ready == 0


def test_t_says_why_the_data_cannot_be_prepared_and_waits_no_longer(host: FakeHost) -> None:
    derived = host.workbench.derived
    assert derived is not None
    host.workbench.derived = replace(derived, prepared=None, problem="no rows are left")
    host.runner.train()
    assert host.said == ["no rows are left"] and host.workbench.runs.all == ()
    host.workbench.derived = derived
    host.data_ready()
    assert host.workbench.runs.all == (), "what could not be done is not done later, unasked"


def test_the_pace_is_that_of_the_next_run(host: FakeHost) -> None:
    host.runner.pace = 7.0
    assert _begun(host).control.pace == 7.0


def test_the_end_of_a_run_that_is_not_in_front_is_noted_and_not_shown(host: FakeHost) -> None:
    first = _begun(host)
    host.work_off()
    second = _begun(host)
    host.workbench.runs.put_in_front(first)
    host.post_message(RunEnded(second, "it went wrong"))
    host.post_message(Compared(second, "nothing to compare"))
    host.deliver()
    assert host.said == [] and second.ended and host.workbench.runs.training is None


def test_the_baselines_of_a_run_that_is_not_in_front_are_not_computed(host: FakeHost) -> None:
    first = _begun(host)
    host.work_off()
    second = _begun(host)
    host.workbench.runs.put_in_front(first)
    host.work_off()
    assert first.evaluation is not None and first.evaluation.baselines
    assert second.evaluation is not None and not second.evaluation.baselines


@pytest.mark.parametrize("mode", ["train", "data"])
def test_a_failure_is_said_but_where_the_screen_says_it(host: FakeHost, mode: str) -> None:
    experiment = host.workbench.experiment
    assert experiment is not None
    host.editor.edit(plan=replace(experiment.plan, optimizer="sgd", learning_rate=1e30, epochs=50))
    host.work_off()
    run = _begun(host)
    host.current_mode = mode
    host.work_off()
    assert run.state == "failed" and run.evaluation is None
    assert host.said == ([] if mode == "train" else [run.snapshot.message])


def test_an_unforeseen_end_is_said_in_one_line(host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(run: Run) -> None:
        raise MemoryError("no room\nfor the weights")

    monkeypatch.setattr(Run, "train", broken)
    _begun(host)
    host.work_off()
    assert host.said == ["unexpected MemoryError: no room for the weights"]
    assert host.workbench.runs.training is None


# -- leaving -------------------------------------------------------------------------------------------------


def test_leaving_is_not_asked_about_when_nothing_trains(host: FakeHost) -> None:
    host.runner.quit()
    assert host.left == 1 and host.questions == []


def test_leaving_waits_for_the_end_of_the_run(host: FakeHost) -> None:
    run = _begun(host)
    host.runner.quit()
    assert host.left == 0 and not run.control.stopping
    host.answer(True)
    assert run.control.stopping and host.left == 0
    host.work()
    assert run.evaluation is None, "nobody will see its judgement"
    host.deliver()
    assert host.left == 1


def test_a_run_goes_on_when_the_person_stays(host: FakeHost) -> None:
    run = _begun(host)
    host.runner.quit()
    host.answer(False)
    assert not run.control.stopping
    host.work_off()
    assert host.left == 0 and run.evaluation is not None


def test_leaving_is_asked_about_once(host: FakeHost) -> None:
    _begun(host)
    host.asking = True
    host.runner.quit()
    assert host.questions == [] and host.left == 0


def test_a_yes_after_the_run_has_ended_leaves_at_once(host: FakeHost) -> None:
    _begun(host)
    host.runner.quit()
    host.work_off()
    assert host.left == 0
    host.answer(True)
    assert host.left == 1
