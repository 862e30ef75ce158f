"""A screen's stylesheet stays loaded when another screen is shown, so that its rules must not fit there."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import ann_tui

SHEETS = sorted(Path(ann_tui.__file__).parent.rglob("*.tcss"))
SHARED = {"#answers-panel"}
"""The panel of answers looks the same on Train and Evaluate."""


def test_no_two_stylesheets_style_the_same_id() -> None:
    sheets = defaultdict(set)
    for path in SHEETS:
        for selectors in re.findall(r"([^{}]+)\{", path.read_text(encoding="utf-8")):
            for selector in selectors.split(","):
                if selector.strip().startswith("#") and " " not in selector.strip():
                    sheets[selector.strip()].add(path.name)
    assert len(sheets) > 20
    assert {name for name, users in sheets.items() if len(users) > 1} <= SHARED
