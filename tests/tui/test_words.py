"""Help opens at the word of what is in focus, tab walks through the words, and each tells of the open table."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_driver import Driver, Open

from ann_tui.experiments.workbench import Workbench
from ann_tui.tui.dialogs.help_texts import HELP
from ann_tui.tui.words.word import Word, place_of_word

ALL = [word for text in HELP.values() for word in text.words]


async def word_in_view(app: Driver) -> str:
    await app.until(lambda: bool(app.app.screen.query("#word")) and "word" in app.static("#word"), "a word")
    return app.static("#word")


@pytest.mark.parametrize(
    ("keys", "word", "here"),
    [
        (("1",), "feature", "7 columns are features here"),
        (("1", "tab", "tab"), "missing value", "19 cells"),
        (("2", "tab"), "encoding", "inputs of the network"),
        (("2", *["down"] * 9), "scaling", "39.1"),
        (("3",), "unit", "64 and 32"),
        (("3", "tab", *["down"] * 5), "learning rate", "0.004"),
        (("4",), "cost", "on the validation rows"),
        (("4", "tab"), "confusion matrix", "lie on the diagonal"),
        (("4", "i"), "weight", "weights and biases"),
        (("4", "i", "v"), "relevance", ""),
        (("4", "i", "v", "v", "v", "v"), "landscape", ""),
        (("5", "tab"), "baseline", "the network"),
        (("5", "v"), "ROC AUC", "on 69 test rows"),
        (("6",), "what it would do", ""),
    ],
)
async def test_help_opens_at_the_word_in_focus(
    open_app: Open, sample_data: Path, keys: tuple[str, ...], word: str, here: str
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.ready()
        if keys[0] in "456":
            await app.press("t")
            await app.trained()
            run = app.app.workbench.judged
            await app.until(
                lambda: run is not None and run.evaluation is not None and not run.evaluation.pending
            )
        await app.press(*keys)
        if word == "scaling":
            for _ in range(20):
                places = app.app.screen.places_in_focus  # type: ignore[attr-defined]
                if "choices-panel:scaling" in places:
                    break
                await app.press("down" if _ < 10 else "up")
            here = "172"
        if word == "learning rate":
            while "plan-panel:learning_rate" not in app.app.screen.places_in_focus:  # type: ignore[attr-defined]
                await app.press("down")
        await app.press("f1")
        shown = await word_in_view(app)
        assert shown.startswith(f"{word} "), shown
        if word != "scaling":
            assert here in shown


async def test_tab_walks_through_all_words_and_back(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.ready()
        await app.press("f1")
        names = []
        for _ in HELP["data"].words:
            names.append((await word_in_view(app)).split("   word")[0])
            await app.press("tab")
        assert names == [word.name for word in HELP["data"].words]
        assert (await word_in_view(app)).startswith(names[0])
        await app.press("shift+tab")
        assert (await word_in_view(app)).startswith(names[-1])


@pytest.mark.parametrize("name", ["penguins", "cars", "churn"])
async def test_every_word_speaks_at_every_stage(open_app: Open, sample_data: Path, name: str) -> None:
    """Nothing open, opened, training, judged: a word says something sensible, or nothing."""
    for word in ALL:
        assert isinstance(word.here(Workbench()), str)
    async with open_app(sample_data / f"{name}.csv") as app:
        await app.ready()
        bench = app.app.workbench
        for word in ALL:
            check(word.here(bench), word)
        await app.press("t")
        await app.until(lambda: bench.runs.front is not None)
        for word in ALL:
            check(word.here(bench), word)
        await app.trained()
        run = bench.judged
        await app.until(lambda: run is not None and run.evaluation is not None and not run.evaluation.pending)
        spoken = [word.name for word in ALL if check(word.here(bench), word)]
        assert {"cost", "feature", "target", "learning rate", "baseline", "gap"} <= set(spoken)


def check(says: str, word: Word) -> str:
    """A word's figures, which hold no `None` and no NaN, and end as a sentence does."""
    assert "None" not in says and "nan" not in says.split(), (word.name, says)
    assert not says or says[-1] in ".?", (word.name, says)
    return says


def test_places_of_words_are_those_of_screens() -> None:
    from ann_tui.tui.screens.data import DataScreen
    from ann_tui.tui.screens.evaluate import EvaluateScreen
    from ann_tui.tui.screens.layers import LayersScreen
    from ann_tui.tui.screens.predict import PredictScreen
    from ann_tui.tui.screens.prepare import PrepareScreen
    from ann_tui.tui.screens.train import TrainScreen

    screens = (DataScreen, PrepareScreen, LayersScreen, TrainScreen, EvaluateScreen, PredictScreen)
    for screen in screens:
        assert screen.STEP is not None
        words = HELP[screen.STEP.value].words
        for word in words:
            assert all(place.split(":")[0] in (*screen.PANELS, "step") for place in word.places), word.name
        assert len({word.name for word in words}) == len(words)


async def test_the_panel_of_a_sweep_has_words_of_its_own(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.ready()
        await app.press("f3", "f1")
        assert (await word_in_view(app)).startswith("trial ")
        await app.sees("would another design do better?", "Begin the sweep")
        await app.press("tab")
        assert (await word_in_view(app)).startswith("stopped early ")
        await app.press("escape")
        await app.sees("Sweep · 40 trials")


def test_the_narrowest_place_decides() -> None:
    words = (Word("a", "…", places=("panel",)), Word("b", "…", places=("panel:line",)))
    assert place_of_word(words, ("panel:line", "panel")) == 1
    assert place_of_word(words, ("panel:other", "panel")) == 0
    assert place_of_word(words, ()) == 0
