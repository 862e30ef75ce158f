"""A training outlasts its program: it goes on from what was put away, to the same bits as if it had never stopped."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from experiment.small import facts, prepared_anew, shells, small_experiment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ann_tui.experiments import under_way as room
from ann_tui.experiments import unfinished
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.experiments.under_way import BEFORE, JOURNAL, STATE, UnderWay
from ann_tui.experiments.unfinished import begin, left_behind
from ann_tui.own_folders import unfinished_folder
from ann_tui.training.changes import Change
from ann_tui.training.checkpoint import MAGIC, decoded, encoded
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import TrainingError


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    return small_experiment(shells(tmp_path), epochs=12, early_stopping=False)


@pytest.fixture(autouse=True)
def always_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SECONDS", 0.0)


class Steered(TrainingControl):
    """Halves the rate and changes the batch at some epochs, and loses its power at another one."""

    def __init__(self, power_until: int | None = None, halve: int = 4, batch: int = 7) -> None:
        super().__init__()
        self.power_until, self.halve, self.batch, self.epochs = power_until, halve, batch, 0

    def epoch_ended(self) -> None:
        self.epochs += 1
        if self.epochs == self.power_until:
            raise KeyboardInterrupt
        if self.epochs == self.halve:
            self.scale_learning_rate(0.5)
        if self.epochs == self.batch:
            self.change_plan("batch", 5)


def whole(experiment: Experiment, control: TrainingControl | None = None) -> dict[str, Any]:
    run = Run(experiment, prepared_anew(experiment), control)
    run.train()
    run.judge()
    return facts(run.result())


def cut_off(experiment: Experiment, control: TrainingControl) -> UnderWay:
    """What a training leaves behind that ends as if its program had been killed."""
    run = Run(experiment, prepared_anew(experiment), control)
    under_way = begin(experiment, "kind")
    run.keep_by(under_way)
    with pytest.raises(KeyboardInterrupt):
        run.train()
    under_way.leave()
    return under_way


def resumed(control: TrainingControl | None = None) -> Run:
    """The training that was left behind, gone on with."""
    (found,) = left_behind()
    experiment, state = found.experiment(), found.state()
    run = Run(experiment, prepared_anew(experiment), control)
    run.keep_by(found.take_up(0 if state is None else len(state["changes.fields"])))
    if state is not None:
        run.go_on_from(state)
    return run


def to_the_end(run: Run) -> dict[str, Any]:
    run.train()
    run.judge()
    assert run.under_way is not None
    run.under_way.done()
    assert left_behind() == ()
    return facts(run.result())


@pytest.mark.bits
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(epoch=st.integers(1, 12), interval=st.sampled_from([0.0, 1e9]), again=st.none() | st.integers(1, 11))
def test_a_training_that_was_cut_off_goes_on(
    experiment: Experiment, epoch: int, interval: float, again: int | None
) -> None:
    """Once or twice; with what a person had changed by then, from the newest state or from none at all."""
    room.SECONDS = interval
    expected = whole(experiment, Steered())
    cut_off(experiment, Steered(epoch))
    before = (found := left_behind()[0]).experiment().steering
    done = 0 if (state := found.state()) is None else len(state["history.events"])
    rest = Steered(None, 4 - done, 7 - done)
    rest.halve, rest.batch = (-1 if len(before) > 0 else 4 - done), (-1 if len(before) > 1 else 7 - done)
    if again is not None and done + again < 12:
        rest.power_until = again
        run = resumed(rest)
        with pytest.raises(KeyboardInterrupt):
            run.train()
        assert run.under_way is not None
        run.under_way.leave()
        before = (found := left_behind()[0]).experiment().steering
        done = 0 if (state := found.state()) is None else len(state["history.events"])
        rest = Steered(None, -1 if len(before) > 0 else 4 - done, -1 if len(before) > 1 else 7 - done)
    assert to_the_end(resumed(rest)) == expected


def test_a_change_that_was_written_down_is_made_though_it_had_not_taken_effect(
    experiment: Experiment,
) -> None:
    under_way = cut_off(experiment, Steered(3, halve=-1, batch=-1))
    with (under_way.folder / JOURNAL).open("ab") as file:
        file.write(b'{"epoch":5,"batch":0,"field":"batch","value":9.0,"attempt":0}\n{"epoch":6,"bat')
    (found,) = left_behind()
    assert found.experiment().steering == (Change(5, 0, "batch", 9),)
    came = to_the_end(resumed())

    class AsIfByHand(TrainingControl):
        epochs = 0

        def epoch_ended(self) -> None:
            self.epochs += 1
            if self.epochs == 5:
                self.change_plan("batch", 9)

    assert came == whole(experiment, AsIfByHand())


def test_what_is_steered_otherwise_than_written_down_replaces_it(experiment: Experiment) -> None:
    """A person who halves the rate before the journal's own change comes begins another story."""
    under_way = cut_off(experiment, Steered(3, halve=-1, batch=-1))
    (under_way.folder / JOURNAL).write_bytes(
        b'{"epoch":8,"batch":0,"field":"batch","value":9.0,"attempt":0}\n'
    )
    run = resumed(Steered(2, halve=1, batch=-1))
    with pytest.raises(KeyboardInterrupt):
        run.train()
    assert run.under_way is not None
    run.under_way.leave()
    (change,) = left_behind()[0].experiment().steering
    assert (change.epoch, change.field) == (run.trainer.history.rows[-1].epoch - 1, "learning_rate")


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "older", "empty", "gone"])
def test_a_damaged_state_gives_way_to_the_one_before(experiment: Experiment, damage: str) -> None:
    """And where none is whole, that is said in one line."""
    expected = whole(experiment)
    under_way = cut_off(experiment, Steered(6, halve=-1, batch=-1))
    state, before = under_way.folder / STATE, under_way.folder / BEFORE
    data = state.read_bytes()
    damaged = {
        "cut": data[:-100],
        "flipped": data[:500] + bytes([data[500] ^ 1]) + data[501:],
        "foreign": b"PK\x03\x04" + data,
        "older": b"ann-tui training 0\n" + data[len(MAGIC) :],
        "empty": b"",
        "gone": None,
    }[damage]
    for path in (state, before):
        kept = path.read_bytes()
        path.unlink() if damaged is None else path.write_bytes(damaged)
        if path is state:
            (found,) = left_behind()
            older = found.state()
            assert older is not None and len(older["history.events"]) == 4
        elif damaged is None:
            assert found.state() is None
        else:
            with pytest.raises(TrainingError, match="can't be read") as raised:
                found.state()
            assert "\n" not in str(raised.value)
        if path is before:
            path.write_bytes(kept)
    assert to_the_end(resumed()) == expected


