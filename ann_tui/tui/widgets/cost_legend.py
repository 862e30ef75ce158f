"""What stands over the picture of the cost: each line with its name and its figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.text import Text

from ann_tui.figures import number
from ann_tui.training.history import EpochRow
from ann_tui.tui.text import plain
from ann_tui.tui.widgets.cost_plot import BEST, Overlay, Reference

Piece = tuple[str, str, str]
"""A sign, the name of its colour, and the words after it."""
APART = "  "


def cost_legend(
    row: EpochRow | None,
    best_epoch: int | None,
    width: int,
    colours: Mapping[str, str],
    *,
    references: Sequence[Reference] = (),
    overlays: Sequence[Overlay] = (),
    beyond: Callable[[float], str] = lambda cost: "",
    lines: int = 2,
) -> Text:
    """Up to `lines` lines in `width` cells: the costs of an epoch's `row`, then what they are compared with.

    Names are shortened where there is little room, and what does not fit is counted. `beyond` gives an arrow for a
    reference that lies outside of the picture.
    """
    text = Text(no_wrap=True)
    own = [_own(row, best_epoch, *how) for how in ((False, 3), (True, 3), (True, 2))]
    others = [_others(references, overlays, beyond, short) for short in (False, True)]
    own, others = ([*choices, _with_short_signs(choices[-1])] for choices in (own, others))
    _append(text, _fitting(own, width), colours)
    if lines > 1 and others[0]:
        text.append("\n")
        _append(text, _fitting(others, width), colours)
    return text


def _own(row: EpochRow | None, best_epoch: int | None, short: bool, digits: int) -> list[Piece]:
    if row is None:
        return []
    names = ("train", "valid") if short else ("training", "validation")
    pieces = [("⠒⠒", "line-training", f"{names[0]} {number(row.training_cost, digits)}")]
    if row.validation_cost is not None:
        pieces.append(("▀▀", "line-validation", f"{names[1]} {number(row.validation_cost, digits)}"))
        gap = row.validation_cost - row.training_cost
        pieces.append(("", "", f"gap {number(gap, 2)}"))
    if best_epoch is not None:
        pieces.append((BEST, "muted", f"best {best_epoch:,}"))
    return pieces


def _others(
    references: Sequence[Reference], overlays: Sequence[Overlay], beyond: Callable[[float], str], short: bool
) -> list[Piece]:
    pieces = [
        (
            beyond(each.cost) or each.character * 2,
            "muted",
            f"{each.short if short else each.name} {number(each.cost, 2 if short else 3)}",
        )
        for each in references
    ]
    for overlay in overlays:
        name = plain(overlay.name, 10 if short else 24).plain
        pieces.append((overlay.mark, "foreground", f"{name} {number(overlay.newest, 2 if short else 3)}"))
    return pieces


def _with_short_signs(pieces: Sequence[Piece]) -> list[Piece]:
    return [(sign[:1], colour, words) for sign, colour, words in pieces]


def _fitting(choices: Sequence[list[Piece]], width: int) -> list[Piece]:
    """The first choice that fits; of the last one as much as does, and how many more there are."""
    for pieces in choices:
        if _length(pieces) <= width:
            return pieces
    pieces = list(choices[-1])
    left = 0
    while pieces and _length([*pieces, ("", "", f"+{left}")] if left else pieces) > width:
        pieces.pop()
        left += 1
    return [*pieces, ("", "", f"+{left}")] if pieces else []


def _length(pieces: Sequence[Piece]) -> int:
    return Text(APART.join(f"{sign} {words}".strip() for sign, _, words in pieces)).cell_len


def _append(text: Text, pieces: Sequence[Piece], colours: Mapping[str, str]) -> None:
    for place, (sign, colour, words) in enumerate(pieces):
        text.append(APART if place else "")
        if sign:
            text.append(f"{sign} ", style=colours[colour])
        text.append(words, style=colours["muted"] if colour == "muted" else "")
