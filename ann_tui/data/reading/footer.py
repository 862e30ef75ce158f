"""Lines below the last row: totals, counts, a note on when the file was made."""

import re
from dataclasses import dataclass

from ann_tui.data.cells.cell_types import is_missing, is_number
from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.reading.chunks import well_formed_ends
from ann_tui.data.reading.layout import Ending, Layout, split_record

LONGEST = 10
_RULE = re.compile(rb"-{3,}|={3,}|_{3,}|\*{3,}")
_NOTE = re.compile(
    rb"\(?\d[\d,. ]* (?:rows?|records?|lines?|entries)\b.*|end of (?:file|report|data|table)\b.*"
    rb"|(?:source|note)s?: .*|# .*",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"(?:grand |sub-?|overall )?totals?\b|(?:the )?sum\b|average\b|mean\b|summe\b|gesamt|insgesamt\b|somme\b|suma\b"
    r"|totale\b|durchschnitt|moyenne\b|media\b|итого|合计|总计",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Cut:
    """The end of a file without its footer: the records, what was cut off, and how many lines that were."""

    data: bytes
    dropped: tuple[DroppedRow, ...]
    count: int


def cut_footer(data: bytes, first_line: int, layout: Layout, given: int | None) -> Cut:
    """Cut the footer off the last records of a file.

    `given` is the number of footer lines where it is known; None finds them: from the end upwards, lines of
    another width than the table (but for a record that lacks a few cells), and rows that begin with "total".
    """
    end = len(data)
    line = first_line + data.count(layout.terminator) - (data.endswith(layout.terminator))
    dropped: list[DroppedRow] = []
    empty: list[DroppedRow] = []
    kept_end = end
    while end > 0 and len(dropped) < (LONGEST if given is None else given):
        start = data.rfind(layout.terminator, 0, end - data.endswith(layout.terminator, 0, end)) + 1
        text = data[start:end].strip(b"\r\n\x1a")
        if text.strip():
            if given is None and dropped and _is_empty(text, layout):
                empty.append(DroppedRow(line, "an empty record above the lines below the last row"))
                end = start
                line -= 1
                continue
            reason = _reason(text, data[:start], layout) if given is None else "a line below the last row"
            if not reason or (given is None and not _begins_record(data, start, layout)):
                break
            dropped += [*empty, DroppedRow(line, reason)]
            empty = []
            kept_end = start
        elif empty:
            break
        end = start
        line -= 1
    if empty:
        dropped += empty
        kept_end = end
    if not dropped or not data[:kept_end].strip():
        return Cut(data.rstrip(b"\x1a"), (), 0)
    return Cut(data[:kept_end], tuple(reversed(dropped)), len(dropped))


def without_blank_end(data: bytes, first_line: int, layout: Layout) -> tuple[bytes, tuple[int, ...]]:
    """Whole records without those at their end in which no cell has a value, and the lines of these.

    Lines without any cell among them go with them; a table of one column has no such records.
    """
    filled = data.rstrip(b"\x1a").rstrip(layout.blanks)
    below = data.find(layout.terminator, len(filled)) + 1 if filled else 0
    if layout.width < 2 or (filled and not below) or not data[below:].strip(b"\r\n\x1a"):
        return data, ()
    lines = data[below:].removesuffix(layout.terminator).split(layout.terminator)
    known: dict[bytes, bool] = {}
    blank: list[int] = []
    first = len(lines)
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place].strip(b"\r\n\x1a")
        if line not in known:
            known[line] = is_blank_record(line, layout)
        if known[line]:
            blank.append(place)
        elif line.strip():
            break
        first = place
    start = below + sum(map(len, lines[:first])) + first
    if not blank or not _begins_record(data, start, layout):
        return data, ()
    line_number = first_line + data.count(layout.terminator, 0, below)
    return data[:start], tuple(line_number + place for place in reversed(blank))


def is_blank_record(text: bytes, layout: Layout) -> bool:
    """Whether a line is a record of several cells without any value in them."""
    cells, ending = split_record(text, layout)
    return ending is Ending.CLOSED and len(cells) > 1 and not any(cell.strip() for cell in cells)


def _is_empty(text: bytes, layout: Layout) -> bool:
    """Whether a line is a whole record without a single value."""
    return (
        layout.width > 1
        and text.count(layout.delimiter) >= layout.width - 1
        and not text.strip(layout.delimiter + b" \t")
    )


def _begins_record(data: bytes, start: int, layout: Layout) -> bool:
    """Whether the quotes above a line are closed, so that it is not the end of a quoted cell."""
    if not layout.quote or layout.quote not in data:
        return True
    ends = well_formed_ends(data, layout) if layout.plain and not layout.escape else None
    if ends is None:
        return data.count(layout.quote, 0, start) % 2 == 0
    return start == 0 or bool((ends == start - 1).any())


def _reason(text: bytes, above: bytes, layout: Layout) -> str:
    """Why a line is no row, or "" where it is one."""
    if layout.comment and text.startswith(layout.comment):
        return ""
    cells, ending = split_record(text, layout)
    if ending is not Ending.CLOSED:
        return ""
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return ""
    noted = layout.width == 2 and _NOTE.fullmatch(cells[0].strip()) is not None
    if len(cells) == 1 and (layout.width > 2 or noted):
        return "a line below the last row, not a row"
    if len(filled) > 1 and all(_RULE.fullmatch(cell.strip()) for cell in filled):
        return "a ruled line, not a row"
    total = _TOTAL.match(filled[0].strip()[:100].decode("utf-8", "replace")) is not None
    values = [cell for cell in filled[1:] if not is_missing(cell)]
    place = cells.index(filled[0])
    before = above.rstrip(b"\r\n").rpartition(layout.terminator)[2].split(layout.delimiter)
    if total and not values and len(before) == len(cells) == layout.width and is_number(before[place]):
        return "a total of the rows above, not a row"
    if total and values and all(is_number(cell) for cell in values) and len(cells) <= layout.width:
        once = above.count(layout.terminator + text.split(layout.delimiter)[0] + layout.delimiter) == 0
        empty_first = not cells[0].strip()
        return "a total of the rows above, not a row" if once or empty_first else ""
    return ""
