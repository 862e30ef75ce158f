"""Whether a file's table fits in memory, told before it is read."""

from ann_tui.data.choices.source import Source
from ann_tui.data.reading.head import Head
from ann_tui.data.reading.memory import BASE, GROWTH, available_memory, readable_size
from ann_tui.data.reading.opening import Opened
from ann_tui.data.reading.read_error import TooLargeError

_UNPACKED = {"gz": 5.0, "bz2": 6.0, "xz": 7.0, "zst": 5.0, "zip": 5.0}
_TEXT_OBJECT = 57


def table_bytes(opened: Opened, head: Head) -> tuple[int, int]:
    """The estimated number of rows and size in bytes of the whole table in memory."""
    size = opened.size * _UNPACKED.get(opened.compression, 1.0)
    if opened.compression and opened.position() > 65536:
        size = opened.size * len(head.raw) / min(opened.position(), opened.size)
    if head.dialect.encoding.startswith(("utf-16", "utf16")):
        size /= 2
    rows = int(size / max(1.0, head.record_bytes))
    each = 8.0 * (head.layout.width + 1) + len(head.plan.texts) * _TEXT_OBJECT + head.text_bytes
    return rows, int(rows * each)


def refuse_too_large(opened: Opened, head: Head, source: Source, shown: str) -> None:
    """Raise TooLargeError, with the sizes and a way out, where the table would not fit in memory."""
    available = available_memory()
    if not available or head.complete:
        return
    rows, size = table_bytes(opened, head)
    kept = min(1.0, (source.sample_rows or rows) / max(1, rows))
    needed = int(size * kept * GROWTH) + BASE
    if needed <= available:
        return
    fitting = max(1, int(rows * max(0.0, available - BASE) / (size * GROWTH) * 0.5))
    digits = 10 ** max(0, len(str(fitting)) - 2)
    fitting = max(1, fitting // digits * digits)
    raise TooLargeError(
        f"{shown} ({readable_size(opened.size)}, about {rows:,} rows) needs some {readable_size(needed)} of memory and "
        f"{readable_size(available)} are free: read a sample of its rows (sample_rows = {fitting})",
        needed=needed,
        available=available,
        rows=fitting,
    )
