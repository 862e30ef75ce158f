"""Step 4: the network's inside, its views, a unit's page, and a row on its way through."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from app_driver import Driver, Open
from textual.widgets import Static

from ann_tui.data.choices.preparation import Split
from ann_tui.experiments.inside import Inquiry
from ann_tui.experiments.rewound import network_at
from ann_tui.figures import number
from ann_tui.insight.signals import signals
from ann_tui.insight.weight_tables import weight_tables
from ann_tui.network.design import NetworkDesign
from ann_tui.network.scoring import predict
from ann_tui.tui.charts.picture import Picture
from ann_tui.tui.dialogs.neuron import NeuronScreen
from ann_tui.tui.screens.predict import PredictScreen
from ann_tui.tui.screens.train import TrainScreen
from ann_tui.tui.views.inside import InsideView, input_order
from ann_tui.tui.views.view import INSIDE, Inside, all_of
from ann_tui.tui.widgets.frame_view import FrameView


def table(folder: Path, rows: int = 90, *, columns: int = 2, kind: str = "three") -> Path:
    """Numbers and a category, of which a class or a number follows."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, columns))
    colour = rng.integers(0, 3, rows)
    target = {
        "three": [("low", "mid", "high")[int(v)] for v in np.digitize(x[:, 0], [-0.4, 0.4])],
        "two": np.where(x[:, 0] > 0, "yes", "no").tolist(),
        "number": (x[:, 0] * 3 + rng.normal(size=rows)).tolist(),
    }[kind]
    head = [*(f"size {place}" for place in range(columns)), "colour", "target"]
    lines = [",".join(head)]
    for row in range(rows):
        cells = [
            *(f"{value:.3f}" for value in x[row]),
            ("red", "blue", "green")[colour[row]],
            str(target[row]),
        ]
        lines.append(",".join(cells))
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


async def train(app: Driver, layers: str, members: int = 1) -> TrainScreen:
    """A short run of these layers."""
    experiment = app.app.workbench.experiment
    assert experiment is not None
    design = replace(experiment.design, layers=NetworkDesign.from_text(layers).layers, members=members)
    app.app.edit(design=design, plan=replace(experiment.plan, epochs=6, early_stopping=False))
    await app.ready()
    await app.press("t")
    await app.trained()
    screen = app.app.screen
    assert isinstance(screen, TrainScreen)
    return screen


def view_of(screen: TrainScreen) -> InsideView:
    widget = screen.inside_switch.widget
    assert isinstance(widget, InsideView)
    return widget


def shown(screen: TrainScreen) -> Inside:
    data = screen.inside_switch.data
    assert data is not None
    return data


def picture(screen: TrainScreen) -> str:
    return "\n".join(view_of(screen).query_one(Picture).lines)


async def painted(app: Driver, screen: TrainScreen) -> str:
    """The picture, when it is of what is wanted."""

    def is_there() -> bool:
        found = view_of(screen).painted
        return found is not None and found.drawn_from == shown(screen).drawn_from and bool(picture(screen))

    await app.until(is_there, "the picture")
    return picture(screen)


def fits(shape: Picture) -> bool:
    """Whether a picture has room, and fills it."""
    width, height = shape.size
    whole = len(shape.lines) == height and {len(line) for line in shape.lines} == {width}
    return width > 40 and height >= 6 and whole


NAMES = [view.name for view in all_of(INSIDE)]
LAYERS = [
    "",
    "5 tanh",
    "input scale, 20 relu, dropout 0.2, batch norm, residual 4, layer norm, 14 linear, gelu",
    "40 prelu, 13 softmax",
]


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize(("kind", "members"), [("three", 1), ("two", 3), ("number", 2)])
async def test_every_view_of_every_network(
    open_app: Open, tmp_path: Path, layers: str, kind: str, members: int
) -> None:
    """Each is drawn, without a line of trouble, after every move of the cursor."""
    async with open_app(table(tmp_path, kind=kind)) as app:
        screen = await train(app, layers, members)
        await app.press("i", "e")
        for name in NAMES:
            assert shown(screen) is not None
            await painted(app, screen)
            view = view_of(screen)
            assert view is screen.inside_switch._made[screen.inside_switch.view.name]  # type: ignore[union-attr]
            for key in ("down", "right", "]", "left", "up", "[", "pagedown", "pageup", ".", ","):
                await app.press(key)
            await painted(app, screen)
            said = str(view.query_one(".caption", Static).render())
            assert "unexpected" not in said, (name, said)
            await app.press("v")


