"""Names cut to a width, so that those which begin alike can still be told apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from ann_tui.data.plain_text import printable


def told_apart(names: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Each name in at most its width, one line, safe to show.

    Where cutting makes some alike that differ, they go without the words with which all begin; and where that is not
    enough, those that are still alike are shown from where they begin to differ. Names that differ in more places than
    there is room for may stay alike.
    """
    cut = [printable(name, width) for name, width in zip(names, widths, strict=True)]
    if len(set(cut)) == len(set(names)):
        return cut
    begin = re.match(r".*[\W_]", _common_beginning(names), re.DOTALL)
    if begin is not None:
        rest = [
            printable(f"…{name[begin.end() :]}", width) for name, width in zip(names, widths, strict=True)
        ]
        cut = rest if len(set(rest)) > len(set(cut)) else cut
    return _by_first_difference(names, widths, cut)


def _by_first_difference(names: Sequence[str], widths: Sequence[int], cut: list[str]) -> list[str]:
    """The same, with what is alike shown from where it begins to differ, as often as that tells more apart."""
    while True:
        alike: dict[str, list[int]] = defaultdict(list)
        for place, short in enumerate(cut):
            alike[short].append(place)
        found = list(cut)
        for places in alike.values():
            group = [names[place] for place in places]
            if len(set(group)) < 2:
                continue
            shared = len(_common_beginning(group))
            for place in places:
                before = max(0, min(shared, (widths[place] - 2) // 3))
                found[place] = printable(f"…{names[place][shared - before :]}", widths[place])
        if len(set(found)) <= len(set(cut)):
            return cut
        cut = found


def _common_beginning(names: Sequence[str]) -> str:
    """What all names begin with."""
    first, last = min(names), max(names)
    length = next(
        (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None
    )
    return first[:length]
