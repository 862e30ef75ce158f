"""The page of a run, written into a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.atomic_file import atomic_file
from ann_tui.model.trained_model import file_sha256
from ann_tui.reports.background import background_of
from ann_tui.reports.page.as_html import as_html
from ann_tui.reports.page.as_markdown import as_markdown
from ann_tui.reports.page.model_card import page_of
from ann_tui.reports.reported_run import ReportedRun

if TYPE_CHECKING:
    from collections.abc import Callable

    from ann_tui.experiments.run import Run

WRITERS = {".html": as_html, ".md": as_markdown}
"""How a page is written, by the end of its file's name."""


def reported(run: Run, looks: int | None, cancelled: Callable[[], bool] = lambda: False) -> ReportedRun:
    """All that a page tells of a judged run, after so many looks at the test rows of its table."""
    found = ReportedRun.of_result(run.result(), looks)
    file = replace(found.file, sha256=file_sha256(Path(run.experiment.source.path)))
    return replace(found, file=file, background=background_of(run, cancelled))


def write_page(run: ReportedRun, path: Path) -> None:
    """Write the page to a file whose name ends in one of `WRITERS`, whole or not at all. Raises OSError."""
    text = WRITERS[path.suffix.casefold()](page_of(run, path.absolute().parent))
    with atomic_file(path) as file:
        file.write(text.encode())
