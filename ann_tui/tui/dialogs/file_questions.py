"""The questions before a whole file is predicted: which one, where the answers go, and whether to replace that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.tui.file_prediction import problem_with_output, suggested_output
from ann_tui.tui.prompt import Confirm, LinePrompt

if TYPE_CHECKING:
    from ann_tui.tui.answerer import Answerer
    from ann_tui.tui.dialog import Asks


def ask_input(asking: Asks, answerer: Answerer, found: Callable[[str], None]) -> None:
    """Ask which file to predict, and unless the person leaves call `found` with it."""
    hint = f"A file with the features of this one; {answerer.fitted.target.name} need not be among them."
    asking.ask(
        LinePrompt("Predict for the rows of", answerer.data, problem_with_path, hint),
        lambda path: None if path is None else found(path),
    )


def ask_output(asking: Asks, path: str, begin: Callable[[str], None]) -> None:
    """Ask where the predictions of a file go, and unless the person leaves call `begin` with the file to write."""

    def confirm(out: str | None) -> None:
        if out is None:
            return
        if not Path(out).expanduser().exists():
            begin(out)
            return
        asking.ask(
            Confirm(f"{Path(out).name} exists. Replace it?", "What it holds now is lost."),
            lambda yes: begin(out) if yes else None,
        )

    asking.ask(
        LinePrompt(
            "Write the predictions to",
            suggested_output(path),
            lambda text: problem_with_output(path, text),
            "The rows as they are, the prediction, and the probability of each class.",
        ),
        confirm,
    )


def problem_with_path(path: str) -> str | None:
    """Why a typed path names no file to read; None where it does."""
    return None if Path(path).expanduser().is_file() else "there is no such file"
