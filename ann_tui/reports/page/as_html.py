"""A page as one file of HTML: no script, no address that is asked for anything, dark and light, fit for paper."""

from __future__ import annotations

from ann_tui.reports.html import Html, element, joined, text
from ann_tui.reports.page.blocks import Block, Bullets, Code, Figure, Grid, Page, Paragraph, Section
from ann_tui.reports.page.style import STYLE

NOTHING_LOADED = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser is told: there is nothing to load, and no script to run."""


def as_html(page: Page) -> str:
    """The whole file. Every text is escaped."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=NOTHING_LOADED),
        element("meta", name="color-scheme", content="light dark"),
        element("title", page.title),
        element("style", Html(STYLE)),
    )
    body = element(
        "body",
        element(
            "main",
            element("h1", page.title),
            *map(_block, page.lead),
            _contents(page),
            *(_section(section, 2) for section in page.sections),
        ),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _contents(page: Page) -> Html:
    links = [element("a", section.title, href=f"#{_anchor(section.title)}") for section in page.sections]
    between = [joined([link, " · "]) for link in links[:-1]]
    return element("nav", *between, *links[-1:])


def _anchor(title: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in title.casefold())


def _section(section: Section, level: int) -> Html:
    return element(
        "section",
        element(f"h{level}", section.title, id=_anchor(section.title)),
        *map(_block, section.blocks),
        *(_section(each, level + 1) for each in section.sections),
    )


def _block(block: Block) -> Html:
    match block:
        case Paragraph():
            kind = "verdict" if block.strong else "warns" if block.warns else None
            said = joined([element("strong", "Caution: "), block.text]) if block.warns else block.text
            return element("p", said, class_=kind)
        case Bullets():
            return element("ul", *(element("li", line) for line in block.lines))
        case Grid():
            return _grid(block)
        case Figure():
            said = " ".join(filter(None, (block.caption, block.key)))
            return element("figure", block.picture, element("figcaption", said))
        case Code():
            return element("pre", element("code", block.text))


def _grid(grid: Grid) -> Html:
    def cell(name: str, row: int, column: int, said: str) -> Html:
        share = grid.shares[row][column] if grid.shares and row >= 0 else None
        is_of = {"figure": grid.is_figure(column), "whole": grid.stays_whole(column, said)}
        kinds = [kind for kind, it_is in is_of.items() if it_is]
        return element(
            name,
            text(said),
            class_=" ".join(kinds) or None,
            style=None if share is None else f"--share:{share:.2f}",
        )

    head = element("tr", *(cell("th", -1, place, said) for place, said in enumerate(grid.headings)))
    rows = [
        element("tr", *(cell("td", place, column, said) for column, said in enumerate(row)))
        for place, row in enumerate(grid.rows)
    ]
    told = " ".join(filter(None, (grid.caption, grid.key)))
    caption = [element("caption", told)] if told else []
    kind = "shaded" if grid.shares else None
    table = element("table", *caption, element("thead", head), element("tbody", *rows), class_=kind)
    return element("div", table, class_="table")
