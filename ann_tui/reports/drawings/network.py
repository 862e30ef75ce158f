"""A network drawn: a column a layer, a circle a unit, a line for each pair that listens."""

from __future__ import annotations

from collections.abc import Sequence

from ann_tui.figures import counted
from ann_tui.network.build import LayerSummary
from ann_tui.reports.html import Html, element

MOST_UNITS, MOST_LAYERS = 9, 10
_COLUMN, _HEIGHT, _TOP, _STEP = 96, 250, 26, 19


def network_drawing(layers: Sequence[LayerSummary]) -> Html:
    """The layers from input to output; of wide ones some units, of many layers the first and last ones."""
    shown = list(layers)
    if len(shown) > MOST_LAYERS:
        shown = [*shown[: MOST_LAYERS - 3], *shown[-3:]]
    columns = [_places(layer.units) for layer in shown]
    parts: list[Html] = []
    for place, (layer, ends, starts) in enumerate(
        zip(shown[1:], columns[1:], columns[:-1], strict=True), start=1
    ):
        parts += _links(layer, starts, ends, _COLUMN * place - _COLUMN / 2, _COLUMN * place + _COLUMN / 2)
    for place, (layer, heights) in enumerate(zip(shown, columns, strict=True)):
        x = _COLUMN * place + _COLUMN / 2
        kind = "unit" if layer.parameters or layer.kind == "input" else "unit still"
        parts += [element("circle", cx=x, cy=y, r=5.5, class_=kind) for y in heights]
        if layer.units > MOST_UNITS:
            parts.append(element("text", "⋮", x=x, y=heights[-1] + 17, text_anchor="middle"))
        words = [layer.name.replace("_", " "), counted(layer.units, "unit"), layer.activation]
        for line, word in enumerate(filter(None, words)):
            y = _HEIGHT - 32 + 13 * line
            parts.append(element("text", word, x=x, y=y, text_anchor="middle", class_="note"))
    box = f"0 0 {_COLUMN * len(shown)} {_HEIGHT}"
    style = f"max-width:{_COLUMN * len(shown) * 1.2:.0f}px"
    return element("svg", element("title", "the network"), *parts, viewBox=box, role="img", style=style)


def _places(units: int) -> list[float]:
    shown = min(units, MOST_UNITS)
    middle = _TOP + (MOST_UNITS - 1) * _STEP / 2
    return [middle + (place - (shown - 1) / 2) * _STEP for place in range(shown)]


def _links(
    layer: LayerSummary, starts: Sequence[float], ends: Sequence[float], left: float, right: float
) -> list[Html]:
    """Between all units of two layers, or where a layer changes each unit by itself between pairs."""
    by_itself = layer.kind not in ("dense", "residual")
    pairs = [
        (start, end)
        for row, start in enumerate(starts)
        for column, end in enumerate(ends)
        if not by_itself or row == column
    ]
    return [element("line", x1=left, x2=right, y1=one, y2=other, class_="link") for one, other in pairs]
