"""Sections about the model itself: what it is, its network drawn, how it was trained, with what."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ann_tui.evaluation.metrics import metric_text
from ann_tui.experiments.choice_texts import title_of, used_texts
from ann_tui.figures import counted, duration
from ann_tui.reports.drawings.network import MOST_UNITS, network_drawing
from ann_tui.reports.drawings.plot import Mark, Series, plot, thinned
from ann_tui.reports.page.blocks import Block, Bullets, Figure, Grid, Paragraph, Section
from ann_tui.reports.reported_run import ReportedRun
from ann_tui.training.history import EpochRow

MOST_CHANGES, MOST_EVENTS = 6, 20
WITH_UNITS = ("dense", "residual")
"""The kinds of layers whose units listen to all that came before; others change numbers as they pass."""


def model_details(run: ReportedRun) -> Section:
    """What kind of model it is, when and from what it was made."""
    facts = [
        ("target", run.target.name),
        ("kind", run.target.task),
        ("classes", ", ".join(run.target.classes[:12]) + (", …" if len(run.target.classes) > 12 else "")),
        ("trained on", run.file.file),
        ("SHA-256 of the file", run.file.sha256),
        ("saved", run.saved),
    ]
    rows = tuple((name, value) for name, value in facts if value)
    sections = [
        Section("Network", tuple(_network(run))),
        Section("Training", tuple(_training(run))),
        Section("Versions", (Grid(("", "version"), tuple(run.versions.items()), ()),)),
    ]
    return Section("Model details", (Grid(("", ""), rows, ()),), tuple(sections))


def _network(run: ReportedRun) -> list[Block]:
    background = run.background
    if background is None:
        return [Paragraph(f"Layers: {run.design_text}.")]
    layers = background.layers
    several = f", {run.experiment.design.members} times" if run.experiment.design.members > 1 else ""
    hidden = sum(layer.kind in WITH_UNITS for layer in layers[1:-1])
    others = [layer.kind for layer in layers[1:-1] if layer.kind not in WITH_UNITS]
    between = f" ({', '.join(dict.fromkeys(others))} besides)" if others else ""
    caption = (
        f"The network{several}: {counted(layers[0].units, 'input')}, {counted(hidden, 'hidden layer')}{between}, "
        f"{counted(layers[-1].units, 'output')}; {counted(background.parameters, 'number')} that it learns."
    )
    key = "Of wide layers some units are drawn." if any(each.units > MOST_UNITS for each in layers) else ""
    rows = tuple(
        (each.name, each.kind, f"{each.units:,}", each.activation, each.options, f"{each.parameters:,}")
        for each in layers
    )
    headings = ("layer", "kind", "units", "activation", "options", "parameters")
    return [Figure(network_drawing(layers), caption, key), Grid(headings, rows, (2, 5))]


def _training(run: ReportedRun) -> list[Block]:
    summary = run.summary
    took = "" if run.seconds is None else f" in {duration(run.seconds)}"
    best = "" if summary.best_epoch is None else f", best epoch {summary.best_epoch:,}"
    said = f"{counted(summary.epochs, 'epoch')}{took}{best}; {summary.state}"
    said += f": {summary.message}" if summary.message else ""
    found: list[Block] = [Paragraph(f"{said}.")]
    if summary.refit:
        found.append(
            Paragraph(
                f"Then it was trained again for {counted(summary.best_epoch or 0, 'epoch')} on the validation rows "
                "too; their score and the curves are those of the network before."
            )
        )
    if summary.history:
        found += _curves(run, summary.history)
    if summary.steering:
        found.append(
            Paragraph("Changed by hand while it trained, which the experiment file below does again:")
        )
        found.append(Bullets(tuple(change.text for change in summary.steering[:MOST_EVENTS])))
    events = [f"epoch {row.epoch:,}: {row.event}" for row in summary.history if row.event]
    if events:
        found.append(Bullets(tuple(events[:MOST_EVENTS])))
    chosen = used_texts(run.experiment, run.target.name, len(run.target.classes))
    rows = tuple(
        (title_of(name), value)
        for name, value in chosen.items()
        if name.startswith(("network.", "training."))
    )
    return [*found, Grid(("choice", "value"), rows, (), "How it was built and trained")]


def _curves(run: ReportedRun, history: Sequence[EpochRow]) -> list[Block]:
    summary, background = run.summary, run.background
    marks = [Mark(summary.best_epoch, "best")] if summary.best_epoch else []
    marks += [Mark(change.epoch, change.said) for change in summary.steering[:MOST_CHANGES]]
    levels = []
    if background is not None:
        named = (
            ("class shares" if run.target.classes else "the mean", background.constant_cost),
            ("linear model", background.linear_cost),
        )
        levels = [
            (value, said)
            for said, value in named
            if value is not None and _near(value, [row.training_cost for row in history])
        ]
    costs = [
        _series("training", "a", [(row.epoch, row.training_cost) for row in history]),
        _series("validation", "b", [(row.epoch, row.validation_cost) for row in history]),
    ]
    metric = "accuracy" if run.target.classes else "R²"
    metrics = [
        _series("training", "a", [(row.epoch, row.training_metric) for row in history]),
        _series("validation", "b", [(row.epoch, row.validation_metric) for row in history]),
    ]
    first, last = history[0], history[-1]
    told = (
        f"The cost by epoch, from {first.training_cost:.4g} to {last.training_cost:.4g} on the training rows"
    )
    if last.validation_cost is not None:
        told += f", to {last.validation_cost:.4g} on the validation rows at the end"
    found: list[Block] = [
        Figure(
            plot(
                "cost by epoch",
                "epoch",
                "cost",
                [each for each in costs if each.points],
                marks=marks,
                levels=levels,
            ),
            f"{told}.{_of_simpler_models(levels)}",
            "Dashed lines across: what these cost." if levels else "",
        )
    ]
    if any(each.points for each in metrics):
        found.append(
            Figure(
                plot(
                    f"{metric} by epoch",
                    "epoch",
                    metric,
                    [each for each in metrics if each.points],
                    marks=marks[:1],
                ),
                _told_of(metric, metrics),
            )
        )
    return found


def _of_simpler_models(levels: Sequence[tuple[float, str]]) -> str:
    """What they cost, as a sentence behind another; "" without any."""
    said = ", ".join(f"{name} {cost:.4g}" for cost, name in levels)
    return f" What simpler models cost on the validation rows: {said}." if said else ""


def _told_of(metric: str, series: Sequence[Series]) -> str:
    """What a figure was after the first and the last epoch."""
    name = "accuracy" if metric == "accuracy" else "r2"
    said = [
        f"from {metric_text(name, first)} to {metric_text(name, last)} on the {each.name} rows"
        for each in series
        if each.points
        for first, last in [(each.points[0][1], each.points[-1][1])]
    ]
    return f"{metric[:1].upper()}{metric[1:]} by epoch, {' and '.join(said)}."


def _series(name: str, style: str, points: Sequence[tuple[int, float | None]]) -> Series:
    known = [(float(epoch), value) for epoch, value in points if value is not None and math.isfinite(value)]
    return Series(name, thinned(known), style)


def _near(value: float, costs: Sequence[float]) -> bool:
    """Whether a level does not press the curve flat."""
    finite = [cost for cost in costs if math.isfinite(cost)]
    return bool(finite) and value <= 3 * max(map(abs, finite)) and math.isfinite(value)
