"""A page as Markdown: the same words and tables, and for each picture the words that tell what it shows."""

from __future__ import annotations

import re

from ann_tui.data.plain_text import printable, visible
from ann_tui.reports.page.blocks import Block, Bullets, Code, Figure, Grid, Page, Paragraph, Section

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
_LIST_BEGINS = re.compile(r"^(\s*)([-+](?=\s|$)|=+$|-+$)")
_NUMBER_BEGINS = re.compile(r"^(\s*\d+)([.)])(?=\s|$)")


def as_markdown(page: Page) -> str:
    """The whole file. No text of the data is taken for markup."""
    parts = [f"# {_said(page.title)}", *map(_block, page.lead)]
    for section in page.sections:
        parts += _section(section, 2)
    return "\n\n".join(parts) + "\n"


def _said(text: str) -> str:
    """A text on one line in which every sign that Markdown or HTML knows is one to be read."""
    plain = _SIGNS.sub(r"\\\1", printable(text, 2_000))
    return _NUMBER_BEGINS.sub(r"\1\\\2", _LIST_BEGINS.sub(r"\1\\\2", plain))


def _section(section: Section, level: int) -> list[str]:
    parts = [f"{'#' * level} {_said(section.title)}", *map(_block, section.blocks)]
    for each in section.sections:
        parts += _section(each, level + 1)
    return parts


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            said = _said(block.text)
            return f"**{said}**" if block.strong else f"**Caution:** {said}" if block.warns else said
        case Bullets():
            return "\n".join(f"- {_said(line)}" for line in block.lines)
        case Grid():
            return _grid(block)
        case Figure():
            return _said(block.caption)
        case Code():
            lines = visible(block.text).rstrip("\n")
            longest = max((len(run) for run in re.findall(r"`+", lines)), default=0)
            fence = "`" * max(3, longest + 1)
            return f"{fence}{block.language}\n{lines}\n{fence}"


def _grid(grid: Grid) -> str:
    ends = ["---:" if grid.is_figure(place) else "---" for place in range(len(grid.headings))]
    lines = [grid.headings, ends, *grid.rows]
    written = [f"| {' | '.join(row if place == 1 else map(_said, row))} |" for place, row in enumerate(lines)]
    caption = [f"{_said(grid.caption)}\n"] if grid.caption else []
    return "\n".join([*caption, *written])
