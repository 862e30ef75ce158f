"""The inks of what pictures have in common."""

from __future__ import annotations

from ann_tui.tui.charts.canvas import Ink

TEXT, FAINT, FRAME = Ink("foreground"), Ink("muted"), Ink("border")
HERE = Ink("accent", bold=True)
"""Where the person stands."""
