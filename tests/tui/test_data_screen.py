"""Step 1: columns, target, kinds."""

from __future__ import annotations

from pathlib import Path

from app_driver import Open

from ann_tui.tui.widgets.choice_table import ChoiceTable
from ann_tui.tui.widgets.frame_view import FrameView


async def test_target_can_be_set_on_the_column_under_the_cursor(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("down", "g")
        await app.ready()
        derived = app.app.workbench.derived
        assert derived is not None and derived.profile.target == "island"
        assert derived.prepared is not None and derived.prepared.fitted.target.name == "island"
        await app.press("u")
        await app.ready()
        assert app.app.workbench.derived is not None
        assert app.app.workbench.derived.profile.target == "species"
        await app.press("U")
        await app.ready()
        assert app.app.workbench.derived.profile.target == "island"


async def test_a_column_is_left_out_and_taken_in_again(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("down", "x")
        await app.ready()
        assert app.app.workbench.derived is not None
        prepared = app.app.workbench.derived.prepared
        assert prepared is not None and "island" not in prepared.fitted.feature_origins
        await app.press("x")
        await app.ready()
        prepared = app.app.workbench.derived.prepared
        assert prepared is not None and "island" in prepared.fitted.feature_origins


async def test_a_column_left_out_by_a_finding_can_be_taken_in(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv") as app:
        derived = app.app.workbench.derived
        assert derived is not None and not derived.profile.column("Name").used
        await app.press("x")
        await app.ready()
        assert app.app.workbench.derived is not None
        assert app.app.workbench.derived.profile.column("Name").used


async def test_the_target_cannot_be_left_out(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("x")
        await app.sees("choose another target first")


async def test_kind_is_chosen_from_a_list(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        app.app.screen.query_one(ChoiceTable).put_cursor("year")
        await app.press("k")
        await app.sees("Kind of year")
        await app.press("down", "enter")
        await app.ready()
        assert app.app.workbench.derived is not None
        assert str(app.app.workbench.derived.profile.column("year").kind) == "category"


async def test_find_goes_to_a_column(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "digits.csv", size=(80, 24)) as app:
        await app.press("slash", *"l_7_7", "enter")
        assert app.app.screen.query_one(ChoiceTable).cursor_key == "pixel_7_7"


async def test_markup_in_headers_and_cells_is_shown_as_it_is(open_app: Open, tmp_path: Path) -> None:
    path = tmp_path / "markup.csv"
    rows = "".join(f"[red]{n % 3},{n},{'[/]yes' if n % 2 else 'no[bold'}\n" for n in range(60))
    path.write_text("[/],[b]number,[@click=app.quit]target\n" + rows, encoding="utf-8")
    async with open_app(path) as app:
        await app.sees("[/]", "[b]number", "[red]0")
        for step in "23":
            await app.press(step)
        await app.press("t")
        await app.trained()
        for step in "4561":
            await app.press(step)
        await app.sees("[/]")
        await app.press("f1", "escape", "ctrl+p", "escape", "o")
        await app.sees("markup.csv")


async def test_what_cannot_be_read_is_said_in_one_line_and_the_app_goes_on(
    open_app: Open, tmp_path: Path, sample_data: Path
) -> None:
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    async with open_app(picture) as app:
        assert app.app.current_mode == "start"
        assert app.app.trouble and "\n" not in app.app.trouble
        await app.sees("picture.csv")
        app.app.open_file(str(tmp_path / "missing.csv"))
        await app.until(lambda: "missing.csv" in app.app.trouble, "the message")
        app.app.open_file(str(sample_data / "penguins.csv"))
        await app.until(lambda: app.app.workbench.derived is not None, "the file")
        await app.sees("species")


async def test_a_target_with_one_class_says_so_and_the_app_goes_on(open_app: Open, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(
        "x,y,label\n" + "".join(f"{n % 11},{n * n % 7},yes\n" for n in range(80)), encoding="utf-8"
    )
    async with open_app(path) as app:
        app.app.screen.query_one(ChoiceTable).put_cursor("label")
        await app.press("g")
        await app.ready()
        await app.press("t")
        assert app.app.workbench.runs.front is None
        assert "one" in (app.app.workbench.derived.problem or "")
        app.app.screen.query_one(ChoiceTable).put_cursor("y")
        await app.press("g")
        await app.ready()
        await app.press("t")
        await app.trained()


async def test_a_table_of_many_columns_makes_the_cells_in_view_alone(open_app: Open, tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    names = [f"c{place}" for place in range(700)]
    rows = [[f"{place * row % 7}.{row}" for place in range(700)] for row in range(1, 21)]
    file.write_text("\n".join(",".join(line) for line in [names, *rows]), encoding="utf-8")
    async with open_app(file) as app:
        table = app.app.screen.query_one(ChoiceTable)
        made = [row.key for row in table._shown if "cells" in vars(row)]
        assert made == names[: len(made)] and 0 < len(made) < 60
        await app.press("end", "down")
        table.put_cursor("c650")
        await app.sees("c650", "c649")
        made = [row.key for row in table._shown if "cells" in vars(row)]
        assert "c650" in made and len(made) < 150


async def test_the_rows_of_a_wide_table_show_the_columns_to_which_they_are_scrolled(
    open_app: Open, tmp_path: Path
) -> None:
    file = tmp_path / "wide.csv"
    names = [f"c{place:02}" for place in range(60)]
    rows = [[f"{name}row{row}" for name in names] for row in range(9)]
    file.write_text("\n".join(",".join(line) for line in [names, *rows]), encoding="utf-8")
    async with open_app(file) as app:
        view = app.app.screen.query_one(FrameView)
        whole = "1  " + "".join(f"{name}row0  " for name in names)
        for x in (*range(16), 10_000):
            view.scroll_to(x=x, animate=False)
            await app.until(lambda: True)
            left = int(view.scroll_offset.x)
            painted = view.render_line(1).text
            assert painted == whole[left : left + len(painted)].ljust(len(painted)), x


def _unsure_table(folder: Path) -> Path:
    file = folder / "unsure.csv"
    rows = [f"{row},{'ab'[row % 2]},{row * row % 31},{row % 17}.5" for row in range(60)]
    file.write_text("\n".join(["first,side,middle,last", *rows]), encoding="utf-8")
    return file


async def test_an_unsure_target_is_asked_for_before_the_first_training(
    open_app: Open, tmp_path: Path
) -> None:
    async with open_app(_unsure_table(tmp_path)) as app:
        await app.sees("last (a guess)", "target? (a guess)")
        await app.press("t")
        await app.sees("Which column is to be predicted?", "1 last", "2 side", "3 first")
        await app.press("2")
        await app.until(lambda: bool(app.app.workbench.runs.all), "the training")
        run = app.app.workbench.runs.front
        assert run is not None and run.prepared is not None and run.prepared.fitted.target.name == "side"
        await app.until(lambda: app.app.workbench.runs.training is None, "its end")
        assert "(a guess)" not in app.text()
        await app.press("u")
        await app.ready()
        await app.press("t")
        await app.until(lambda: len(app.app.workbench.runs.all) == 2, "a second training without a question")


async def test_a_question_for_the_target_that_is_left_trains_nothing(open_app: Open, tmp_path: Path) -> None:
    async with open_app(_unsure_table(tmp_path)) as app:
        await app.press("t")
        await app.sees("Which column is to be predicted?")
        await app.press("escape")
        await app.ready()
        assert not app.app.workbench.runs.all
        assert app.app.workbench.experiment is not None and app.app.workbench.experiment.source.target is None


async def test_a_target_that_bears_its_name_is_a_guess_but_not_asked_for(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.sees("species (a guess)")
        await app.press("t")
        await app.until(lambda: bool(app.app.workbench.runs.all), "the training")
