"""What a page is made of: sections of paragraphs, lists, tables, figures and code, which every renderer knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from ann_tui.reports.html import Html

SHORT = 30


@dataclass(frozen=True)
class Paragraph:
    """A few sentences; `strong` where they are the point of the page, `warns` where they warn."""

    text: str
    strong: bool = False
    warns: bool = False


@dataclass(frozen=True)
class Bullets:
    """Short lines of a list."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table: headings, rows of as many texts, and which columns hold figures (by default all but the first).

    In the `whole` columns texts of at most `SHORT` letters stand on one line. `shares` (as many as cells, 0 to 1) shade
    the cells, None where nothing is shaded, and the `key` says what that means where it can be seen.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] | None = None
    caption: str = ""
    shares: tuple[tuple[float | None, ...], ...] = ()
    whole: tuple[int, ...] = ()
    key: str = ""

    def stays_whole(self, column: int, text: str) -> bool:
        """Whether a text is not to be broken."""
        return self.is_figure(column) or (column in self.whole and len(text) <= SHORT)

    def is_figure(self, column: int) -> bool:
        """Whether a column holds figures."""
        return column > 0 if self.figures is None else column in self.figures


@dataclass(frozen=True)
class Figure:
    """A picture with its caption, which tells in words what it shows, and a `key`, which says how to read it."""

    picture: Html
    caption: str
    key: str = ""


@dataclass(frozen=True)
class Code:
    """Lines as they are to be typed or kept."""

    text: str
    language: str = ""


Block = Paragraph | Bullets | Grid | Figure | Code


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; sections in it have smaller headings."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = field(default=())


@dataclass(frozen=True)
class Page:
    """A title, what stands above all sections, and the sections."""

    title: str
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
