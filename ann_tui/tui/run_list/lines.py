"""The lines of the list of runs: which columns there is room for, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.text import Text

from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.experiments.kept.run_list import BEST_FIRST, ListedRun
from ann_tui.figures import duration
from ann_tui.tui.text import plain

MARKS = "○□△◇☆"
"""What tells the curves of pinned runs apart, in the order of the list."""
LEAST_DIFFERS = 16
GAP = 2


@dataclass(frozen=True)
class Column:
    """A column: its heading, the order that it stands for, how it is written, and how soon it gives way (0 never)."""

    heading: str
    order: str
    cell: Callable[[ListedRun], str]
    gives_way: int = 0
    right: bool = False
    most: int = 14


COLUMNS = (
    Column("run", "run", lambda each: str(each.number), right=True),
    Column("name", "name", lambda each: each.label.name, gives_way=4, most=18),
    Column(
        "from",
        "from",
        lambda each: f"{each.parent} @ {each.began_at:,}" if each.parent else "–",
        gives_way=5,
    ),
    Column("epochs", "epochs", lambda each: f"{each.best_epoch:,}/{each.epochs:,}", gives_way=3, right=True),
    Column("validation", "validation", lambda each: _score(each, each.validation), right=True),
    Column("test", "test", lambda each: _test(each), gives_way=6, right=True),
    Column("time", "seconds", lambda each: duration(each.seconds), gives_way=2, right=True),
    Column("state", "state", lambda each: each.state, gives_way=1),
)


def _test(run: ListedRun) -> str:
    if run.test is None:
        return "–"
    looks = f" ({run.looks})" if run.looks > 1 else ""
    return f"{_score(run, run.test)}{looks}"


def _score(run: ListedRun, score: float | None) -> str:
    """A score as it reads without a heading: in percent, or with the name of its measure."""
    shown = metric_text(run.metric, score)
    return f"R² {shown}" if run.metric == "r2" and score is not None else shown


class RunLines:
    """The lines of some runs for a width; `front` is the one that is shown, which the others are told apart from."""

    def __init__(
        self,
        runs: Sequence[ListedRun],
        front: ListedRun | None,
        pinned: Sequence[ListedRun],
        width: int,
        order: tuple[str, bool],
    ) -> None:
        """`order` is what they are sorted by, and whether the other way round."""
        self._runs, self._front, self._order = runs, front, order
        self._marks = {id(run): mark for run, mark in marked(pinned)}
        shown = [
            column for column in COLUMNS if column.order != "name" or any(run.label.name for run in runs)
        ]
        self._widths = {column: self._width(column) for column in shown}
        while self._taken > width - LEAST_DIFFERS and (
            going := max((each for each in self._widths if each.gives_way), key=_gives_way, default=None)
        ):
            del self._widths[going]
        self._room = max(width - self._taken, 0)

    @property
    def _taken(self) -> int:
        return 4 + sum(width + GAP for width in self._widths.values())

    def _width(self, column: Column) -> int:
        longest = max((len(column.cell(run)) for run in self._runs), default=0)
        return max(min(longest, column.most), len(column.heading) + 2 * (column.order == self._order[0]))

    @property
    def heading(self) -> Text:
        """The headings; that of the order has an arrow down where the largest comes first."""
        text = Text("    ", no_wrap=True)
        order, turned = self._order
        for column, width in self._widths.items():
            heading = column.heading
            if column.order == order:
                heading += " ▼" if (order in BEST_FIRST) != turned else " ▲"
            text.append(heading.rjust(width) if column.right else heading.ljust(width)).append(" " * GAP)
        return text.append(f"differs from {self._front.name}" if self._front is not None else "choices")

    def line(self, place: int) -> Text:
        """The line of one of the runs."""
        run = self._runs[place]
        text = Text("● " if run is self._front else "  ", no_wrap=True)
        text.append(f"{self._marks.get(id(run), ' ')} ")
        for column, width in self._widths.items():
            cell = plain(column.cell(run), width)
            cell.align("right" if column.right else "left", width)
            text.append_text(cell).append(" " * GAP)
        return text.append_text(plain(self.differs(run), max(self._room, 1)))

    def differs(self, run: ListedRun) -> str:
        """What tells a run from the one in front; its note stands before it."""
        note = f"“{run.label.note}” " if run.label.note else ""
        if run is self._front or self._front is None:
            return note + run.network
        return note + (", ".join(run.differs_from(self._front)) or "nothing")

    def cells(self, place: int) -> list[str]:
        """All columns of one of the runs, to be copied."""
        run = self._runs[place]
        return [*(column.cell(run) for column in COLUMNS), run.label.note, self.differs(run)]


def marked(pinned: Sequence[ListedRun]) -> list[tuple[ListedRun, str]]:
    """The pinned runs with their marks, of which there are five."""
    return [(run, MARKS[place % len(MARKS)]) for place, run in enumerate(pinned)]


HEADINGS = [*(column.heading for column in COLUMNS), "note", "differs"]


def _gives_way(column: Column) -> int:
    return -column.gives_way


def metric_title(runs: Sequence[ListedRun]) -> str:
    """What the scores are, where all runs are judged alike."""
    metrics = {run.metric for run in runs if run.metric}
    return METRIC_TITLES[metrics.pop()] if len(metrics) == 1 else ""
