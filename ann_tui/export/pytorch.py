"""An experiment as a script for PyTorch that trains it anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.export import torch_functions
from ann_tui.export.answers_code import evaluation_code, prediction_code
from ann_tui.export.code_text import assembled
from ann_tui.export.model_script import NetworkPart
from ann_tui.export.network_functions import (
    answer_code,
    cost_expression,
    cost_title,
    joint_code,
    network_call,
)
from ann_tui.export.preparation_helpers import HELPERS, IMPORTS
from ann_tui.export.schedule_code import rate_factor
from ann_tui.export.torch_fit import FOLLOW, fit_code, writes_rate
from ann_tui.export.torch_layers import modules, network_code, state

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.export.first_step import FirstStep
    from ann_tui.model.trained_model import TrainedModel

ALL_IMPORTS = {**IMPORTS, **torch_functions.IMPORTS}
ALL_HELPERS = {**HELPERS, **torch_functions.HELPERS}


def torch_script(facts: Facts, step: FirstStep) -> str:
    """The whole script. Raises ExportError for an option that can't be written."""
    silent = "bins" if step.bins else ""
    found = modules(
        facts.design, facts.inputs, facts.outputs, dropout=facts.plan.dropout, fresh=True, silent=silent
    )
    sizes = "inputs = x_train.shape[1]\n"
    if step.bins:
        sizes += f"bins = {step.bins}  # the last inputs, whose weights begin at 0\n"
    return assembled(
        facts.doc(step, "PyTorch", "torch pandas scikit-learn"),
        [
            (
                "1. Preprocess: all that is fitted is fitted on the training rows",
                f"{step.code}\n\n{_tensors(facts, step)}",
            ),
            ("2. Functions", _functions(facts, step)),
            ("3. Layers", f"{sizes}\n\n{network_code(found)}"),
            ("4. Fit", fit_code(facts, step, found)),
            ("Evaluate, on rows that the network has never seen", evaluation_code(facts, step)),
            ("Predict", prediction_code(facts, step)),
        ],
        ALL_HELPERS,
        ALL_IMPORTS,
        step.before,
    )


def _tensors(facts: Facts, step: FirstStep) -> str:
    """The arrays of all parts as tensors."""
    kind = "long" if facts.outputs.kind == "multiclass" else "float32"
    lines = []
    for part in facts.parts:
        lines.append(f"x_{part} = torch.tensor(x_{part}, dtype=torch.float32)")
        lines.append(f"y_{part} = torch.tensor(y_{part}, dtype=torch.{kind})")
    if step.weights:
        lines.append("class_weights = torch.tensor(class_weights, dtype=torch.float32)")
    return "\n".join(lines)


def _functions(facts: Facts, step: FirstStep) -> str:
    """The cost, what the network answers, how several answer together, the schedule, and the mean of weights."""
    weighed = " * class_weights[y.long()]" if step.weights else ""
    smoothing = facts.design.label_smoothing
    smoothed = f", label_smoothing={smoothing}" if smoothing else ""
    code = cost_expression(facts, torch_functions.COSTS, "PyTorch", smoothing=smoothed)
    pieces = [
        f'def cost(z, y):\n    """{cost_title(facts)}: what each row costs, by the raw outputs z."""\n'
        f"    return {code}{weighed}\n",
        answer_code(torch_functions.ANSWERS, facts.outputs, facts.cost),
    ]
    if facts.design.members > 1:
        pieces.append(joint_code(torch_functions.JOINT, facts.outputs, facts.cost))
    if not facts.searches and writes_rate(facts.plan):
        pieces.append(rate_factor(facts.plan))
    if facts.plan.average == "ema":
        pieces.append(FOLLOW.format(decay=facts.plan.ema_decay))
    return "\n\n".join(pieces)


def torch_network(model: TrainedModel) -> NetworkPart:
    """A trained network in PyTorch. Raises ExportError for a layer that can't be written."""
    network = model.network
    single = replace(network.design, members=1)
    found = modules(single, network.inputs, network.outputs, dropout=None, fresh=False)
    members, cost = network.members, network.design.cost_for(network.outputs)
    functions = [answer_code(torch_functions.ANSWERS, network.outputs, cost)]
    if members > 1:
        functions.append(joint_code(torch_functions.JOINT, network.outputs, cost))
    z = "model(torch.from_numpy(x))"
    weights = (
        f"model = {network_call(members)}\nmodel.load_state_dict(load_file(WEIGHTS))\nmodel.eval()\n\n\n"
        'def answers(x):\n    """What the network says of prepared rows."""\n    with torch.no_grad():\n'
        f"        return answer({f'joint({z})' if members > 1 else z}).numpy()\n"
    )
    imports = {**torch_functions.IMPORTS, "load_file": "from safetensors.torch import load_file"}
    return NetworkPart(
        "PyTorch",
        "torch pandas safetensors scikit-learn",
        "\n\n".join(functions),
        f"inputs = {network.inputs}\n\n\n{network_code(found)}",
        weights,
        state(network, found),
        torch_functions.HELPERS,
        imports,
    )