async def test_it_is_the_network_of_the_epoch_in_view(open_app: Open, tmp_path: Path) -> None:
    """The weight under the cursor is the one that was kept of that epoch."""
    async with open_app(table(tmp_path)) as app:
        screen = await train(app, "5 tanh")
        run = app.app.workbench.runs.front
        assert run is not None and run.timeline is not None
        await app.press("i", "down", "right", "right")
        for key, epoch in (("home", 0), ("shift+right", 6)):
            await app.press("tab", "tab", key, "i")
            await painted(app, screen)
            data = shown(screen)
            assert data.epoch == epoch
            kept = run.timeline.at(epoch)
            assert kept is not None
            np.testing.assert_array_equal(data.network.weights, kept.weights)
            weights = weight_tables(network_at(run, epoch)[1], "abcde", ("x", "y", "z"))[0].values
            source = input_order(data, 0)[data.cursor.input]
            name = data.run.prepared.fitted.input_names[source]
            said = str(view_of(screen).query_one(".caption", Static).render())
            assert f"{name} → hidden 1, unit 3  {weights[source, 2]:+.3g}" in said


async def test_a_row_shows_what_each_unit_gives(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path), size=(200, 60)) as app:
        screen = await train(app, "3 relu")
        run = app.app.workbench.runs.front
        assert run is not None
        await app.press("i", "e")
        row = app.app.workbench.row
        assert row is not None and row.place == 0
        np.testing.assert_array_equal(row.x, run.prepared.validation.x[:1])
        found = signals(shown(screen).network, row.x)
        wanted = [number(value, 2) for value in found[-2].outputs[0].tolist()]
        await app.until(lambda: all(each in picture(screen) for each in wanted), f"{wanted} in the picture")
        line = int(run.prepared.table.lines[run.prepared.validation.rows[0]])
        assert f"line {line}" in str(screen.query_one("#inside-panel").border_title)
        await app.press("E")
        assert app.app.workbench.row is None
        assert "line" not in str(screen.query_one("#inside-panel").border_title)


async def test_a_row_of_predict_goes_through_the_network(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path)) as app:
        screen = await train(app, "3 relu")
        await app.press("6", "r")
        assert isinstance(app.app.screen, PredictScreen)
        lines = app.app.screen.query_one("#way", Picture).lines
        assert lines[0].startswith("its way through the network")
        assert [line.split("  ")[0] for line in lines[1::2][:2]] == ["inputs", "hidden 1 relu"]
        row = app.app.workbench.row
        assert row is not None and row.name.startswith("line ")
        await app.press("4", "i")
        await painted(app, screen)
        assert shown(screen).row is row


