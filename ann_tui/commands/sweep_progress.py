"""A sweep under way on a terminal: its best trials, how far it is, and how long it still takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from ann_tui.figures import counted, duration, percent
from ann_tui.reports.console import SafeConsole

if TYPE_CHECKING:
    from ann_tui.experiments.sweeps.sweep_standing import SweepStanding

SHOWN = 8
"""So many trials are shown meanwhile."""


@contextmanager
def sweep_progress(standing: SweepStanding, *, shown: bool) -> Iterator[Callable[[], None]]:
    """A table on standard error, gone afterwards; what is given brings it up to date."""
    if not shown:
        yield lambda: None
        return
    with Live(console=SafeConsole(stderr=True), transient=True, refresh_per_second=4) as live:
        yield lambda: live.update(_picture(standing, live.console.width))


def _picture(standing: SweepStanding, width: int) -> Group:
    from ann_tui.reports.sweep_report import trial_table

    left = standing.seconds_left
    said = (
        f"{counted(standing.ended, 'trial')} of {standing.sweep.trials} done · {percent(standing.share, 0)}"
    )
    if left is not None:
        said += f" · at most {duration(left)} left"
    table = trial_table(standing, SHOWN, width)
    bar = ProgressBar(total=1.0, completed=standing.share, width=40)
    return Group(table, Text(), bar, Text(said))
