"""From a file to a judged network by the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driver import Open

from ann_tui.experiments.workbench import Step


async def test_one_key_trains_and_judges_penguins(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("t")
        await app.trained()
        run = app.app.workbench.runs.front
        assert run is not None and run.evaluation is not None
        assert run.evaluation.judged == "test"
        assert run.evaluation.scores["test"].metrics["accuracy"] > 0.9
        assert app.app.current_mode == Step.TRAIN.value
        await app.press("5")
        await app.sees("test rows")
        await app.sees("Chinstrap")
        await app.press("6")
        await app.sees("bill_length_mm")


@pytest.mark.parametrize("name", ["cars", "churn", "spirals"])
async def test_every_kind_of_target_reaches_its_evaluation(
    open_app: Open, sample_data: Path, name: str
) -> None:
    async with open_app(sample_data / f"{name}.csv") as app:
        await app.press("t")
        await app.trained()
        run = app.app.workbench.runs.front
        assert run is not None and run.evaluation is not None
        for key, word in (("5", "gradient boosting"), ("6", "What the network says")):
            await app.press(key)
            await app.sees(word)


async def test_t_before_the_file_is_read_trains_as_soon_as_it_is(open_app: Open, sample_data: Path) -> None:
    async with open_app() as app:
        app.app.open_file(str(sample_data / "penguins.csv"))
        await app.press("t")
        await app.until(lambda: app.app.workbench.runs.front is not None, "the run to begin")
        await app.trained()


async def test_steps_that_cannot_be_entered_say_why(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("5")
        assert app.app.current_mode == Step.DATA.value
        await app.sees("train a network first: t")
        await app.press("2")
        assert app.app.current_mode == Step.PREPARE.value


async def test_number_keys_reach_all_steps_after_training(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv", size=(80, 24)) as app:
        await app.press("t")
        await app.trained()
        for step in Step:
            await app.press(str(step.number))
            assert app.app.current_mode == step.value


async def test_start_screen_opens_a_sample_with_enter(open_app: Open) -> None:
    async with open_app() as app:
        await app.sees("penguins")
        await app.press("enter")
        await app.until(lambda: app.app.workbench.derived is not None, "the file")
        assert app.app.current_mode == Step.DATA.value
        await app.sees("species")
        await app.press("o")
        assert app.app.current_mode == "start"


async def test_a_file_that_was_opened_is_listed_as_recent(open_app: Open, tmp_path: Path) -> None:
    path = tmp_path / "my table.csv"
    path.write_text("a,b\n" + "".join(f"{n},{n % 2}\n" for n in range(30)), encoding="utf-8")
    async with open_app(path) as app:
        await app.press("o")
        await app.sees("my table.csv")


async def test_help_lists_the_keys_of_the_screen(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        for key in ("f1", "question_mark"):
            await app.press(key)
            await app.sees("Make the column under the cursor the target")
            await app.press("escape")
            assert "Make the column under the cursor the target" not in app.text()


async def test_palette_offers_the_screens_actions(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("ctrl+p")
        await app.pilot.press(*"leave a column")
        await app.until(lambda: "Leave a column out" in app.text(), "the command to be found")


async def test_the_bar_says_why_a_step_is_closed_and_names_the_target(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(None) as app:
        await app.sees("2 Prepare: open a file first: o", "enter open")
        assert "o open" not in app.text()
    async with open_app(sample_data / "penguins.csv") as app:
        await app.ready()
        await app.sees("5 Evaluate: train a network first: t")
    async with open_app(sample_data / "penguins.csv", (80, 24)) as app:
        await app.sees("→ species")
