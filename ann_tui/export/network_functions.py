"""What scripts of several frameworks say alike, but for its expressions: the cost, and what the network answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ann_tui.export.export_error import ExportError

if TYPE_CHECKING:
    from ann_tui.export.experiment_facts import Facts
    from ann_tui.network.outputs import Outputs


def cost_expression(facts: Facts, costs: Mapping[tuple[str, str], str], framework: str, **own: object) -> str:
    """What a row costs, by a framework's expressions; `own` are the values that only these have a place for.

    Raises ExportError for a cost that has none.
    """
    code = costs.get((facts.cost, facts.outputs.kind))
    if code is None:
        raise ExportError(f"cost {facts.cost!r} can't be written for {framework}")
    design, smoothing = facts.design, facts.design.label_smoothing
    return code.format(
        target=f"y * {1 - smoothing:.6g} + {smoothing / 2:.6g}" if smoothing else "y",
        gamma=design.focal_gamma,
        delta=design.huber_delta,
        quantile=design.quantile,
        **own,
    )


def cost_title(facts: Facts) -> str:
    """The cost's name at the beginning of a sentence."""
    return facts.cost[0].upper() + facts.cost[1:]


def answer_code(expressions: Mapping[str, str], outputs: Outputs, cost: str) -> str:
    """`answer(z)`: probabilities (rows, classes), or numbers as they are learned (rows,).

    `expressions` are a framework's for "multiclass", "binary", "number", and for the number of a "poisson" cost.
    """
    code = expressions["poisson" if outputs.kind == "number" and cost == "poisson" else outputs.kind]
    told = "The number as it is learned" if outputs.kind == "number" else "The probability of each class"
    return f'def answer(z):\n    """{told}."""\n    return {code}\n'


def joint_code(expressions: Mapping[str, str], outputs: Outputs, cost: str) -> str:
    """`joint(z)`: the raw outputs that stand for the mean of the members' answers.

    `expressions` are a framework's for the "mean" of the outputs, for "multiclass", "binary" and "poisson".
    """
    if cost == "hinge" or (outputs.kind == "number" and cost != "poisson"):
        code = expressions["mean"]
    else:
        code = expressions["poisson" if outputs.kind == "number" else outputs.kind]
    doc = "The raw outputs that stand for the mean of the members' answers."
    return f'def joint(z):\n    """{doc}"""\n    return {code}\n'


def network_call(members: int) -> str:
    """What makes the whole network of `network()`, as code."""
    return f"Members([network() for _ in range({members})])" if members > 1 else "network()"
