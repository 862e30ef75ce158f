"""Scalers as operations of ONNX, in float64 as they are computed here."""

from __future__ import annotations

import numpy as np

from ann_tui.data.preparing.scaling import (
    MOST_UNSCALED,
    NORMAL_HIGH,
    NORMAL_LOW,
    WIDEST,
    Linear,
    Quantiles,
    Scaler,
    SmoothClip,
)
from ann_tui.export.as_onnx.graph import Graph
from ann_tui.export.as_onnx.normal import interpolated, normal_quantile, normal_share


def scaled(graph: Graph, scaler: Scaler, x: str) -> str:
    """What `scaler.apply` gives of double numbers without NaN."""
    match scaler:
        case Linear():
            return _linear(graph, scaler, x)
        case SmoothClip():
            return _smooth_clip(graph, scaler, x)
        case Quantiles():
            return _ranks(graph, scaler, x)


def _bounded(graph: Graph, x: str, most: float) -> str:
    return graph.clip(x, graph.double(-most), graph.double(most))


def _linear(graph: Graph, scaler: Linear, x: str) -> str:
    if scaler.method == "none":
        return _bounded(graph, x, MOST_UNSCALED)
    off = graph.add("Sub", x, graph.double(scaler.center))
    return _bounded(graph, graph.add("Div", off, graph.double(scaler.scale)), WIDEST)


def _smooth_clip(graph: Graph, scaler: SmoothClip, x: str) -> str:
    add, double = graph.add, graph.double
    robust = add("Mul", add("Sub", x, double(scaler.center)), double(scaler.scale))
    robust = _bounded(graph, robust, WIDEST)
    third = add("Div", robust, double(3.0))
    return add("Div", robust, add("Sqrt", add("Add", double(1.0), add("Mul", third, third))))


def _ranks(graph: Graph, scaler: Quantiles, x: str) -> str:
    add, double = graph.add, graph.double
    known = np.array(scaler.quantiles)
    first, last = double(known[0]), double(known[-1])
    if known[0] == known[-1]:
        rank = double(0.5)
    else:
        ranks = np.linspace(0.0, 1.0, len(known))
        both = (interpolated(graph, x, known, ranks, inclusive=each) for each in (True, False))
        rank = add("Mul", add("Add", *both), double(0.5))
    below, above = ("Less", "Greater") if known[0] == known[-1] else ("LessOrEqual", "GreaterOrEqual")
    rank = graph.where(add(above, x, last), double(1.0), rank)
    rank = graph.where(add(below, x, first), double(0.0), rank)
    return graph.clip(normal_quantile(graph, rank), double(NORMAL_LOW), double(NORMAL_HIGH))


def unranked(graph: Graph, scaler: Quantiles, x: str) -> str:
    """What `scaler.undo` gives of double numbers without NaN."""
    known = np.array(scaler.quantiles)
    if known[0] == known[-1]:
        return graph.add("Add", graph.add("Mul", x, graph.double(0.0)), graph.double(known[0]))
    add, double = graph.add, graph.double
    found = interpolated(graph, normal_share(graph, x), np.linspace(0.0, 1.0, len(known)), known)
    low = add("LessOrEqual", x, double(NORMAL_LOW + 1e-7))
    high = add("GreaterOrEqual", x, double(NORMAL_HIGH - 1e-7))
    return graph.where(high, double(known[-1]), graph.where(low, double(known[0]), found))
