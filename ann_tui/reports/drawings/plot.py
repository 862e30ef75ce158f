"""A plot of lines and points over two axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ann_tui.reports.drawings.scale import Scale
from ann_tui.reports.html import Html, element, joined

WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 72, 14, 14, 40
MOST_POINTS = 400
STYLES = ("a", "b", "c", "d", "e", "f")
"""Each has its own colour and dashes in the page's style."""
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Series:
    """One line (or with `dots` points) and its name in the legend; `style` is one of `STYLES` or "rest"."""

    name: str
    points: Points
    style: str
    dots: bool = False


@dataclass(frozen=True)
class Mark:
    """A line across the plot at a number of the horizontal axis, with a short text at its top."""

    x: float
    text: str


def plot(
    title: str,
    across: str,
    up: str,
    series: Sequence[Series],
    *,
    marks: Sequence[Mark] = (),
    levels: Sequence[tuple[float, str]] = (),
    square: bool = False,
    unit: bool = False,
) -> Html:
    """The plot with a legend under it. `levels` are lines at a height; with `unit` both axes go from 0 to 1."""
    width = HEIGHT + LEFT - BOTTOM + 20 if square else WIDTH
    points = [point for each in series for point in each.points]
    right, bottom = width - RIGHT, HEIGHT - BOTTOM
    if unit:
        x, y = Scale(0, 1, LEFT, right), Scale(0, 1, bottom, TOP)
    else:
        x = Scale.around([point[0] for point in points], LEFT, right)
        y = Scale.around([*(point[1] for point in points), *(level for level, _ in levels)], bottom, TOP)
    parts: list[Html] = []
    for value, said in x.ticks(5 if square else 8):
        parts.append(element("line", class_="grid", x1=x.at(value), x2=x.at(value), y1=TOP, y2=bottom))
        parts.append(element("text", said, x=x.at(value), y=bottom + 16, text_anchor="middle"))
    for value, said in y.ticks(5):
        parts.append(element("line", class_="grid", x1=LEFT, x2=right, y1=y.at(value), y2=y.at(value)))
        parts.append(element("text", said, x=LEFT - 6, y=y.at(value) + 4, text_anchor="end"))
    parts.append(element("text", across, x=(LEFT + right) / 2, y=HEIGHT - 6, text_anchor="middle"))
    middle = (TOP + bottom) / 2
    parts.append(element("text", up, transform=f"translate(12 {middle}) rotate(-90)", text_anchor="middle"))
    for level, said in levels:
        parts.append(element("line", class_="level", x1=LEFT, x2=right, y1=y.at(level), y2=y.at(level)))
        parts.append(element("text", said, class_="note", x=LEFT + 4, y=y.at(level) - 4))
    for place, mark in enumerate(marks):
        at, height = x.at(mark.x), TOP + 10 + 12 * (place % 4)
        end = at > (LEFT + right) / 2
        parts.append(element("line", class_="mark", x1=at, x2=at, y1=TOP, y2=bottom))
        anchor, shift = ("end", -3) if end else ("start", 3)
        parts.append(element("text", mark.text, class_="note", x=at + shift, y=height, text_anchor=anchor))
    parts += [_drawn(each, x, y) for each in series]
    drawing = element(
        "svg",
        element("title", title),
        *parts,
        viewBox=f"0 0 {width} {HEIGHT}",
        role="img",
        class_="square" if square else "wide",
    )
    return joined([drawing, _legend(series)])


def thinned(points: Points, most: int = MOST_POINTS) -> list[tuple[float, float]]:
    """Points evenly taken from the points, the first and the last among them, at most so many."""
    if len(points) <= most:
        return list(points)
    return [points[round(place * (len(points) - 1) / (most - 1))] for place in range(most)]


def _drawn(series: Series, x: Scale, y: Scale) -> Html:
    places = [(x.at(across), y.at(up)) for across, up in series.points]
    if series.dots:
        dots = (element("circle", cx=across, cy=up, r=2.2) for across, up in places)
        return element("g", *dots, class_=f"dots {series.style}")
    line = " ".join(f"{across:g},{up:g}" for across, up in places)
    return element("polyline", points=line, class_=f"series {series.style}")


def _legend(series: Sequence[Series]) -> Html:
    if len(series) < 2:
        return Html("")
    entries = []
    for each in series:
        if each.dots:
            sample = element("g", element("circle", cx=14, cy=5, r=3), class_=f"dots {each.style}")
        else:
            sample = element("line", x1=0, x2=28, y1=5, y2=5, class_=f"series {each.style}")
        picture = element("svg", sample, viewBox="0 0 28 10", class_="key")
        entries.append(element("span", picture, " ", each.name))
    return element("p", *entries, class_="legend")
