"""A word that a newcomer meets, and what it is on the screen in front."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ann_tui.experiments.workbench import Workbench

Here = Callable[[Workbench], str]


def nothing_here(workbench: Workbench) -> str:
    """Nothing is to be said of the open table."""
    return ""


@dataclass(frozen=True)
class Word:
    """A word: what it is in a sentence or two, and what it is called elsewhere, where that differs.

    `here` says what it is on the open table and its runs, in figures that stand on the screen; "" where there is
    nothing to be said yet. `places` are the panels that it explains, by their ids, a view of one as "panel:view",
    and a line of a table as "panel:line".
    """

    name: str
    says: str
    elsewhere: str = ""
    here: Here = nothing_here
    places: tuple[str, ...] = ()


def place_of_word(words: Sequence[Word], places: Sequence[str]) -> int:
    """The first word that explains one of the places, which are named from the narrowest to the widest; or 0."""
    for place in places:
        for number, word in enumerate(words):
            if place in word.places:
                return number
    return 0
