"""What follows from an edited experiment is worked out anew where the edit matters, and only there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from app_driver import Driver
from experiment.small import shells, small_experiment

from ann_tui.commands.asking import asked_experiment
from ann_tui.commands.train import train
from ann_tui.data.cells.table import Table
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, Split
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.preparing import prepare
from ann_tui.data.profile import table_profile as profile
from ann_tui.data.reading import read_table as reading
from ann_tui.data.reading.read_error import ReadCancelledError, ReadError
from ann_tui.experiments import file_score
from ann_tui.experiments.derived import (
    Derived,
    derive,
    first_experiment,
    load,
    prepare_experiment,
    suggested_experiment,
)
from ann_tui.experiments.experiment import Experiment, experiment_of
from ann_tui.experiments.presets import with_preset
from ann_tui.experiments.run import Run, run_experiment
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.model.trained_model import TrainedModel
from ann_tui.network.design import NetworkDesign
from ann_tui.training.control import TrainingControl
from ann_tui.tui.app.app import AnnApp


def counts_file(folder: Path, first: str = "4") -> Path:
    """100 rows with a count, the first of which is `first`."""
    rng = np.random.default_rng(0)
    cells = [first, *map(str, rng.poisson(5, 99))]
    path = folder / "visits.csv"
    path.write_text("x,visits\n" + "".join(f"{rng.normal():.3f},{cell}\n" for cell in cells))
    return path


def with_cost(experiment: Experiment, cost: str) -> Experiment:
    """The experiment with another cost."""
    return replace(experiment, design=replace(experiment.design, cost=cost))


def derived_of(path: Path) -> Derived:
    """What follows from the defaults, for the number of visits."""
    return derive(Experiment(Source(str(path), target="visits", task="regression")))


def test_the_target_follows_the_cost(tmp_path: Path) -> None:
    """To counts and back; another cost or other layers change no prepared number."""
    first = derived_of(counts_file(tmp_path))
    assert first.prepared is not None and first.prepared.training.y.min() < 0
    huber = derive(with_cost(first.experiment, "huber"), first)
    assert huber.prepared is first.prepared and huber.experiment.design.cost == "huber"
    poisson = derive(with_cost(first.experiment, "poisson"), huber)
    assert poisson.prepared is not None and poisson.data is first.data
    np.testing.assert_array_equal(poisson.prepared.training.y, poisson.prepared.training.actual)
    layers = NetworkDesign.from_text("4 tanh", "poisson")
    again = derive(replace(poisson.experiment, design=layers), poisson)
    assert again.prepared is poisson.prepared
    back = derive(first.experiment, again)
    assert back.prepared is not None and back.prepared.fitted == first.prepared.fitted


def test_a_run_of_counts_begins_near_their_mean(tmp_path: Path) -> None:
    first = derived_of(counts_file(tmp_path))
    poisson = derive(with_cost(first.experiment, "poisson"), first)
    assert first.prepared is not None and poisson.prepared is not None
    bias = Run(poisson.experiment, poisson.prepared).network.parameters["output.bias"]
    assert np.exp(bias[0]) == pytest.approx(poisson.prepared.training.y.mean(), rel=1e-5)
    assert Run(first.experiment, first.prepared).network.parameters["output.bias"][0] == 0


@pytest.mark.parametrize(
    ("first", "preparation", "problem"),
    [
        ("-2", Preparation(), "the target 'visits' is -2 in line 2, and the cost 'poisson' takes nothing below 0"),
        ("2", Preparation(target_transform="log"), "the target transform is 'log': choose 'none', or another cost"),
    ],
)  # fmt: skip
def test_what_does_not_suit_the_cost_can_be_mended(
    tmp_path: Path, first: str, preparation: Preparation, problem: str
) -> None:
    """The cost is chosen on the Layers screen, which therefore stays open."""
    plain = derived_of(counts_file(tmp_path, first))
    experiment = replace(with_cost(plain.experiment, "poisson"), preparation=preparation)
    derived = derive(experiment, plain)
    assert derived.prepared is None and derived.problem is not None and problem in derived.problem
    workbench = Workbench()
    workbench.open(experiment, derived)
    assert workbench.blocked(Step.LAYERS) is None and workbench.blocked(Step.PREPARE) is None
    assert workbench.blocked(Step.TRAIN) == derived.problem
    mended = derive(with_cost(experiment, "auto"), derived)
    assert mended.prepared is not None and mended.problem is None


Reads = list[str]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """The names of the files that are read, one for each time."""
    found: Reads = []
    read = reading.read_table

    def noting(source: Source, **more: Any) -> Table:
        found.append(Path(source.path).name)
        return read(source, **more)

    monkeypatch.setattr(reading, "read_table", noting)
    return found


def by_file(experiment: Experiment, file: str = "second.csv") -> Experiment:
    """The experiment with another second file."""
    return replace(experiment, preparation=replace(experiment.preparation, split=Split("file", file=file)))


def second_file(folder: Path, *counts: int) -> Path:
    """Rows with these counts."""
    path = folder / "second.csv"
    path.write_text("x,visits\n" + "".join(f"{place},{count}\n" for place, count in enumerate(counts)))
    return path


def test_the_second_file_is_read_once_for_all_edits(tmp_path: Path, reads: Reads) -> None:
    """And gives what it gives when it is read for one preparation alone."""
    second_file(tmp_path, 1, 2, 3)
    first = derived_of(counts_file(tmp_path))
    assert reads == ["visits.csv"]
    derived = derive(by_file(first.experiment), first)
    edits = [
        lambda now: replace(now, preparation=replace(now.preparation, scaling="robust")),
        lambda now: replace(now, preparation=replace(now.preparation, missing_number="mean")),
        lambda now: replace(now, plan=replace(now.plan, epochs=3)),
        lambda now: with_cost(now, "poisson"),
        lambda now: replace(now, source=replace(now.source, kinds={"x": "number"})),
        lambda now: replace(now, preparation=replace(now.preparation, split=Split())),
        lambda now: by_file(now, str(tmp_path / "second.csv")),
        lambda now: by_file(now),
    ]
    for edit in edits:
        derived = derive(edit(derived.experiment), derived)
        assert derived.problem is None
    assert reads == ["visits.csv", "second.csv"]
    assert derived.prepared is not None
    assert derived.prepared.test.actual.tolist() == [1, 2, 3]
    alone = prepare_experiment(derived.experiment, load(derived.experiment.source))
    assert alone.fitted == derived.prepared.fitted
    np.testing.assert_array_equal(alone.test.x, derived.prepared.test.x)


def test_the_second_file_is_read_again_where_it_or_its_reading_changed(tmp_path: Path, reads: Reads) -> None:
    second_file(tmp_path, 1, 2, 3)
    experiment = by_file(derived_of(counts_file(tmp_path)).experiment)
    derived = derive(experiment)
    reads.clear()
    second_file(tmp_path, 1, 2, 3, 7)
    slower = derive(replace(experiment, plan=replace(experiment.plan, epochs=3)), derived)
    assert reads == ["second.csv"] and slower.prepared is not None
    assert slower.prepared.test.y.shape == (4,) and slower.prepared.fitted == derived.prepared.fitted
    marked = replace(experiment, source=replace(experiment.source, missing_marks=("", "7")))
    other = derive(marked, slower)
    assert reads == ["second.csv", "visits.csv", "second.csv"]
    assert other.prepared is not None and other.prepared.test.y.shape == (3,)


def test_a_second_file_that_cannot_be_read_is_a_problem_and_no_end(tmp_path: Path, reads: Reads) -> None:
    """A half-typed name, a file that goes and comes back, and one that is no table."""
    path = second_file(tmp_path, 1, 2, 3)
    experiment = by_file(derived_of(counts_file(tmp_path)).experiment)
    derived = derive(experiment)
    reads.clear()
    half = derive(by_file(experiment, "secon"), derived)
    with pytest.raises(ReadError, match="there is no such file") as told:
        prepare_experiment(half.experiment, derived.data)
    assert half.prepared is None and half.problem == str(told.value)
    whole = derive(experiment, half)
    assert whole.prepared is not None and whole.problem is None and "second.csv" not in reads
    path.rename(tmp_path / "away")
    gone = derive(experiment, whole)
    assert gone.prepared is None and gone.problem is not None
    (tmp_path / "away").rename(path)
    back = derive(experiment, gone)
    assert back.prepared is not None and back.problem is None
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    picture = derive(experiment, back)
    assert picture.prepared is None and picture.problem is not None and "\n" not in picture.problem


Done = list[str]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    """What is carried out: "read", "profile", "prepare"."""
    found: Done = []

    def note(module: ModuleType, name: str, word: str) -> None:
        carry_out = getattr(module, name)

        def noting(*given: Any, **more: Any) -> Any:
            found.append(word)
            return carry_out(*given, **more)

        monkeypatch.setattr(module, name, noting)

    note(reading, "read_table", "read")
    note(profile, "profile_table", "profile")
    note(prepare, "prepare", "prepare")
    return found


def with_source(**choices: Any) -> Callable[[Experiment], Experiment]:
    """An edit of the source."""
    return lambda now: replace(now, source=replace(now.source, **choices))


def with_preparation(**choices: Any) -> Callable[[Experiment], Experiment]:
    """An edit of the preparation."""
    return lambda now: replace(now, preparation=replace(now.preparation, **choices))


EDITS: dict[str, tuple[Callable[[Experiment], Experiment], str]] = {
    "nothing": (lambda now: now, ""),
    "layers": (lambda now: replace(now, design=NetworkDesign.from_text("5 tanh, dropout 0.1")), ""),
    "cost": (lambda now: replace(now, design=replace(now.design, cost="focal")), ""),
    "plan": (lambda now: replace(now, plan=replace(now.plan, epochs=9, seed=4)), ""),
    "scaling": (with_preparation(scaling="robust"), "prepare"),
    "split": (with_preparation(split=Split(test=0.3, seed=1)), "prepare"),
    "column": (with_preparation(columns={"width": ColumnPreparation(missing="mean")}), "prepare"),
    "target": (with_source(target="colour"), "profile prepare"),
    "task": (with_source(target="width", task="regression"), "profile prepare"),
    "kinds": (with_source(kinds={"width": "category"}), "profile prepare"),
    "excluded": (with_source(excluded=("width",)), "profile prepare"),
    "included": (with_source(included=("note",)), "profile prepare"),
    "rules": (with_source(rules=("width in 0..1",)), "profile prepare"),
    "dialect": (with_source(dialect=Dialect(skip=4)), "read profile prepare"),
    "missing marks": (with_source(missing_marks=("", "red")), "read profile prepare"),
    "column marks": (with_source(column_marks={"colour": ("red",)}), "read profile prepare"),
    "number forms": (with_source(number_forms={"width": "12 kg"}), "read profile prepare"),
    "date forms": (with_source(date_forms={"colour": "%d/%m/%Y"}), "read profile prepare"),
    "sample": (with_source(sample_rows=40), "read profile prepare"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_carries_out_only_what_it_changes(name: str, tmp_path: Path, done: Done) -> None:
    """And what follows is what follows from the edited experiment alone."""
    edit, expected = EDITS[name]
    path = shells(tmp_path)
    if name == "dialect":
        path.write_text("above\n" * 3 + "length,width,colour,note,kind\n" + path.read_text())
    experiment = small_experiment(path)
    first = derive(experiment)
    assert done == ["read", "profile", "prepare"]
    done.clear()
    edited = edit(experiment)
    derived = derive(edited, first)
    assert done == expected.split() and derived.experiment == edited and derived.problem is None
    assert (derived.table is first.table) == ("read" not in done)
    assert (derived.profile is first.profile) == ("profile" not in done)
    assert (derived.prepared is first.prepared) == ("prepare" not in done)
    alone = derive(edited)
    assert derived.prepared is not None and alone.prepared is not None and derived.profile == alone.profile
    assert derived.prepared.fitted == alone.prepared.fitted
    for part in ("training", "validation", "test"):
        one, other = getattr(derived.prepared, part), getattr(alone.prepared, part)
        assert one.x.tobytes() == other.x.tobytes() and one.y.tobytes() == other.y.tobytes()
        assert one.rows.tolist() == other.rows.tolist()


def test_another_file_is_read(tmp_path: Path, done: Done) -> None:
    first = derive(small_experiment(shells(tmp_path)))
    (tmp_path / "more").mkdir()
    done.clear()
    derived = derive(small_experiment(shells(tmp_path / "more", 80)), first)
    assert done == ["read", "profile", "prepare"] and len(derived.table.frame) == 80


def test_a_preparation_that_cannot_be_carried_out_is_a_problem_in_one_line(
    tmp_path: Path, done: Done
) -> None:
    """The table and what is known of it are there all the same, and the next edit may mend it."""
    first = derive(small_experiment(shells(tmp_path)))
    unfit = with_preparation(columns={"weight": ColumnPreparation(scaling="none")})(first.experiment)
    derived = derive(unfit, first)
    assert derived.prepared is None and derived.data is first.data
    assert derived.problem is not None and "weight" in derived.problem and "\n" not in derived.problem
    slower = derive(replace(unfit, plan=replace(unfit.plan, epochs=9)), derived)
    assert slower.prepared is None and slower.problem == derived.problem
    no_feature = with_source(excluded=("length", "width", "colour"))(first.experiment)
    assert "no feature is left" in (derive(no_feature, slower).problem or "")
    mended = derive(first.experiment, slower)
    assert mended.prepared is not None and mended.problem is None and mended.data is first.data
    assert done.count("read") == 1


def test_a_file_that_cannot_be_read_is_an_error_in_one_line(tmp_path: Path) -> None:
    first = derive(small_experiment(shells(tmp_path)))
    with pytest.raises(ReadError, match="no such file") as told:
        derive(with_source(path=str(tmp_path / "none.csv"))(first.experiment), first)
    assert "\n" not in str(told.value)


def test_the_table_is_told_of_before_it_is_prepared(tmp_path: Path, done: Done) -> None:
    """Where it is read, not where it is taken over."""
    experiment = small_experiment(shells(tmp_path))
    told: list[Any] = []

    def loaded(data: Any) -> None:
        told.append(data)
        done.append("told")

    positions: list[tuple[int, int]] = []
    first = derive(experiment, loaded=loaded, progress=lambda *position: positions.append(position))
    assert done == ["read", "profile", "told", "prepare"] and told == [first.data]
    size = (tmp_path / "shells.csv").stat().st_size
    assert positions and positions[-1] == (size, size)
    derive(with_source(target="colour")(experiment), first, loaded=loaded)
    assert len(told) == 1
    done.clear()
    opened, derived = first_experiment(experiment.source, loaded=loaded)
    assert done == ["read", "profile", "told", "prepare"] and derived.data is told[1]
    assert opened == suggested_experiment(experiment.source, derived.data)


def test_nothing_is_prepared_once_it_is_cancelled(tmp_path: Path, done: Done) -> None:
    """While the file is read, when it has been read, and where it need not be read."""
    experiment = small_experiment(shells(tmp_path))
    for how in (derive, lambda now, **more: first_experiment(now.source, **more)):
        done.clear()
        with pytest.raises(ReadCancelledError):
            how(experiment, cancelled=lambda: "read" in done)
        assert done == ["read"]
        with pytest.raises(ReadCancelledError):
            how(experiment, loaded=lambda data: done.append("told"), cancelled=lambda: "told" in done)
        assert "told" in done and "prepare" not in done
    first = derive(experiment, cancelled=lambda: False)
    for name in ("plan", "scaling", "target"):
        done.clear()
        with pytest.raises(ReadCancelledError):
            derive(EDITS[name][0](experiment), first, cancelled=lambda: True)
        assert "prepare" not in done


@pytest.mark.parametrize(("rows", "batch"), [(60, 16), (8_001, 32)])
async def test_everybody_begins_with_the_same_experiment(
    rows: int, batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app, the command line, and the score of a model on the file that it was trained on."""
    path = shells(tmp_path, rows)
    source = Source(str(path))
    experiment, derived = first_experiment(source)
    assert experiment.plan.batch == batch and derived.experiment == experiment
    assert experiment == with_preset(Experiment(source), "good", rows)

    app = AnnApp(str(path))
    async with app.run_test() as pilot:
        driver = Driver(app, pilot)
        await driver.until(lambda: app.workbench.derived is not None, "the file")
        assert app.workbench.experiment == experiment and app.workbench.up_to_date

    with train.make_context("train", [str(path)]) as context:
        data, typed = asked_experiment(context.params.pop("file"), context.params)
    assert typed == experiment and data.profile == derived.profile

    control = TrainingControl()
    control.stop()
    model = TrainedModel.from_result(run_experiment(typed, data, control=control))
    assert experiment_of(model) == experiment
    scored: list[Derived] = []

    def noting(*given: Any) -> Derived:
        scored.append(derive(*given))
        return scored[-1]

    monkeypatch.setattr(file_score, "derive", noting)
    monkeypatch.setattr(file_score, "with_baselines", lambda evaluation, prepared: evaluation)
    assert file_score.score_file(model, str(path)).training_file
    assert scored[0].experiment == experiment
    assert scored[0].prepared is not None and derived.prepared is not None
    assert scored[0].prepared.fitted == derived.prepared.fitted


def test_a_cost_of_numbers_takes_few_different_numbers_as_numbers(tmp_path: Path) -> None:
    """And another cost takes them as classes again; words stay classes, which such a cost can't judge."""
    path = tmp_path / "few.csv"
    path.write_text("a,visits\n" + "\n".join(f"{row * 0.37 % 1},{row % 5}" for row in range(80)) + "\n")
    classes = Experiment(Source(str(path), target="visits"))
    first = derive(classes)
    counts = replace(classes, design=NetworkDesign(cost="poisson"))
    second = derive(counts, first)
    again = derive(replace(counts, plan=replace(counts.plan, epochs=3)), second)
    back = derive(classes, again)
    assert [each.profile.task for each in (first, second, again, back)] == [
        "classification", "regression", "regression", "classification",
    ]  # fmt: skip
    assert second.prepared is not None and second.prepared.fitted.target.task == "regression"
    assert again.prepared is second.prepared and again.table is first.table
    assert back.prepared is not None and len(back.prepared.fitted.target.classes) == 5
    stated = derive(replace(counts, source=replace(counts.source, task="classification")), second)
    assert stated.profile.task == "classification"
