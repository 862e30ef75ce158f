"""The first records of a file as cells, tolerant of everything, for finding out the dialect."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ann_tui.data.reading.layout import Ending, Layout, split_record

ENOUGH = 1


class Lines(list[bytes]):
    """Lines without their terminators, which remember where a quote occurs."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        super().__init__(lines)
        self._marked: dict[bytes, list[int]] = {}

    def marked(self, quote: bytes) -> list[int]:
        """The places of the lines that hold the quote."""
        if quote not in self._marked:
            self._marked[quote] = [place for place, line in enumerate(self) if quote in line]
        return self._marked[quote]


@dataclass(frozen=True)
class Record:
    """One record: its first line (1-based), the number of its lines, its cells, and whether its quotes fit.

    `unclosed`: a quote was opened and not closed in any line that was given. `text` is its first line as written.
    """

    line: int
    lines: int
    cells: tuple[bytes, ...]
    proper: bool = True
    unclosed: bool = False
    text: bytes = b""


def sample_records(lines: Lines, layout: Layout, first_line: int = 1, cut: bool = False) -> Iterator[Record]:
    """The records of the lines; blank lines are left out. Lines carry no terminator.

    `cut`: the file goes on behind the lines, so that a quote that is open at their end may be closed later.
    """
    place = found = 0
    while place < len(lines):
        line = lines[place].removesuffix(b"\r").replace(b"\0", b"")
        number = first_line + place
        if not line.strip(
            b" " if layout.delimiter == b"\t" else b" \t\r" if layout.delimiter == b" " else b" \t"
        ):
            place += 1
            continue
        cells, ending = split_record(line, layout)
        taken = 1
        if ending is Ending.OPEN:
            cells, ending, taken = _continued(lines, place, layout)
            if ending is Ending.OPEN and cut and found >= ENOUGH:
                yield Record(number, len(lines) - place, (), False, True, line)
                return
        proper, unclosed = ending is Ending.CLOSED, ending is Ending.OPEN
        if not proper:
            cells, ending = split_record(line, layout, lenient=True)
            taken = 1
            if ending is not Ending.CLOSED:
                cells = line.split(layout.delimiter)
        yield Record(number, taken, tuple(cells), proper, unclosed, line)
        place += taken
        found += 1


def _continued(lines: Lines, place: int, layout: Layout) -> tuple[list[bytes], Ending, int]:
    for end in closing_lines(lines, place, layout):
        text = layout.terminator.join(lines[place : end + 1]).removesuffix(b"\r").replace(b"\0", b"")
        cells, ending = split_record(text, layout)
        if ending is not Ending.OPEN:
            return cells, ending, end + 1 - place
    return [], Ending.OPEN, 1


def closing_lines(lines: Lines, place: int, layout: Layout) -> Iterator[int]:
    """The lines that may end the record that begins at `place` inside an open quote.

    Those are the ones after which the quotes have paired up, and those whose first quote cannot close a cell (with
    an escape character: all that have a quote).
    """
    allowed = (layout.quote, layout.delimiter, b"\r", b" ")
    count = lines[place].count(layout.quote)
    marked = lines.marked(layout.quote)
    for following in marked[bisect_right(marked, place) :]:
        line = lines[following]
        count += line.count(layout.quote)
        after = line[line.find(layout.quote) + 1 :]
        if count % 2 == 0 or layout.escape or (after and not after.startswith(allowed)):
            yield following
