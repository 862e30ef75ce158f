"""An experiment as a script for Keras 3 that trains it anew, and a trained model as one that answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ann_tui.export import keras_functions
from ann_tui.export.answers_code import evaluation_code, prediction_code
from ann_tui.export.code_text import assembled
from ann_tui.export.keras_fit import keras_fit_code
from ann_tui.export.keras_layers import Extra, keras_layers, keras_network_code, ordered
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

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.export.first_step import FirstStep
    from ann_tui.model.trained_model import TrainedModel

EARLY = 'os.environ.setdefault("KERAS_BACKEND", "torch")  # what Keras computes with: torch or jax'


def keras_script(facts: Facts, step: FirstStep) -> str:
    """The whole script. Raises ExportError for an option that can't be written."""
    plan = facts.plan
    penalty = f"keras.regularizers.L1L2(l1={plan.l1}, l2={plan.l2 / 2})"
    extra = Extra(
        True,
        (f", kernel_regularizer={penalty}" if plan.l1 or plan.l2 else "")
        + (
            f", kernel_constraint=keras.constraints.MaxNorm({plan.max_norm}, axis=0)" if plan.max_norm else ""
        ),
    )
    found = keras_layers(
        facts.design,
        facts.inputs,
        facts.outputs,
        dropout=plan.dropout,
        extra=extra,
        silent="bins" if step.bins else "",
    )
    sizes = "inputs = x_train.shape[1]\n"
    if step.bins:
        sizes += f"bins = {step.bins}  # the last inputs, whose weights begin at 0\n"
    return assembled(
        facts.doc(step, "Keras 3", "keras torch pandas scikit-learn"),
        [
            ("1. Preprocess: all that is fitted is fitted on the training rows", step.code),
            ("2. Functions", _functions(facts)),
            ("3. Layers", f"{sizes}\n\n{keras_network_code(found)}"),
            ("4. Fit", keras_fit_code(facts, step, found)),
            ("Evaluate, on rows that the network has never seen", evaluation_code(facts, step)),
            ("Predict", prediction_code(facts, step)),
        ],
        {**HELPERS, **keras_functions.HELPERS},
        {**IMPORTS, **keras_functions.IMPORTS},
        step.before,
        EARLY,
    )


def _functions(facts: Facts) -> str:
    pieces = []
    if own_cost(facts):
        pieces.append(_cost(facts))
    else:
        pieces.append(f"cost = {built_in(facts)}\n")
    pieces.append(answer_code(keras_functions.ANSWERS, facts.outputs, facts.cost))
    if facts.design.members > 1:
        pieces.append(joint_code(keras_functions.JOINT, facts.outputs, facts.cost))
        pieces.append(
            'def joint_cost(y, z):\n    """What each row costs by what the members say together."""\n'
            "    return cost(y, joint(z))\n"
        )
        pieces.append(
            'def cost_of_each(y, z):\n    """What each row costs all members: each learns as if it were alone."""\n'
            f"    return sum(cost(y, z[:, member]) for member in range({facts.design.members}))\n"
        )
    if facts.plan.schedule not in keras_functions.SCHEDULES or facts.plan.warm_up:
        pieces.append(rate_factor(facts.plan))
    return "\n\n".join(piece for piece in pieces if piece)


def own_cost(facts: Facts) -> bool:
    """Whether the cost is written out, rather than one of Keras's losses."""
    smooth = facts.design.label_smoothing and facts.outputs.kind == "multiclass"
    known = (facts.cost, facts.outputs.kind) in keras_functions.BUILT_IN
    return bool(smooth) or not known or facts.design.members > 1


def built_in(facts: Facts) -> str:
    """One of Keras's losses."""
    code = keras_functions.BUILT_IN[facts.cost, facts.outputs.kind].format(delta=facts.design.huber_delta)
    smoothing = facts.design.label_smoothing
    return (
        code[:-1] + f", label_smoothing={smoothing})"
        if smoothing and facts.outputs.kind == "binary"
        else code
    )


def _cost(facts: Facts) -> str:
    smoothing, units = facts.design.label_smoothing, facts.outputs.units
    one_hot = f"ops.one_hot(y[:, 0], {units})"
    if smoothing:
        one_hot = f"{1 - smoothing:.6g} * {one_hot} + {smoothing / units:.6g}"
    code = cost_expression(facts, keras_functions.COSTS, "Keras", one_hot=one_hot)
    code = code.replace("z.shape[-1]", str(units))
    kind = '"int32"' if facts.outputs.kind == "multiclass" else "z.dtype"
    return (
        f'def cost(y, z):\n    """{cost_title(facts)}: what each row costs, by the raw outputs z."""\n'
        f"    y = ops.cast(ops.reshape(y, (-1, 1)), {kind})\n    return {code}\n"
    )


def keras_network(model: TrainedModel) -> NetworkPart:
    """A trained network in Keras. Raises ExportError for a layer that can't be written."""
    network = model.network
    single, members = replace(network.design, members=1), network.members
    found = keras_layers(single, network.inputs, network.outputs, dropout=None, extra=Extra(False))
    cost = network.design.cost_for(network.outputs)
    functions = [answer_code(keras_functions.ANSWERS, network.outputs, cost)]
    if members > 1:
        functions.append(joint_code(keras_functions.JOINT, network.outputs, cost))
    z = "joint(z)" if members > 1 else "z"
    weights = (
        f"model = {network_call(members)}\n"
        + ("model.build((None, inputs))\n" if members > 1 else "")
        + "weights = load_file(WEIGHTS)\n"
        "model.set_weights([weights[name] for name in sorted(weights)])\n\n\n"
        'def answers(x):\n    """What the network says of prepared rows."""\n'
        "    z = ops.convert_to_tensor(model.predict(x, verbose=0))\n"
        f"    return ops.convert_to_numpy(answer({z}))\n"
    )
    return NetworkPart(
        "Keras 3",
        "keras torch pandas safetensors scikit-learn",
        "\n\n".join(functions),
        f"inputs = {network.inputs}\n\n\n{keras_network_code(found)}",
        weights,
        ordered(network, found),
        keras_functions.HELPERS,
        keras_functions.IMPORTS,
        EARLY,
    )
