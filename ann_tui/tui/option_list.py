"""A fault of Textual's list of options, mended for all lists, those of its palette and of file dialogs as well."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from textual.widgets import OptionList

_move_page = OptionList._move_page


def _move_page_once_laid_out(options: OptionList, direction: Any) -> None:
    with suppress(KeyError):
        _move_page(options, direction)


def mend_option_lists() -> None:
    """Let a page key do nothing as long as no line is laid out; it looked up a line that no layout had placed yet."""
    OptionList._move_page = _move_page_once_laid_out  # type: ignore[assignment, method-assign]
