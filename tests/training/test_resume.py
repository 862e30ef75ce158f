"""Stop anywhere, state out, state in, go on: the same bits as never having stopped."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training.problems import OUTPUTS, StopAfter, StopAtLook, draw, make_trainer

from ann_tui.choice_fields import MayChange, described
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.training.changes import Change
from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import Examples, TrainingError
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer

pytestmark = pytest.mark.bits

PLANS = {
    "adam": {},
    "nadam, dropout": {"optimizer": "nadam", "layers": "8 relu, dropout 0.3"},
    "batch norm, EMA": {"layers": "8 linear, batch norm, relu", "average": "ema"},
    "momentum, SWA, cycle": {"optimizer": "momentum", "average": "swa", "schedule": "one cycle", "epochs": 8},
    "weights, penalties": {"weighted": True, "l1": 0.001, "l2": 0.01, "max_norm": 1.0, "clip_norm": 0.5},
    "plateau": {"schedule": "plateau", "plateau_patience": 1, "learning_rate": 0.2},
    "whole": {"optimizer": "gradient descent", "layers": "8 relu, dropout 0.2", "rows": 3000, "epochs": 4},
    "shared": {"layers": "8 relu, dropout 0.2", "rows": 2500, "batch": 1100, "epochs": 4, "average": "ema"},
    "lbfgs": {"optimizer": "l-bfgs", "layers": "5 tanh"},
    "diverging": {"learning_rate": 500.0, "optimizer": "sgd", "kind": "number"},
    "number": {"kind": "number", "optimizer": "lion", "learning_rate": 0.001, "batch": 90},
    "muon": {"optimizer": "muon", "layers": "8 relu, residual 5 tanh", "average": "ema"},
    "schedule-free": {
        "optimizer": "schedule-free",
        "layers": "8 relu, dropout 0.2",
        "max_norm": 1.0,
        "warm_up": 0.3,
    },
    "schedule-free, shared": {"optimizer": "schedule-free", "rows": 2500, "batch": 1100, "epochs": 4},
    "binary, no validation": {"kind": "binary", "validation": 0, "batch": 7, "warm_up": 0.3},
}


def outcome(trainer: Trainer) -> dict[str, object]:
    """All that a run leaves, without its clock and its plan."""
    kept = {name: value.tobytes() for name, value in trainer.network.parameters.items()}
    state = {
        name: value.tobytes() if isinstance(value, np.ndarray) else value
        for name, value in trainer.state().items()
        if name not in ("history.seconds", "clock.seconds", "of.plan")
    }
    return {"kept": kept, "state": trainer.snapshot.state, "costs": trainer.snapshot.batch_costs, **state}


@pytest.mark.parametrize("name", PLANS)
@settings(max_examples=6, deadline=None)
@given(looks=st.integers(1, 60))
def test_going_on_equals_never_having_stopped(name: str, looks: int) -> None:
    """For all kinds of plans, at any batch."""
    whole = make_trainer(**PLANS[name])
    whole.run()

    stopped = make_trainer(**PLANS[name], control=StopAtLook(looks))
    if stopped.run().state == "stopped":
        resumed = make_trainer(**PLANS[name], network_seed=99)
        resumed.load_state(stopped.state())
        resumed.run()
        assert outcome(resumed) == outcome(whole)
    else:
        assert outcome(stopped) == outcome(whole)


def test_the_same_trainer_goes_on() -> None:
    """Stop and run again, without a way through the state."""
    whole = make_trainer()
    whole.run()
    trainer = make_trainer(control=StopAtLook(20))
    assert trainer.run().state == "stopped"
    trainer.control = TrainingControl()
    trainer.run()
    assert outcome(trainer) == outcome(whole)


def test_the_same_seed_gives_the_same_bits() -> None:
    """And another seed gives others."""
    runs = [make_trainer(layers="8 relu, dropout 0.2", seed=seed) for seed in (5, 5, 6)]
    for trainer in runs:
        trainer.run()
    first, second, third = (outcome(trainer) for trainer in runs)
    assert first == second
    assert first["network.weights"] != third["network.weights"]


SCRIPT = """
import sys
import numpy as np
sys.path.insert(0, {folder!r})
from training.problems import draw, OUTPUTS, make_trainer
from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.trainer import Trainer
state = dict(np.load(sys.argv[1]))
network = Network(NetworkDesign.from_text("8 relu, dropout 0.3"), 4, OUTPUTS["binary"], seed=8)
trainer = Trainer(network, draw("binary", 90), draw("binary", 40, seed=1), TrainingPlan(batch=16, epochs=6))
trainer.load_state(state)
trainer.run()
np.savez(sys.argv[2], **trainer.network.parameters)
"""


def test_going_on_in_another_process(tmp_path: Path) -> None:
    """The state survives as a file of arrays."""
    choice = {"kind": "binary", "layers": "8 relu, dropout 0.3"}
    whole = make_trainer(**choice)
    whole.run()
    stopped = make_trainer(**choice, control=StopAtLook(17))
    stopped.run()
    np.savez(tmp_path / "state.npz", **stopped.state())
    script = SCRIPT.format(folder=str(Path(__file__).parents[1]))
    subprocess.run([sys.executable, "-c", script, "state.npz", "end.npz"], cwd=tmp_path, check=True)
    with np.load(tmp_path / "end.npz") as found:
        for name, value in whole.network.parameters.items():
            assert found[name].tobytes() == value.tobytes()


def test_more_epochs_train_on() -> None:
    """A finished training goes on under a plan with more epochs."""
    first = make_trainer(schedule="constant")
    first.run()
    longer = make_trainer(schedule="constant", epochs=10)
    longer.load_state(first.state())
    assert longer.run().epoch == 10
    whole = make_trainer(schedule="constant", epochs=10)
    whole.run()
    assert outcome(longer) == outcome(whole)


def test_a_state_of_another_network_is_refused() -> None:
    """With one line that says what differs."""
    with pytest.raises(TrainingError, match="another network"):
        make_trainer(layers="9 relu").load_state(make_trainer().state())
    with pytest.raises(TrainingError, match="another network"):
        make_trainer(layers="8 tanh").load_state(make_trainer().state())


@pytest.fixture(scope="module")
def resting() -> dict[str, object]:
    """The state of a training that stopped within its third epoch, with everything that a plan can ask for."""
    trainer = make_trainer(**EVERYTHING, control=StopAtLook(20))
    assert trainer.run().state == "stopped" and trainer.snapshot.epoch and trainer.snapshot.batch
    return trainer.state()


EVERYTHING = {
    "layers": "8 linear, batch norm, relu, dropout 0.1",
    "average": "ema",
    "schedule": "plateau",
    "plateau_patience": 1,
    "l2": 0.01,
}


def test_whatever_is_missing_is_named_and_nothing_is_taken(resting: dict[str, object]) -> None:
    """Every key of a state is needed."""
    trainer = make_trainer(**EVERYTHING)
    before = outcome(trainer)
    for key in resting:
        lacking = {name: value for name, value in resting.items() if name != key}
        with pytest.raises(TrainingError, match=rf"lacks {key}$"):
            trainer.load_state(lacking)
        assert outcome(trainer) == before, key


def test_whatever_has_another_form_is_named_and_nothing_is_taken(resting: dict[str, object]) -> None:
    """Another shape, another type, no number."""
    trainer = make_trainer(**EVERYTHING)
    before = outcome(trainer)
    for key, value in resting.items():
        odd: object = "x"
        if isinstance(value, np.ndarray):
            odd = value[..., :-1] if value.size and key != "costs.past" else value.astype("datetime64[s]")
        elif isinstance(value, list):
            odd = [*value, "one more"]
        elif isinstance(value, str):
            odd = 7
        with pytest.raises(TrainingError, match=r"doesn't fit|incomplete"):
            trainer.load_state({**resting, key: odd})
        assert outcome(trainer) == before, key


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("position.done", 7),
        ("position.epoch", -1),
        ("position.epoch", 1.5),
        ("rate.base", float("nan")),
        ("early_stopping.waited", -2),
        ("divergence.halvings", 9),
        ("changes.fields", ["speed"]),
        ("of.plan", "{"),
        ("of.plan", "[]"),
        ("history.events", []),
    ],
)
def test_what_makes_no_sense_is_refused(resting: dict[str, object], key: str, value: object) -> None:
    """Before anything is written."""
    trainer = make_trainer(**EVERYTHING)
    before = outcome(trainer)
    with pytest.raises(TrainingError, match="the saved training"):
        trainer.load_state({**resting, key: value})
    assert outcome(trainer) == before


@pytest.mark.parametrize("part", ["training", "validation"])
@pytest.mark.parametrize("what", ["label", "feature", "weight", "order"])
def test_rows_that_moved_are_noticed(part: str, what: str) -> None:
    """A single label is enough."""
    stopped = make_trainer(weighted=True, control=StopAtLook(20))
    stopped.run()
    rows = {
        "training": draw("multiclass", 90, weighted=True),
        "validation": draw("multiclass", 40, seed=1, weighted=True),
    }
    chosen = rows[part]
    if what == "label":
        chosen.y[3] = (chosen.y[3] + 1) % 3
    elif what == "feature":
        chosen.x[3, 1] += 1
    elif what == "weight":
        assert chosen.weight is not None
        chosen.weight[3] *= 2
    else:
        rows[part] = Examples(chosen.x[::-1], chosen.y[::-1], chosen.weight[::-1])  # type: ignore[index]
    network = Network(NetworkDesign.from_text("8 relu"), 4, OUTPUTS["multiclass"], seed=3)
    trainer = Trainer(network, rows["training"], rows["validation"], TrainingPlan(batch=16, epochs=6))
    with pytest.raises(TrainingError, match=f"its {part} rows are others"):
        trainer.load_state(stopped.state())


def _stopped(after: int, **plan: object) -> dict[str, object]:
    """The state after so many epochs."""
    trainer = make_trainer(**plan, control=StopAfter(after))
    assert trainer.run().state == "stopped"
    return trainer.state()


def test_a_cosine_with_more_epochs_goes_on_at_its_own_rate() -> None:
    """The schedule is the new plan's, from where the training stands."""
    longer = make_trainer(schedule="cosine", epochs=12, early_stopping=False)
    longer.load_state(_stopped(6, schedule="cosine", early_stopping=False, epochs=7))
    assert longer.snapshot.learning_rate == pytest.approx(0.004 / 2)
    rates = [row.learning_rate for row in longer.run().history]
    assert len(rates) == 12
    wanted = [0.004 * (1 + np.cos(np.pi * epoch / 12)) / 2 for epoch in range(6, 12)]
    np.testing.assert_allclose(rates[6:], wanted, rtol=1e-12)


