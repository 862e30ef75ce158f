"""The keys that work on every screen."""

from __future__ import annotations

from textual.binding import Binding

from ann_tui.experiments.workbench import Step

KEYS = [
    Binding("t", "train", "train now", show=False, id="train", tooltip="Train a network with what is set"),
    *(
        Binding(
            str(step.number),
            f"go('{step.value}')",
            step.heading,
            show=False,
            id=f"go.{step.value}",
            tooltip=f"Go to step {step.number}, {step.heading}",
        )
        for step in Step
    ),
    Binding("u", "undo", "undo", show=False, id="undo", tooltip="Take back the last change"),
    Binding("U", "redo", "redo", show=False, id="redo", tooltip="Make the change again that was taken back"),
    Binding(
        "y",
        "copy",
        "copy",
        show=False,
        id="copy",
        tooltip="Copy the cell, the row, the table or the panel in focus",
    ),
    Binding("ctrl+s", "save", "save", show=False, id="save", tooltip="Save the model or the experiment"),
    Binding(
        "ctrl+o",
        "open_any",
        "open",
        show=False,
        id="open_any",
        tooltip="Open a table, an experiment or a model from the folders",
    ),
    Binding("o", "open", "open", id="open", tooltip="Open a sample, a recent file, or another one"),
    Binding(
        "f1,question_mark",
        "help",
        "help",
        show=False,
        id="help",
        tooltip="What this screen is for, and all its keys",
    ),
    Binding(
        "f2",
        "runs",
        "runs",
        show=False,
        id="runs",
        tooltip="All runs of this table, earlier ones too: use, compare, name, pin, save or delete one",
    ),
    Binding(
        "L",
        "lesson",
        "lesson",
        show=False,
        id="lesson",
        tooltip="A lesson in twelve pages on the table that is open, or leave it",
    ),
    Binding(
        "greater_than_sign",
        "turn_page(1)",
        "next page",
        show=False,
        id="lesson.on",
        key_display=">",
        tooltip="The next page of the lesson",
    ),
    Binding(
        "less_than_sign",
        "turn_page(-1)",
        "page before",
        show=False,
        id="lesson.back",
        key_display="<",
        tooltip="The page of the lesson before",
    ),
    Binding(
        "f3",
        "sweep",
        "sweep",
        show=False,
        id="sweep",
        tooltip="Try many designs: layers, rate, batch, scaling …; the validation rows choose",
    ),
    Binding("ctrl+q", "quit", "quit", show=False, id="quit", priority=True, tooltip="Leave ann-tui"),
]
