"""A canvas of characters: layers of lines, dots, marks and texts become the strips of a widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ann_tui.tui.charts.grid import DOTS_ACROSS, DOTS_DOWN
from ann_tui.tui.charts.raster import Mask

BRAILLE = 0x2800
BRAILLE_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint32)
"""The bit of each dot of a braille character, (4, 2)."""
QUADRANTS = np.array([ord(character) for character in " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"], np.uint32)
"""Characters whose four quarters are filled: bits 1 and 2 above, 4 and 8 below."""
BLANK = ord(" ")
SECOND = "\ufffe"
"""Stands in the second cell of a wide character."""


@dataclass(frozen=True)
class Ink:
    """How something is drawn: in a colour, mixed with the background where `strength` is below 1.

    Colours are names of the theme's variables, or '#rrggbb'. `behind` is that of the cell behind the character, mixed
    likewise; empty for the background.
    """

    colour: str
    strength: float = 1.0
    bold: bool = False
    behind: str = ""
    behind_strength: float = 1.0
    reverse: bool = False


class Canvas:
    """Cells (height, width), each with a character and an ink.

    What is drawn later wins a cell. What is drawn `faint` only takes cells that are empty, so that of faint things the
    first one wins.
    """

    def __init__(self, width: int, height: int) -> None:
        """All empty."""
        self.width, self.height = width, height
        self._characters = np.full((height, width), BLANK, np.uint32)
        self._inks = np.full((height, width), -1, np.int64)
        self._palette: dict[Ink, int] = {}

    def thin(self, dots: Mask, ink: Ink, *, faint: bool = False) -> None:
        """Draw dots (4 · height, 2 · width) as braille; in a cell that has some, they are added."""
        cells = dots.reshape(self.height, DOTS_DOWN, self.width, DOTS_ACROSS)
        bits = (cells * BRAILLE_BITS[None, :, None, :]).sum(axis=(1, 3), dtype=np.uint32)
        there = self._characters - BRAILLE
        merged = np.where((there < 256) & (not faint), bits | there, bits)
        self._put(bits > 0, merged + BRAILLE, ink, faint)

    def thick(self, dots: Mask, ink: Ink, *, faint: bool = False) -> None:
        """Draw dots (4 · height, 2 · width) as filled quarters of cells."""
        quarters = dots.reshape(self.height, 2, 2, self.width, DOTS_ACROSS).any(axis=2)
        found = (quarters * np.array([[1, 2], [4, 8]])[None, :, None, :]).sum(axis=(1, 3))
        self._put(found > 0, QUADRANTS[found], ink, faint)

    def marks(
        self,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        mark: str,
        ink: Ink,
        *,
        faint: bool = False,
    ) -> None:
        """Put a character into cells, (n,) each; those outside are left out."""
        inside = (rows >= 0) & (rows < self.height) & (columns >= 0) & (columns < self.width)
        cells = np.zeros((self.height, self.width), np.bool_)
        cells[rows[inside], columns[inside]] = True
        self._put(cells, np.full_like(self._characters, ord(mark)), ink, faint)

    def write(self, row: int, column: int, text: str, ink: Ink) -> None:
        """Write a text from a cell on; what does not fit is cut. A wide character takes two cells."""
        if 0 <= row < self.height:
            text = _by_cells(text)[max(0, -column) : max(0, self.width - column)]
            start = max(0, column)
            self._characters[row, start : start + len(text)] = [ord(character) for character in text]
            self._inks[row, start : start + len(text)] = self._number(ink)

    def cells(
        self,
        row: int,
        column: int,
        characters: NDArray[np.uint32],
        inks: NDArray[np.integer],
        palette: Sequence[Ink],
    ) -> None:
        """Fill a rectangle that lies inside, (height, width): code points, and each cell's place in the palette."""
        height, width = characters.shape
        numbers = np.array([self._number(ink) for ink in palette])
        where = np.s_[row : row + height, column : column + width]
        self._characters[where], self._inks[where] = characters, numbers[inks]

    def paste(self, other: Canvas, row: int, column: int) -> None:
        """Put another canvas, which has room there, from a cell on."""
        numbers = np.array([*(self._number(ink) for ink in other._palette), -1])
        where = np.s_[row : row + other.height, column : column + other.width]
        self._characters[where], self._inks[where] = other._characters, numbers[other._inks]

    def _put(self, cells: Mask, characters: NDArray[np.uint32], ink: Ink, faint: bool) -> None:
        if faint:
            cells = cells & (self._characters == BLANK)
        self._characters[cells] = characters[cells]
        self._inks[cells] = self._number(ink)

    def _number(self, ink: Ink) -> int:
        return self._palette.setdefault(ink, len(self._palette))

    @property
    def lines(self) -> list[str]:
        """The characters of each row."""
        return [row.tobytes().decode("utf-32-le") for row in self._characters.astype("<u4")]

    def strips(self, base: Style, style_of: Callable[[Ink], Style]) -> list[Strip]:
        """One strip a row; `style_of` gives the style of an ink, over that of the `base`."""
        styles = [*(base + style_of(ink) for ink in self._palette), base]
        found = []
        for text, inks in zip(self.lines, self._inks, strict=True):
            ends = [*(np.flatnonzero(np.diff(inks)) + 1).tolist(), self.width]
            start, segments = 0, []
            for end in ends:
                segments.append(Segment(_whole(text[start:end]), styles[inks[start]]))
                start = end
            found.append(Strip(segments, self.width))
        return found


def _by_cells(text: str) -> str:
    """One character a cell: behind a wide one stands `SECOND`; those without a width are left out."""
    if text.isascii():
        return text
    return "".join(each + SECOND * (width - 1) for each in text if (width := cell_len(each)) > 0)


def _whole(text: str) -> str:
    """The text of some cells; halves of wide characters are blanks."""
    if text.isascii() or (SECOND not in text and all(cell_len(each) == 1 for each in set(text))):
        return text
    found, behind = [], False
    for place, each in enumerate(text):
        if each == SECOND:
            found.append("" if behind else " ")
            behind = False
        else:
            behind = cell_len(each) == 2
            cut = behind and text[place + 1 : place + 2] != SECOND
            found.append(" " if cut else each)
            behind = behind and not cut
    return "".join(found)
