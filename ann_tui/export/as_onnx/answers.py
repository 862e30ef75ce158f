"""From the output layer's sums to answers, as operations of ONNX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ann_tui.data.choices.target_options import FARTHEST as FARTHEST_LOG
from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.data.preparing.target_scale import TargetScale
from ann_tui.data.preparing.targets import ClassTarget, NumberTarget
from ann_tui.export.as_onnx.graph import Graph, Port
from ann_tui.export.as_onnx.scaling import unranked
from ann_tui.export.export_error import ExportError
from ann_tui.network.costs_of_numbers import FARTHEST
from ann_tui.network.network import Network


def output_ports(classes: tuple[str, ...], target: str) -> tuple[Port, ...]:
    """The answer, and behind it the probabilities of classes."""
    if not classes:
        return (Port("prediction", "double", None, f"{target}, in its own unit"),)
    return (
        Port("prediction", "text", None, f"the class of {target}"),
        Port("probability", "float", len(classes), "of each class, in the order of the metadata's classes"),
    )


def class_answers(graph: Graph, network: Network, target: ClassTarget, threshold: float, sums: str) -> None:
    """Adds `prediction`, the label that is decided for, and `probability`, float32 (n, classes)."""
    add, whole = graph.add, graph.whole
    binary = len(target.classes) == 2
    shares = (lambda z: add("Sigmoid", z)) if binary else (lambda z: add("Softmax", z, axis=-1))
    found = _joint(graph, network, sums, shares)
    if binary:
        found = add("Concat", add("Sub", graph.single(1.0), found), found, axis=1)
    probability = add("Identity", found, output="probability")
    if binary and threshold != DEFAULT_THRESHOLD:
        second = add("Gather", probability, whole(1), axis=1)
        code = graph.cast(add("Greater", second, graph.single(threshold)), "int64")
    else:
        code = add("ArgMax", probability, axis=1, keepdims=0)
    labels = graph.constant(list(target.classes), object)
    add("Gather", labels, code, axis=0, output="prediction")


def number_answers(graph: Graph, network: Network, target: NumberTarget, sums: str) -> None:
    """Adds `prediction`, double (n,), in the target's own unit."""

    def numbers(z: str) -> str:
        return graph.add("Exp", graph.add("Min", z, graph.single(FARTHEST)))

    found = graph.cast(_joint(graph, network, sums, numbers), "double")
    found = _decoded(graph, target.scale, found)
    graph.add("Reshape", found, graph.whole([-1]), output="prediction")


def _joint(graph: Graph, network: Network, sums: str, answer: Callable[[str], str]) -> str:
    """What the members answer together, of (members, n, units), or what one alone does, of (n, units)."""
    name = network.design.cost_for(network.outputs)
    if name not in COSTS_IN_ONNX:
        raise ExportError(f"the cost '{name}' can't be given to ONNX")

    def mean(z: str) -> str:
        return z if network.members == 1 else graph.add("ReduceMean", z, axes=[0], keepdims=0)

    match COSTS_IN_ONNX[name]:
        case "mean answer":
            return mean(answer(sums))
        case "answer to mean sum":
            return answer(mean(sums))
        case "mean sum":
            return mean(sums)


COSTS_IN_ONNX: dict[str, Literal["mean answer", "answer to mean sum", "mean sum"]] = {
    "cross-entropy": "mean answer",
    "focal": "mean answer",
    "hinge": "answer to mean sum",
    "squared error": "mean sum",
    "absolute error": "mean sum",
    "huber": "mean sum",
    "log-cosh": "mean sum",
    "quantile": "mean sum",
    "poisson": "mean answer",
}
"""What the members of a network with each of `COSTS` answer together; `Cost.joint` and `Cost.predictions` say it."""


def _decoded(graph: Graph, scale: TargetScale, outputs: str) -> str:
    """What `TargetScale.decode` gives of double outputs."""
    add, double = graph.add, graph.double
    values = add("Add", add("Mul", outputs, double(scale.scaler.scale)), double(scale.scaler.center))
    if scale.quantiles is not None:
        return unranked(graph, scale.quantiles, values)
    match scale.transform:
        case "none":
            return values
        case "log":
            size = add("Min", add("Abs", values), double(FARTHEST_LOG))
            return add("Mul", add("Sign", values), add("Sub", add("Exp", size), double(1.0)))
    raise ExportError(f"the target transform '{scale.transform}' can't be given to ONNX")
