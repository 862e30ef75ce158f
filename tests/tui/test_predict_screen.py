"""Step 6: the answer follows each change of the form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from app_driver import Driver, Open
from textual.widgets import Input

from ann_tui.network.scoring import predict
from ann_tui.tui.screens.predict import PredictScreen
from ann_tui.tui.widgets.choice_table import ChoiceTable


async def _trained_on(app: Driver) -> PredictScreen:
    await app.press("t")
    await app.trained()
    await app.press("6")
    screen = app.app.screen
    assert isinstance(screen, PredictScreen)
    return screen


async def test_arrow_keys_change_a_number_and_the_answer(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        screen = await _trained_on(app)
        screen.query_one("#form", ChoiceTable).put_cursor("bill_length_mm")
        before = app.static("#bars")
        for _ in range(12):
            await app.press("left")
        assert app.static("#bars") != before
        await app.press("d")
        assert app.static("#bars") == before


async def test_on_a_narrow_screen_the_answer_stands_under_the_form(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", (80, 24)) as app:
        await _trained_on(app)
        await app.press("r")
        run = app.app.workbench.runs.front
        assert run is not None and run.evaluation is not None
        output = run.evaluation.outputs[0]
        label = run.prepared.fitted.target.classes[int(np.argmax(output))]
        await app.sees(f"species: {label}  {output.max() * 100:.1f} %   in the file: ")


async def test_the_answer_is_what_the_network_says_of_the_row(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await _trained_on(app)
        await app.press("r")
        run = app.app.workbench.runs.front
        assert run is not None and run.evaluation is not None and app.app.workbench.derived is not None
        row = run.evaluation.rows[0]
        outputs = run.evaluation.outputs[0]
        label = run.prepared.fitted.target.classes[int(np.argmax(outputs))]
        truth = app.app.workbench.derived.table.frame.iloc[int(row)]["species"]
        line = int(run.prepared.table.lines[row])
        assert app.static("#answer") == f"species: {label}   in the file: {truth} (line {line})"
        assert f"{outputs.max() * 100:.1f} %" in app.static("#bars")


async def test_a_missing_field_is_imputed_and_said(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        screen = await _trained_on(app)
        screen.query_one("#form", ChoiceTable).put_cursor("body_mass_g")
        await app.press("delete")
        await app.sees("missing", "body_mass_g: 1 missing, filled")


async def test_categories_are_chosen_and_numbers_typed(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv", size=(80, 24)) as app:
        screen = await _trained_on(app)
        form = screen.query_one("#form", ChoiceTable)
        form.put_cursor("Origin")
        await app.press("enter", "down", "enter")
        form.put_cursor("Horsepower")
        await app.press("enter", *"ninety", "enter")
        await app.sees("type a number")
        await app.press("escape", "enter", *"90", "enter")
        await app.press("tab")
        run = app.app.workbench.runs.front
        assert run is not None
        fitted = run.prepared.fitted
        x, _ = fitted.transform(pd.DataFrame({name: [value] for name, value in screen.cells.items()}))
        value = float(fitted.target.decode(predict(run.network, x))[0])
        assert screen.cells["Horsepower"] == "90"
        assert f"{value:.2f}" in app.static("#answer")


async def _choose_file(app: Driver, path: Path) -> None:
    await app.press("w")
    app.app.screen.query_one(Input).value = str(path)
    await app.press("enter")
    await app.sees("Write the predictions to")
    await app.press("enter")


async def test_a_whole_file_is_predicted_in_order(open_app: Open, sample_data: Path, tmp_path: Path) -> None:
    rows = pd.read_csv(sample_data / "penguins.csv").drop(columns="species").iloc[::-1]
    source, out = tmp_path / "new.csv", tmp_path / "new-predictions.csv"
    rows.to_csv(source, index=False)
    async with open_app(sample_data / "penguins.csv") as app:
        await _trained_on(app)
        await _choose_file(app, source)
        await app.until(out.exists, "the predictions")
        await app.sees("344 rows written")
        written = pd.read_csv(out)
        run = app.app.workbench.runs.front
        assert run is not None and len(written) == 344
        fitted = run.prepared.fitted
        shares = predict(run.network, fitted.transform(rows)[0])
        assert written["prediction"].tolist() == [
            fitted.target.classes[index] for index in shares.argmax(axis=1)
        ]
        np.testing.assert_allclose(written["probability_Gentoo"], shares[:, 2], atol=1e-6)
        assert not app.app.busy


async def test_a_file_is_not_replaced_without_asking(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "new.csv", tmp_path / "new-predictions.csv"
    source.write_bytes((sample_data / "penguins.csv").read_bytes())
    out.write_text("precious")
    async with open_app(sample_data / "penguins.csv") as app:
        await _trained_on(app)
        await _choose_file(app, source)
        await app.sees("exists. Replace it?")
        await app.press("n")
        assert out.read_text() == "precious"
        await _choose_file(app, source)
        await app.press("y")
        await app.sees("344 rows written", "accuracy")
        assert out.read_text().startswith("species,")


async def test_a_file_without_the_features_is_refused_in_one_line(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    """Before it is asked where the answers go."""
    source = tmp_path / "other.csv"
    source.write_bytes((sample_data / "cars.csv").read_bytes())
    async with open_app(sample_data / "penguins.csv") as app:
        await _trained_on(app)
        await app.press("w")
        app.app.screen.query_one(Input).value = str(source)
        await app.press("enter")
        await app.until(lambda: "are missing, which the network" in app.static("#file"), "the problem")
        assert not (tmp_path / "other-predictions.csv").exists() and not app.app.screen.query(Input)


async def test_a_field_without_a_known_range_does_not_speak_of_one(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv") as app:
        await app.press("t")
        await app.trained()
        await app.press("6", *["down"] * 5, "enter")
        await app.sees("Year", "Leave it empty for a missing value")
        assert "In training:" not in app.text()


async def test_news_of_a_field_that_is_gone_changes_nothing(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        screen = await _trained_on(app)
        form, cells = screen.query_one("#form", ChoiceTable), dict(screen.cells)
        form.post_message(ChoiceTable.Stepped(form, "a column of another table", 1))
        form.post_message(ChoiceTable.Opened(form, "a column of another table"))
        await app.press("right", "left")
        assert app.app.is_running and screen.cells.keys() == cells.keys()
