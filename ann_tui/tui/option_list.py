"""Textual's list of options, for keys that come before it is laid out."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from textual.widgets import OptionList


class EarlyOptionList(OptionList):
    """A list in which a page key does nothing as long as no line of it has been laid out."""

    def _move_page(self, direction: Any) -> None:
        # Textual looks up the line of the highlighted option, which no layout has given a place yet.
        with suppress(KeyError):
            super()._move_page(direction)
