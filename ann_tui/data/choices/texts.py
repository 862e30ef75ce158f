"""What can become of free text, each with how it is cut up.

To add an option, enter it here: the app, the command line and the experiment file list it by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ann_tui.choice_fields import Option


@dataclass(frozen=True)
class TextOption(Option):
    """One entry of `TEXT`: `cut` gives the pieces of a text that are counted, which are called `pieces`.

    It may also be the name of one of scikit-learn's analyzers, which cuts runs of so many units as `lengths` says.
    Without `cut` texts are left out.
    """

    cut: str | Callable[[str], list[str]] | None = None
    lengths: tuple[int, int] = (1, 1)
    pieces: str = ""


TEXT: dict[str, TextOption] = {
    each.name: each
    for each in (
        TextOption("leave out", "don't use free text, but for columns that you keep (as hashed words)"),
        TextOption(
            "hashed words",
            "count words and pairs of words in 64 hashed columns",
            cut="word",
            lengths=(1, 2),
            pieces="words",
        ),
        TextOption(
            "hashed letters",
            "count runs of 3 to 5 letters in 64 hashed columns: spelling may vary",
            cut="char_wb",
            lengths=(3, 5),
            pieces="letters",
        ),
    )
}
KEPT_TEXT = "hashed words"
