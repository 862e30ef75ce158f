"""Sentences on what was done to the text of a file while it was read."""

from dataclasses import replace

from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.reading.gathering import Gathering

SHOWN = 5


def reading_warnings(
    gathered: Gathering, dialect: Dialect, source: Source
) -> tuple[Dialect, tuple[str, ...]]:
    """The dialect as it turned out, and one sentence for each thing that a person should know."""
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
        sentences.append(f"{_lines(notes.mixed_ends)} split at a lone carriage return.")
    last = max((int(lines[-1]) for lines in gathered.lines if len(lines)), default=0)
    blank = [line for line in notes.blank if line < last]
    if blank:
        sentences.append(f"{_lines(blank)} blank and skipped.")
    if notes.comment and source.dialect is None:
        count = len(notes.comment)
        sentences.append(f"{count} comment {'line' if count == 1 else 'lines'} among the rows skipped.")
    if gathered.seen > gathered.rows:
        sentences.append(f"A random sample of {gathered.rows:,} of {gathered.seen:,} rows.")
    return replace(dialect), tuple(sentences)


def _lines(lines: list[int]) -> str:
    """The subject of a sentence: Line 3 was; Lines 3, 5 and 7 were; Lines 3, 5, … (12 in all) were."""
    numbers = sorted(set(lines))
    if len(numbers) == 1:
        return f"Line {numbers[0]} was"
    if len(numbers) <= SHOWN:
        return f"Lines {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} were"
    return f"Lines {', '.join(map(str, numbers[:SHOWN]))}, … ({len(numbers):,} in all) were"
