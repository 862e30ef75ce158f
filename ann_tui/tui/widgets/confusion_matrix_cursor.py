"""The confusion matrix with a cursor: one cell is marked, and can be moved."""

from __future__ import annotations

from collections.abc import Iterator

from ann_tui.data.plain_text import printable
from ann_tui.tui.widgets.confusion_matrix import ConfusionView


class MatrixCells(ConfusionView):
    """A confusion matrix in which the cell of one true and one predicted class is marked."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._true = self._predicted = 0

    @property
    def cursor(self) -> tuple[int, int]:
        """The true and the predicted class of the marked cell."""
        shown = self.shown or (0,)
        return (
            self._true if self._true in shown else shown[0],
            self._predicted if self._predicted in shown else shown[0],
        )

    @property
    def cursor_line(self) -> int | None:
        """The line of the widget that the marked cell stands in; None where all lines are seen."""
        shown = self.shown
        return None if self.is_heat_map or not shown else 2 + shown.index(self.cursor[0])

    def mark(self) -> tuple[int, int] | None:
        """The cursor."""
        return self.cursor

    def put_cursor(self, true: int, predicted: int) -> None:
        """Mark the cell of these two classes."""
        self._true, self._predicted = true, predicted
        self._draw()

    def put_on_worst(self) -> None:
        """Mark the most frequent mistake, or the first cell where there is none."""
        if self._matrix is None:
            return
        mistakes = self._matrix.counts.copy()
        mistakes[range(len(mistakes)), range(len(mistakes))] = 0
        true, predicted = divmod(int(mistakes.argmax()), len(mistakes))
        self.put_cursor(true, predicted)

    def move(self, down: int, across: int) -> None:
        """Move the cursor by so many shown cells, as far as there are any."""
        shown = self.shown
        if not shown:
            return
        true, predicted = self.cursor
        line = min(max(shown.index(true) + down, 0), len(shown) - 1)
        column = min(max(shown.index(predicted) + across, 0), len(shown) - 1)
        self.put_cursor(shown[line], shown[column])

    def copies(self) -> Iterator[tuple[str, str]]:
        """The figure of the marked cell, and the whole matrix with the names of the classes."""
        if self._matrix is None:
            return
        names = [printable(label) for label in self._matrix.labels]
        true, predicted = self.cursor
        count = int(self._matrix.counts[true, predicted])
        yield (
            f"the cell {printable(names[true], 12)}, predicted {printable(names[predicted], 12)}",
            str(count),
        )
        lines = [["true \\ predicted", *names]]
        lines += [
            [name, *map(str, row)] for name, row in zip(names, self._matrix.counts.tolist(), strict=True)
        ]
        yield "the confusion matrix", "\n".join("\t".join(line) for line in lines)
