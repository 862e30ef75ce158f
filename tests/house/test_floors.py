"""Lower floors never import higher ones, and nothing heavy stands on the way to the first frame."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ann_tui

PACKAGE = Path(ann_tui.__file__).parent
FLOORS = (
    "figures",
    "relative_paths",
    "atomic_file",
    "data",
    "network",
    "training",
    "evaluation",
    "model",
    "experiments",
    "reports",
    "estimators",
    "tui",
    "commands",
    "cli",
)
INDEPENDENT = {("network", "data"), ("training", "data")}


def _modules() -> list[str]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in paths]


def _floor(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in FLOORS else None


def _imported(module: str) -> set[str]:
    path = PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py")
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.startswith("ann_tui.")}


@pytest.mark.parametrize("module", [module for module in _modules() if _floor(module)])
def test_no_floor_imports_a_higher_one(module: str) -> None:
    here = _floor(module)
    assert here is not None
    for name in _imported(module):
        there = _floor(name)
        if there is None or there == here:
            continue
        assert FLOORS.index(there) < FLOORS.index(here), f"{module} imports {name}"
        assert (here, there) not in INDEPENDENT, f"{module} imports {name}"


def test_every_module_stands_on_a_floor() -> None:
    assert {module for module in _modules() if _floor(module) is None} == {
        "ann_tui.__init__",
        "ann_tui.__main__",
    }


def _run(code: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_nothing_below_the_app_imports_textual() -> None:
    below = [
        module for module in _modules() if not module.startswith("ann_tui.tui") and "__main__" not in module
    ]
    code = f"""
import importlib, sys
for name in {below!r}:
    importlib.import_module(name.removesuffix(".__init__"))
    found = [module for module in sys.modules if module.split(".")[0].startswith("textual")]
    assert not found, (name, found)
"""
    _run(code)


@pytest.mark.parametrize("file", [None, "penguins.csv"])
def test_first_frame_needs_neither_pandas_nor_scikit_learn(file: str | None, sample_data: Path) -> None:
    """The first frame is what stands on the screen before the app's threads have begun."""
    path = None if file is None else str(sample_data / file)
    code = f"""
import asyncio, sys
from ann_tui.tui.app.app import AnnApp

AnnApp.run_worker = lambda self, *arguments, **options: None
AnnApp._warm_up = lambda self: None

async def main():
    app = AnnApp({path!r})
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.screen.is_mounted and app.screen.query("TopBar")
        heavy = [name for name in ("pandas", "sklearn", "scipy") if name in sys.modules]
        assert not heavy, heavy

asyncio.run(main())
"""
    _run(code)
