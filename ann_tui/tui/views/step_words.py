"""One step of a training in numbers and words, in four stops: forward, cost, backward, update."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from ann_tui.experiments.inside import Step
from ann_tui.figures import number, percent
from ann_tui.insight.step_trace import StepTrace, largest_terms
from ann_tui.insight.weight_tables import WeightTable
from ann_tui.tui.charts.axis import Axis
from ann_tui.tui.charts.canvas import Canvas, Ink
from ann_tui.tui.charts.layers import Line, Marks
from ann_tui.tui.text import plain

STOPS = ("forward", "the cost", "backward", "the update")
TERMS = 4
"""So many terms of a sum are written out."""
OUTPUTS = 8
PLAIN = ("sgd", "gradient descent")
"""Optimizers that take the gradient times the rate, and nothing else."""


@dataclass(frozen=True, eq=False)
class StepPlace:
    """What a step is told of: a table of weights, one of its units, and one of the inputs that it weighs.

    `truth` is the row's true answer as it is learned, `names` those of the classes, () for a number.
    """

    tables: Sequence[WeightTable]
    table: int
    unit: int
    source: int
    names: tuple[str, ...]
    truth: float
    cost: str


def most_moved(step: Step, tables: Sequence[WeightTable]) -> tuple[int, int, int] | None:
    """Table, unit and input of the weight with the largest gradient; None where all are 0.

    One of the output layer only where the row moves none below it.
    """
    for part in (range(len(tables) - 1), range(len(tables))):
        found = _most_moved(step, tables, part)
        if found is not None:
            return found
    return None


def _most_moved(step: Step, tables: Sequence[WeightTable], places: range) -> tuple[int, int, int] | None:
    found: tuple[float, int, int, int] | None = None
    for place in places:
        table = tables[place]
        sizes = np.abs(step.trace.parameters[table.of[0]].gradient)
        source, unit = (int(each) for each in np.unravel_index(int(np.nanargmax(sizes)), sizes.shape))
        if np.isfinite(sizes[source, unit]) and (found is None or sizes[source, unit] > found[0]):
            found = float(sizes[source, unit]), place, unit, source
    return None if found is None or found[0] == 0 else found[1:]


def step_words(step: Step, place: StepPlace, stop: int) -> Text:
    """What stands at a stop, 0 … 3: lines of figures, and what they mean."""
    lines = (_forward, _cost, _backward, _update)[stop](step, place)
    return Text("\n").join(lines)


def _forward(step: Step, place: StepPlace) -> list[Text]:
    """The unit's sum in its largest terms, its activation, and what comes out of the network."""
    trace, table = step.trace, place.tables[place.table]
    found = largest_terms(trace, table.of[0], place.unit, 0, TERMS)
    text = Text()
    for at, term in enumerate(found.terms):
        text.append(" + " if at else "")
        text.append(
            f"{_signed(term.value)} × {_signed(term.weight)}", "bold" if term.place == place.source else ""
        )
    if found.others:
        text.append(f" + {_signed(found.rest)} of {found.others} smaller ones")
    text.append(f" + bias {_signed(found.bias)} = ").append(_figure(found.sum), "bold")
    lines = [
        _title(f"{table.unit_names[place.unit]} adds up what comes in, each value times its weight"),
        text,
    ]
    if place.table < len(place.tables) - 1:
        bent = float(_answer_of(trace, table)[place.unit])
        bends = table.bends or "as it is"
        lines.append(Text.assemble(f"{bends} makes of it: ", (_figure(bent), "bold")))
    lines += [
        Text(),
        *_of_batch(step, "This is the first of the {rows}, {first}; all go forward so, at once."),
        _title("The values come from: ")
        + Text(
            ", ".join(plain(table.input_names[term.place], 24).plain for term in found.terms), style="dim"
        ),
        Text(),
        _title("All layers do so, one after the other. What comes out:"),
        *_outputs(trace.answers[0], place),
    ]
    return lines


