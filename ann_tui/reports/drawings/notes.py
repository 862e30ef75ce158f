"""Where a short text in a picture crosses nothing: neither a curve, nor another text, nor the edge."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ann_tui.reports.html import Html, element

LETTER, ABOVE, BELOW = 5.6, 9.0, 3.0
"""The width of a letter, and how far a line of text reaches from its own height, in a picture's units."""
STEP = 3.0
"""A curve is looked at so often along its way."""
Box = tuple[float, float, float, float]
Spot = tuple[float, float, str]
"""Where a text stands: across, down, and its anchor: start, middle or end."""


class Taken:
    """What a picture has within `edges` (left, top, right, bottom): points of curves, and boxes of texts."""

    def __init__(self, edges: Box) -> None:
        """Nothing yet."""
        self._edges = edges
        self._points: list[tuple[float, float]] = []
        self._boxes: list[Box] = []

    def line(self, places: Sequence[tuple[float, float]], *, dots: bool = False) -> None:
        """A curve through these places, or with `dots` the places alone."""
        self._points += places[:1] if not dots else places
        if dots:
            return
        for (left, up), (right, down) in pairwise(places):
            steps = max(1, round(max(abs(right - left), abs(down - up)) / STEP))
            self._points += [
                (left + (right - left) * step / steps, up + (down - up) * step / steps)
                for step in range(1, steps + 1)
            ]

    def note(self, text: str, spots: Sequence[Spot]) -> Html:
        """The text at the first of the spots that crosses least, which is taken from then on."""
        spot = min(spots, key=lambda each: self.crossed(box_of(text, each)))
        self._boxes.append(box_of(text, spot))
        across, down, anchor = spot
        return element("text", text, class_="note", x=round(across, 1), y=round(down, 1), text_anchor=anchor)

    def crossed(self, box: Box) -> float:
        """How much lies in a box: points of curves, and far more for a text, and for what sticks out."""
        left, top, right, bottom = box
        inside = sum(left <= across <= right and top <= down <= bottom for across, down in self._points)
        texts = sum(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for other in self._boxes
        )
        edges = self._edges
        out = max(0.0, edges[0] - left, edges[1] - top, right - edges[2], bottom - edges[3])
        return inside + 1_000 * texts + 100 * out


def box_of(text: str, spot: Spot) -> Box:
    """About what a text covers: left, top, right, bottom."""
    across, down, anchor = spot
    width = LETTER * len(text)
    left = across - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, down - ABOVE, left + width, down + BELOW
