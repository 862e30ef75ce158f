"""Writing the report of a run: one name to type, its ending says whether it is a page or Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.tui.app.part_message import PartMessage
from ann_tui.tui.app.saver import file_name
from ann_tui.tui.text import unforeseen

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.tui.host import Host

SUFFIXES = (".html", ".md")


@dataclass
class ReportEnded(PartMessage):
    """A report stands in a file; or `problem` says why not."""

    path: Path
    problem: str | None


class Reporter:
    """Puts what is known of a run into one file."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def report(self, run: Run) -> None:
        """Ask for a name, then write the report of a judged run under it."""
        from ann_tui.tui.prompt import LinePrompt

        evaluation = run.evaluation
        if evaluation is None or evaluation.pending:
            self._host.say("the baselines are being computed: W writes the report as soon as they are there")
            return
        stem = Path(run.experiment.source.path).name.split(".")[0]
        name = f"{stem}-{file_name(evaluation.target.name)}.html"
        hint = (
            ".html: one page that stands alone. .md: Markdown. Verdict, data, network, curves, scores, limits, and how "
            "to run it again."
        )
        self._host.ask(
            LinePrompt("Report as", name, problem_with_name, hint),
            lambda typed: None if typed is None else self._write_as(run, Path(typed).expanduser()),
        )

    def _write_as(self, run: Run, path: Path) -> None:
        from ann_tui.tui.prompt import Confirm

        if not path.exists():
            self._write(run, path)
            return
        question = Confirm(f"{path.name} exists. Replace it?", "What it holds now is lost.")
        self._host.ask(question, lambda yes: self._write(run, path) if yes else None)

    def _write(self, run: Run, path: Path) -> None:
        looks = run.looks

        def work() -> None:
            from ann_tui.reports.writing import reported, write_page

            problem = None
            try:
                write_page(reported(run, looks), path)
            except (ValueError, OSError) as error:
                problem = " ".join(str(error).split())
            except Exception as error:
                problem = unforeseen(error)
            self._host.post_message(ReportEnded(path, problem))

        self._host.say("the report is being written …", warning=False, about="report")
        self._host.in_thread(work, "report")

    def show_ended(self, message: ReportEnded) -> None:
        """Say where the report stands, or why it does not."""
        self._host.over("report")
        if message.problem is not None:
            self._host.say(f"{message.path.name} was not written: {message.problem}")
        else:
            self._host.say(f"the report stands in {message.path}", warning=False)


def problem_with_name(name: str) -> str | None:
    """What is wrong with the name of a report; None where it can be written."""
    path = Path(name).expanduser()
    if path.suffix.casefold() not in SUFFIXES:
        return "end the name in .html for a page or .md for Markdown"
    if path.is_dir():
        return f"{path} is a folder"
    return None if path.parent.is_dir() else f"there is no folder {path.parent}"
