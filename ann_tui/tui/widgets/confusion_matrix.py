"""The confusion matrix in a panel: redrawn for the width there is."""

from __future__ import annotations

from textual.widgets import Static

from ann_tui.evaluation.confusion import ConfusionMatrix
from ann_tui.tui.widgets.confusion_table import confusion_table


class ConfusionView(Static):
    """Shows one confusion matrix."""

    DEFAULT_CSS = "ConfusionView { height: auto; width: 1fr; }"
    ALLOW_SELECT = False

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._matrix: ConfusionMatrix | None = None
        self._drawn_for = 0
        self._shape: tuple[int, tuple[str, ...]] | None = None

    def show(self, matrix: ConfusionMatrix) -> None:
        """Show this matrix."""
        if matrix is not self._matrix:
            self._matrix = matrix
            self._draw()

    def on_resize(self) -> None:
        """Other columns may fit."""
        if self.size.width != self._drawn_for:
            self._draw()

    def notify_style_update(self) -> None:
        """The theme may have changed."""
        super().notify_style_update()
        if self._matrix is not None and self.is_attached:
            self._draw()

    def _draw(self) -> None:
        if self._matrix is None or not self.size.width:
            return
        self._drawn_for = self.size.width
        colours = self.app.theme_variables
        table = confusion_table(
            self._matrix, self.size.width, accent=colours["accent"], warning=colours["warning"]
        )
        shape = self.size.width, self._matrix.labels
        self.update(table, layout=shape != self._shape)
        self._shape = shape