def _cost(step: Step, place: StepPlace) -> list[Text]:
    """How wrong that is."""
    trace = step.trace
    cost = float(trace.row_costs[0])
    lines = _outputs(trace.answers[0], place)
    if place.names:
        name, share = (
            plain(place.names[int(place.truth)], 24).plain,
            float(_shares(trace.answers[0])[int(place.truth)]),
        )
        lines.append(Text.assemble("\nin the file: ", (name, "bold")))
        if place.cost == "cross-entropy" and abs(cost + np.log(max(share, 1e-300))) < 1e-6 * max(1.0, cost):
            lines.append(Text.assemble(f"cost: -ln {share:.4g} = ", (_figure(cost), "bold")))
        else:
            lines.append(Text.assemble(f"cost ({place.cost}): ", (_figure(cost), "bold")))
    else:
        answer = float(trace.answers[0])
        lines.append(Text.assemble("\nin the file, scaled: ", (_figure(place.truth), "bold")))
        how = (
            f"({_figure(answer)} − {_signed(place.truth)})² = "
            if place.cost == "squared error"
            else f"{place.cost}: "
        )
        lines.append(Text.assemble(f"cost: {how}", (_figure(cost), "bold")))
    lines += [
        *_of_batch(
            step, f"The mean over the {{rows}} is {_figure(trace.cost)}; this is the first, {{first}}."
        ),
        Text(),
        Text("The further from the right answer, the larger the cost; training makes it small.", style="dim"),
    ]
    if trace.penalty:
        lines.append(Text(f"The penalty on large weights adds {_figure(trace.penalty)}."))
    return lines


def _backward(step: Step, place: StepPlace) -> list[Text]:
    """How the cost changes with the unit's sum and with the weight."""
    trace, table = step.trace, place.tables[place.table]
    layer = trace.dense(table.of[0])
    assert layer.sums_delta is not None
    inputs, deltas = layer.inputs[:, place.source], layer.sums_delta[:, place.unit]
    value, delta = float(inputs[0]), float(deltas[0])
    gradient = float(trace.parameters[table.of[0]].gradient[place.source, place.unit])
    others = float(inputs[1:] @ deltas[1:])
    name = plain(table.input_names[place.source], 30).plain
    return [
        _title("Back through the layers: by how much does the cost change with each number?"),
        Text.assemble(
            f"with the sum of {table.unit_names[place.unit]}: ",
            (_figure(delta), "bold"),
            ("  its delta", "dim"),
        ),
        Text.assemble(
            f"with the weight of {name}: value × delta = {_signed(value)} × {_signed(delta)}",
            f" + {_signed(others)} of the other rows = " if step.rows > 1 else " = ",
            (_figure(gradient), "bold"),
            ("  its gradient", "dim"),
        ),
        Text(),
        Text(_meaning(gradient), style="dim"),
        Text(),
        *_of_batch(
            step, "The deltas are those of the first of the {rows}, {first}, as a part of their mean cost."
        ),
        _title("the largest deltas of each layer"),
        *(
            Text(f"{each.title:<10} {', '.join(_figure(float(d)) for d in _largest(trace, each))}")
            for each in place.tables
        ),
    ]


def _update(step: Step, place: StepPlace) -> list[Text]:
    """How the weight moves, and what the cost is then."""
    trace, table = step.trace, place.tables[place.table]
    moves = trace.parameters[table.of[0]]
    at = place.source, place.unit
    before, after, moved = (float(each[at]) for each in (moves.before, moves.after, moves.step))
    gradient = float(moves.given[at])
    name = plain(table.input_names[place.source], 30).plain
    plainly = step.plan.optimizer in PLAIN
    decay, bound = (_beside(float(each[at]), before) for each in (moves.decay, moves.bound))
    moved = _beside(-trace.rate * gradient if plainly else moved, before)
    digits = _digits(before, after)
    how = f"{before:.{digits}g} {_added(moved)}"
    how += "".join(f" {_added(part)} ({what})" for part, what in ((decay, "decay"), (bound, "bound")) if part)
    formula = (
        f"w − rate × gradient = {before:.4g} − {trace.rate:.3g} × {_signed(gradient)} = " if plainly else ""
    )
    lines = [
        _title(f"The weight of {name} in {table.unit_names[place.unit]}"),
        Text.assemble(f"w ← {formula}{how} = ", (f"{after:.{digits}g}", "bold")),
    ]
    if not plainly:
        lines.append(
            Text(
                f"{step.plan.optimizer} makes that step of the gradient {gradient:.3g} at a rate of {trace.rate:.3g}"
            )
        )
    if step.rows == 1:
        lines.append(
            _title(f"a step on this row alone; the training takes the mean over {step.plan.batch:,} rows")
        )
    if step.fresh and not plainly:
        lines.append(
            Text("what the optimizer remembers of this epoch isn't kept: as at a first step", style="dim")
        )
    cost, then, along = trace.cost, trace.cost_after, step.slice
    downhill = "downhill" if then < cost else "uphill" if then > cost else "nowhere"
    steep = along.slope / along.length if along.length else 0.0
    costs = _digits(cost, then)
    lines += [
        Text(),
        _title(
            f"All weights move so at once. The cost of {'this row' if step.rows == 1 else f'the {step.rows:,} rows'}"
        ),
        Text.assemble(
            "before ", (f"{cost:.{costs}g}", "bold"), "   afterwards ", (f"{then:.{costs}g}", "bold")
        ),
        Text(
            f"this step went {downhill}, by {_figure(abs(then - cost))}; slope where it began {_figure(steep)} "
            "for each unit of way"
        ),
    ]
    return lines


