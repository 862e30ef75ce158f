"""From the raw columns of a table to the network's matrix, as operations of ONNX."""

from __future__ import annotations

import numpy as np

from ann_tui.data.cells.kinds import LARGEST
from ann_tui.data.choices.imputations import MISSING_NUMBER
from ann_tui.data.choices.number_form import NumberForm
from ann_tui.data.preparing.columns import Column, DateColumn, LabelColumn, NumberColumn, TextColumn
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.multivariate_imputation import FARTHEST, Chain
from ann_tui.data.preparing.outliers import Fence
from ann_tui.export.as_onnx.dates import date_features
from ann_tui.export.as_onnx.graph import Graph, Port
from ann_tui.export.as_onnx.labels import label_features, words_known
from ann_tui.export.as_onnx.scaling import scaled
from ann_tui.export.export_error import ExportError

TAKEN = ("prediction", "probability")
"""The names of the outputs."""


def input_ports(fitted: FittedPreparation) -> dict[str, Port]:
    """The input of each raw column, by the column's name, which is its own name but where an output has that.

    Raises ExportError for what ONNX can't do.
    """
    check_expressible(fitted)
    names = {column.name for column in fitted.columns}
    ports: dict[str, Port] = {}
    for column in fitted.columns:
        name = column.name
        while name in TAKEN or (name != column.name and name in names) or not name:
            name += " input"
        text = isinstance(column, LabelColumn)
        ports[column.name] = Port(name, "text" if text else "double", 1, about(column))
    return ports


def check_expressible(fitted: FittedPreparation) -> None:
    """Raises ExportError, which names the column, for free text and for imputation by neighbours."""
    for column in fitted.columns:
        if isinstance(column, TextColumn):
            raise ExportError(
                f"the column '{column.name}' is free text ({column.hashing.method}), which ONNX has no operation for: "
                "exclude it, or leave texts out"
            )
        if isinstance(column, NumberColumn) and MISSING_NUMBER[column.missing].model == "neighbours":
            raise ExportError(
                f"gaps of the column '{column.name}' are filled by '{column.missing}', which looks at training rows "
                "and can't be given to ONNX: choose another way to fill them"
            )


def about(column: Column) -> str:
    """What an input takes, in words."""
    if isinstance(column, DateColumn):
        return "seconds since 1970-01-01, of UTC where times have a zone; NaN where missing"
    if isinstance(column, NumberColumn):
        form = NumberForm.of(column.form)
        share = {"%": ", 0.45 for 45 %", "‰": ", 0.045 for 45 ‰"}.get(form.unit, "")
        return f"a number{f' in {form.unit}' if form.unit and not share else share}; NaN where missing"
    assert isinstance(column, LabelColumn)
    return f"a text in Unicode NFC, {words_known(column)}; empty where missing"


def matrix(graph: Graph, fitted: FittedPreparation, ports: dict[str, Port]) -> str:
    """The network's inputs, float32 (n, inputs), of the raw columns."""
    cleaned = {
        column.name: cleaned_numbers(graph, column, ports[column.name].name)
        for column in fitted.columns
        if isinstance(column, NumberColumn)
    }
    guessed = {} if fitted.chain is None else chained(graph, fitted.chain, cleaned)
    parts: list[str] = []
    for column in fitted.columns:
        name = ports[column.name].name
        match column:
            case NumberColumn():
                guess = guessed if MISSING_NUMBER[column.missing].model == "chain" else {}
                parts += _number(graph, column, cleaned[column.name], guess.get(column.name))
            case DateColumn():
                parts += _date(graph, column, name)
            case LabelColumn():
                parts.append(label_features(graph, column, name))
    x = graph.add("Concat", *parts, axis=1)
    edges = fitted.scaled_edges
    return graph.add("Concat", x, _bins(graph, edges, x), axis=1) if edges else x


