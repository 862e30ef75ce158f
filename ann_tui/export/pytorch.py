"""An experiment as a script for PyTorch that trains it anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.export import torch_functions
from ann_tui.export.answers_code import evaluation_code, prediction_code
from ann_tui.export.code_text import assembled
from ann_tui.export.export_error import ExportError
from ann_tui.export.model_script import NetworkPart
from ann_tui.export.preparation_helpers import HELPERS, IMPORTS
from ann_tui.export.schedule_code import rate_factor
from ann_tui.export.torch_fit import FOLLOW, fit_code
from ann_tui.export.torch_layers import modules, network_code, state

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.export.first_step import FirstStep
    from ann_tui.model.trained_model import TrainedModel
    from ann_tui.network.design import NetworkDesign
    from ann_tui.network.outputs import Outputs

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
            ("4. Fit", fit_code(facts, found)),
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
    name = facts.cost[0].upper() + facts.cost[1:]
    pieces = [
        f'def cost(z, y):\n    """{name}: what each row costs, by the raw outputs z."""\n'
        f"    return {torch_cost(facts)}{weighed}\n",
        answer_code(facts.outputs, facts.cost),
    ]
    if facts.design.members > 1:
        pieces.append(joint_code(facts.outputs, facts.cost))
    if not facts.searches and (factor := rate_factor(facts.plan)):
        pieces.append(factor)
    if facts.plan.average == "ema":
        pieces.append(FOLLOW.format(decay=facts.plan.ema_decay))
    return "\n\n".join(pieces)


def torch_cost(facts: Facts) -> str:
    """What a row costs, as code of z and y. Raises ExportError for a cost that can't be written."""
    design: NetworkDesign = facts.design
    code = torch_functions.COSTS.get((facts.cost, facts.outputs.kind))
    if code is None:
        raise ExportError(f"cost {facts.cost!r} can't be written for PyTorch")
    smoothing = design.label_smoothing
    return code.format(
        smoothing=f", label_smoothing={smoothing}" if smoothing else "",
        target=f"y * {1 - smoothing:.6g} + {smoothing / 2:.6g}" if smoothing else "y",
        gamma=design.focal_gamma,
        delta=design.huber_delta,
        quantile=design.quantile,
    )


def joint_code(outputs: Outputs, cost: str) -> str:
    """`joint(z)`: the raw outputs that stand for the mean of the members' answers."""
    if cost == "hinge" or (outputs.kind == "number" and cost != "poisson"):
        code = "z.mean(dim=0)"
    elif outputs.kind == "binary":
        code = "F.logsigmoid(z).logsumexp(dim=0) - F.logsigmoid(-z).logsumexp(dim=0)"
    else:
        lines = "z.log_softmax(dim=-1)" if outputs.kind == "multiclass" else "z"
        code = f"{lines}.logsumexp(dim=0) - math.log(len(z))"
    doc = "The raw outputs that stand for the mean of the members' answers."
    return f'def joint(z):\n    """{doc}"""\n    return {code}\n'


def answer_code(outputs: Outputs, cost: str) -> str:
    """`answer(z)`: probabilities (rows, classes), or numbers as they are learned (rows,)."""
    code = {
        "multiclass": "z.softmax(dim=-1)",
        "binary": "torch.stack([z[:, 0].neg().sigmoid(), z[:, 0].sigmoid()], dim=1)",
        "number": "z[:, 0].clamp(max=88).exp()" if cost == "poisson" else "z[:, 0]",
    }[outputs.kind]
    told = "The number as it is learned" if outputs.kind == "number" else "The probability of each class"
    return f'def answer(z):\n    """{told}."""\n    return {code}\n'


def torch_network(model: TrainedModel) -> NetworkPart:
    """A trained network in PyTorch. Raises ExportError for a layer that can't be written."""
    network = model.network
    single = replace(network.design, members=1)
    found = modules(single, network.inputs, network.outputs, dropout=None, fresh=False)
    members, cost = network.members, network.design.cost_for(network.outputs)
    functions = [answer_code(network.outputs, cost)]
    if members > 1:
        functions.append(joint_code(network.outputs, cost))
    made = f"Members([network() for _ in range({members})])" if members > 1 else "network()"
    z = "model(torch.from_numpy(x))"
    weights = (
        f"model = {made}\nmodel.load_state_dict(load_file(WEIGHTS))\nmodel.eval()\n\n\n"
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
