"""`y` copies the cell, the row, the table, the column or the panel in focus, and says what."""

from __future__ import annotations

from pathlib import Path

from app_driver import Driver, Open

from ann_tui.tui.prompt import PickList


def _offered(app: Driver) -> list[str]:
    screen = app.app.screen
    assert isinstance(screen, PickList)
    return [choice.label or "" for choice in screen._choices]


async def _copied(app: Driver, what: str) -> str:
    await app.press("y")
    offered = _offered(app)
    await app.press(str(offered.index(what) + 1))
    await app.sees(f"copied: {what}, ")
    return app.app.clipboard


async def test_what_a_table_of_columns_offers(open_app: Open, tmp_path: Path, sample_data: Path) -> None:
    name = "a very long name of a column that no table shows in full"
    text = (sample_data / "penguins.csv").read_text(encoding="utf-8").replace("island", name, 1)
    file = tmp_path / "penguins.csv"
    file.write_text(text, encoding="utf-8")
    async with open_app(file) as app:
        await app.press("down")
        row = await _copied(app, "the row")
        assert row.split("\t")[2:5] == ["category", "·", "3"]
        table = await _copied(app, "the table")
        lines = [line.split("\t") for line in table.splitlines()]
        assert [line[2] for line in lines[:3]] == ["kind", "category", "category"]
        assert len(lines) == 9 and {len(line) for line in lines} == {7}
        assert await _copied(app, "distinct: 3") == "3"
        assert await _copied(app, "the name of the column") == name
        assert (await _copied(app, "the panel as it stands")).startswith("Columns\n")


async def test_the_rows_and_the_column_are_copied_in_full(open_app: Open, tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    long = "word " * 20 + "end"
    file.write_text(
        "n,text,y\n" + "".join(f"{n},{long}{n},{'ab'[n % 2]}\n" for n in range(40)), encoding="utf-8"
    )
    async with open_app(file) as app:
        await app.press("down", "tab", "tab")
        rows = (await _copied(app, "the rows in view")).splitlines()
        assert rows[0] == "n\ttext\ty" and rows[1:3] == [f"0\t{long}0\ta", f"1\t{long}1\tb"]
        assert (await _copied(app, "the column text")).splitlines() == [
            "text",
            *(f"{long}{n}" for n in range(40)),
        ]


async def test_a_confusion_matrix_is_copied_with_its_classes(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("t")
        await app.trained()
        await app.press("5")
        await app.sees("Confusion matrix")
        await app.press("y")
        cell = next(what for what in _offered(app) if what.startswith("the cell "))
        await app.press("escape")
        assert (await _copied(app, cell)).isdecimal()
        lines = [line.split("\t") for line in (await _copied(app, "the confusion matrix")).splitlines()]
        assert lines[0] == ["true \\ predicted", "Adelie", "Chinstrap", "Gentoo"]
        run = app.app.workbench.runs.front
        assert run is not None and run.evaluation is not None
        assert sum(int(cell) for line in lines[1:] for cell in line[1:]) == 69


async def test_what_no_clipboard_takes_is_not_copied(open_app: Open, tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text(
        "n,text,y\n" + "".join(f"{n},{'x' * 2_000}{n},{n % 2}\n" for n in range(90)), encoding="utf-8"
    )
    async with open_app(file) as app:
        await app.press("down", "tab", "tab", "y")
        await app.press(str(_offered(app).index("the column text") + 1))
        await app.sees("the column text is too long for a terminal's clipboard (74 kB)")
        assert app.app.clipboard == ""


async def test_y_in_a_question_answers_it_and_in_a_line_is_typed(open_app: Open) -> None:
    async with open_app() as app:
        await app.press("/", "y")
        assert app.app.clipboard == "" and "/y" in app.text()
