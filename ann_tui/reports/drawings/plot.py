"""A plot of lines and points over two axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ann_tui.reports.drawings.notes import Taken
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
    for level, _ in levels:
        parts.append(element("line", class_="level", x1=LEFT, x2=right, y1=y.at(level), y2=y.at(level)))
    parts += [
        element("line", class_="mark", x1=x.at(mark.x), x2=x.at(mark.x), y1=TOP, y2=bottom) for mark in marks
    ]
    parts += [_drawn(each, x, y) for each in series]
    taken = Taken((LEFT, TOP, right, bottom))
    for each in series:
        taken.line([(x.at(across), y.at(up)) for across, up in each.points], dots=each.dots)
    for level, _ in levels:
        taken.line([(LEFT, y.at(level)), (right, y.at(level))])
    for mark in marks:
        taken.line([(x.at(mark.x), TOP), (x.at(mark.x), bottom)])
    for level, said in levels:
        at = y.at(level)
        spots = [
            (across, height, anchor)
            for height in (at - 4, at + 11)
            for across, anchor in ((LEFT + 4, "start"), (right - 4, "end"), ((LEFT + right) / 2, "middle"))
        ]
        parts.append(taken.note(said, spots))
    for mark in marks:
        at = x.at(mark.x)
        sides = [(at + 3, "start"), (at - 3, "end")]
        heights = [TOP + 10 + 12 * step for step in range(int((bottom - TOP) / 12) - 1)]
        parts.append(
            taken.note(
                mark.text, [(across, height, anchor) for height in heights for across, anchor in sides]
            )
        )
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