@given(st.data())
def test_any_cut_or_changed_byte_is_noticed(data: st.DataObject) -> None:
    whole = encoded(
        {"a.weights": __import__("numpy").arange(5.0), "a.events": ["x", ""], "a.epoch": 3, "a.plan": "{}"}
    )
    assert decoded(whole)["a.epoch"] == 3 and decoded(whole)["a.events"].tolist() == ["x", ""]
    place = data.draw(st.integers(0, len(whole) - 1))
    for broken in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :]):
        with pytest.raises(TrainingError):
            decoded(broken)


def test_a_full_disk_does_not_end_the_training(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and what was put away before stays."""
    expected = whole(experiment, Steered())
    run = Run(experiment, prepared_anew(experiment), Steered())
    under_way = begin(experiment, "kind")
    run.keep_by(under_way)

    @contextmanager
    def full(path: Path) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        yield

    monkeypatch.setattr(room, "atomic_file", full)
    run.train()
    run.judge()
    assert facts(run.result()) == expected
    assert under_way.problem == "the training could not be put away: No space left on device"


def test_a_training_under_way_is_nobody_else_s(experiment: Experiment) -> None:
    under_way = begin(experiment, "kind")
    assert left_behind() == ()
    script = "from ann_tui.experiments.unfinished import left_behind; print(len(left_behind()))"
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert other.stdout == "0\n"
    under_way.leave()
    (found,) = left_behind()
    taken = found.take_up(0)
    assert left_behind() == ()
    with pytest.raises(TrainingError, match="another program goes on"):
        found.take_up(0)
    taken.done()
    assert list(unfinished_folder().iterdir()) == []


def test_the_oldest_that_were_left_behind_make_room(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that goes on is not among them."""
    monkeypatch.setattr(unfinished, "MOST", 3)
    going_on = begin(experiment, "kind")
    for _ in range(5):
        begin(experiment, "kind").leave()
    begun = begin(experiment, "kind")
    assert len(left_behind()) == 3 and going_on.folder.is_dir() and begun.folder.is_dir()


def test_the_rows_have_to_be_the_same(experiment: Experiment, tmp_path: Path) -> None:
    cut_off(experiment, Steered(6))
    lines = (tmp_path / "shells.csv").read_text().splitlines()
    (tmp_path / "shells.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    with pytest.raises(TrainingError, match="its training rows are others"):
        resumed()