async def test_a_units_page_tells_its_weights_and_when_it_fires(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path), size=(120, 40)) as app:
        screen = await train(app, "5 relu")
        await app.press("i", "right", "enter")
        page = app.app.screen
        assert isinstance(page, NeuronScreen)
        await app.until(
            lambda: "relevance" in "\n".join(page.query_one("#neuron", Picture).lines), "the relevance"
        )
        text = "\n".join(page.query_one("#neuron", Picture).lines)
        data = shown(screen)
        first = weight_tables(data.network, data.run.prepared.fitted.input_names, data.classes)[0]
        for value in first.values[:, 1]:
            assert f"{value:+.2f}" in text
        found = signals(data.network, data.run.prepared.validation.x)[0]
        share = float((found.outputs[:, 1] > 0).mean())
        assert f"{share:.0%}".replace("%", " % of all rows") in text
        assert re.search(r"relevance \d(st|nd|rd|th) of 5", text)
        assert "over the epochs" in text
        await app.press("right", "]", "down")
        assert data.cursor.table == 1
        await app.press("escape")
        assert app.app.screen is screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_pictures_stay_inside_at_every_size(
    open_app: Open, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_app(table(tmp_path, columns=7), size=size) as app:
        screen = await train(app, "20 relu, 3 tanh")
        await app.press("i")
        for _ in NAMES:
            await painted(app, screen)
            await app.until(lambda: fits(view_of(screen).query_one(Picture)), "a picture of its size")
            lines = view_of(screen).query_one(Picture).lines
            assert sum(not line.isspace() for line in lines) >= 3
            await app.press("v")


async def test_keys_go_where_the_focus_is(open_app: Open, tmp_path: Path) -> None:
    """Left and right rewind the run until the network's view is gone into."""
    async with open_app(table(tmp_path)) as app:
        screen = await train(app, "5 tanh")
        await app.press("left")
        assert screen.looking.epoch == 5
        await app.press("i", "right")
        assert screen.looking.epoch == 5
        assert shown(screen).cursor.unit == 1


async def test_bars_beside_each_field_are_what_the_network_would_answer(
    open_app: Open, tmp_path: Path
) -> None:
    """The probability of the predicted class at the ends of a field's range stands beside it."""
    async with open_app(table(tmp_path), size=(120, 40)) as app:
        await train(app, "6 relu")
        await app.press("6", "r")
        screen = app.app.screen
        assert isinstance(screen, PredictScreen)
        run = app.app.workbench.judged
        assert run is not None
        fitted = run.prepared.fitted
        answer = predict(run.answering, fitted.transform(frame_of(screen.cells))[0])[0]
        code = int(answer.argmax())
        colours = [
            float(
                predict(run.answering, fitted.transform(frame_of({**screen.cells, "colour": colour}))[0])[
                    0, code
                ]
            )
            for colour in ("red", "green", "blue")
        ]
        low, high = (f"{end:.0%}".replace("%", " %") for end in (min(colours), max(colours)))
        await app.sees(f"bars: P({fitted.target.classes[code]})")
        await app.until(
            lambda: any(
                "colour" in line and (f"{low}–{high}" in line or low in line)
                for line in app.text().split("\n")
            ),
            "the bars of colour",
        )


def frame_of(cells: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: [value or None] for name, value in cells.items()}, dtype=object)


async def test_the_boundary_begins_with_what_counts_and_goes_to_other_columns(
    open_app: Open, tmp_path: Path
) -> None:
    """The target follows from `size 0`; an arrow takes another column at once."""
    async with open_app(table(tmp_path, columns=4), size=(120, 40)) as app:
        screen = await train(app, "6 relu")
        await app.press("i", "v", "v")
        await app.until(lambda: "size 0 →" in picture(screen), "the column that counts")
        before = picture(screen).split("→")[0].rsplit(maxsplit=2)[-2:]
        await app.press("right")
        await app.until(
            lambda: (
                "→" in picture(screen) and picture(screen).split("→")[0].rsplit(maxsplit=2)[-2:] != before
            ),
            "another column across",
        )
        assert "held at typical values: " in str(view_of(screen).query_one(".caption", Static).render())


async def test_relevance_begins_with_the_most_relevant_unit(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path), size=(80, 24)) as app:
        screen = await train(app, "40 relu")
        await app.press("i", "v")
        await painted(app, screen)
        relevant = Inquiry(shown(screen).run.prepared, shown(screen).network).silenced(lambda: False)
        assert relevant is not None
        order = np.argsort(-relevant.layers[0].rises, kind="stable")
        await app.until(lambda: f"unit {order[0] + 1} " in picture(screen).split("\n")[1], "the first")
        await app.press("down", "down")
        assert shown(screen).cursor.unit == order[2]


async def test_a_row_is_sent_through_without_validation_rows(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path)) as app:
        experiment = app.app.workbench.experiment
        assert experiment is not None
        preparation = replace(experiment.preparation, split=Split(validation=0.0))
        app.app.edit(preparation=preparation)
        await app.ready()
        screen = await train(app, "4 relu")
        await app.press("i", "e")
        row = app.app.workbench.row
        assert row is not None
        np.testing.assert_array_equal(row.x, shown(screen).run.prepared.training.x[:1])


async def test_a_row_of_data_goes_through_the_network(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path), size=(200, 60)) as app:
        app.app.screen.query_one(FrameView).focus()
        await app.press("enter")
        await app.sees("train a network first")
        screen = await train(app, "4 relu")
        await app.press("1")
        app.app.screen.query_one(FrameView).focus()
        await app.press("enter")
        await app.sees("line 2 goes through the network")
        await app.press("4", "i")
        row = shown(screen).row
        assert row is not None and row.name == "line 2"
