"""Other values of the plan's fields on the way: done again to the same bits, resumed, and gone back past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training.problems import StopAtLook, make_trainer
from training.test_resume import PLANS, outcome

from ann_tui.training.changes import Change, Value, plan_after
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import TrainingError
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer

ROOMY = 64 << 20
FIELDS: dict[str, Sequence[Value]] = {
    "batch": (7, 30), "epochs": (4, 9), "early_stopping": (False, True), "weight_decay": (0.0, 0.3),
    "schedule": ("linear", "constant", "plateau"), "optimizer": ("sgd", "nadam"), "seed": (77,), "l2": (0.0, 0.1),
    "clip_norm": ("none", 0.1), "monitor": ("training cost",), "patience": (2,), "warm_up": (0.2,),
    "max_norm": (0.5,), "beta_1": (0.5,), "smallest_change": (0.1,),
}  # fmt: skip
steps = st.dictionaries(
    st.integers(0, 5),
    st.sampled_from(sorted(FIELDS)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(FIELDS[name]))
    ),
    max_size=3,
)


class ChangePlan(TrainingControl):
    """Asks for another value when so many epochs have ended (0: before the first)."""

    def __init__(self, steps: Mapping[int, tuple[str, Value]], rates: Mapping[int, float] = {}) -> None:
        super().__init__()
        self.steps, self.rates, self.epochs = steps, rates, 0
        self._ask()

    def epoch_ended(self) -> None:
        self.epochs += 1
        self._ask()

    def _ask(self) -> None:
        if self.epochs in self.steps:
            self.change_plan(*self.steps[self.epochs])
        if self.epochs in self.rates:
            self.scale_learning_rate(self.rates[self.epochs])


@pytest.mark.bits
@pytest.mark.parametrize("name", PLANS)
@settings(max_examples=6, deadline=None)
@given(steps=steps, rates=st.dictionaries(st.integers(0, 5), st.sampled_from([0.5, 1.5]), max_size=2),
       looks=st.integers(1, 60))  # fmt: skip
def test_what_was_changed_is_done_again(
    name: str, steps: dict[int, tuple[str, Value]], rates: dict[int, float], looks: int
) -> None:
    """At the same epochs to the same bits, by a training that is stopped and resumed on the way, too."""
    steered = make_trainer(**PLANS[name], control=ChangePlan(steps, rates), keep=ROOMY)
    steered.run()
    again = make_trainer(**PLANS[name], replay=steered.changes)
    again.run()
    assert outcome(again) == outcome(steered) and again.plan == steered.plan
    stopped = make_trainer(**PLANS[name], replay=steered.changes, control=StopAtLook(looks))
    if stopped.run().state == "stopped":
        resumed = make_trainer(**PLANS[name], replay=steered.changes, network_seed=99)
        resumed.load_state(stopped.state())
        resumed.run()
        assert outcome(resumed) == outcome(steered) and resumed.plan == steered.plan


@pytest.mark.bits
@settings(max_examples=25, deadline=None)
@given(steps=steps, epoch=st.integers(0, 6))
def test_going_back_past_a_change(steps: dict[int, tuple[str, Value]], epoch: int) -> None:
    """The plan there is the one that held there; what follows is what followed."""
    steered = make_trainer(control=ChangePlan(steps), keep=ROOMY)
    steered.run()
    epoch = min(epoch, steered.snapshot.epoch)
    assert steered.timeline is not None
    key = steered.timeline.key_before(epoch)
    assert key is not None
    again = make_trainer(replay=steered.changes, network_seed=99)
    again.begin_at(key.state, steered.history.rows[: key.epoch])
    again.run(until=epoch)
    assert again.plan == plan_after(
        TrainingPlan(batch=16, epochs=6), [c for c in steered.changes if c.epoch < epoch]
    )
    again.run()
    mine, theirs = outcome(again), outcome(steered)
    if epoch < steered.snapshot.epoch:
        assert mine == theirs
    else:
        assert mine["network.weights"] == theirs["network.weights"] and mine["kept"] == theirs["kept"]


def test_each_change_holds_from_its_epoch_on() -> None:
    """And is written down with it, and said in the history."""
    trainer = make_trainer(control=ChangePlan({2: ("batch", 30), 4: ("epochs", 9)}), early_stopping=False)
    trainer.run()
    assert trainer.changes == (Change(2, 0, "batch", 30), Change(4, 0, "epochs", 9))
    assert trainer.loop.batch == 30 and trainer.snapshot.epoch == 9
    assert [row.event for row in trainer.history.rows if row.event] == ["batch 30", "epochs 9"]


def test_a_change_in_the_middle_of_an_epoch_waits_for_its_end() -> None:
    class InTheMiddle(StopAtLook):
        def stop(self) -> None:
            self.change_plan("batch", 45)

    trainer = make_trainer(control=InTheMiddle(9))
    trainer.run()
    (change,) = trainer.changes
    assert change.batch == 0 and 0 < change.epoch < 6


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("optimizer", "l-bfgs", "l-bfgs needs the same cost each time"),
        ("batch", -1, "batch"),
        ("batch", 2.5, "batch"),
        ("optimizer", "magic", "optimizer"),
        ("average", "ema", "average can't change on the way"),
        ("speed", 3, "'speed' is no field"),
    ],
)
def test_what_can_t_be_is_said_and_not_done(field: str, value: Value, said: str) -> None:
    trainer = make_trainer(layers="8 relu, dropout 0.2", control=ChangePlan({1: (field, value)}))
    plain = make_trainer(layers="8 relu, dropout 0.2")
    trainer.run()
    plain.run()
    assert trainer.changes == () and any(said in row.event for row in trainer.history.rows)
    assert trainer.network.weights.tobytes() == plain.network.weights.tobytes()
    with pytest.raises(TrainingError):
        Change(0, 0, field, value).made_to(
            TrainingPlan()
        ) if field != "optimizer" or value == "magic" else _refused()


def _refused() -> Trainer:
    return make_trainer(layers="8 relu, dropout 0.2", optimizer="l-bfgs")
