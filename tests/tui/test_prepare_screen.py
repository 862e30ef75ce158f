"""Step 2: choices in place, exceptions, undo."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from app_driver import Driver, Open
from textual.widget import Widget

from ann_tui.data.choices.preparation import SCALING, ColumnPreparation, Preparation, Split
from ann_tui.data.preparing import before_after as module
from ann_tui.tui.prompt import problem_of
from ann_tui.tui.settings.preparation_settings import column_values
from ann_tui.tui.widgets.choice_table import ChoiceTable
from ann_tui.tui.widgets.effects_table import FOLD, EffectsTable


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
        await app.sees("body_mass_g: before → after", "for the network: standard")
        assert f"and {bins['body_mass_g']} bins from" in app.static("#detail")


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


# -- before and after, and columns that are folded away -------------------------------------------------------


@pytest.fixture
def gaps(tmp_path: Path) -> Path:
    """Two columns with gaps, rare words, six complete ones, one of one value and one with a very long name."""
    long = "a very long name of a column that nobody can read in one glance " * 3
    names = ["gaps", "words", "note", *(f"whole_{n}" for n in range(6)), long.strip(), "label"]
    lines = [",".join(names)]
    for n in range(240):
        words = "" if n % 11 == 3 else ["often", "usual", f"rare {n}"][0 if n % 2 else 1 if n % 40 else 2]
        whole = [str((n * n + 7 * n * k) % 97) for k in range(6)]
        gap = "" if n % 9 == 5 else f"{n % 17}.5"
        lines.append(",".join([gap, words, "same", *whole, f"{n % 31}", "pqr"[n % 3]]))
    file = tmp_path / "gaps.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _panels(app: Driver) -> list[Widget]:
    return [panel for panel in app.app.screen.query(".panel") if panel.region.area]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("colours", [True, False])
async def test_a_column_is_seen_before_and_after(
    open_app: Open, gaps: Path, size: tuple[int, int], colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    narrow = size[0] < 100
    async with open_app(gaps, size=size) as app:
        await app.press("2")
        for _ in range(3):
            await app.until(lambda: len(_panels(app)) == (1 if narrow else 3), "the panels")
            shown = _panels(app)
            for place, panel in enumerate(shown):
                assert app.app.screen.region.contains_region(panel.region)
                assert not any(panel.region.overlaps(other.region) for other in shown[place + 1 :])
            await app.press("tab")
            await app.ready()
        effects = app.app.screen.query_one(EffectsTable)
        await app.press("tab", "tab") if narrow else None
        effects.put_cursor("gaps")
        await app.sees("gaps: before → after", "as read · 240 rows", "for the network: standard")
        await app.sees(f"without a value: {sum(n % 9 == 5 for n in range(240))}")
        effects.put_cursor("words")
        await app.sees("words: before → after", "for the network: one-hot", "often", "missing", "other")
        effects.put_cursor("label")
        await app.sees("label: before → after", "for the network: classes")
        effects.put_cursor(FOLD)
        await app.sees("Before → after", "enter unfolds")


async def test_columns_without_a_changed_cell_are_folded_into_one_line(open_app: Open, gaps: Path) -> None:
    async with open_app(gaps) as app:
        await app.press("2", "tab")
        effects = app.app.screen.query_one(EffectsTable)
        await app.sees("▸ 7 columns unchanged")
        assert [row.key for row in effects._shown] == ["label", "gaps", "words", FOLD]
        effects.put_cursor(FOLD)
        await app.press("d", "enter")
        await app.sees("▾ 7 columns unchanged", "whole_5")
        effects.put_cursor("whole_2")
        await app.press("enter")
        await app.sees("An exception for whole_2")
        await app.press("escape")
        effects.put_cursor(FOLD)
        await app.press("enter")
        await app.sees("▸ 7 columns unchanged")
        assert [row.key for row in effects._shown] == ["label", "gaps", "words", FOLD]
        app.app.edit(
            preparation=replace(_preparation(app), columns={"whole_3": ColumnPreparation(scaling="min-max")})
        )
        await app.ready()
        await app.sees("▸ 6 columns unchanged", "whole_3", "✎ min-max")


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_what_is_done_is_said_in_full_or_without_fitted_numbers(
    open_app: Open, sample_data: Path, size: tuple[int, int]
) -> None:
    async with open_app(sample_data / "penguins.csv", size=size) as app:
        await app.press("2")
        await app.ready()
        whole = "3 one-hot columns (Biscoe, Dream, Torgersen)" if size[0] > 150 else "one-hot"
        await app.sees(
            whole, "median 44.4; standard" if size[0] < 150 else "median 44.4 in 2 cells; standard"
        )


async def test_the_inputs_of_all_columns_add_up(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("2")
        app.app.screen.query_one("#choices", ChoiceTable).put_cursor("number_encoding")
        await app.press("right")
        await app.ready()
        derived = app.app.workbench.derived
        assert derived is not None and derived.prepared is not None
        effects = app.app.screen.query_one(EffectsTable)
        inputs = [row.cells[2].plain for row in effects._shown]
        assert sum(int(each) for each in inputs if each != "target") == len(
            derived.prepared.fitted.input_names
        )


async def test_arrow_keys_beside_the_histograms_go_to_other_columns(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.press("2", "tab", "tab", "down", "down")
        await app.sees("bill_length_mm: before → after")
        await app.press("up")
        await app.sees("island: before → after")


async def test_before_and_after_of_many_rows_hold_up_no_key(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, asked = threading.Event(), []
    real = module.before_after

    def slow(prepared: Any, name: str) -> Any:
        asked.append(name)
        assert gate.wait(20)
        return real(prepared, name)

    async with open_app(sample_data / "penguins.csv") as app:
        monkeypatch.setattr(module, "before_after", slow)
        monkeypatch.setattr("ann_tui.tui.widgets.change_panel.ROWS_AT_ONCE", 10)
        await app.press("2", "tab", "down", "down", "down")
        await app.sees("bill_depth_mm: before → after", "counting …")
        gate.set()
        await app.sees("for the network: standard", "as read · 344 rows")
        assert asked == ["species", "bill_depth_mm"]
