"""A training of the command line that outlasts the program: put away while it goes on, and taken up again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ann_tui.experiments.run import Run
    from ann_tui.experiments.unfinished import Unfinished


def left_behind(file: str | None) -> Unfinished:
    """The newest unfinished training, or that of a table. Raises ClickException where there is none."""
    from ann_tui.data.plain_text import shown_path
    from ann_tui.experiments.unfinished import left_behind

    table = None if file is None else str(Path(file).absolute())
    found = next((each for each in left_behind() if table in (None, each.about.table)), None)
    if found is None:
        of_it = "" if file is None else f" of {shown_path(file)}"
        raise click.ClickException(f"no training{of_it} was interrupted")
    return found


def outlast(run: Run, resumed: Unfinished | None) -> str:
    """Let a run be put away while it trains, and one that is resumed stand where it stood; why not, or ""."""
    from ann_tui.experiments.unfinished import put_away

    if resumed is not None:
        resumed.resume(run)
        return ""
    try:
        put_away(run)
    except OSError as error:
        return f"the training can't be put away, and could not go on after a power cut: {error.strerror or error}"
    return ""
