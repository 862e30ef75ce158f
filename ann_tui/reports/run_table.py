"""The kept runs for a person at the command line: a line a run, or all that is known of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ann_tui.data.plain_text import printable, shown_path
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.experiments.kept.run_list import ListedRun, listed
from ann_tui.figures import ago, counted, duration
from ann_tui.reports.console import report_console

if TYPE_CHECKING:
    from ann_tui.experiments.kept.stored_run import StoredRun


def run_table(runs: Sequence[StoredRun], *, with_tables: bool) -> None:
    """Print a line a run, in their order; what differs is told from the first run of the same table."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("id", "run", *(("table",) if with_tables else ()), "from", "epochs", "validation", "test", "time",
                    "when", "differs"):  # fmt: skip
        right = heading in ("run", "epochs", "validation", "test", "time")
        table.add_column(Text(heading), justify="right" if right else "left", no_wrap=heading != "differs")
    first: dict[str, ListedRun] = {}
    for run, each in zip(runs, listed((), runs, lambda run: None), strict=True):
        front = first.setdefault(run.record.digest or run.record.table, each)
        table.add_row(*map(Text, _cells(run, each, front, with_tables=with_tables)))
    report_console().print(table)


def _cells(run: StoredRun, each: ListedRun, front: ListedRun, *, with_tables: bool) -> list[str]:
    label = each.label
    marks = ("◇ " if label.pinned else "") + (printable(label.name, 24) or str(each.number or "–"))
    differs = ", ".join(each.differs_from(front)) if each is not front else each.network
    looks = f" ({each.looks})" if each.looks > 1 else ""
    names = [printable(Path(run.record.table).name, 30)] if with_tables else []
    note = f"“{printable(label.note, 60)}” " if label.note else ""
    return [
        run.short_id,
        marks,
        *names,
        f"{each.parent} @ {each.began_at:,}" if each.parent else "–",
        f"{each.best_epoch:,}/{each.epochs:,}",
        metric_text(each.metric, each.validation),
        "–" if each.test is None else f"{metric_text(each.metric, each.test)}{looks}",
        duration(each.seconds),
        ago(datetime.fromisoformat(run.record.kept)),
        note + printable(differs, 200),
    ]


def print_run(run: StoredRun) -> None:
    """Print all that is kept of a run."""
    record, out = run.record, report_console()

    def line(name: str, text: str) -> None:
        if text:
            out.print(Text.assemble((f"{name:<34}", "dim"), printable(text, 400)))

    line("run", " · ".join(filter(None, (run.id, record.name, "pinned" if record.pinned else ""))))
    line("note", record.note)
    line("table", f"{shown_path(record.table)} → {record.target}")
    line(
        "began",
        f"{record.began}" + (f", after epoch {record.began_at} of {record.parent}" if record.parent else ""),
    )
    line("ended", f"{record.state} after {counted(record.epochs, 'epoch')}, {duration(record.seconds)}")
    line("kept weights", _weights(run))
    line("saved as", record.saved_as)
    for part, metrics in (("validation", record.metrics), ("test", record.test)):
        for metric, figure in metrics.items():
            line(f"{part} {METRIC_TITLES.get(metric, metric)}", metric_text(metric, figure))
    if record.looks:
        line(
            "test rows",
            f"{counted(record.looks, 'network')} of this table had been looked at on them by then",
        )
    for each in record.steered:
        line("changed by hand", each)
    for name, value in record.choices.items():
        line(name, value)


def _weights(run: StoredRun) -> str:
    if run.model is None:
        return "none: only scores and choices are kept"
    newest = ", and the newest" if run.newest is not None else ""
    return f"of epoch {run.record.best_epoch}{newest}; {run.size:,} bytes with the answers"
