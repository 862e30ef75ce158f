"""The keys of Predict that concern whole files: predicting one, and judging the network on one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from ann_tui.figures import counted
from ann_tui.tui.answerer import Answerer
from ann_tui.tui.dialogs.file_questions import ask_input, ask_output
from ann_tui.tui.dialogs.file_score import score_a_file
from ann_tui.tui.file_prediction import FilePrediction, predict_file, problem_with_input
from ann_tui.tui.screens.step_screen import StepScreen
from ann_tui.tui.text import plain, unforeseen

if TYPE_CHECKING:
    from ann_tui.tui.host import ScreenHost


class PredictsFiles(StepScreen):
    """A screen whose `answerer` predicts for whole files, beside the form."""

    @dataclass
    class FileLookedInto(Message):
        """A file can be predicted, as far as it begins; or `problem` says why not."""

        answerer: Answerer
        path: str
        problem: str | None

    @dataclass
    class FileProgress(Message):
        """So much of a file is predicted."""

        text: str

    @dataclass
    class FileEnded(Message):
        """A file is predicted; or `problem` says why not."""

        done: FilePrediction | None
        problem: str | None

    def __init__(self, host: ScreenHost) -> None:
        super().__init__(host)
        self._writing = False
        self._answerer: Answerer | None = None

    def _show_answer(self) -> None:
        """Show what the network says to the form."""
        raise NotImplementedError

    def action_predict_file(self) -> None:
        """Ask which file to predict; when it can be, where the answers go, and begin."""
        answerer = self._answerer
        if answerer is None or self._writing:
            self.host.say("a file is being predicted" if self._writing else "train a network first: t")
            return
        ask_input(self, answerer, lambda path: self._look_into(answerer, path))

    def action_score_file(self) -> None:
        """Ask for a file that has the target, and show how good the network is on it."""
        if self._answerer is None:
            self.host.say("train a network first: t", about="training")
        else:
            score_a_file(self, self._answerer)

    def _look_into(self, answerer: Answerer, path: str) -> None:
        def work() -> None:
            try:
                problem = problem_with_input(answerer.model(), path)
            except Exception as error:
                problem = unforeseen(error)
            self.post_message(self.FileLookedInto(answerer, path, problem))

        self.app.run_worker(work, thread=True, exit_on_error=False, group="predict")

    @on(FileLookedInto)
    def _go_on_with_file(self, message: FileLookedInto) -> None:
        answerer, path = message.answerer, message.path
        if message.problem is not None:
            self._show_problem_with_file(message.problem)
        elif not self._writing:
            ask_output(self, path, lambda out: self._begin_file(answerer, path, out))

    def _begin_file(self, answerer: Answerer, path: str, out: str) -> None:
        self._writing = True
        self._show_busy(f"predicting {Path(path).name} …")

        def work() -> None:
            worker = get_current_worker()

            def tell(text: str) -> None:
                self.post_message(self.FileProgress(text))

            try:
                done = predict_file(
                    answerer.model(),
                    path,
                    out,
                    progress=tell,
                    cancelled=lambda: worker.is_cancelled,
                )
            except (ValueError, OSError) as error:
                self.post_message(self.FileEnded(None, str(error)))
            except Exception as error:
                self.post_message(self.FileEnded(None, unforeseen(error)))
            else:
                self.post_message(self.FileEnded(done, None))

        self.app.run_worker(work, thread=True, exit_on_error=False, group="predict")

    def _show_busy(self, text: str) -> None:
        self.host.show_busy(text)
        self.query_one("#form-panel").border_subtitle = plain(text, 70)

    def _show_problem_with_file(self, problem: str) -> None:
        shown = plain(problem, 300).plain
        self.query_one("#file", Static).update(Text(shown, style=self.app.theme_variables["warning"]))
        self.host.say(shown)

    @on(FileProgress)
    def _show_file_progress(self, message: FileProgress) -> None:
        if self._writing:
            self._show_busy(message.text)

    @on(FileEnded)
    def _show_file_ended(self, message: FileEnded) -> None:
        self._writing = False
        self._show_busy("")
        self._show_answer()
        done = message.done
        if done is None:
            self._show_problem_with_file(message.problem or "the file could not be predicted")
            return
        name = plain(Path(done.out).name, 40).plain
        written = f"{counted(done.rows, 'row')} written to {name}"
        said = [written, *([done.score] if done.score else []), *done.notes[:8]]
        said += [f"… {counted(len(done.notes) - 8, 'more note')}"] if len(done.notes) > 8 else []
        self.query_one("#file", Static).update(
            Text("\n".join(plain(sentence, 160).plain for sentence in said), style="dim")
        )
        self.host.say(written, warning=False)
