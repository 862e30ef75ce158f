"""Which of several files ends on the workbench, and what is there when one can't be read; without a screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_host import FakeHost, write_table

from ann_tui.data.choices.preparation import Preparation
from ann_tui.tui.app.opener import Opened
from ann_tui.tui.app.reading import Previewed
from ann_tui.tui.reading_job import ReadingJob
from ann_tui.tui.recent import recent_files

MODEL = Path(__file__).parents[1] / "model" / "fixtures" / "version_1_classes.ann"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two tables."""
    return [str(write_table(tmp_path / name)) for name in ("one.csv", "two.csv")]


def _opened(host: FakeHost) -> str | None:
    experiment = host.workbench.experiment
    return None if experiment is None else Path(experiment.source.path).name


def test_a_table_is_read_in_a_thread_and_shown(files: list[str]) -> None:
    host = FakeHost()
    host.opener.open(files[0])
    assert host.reading.opens_file and "one.csv" in host.busy and host.ticking == 1
    assert [type(message) for message in host.work()] == [Previewed, Opened]
    assert _opened(host) is None
    host.deliver()
    assert _opened(host) == "one.csv" and host.current_mode == "data" and host.ready == 1
    assert host.reading.job is None and host.busy == "" and host.ticking == 0
    assert [Path(path).name for path in recent_files()] == ["one.csv"]


@pytest.mark.parametrize("order", [(0, 0), (1, 0)])
def test_the_file_that_was_opened_last_stays(files: list[str], order: tuple[int, int]) -> None:
    """Whichever of the two threads ends first."""
    host = FakeHost()
    for path in files:
        host.opener.open(path)
    for index in order:
        host.work(index)
        host.deliver()
    assert _opened(host) == "two.csv" and host.ready == 1
    assert host.opener.trouble == "" and host.said == []


def test_a_file_that_was_read_before_another_was_asked_for_is_not_shown_after(files: list[str]) -> None:
    host = FakeHost()
    host.opener.open(files[0])
    host.work()
    host.opener.open(files[1])
    host.deliver()
    assert _opened(host) is None and host.ready == 0
    host.work_off()
    assert _opened(host) == "two.csv"


def test_the_first_rows_of_a_file_that_was_given_up_are_not_shown(files: list[str]) -> None:
    host = FakeHost()
    host.opener.open(files[0])
    old = host.reading.job
    assert old is not None and host.opener.cancel()
    host.post_message(Previewed(old))
    host.deliver()
    assert host.current_mode == "start"


def test_a_stopped_reading_leaves_what_was_there(files: list[str]) -> None:
    host = FakeHost(files[0])
    host.current_mode = "data"
    host.opener.open(files[0])
    assert host.opener.cancel() and not host.opener.cancel()
    assert host.said == ["reading one.csv was stopped"]
    assert host.current_mode == "start" and host.opener.file is None
    host.work_off()
    assert _opened(host) is None and host.said == ["reading one.csv was stopped"]


def test_a_file_that_cannot_be_read_is_told_where_it_stays_in_view(tmp_path: Path) -> None:
    host = FakeHost(str(tmp_path / "missing.csv"))
    host.current_mode = "data"
    host.opener.open(str(tmp_path / "missing.csv"))
    assert host.given_up == 1, "what was asked for while another file was read is not meant for this one"
    host.runner.train()
    host.work_off()
    assert "missing.csv" in host.opener.trouble and host.said == [host.opener.trouble]
    assert host.current_mode == "start" and host.given_up == 2
    host.opener.open(str(write_table(tmp_path / "there.csv")))
    assert host.opener.trouble == ""
    host.work_off()
    assert host.workbench.runs.all == (), "t was meant for the file that could not be read"


@pytest.mark.parametrize("name", ["broken.toml", "broken.ann"])
def test_what_is_no_experiment_or_model_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x00\x01 = not this")
    host = FakeHost()
    host.opener.open(str(tmp_path / name))
    assert name in host.opener.trouble and host.threads == [] and recent_files() == ()


def test_a_model_takes_the_place_of_a_file_that_is_being_read(files: list[str]) -> None:
    host = FakeHost()
    host.opener.open(files[0])
    host.opener.open(str(MODEL))
    assert host.workbench.model is not None and host.current_mode == "predict" and host.busy == ""
    host.work_off()
    assert host.workbench.model is not None and _opened(host) is None


@pytest.mark.parametrize("other", ["table", "model"])
def test_nothing_is_opened_while_a_network_trains(files: list[str], other: str) -> None:
    host = FakeHost()
    host.put_open(Path(files[0]))
    host.runner.train()
    host.opener.open(files[1] if other == "table" else str(MODEL))
    assert len(host.said) == 1 and "stop it first" in host.said[0]
    assert _opened(host) == "one.csv" and host.reading.job is None


def test_changed_choices_are_asked_about_before_they_are_put_away(files: list[str]) -> None:
    host = FakeHost()
    host.put_open(Path(files[0]))
    host.editor.edit(preparation=Preparation(scaling="robust"))
    host.work_off()
    host.opener.open(files[1])
    host.answer(False)
    assert host.reading.job is None
    host.opener.open(files[1])
    host.answer(True)
    host.work_off()
    assert _opened(host) == "two.csv"


def test_a_step_asked_for_too_early_is_entered_when_the_table_is_ready(files: list[str]) -> None:
    host = FakeHost()
    host.opener.open(files[0])
    host.steps.go("layers")
    assert host.current_mode == "start" and "as soon as the table is prepared" in host.said[0]
    host.work_off()
    assert host.current_mode == "layers"


def test_the_first_rows_bring_the_data_screen_to_the_front(files: list[str]) -> None:
    host = FakeHost()
    host.opener.open(files[0])
    job = host.reading.job
    assert isinstance(job, ReadingJob)
    host.post_message(Previewed(job))
    host.deliver()
    assert host.current_mode == "data" and job.seen.is_set()
