"""Scripts of the samples as they were last read by a person."""

from __future__ import annotations

import ast

import pytest
from export.golden_scripts import GOLDEN, scripts

from ann_tui.export.code_text import used_names


def test_the_scripts_are_those_that_are_kept() -> None:
    """After a change that is meant, `python -m tests.export.golden_scripts` keeps the new ones; read them then."""
    found = dict(scripts())
    assert {f"{name}.txt" for name in found} == {path.name for path in GOLDEN.iterdir()}
    for name, text in found.items():
        assert text == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8"), name


def test_a_script_is_read_in_one_sitting() -> None:
    """The steps stand in their order, no line is too long, and none has hundreds of lines of numbers."""
    for name, text in scripts():
        titles = [line for line in text.split("\n") if line.startswith("# ")]
        steps = ["# 1. ", "# 2. ", "# 3. ", "# 4. ", "# Evaluate", "# Predict"]
        places = [next(place for place, line in enumerate(titles) if line.startswith(step)) for step in steps]
        assert places == sorted(places), name
        assert len(text.split("\n")) < 320, name
        assert max(map(len, text.split("\n"))) <= 120, name


def test_the_names_that_code_uses_are_found_without_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app reads keys by `ast` in another thread, and two trees at once end in an error in Python 3.11."""
    monkeypatch.delattr(ast, "parse")
    body = "    z = {'n': x.layers}\n    return f'{inner(z)}', call(layers=[q for q in z])\n"
    code = f"import a\n\n\ndef f(x, y=late):\n{body}"
    assert used_names(code) == {"late", "x", "inner", "z", "call", "q"}