CHANGES: dict[str, object] = {
    "optimizer": "sgd", "learning_rate": 0.001, "schedule": "linear", "warm_up": 0.2, "plateau_patience": 9,
    "batch": 7, "epochs": 9, "early_stopping": False, "patience": 3, "monitor": "training cost",
    "smallest_change": 0.1, "refit": True, "l1": 0.01, "l2": 0.1, "weight_decay": 0.5, "max_norm": 0.5,
    "clip_norm": 0.01, "clip_value": 0.01, "dropout": 0.1, "frozen_layers": 1,
    "average": "ema", "ema_decay": 0.5, "momentum": 0.1, "rho": 0.5, "beta_1": 0.5,
    "beta_2": 0.5, "epsilon": 0.1, "seed": 77,
}  # fmt: skip


def test_every_field_of_the_plan_says_when_it_may_change() -> None:
    """And is tried below."""
    assert [field.name for field in fields(TrainingPlan)] == list(CHANGES)
    assert {about.may_change for about in described(TrainingPlan).values()} == set(MayChange)


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_plan_is_taken_with_its_new_value_or_refused(name: str) -> None:
    """What may change changes what comes; what came before stays; what may never change is refused by name."""
    base: dict[str, object] = {"epochs": 6, "early_stopping": False, "layers": "8 relu, dropout 0.4"}
    state = _stopped(3, **base)
    unchanged = make_trainer(**{**base, "epochs": 6})
    unchanged.load_state(state)
    changed = make_trainer(**{**base, name: CHANGES[name]})
    if described(TrainingPlan)[name].may_change is MayChange.NEVER:
        with pytest.raises(TrainingError, match=f"{name} was 'none', and can't become 'ema'"):
            changed.load_state(state)
        return
    changed.load_state(state)
    assert changed.network.weights.tobytes() == unchanged.network.weights.tobytes()
    before, after = unchanged.run(), changed.run()
    assert after.history[:3] == before.history[:3] and after.epoch == changed.plan.epochs
    idle = {"plateau_patience", "early_stopping", "patience", "monitor", "smallest_change", "ema_decay",
            "momentum", "rho", "refit"}  # fmt: skip
    newest = [trainer.state()["network.weights"].tobytes() for trainer in (unchanged, changed)]
    assert (newest[0] == newest[1]) == (name in idle), name


