"""What becomes of text that came at once, from a terminal that does not mark what is pasted."""

from __future__ import annotations

from textual.events import Key, Paste
from textual.widget import Widget
from textual.widgets import Input

from ann_tui.tui.terminal.input_messages import PastedUnmarked


def put_pasted(pasted: PastedUnmarked, focused: Widget | None) -> bool:
    """Put the text into the line that is edited, and end it there where it is one line; False where none is edited.

    Anywhere else its letters would be taken for keys.
    """
    if not isinstance(focused, Input):
        return False
    text = pasted.text.rstrip("\r\n")
    if text:
        focused.post_message(Paste(text))
    one_line = text != pasted.text and len(text.splitlines()) <= 1
    if one_line and not (pasted.continues and text):
        focused.post_message(Key("enter", "\r"))
    return True
