"""Records that are not as they should be: mended where that is safe, set aside with a reason where it is not."""

import re
from dataclasses import dataclass, field

from ann_tui.data.cells.grammar import MISSING_AS_SPELT, PLAIN_CELL
from ann_tui.data.cells.table import DroppedRow
from ann_tui.data.reading.grouped_numbers import joined_cells, ways_to_join
from ann_tui.data.reading.layout import Ending, Layout, join_record, split_record
from ann_tui.data.reading.sample_records import Lines, closing_lines

MOST_BYTES = 16 << 20


@dataclass
class Notes:
    """What was done to the text of some lines, by kind, with the numbers of the lines."""

    blank: list[int] = field(default_factory=list)
    comment: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    trailing: list[int] = field(default_factory=list)
    nul: list[int] = field(default_factory=list)
    quote: list[int] = field(default_factory=list)
    encoding: list[int] = field(default_factory=list)
    mixed_ends: list[int] = field(default_factory=list)
    grouped: list[int] = field(default_factory=list)

    def add(self, other: "Notes") -> None:
        """Append what another part of the file had."""
        for name, lines in vars(other).items():
            getattr(self, name).extend(lines)


@dataclass
class Repaired:
    """Records that all have the right number of cells, their first lines, and what became of the others."""

    data: bytes
    lines: list[int]
    dropped: list[DroppedRow]
    notes: Notes


def repair(data: bytes, first_line: int, layout: Layout, notes: Notes | None = None) -> Repaired:
    """Go through whole records line by line; every result line has `layout.width` cells for the parser."""
    worker = _Repair(data, first_line, layout, notes or Notes())
    worker.run()
    end = b"\n" if worker.records else b""
    return Repaired(b"\n".join(worker.records) + end, worker.numbers, worker.dropped, worker.notes)


