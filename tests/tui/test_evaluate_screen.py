"""Step 5: the figures on the screen are those of the evaluation, and the rows behind them can be opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from app_driver import Driver, Open
from textual.widgets import DataTable

from ann_tui.data.choices.preparation import Preparation, Split
from ann_tui.data.choices.source import Source
from ann_tui.evaluation.decision import at_threshold, matrix_at, rows_behind, rows_by_error
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.threshold import Aim, best_threshold
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.experiment_writing import write_experiment
from ann_tui.experiments.kept.run_store import RunStore
from ann_tui.experiments.run import Run
from ann_tui.model.storage import load_model
from ann_tui.training.plan import TrainingPlan
from ann_tui.tui.app.runner import Compared
from ann_tui.tui.dialogs.rows import PAGE, RowsScreen, RowTable
from ann_tui.tui.screens.evaluate import EvaluateScreen
from ann_tui.tui.screens.predict import PredictScreen


async def _evaluated(app: Driver) -> tuple[EvaluateScreen, Run, Evaluation]:
    """Train, wait for the baselines, and go to the screen."""
    await app.press("t")
    await app.trained()
    run = app.app.workbench.runs.front
    assert run is not None
    await app.until(lambda: run.evaluation is not None and not run.evaluation.pending, "the baselines")
    await app.press("5")
    screen = app.app.screen
    assert isinstance(screen, EvaluateScreen) and run.evaluation is not None
    return screen, run, run.evaluation


async def test_metrics_and_baselines_stand_side_by_side(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        _, _, evaluation = await _evaluated(app)
        accuracy = evaluation.scores["test"].metrics["accuracy"]
        assert accuracy is not None
        await app.sees(f"{accuracy * 100:.1f} %", "logistic", "majority", "boosting", "69 test rows")
        await app.sees("The network never saw", "95 %", "Matthews", "F1, macro")


async def test_without_test_rows_the_screen_says_who_judges(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv", size=(80, 24)) as app:
        experiment = app.app.workbench.experiment
        assert experiment is not None
        split = replace(experiment.preparation.split, test=0.0)
        app.app.edit(preparation=replace(experiment.preparation, split=split))
        await _evaluated(app)
        await app.sees("test rows were set aside", "validation rows judge")
        await app.press("tab")
        await app.sees("ridge regression", "RMSE", "MAE", "median error")


async def test_the_network_is_shown_before_its_baselines(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        screen, run, evaluation = await _evaluated(app)
        run.evaluation = replace(evaluation, baselines=(), pending=True)
        screen.bring_up_to_date()
        await app.sees("The baselines are being computed", "Matthews")
        run.evaluation = evaluation
        app.app.post_message(Compared(run, None))
        await app.sees("gradient boosting", "logistic regression")


async def test_the_threshold_moves_matrix_and_metrics(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "churn.csv", size=(130, 40)) as app:
        screen, _, evaluation = await _evaluated(app)
        await app.press("left_square_bracket", "left_square_bracket", "right_square_bracket")
        assert screen.threshold == 0.49
        await app.press("d", *"0.2", "enter")
        assert screen.threshold == 0.2
        matrix = matrix_at(evaluation, 0.2)
        assert (matrix.counts != matrix_at(evaluation, 0.5).counts).any()
        await app.sees(f"accuracy {matrix.accuracy * 100:.1f} %", "at 0.20", "at 0.50", "flatters")
        await app.press("d", *"2", "enter")
        await app.press("escape")
        assert screen.threshold == 0.2


async def test_what_is_decided_on_evaluate_holds_everywhere(
    open_app: Open, sample_data: Path, tmp_path: Path
) -> None:
    async with open_app(sample_data / "churn.csv", size=(130, 40)) as app:
        _, run, evaluation = await _evaluated(app)
        place = int(np.abs(evaluation.outputs[:, 1] - 0.7).argmin())
        row, probability = int(evaluation.rows[place]), float(evaluation.outputs[place, 1])
        assert 0.6 < probability < 0.8
        await app.press("d", *f"{probability + 0.01:.3f}", "enter")
        await app.press("6")
        screen = app.app.screen
        assert isinstance(screen, PredictScreen)
        screen.fill(row)
        await app.sees("churn: no", "yes from a probability of 0.")
        await app.press("ctrl+s")
        path = tmp_path / "decided.ann"
        await app.paste(str(path))
        await app.press("enter")
        await app.until(path.exists, "the model")
        model = load_model(path)
        assert model.threshold == run.threshold == float(f"{probability + 0.01:.3f}")
        assert run.evaluation is not None
        assert model.summary.metrics["test"] == dict(run.evaluation.scores["test"].metrics)
        kept = RunStore()

        def kept_threshold() -> float:
            (stored,) = kept.runs()
            assert stored.model is not None
            return load_model(stored.model).threshold

        await app.until(lambda: kept_threshold() == run.threshold, "the threshold in the store")


async def test_one_key_lets_the_validation_rows_choose_the_threshold(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "churn.csv", size=(130, 40)) as app:
        screen, run, evaluation = await _evaluated(app)
        await app.press("c", "enter")
        rows = evaluation.answered["validation"]
        assert screen.threshold == best_threshold(Aim(), rows.actual, rows.outputs) != 0.5
        await app.sees("that the validation rows chose", f"at {screen.threshold:.2f}")
        assert "flatters" not in app.text()
        await app.press("c", "down", "enter")
        await app.press(*["backspace"] * 3, *"1:x", "enter")
        await app.sees("two numbers above 0")
        await app.press("backspace", *"30", "enter")
        assert screen.threshold == best_threshold(Aim((1, 30)), rows.actual, rows.outputs) < 0.2
        decided = (run.threshold, Aim((1, 30)))
        await app.press("4")

        def kept() -> bool:
            (stored,) = RunStore().runs()
            record = stored.record
            if stored.model is None or (record.threshold, record.aim) != (decided[0], "1:30"):
                return False
            model = load_model(stored.model)
            return (model.threshold, model.aim) == decided

        await app.until(kept, "the threshold in the store, with what it was chosen for")
        await app.press("5")
        await app.press("c", "down", "down", "enter")
        assert run.threshold == 0.5


async def test_a_threshold_that_is_kept_while_it_is_decided_is_the_new_one_in_the_end(
    open_app: Open, sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(sample_data / "churn.csv", size=(130, 40)) as app:
        _, run, _ = await _evaluated(app)
        keeper = app.app.keeper
        await app.until(lambda: keeper.stored(run) is not None, "the run to be kept")

        def kept_meanwhile(*rest: Any) -> Evaluation:
            keeper.keep_threshold(run)
            return at_threshold(*rest)

        monkeypatch.setattr("ann_tui.experiments.run.at_threshold", kept_meanwhile)
        run.decide(0.3)
        keeper.keep_threshold(run)
        (stored,) = RunStore().runs()
        assert stored.record.threshold == 0.3 and stored.model is not None
        assert load_model(stored.model).threshold == 0.3


async def test_every_view_is_reached_and_says_whose_rows(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "churn.csv") as app:
        await _evaluated(app)
        for title, figure in (
            ("ROC curve", "area"),
            ("Precision-recall curve", "average precision"),
            ("Calibration", "off by"),
            ("Confusion matrix", "recall"),
        ):
            await app.press("v")
            await app.sees(f"{title} · 1,000 test rows", figure)


async def test_curves_of_many_classes_go_from_class_to_class(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        _, _, evaluation = await _evaluated(app)
        await app.sees("enter rows", "cell")
        await app.press("v")
        await app.sees("all classes together")
        assert "enter rows" not in app.text()
        await app.press("right")
        await app.sees(f"{evaluation.classes[0]}   ← →")
        await app.press("left", "left")
        await app.sees(f"{evaluation.classes[-1]}   ← →")


async def test_a_cell_opens_its_rows_and_a_row_goes_to_predict(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "churn.csv") as app:
        _, run, evaluation = await _evaluated(app)
        for key in ("up", "left", "down"):
            await app.press(key)
        await app.press("right", "up")
        places = rows_behind(evaluation, 0, 1)
        await app.press("enter")
        assert isinstance(app.app.screen, RowsScreen)
        await app.sees(f"{len(places)} test rows of no taken for yes", "probability")
        table = app.app.screen.query_one(DataTable)
        assert table.row_count == len(places)
        shares = [float(table.get_row_at(row)[3].plain.split()[0]) for row in range(table.row_count)]
        assert shares == sorted(shares, reverse=True)
        await app.press("down", "enter")
        screen = app.app.screen
        assert isinstance(screen, PredictScreen)
        position = int(evaluation.rows[places[1]])
        line = int(run.prepared.table.lines[position])
        assert app.static("#answer") == f"churn: yes   in the file: no (line {line})"
        row = run.prepared.table.frame.iloc[position]
        assert screen.cells["state"] == row["state"]
        assert f"{evaluation.outputs[places[1], 1] * 100:.1f} %" in app.static("#bars")


async def test_a_cell_without_rows_says_so(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        _, _, evaluation = await _evaluated(app)
        matrix = matrix_at(evaluation, 0.5)
        empty = tuple(int(index) for index in np.argwhere(matrix.counts == 0)[0])
        for _ in range(3):
            await app.press("up", "left")
        await app.press(*["down"] * empty[0], *["right"] * empty[1], "enter")
        assert isinstance(app.app.screen, EvaluateScreen)
        await app.sees("was taken for")


async def test_for_numbers_the_largest_errors_are_opened(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "cars.csv") as app:
        _, run, evaluation = await _evaluated(app)
        await app.sees("predicted ↑ against actual", "predicted less actual")
        await app.press("enter")
        await app.sees("the largest error first")
        table = app.app.screen.query_one(DataTable)
        worst = evaluation.rows[rows_by_error(evaluation)[0]]
        assert table.get_row_at(0)[0].plain == str(int(run.prepared.table.lines[worst]))
        await app.press("escape")
        assert isinstance(app.app.screen, EvaluateScreen)


async def test_each_key_is_explained_in_the_help(open_app: Open, sample_data: Path) -> None:
    async with open_app(sample_data / "churn.csv") as app:
        await _evaluated(app)
        await app.press("f1")
        await app.sees("decision threshold", "The rows behind the cell", "The next view")


async def test_rows_beyond_the_first_page_are_reached(open_app: Open, tmp_path: Path) -> None:
    """Of a cell and of a number target with more rows than a page has."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(4_000, 2))
    labels = generator.choice(["yes", "no"], size=4_000)
    lines = [f"{a:.4f},{b:.4f},{label},{a + b:.4f}" for (a, b), label in zip(x, labels, strict=True)]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["a,b,label,number", *lines]) + "\n")
    for target in ("label", "number"):
        source = Source(str(path), target=target)
        split = Split(test=0.7)
        experiment = tmp_path / f"{target}.toml"
        write_experiment(
            Experiment(source, Preparation(split=split), plan=TrainingPlan(epochs=2)), experiment
        )
        async with open_app(experiment) as app:
            await app.press("t")
            await app.trained()
            await app.press("5")
            await app.sees("2,800 test rows")
            await app.press("enter")
            screen = app.app.screen
            assert isinstance(screen, RowsScreen)
            total = len(screen._places)
            assert total > PAGE
            await app.sees(f"rows 1–{PAGE} of {total:,}")
            await app.press("right_square_bracket")
            await app.sees(f"rows {PAGE + 1}–")
            await app.press("up")
            await app.sees(f"rows 1–{PAGE} of {total:,}")
            assert screen.query_one(RowTable).cursor_row == PAGE - 1
            await app.press("down")
            assert screen.query_one(RowTable).cursor_row == 0
            await app.press("home")
            await app.sees(f"rows 1–{PAGE} of {total:,}")
            await app.press("end")
            position = int(screen._run.evaluation.rows[screen._places[-1]])  # type: ignore[union-attr]
            await app.press("enter")
            await app.sees(f"{int(screen._run.prepared.table.lines[position])}")


