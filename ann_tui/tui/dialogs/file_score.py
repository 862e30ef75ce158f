"""How good a network is on the labelled rows of a file: what `ann-tui evaluate` prints, over the screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from ann_tui.figures import counted
from ann_tui.tui.dialog import Dialog
from ann_tui.tui.prompt import LinePrompt
from ann_tui.tui.text import plain, unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.file_score import FileScore
    from ann_tui.tui.answerer import Answerer
    from ann_tui.tui.dialog import Asks

MOST_NOTES = 12


def score_a_file(asking: Asks, answerer: Answerer) -> None:
    """Ask for a labelled file, and unless the person leaves show the score on it."""
    target = plain(answerer.fitted.target.name, 40).plain

    def begin(path: str | None) -> None:
        if path is not None:
            asking.ask(FileScoreScreen(answerer, str(Path(path).expanduser())))

    asking.ask(
        LinePrompt(
            "Score it on the rows of",
            answerer.data,
            lambda path: None if Path(path).expanduser().is_file() else "there is no such file",
            f"A file with the features of this one, and with {target}, the true values.",
        ),
        begin,
    )


class FileScoreScreen(Dialog[None]):
    """Scores a file in a thread and shows the figures, or why there are none."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar = [
        Binding("escape,q", "close", "close", show=False),
        Binding("y", "app.copy", "copy", show=False),
    ]

    @dataclass
    class Scored(Message):
        """The score; or `problem` says why there is none."""

        score: FileScore | None
        problem: str | None = None

    def __init__(self, answerer: Answerer, path: str) -> None:
        super().__init__()
        self._answerer, self._path = answerer, path

    def compose(self) -> ComposeResult:
        """A page that says what is being done, and then what came of it."""
        with VerticalScroll(id="help", classes="panel") as page:
            page.border_title = plain(f"Scored on {Path(self._path).name}", 80)
            page.border_subtitle = "esc closes"
            for name in ("said", "figures", "classes", "notes"):
                yield Static("", id=name)

    def on_mount(self) -> None:
        """Begin to score."""
        self.query_one("#help").focus()
        self.query_one("#said", Static).update(Text("scoring …"))
        self.app.run_worker(self._score, thread=True, exit_on_error=False, group="score")

    def _score(self) -> None:
        from ann_tui.experiments.file_score import score_file

        try:
            scored = self.Scored(score_file(self._answerer.model(), self._path, baselines=False))
        except (ValueError, OSError) as error:
            scored = self.Scored(None, str(error))
        except Exception as error:
            scored = self.Scored(None, unforeseen(error))
        self.post_message(scored)

    @on(Scored)
    def _show(self, message: Scored) -> None:
        from ann_tui.evaluation.cautions import cautions
        from ann_tui.tui.widgets.evaluation_tables import class_table, network_table

        score = message.score
        if score is None:
            problem = plain(message.problem or "", 300)
            problem.stylize(self.app.theme_variables["warning"])
            self.query_one("#said", Static).update(problem)
            return
        evaluation = score.evaluation
        rows = counted(evaluation.scores[evaluation.judged].rows, "row")
        what = f"{rows} of {score.total:,} judge" if score.total else rows
        judged = f"{what}, the {evaluation.judged} rows of the training" if score.training_file else what
        self.query_one("#said", Static).update(Text(judged))
        self.query_one("#figures", Static).update(network_table(evaluation, evaluation))
        classes: Table | str = ""
        if evaluation.confusion is not None:
            classes = class_table(
                evaluation.confusion, evaluation.judged if score.training_file else "file's"
            )
        self.query_one("#classes", Static).update(classes)
        known = (f"caution: {caution.text}" for caution in cautions(evaluation))
        notes = [*known, *score.notes, *(f"line {row.line}: {row.reason}" for row in score.dropped)]
        more = [f"… {counted(len(notes) - MOST_NOTES, 'more note')}"] if len(notes) > MOST_NOTES else []
        shown = (plain(note, 400).plain for note in [*notes[:MOST_NOTES], *more])
        self.query_one("#notes", Static).update(Text("\n".join(shown), style="dim"))

    def action_close(self) -> None:
        """Back to the screen."""
        self.dismiss(None)