class _Repair:
    def __init__(self, data: bytes, first_line: int, layout: Layout, notes: Notes) -> None:
        self.layout = layout
        self.lines = Lines(data.split(layout.terminator))
        if self.lines and not self.lines[-1]:
            self.lines.pop()
        self.first = first_line
        self.notes = notes
        self.records: list[bytes] = []
        self.numbers: list[int] = []
        self.dropped: list[DroppedRow] = []

    def run(self) -> None:
        layout = self.layout
        separators = layout.width - 1
        simple = layout.plain and not layout.trim
        special = [mark for mark in (layout.quote, layout.escape, b"\0", b"\r", b"\n") if mark]
        lacking = {separators - layout.unfilled: layout.delimiter * layout.unfilled, separators: b""}
        place = 0
        while place < len(self.lines):
            line = self.lines[place]
            if line.endswith(b"\r"):
                line = line[:-1]
            if not line.strip() and not (layout.delimiter in line and separators):
                self.notes.blank.append(self.first + place)
            elif layout.comment and line.startswith(layout.comment):
                self.notes.comment.append(self.first + place)
            elif layout.header and line == layout.header:
                self.dropped.append(DroppedRow(self.first + place, "the header once more"))
            elif (
                simple
                and (more := lacking.get(line.count(layout.delimiter))) is not None
                and not any(mark in line for mark in special)
            ):
                self.records.append(line + more)
                self.numbers.append(self.first + place)
            else:
                place += self._irregular(place, line)
                continue
            place += 1

    def _irregular(self, place: int, line: bytes) -> int:
        """Deal with the record that begins here; gives the number of lines that it takes."""
        number = self.first + place
        if b"\0" in line:
            line = line.replace(b"\0", b"")
            self.notes.nul.append(number)
            if not line.strip():
                self.notes.blank.append(number)
                return 1
        other_end = b"\n" if self.layout.terminator == b"\r" else b"\r"
        if other_end in line and self._mixed_ends(place, line, other_end):
            return 0
        cells, ending = split_record(line, self.layout)
        if ending is Ending.CLOSED and self.layout.fits(len(cells)):
            return self._keep(cells, number)
        if ending is Ending.OPEN:
            more, taken = self._continued(place)
            if more is not None and self.layout.fits(len(more)):
                self._keep(more, number)
                return taken
            swallowed = self.lines[place + 1 : place + taken]
            if more is not None and not any(self._regular(following) for following in swallowed):
                self._ragged(more, number)
                return taken
        if ending is not Ending.CLOSED or self._stray_quote(line):
            mended = self._mended(line)
            if mended is not None:
                self.notes.quote.append(number)
                return self._keep(mended, number)
        if ending is Ending.CLOSED:
            self._ragged(cells, number)
            return 1
        what = "a quote that is never closed" if ending is Ending.OPEN else "quotes that do not pair"
        self.dropped.append(DroppedRow(number, what))
        return 1

    def _keep(self, cells: list[bytes], number: int) -> int:
        filled = [*cells, *[b""] * (self.layout.width - len(cells))]
        self.records.append(join_record(filled, self.layout))
        self.numbers.append(number)
        return 1

    def _mixed_ends(self, place: int, line: bytes, end: bytes) -> bool:
        """Whether the line is several that end in another way than the file's; then they are lines of their own.

        The last of them may be one whose quoted cell goes on in the next line.
        """
        parts = _split_outside_quotes(line, end, self.layout.quote)
        filled = [part for part in parts if part.strip()]
        if len(parts) < 2 or not filled:
            return False
        endings = [split_record(part, self.layout) for part in filled]
        whole = [ending is Ending.CLOSED and self.layout.fits(len(cells)) for cells, ending in endings]
        if not all(whole[:-1]) or not (whole[-1] or endings[-1][1] is Ending.OPEN):
            return False
        self.lines[place] = filled[-1]
        if not whole[-1] and not self.layout.fits(len(self._continued(place)[0] or ())):
            self.lines[place] = line
            return False
        for cells, _ in endings[:-1]:
            self._keep(cells, self.first + place)
        self.notes.mixed_ends.append(self.first + place)
        return True

    def _continued(self, place: int) -> tuple[list[bytes] | None, int]:
        """A record whose quoted cell goes on in the next lines; None where it never ends properly."""
        layout = self.layout
        size = 0
        measured = place
        for end in closing_lines(self.lines, place, layout):
            size += sum(map(len, self.lines[measured : end + 1]))
            measured = end + 1
            if size > MOST_BYTES:
                break
            text = layout.terminator.join(self.lines[place : end + 1]).removesuffix(b"\r").replace(b"\0", b"")
            cells, ending = split_record(text, layout)
            if ending is Ending.CLOSED:
                return cells, end + 1 - place
            if ending is Ending.MALFORMED:
                cells, ending = split_record(text, layout, lenient=True)
                if ending is Ending.CLOSED and layout.fits(len(cells)) and not self._regular(self.lines[end]):
                    self.notes.quote.append(self.first + place)
                    return cells, end + 1 - place
                return None, 1
        return None, 1

    def _regular(self, line: bytes) -> bool:
        cells, ending = split_record(line.rstrip(b"\r"), self.layout)
        return ending is Ending.CLOSED and self.layout.fits(len(cells))

    def _stray_quote(self, line: bytes) -> bool:
        """Whether a quote stands in a line outside the cells that are quoted as they should be."""
        mark, quote = re.escape(self.layout.delimiter), re.escape(self.layout.quote)
        if not quote or self.layout.escape:
            return self.layout.quote in line
        quoted = rb"(?:(?<=^)|(?<=" + mark + rb")) *" + quote + rb"(?:[^" + quote + rb"]|" + quote * 2
        quoted += rb")*" + quote + rb" *(?=" + mark + rb"|$)"
        return self.layout.quote in re.sub(quoted, b"", line)

    def _mended(self, line: bytes) -> list[bytes] | None:
        """The cells of one line when its quotes are taken as text, if that gives the right number."""
        layout = self.layout
        cells, ending = split_record(line, layout, lenient=True)
        if ending is Ending.CLOSED and layout.fits(len(cells)):
            return cells
        if layout.collapse:
            return None
        cells = line.split(layout.delimiter)
        return cells if layout.fits(len(cells)) else None

    def _ragged(self, cells: list[bytes], number: int) -> None:
        width = self.layout.width
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            self.notes.trailing.append(number)
            self._keep(cells[:width], number)
            return
        if len(cells) < width and self._safe(cells):
            self.notes.short.append(number)
            self._keep(cells, number)
            return
        joined = joined_cells(cells, width, self.layout.grouped)
        if joined is not None:
            self.notes.grouped.append(number)
            self._keep(joined, number)
            return
        found = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
        reason = f"{found} where {width} {'is' if width == 1 else 'are'} expected"
        if self.layout.delimiter == b"," and len(cells) > width and ways_to_join(cells, width):
            reason += ": likely a number with a comma between its thousands, which needs quotes around it"
        self.dropped.append(DroppedRow(number, reason))

    def _safe(self, cells: list[bytes]) -> bool:
        """Whether the cells of a short record fit the columns from the left."""
        if 2 * len(cells) < self.layout.width or (len(cells) < 2 and self.layout.width > 2):
            return False
        number = PLAIN_CELL[self.layout.decimal]
        return all(
            number.fullmatch(cell) or MISSING_AS_SPELT.fullmatch(cell)
            for cell, plain in zip(
                cells, self.layout.numbers[: self.layout.width - self.layout.unfilled], strict=False
            )
            if plain
        )


def _split_outside_quotes(line: bytes, mark: bytes, quote: bytes) -> list[bytes]:
    """The parts of a line between the marks that stand in no quoted cell."""
    if not quote or quote not in line:
        return line.split(mark)
    parts = [b""]
    for place, piece in enumerate(line.split(quote)):
        first, *others = piece.split(mark) if place % 2 == 0 else [piece]
        parts[-1] += quote + first if place else first
        parts += others
    return parts


def fix_utf8(data: bytes, first_line: int, layout: Layout, notes: Notes) -> bytes:
    """The same lines with those that are not UTF-8 read as Windows-1252."""
    fixed = []
    for offset, line in enumerate(data.split(layout.terminator)):
        try:
            line.decode()
        except UnicodeDecodeError:
            notes.encoding.append(first_line + offset)
            try:
                line = line.decode("cp1252").encode()
            except UnicodeDecodeError:
                line = line.decode("utf-8", "replace").encode()
        fixed.append(line)
    return layout.terminator.join(fixed)
