"""Sections about the rows: the table and what was found in it, what was done to it, and which rows judged."""

from __future__ import annotations

from ann_tui.data.cells.values import written_number
from ann_tui.data.preparing.left_out import summed
from ann_tui.data.profile.column_profile import ColumnProfile
from ann_tui.experiments.choice_texts import title_of, used_texts
from ann_tui.figures import counted, number, spark
from ann_tui.model.trained_model import SPLIT_KEYS
from ann_tui.reports.background import Background
from ann_tui.reports.page.blocks import Block, Bullets, Grid, Paragraph, Section
from ann_tui.reports.reported_run import ReportedRun

MOST_COLUMNS, MOST_EFFECTS, MOST_REASONS, LONGEST = 150, 300, 12, 160


def evaluation_data(run: ReportedRun) -> Section:
    """How the rows were split, and which were set aside."""
    chosen = used_texts(run.experiment, run.target.name, len(run.target.classes))
    split = tuple(
        (title_of(name), value) for name, value in chosen.items() if name.startswith("preparation.split")
    )
    parts = tuple((name, f"{run.summary.rows.get(name, 0):,}") for name in SPLIT_KEYS.values())
    blocks: list[Block] = [
        Paragraph(
            "Every statistic of the preparation comes from the training rows. The validation rows chose the weights "
            "and the choices; the test rows judged once the training was over."
        ),
        *_trained_again(run),
        Grid(("part", "rows"), parts),
        Grid(("choice", "value"), split, (), "How the rows were split"),
    ]
    if run.dropped:
        reasons = summed(row.reason for row in run.dropped)
        told = tuple(
            f"{counted(count, 'row')}: {reason}" for reason, count in list(reasons.items())[:MOST_REASONS]
        )
        more = len(reasons) - len(told)
        blocks.append(Paragraph(f"{counted(len(run.dropped), 'row')} of {run.total:,} take no part:"))
        blocks.append(Bullets((*told, *([f"and {more:,} other reasons"] if more > 0 else []))))
    elif run.evaluation is not None:
        blocks.append(Paragraph(f"All {run.total:,} rows of the file take part."))
    return Section("Evaluation data", tuple(blocks))


def _trained_again(run: ReportedRun) -> list[Block]:
    """How the rows that the preparation was fitted on and those that the network learned from go together."""
    if not run.summary.refit:
        return []
    fitted, more = (run.summary.rows.get(name, 0) for name in ("train", "validation"))
    return [
        Paragraph(
            f"With the choices made, the network was trained again on {fitted + more:,} rows, the {fitted:,} training "
            f"rows and the {more:,} validation rows together. The preparation stays as the {fitted:,} training rows "
            "fitted it, and its counts below are of those."
        )
    ]


def training_data(run: ReportedRun) -> Section:
    """The table, what was found in it, and what was done to it."""
    background = run.background
    facts = f"{run.file.file}: {counted(run.file.rows, 'row')}, {counted(run.file.columns, 'column')}."
    if background is None:
        return Section("Training data", (Paragraph(facts), Paragraph(f"No more is told: {run.missing}.")))
    found = [*background.warnings, *(finding.text for finding in background.profile.findings)]
    blocks: list[Block] = [Paragraph(facts)]
    if found:
        blocks.append(Bullets(tuple(found)))
    return Section(
        "Training data",
        tuple(blocks),
        (
            Section("What was found in it", tuple(_columns(run, background))),
            Section("What was done to it", tuple(_effects(background))),
        ),
    )


def _columns(run: ReportedRun, background: Background) -> list[Block]:
    columns = background.profile.columns[:MOST_COLUMNS]
    rows = tuple(
        (
            column.name,
            str(column.kind),
            "target"
            if column.name == run.target.name
            else "input"
            if column.name in background.inputs
            else "left out",
            f"{column.missing:,}",
            f"{column.distinct:,}",
            _range(column),
            spark(column.histogram) if column.histogram else "",
            "; ".join(finding.text for finding in column.findings),
        )
        for column in columns
    )
    more = len(background.profile.columns) - len(columns)
    caption = "Values: of numbers the lowest, the median and the highest, of dates the first and the last, of words "
    caption += "the most frequent."
    caption += f" {more:,} more columns are left out here." if more else ""
    headings = ("column", "kind", "use", "missing", "distinct", "values", "spread", "findings")
    return [Grid(headings, rows, (3, 4), caption, whole=(0, 1, 2, 6))]


def _range(column: ColumnProfile) -> str:
    if column.kind == "number" and column.minimum is not None and column.quartiles is not None:
        ends = (column.minimum, column.quartiles[1], column.maximum)
        return " · ".join(number(end) for end in ends)
    if column.kind == "date" and column.minimum is not None and column.maximum is not None:
        return " · ".join(written_number(end, dates=True) for end in (column.minimum, column.maximum))
    return ", ".join(f"{_short(label, 24)} {count:,}" for label, count in column.top[:3])


def _effects(background: Background) -> list[Block]:
    rows = [
        (
            effect.column or "(rows)",
            effect.step,
            f"{effect.cells:,}" if effect.column is not None else "",
            effect.text,
            ", ".join(
                f"{_short(before, 20) or '(missing)'} → {_short(after, 20) or '(missing)'}"
                for before, after in zip(effect.before[:2], effect.after[:2], strict=False)
            ),
        )
        for effect in background.effects
    ]
    more = len(rows) - MOST_EFFECTS
    caption = "In the order of the work; scaling and encoding count training rows, other steps all."
    caption += f" {more:,} more steps are left out here." if more > 0 else ""
    headings = ("column", "step", "cells", "what was done", "for example")
    shown = tuple(tuple(_short(cell, LONGEST * 2) for cell in row) for row in rows[:MOST_EFFECTS])
    return [Grid(headings, shown, (2,), caption, whole=(0, 1))]


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
