"""What follows from an edited experiment is worked out anew where the edit matters, and only there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.preparation import Preparation, Split
from ann_tui.data.choices.source import Source
from ann_tui.data.reading import read_table as reading
from ann_tui.data.reading.read_error import ReadError
from ann_tui.experiments.derived import Derived, derive, load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.experiments.workbench import Step, Workbench
from ann_tui.network.design import NetworkDesign


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
    np.testing.assert_array_equal(poisson.prepared.training.y, poisson.prepared.training.original)
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
    assert derived.prepared is not None and derived.prepared.test.original is not None
    assert derived.prepared.test.original.tolist() == [1, 2, 3]
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
