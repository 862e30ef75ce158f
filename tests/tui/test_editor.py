"""What follows from edits: one thread at a time, and the newest state wins; without a screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fake_host import FakeHost, write_table

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.reading.read_error import ReadError, TooLargeError
from ann_tui.tui import reading_job
from ann_tui.tui.app.editor import DerivedAnew, NotDerived


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    """With a table."""
    host = FakeHost()
    host.put_open(write_table(tmp_path / "table.csv"))
    return host


def _source(host: FakeHost) -> Source:
    assert host.workbench.experiment is not None
    return host.workbench.experiment.source


def test_the_newest_of_edits_that_come_while_one_is_worked_out_wins(host: FakeHost) -> None:
    for scaling in ("robust", "min-max", "none"):
        host.editor.edit(preparation=Preparation(scaling=scaling))
    assert [group for group, _ in host.threads] == ["derive"], "one thread at a time"
    host.work()
    host.deliver()
    assert host.ready == 0 and not host.workbench.up_to_date
    assert len(host.threads) == 1, "the states in between are passed over"
    host.work_off()
    derived = host.workbench.derived
    assert derived is not None and derived.experiment.preparation.scaling == "none"
    assert host.workbench.up_to_date and host.ready == 1 and not host.editor.deriving


def test_an_edit_that_says_nothing_new_does_nothing(host: FakeHost) -> None:
    assert host.workbench.experiment is not None
    host.editor.edit(preparation=host.workbench.experiment.preparation)
    assert host.threads == [] and not host.editor.deriving


def test_undo_and_redo_work_out_what_follows(host: FakeHost) -> None:
    before = host.workbench.experiment
    host.editor.edit(preparation=Preparation(scaling="robust"))
    host.editor.undo()
    host.work_off()
    assert host.workbench.experiment == before and host.workbench.up_to_date
    host.editor.redo()
    host.work_off()
    assert host.workbench.derived is not None
    assert host.workbench.derived.experiment.preparation.scaling == "robust"
    host.editor.redo()
    assert host.said == ["nothing to redo"]


def test_a_reading_that_an_edit_has_overtaken_is_given_up(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_job, "LARGE_FILE", 0)
    monkeypatch.setattr(reading_job.ReadingJob, "look_ahead", lambda job: False)
    host.editor.edit(source=replace(_source(host), dialect=Dialect(header=False)))
    first = host.reading.job
    assert first is not None and not host.reading.opens_file and host.ticking == 1
    host.editor.edit(source=replace(_source(host), dialect=Dialect(skip=1)))
    assert first.cancelled() and first.superseded
    host.work()
    host.deliver()
    assert host.said == [] and host.workbench.experiment is not None, "nobody wants to know of its end"
    assert host.reading.job is not None and host.reading.job is not first
    host.work_off()
    assert host.workbench.up_to_date and _source(host).dialect == Dialect(skip=1)
    assert host.reading.job is None and host.busy == "" and host.ticking == 0


def test_an_edit_of_other_choices_lets_the_reading_go_on(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_job, "LARGE_FILE", 0)
    host.editor.edit(source=replace(_source(host), dialect=Dialect(header=False)))
    first = host.reading.job
    host.editor.edit(preparation=Preparation(scaling="robust"))
    assert first is not None and not first.cancelled()


def test_choices_that_fail_are_taken_back_and_the_reason_is_said(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise ReadError("the file has gone")

    before = host.workbench.experiment
    host.editor.edit(source=replace(_source(host), dialect=Dialect(header=False)))
    with monkeypatch.context() as patch:
        patch.setattr("ann_tui.experiments.derived.load", refuse)
        (message,) = host.work()
    assert isinstance(message, NotDerived)
    host.runner.train()
    host.deliver()
    assert host.workbench.experiment == before and host.said == ["the file has gone"]
    assert host.workbench.up_to_date and host.threads == [] and not host.editor.deriving
    assert host.given_up == 1 and host.workbench.runs.all == ()


def test_a_failure_of_older_choices_leaves_the_newer_ones(host: FakeHost) -> None:
    host.editor.edit(preparation=Preparation(scaling="robust"))
    older = host.workbench.experiment
    assert older is not None
    host.editor.edit(preparation=Preparation(scaling="min-max"))
    host.threads.clear()
    host.post_message(NotDerived("it went wrong", older))
    host.deliver()
    assert host.workbench.experiment is not None
    assert host.workbench.experiment.preparation.scaling == "min-max"
    host.work_off()
    assert host.workbench.up_to_date


def test_what_follows_for_another_file_is_not_taken(host: FakeHost, tmp_path: Path) -> None:
    host.editor.edit(preparation=Preparation(scaling="robust"))
    (message,) = host.work()
    assert isinstance(message, DerivedAnew)
    host.put_open(write_table(tmp_path / "other.csv"))
    host.deliver()
    derived = host.workbench.derived
    assert derived is not None and derived.experiment.source.path.endswith("other.csv")
    assert not host.editor.deriving


def test_a_file_that_grows_too_large_is_offered_as_a_sample(
    host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise TooLargeError("it needs 9 TB", needed=9, available=1, rows=7)

    host.editor.edit(source=replace(_source(host), dialect=Dialect(header=False)))
    monkeypatch.setattr("ann_tui.experiments.derived.load", refuse)
    host.work()
    host.deliver()
    assert len(host.questions) == 1
    host.answer(True)
    job = host.reading.job
    assert job is not None and job.source.sample_rows == 7 and job.source.dialect == Dialect(header=False)
