"""Step 2: choices in place, exceptions, undo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import Driver, Open

from ann_tui.data.choices.preparation import SCALING, Preparation, Split
from ann_tui.tui.prompt import problem_of
from ann_tui.tui.settings.preparation_settings import column_values
from ann_tui.tui.widgets.choice_table import ChoiceTable


def _preparation(app: Driver) -> Preparation:
    experiment = app.app.workbench.experiment
    assert experiment is not None
    return experiment.preparation


async def test_arrow_keys_walk_through_the_options_and_back(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("2")
        app.app.screen.query_one("#choices", ChoiceTable).put_cursor("scaling")
        for name in [*list(SCALING)[1:], next(iter(SCALING))]:
            await app.press("right")
            assert _preparation(app).scaling == name
        await app.press("left")
        assert _preparation(app).scaling == list(SCALING)[-1]
        await app.press("d")
        assert _preparation(app).scaling == Preparation().scaling
        await app.ready()


async def test_bins_are_counted_beside_the_choice_and_told_of_each_column(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("2")
        app.app.screen.query_one("#choices", ChoiceTable).put_cursor("number_encoding")
        await app.sees("as they are: the scaled number alone")
        await app.press("right")
        await app.ready()
        derived = app.app.workbench.derived
        assert derived is not None and derived.prepared is not None
        bins = derived.prepared.fitted.bin_counts
        await app.sees(f"{sum(bins.values())} bins in {len(bins)}")
        await app.press("tab")
        app.app.screen.query_one("#effects", ChoiceTable).put_cursor("body_mass_g")
        await app.sees(f"and {bins['body_mass_g']} bins from")


async def test_enter_offers_the_options_with_their_meaning(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("2", "enter")
        await app.sees("fill with the average of the training rows")
        await app.press("down", "enter")
        assert _preparation(app).missing_number == "mean"
        await app.ready()
        await app.sees("mean 43.9")


async def test_fractions_are_typed_and_refused_with_a_reason(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("2")
        app.app.screen.query_one("#choices", ChoiceTable).put_cursor("split.test")
        await app.press("enter", *"95%", "enter")
        await app.sees("type a number from 0 to 0.9")
        await app.press("escape", "enter", *"50%", "enter")
        await app.ready()
        assert _preparation(app).split.test == 0.5
        assert app.app.workbench.derived is not None and app.app.workbench.derived.prepared is not None
        assert len(app.app.workbench.derived.prepared.test.rows) == 172


async def test_a_new_seed_draws_other_rows(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("2")
        derived = app.app.workbench.derived
        assert derived is not None and derived.prepared is not None
        before = derived.prepared.test.rows.tolist()
        await app.press("n")
        await app.ready()
        derived = app.app.workbench.derived
        assert derived is not None and derived.prepared is not None
        assert derived.prepared.test.rows.tolist() != before


async def test_a_column_gets_an_exception(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.press("2", "tab")
        app.app.screen.query_one("#effects", ChoiceTable).put_cursor("bill_length_mm")
        await app.press("enter")
        await app.sees("An exception for bill_length_mm")
        await app.press("enter", "down", "enter")
        await app.ready()
        assert _preparation(app).columns["bill_length_mm"].missing == "mean"
        assert _preparation(app).missing_number == "median"
        await app.press("d")
        assert _preparation(app).columns == {}


async def test_a_choice_that_cannot_be_carried_out_is_said_and_can_be_undone(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        for key in (
            "island",
            "bill_length_mm",
            "bill_depth_mm",
            "flipper_length_mm",
            "body_mass_g",
            "sex",
            "year",
        ):
            app.app.screen.query_one("#columns", ChoiceTable).put_cursor(key)
            await app.press("x")
        await app.ready()
        await app.press("t")
        await app.sees("no feature is left")
        assert app.app.workbench.runs.front is None
        await app.press("u")
        await app.ready()
        assert app.app.workbench.derived is not None and app.app.workbench.derived.prepared is not None


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("fill_number", "-1.5", -1.5),
        ("fill_category", "none of them", "none of them"),
        ("outlier_limit", "2.2", 2.2),
    ],
)
async def test_what_an_option_needs_is_typed(
    open_app: Open, sample_data: Path, field: str, typed: str, value: object
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("2")
        app.app.screen.query_one("#choices", ChoiceTable).put_cursor(field)
        await app.press("enter", *("space" if letter == " " else letter for letter in typed), "enter")
        await app.ready()
        assert getattr(_preparation(app), field) == value
        await app.press("d")
        assert _preparation(app) == Preparation()


@pytest.mark.parametrize(
    ("column", "field", "typed", "value"),
    [
        ("bill_length_mm", "fill", "40", 40.0),
        ("bill_length_mm", "outlier_limit", "3", 3.0),
        ("island", "fill", "sea", "sea"),
        ("island", "rare", "5%", 0.05),
        ("island", "order", "Dream,Biscoe,Torgersen", ("Dream", "Biscoe", "Torgersen")),
        ("island", "merge", "Dream=Biscoe", {"Dream": "Biscoe"}),
        ("species", "merge", "Chinstrap=Adelie", {"Chinstrap": "Adelie"}),
    ],
)
async def test_values_of_one_column_are_typed_and_taken_back(
    open_app: Open, sample_data: Path, column: str, field: str, typed: str, value: object
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("2", "tab")
        effects = app.app.screen.query_one("#effects", ChoiceTable)
        effects.put_cursor(column)

        async def answer(keys: list[str]) -> None:
            await app.press("enter")
            await app.sees(f"An exception for {column}")
            listed = app.app.screen._choices  # type: ignore[attr-defined]
            place = [choice.value for choice in listed].index(field)
            await app.press("home", *["down"] * place, "enter")
            await app.press("home", "shift+end", "delete", *keys, "enter")
            await app.ready()

        await answer(list(typed))
        assert getattr(_preparation(app).columns[column], field) == value
        await app.sees("✎")
        await answer([])
        assert _preparation(app).columns == {}


@pytest.mark.parametrize("kind", ["number", "category", "boolean", "identifier"])
def test_typed_values_are_read_as_they_are_written(kind: str) -> None:
    values = {
        "fill": 0.1 if kind == "number" else "a b",
        "outlier_limit": 2.5,
        "rare": 0.02,
        "order": ("low, or less", 'the "middle"', "high"),
        "merge": {"a, b": "c", "x = y": "z"},
    }
    for each in column_values(kind):
        assert each.read(each.write(values[each.field])) == values[each.field]
        assert each.read("") is None


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("fill", "x", "a number"),
        ("outlier_limit", "0", "above 0"),
        ("order", "a, b, a", "twice"),
        ("merge", "a", "old = new"),
        ("order", '"a', "quotes"),
    ],
)
def test_what_cannot_be_taken_is_said(field: str, text: str, words: str) -> None:
    kind = "number" if field in ("fill", "outlier_limit") else "category"
    value = next(each for each in column_values(kind) if each.field == field)
    assert words in (problem_of(value.read)(text) or "")


@pytest.mark.parametrize("task", ["classification", "regression"])
async def test_a_target_of_numbers_has_no_empty_list_of_choices(
    open_app: Open, tmp_path: Path, task: str
) -> None:
    file = tmp_path / "steps.csv"
    file.write_text("x,y\n" + "".join(f"{row * 0.37:.2f},{row % 3 + 0.5}\n" for row in range(90)))
    async with open_app(file) as app:
        experiment = app.app.workbench.experiment
        assert experiment is not None
        app.app.edit(source=replace(experiment.source, target="y", task=task))
        await app.ready()
        await app.press("2", "tab", "enter")
        await app.sees("the target's choices stand on the left")
        await app.press("down", "enter")
        await app.sees("An exception for x", "outlier limit")


async def test_a_second_file_that_is_not_there_is_told_and_can_be_replaced(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    file = sample_data / "penguins.csv"
    (tmp_path / "other.csv").write_text("".join(file.read_text().splitlines(keepends=True)[:30]))
    async with open_app(file) as app:
        await app.press("2")
        for name, seen in (("othe.csv", "othe.csv: there is no such file"), ("other.csv", "29")):
            by_file = Split("file", file=str(tmp_path / name))
            app.app.edit(preparation=replace(_preparation(app), split=by_file))
            await app.ready()
            await app.sees(seen)
            assert _preparation(app).split == by_file
        derived = app.app.workbench.derived
        assert derived is not None and derived.prepared is not None
        assert len(derived.prepared.test.rows) == 29 and app.app.workbench.experiment is not None


async def test_the_split_of_numbers_is_called_random(open_app: Open, sample_data: Path) -> None:
    """Nothing is stratified where there are no classes, and it isn't offered; the default stays the default."""
    async with open_app(sample_data / "cars.csv") as app:
        await app.press("2")
        app.app.screen.query_one("#choices", ChoiceTable).put_cursor("split.method")
        await app.ready()
        assert app.static("#meaning") == "random: at random, whatever the target"
        assert "stratified" not in app.text()
        assert _preparation(app).split == Split()
        await app.press("right")
        assert _preparation(app).split.method == "time"
        await app.press("left")
        assert _preparation(app).split.method == "random"
        await app.press("enter")
        await app.sees("random  ", "a second file is the test")
        assert "stratified" not in app.text()
        await app.press("escape")
        await app.ready()


async def test_the_split_of_classes_is_called_stratified(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("2")
        app.app.screen.query_one("#choices", ChoiceTable).put_cursor("split.method")
        await app.ready()
        assert app.static("#meaning").startswith("stratified: at random, with the same share of each class")