def test_another_optimizer_begins_without_memory() -> None:
    """And counts its steps from 1; what it then does is what it does from these weights at the start."""
    changed = make_trainer(optimizer="nadam", schedule="constant", epochs=3)
    changed.load_state(_stopped(2, schedule="constant"))
    assert changed.optimizer_state()["count"] == 0 and not changed.optimizer_state()["moments"].any()
    changed.run()
    assert changed.optimizer_state()["count"] == 6 and changed.snapshot.epoch == 3


def test_another_monitor_has_no_best_epoch_yet() -> None:
    """The weights as they are now are the ones to beat."""
    changed = make_trainer(monitor="training cost")
    changed.load_state(_stopped(3))
    assert changed.snapshot.best_epoch is None
    assert changed.run().best_epoch in (4, 5, 6)


def test_the_batch_size_changes_between_epochs_alone(resting: dict[str, object]) -> None:
    """Within one the batches done could not be told."""
    with pytest.raises(TrainingError, match="between epochs alone"):
        make_trainer(**EVERYTHING, batch=9).load_state(resting)


def test_the_costs_of_the_batches_are_there_after_going_on() -> None:
    """The newest 240, across epochs, whether or not any batch has been trained on since."""
    stopped = make_trainer(control=StopAtLook(20))
    stopped.run()
    resumed = make_trainer()
    resumed.load_state(stopped.state())
    assert len(resumed.snapshot.batch_costs) > 12
    assert resumed.snapshot.batch_costs == stopped.snapshot.batch_costs


def test_what_was_steered_is_kept_with_its_batch() -> None:
    """Also through the state."""
    control = TrainingControl()
    control.scale_learning_rate(2.0)
    trainer = make_trainer(control=control, schedule="constant")
    trainer.run()
    assert trainer.changes == (Change(0, 0, "learning_rate", 0.008),)
    resumed = make_trainer(schedule="constant")
    resumed.load_state(trainer.state())
    assert resumed.changes == trainer.changes