def _of_batch(step: Step, says: str) -> list[Text]:
    """What is to be said where the step is made on several rows."""
    if step.rows == 1:
        return []
    return [Text(), _title(says.format(rows=f"{step.rows:,} rows", first=step.first))]


def _answer_of(trace: StepTrace, table: WeightTable) -> NDArray[Any]:
    """What the layer of a table gives for the row."""
    found: NDArray[Any] = trace.dense(table.of[0]).outputs[0]
    return found


def _largest(trace: StepTrace, table: WeightTable) -> NDArray[Any]:
    deltas = trace.dense(table.of[0]).sums_delta
    assert deltas is not None
    found: NDArray[Any] = deltas[0][np.argsort(-np.abs(deltas[0]), kind="stable")[:5]]
    return found


def _shares(answers: NDArray[Any]) -> NDArray[Any]:
    return np.atleast_1d(answers)


def _outputs(answers: NDArray[Any], place: StepPlace) -> list[Text]:
    """The answer: shares of the largest classes, the true one marked, or a number."""
    if not place.names:
        return [Text.assemble("the network says, scaled: ", (_figure(float(answers)), "bold"))]
    shares = _shares(answers)
    order = [*np.argsort(-shares, kind="stable")[:OUTPUTS].tolist()]
    if int(place.truth) not in order:
        order.append(int(place.truth))
    found = []
    for code in order:
        true = code == int(place.truth)
        bar = "▇" * round(float(shares[code]) * 24)
        name = plain(place.names[code], 20).plain
        found.append(
            Text.assemble(
                f"{name:<20} {percent(float(shares[code]), 1):>7} ", bar, (" ◂ true" if true else "", "bold")
            )
        )
    return found


def _meaning(gradient: float) -> str:
    if gradient == 0:
        return "0: this row can't tell which way this weight should go."
    way = "smaller" if gradient > 0 else "larger"
    return f"Its sign says which way is uphill: a {way} weight makes the cost fall."


def _title(words: str) -> Text:
    return Text(words, style="dim")


def _figure(value: float) -> str:
    return number(value + 0.0, 4)  # Which has no sign where it is 0.


def _digits(one: float, other: float) -> int:
    """So many digits tell two numbers apart, with two of their difference; 4 to 12."""
    difference = abs(one - other)
    if not difference or not np.isfinite(difference):
        return 4
    return int(min(12, max(4, np.ceil(np.log10(max(abs(one), abs(other)) / difference)) + 2)))


def _beside(value: float, large: float) -> float:
    """The value; 0 where it is nothing but rounding beside a large one."""
    return 0.0 if abs(value) < 1e-12 * max(abs(large), 1e-12) else value


def _added(value: float) -> str:
    """A number that is added, its sign before it."""
    return f"{'−' if value < 0 else '+'} {abs(value):.4g}"


def _signed(value: float) -> str:
    """A factor, in brackets below 0."""
    return f"({value:.3g})" if value < 0 else f"{value:.3g}"


def paint_slice(step: Step, width: int, height: int) -> Canvas:
    """The row's cost along the step: the curve, the two points, and the slope between them as a line."""
    along, canvas = step.slice, Canvas(width, height)
    fine = np.isfinite(along.costs)
    if along.length == 0 or not fine.any() or width < 20 or height < 4:
        canvas.write(0, 0, "no weight moves: there is no way to draw the cost along", Ink("muted"))
        return canvas
    ends = np.array([along.before, along.after])
    x, y = (
        Axis(float(along.shares[0]), float(along.shares[-1])),
        Axis.around([*along.costs[fine], *ends], least=0.0),
    )
    margin = 9
    plot = Canvas(width - margin, height - 1)
    Line(along.shares, along.costs, Ink("line-training")).draw(plot, x, y)
    Line(np.array([0.0, 1.0]), ends, Ink("line-validation")).draw(plot, x, y)
    Marks(np.array([0.0]), ends[:1], "○", Ink("foreground", bold=True)).draw(plot, x, y)
    Marks(np.array([1.0]), ends[1:], "◆", Ink("foreground", bold=True)).draw(plot, x, y)
    canvas.paste(plot, 0, margin)
    for row, value in ((0, y.high), (height - 2, y.low)):
        canvas.write(row, 0, _figure(value)[: margin - 1].rjust(margin - 1), Ink("muted"))
    words = "the cost along the step: ○ before, ◆ afterwards, joined by a straight line"
    canvas.write(height - 1, margin, words[: width - margin], Ink("muted"))
    return canvas
