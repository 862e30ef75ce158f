"""What the preparation does to each column, one a line, and to one column in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from ann_tui.figures import count, counted, spark
from ann_tui.tui.text import line, plain, right
from ann_tui.tui.widgets.choice_table import ChoiceTable, Row

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.data.preparing.transform_report import Effect

CHANGING = ("missing", "outliers", "inaccurate")
"""The steps that change single cells."""
FOLD = "\0unchanged"
"""The key of the line that stands for the columns without a changed cell; no column has such a name."""
FEWEST_FOLDED = 4
NAME, NARROW_NAME, NARROW = 24, 16, 80
"""How long names may be, and below which width of the table they may be shorter."""
BESIDE = 21
"""Cells of a line beside the name and what is done: two figures, and the space between."""


class EffectsTable(ChoiceTable):
    """Shows the target, then the columns that become inputs.

    Those without a changed cell are folded into one line, unless that would leave nothing but the target.
    """

    def __init__(self, id: str) -> None:
        headings = ("column", right("cells"), right("inputs"), "what is done")
        super().__init__(*headings, id=id, steps=False)
        self._unfolded = False
        self._shows: tuple[PreparedData, Collection[str]] | None = None

    def show_effects(self, prepared: PreparedData, exceptions: Collection[str]) -> None:
        """Show what was done; `exceptions` names the columns with choices of their own, which are never folded."""
        self._shows = prepared, exceptions
        fitted = prepared.fitted
        bins = fitted.bin_counts
        inputs = Counter(fitted.feature_origins) + Counter(bins)
        names = [*dict.fromkeys([fitted.target.name, *(column.name for column in fitted.inputs)])]
        effects: dict[str, list[Effect]] = {name: [] for name in names}
        for effect in prepared.effects:
            if effect.column in effects:
                effects[effect.column].append(effect)
        cells = {name: _changed_cells(mine) for name, mine in effects.items()}
        quiet = [
            name
            for name in names
            if not cells[name] and name not in exceptions and name != fitted.target.name
        ]
        if len(quiet) < FEWEST_FOLDED or len(quiet) == len(names) - 1:
            quiet = []
        longest = NARROW_NAME if self.size.width < NARROW else NAME
        widest = max((plain(name, longest).cell_len for name in names), default=0)
        widest = max(widest, len(self._fold_label(quiet)) if quiet else 0)
        room = self.size.width - max(widest, len("column")) - BESIDE

        def row(name: str, indent: str = "") -> Row:
            own = "✎ " if name in exceptions else ""
            target = name == fitted.target.name
            style = f"bold {self.app.theme_variables['accent']}" if target else ""
            said = plain("; ".join(effect.text for effect in effects[name]), 200)
            if said.cell_len + len(own) > room:
                said = plain(_in_brief(effects[name], name in bins), 200)
            return Row(
                name,
                (
                    line(indent, plain(name, longest, style)),
                    right(count(cells[name]) if cells[name] else "·", "" if cells[name] else "dim"),
                    right("target" if target else inputs[name]),
                    line(own, said),
                ),
            )

        rows = [row(name) for name in names if name not in quiet]
        if quiet:
            rows.append(self._fold(quiet, sum(inputs[name] for name in quiet)))
        if self._unfolded:
            rows += [row(name, "  ") for name in quiet]
        self.show(rows)

    def toggle(self) -> None:
        """Unfold the columns without a changed cell, or fold them again."""
        self._unfolded = not self._unfolded
        if self._shows is not None:
            self.show_effects(*self._shows)

    def on_resize(self) -> None:
        """There may be room for whole sentences."""
        if self._shows is not None:
            self.show_effects(*self._shows)
        super().on_resize()

    def _fold_label(self, quiet: Sequence[str]) -> str:
        return f"{'▾' if self._unfolded else '▸'} {counted(len(quiet), 'column')} unchanged"

    def _fold(self, quiet: Sequence[str], inputs: int) -> Row:
        does = "folds" if self._unfolded else "unfolds"
        muted = self.app.theme_variables["muted"]
        label, said = self._fold_label(quiet), f"enter {does}: only scaled or encoded"
        return Row(FOLD, (line((label, muted)), right("·", "dim"), right(count(inputs)), line((said, muted))))


def _changed_cells(effects: Sequence[Effect]) -> int:
    return sum(effect.cells - effect.again for effect in effects if effect.step in CHANGING)


def _in_brief(effects: Sequence[Effect], bins: bool) -> str:
    """What was done, without what the figures beside it say and without fitted numbers: 'median 44.4; standard'."""
    parts = []
    for effect in effects:
        said = effect.text.split(": ")[0].split(" (")[0]
        if effect.step == "outliers" and effect.cells:
            said = f"{said}, {effect.text.rsplit(', ', 1)[-1]}"
        if effect.step == "missing":
            said = said.rpartition(" in ")[0] or said
        if effect.step == "encoding":
            said = said.lstrip("0123456789 ").removesuffix(" columns")
        parts.append(f"{said}, bins" if effect.step == "scaling" and bins else said)
    return "; ".join(parts)


def effects_text(prepared: PreparedData, column: str) -> Text:
    """Each step that changes a column, then those that change all rows, with a few cells before and after."""
    text = Text()
    effects = [effect for effect in prepared.effects if effect.column in (column, None)]
    for effect in sorted(effects, key=lambda each: each.column is None):
        subject = "all rows: " if effect.column is None else ""
        text.append(f"{effect.step}: ", style="dim").append(subject)
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
