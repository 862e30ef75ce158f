"""The names of the columns: as the header says, made unique, with a name for those that have none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ann_tui.data.plain_text import printable


@dataclass(frozen=True)
class Names:
    """One name for each column, which of them were made up or changed, and whether the last one is a mere
    delimiter at the end of every line."""

    names: tuple[str, ...]
    warnings: tuple[str, ...]
    unnamed_last: bool = False


def column_names(header: Sequence[str] | None, widths: Sequence[int], last_empty: bool = False) -> Names:
    """Names for the columns of a table.

    `header` is the first record where it names the columns, else None; `widths` are the numbers of cells
    of the rows below. The width of the table is the header's, unless most rows agree on another one: rows with one
    cell more than the header begin with row names, unless the last cells are all empty (`last_empty`).
    """
    usual = Counter(widths).most_common(1)[0][0] if widths else 0
    if header is None:
        return Names(tuple(f"column_{place}" for place in range(1, usual + 1)), ())
    written = list(header)
    if usual == len(written) - 1 and not written[-1].strip() and usual:
        written.pop()
    elif usual == len(written) + 1 and last_empty:
        pass
    elif usual == len(written) + 1 and _share(widths, usual) > 0.5:
        written.insert(0, "")
    elif usual > len(written) and _share(widths, usual) > 0.5:
        written += [""] * (usual - len(written))
    unnamed_last = len(written) > 1 and not written[-1].strip()
    return _unique(written, unnamed_last)


def _share(widths: Sequence[int], width: int) -> float:
    return sum(size == width for size in widths) / len(widths) if widths else 0.0


def _unique(written: list[str], unnamed_last: bool) -> Names:
    taken = {name for name in written if name.strip()}
    seen: set[str] = set()
    names: list[str] = []
    renamed: list[str] = []
    for place, name in enumerate(written, 1):
        wanted = name if name.strip() else f"column_{place}"
        final = wanted
        number = 2
        while final in seen or (final != name and final in taken):
            final = f"{wanted}_{number}"
            number += 1
        seen.add(final)
        names.append(final)
        if final != name and not (unnamed_last and place == len(written)):
            old = printable(name, 30) if name.strip() else "no name"
            renamed.append(f"column {place} ({old}) is called {printable(final, 40)}")
    shown = "; ".join(renamed[:5]) + (f"; and {len(renamed) - 5} more" if len(renamed) > 5 else "")
    return Names(tuple(names), (f"Column names made unique: {shown}.",) if renamed else (), unnamed_last)
