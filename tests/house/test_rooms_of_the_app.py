"""The modules of the app stand in an order: none leads back to itself, not even by a type."""

from __future__ import annotations

import ast
from pathlib import Path

import ann_tui

PACKAGE = Path(ann_tui.__file__).parent
TUI = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path
    for path in sorted((PACKAGE / "tui").rglob("*.py"))
}


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names & TUI.keys()


def test_no_module_of_the_app_leads_back_to_itself() -> None:
    waiting = {module: _imported(path) for module, path in TUI.items()}
    assert sum(map(len, waiting.values())) > 100
    while ready := {module for module, needs in waiting.items() if not needs & waiting.keys()}:
        waiting = {module: needs for module, needs in waiting.items() if module not in ready}
    assert not waiting, f"they import each other: {sorted(waiting)}"


def test_screens_and_dialogs_know_no_part_of_the_app() -> None:
    for module, path in TUI.items():
        if not module.startswith("ann_tui.tui.app."):
            known = {name for name in _imported(path) if name.startswith("ann_tui.tui.app.")}
            assert not known, f"{module} imports {known}"


def test_no_screen_takes_the_app_for_its_host() -> None:
    """What a screen wants of the app, `ScreenHost` has to say."""
    parts = {"workbench", "opener", "editor", "saver", "runner", "steps", "reading", "pace", "edit", "say"}
    for module, path in TUI.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
                assert not (node.value.attr == "app" and node.attr in parts), f"{module}: app.{node.attr}"
