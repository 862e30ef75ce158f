"""The lesson from its first page to its last, pressing only what the pages say."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driver import Driver, Open
from command_line import Run

from ann_tui.experiments.workbench import Step
from ann_tui.tui.app.app import AnnApp
from ann_tui.tui.lesson.bookmark import Bookmark, bookmark_of, bookmarks, put_bookmark, take_bookmark
from ann_tui.tui.lesson.page import KEY
from ann_tui.tui.lesson.pages import PAGES
from ann_tui.tui.lesson.strip import LessonStrip

NAMED = {"esc": "escape"}
SEEN = {
    "A table of examples": ("Lesson 1 of",),
    "Numbers of one size": ("teach",),
    "A small network": ("relu",),
    "Training": ("epoch",),
    "One neuron": ("epoch 0", "hidden 1"),
    "One row forward": ("For the row in line", "right is"),
    "The cost": ("2 of 4: the cost",),
    "One step down": ("4 of 4: the update", "w ←"),
    "Many steps": ("Descent",),
    "The hidden layer": ("Boundary",),
    "The test": ("rows",),
    "New data": ("Lesson 12 of 12",),
}
"""What is on the screen when the keys of a page have been pressed."""


def words(app: Driver) -> str:
    """The words of the page in view."""
    return str(app.app.screen.query_one(LessonStrip).render())


async def arrived(app: Driver, number: int) -> None:
    """Return when a page is in view, and all that it speaks of."""
    await app.until(
        lambda: (
            bool(app.app.screen.query(LessonStrip))
            and f"Lesson {number} of" in words(app)
            and not app.app.teacher.arriving
            and app.app.workbench.up_to_date
        ),
        f"page {number}",
    )


def table(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def one_number(folder: Path) -> Path:
    """A table of one number column besides the target."""
    rows = "".join(f"{x / 7:.3f},{x / 3 + x % 5:.3f}\n" for x in range(60))
    return table(folder, f"length,weight\n{rows}")


def only_words(folder: Path) -> Path:
    """A table without a number."""
    rows = "".join(f"{'red' if x % 3 else 'blue'},{'big' if x % 2 else 'small'}\n" for x in range(60))
    return table(folder, f"colour,size\n{rows}")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(
    "name", ["penguins", "churn", "cars", "digits", "spirals", "one number", "only words"]
)
async def test_from_the_first_page_to_the_last(
    open_app: Open, sample_data: Path, tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    if size == (120, 40) and name != "penguins":
        pytest.skip("the wide screen is gone through once")
    made = {"one number": one_number, "only words": only_words}
    file = made[name](tmp_path) if name in made else sample_data / f"{name}.csv"
    async with open_app(file, size=size) as app:
        await app.ready()
        own = app.app.workbench.experiment
        await app.press("L")
        for number, page in enumerate(PAGES, start=1):
            await arrived(app, number)
            assert app.app.screen.query_one(LessonStrip).size.height <= 8  # So that the screen is seen.
            for key in KEY.findall(str(app.app.teacher.tries)):
                await app.press(NAMED.get(key, key))
                if key == "t":
                    await app.trained()
            await app.sees(*SEEN[page.title])
            await app.press(">")
        assert app.app.current_mode == Step.PREDICT.value
        await app.press("L")
        await app.ready()
        assert app.app.workbench.experiment == own
        screens = [screen for stack in app.app._screen_stacks.values() for screen in stack]
        assert len(screens) > 4 and not any(screen.query(LessonStrip) for screen in screens)
        assert bookmarks() == ()


async def test_it_is_left_and_taken_up(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.ready()
        own = app.app.workbench.experiment
        await app.press("L")
        for number in (1, 2):
            await arrived(app, number)
            await app.press(">")
        await arrived(app, 3)
        await app.press("L")
        await app.ready()
        assert app.app.workbench.experiment == own and not app.app.screen.query(LessonStrip)
        await app.press("L")
        await arrived(app, 3)
        assert app.app.workbench.experiment != own
        await app.press("<")
        await arrived(app, 2)
        assert app.app.workbench.experiment == own


async def test_without_a_table_it_begins_on_the_first_sample_or_where_it_was_left(
    open_app: Open, tmp_path: Path
) -> None:
    async with open_app(None) as app:
        await app.press("L")
        await arrived(app, 1)
        assert "penguins.csv" in words(app)
    put_bookmark(Bookmark(str(one_number(tmp_path)), 5))
    async with open_app(None) as app:
        await app.press("L")
        await arrived(app, 6)  # Which needs a training, and gets it.
        assert app.app.current_mode == Step.TRAIN.value


async def test_ann_tui_learn_begins_with_it(sample_data: Path) -> None:
    app = AnnApp(str(sample_data / "cars.csv"), lesson=True)
    async with app.run_test(size=(80, 24)) as pilot:
        driver = Driver(app, pilot)
        await arrived(driver, 1)
        assert "cars.csv" in words(driver)


async def test_a_bookmark_of_another_table_is_not_taken_for_this_one(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    put_bookmark(Bookmark(str(one_number(tmp_path)), 5))
    async with open_app(sample_data / "cars.csv") as app:
        await app.ready()
        await app.press("L")
        await arrived(app, 1)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"a": "x"}', '{"/gone.csv": 2}', '{"/": 1}', "\\0", '{"/gone.csv": -1}']
)
def test_a_broken_bookmark_is_none(own_state_folder: Path, text: str) -> None:
    file = own_state_folder / "ann-tui" / "lesson.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert bookmarks() == ()


def test_each_table_has_its_bookmark(sample_data: Path) -> None:
    cars, churn = (
        Bookmark(str(sample_data / name), page) for name, page in (("cars.csv", 3), ("churn.csv", 7))
    )
    for mark in (cars, churn, cars):
        put_bookmark(mark)
    assert bookmarks() == (cars, churn)
    assert bookmark_of(churn.path) == churn and bookmark_of("/other.csv") is None
    take_bookmark(churn.path)
    assert bookmarks() == (cars,)


async def test_a_table_that_cant_be_trained_on_is_refused_in_a_line(open_app: Open, tmp_path: Path) -> None:
    async with open_app(table(tmp_path, "a,b\n1,2\n")) as app:
        await app.until(lambda: app.app.workbench.derived is not None)
        await app.press("L")
        await app.sees("the lesson needs a table that can be trained on")
        assert not app.app.screen.query(LessonStrip)


async def test_a_burst_of_page_keys_ends_on_a_page(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.ready()
        await app.press("L")
        await arrived(app, 1)
        await app.burst(*">" * 11)
        await arrived(app, 12)
        assert len(app.app.screen.query(LessonStrip)) == 1
        await app.burst(*"<" * 15)
        await arrived(app, 1)
        await app.press("o")
        await app.press("L")
        await app.until(lambda: not app.app.teacher.teaches)


async def test_another_target_becomes_that_of_all_columns(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.ready()
        await app.press("L")
        for number in (1, 2):
            await arrived(app, number)
            await app.press(">")
        await arrived(app, 3)
        await app.press("1", "down", "g", "3")
        await app.ready()
        await app.sees("no longer those of the lesson")
        await app.press(">")
        await arrived(app, 4)
        await app.until(lambda: app.app.workbench.target == "island" and len(inputs(app)) == 2)
        await app.press("L")
        await app.ready()
        assert app.app.workbench.target == "island" and len(inputs(app)) > 2


def inputs(app: Driver) -> tuple[str, ...]:
    derived = app.app.workbench.derived
    return () if derived is None or derived.prepared is None else derived.prepared.fitted.input_names


async def test_another_table_begins_it_anew(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.ready()
        await app.press("L")
        await arrived(app, 1)
        await app.press(">")
        await arrived(app, 2)
        app.app.open_file(str(sample_data / "cars.csv"))
        await app.until(lambda: "cars.csv has" in words(app), "the first page on the other table")


async def test_on_a_saved_model_it_says_what_it_needs(
    open_app: Open, sample_data: Path, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "p.ann"
    assert (
        run("train", sample_data / "penguins.csv", "--epochs", "1", "--save", path, "--no-baselines").code
        == 0
    )
    async with open_app(path) as app:
        await app.press("L")
        await app.sees("the lesson needs a table")


async def test_its_step_begins_at_a_weight_that_moves_and_goes_downhill(
    open_app: Open, sample_data: Path
) -> None:
    """On classes and on numbers, wherever the cursor stood before."""
    for name in ("penguins", "cars"):
        async with open_app(sample_data / f"{name}.csv", size=(80, 24)) as app:
            await app.ready()
            put_bookmark(Bookmark(str(sample_data / f"{name}.csv"), 4))
            await app.press("L")
            await arrived(app, 5)
            await app.press("enter", "right", "escape", ">")
            await arrived(app, 6)
            await app.press("e", ">")
            await arrived(app, 7)
            await app.press(">")
            await arrived(app, 8)
            await app.press("S", "space", "space", "space")
            await app.sees("this step went downhill")
            before = app.static("#step")
            await app.press("down")
            assert app.static("#step") != before
            await app.press("f1")
            await app.sees("gradient descent", "Elsewhere")


async def test_no_size_is_too_small(open_app: Open, sample_data: Path) -> None:
    """The strip leaves the views of the network a few lines, or none."""
    put_bookmark(Bookmark(str(sample_data / "penguins.csv"), 4))
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.ready()
        await app.press("L")
        await arrived(app, 5)
        for width, height in ((80, 16), (80, 13), (60, 12), (40, 10), (20, 6), (80, 24)):
            await app.pilot.resize_terminal(width, height)
            await app.press("right", "v", "v", "v", "v", "v")
        await app.sees("Lesson 5 of")
