"""How the columns of a table are to be parsed, found out from records of all its parts."""

from collections.abc import Sequence
from dataclasses import replace

from ann_tui.data.cells.cell_types import is_missing, is_number, is_plain_number
from ann_tui.data.cells.grammar import (
    COMMON_MARKS,
    LEADING_ZERO_CELL,
    PARSER_WORDS,
    USUAL_MARKS,
    folded,
    folded_marks,
)
from ann_tui.data.cells.missing_marks import expand_marks, marked_numbers
from ann_tui.data.choices.source import Source
from ann_tui.data.reading.frames import ColumnPlan
from ann_tui.data.reading.grouped_numbers import joined_cells
from ann_tui.data.reading.layout import Layout
from ann_tui.data.reading.line_ends import split_lines
from ann_tui.data.reading.sample_records import Lines, Record, sample_records
from ann_tui.data.reading.text_blocks import Reader, utf8_blocks

PLAN_RECORDS = 250


def plan_cells(
    rows: tuple[Record, ...], extra: list[bytes], layout: Layout, encoding: str, width: int, one_end: bool
) -> list[tuple[bytes, ...]]:
    """The cells of records from all over the file that have the right width.

    `extra` are whole lines from other places of the file, whose ends are made one if `one_end` says so.
    """
    few = max(16, min(PLAN_RECORDS, 8_000 // max(1, width)))
    step = max(1, len(rows) // few)
    taken = rows[::step]
    cells = [_filled(record.cells, width) for record in taken if _fills(record.cells, layout, width)]
    if 2 * len(cells) < len(taken):
        short = (record.cells for record in taken if width > len(record.cells) >= width / 2)
        cells += [_filled(record, width) for record in short]
    each = max(2, few // 16)
    for block in extra:
        text = b"".join(utf8_blocks(Reader([block]), _markless(encoding), one_end=one_end))
        lines = Lines(split_lines(text, layout.terminator)[:each])
        for record in sample_records(lines, layout):
            found = joined_cells(record.cells, width, layout.grouped) or record.cells
            if record.proper and len(found) in (width, width - layout.unfilled):
                cells.append(_filled(found, width))
    return cells


def _filled(cells: Sequence[bytes], width: int) -> tuple[bytes, ...]:
    """As many cells as there are columns: the first ones, or empty ones added."""
    return (*cells[:width], *[b""] * (width - len(cells)))


def _fills(cells: Sequence[bytes], layout: Layout, width: int) -> bool:
    """Whether the cells are as many as the columns, empty ones behind them aside."""
    whole = len(cells) in (width, width - layout.unfilled)
    return whole or (len(cells) == width + 1 and not cells[-1].strip())


def _markless(encoding: str) -> str:
    """The encoding for bytes from the middle of a file (a byte order mark stands at its beginning only)."""
    return {"utf-8-sig": "utf-8"}.get(encoding, encoding)


def plan_columns(
    cells: list[tuple[bytes, ...]], layout: Layout, width: int, source: Source
) -> tuple[ColumnPlan, frozenset[str], float]:
    """The plan for columns whose cells look like these, the marks of a missing value among their numbers, and the mean
    size in bytes of what is text that does not repeat in a row.
    """
    words, texts, numbers = set(), set(), []
    in_numbers: set[str] = set()
    text_bytes = 0.0
    telling = True
    with_marks: set[int] = set()
    marks = folded_marks(source.missing_marks)
    for column in range(width):
        values = [record[column] for record in cells]
        plain, used, some = _number_column(values, layout.decimal, marks)
        numbers.append(plain)
        if plain:
            in_numbers |= used if some else set()
            if used:
                with_marks.add(column)
            continue
        telling = telling and any(map(_telling, values))
        distinct = len(set(values))
        if distinct <= max(2, 0.5 * len(values)):
            words.add(column)
        else:
            texts.add(column)
            text_bytes += sum(map(len, values)) / max(1, len(values))
    marks_of_numbers = _marks_for_parser(in_numbers, marks, source, layout.decimal.decode())
    plan = ColumnPlan(
        replace(layout, numbers=tuple(numbers)),
        frozenset(words),
        frozenset(texts),
        marks_of_numbers,
        None,
        telling,
    )
    return plan, frozenset(in_numbers), text_bytes


def _telling(cell: bytes) -> bool:
    """Whether no parser takes the cell for a number, a truth value or a missing one."""
    return not (is_missing(cell) or is_number(cell) or cell.strip().lower() in PARSER_WORDS)


def _marks_for_parser(used: set[str], marks: frozenset[str], source: Source, decimal: str) -> tuple[str, ...]:
    """The marks that the parser is told, which are few because it is slow with many, and never numbers, which not
    every column may lack.

    Another one that appears later makes its column text at first, which is put right at the end.
    """
    told_first = (COMMON_MARKS & marks) | used | (marks - USUAL_MARKS)
    told = [
        mark
        for mark in source.missing_marks
        if folded(mark) in told_first and not marked_numbers([mark], decimal)
    ]
    return expand_marks(told)


def _number_column(values: list[bytes], decimal: bytes, marks: frozenset[str]) -> tuple[bool, set[str], bool]:
    """Whether all cells are plain numbers or missing, the marks that were used, and whether there is a number."""
    used: set[str] = set()
    some = False
    for value in values:
        if is_plain_number(value, decimal):
            if LEADING_ZERO_CELL.match(value):
                return False, set(), True
            some = True
            continue
        text = folded(value.decode("utf-8", "replace")) if len(value) < 100 else "text"
        if text not in marks:
            return False, set(), some
        used.add(text)
    return True, used - {""}, some