def cleaned_numbers(graph: Graph, column: NumberColumn, name: str) -> str:
    """The numbers after rules and outlier fence, double (n, 1), NaN where missing."""
    add, nan = graph.add, graph.double(np.nan)
    x = graph.where(add("Greater", add("Abs", name), graph.double(LARGEST)), nan, name)
    if column.rules.minimum is not None:
        x = graph.where(add("Less", x, graph.double(column.rules.minimum)), nan, x)
    if column.rules.maximum is not None:
        x = graph.where(add("Greater", x, graph.double(column.rules.maximum)), nan, x)
    return x if column.fence is None else _fenced(graph, column.fence, x)


def _fenced(graph: Graph, fence: Fence, x: str) -> str:
    lower, upper, nan = graph.double(fence.lower), graph.double(fence.upper), graph.double(np.nan)
    match fence.action:
        case "drop":
            return x
        case "clip":
            below, above = lower, upper
        case "mark missing":
            below = above = nan
        case other:
            raise ExportError(f"the outlier action '{other}' can't be given to ONNX")
    x = graph.where(graph.add("Less", x, lower), below, x)
    return graph.where(graph.add("Greater", x, upper), above, x)


def chained(graph: Graph, chain: Chain, cleaned: dict[str, str]) -> dict[str, str]:
    """What `Chain.fill` makes of each column, double (n, 1), without NaN."""
    add = graph.add
    numbers = add("Concat", *(cleaned[name] for name in chain.columns), axis=1)
    missing = add("IsNaN", numbers)
    centers, scales = graph.double(chain.centers), graph.double(chain.scales)
    work = graph.where(missing, centers, numbers)
    work = add("Div", add("Sub", work, centers), scales)
    work = graph.clip(work, graph.double(-FARTHEST), graph.double(FARTHEST))
    width = len(chain.columns)
    for each in chain.equations:
        weights = np.zeros((width, 1))
        weights[list(each.others), 0] = each.coefficients
        guess = add("Add", add("MatMul", work, graph.double(weights)), graph.double(each.intercept))
        guess = graph.clip(
            guess, graph.double(chain.lowest[each.column]), graph.double(chain.highest[each.column])
        )
        here = add("And", missing, graph.constant(np.arange(width) == each.column))
        work = graph.where(here, guess, work)
    filled = graph.where(missing, add("Add", add("Mul", work, scales), centers), numbers)
    return {
        name: add("Gather", filled, graph.whole([place]), axis=1) for place, name in enumerate(chain.columns)
    }


def _number(graph: Graph, column: NumberColumn, cleaned: str, guessed: str | None) -> list[str]:
    missing = graph.add("IsNaN", cleaned)
    filled = graph.where(missing, graph.double(column.fill) if guessed is None else guessed, cleaned)
    found = [graph.cast(scaled(graph, column.scaler, filled), "float")]
    return [*found, graph.cast(missing, "float")] if column.indicator else found


def _date(graph: Graph, column: DateColumn, name: str) -> list[str]:
    missing = graph.add("Or", graph.add("IsNaN", name), graph.add("IsInf", name))
    seconds = graph.where(missing, graph.double(column.fill), graph.add("Floor", name))
    found = [
        graph.cast(feature, "float")
        for part in column.parts
        for feature in date_features(graph, part, seconds)
    ]
    return [*found, graph.cast(missing, "float")] if column.indicator else found


def _bins(graph: Graph, edges: list[tuple[int, np.ndarray]], x: str) -> str:
    """How far through each bin its feature is, float32 (n, bins); see `InputBins`."""
    places = [place for place, rising in edges for _ in rising[1:]]
    low = np.concatenate([rising[:-1] for _, rising in edges])
    high = np.concatenate([rising[1:] for _, rising in edges])
    found = graph.add("Gather", x, graph.whole(places), axis=1)
    found = graph.add("Sub", graph.clip(found, graph.single(low), graph.single(high)), graph.single(low))
    return graph.add("Div", found, graph.single(high - low))
