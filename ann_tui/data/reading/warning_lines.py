"""Sentences on what was done to the text of a file while it was read."""

from collections.abc import Sequence
from dataclasses import replace

from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.plain_text import printable
from ann_tui.data.reading.gathering import Gathering

SHOWN = 5


def reading_warnings(
    gathered: Gathering,
    dialect: Dialect,
    source: Source,
    grouped: Sequence[str] = (),
    blank_end: Sequence[int] = (),
    padding: int = 0,
) -> tuple[Dialect, tuple[str, ...]]:
    """The dialect as it turned out, and one sentence for each thing that a person should know.

    `grouped` are the columns whose numbers were joined from several cells, `blank_end` the lines of the records without
    a value at the end, and `padding` the NUL bytes behind them.
    """
    notes = gathered.notes
    sentences = []
    if notes.encoding:
        sentences.append(f"{_lines(notes.encoding)} not valid UTF-8, read as Windows-1252.")
    if notes.short:
        sentences.append(
            f"{_lines(notes.short)} fewer cells than columns; the missing ones are empty.".replace(
                " was ", " had "
            ).replace(" were ", " had ")
        )
    if notes.nul:
        sentences.append(
            f"{_lines(notes.nul)} read without the NUL bytes in it."
            if len(set(notes.nul)) == 1
            else f"{_lines(notes.nul)} read without the NUL bytes in them."
        )
    if notes.quote:
        sentences.append(f"{_lines(notes.quote)} read with a stray quote taken as text.")
    if notes.mixed_ends:
        sentences.append(f"{_lines(notes.mixed_ends)} split at a lone carriage return or line feed.")
    if notes.grouped:
        shown = " and ".join(f"“{printable(name, 40)}”" for name in grouped)
        sentences.append(f"{_lines(notes.grouped)} read with commas between the thousands of {shown}.")
    last = max((int(lines[-1]) for lines in gathered.lines if len(lines)), default=0)
    blank = [line for line in notes.blank if line < last]
    if blank:
        sentences.append(f"{_lines(blank)} blank and skipped.")
    if notes.comment and source.dialect is None:
        count = len(notes.comment)
        sentences.append(f"{count} comment {'line' if count == 1 else 'lines'} among the rows skipped.")
    if blank_end:
        whole = "1 row" if len(blank_end) == 1 else f"{len(blank_end):,} rows"
        sentences.append(f"{whole} without any value at the end left out ({_span(blank_end)}).")
    if padding:
        sentences.append(f"{padding:,} NUL byte{'s' * (padding > 1)} at the end left out.")
    if gathered.seen > gathered.rows:
        sentences.append(f"A random sample of {gathered.rows:,} of {gathered.seen:,} rows.")
    return replace(dialect), tuple(sentences)


def _span(lines: Sequence[int]) -> str:
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"


def _lines(lines: list[int]) -> str:
    """The subject of a sentence: Line 3 was; Lines 3, 5 and 7 were; Lines 3, 5, … (12 in all) were."""
    numbers = sorted(set(lines))
    if len(numbers) == 1:
        return f"Line {numbers[0]} was"
    if len(numbers) <= SHOWN:
        return f"Lines {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} were"
    return f"Lines {', '.join(map(str, numbers[:SHOWN]))}, … ({len(numbers):,} in all) were"
