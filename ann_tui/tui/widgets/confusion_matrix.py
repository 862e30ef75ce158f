"""The confusion matrix in a panel: a table, or of many classes a heat map, redrawn for the room there is."""

from __future__ import annotations

from rich.console import Group
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.tui.widgets.confusion_heat_map import HEADS, MOST_PAIRS, heat_map, heat_map_layout
from ann_tui.tui.widgets.confusion_table import confusion_table, shown_classes
from ann_tui.tui.widgets.heat_colours import HeatColours

MOST_IN_A_TABLE = 8
"""More classes are a heat map."""


class ConfusionView(Widget):
    """Shows one confusion matrix: a table as high as it needs, or a heat map in all the height there is."""

    DEFAULT_CSS = """
    ConfusionView { height: auto; width: 1fr; }
    ConfusionView.-heat { height: 1fr; }
    """
    ALLOW_SELECT = False

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._matrix: ConfusionMatrix | None = None
        self._strips: list[Strip] = []
        self._drawn_for = Size()

    @property
    def is_heat_map(self) -> bool:
        """Whether there are too many classes for a table."""
        return self._matrix is not None and len(self._matrix.labels) > MOST_IN_A_TABLE

    @property
    def shown(self) -> tuple[int, ...]:
        """The classes that have room."""
        if self._matrix is None or not self.size.width:
            return ()
        if self.is_heat_map:
            return heat_map_layout(self._matrix, *self.size).shown
        return tuple(shown_classes(self._matrix, self.size.width))

    def lines_for_cells(self, width: int, height: int) -> int:
        """The lines that heads and cells of a heat map take in this room."""
        return 0 if self._matrix is None else heat_map_layout(self._matrix, width, height).lines

    def show(self, matrix: ConfusionMatrix) -> None:
        """Show this matrix."""
        if matrix is not self._matrix:
            self._matrix = matrix
            self.set_class(self.is_heat_map, "-heat")
            lines = HEADS + len(matrix.labels) + 2 + MOST_PAIRS
            self.styles.max_height = lines if self.is_heat_map else None
            self._draw()

    def on_resize(self) -> None:
        """Other columns and lines may fit."""
        if self.size != self._drawn_for:
            self._draw()

    def notify_style_update(self) -> None:
        """The theme may have changed."""
        super().notify_style_update()
        if self._matrix is not None and self.is_attached:
            self._draw()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines of the table."""
        return len(self._table_lines(width))

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        width, base = self.size.width, self.rich_style
        strip = self._strips[y] if y < len(self._strips) else Strip([])
        return strip.apply_style(base).adjust_cell_length(width, base)

    def mark(self) -> tuple[int, int] | None:
        """The true and the predicted class of the cell that is marked; None for none."""
        return None

    def _draw(self) -> None:
        if self._matrix is None or not self.size.width:
            return
        self._drawn_for = self.size
        before = len(self._strips)
        if self.is_heat_map:
            colours = HeatColours.of_theme(self.app.theme_variables)
            layout = heat_map_layout(self._matrix, *self.size)
            self._strips = heat_map(self._matrix, layout, *self.size, colours, self.mark())
            self.refresh()
        else:
            self._strips = self._table_lines(self.size.width)
            self.refresh(layout=len(self._strips) != before)

    def _table_lines(self, width: int) -> list[Strip]:
        if self._matrix is None or not width:
            return []
        console = self.app.console
        options = console.options.update_width(width).update(height=None)
        return [Strip(line) for line in console.render_lines(self._table(self._matrix, width), options)]

    def _table(self, matrix: ConfusionMatrix, width: int) -> Group:
        colours = self.app.theme_variables
        return confusion_table(
            matrix,
            width,
            accent=colours["accent"],
            warning=colours["warning"],
            cursor=self.mark(),
            cursor_style=f"on {colours['block-cursor-background']}",
        )