async def test_an_earlier_network_is_judged_and_used_while_another_trains(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        screen, first, _ = await _evaluated(app)
        assert "only after training" in app.static("#verdict")
        app.app.pace = 1.0
        await app.press("t")
        await app.until(lambda: app.app.workbench.runs.training is not None, "the second training")
        await app.press("5")
        await app.sees("How good · run 1, 69 test rows", "Confusion matrix")
        await app.press("6")
        await app.sees("What the network of run 1 says")
        await app.press("4", "s")
        await app.trained()
        await app.press("5")
        await app.sees("How good · run 2")
        await app.until(
            lambda: "have judged 2 networks by now" in app.static("#verdict"), "the count of looks"
        )
        await app.press("f2", "down", "enter")
        await app.sees("How good · run 1")
        assert screen._run is first


async def test_each_network_that_is_looked_at_is_counted_beside_the_score(
    open_app: Open, sample_data: Path
) -> None:
    async with open_app(sample_data / "penguins.csv") as app:
        await app.press("t")
        await app.trained()
        await app.press("2", "right")
        await app.ready()
        await app.press("t")
        await app.trained()
        assert [run.looks for run in app.app.workbench.runs.all] == [None, None], "nobody has looked yet"
        await app.press("5")
        await app.sees("The network never saw these rows")
        await app.press("4", "5")
        await app.until(lambda: app.app.workbench.runs.front.looks == 1, "one look")
        await app.press("2", "right")
        await app.ready()
        await app.press("t")
        await app.trained()
        await app.press("5")
        await app.sees("have judged 2 networks by now")


async def test_what_is_known_against_a_score_stands_beside_it(open_app: Open, cases: Path) -> None:
    async with open_app(cases / "grouped_rows" / "train.csv", size=(120, 50)) as app:
        app.app.pace = None
        await app.press("t", "1")
        await app.trained()
        await app.press("5")
        known = "Known against it: alike rows of one patient (accuracy "
        await app.until(lambda: known in app.static("#verdict"), "what is known, with what the split costs")
        assert "where new rows come from others" in app.static("#cautions")
