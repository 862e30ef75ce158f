"""What the preparation does to each column, one a line, and to one column in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from rich.text import Text

from ann_tui.figures import count, spark
from ann_tui.tui.text import line, plain, right
from ann_tui.tui.widgets.choice_table import ChoiceTable, Row

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData

CHANGING = ("missing", "outliers", "inaccurate")
"""The steps that change single cells."""


class EffectsTable(ChoiceTable):
    """Shows the target, then the columns that become inputs."""

    def __init__(self, id: str) -> None:
        headings = ("column", right("cells"), right("inputs"), "what is done")
        super().__init__(*headings, id=id, steps=False)

    def show_effects(self, prepared: PreparedData, exceptions: Collection[str]) -> None:
        """Show what was done; `exceptions` names the columns with choices of their own."""
        fitted, accent = prepared.fitted, self.app.theme_variables["accent"]
        inputs = Counter(fitted.feature_origins)
        rows = []
        for name in dict.fromkeys([fitted.target.name, *(column.name for column in fitted.inputs)]):
            effects = [effect for effect in prepared.effects if effect.column == name]
            cells = sum(effect.cells - effect.again for effect in effects if effect.step in CHANGING)
            is_target = name == fitted.target.name
            own = "✎ " if name in exceptions else ""
            rows.append(
                Row(
                    name,
                    (
                        plain(name, 24, f"bold {accent}" if is_target else ""),
                        right(count(cells) if cells else "·", "" if cells else "dim"),
                        right("target" if is_target else inputs[name]),
                        line(own, plain("; ".join(effect.text for effect in effects), 200).plain),
                    ),
                )
            )
        self.show(rows)


def effects_text(prepared: PreparedData, column: str) -> Text:
    """Each step that changes a column or all rows, a few cells before and after, and how their values spread."""
    text = Text()
    for effect in prepared.effects:
        if effect.column not in (column, None):
            continue
        subject = "all rows" if effect.column is None else column
        text.append(f"{effect.step}: ", style="dim").append(plain(subject, 24)).append(": ")
        text.append(plain(effect.text, 300).plain)
        if effect.before:
            pairs = zip(effect.before, effect.after, strict=False)
            shown = ", ".join(
                f"{plain(before or '(missing)', 16).plain} → {plain(after, 16).plain}"
                for before, after in pairs
            )
            text.append(f"  e.g. {shown}", style="dim")
        if effect.histogram_before and effect.histogram_after:
            text.append(f"  {spark(effect.histogram_before)} → {spark(effect.histogram_after)}", style="dim")
        text.append("\n")
    return text
