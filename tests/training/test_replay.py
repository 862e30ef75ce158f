"""What a person did is done again at the same batches: the same bits as when it was done by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training.problems import SteerAtLooks, StopAtLook, make_trainer
from training.test_resume import PLANS, outcome

from ann_tui.training.changes import STOP, Change, Changes
from ann_tui.training.control import TrainingControl
from ann_tui.training.replay import Replay
from ann_tui.training.trainer import Trainer

pytestmark = pytest.mark.bits

FACTORS = st.dictionaries(st.integers(1, 50), st.sampled_from([0.5, 0.9, 1.5]), max_size=4)


def _steering(trainer: Trainer) -> tuple[Change, ...]:
    snapshot = trainer.snapshot
    if snapshot.state != "stopped":
        return trainer.changes
    return (*trainer.changes, Change(snapshot.epoch, snapshot.batch, STOP, 0.0, snapshot.attempt))


@pytest.mark.parametrize("name", PLANS)
@settings(max_examples=6, deadline=None)
@given(factors=FACTORS, stop=st.none() | st.integers(1, 60))
def test_a_replayed_run_equals_the_steered_one(
    name: str, factors: dict[int, float], stop: int | None
) -> None:
    """For all kinds of plans, changed before any batch, stopped before any or not at all."""
    steered = make_trainer(**PLANS[name], control=SteerAtLooks(factors, stop))
    steered.run()
    again = make_trainer(**PLANS[name], replay=_steering(steered))
    again.run()
    ended, ended_again = outcome(steered), outcome(again)
    assert all(ended_again[key] == ended[key] for key in ("kept", "state", "costs"))
    assert again.changes == steered.changes
    for trainer in (again, steered):
        trainer.control = TrainingControl()
        trainer.run()
    assert outcome(again) == outcome(steered)


@settings(max_examples=20, deadline=None)
@given(factors=FACTORS, looks=st.integers(1, 60))
def test_a_replay_that_was_interrupted_goes_on_with_the_rest(factors: dict[int, float], looks: int) -> None:
    steered = make_trainer(control=SteerAtLooks(factors))
    steered.run()
    script = _steering(steered)
    stopped = make_trainer(replay=script, control=StopAtLook(looks))
    if stopped.run().state == "stopped":
        resumed = make_trainer(replay=script, network_seed=99)
        resumed.load_state(stopped.state())
        resumed.run()
        assert outcome(resumed) == outcome(steered)


def test_a_run_that_was_stopped_again_goes_on_when_it_is_run_once_more() -> None:
    trainer = make_trainer(replay=[Change(2, 3, STOP, 0.0)])
    assert (trainer.run().state, trainer.snapshot.epoch, trainer.snapshot.batch) == ("stopped", 2, 3)
    assert trainer.run().state == "finished"
    whole = make_trainer()
    whole.run()
    assert outcome(trainer) == outcome(whole)


def test_the_rest_is_not_done_once_a_person_steers() -> None:
    changes = Changes()
    replay = Replay([Change(0, 1, "learning_rate", 0.1), Change(1, 0, "learning_rate", 0.2)], changes)
    position = make_trainer().loop.position
    assert replay.due(position) is None and replay.next_batch(position) == 1
    position.done = 1
    assert replay.due(position) is not None and replay.next_batch(position) is None
    changes.add(Change(0, 0, "learning_rate", 0.5))
    assert replay.next is None and replay.due(position) is None
