"""Stop anywhere, state out, state in, go on: the same bits as never having stopped."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training.problems import StopAtLook, make_trainer

from ann_tui.training.control import TrainingControl
from ann_tui.training.examples import TrainingError
from ann_tui.training.trainer import Trainer

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
    "binary, no validation": {"kind": "binary", "validation": 0, "batch": 7, "warm_up": 0.3},
}


def outcome(trainer: Trainer) -> dict[str, object]:
    """All that a run leaves, without its clock."""
    state = trainer.state()
    history = [replace(row, seconds=0.0) for row in trainer.snapshot.history]
    arrays = {name: value.tobytes() for name, value in state.items() if isinstance(value, np.ndarray)}
    del arrays["history.seconds"]
    kept = {name: value.tobytes() for name, value in trainer.network.parameters.items()}
    return {
        "history": history,
        "kept": kept,
        **arrays,
        "count": state["count"],
        "state": trainer.snapshot.state,
    }


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
    assert first["weights"] != third["weights"]


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
    """With one line that says what doesn't fit."""
    with pytest.raises(TrainingError, match="weights has shape"):
        make_trainer(layers="9 relu").load_state(make_trainer().state())
