"""Scripts that train anew take the steps that the app takes: from the same weights they end at the same answers.

All rows are in one batch, so that no random order tells them apart, and the script is given the app's matrices and
first weights in place of its own.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from export.cases import INSTALLED, ROWS, experiment, inputs_of, prepared, run_script
from export.every_option import REFUSED, cases

from ann_tui.data.choices.target_options import CLASS_WEIGHTS
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.presets import PRESETS, with_preset
from ann_tui.experiments.run import Run
from ann_tui.export.keras_layers import Extra, keras_layers, ordered
from ann_tui.export.torch_layers import modules, state
from ann_tui.export.writing import write_prepared
from ann_tui.network.network import Network
from ann_tui.network.scoring import predict

if not INSTALLED:
    pytest.skip("neither PyTorch nor Keras is installed", allow_module_level=True)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Keras's own

TOLERANCE = 1e-3
"""What a dozen steps make of the rounding of float32, where a cost has kinks."""

NAMES = [name for name, _ in cases(Path("nowhere.csv"))]
GIVEN = {
    "pytorch": """
x_train, x_valid, x_test = (torch.tensor(part) for part in GIVEN)
""",
    "keras": """
x_train, x_valid, x_test = GIVEN
""",
}
BEGUN = {
    "pytorch": """
def begun(make=network):
    made = make()
    made.load_state_dict({name: torch.tensor(values) for name, values in next(STATES).items()})
    return made

network = begun
""",
    "keras": """
def begun(make=network):
    made = make()
    made.set_weights(list(next(STATES).values()))
    return made

network = begun
""",
}
"""What is put into a script before its steps 2 and 4."""


def first_weights(framework: str, network: Network) -> list[dict[str, Any]]:
    """Those of each member, by the framework's names in its order."""
    single = replace(network.design, members=1)
    members = [network.member(number) for number in range(network.members)]
    if framework == "pytorch":
        found = modules(single, network.inputs, network.outputs, dropout=None, fresh=False)
        states = [state(each, found) for each in members]
    else:
        layers = keras_layers(single, network.inputs, network.outputs, dropout=None, extra=Extra(False))
        states = [ordered(each, layers) for each in members]
    return [{name: values.copy() for name, values in each.items()} for each in states]


OTHERWISE = {
    "pytorch": {"optimizer l-bfgs", "monitor training metric"},
    "keras": {"optimizer nadam", "plan epsilon"},
}
"""What each framework does in a way of its own: its search for a step, training rows judged after an epoch instead of
on the way, how fast Nadam's momentum grows, and where Adam adds epsilon."""

EACH = pytest.mark.parametrize("framework", INSTALLED)


@EACH
@pytest.mark.parametrize("place", range(len(NAMES)), ids=NAMES)
def test_each_option(framework: str, place: int, table: Path, tmp_path: Path) -> None:
    """Of layers, costs and plan, but for what is refused; see test_every_option."""
    name, found = cases(table)[place]
    if name in REFUSED[framework]:
        pytest.skip("refused; see test_every_option")
    plan = replace(found.plan, batch=1000, epochs=12, learning_rate=0.02)
    if plan.optimizer == "adam" and name not in (
        "optimizer adam",
        "plan beta_1",
        "plan beta_2",
        "plan epsilon",
    ):
        plan = replace(
            plan, optimizer="sgd", learning_rate=0.3
        )  # where Adam's steps come from rounding, they differ
    runs = "dropout" in name or name in OTHERWISE[framework]
    check(framework, replace(found, plan=plan), tmp_path, math.inf if runs else TOLERANCE)


@EACH
@pytest.mark.parametrize("kind", ["binary", "multiclass"])
@pytest.mark.parametrize("weights", [name for name, entry in CLASS_WEIGHTS.items() if entry.of is not None])
def test_class_weights(framework: str, kind: str, weights: str, table: Path, tmp_path: Path) -> None:
    """Each class counts by its weight, in the training and where it is judged."""
    plan = {"optimizer": "sgd", "learning_rate": 0.3, "batch": 1000, "epochs": 12}
    check(framework, experiment(table, kind, preparation={"class_weights": weights}, plan=plan), tmp_path)


@EACH
@pytest.mark.parametrize("kind", ["number", "binary", "multiclass"])
@pytest.mark.parametrize("preset", list(PRESETS))
def test_each_preset(framework: str, kind: str, preset: str, table: Path, tmp_path: Path) -> None:
    """All that a preset chooses at once; each fits the linear model, of which it begins, to an end of its own."""
    found = with_preset(experiment(table, kind), preset, ROWS)
    plan = replace(found.plan, batch=1000, epochs=12, optimizer="sgd", learning_rate=0.1)
    check(framework, replace(found, plan=plan), tmp_path, 0.02)


def check(framework: str, found: Experiment, folder: Path, tolerance: float = TOLERANCE) -> None:
    """The script's answers are so near to the app's."""
    made = prepared(found)
    write_prepared(framework, found, made, folder / "train.py")
    text = (folder / "train.py").read_text(encoding="utf-8")
    run = Run(found, made)
    states = cycle(first_weights(framework, run.network))
    given = [np.asarray(inputs_of(made, part), np.float32) for part in ("training", "validation", "test")]
    for step, code in (("\n# 2. ", GIVEN), ("\n# 4. ", BEGUN)):
        assert text.count(step) == 1
        text = text.replace(step, code[framework] + step)
    names = run_script(folder / "train.py", text, GIVEN=given, STATES=states)
    run.train()
    answers = np.asarray(names["answers"](given[-1]))
    expected = predict(run.answering, made.test.x)
    assert answers.shape == expected.shape
    assert np.isfinite(answers).all()
    assert np.abs(answers - expected).max() <= tolerance
