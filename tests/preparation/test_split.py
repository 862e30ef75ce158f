"""The split: shares, small classes, groups, time, a second file, and what is refused."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.cells.values import Numbers
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, PreparationError, Split
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.preparing.prepare import assign_rows, prepare
from ann_tui.data.preparing.split import Assignment, split_rows
from ann_tui.data.preparing.target_scale import OwnUnit
from ann_tui.data.reading.read_error import ReadError
from ann_tui.data.reading.second_file import read_second_file

from .conftest import TableMaker


def parts(assigned: Assignment) -> tuple[list[int], list[int], list[int]]:
    """The three lists of rows."""
    return assigned.training.tolist(), assigned.validation.tolist(), assigned.test.tolist()


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 30), min_size=2, max_size=6),
    test=st.sampled_from([0, 0.1, 0.2, 0.35]),
    validation=st.sampled_from([0, 0.1, 0.2]),
    seed=st.integers(0, 99),
    method=st.sampled_from(["stratified", "random", "time"]),
)
def test_every_row_is_in_one_part_and_the_parts_have_their_size(
    sizes: list[int], test: float, validation: float, seed: int, method: str
) -> None:
    classes = np.repeat(np.arange(len(sizes)), sizes)
    rows = np.arange(len(classes)) * 3 + 1
    split = Split(method, test, validation, seed)
    try:
        assigned = split_rows(rows, classes, split)
    except PreparationError:
        assert len(rows) <= 3
        return
    training, validating, testing = parts(assigned)
    assert sorted(training + validating + testing) == rows.tolist()
    for part in (training, validating, testing):
        assert part == sorted(part)
    assert len(testing) == (max(1, round(test * len(rows))) if test else 0)
    assert len(validating) == (max(1, round(validation * len(rows))) if validation else 0)
    assert parts(split_rows(rows, classes, split)) == (training, validating, testing)


def test_a_stratified_split_keeps_the_shares() -> None:
    classes = np.repeat([0, 1, 2], [600, 300, 100])
    assigned = split_rows(np.arange(1000), classes, Split())
    for rows, expected in ((assigned.training, 60), (assigned.validation, 20), (assigned.test, 20)):
        counts = np.bincount(classes[rows])
        assert counts.tolist() == [expected * 6, expected * 3, expected]


@pytest.mark.parametrize(
    "sizes", [[20, 1], [20, 2], [20, 1, 1, 1], [3, 3, 3], [1, 1, 1, 1], [40, 2, 1], [2, 2]]
)
def test_small_classes_never_raise_and_a_class_of_one_row_trains(sizes: list[int]) -> None:
    classes = np.repeat(np.arange(len(sizes)), sizes)
    for seed in range(5):
        assigned = split_rows(np.arange(len(classes)), classes, Split(seed=seed))
        if sizes[0] > 5:
            alone = [row for row in range(len(classes)) if sizes[classes[row]] == 1]
            assert set(alone) <= set(assigned.training.tolist())


def test_another_seed_draws_other_rows() -> None:
    rows = np.arange(200)
    drawn = {tuple(split_rows(rows, None, Split(seed=seed)).test.tolist()) for seed in range(5)}
    assert len(drawn) == 5


def test_groups_stay_together(table: TableMaker) -> None:
    rng = np.random.default_rng(0)
    patient = [f"p{code}" for code in rng.integers(0, 25, 300)]
    given_ = table(
        {"patient": patient, "x": rng.normal(size=300), "y": rng.normal(size=300)},
        {"patient": "category", "x": "number", "y": "number"},
        "y",
    )
    assigned = assign_rows(given_[0], given_[1], Preparation(split=Split("group", column="patient")))
    groups = [{patient[row] for row in part} for part in parts(assigned)]
    assert not groups[0] & groups[1] and not groups[0] & groups[2] and not groups[1] & groups[2]
    assert [len(group) for group in groups] == [15, 5, 5]


def test_time_order_takes_the_newest_rows_for_the_test() -> None:
    days = np.array([5.0, 1, 4, np.nan, 2, 3, 9, 8, 7, 6]) * 86400
    order = Numbers(days, np.zeros(10, dtype=bool), str, dates=True)
    assigned = split_rows(np.arange(10), None, Split("time", column="day"), order)
    assert parts(assigned) == ([0, 1, 2, 3, 4, 5], [8, 9], [6, 7])
    assert parts(split_rows(np.arange(10), None, Split("time"))) == ([0, 1, 2, 3, 4, 5], [6, 7], [8, 9])


def test_a_second_file_is_the_test(tmp_path: Path, table: TableMaker) -> None:
    (tmp_path / "other.csv").write_text("y,x,city\na,1.5,Oslo\nb,,Rome\n,3,Oslo\nc,1,Oslo\n")
    rng = np.random.default_rng(0)
    given_ = table(
        {"x": rng.normal(size=40), "city": ["Oslo", "Lima"] * 20, "y": ["a", "b"] * 20},
        {"x": "number", "city": "category", "y": "category"},
        "y",
    )
    second = read_second_file(given_[2], "other.csv", tmp_path)
    by_file = Preparation(split=Split("file", file="other.csv"))
    data = prepare(*given_, by_file, test_table=second.table)
    assert len(data.training.rows) + len(data.validation.rows) == 40
    assert data.test.rows.tolist() == [40, 41]
    assert data.test.y.tolist() == [0, 1]
    reasons = dict(data.set_aside)
    assert "no value of the target" in reasons[42]
    assert "class that no training row has ('c')" in reasons[43]
    assert data.table.frame["city"].iloc[41] == "Rome"
    assert data.table.lines[40:].tolist() == [2, 3, 4, 5]
    with pytest.raises(PreparationError, match=r"a split by file needs the table of other.csv"):
        prepare(*given_, by_file)
    plain = prepare(*given_, Preparation(), test_table=second.table)
    assert plain.fitted == prepare(*given_, Preparation()).fitted and len(plain.table.frame) == 40
    lacking = replace(second.table, frame=second.table.frame.drop(columns="city"))
    with pytest.raises(PreparationError, match=r"the test file other.csv lacks the column 'city'"):
        prepare(*given_, by_file, test_table=lacking)


def test_a_low_target_is_found_in_the_second_file_as_well(tmp_path: Path, table: TableMaker) -> None:
    (tmp_path / "other.csv").write_text("x,y\n1,2\n3,-4\n")
    given_ = table({"x": list(range(40)), "y": [1, 2, 3, 4] * 10}, {"x": "number", "y": "number"}, "y")
    second = read_second_file(given_[2], "other.csv", tmp_path)
    by_file = Preparation(split=Split("file", file="other.csv"))
    with pytest.raises(PreparationError, match=r"the target 'y' is -4 in line 3 of other.csv, and"):
        prepare(*given_, by_file, test_table=second.table, own_unit=OwnUnit("of counts", 0.0))


def test_a_second_file_is_read_again_where_reading_would_give_another_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "other.csv"
    path.write_text("y;x\na;1\nb;zero\n")
    source = Source("table.csv", dialect=Dialect(delimiter="|"))
    first = read_second_file(source, "other.csv", tmp_path)
    assert list(first.table.frame.columns) == ["y", "x"] and first.table.dialect.delimiter == ";"
    for same in (source, replace(source, target="y", kinds={"x": "category"}, excluded=("x",), dialect=None)):
        assert read_second_file(same, "other.csv", tmp_path, first) is first
        assert read_second_file(same, str(path), tmp_path / "elsewhere", first) is first
    marked = read_second_file(replace(source, column_marks={"x": ("zero",)}), "other.csv", tmp_path, first)
    assert marked.table.frame["x"].isna().tolist() == [False, True]
    sampled = read_second_file(replace(source, sample_rows=1), "other.csv", tmp_path, first)
    assert len(sampled.table.frame) == 1
    path.write_text("y;x\na;1\nb;zero\nc;3\n")
    assert len(read_second_file(source, "other.csv", tmp_path, first).table.frame) == 3
    path.write_text("y;x\nc;1\nb;zero\n")
    os.utime(path, ns=(1, 1))
    assert read_second_file(source, "other.csv", tmp_path, first).table.frame["y"].tolist() == ["c", "b"]
    (tmp_path / "third.csv").write_bytes(path.read_bytes())
    assert read_second_file(source, "third.csv", tmp_path, first).table.path == tmp_path / "third.csv"
    monkeypatch.chdir(tmp_path)
    assert read_second_file(source, "third.csv", tmp_path / "elsewhere").table.path == Path("third.csv")


@pytest.mark.parametrize("name", ["nowhere.csv", "x" * 5000, "nul\0", ".", ""])
def test_a_second_file_that_is_none_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReadError) as error:
        read_second_file(Source("table.csv"), name, tmp_path)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("split", "words"),
    [
        (Split("group", column="nowhere"), "the split needs the column 'nowhere'"),
        (Split("group", column="same"), "has 1 group"),
        (Split("time", column="nowhere"), "the split needs the column 'nowhere'"),
    ],
)
def test_a_split_that_is_impossible_says_why(table: TableMaker, split: Split, words: str) -> None:
    given_ = table(
        {"same": ["s"] * 30, "x": list(range(30)), "y": ["a", "b"] * 15},
        {"same": "category", "x": "number", "y": "category"},
        "y",
    )
    with pytest.raises(PreparationError, match=words):
        prepare(*given_, Preparation(split=split))


def test_too_few_rows_are_refused_with_the_remedy(table: TableMaker) -> None:
    given_ = table({"x": [1, 2], "y": ["a", "b"]}, {"x": "number", "y": "category"}, "y")
    with pytest.raises(PreparationError, match="2 usable rows are too few to train on"):
        prepare(*given_, Preparation())
    data = prepare(*given_, Preparation(split=Split(test=0, validation=0)))
    assert Counter(data.training.y.tolist()) == {0: 1, 1: 1}
    assert data.test.x.shape == (0, 1)


def test_a_class_for_each_row_is_refused(table: TableMaker) -> None:
    names = [f"name {place}" for place in range(60)]
    given_ = table({"x": list(range(60)), "y": names}, {"x": "number", "y": "category"}, "y")
    for split in (Split(), Split(test=0), Split(method="random"), Split(test=0, validation=0)):
        with pytest.raises(
            PreparationError, match=r"'y' has another text in each of its 60 rows: .* another target"
        ):
            prepare(*given_, Preparation(split=split))


def test_a_class_for_each_row_that_are_merged_are_trained_on(table: TableMaker) -> None:
    names = [f"name {place}" for place in range(60)]
    given_ = table({"x": list(range(60)), "y": names}, {"x": "number", "y": "category"}, "y")
    merge = {name: ("low", "high")[place >= 30] for place, name in enumerate(names)}
    merged = Preparation(columns={"y": ColumnPreparation(merge=merge)})
    assert prepare(*given_, merged).fitted.target.classes == ("high", "low")


def test_a_class_of_two_rows_among_single_ones_is_trained_on(table: TableMaker) -> None:
    names = [f"name {max(1, place)}" for place in range(12)]
    given_ = table({"x": list(range(12)), "y": names}, {"x": "number", "y": "category"}, "y")
    assert len(prepare(*given_, Preparation(split=Split(test=0, validation=0))).fitted.target.classes) == 11
