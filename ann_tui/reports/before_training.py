"""What a person should know of a table before a network is trained on it: what is not as it looks, or lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ann_tui.data.plain_text import printable

if TYPE_CHECKING:
    from ann_tui.experiments.derived import LoadedData

OF_CELLS = (
    "mixed types", "no number", "several units", "long numbers", "number form", "point groups", "inconsistent labels",
    "two spellings", "leading zeros", "date order",
)  # fmt: skip
"""The kinds of findings that tell of cells which are not what they look like, or not taken."""


def notes_before(data: LoadedData) -> tuple[str, ...]:
    """The warnings of reading, the lines left out, and findings about cells of the target and of the features.

    Also columns left out whose cells could be numbers.
    """
    return tuple(_notes(data))


def _notes(data: LoadedData) -> Iterator[str]:
    table, profile = data.table, data.profile
    yield from table.warnings
    if table.dropped:
        first = "; ".join(f"line {row.line}: {row.reason}" for row in table.dropped[:3])
        count = "1 line" if len(table.dropped) == 1 else f"{len(table.dropped):,} lines"
        yield f"{count} left out ({first}{'; …' if len(table.dropped) > 3 else ''})"
    for column in profile.columns:
        name = printable(column.name, 40)
        for finding in column.findings:
            if finding.kind not in OF_CELLS or (finding.severity == "note" and finding.kind != "no number"):
                continue
            if column.name == profile.target and finding is profile.doubted_target:
                continue
            option = "" if finding.remedy is None else finding.remedy.option
            how = f"; to {finding.remedy.text}: {option}" if finding.remedy is not None and option else ""
            if column.used or column.name == profile.target:
                yield f"{name}: {finding.text}{how}"
            elif option or finding.kind == "several units":
                yield f"{name} is left out: {finding.text}{how}"
