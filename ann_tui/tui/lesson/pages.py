"""The pages of the lesson, in their order: from a table over one neuron and one step to new data."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.plain_text import printable
from ann_tui.experiments.lesson_network import telling_columns
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.figures import counted, number, percent
from ann_tui.network.scoring import predict
from ann_tui.tui.lesson.page import Page
from ann_tui.tui.widgets.target_looks import look_of

if TYPE_CHECKING:
    from ann_tui.data.preparing.prepare import PreparedData
    from ann_tui.experiments.run import Run

NETWORK_VIEW = ("inside", "choose_view('inside-panel', 'network')")


def _name(text: object) -> str:
    return printable(str(text), 24)


def _listed(names: list[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} others"


def _prepared(workbench: Workbench) -> PreparedData | None:
    return None if workbench.derived is None else workbench.derived.prepared


def _run(workbench: Workbench) -> Run | None:
    """The run in front, where it is one on the columns that are chosen now."""
    run, experiment = workbench.runs.front, workbench.experiment
    same = run is not None and experiment is not None and run.chosen.source == experiment.source
    return run if same else None


# -- the words of each page --------------------------------------------------------------------------------


def _table(workbench: Workbench) -> str:
    derived = workbench.derived
    if derived is None:
        return "Each row of a table is an example."
    target = _name(derived.profile.target)
    return (
        f"{_name(Path(derived.experiment.source.path).name)} has {counted(len(derived.table.frame), 'row')}. Each is "
        f"an example: what is known of one case, and in the column with ◎, {target}, the right answer. The network "
        f"shall learn to tell {target} from the other columns."
    )


def _numbers(workbench: Workbench) -> str:
    derived, prepared = workbench.derived, _prepared(workbench)
    begin = (
        "A network takes numbers only, all of like size: missing values are filled, words become columns of 0 and 1, "
        "and numbers are scaled"
    )
    if derived is None or prepared is None:
        return f"{begin}."
    name = next(iter(telling_columns(derived)), None)
    column = None if name is None else derived.profile.column(name)
    shown = ""
    if column is not None and column.kind == ColumnKind.NUMBER and column.minimum is not None:
        shown = f" ({_name(name)}, {number(column.minimum)} to {number(column.maximum)}, becomes a number around 0)"
    teach, check, judge = (len(part.rows) for part in (prepared.training, prepared.validation, prepared.test))
    return (
        f"{begin}{shown}. {counted(teach, 'row')} will teach; {check:,} and {judge:,} are kept aside to see what was "
        "learned, and not only remembered."
    )


def _network(workbench: Workbench) -> str:
    prepared, experiment = _prepared(workbench), workbench.experiment
    if prepared is None or experiment is None:
        return "A network small enough to look through."
    inputs = prepared.fitted.input_names
    first = experiment.design.layers[0]
    fed = _listed([_name(name) for name in inputs])
    classes = prepared.fitted.target.classes
    out = "one output, the answer"
    if len(classes) == 2:
        out = f"one output, the probability of {_name(classes[1])}"
    elif classes:
        out = f"an output for each of the {len(classes)} answers"
    return (
        f"For the lesson the network is small enough to look through: {counted(len(inputs), 'input')} ({fed}), a "
        f"hidden layer of {counted(first.units or 0, 'neuron')}, and {out}. Every connection between them is a weight: "
        "a number that begins by chance, and that training changes."
    )


def _training(workbench: Workbench) -> str:
    run, prepared = _run(workbench), _prepared(workbench)
    rows = 0 if prepared is None else len(prepared.training.rows)
    says = (
        f"Training shows the network the {counted(rows, 'row')} again and again, and after each handful changes all "
        "weights a little, so that the cost (how wrong the answers are) falls."
    )
    if run is not None and len(run.history) > 1:
        first, last = run.history[0], run.history[-1]
        says += (
            f" It fell from {number(first.training_cost, 3)} in the first epoch (once through all rows) to "
            f"{number(last.training_cost, 3)} in epoch {last.epoch:,}."
        )
    return says


def _neuron(workbench: Workbench) -> str:
    experiment = workbench.experiment
    activation = None if experiment is None else experiment.design.layers[0].activation
    bends = " (relu: what is below 0 becomes 0)" if activation == "relu" else ""
    return (
        "This is epoch 0: all weights are still as chance drew them. A neuron multiplies each input by a weight, adds "
        f"the products and a bias, and bends the sum by its activation function{bends}. "
        "Without the bend all layers together would be one straight line."
    )


def _row(workbench: Workbench) -> str:
    says = (
        "Forward: the values of one row go in, each neuron makes one number of them, the output layer makes the answer "
        "of those numbers."
    )
    return f"{says} {_said(workbench)}".strip()


def _said(workbench: Workbench) -> str:
    """What the network says of the chosen row at epoch 0; "" where no row is chosen."""
    from ann_tui.experiments.rewound import network_at

    run = _run(workbench)
    row = None if run is None else workbench.row_for(run)
    if run is None or row is None:
        return ""
    target = run.prepared.fitted.target
    outputs = predict(network_at(run, 0)[1], row.x)
    said = " with ".join(look_of(target).sure_answer(outputs, run.threshold).split("  "))
    return f"For the row in {row.name} it says {said}; right is {row.truth}."


def _cost(workbench: Workbench) -> str:
    prepared = _prepared(workbench)
    classes = prepared is not None and bool(prepared.fitted.target.classes)
    how = (
        "-ln of the probability that it gave to the right answer: 0 where it was sure and right, "
        f"{number(-math.log(0.5), 2)} for a half, {number(-math.log(0.01), 2)} for one in a hundred"
        if classes
        else "the difference between answer and truth, squared, so that twice as far off costs four times as much; "
        "both are scaled to numbers around 0 before, as the inputs are"
    )
    return (
        f"The cost function makes one number of how wrong the answer is: {how}. Elsewhere it is called loss. Training "
        "is nothing but making its mean over the rows small."
    )


def _step(workbench: Workbench) -> str:
    experiment = workbench.experiment
    rate = "" if experiment is None else f" ({experiment.plan.learning_rate:g})"
    return (
        "Backward: the gradient of a weight says how the cost would change if that weight were a little larger. Where "
        "it is above 0 the weight is made smaller, where it is below, larger: w ← w − rate × gradient. The learning "
        f"rate{rate} keeps the step short, since the slope holds only nearby: too long a step jumps over the valley."
    )


def _steps(workbench: Workbench) -> str:
    run = _run(workbench)
    if run is None or not run.history:
        return "Many such steps: gradient descent."
    batches, epochs = run.snapshot.batches, run.snapshot.epoch
    return (
        f"{batches:,} such steps make an epoch, {epochs:,} epochs the training: {batches * epochs:,} steps, gradient "
        "descent. The picture shows the cost as a landscape around the weights, and the way that they took down "
        "through it: from ○, where chance put them, to ■. Beside the marks stands what the cost was there."
    )


def _hidden(workbench: Workbench) -> str:
    return (
        "What has the hidden layer learned? Each neuron answers to one kind of row. Let one of them always give its "
        "mean, so that it says nothing any more, and see by how much the cost rises: that is its relevance. One that "
        "changes nothing could be left out."
    )


def _matrix(workbench: Workbench) -> str:
    run = workbench.judged
    evaluation = None if run is None else run.evaluation
    test = None if evaluation is None else evaluation.scores.get("test")
    if run is None or test is None:
        return "Judged on rows that it was not trained on: this is what the network is worth."
    rows, classes = len(run.prepared.test.rows), run.prepared.fitted.target.classes
    if not classes:
        return (
            f"The {counted(rows, 'test row')} had no part in the training: what the network says of them is what it is "
            "worth on new data. Each point is a row, its true value across, the answer upwards; on the line it is "
            "right. Each network that they judge is counted."
        )
    right = test.metrics.get("accuracy")
    return (
        f"The {counted(rows, 'test row')} had no part in the training: what the network says of them is what it is "
        "worth on new data. In the confusion matrix each row is a true answer, each column what the network said; on "
        f"the diagonal it was right: {percent(right)} of them. Each network that they judge is counted."
    )


def _new(workbench: Workbench) -> str:
    return (
        "The weights stand still now, and any new case can be asked: type its values, and the network sends them "
        "forward, as it did with the row. That was the whole way. L ends the lesson and gives you all columns back; "
        "t then trains on them the network that one would keep."
    )


PAGES: tuple[Page, ...] = (
    Page(
        "A table of examples",
        Step.DATA,
        _table,
        "`down` goes to other columns, `tab` to the histogram of the one that you are at: a strip for each answer.",
        small=False,
        tries_number="`down` goes to other columns, `tab` to the histogram of the one that you are at: under each bar "
        "the mean answer of its rows.",
    ),
    Page(
        "Numbers of one size",
        Step.PREPARE,
        _numbers,
        "`tab` goes to the columns, `down` to another one, `tab` again to what it was before, and is after.",
        small=False,
    ),
    Page(
        "A small network",
        Step.LAYERS,
        _network,
        "`down` goes to the hidden layer; there `right` gives it more neurons, `left` takes some away.",
    ),
    Page(
        "Training",
        Step.TRAIN,
        _training,
        "`t` trains. When it has ended, `home` goes back to the beginning, `end` to the last epoch.",
        there=("show_panel('cost-panel')",),
    ),
    Page(
        "One neuron",
        Step.TRAIN,
        _neuron,
        "`enter` opens a neuron's page, `right` goes to the next one, `esc` closes it.",
        trained=True,
        there=("look_at(0)", *NETWORK_VIEW),
    ),
    Page(
        "One row forward",
        Step.TRAIN,
        _row,
        "`e` sends a row through: beside each neuron stands what it gives. `e` again takes another row.",
        trained=True,
        there=("look_at(0)", *NETWORK_VIEW),
    ),
    Page(
        "The cost",
        Step.TRAIN,
        _cost,
        "`S` takes a row to pieces, beginning with the sum of a neuron; `space` goes on to the cost.",
        trained=True,
        there=("look_at(0)", *NETWORK_VIEW, "first_weight"),
    ),
    Page(
        "One step down",
        Step.TRAIN,
        _step,
        "`S` again; `space` `space` `space` goes on to the step: a weight before and after it, and the cost. `down` is "
        "another weight.",
        trained=True,
        there=("look_at(0)", *NETWORK_VIEW, "first_weight"),
    ),
    Page(
        "Many steps",
        Step.TRAIN,
        _steps,
        "`home` is where it began, `end` where it ended; `shift+left` goes ten epochs back.",
        trained=True,
        there=("follow", "inside", "choose_view('inside-panel', 'descent')"),
    ),
    Page(
        "The hidden layer",
        Step.TRAIN,
        _hidden,
        "`enter` on a neuron shows for which rows it fires, `esc` closes it; `v` shows the boundary that they draw "
        "together.",
        trained=True,
        tries_number="`enter` on a neuron shows for which rows it fires, `esc` closes it; `v` shows the answer "
        "over the two inputs.",
        there=("follow", "inside", "choose_view('inside-panel', 'neurons')"),
    ),
    Page(
        "The test",
        Step.EVALUATE,
        _matrix,
        "`down` and `right` walk over the matrix, `enter` shows the rows behind a figure.",
        trained=True,
        tries_number="`enter` shows the rows with the largest errors.",
    ),
    Page(
        "New data",
        Step.PREDICT,
        _new,
        "`right` makes the first value larger, `left` smaller: see when the answer turns.",
        trained=True,
        tries_number="`right` makes the first value larger, `left` smaller: see how the answer follows.",
    ),
)
