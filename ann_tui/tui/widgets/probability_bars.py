"""One bar a class: how probable the network holds it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from ann_tui.data.short_names import told_apart
from ann_tui.figures import percent


def probability_bars(
    classes: Sequence[str], probabilities: Sequence[float], width: int, most: int, accent: str
) -> Text:
    """The classes, the most probable first, each with a bar; `width` cells wide, at most `most` lines."""
    order = sorted(range(len(classes)), key=lambda index: -probabilities[index])
    shown = order if len(order) <= most else order[: most - 1]
    name_width = min(max((len(classes[index]) for index in shown), default=0), 20)
    room = max(width - name_width - 12, 4)
    names = told_apart([classes[index] for index in shown], [name_width] * len(shown))
    text = Text(no_wrap=True)
    for place, index in enumerate(shown):
        style = f"bold {accent}" if place == 0 else ""
        name = Text(names[place])
        text.append(name.plain + " " * max(name_width - name.cell_len, 0) + "  ", style=style)
        eighths = round(probabilities[index] * room * 8)
        bar = "█" * (eighths // 8) + (" ▏▎▍▌▋▊▉"[eighths % 8] if eighths % 8 else "")
        text.append(bar.ljust(room), style=accent)
        text.append(f" {percent(probabilities[index]):>8}\n", style=style)
    if len(shown) < len(order):
        rest = sum(probabilities[index] for index in order[len(shown) :])
        text.append(f"{len(order) - len(shown)} more classes  {percent(rest)}\n", style="dim")
    return text
