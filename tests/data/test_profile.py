"""The profile: statistics against NumPy and SciPy, and every finding from a table that calls for it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ann_tui.data.cells.missing_marks import MarkUse
from ann_tui.data.cells.table import DroppedRow, Table
from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.profile.findings import Finding, apply_remedy
from ann_tui.data.profile.profile_record import profile_record
from ann_tui.data.profile.table_profile import TableProfile, feature_columns, profile_table
from ann_tui.data.reading.read_table import read_table
from ann_tui.data.samples import samples

ROWS = 300
RNG = np.random.default_rng(3)


def table(frame: pd.DataFrame, **more: Any) -> Table:
    frame = frame.reset_index(drop=True)
    for name in frame.columns:
        if frame[name].dtype.kind not in "if":
            frame[name] = frame[name].astype(object)
    return Table(frame, np.arange(2, len(frame) + 2, dtype=np.int64), Dialect(), Path("x.csv"), **more)


def base() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "size": RNG.normal(size=ROWS),
            "group": RNG.choice(["a", "b", "c"], ROWS),
            "target": RNG.choice(["yes", "no"], ROWS),
        }
    )


def profiled(frame: pd.DataFrame, source: Source | None = None, **more: Any) -> TableProfile:
    return profile_table(table(frame, **more), source or Source("x.csv"))


def finding(profile: TableProfile, column: str | None, kind: str) -> Finding:
    findings = profile.findings if column is None else profile.column(column).findings
    found = [each for each in findings if each.kind == kind]
    assert len(found) == 1, (column, kind, findings)
    assert found[0].column == column
    return found[0]


def test_a_clean_table_has_no_findings() -> None:
    profile = profiled(base())
    assert profile.findings == ()
    assert all(column.findings == () for column in profile.columns)
    assert (profile.target, profile.task, profile.classes) == ("target", "classification", ("no", "yes"))


@pytest.mark.parametrize("seed", range(5))
def test_statistics_agree_with_numpy_and_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.gamma(1.5, 10, 500 + seed).round(seed)
    values[rng.random(len(values)) < 0.1] = np.nan
    present = values[~np.isnan(values)]
    column = profiled(pd.DataFrame({"v": values, "target": "x"})).column("v")
    assert column.missing == np.isnan(values).sum()
    assert column.distinct == len(np.unique(present))
    assert (column.minimum, column.maximum) == (present.min(), present.max())
    assert column.quartiles == pytest.approx(tuple(np.quantile(present, (0.25, 0.5, 0.75))), rel=1e-12)
    assert column.mean == pytest.approx(present.mean(), rel=1e-12)
    assert column.deviation == pytest.approx(present.std(), rel=1e-12)
    assert column.skew == pytest.approx(stats.skew(present), rel=1e-9)
    assert sum(column.histogram) == len(present)
    counts, edges = np.histogram(present, 12)
    near_edge = sum(np.isclose(present, edge).sum() for edge in edges[1:-1])
    assert np.abs(np.array(column.histogram) - counts).sum() <= 2 * near_edge
    low, _, high = column.quartiles or (0, 0, 0)
    fence = 1.5 * (high - low)
    assert column.outliers == ((present < low - fence) | (present > high + fence)).sum()


def test_dates_are_described_in_seconds() -> None:
    days = pd.date_range("2020-01-01", periods=100).strftime("%d.%m.%Y")
    column = profiled(pd.DataFrame({"day": days, "target": ["a", "b"] * 50})).column("day")
    assert column.minimum == np.datetime64("2020-01-01", "s").astype(float)
    assert column.maximum == np.datetime64("2020-04-09", "s").astype(float)
    assert column.missing == column.unparseable == 0


def test_labels_are_counted() -> None:
    column = profiled(
        pd.DataFrame({"g": ["b"] * 5 + ["a"] * 7 + [None] * 3, "target": ["x", "y", "y"] * 5})
    ).column("g")
    assert column.top == (("a", 7), ("b", 5))
    assert column.histogram == (7, 5)
    assert (column.missing, column.distinct) == (3, 2)


def test_columns_with_nothing_to_learn_from_are_left_out() -> None:
    frame = base()
    frame.insert(0, "id", range(1, ROWS + 1))
    frame.insert(1, "one", "same")
    frame.insert(2, "none", np.nan)
    frame.insert(3, "note", [f"a long remark about row {k} in words" for k in range(ROWS)])
    profile = profiled(frame)
    for name, kind in (("id", "identifier"), ("one", "constant"), ("none", "empty"), ("note", "text")):
        found = finding(profile, name, kind)
        assert not profile.column(name).used
        assert found.remedy is not None
        kept, _ = apply_remedy(found.remedy, Source("x.csv"), Preparation())
        assert profiled(frame, kept).column(name).used
    assert feature_columns(profile) == ("size", "group")
    forced = profiled(frame, Source("x.csv", kinds={"id": "category"}))
    assert forced.column("id").used


def test_what_the_person_left_out_is_left_out() -> None:
    profile = profiled(base(), Source("x.csv", excluded=("group",), target="size"))
    assert (profile.target, profile.task, profile.classes) == ("size", "regression", ())
    assert feature_columns(profile) == ("target",)


def test_mostly_missing() -> None:
    frame = base()
    frame.loc[frame.index % 3 > 0, "size"] = np.nan
    found = finding(profiled(frame), "size", "mostly missing")
    assert "67%" in found.text
    assert found.remedy is not None
    source, _ = apply_remedy(found.remedy, Source("x.csv"), Preparation())
    assert source.excluded == ("size",)


def test_nearly_constant() -> None:
    frame = base()
    frame["flat"] = 0
    frame.loc[5, "flat"] = 1
    frame["word"] = "usual"
    frame.loc[7, "word"] = "rare"
    frame = frame[["flat", "word", "size", "target"]]
    assert finding(profiled(frame), "flat", "nearly constant").text.startswith("0 in all but 1 row:")
    assert finding(profiled(frame), "word", "nearly constant").text.startswith("“usual” in all but 1 row:")


def test_mixed_types_names_an_example() -> None:
    frame = base()
    frame["age"] = [str(20 + k % 50) for k in range(ROWS)]
    frame.loc[[4, 9], "age"] = "thirty"
    profile = profiled(frame[["age", "size", "target"]])
    found = finding(profile, "age", "mixed types")
    assert found.text == "“thirty” in line 6 and 1 more cell are no numbers: mixed types"
    assert profile.column("age").unparseable == 2
    assert profile.column("age").kind == "number"


def test_cells_that_say_that_there_is_no_number_are_missing() -> None:
    frame = base()
    said = [*4 * ["#DIV/0!"], *3 * ["inf"], *2 * ["-Infinity"], "#WERT!", "#N/A"]
    frame["age"] = [said[k % 11] if k % 5 < 3 else str(20 + k % 50) for k in range(ROWS)]
    frame["wind"] = [np.inf if k % 10 == 0 else k % 7 for k in range(ROWS)]
    profile = profiled(frame[["age", "wind", "size", "target"]])
    age, gone = profile.column("age"), sum(k % 5 < 3 for k in range(ROWS))
    assert (age.kind, age.missing, age.unparseable) == ("number", gone, 0)
    assert finding(profile, "age", "no number").text == (
        f"{gone} cells say “#DIV/0!”, “inf”, “-Infinity” or 2 others: taken as missing"
    )
    assert finding(profile, "wind", "no number").text == f"{ROWS // 10} cells say “inf”: taken as missing"
    assert not [
        each for each in (*age.findings, *profile.column("wind").findings) if each.kind == "mixed types"
    ]


def test_other_words_beside_them_are_still_of_mixed_types() -> None:
    frame = base()
    frame["age"] = ["#REF!" if k % 9 == 0 else "thirty" if k == 4 else str(k % 50) for k in range(ROWS)]
    profile = profiled(frame[["age", "size", "target"]])
    assert finding(profile, "age", "mixed types").text == "“thirty” in line 6 is no number: mixed types"
    assert profile.column("age").unparseable == 1 and finding(profile, "age", "no number")


def test_in_a_column_of_words_they_are_words() -> None:
    frame = base()
    frame["word"] = [("inf", "#REF!", "red", "blue")[k % 4] for k in range(ROWS)]
    column = profiled(frame[["word", "size", "target"]]).column("word")
    assert (column.kind, column.missing, column.distinct) == ("category", 0, 4)


def test_inconsistent_labels_can_be_merged() -> None:
    frame = base()
    frame["sex"] = ["Male", " male", "MALE", "female"] * (ROWS // 4)
    found = finding(profiled(frame[["sex", "size", "target"]]), "sex", "inconsistent labels")
    assert found.text == "“Male” (line 2), “ male” (line 3), “MALE” (line 4): inconsistent labels"
    assert found.remedy is not None
    _, preparation = apply_remedy(found.remedy, Source("x.csv"), Preparation())
    assert preparation.columns["sex"].merge_labels


def test_high_cardinality() -> None:
    frame = base()
    frame["city"] = [f"city {k % 60}" for k in range(ROWS)]
    found = finding(profiled(frame[["city", "size", "target"]]), "city", "high cardinality")
    assert "60" in found.text


def test_duplicate_columns_exact_scaled_and_renamed() -> None:
    frame = base()
    frame.insert(2, "size in mm", frame["size"] * 25.4 + 1)
    frame.insert(3, "copy", frame["size"])
    frame.insert(4, "code", frame["group"].map({"a": "x", "b": "y", "c": "z"}))
    profile = profiled(frame)
    assert "size" in finding(profile, "size in mm", "duplicate column").text
    assert "correlation 1.0" in finding(profile, "size in mm", "duplicate column").text
    assert "correlation" not in finding(profile, "copy", "duplicate column").text
    assert "group" in finding(profile, "code", "duplicate column").text
    assert not [each for each in profile.column("size").findings if each.kind == "duplicate column"]


def test_names_that_hardly_repeat_are_duplicates_only_where_they_are_the_same() -> None:
    frame = base()
    names = [f"row {place}" for place in range(len(frame))]
    frame.insert(0, "id", names)
    frame.insert(1, "remark", [f"this is what was said of {name} at the time" for name in names])
    frame.insert(2, "copy", names)
    profile = profiled(frame)
    assert not [each for each in profile.column("remark").findings if each.kind == "duplicate column"]
    assert "id" in finding(profile, "copy", "duplicate column").text


def test_duplicate_rows_are_counted_as_pandas_counts_them() -> None:
    frame = pd.concat([base(), base().iloc[:7]], ignore_index=True)
    frame = pd.concat([frame, frame.iloc[:11]], ignore_index=True)
    frame.loc[20:40, "size"] = np.nan
    frame = pd.concat([frame, frame.iloc[20:25]], ignore_index=True)
    wanted = int(frame.duplicated().sum())
    assert wanted >= 16
    found = finding(profiled(frame), None, "duplicate rows")
    later = int(frame.duplicated().argmax())
    earlier = next(row for row in range(later) if frame.iloc[row].equals(frame.iloc[later]))
    assert found.text == f"{wanted} rows repeat an earlier row (line {later + 2} repeats line {earlier + 2})"
    assert found.remedy is not None
    _, preparation = apply_remedy(found.remedy, Source("x.csv"), Preparation())
    assert preparation.duplicates == "once"


def test_class_imbalance_rare_classes_and_missing_targets() -> None:
    frame = base()
    frame["target"] = ["common"] * (ROWS - 8) + ["rare"] * 5 + [None] * 3
    profile = profiled(frame)
    assert f"rare (5, from line {ROWS - 6})" in finding(profile, None, "rare class").text
    assert f"3 rows have no target (from line {ROWS - 1})" in finding(profile, None, "missing target").text
    remedy = finding(profile, None, "class imbalance").remedy
    assert remedy is not None
    assert apply_remedy(remedy, Source("x.csv"), Preparation())[1].class_weights == "balanced"


def test_few_rows() -> None:
    finding(profiled(base().head(30)), None, "few rows")


def test_rules_name_the_line() -> None:
    frame = base()
    frame["age"] = [20.0 + k % 50 for k in range(ROWS)]
    frame.loc[[10, 20], "age"] = [-3, 999]
    frame = frame[["age", "group", "target"]]
    source = Source("x.csv", rules=("age in 0..120", "group in {a, b}", "height in 0..3", "what?"))
    profile = profiled(frame, source)
    found = finding(profile, "age", "impossible value")
    assert found.text == "-3 in line 12 and 1 more are impossible: not age in 0..120"
    assert found.remedy is not None
    _, preparation = apply_remedy(found.remedy, source, Preparation())
    assert (preparation.columns["age"].minimum, preparation.columns["age"].maximum) == (0, 120)
    allowed = finding(profile, "group", "impossible value").remedy
    assert allowed is not None
    assert apply_remedy(allowed, source, Preparation())[1].columns["group"].allowed == ("a", "b")
    assert [each.kind for each in profile.findings if each.kind == "rule"] == ["rule", "rule"]


def test_missing_marks_are_told_and_can_be_turned_round() -> None:
    frame = base()
    frame["fence"] = ["None", "Wood", "Brick"] * (ROWS // 3)
    use = MarkUse("fence", "None", ROWS // 3, False)
    found = finding(profiled(frame[["fence", "size", "target"]], marks=(use,)), "fence", "missing mark")
    assert found.text == "“None” kept as a value in 100 rows (from line 2)"
    assert found.remedy is not None
    source, _ = apply_remedy(found.remedy, Source("x.csv"), Preparation())
    assert "None" in source.column_marks["fence"]
    taken = finding(
        profiled(frame[["fence", "size", "target"]], marks=(MarkUse("fence", "NA", 4, True),)),
        "fence",
        "missing mark",
    )
    assert taken.remedy is not None
    source, _ = apply_remedy(taken.remedy, Source("x.csv"), Preparation())
    assert "NA" not in source.column_marks["fence"]
    assert "" in source.column_marks["fence"]


def leaks(profile: TableProfile) -> list[str]:
    return [
        column.name
        for column in profile.columns
        if any(each.kind == "leak suspect" for each in column.findings)
    ]


def test_a_feature_that_alone_gives_the_class_away() -> None:
    frame = base()
    yes = frame["target"] == "yes"
    frame.insert(0, "score", np.where(yes, 1.0, 0.0) + RNG.normal(size=ROWS) * 0.1)
    frame.insert(1, "answer", np.where(yes, "J", "N"))
    frame.insert(2, "hint", np.where(yes, 1.0, 0.0) + RNG.normal(size=ROWS))
    assert leaks(profiled(frame)) == ["score", "answer"]


def test_a_feature_that_is_the_number_in_another_unit() -> None:
    frame = pd.DataFrame({"mass_kg": RNG.normal(70, 10, ROWS), "height": RNG.normal(170, 10, ROWS)})
    frame["mass_lb"] = frame["mass_kg"] * 2.2046
    frame["noise"] = frame["mass_kg"] + RNG.normal(0, 5, ROWS)
    assert leaks(profiled(frame, Source("x.csv", target="mass_kg"))) == ["mass_lb"]


def test_a_column_missing_exactly_when_the_target_takes_one_value() -> None:
    frame = base()
    frame.insert(0, "closed_on", np.where(frame["target"] == "yes", np.nan, RNG.normal(size=ROWS)))
    frame.insert(1, "sometimes", np.where(RNG.random(ROWS) < 0.3, np.nan, RNG.normal(size=ROWS)))
    profile = profiled(frame)
    assert leaks(profile) == ["closed_on"]
    assert "missing exactly when target is yes" in finding(profile, "closed_on", "leak suspect").text


def test_nothing_is_suspected_in_the_samples() -> None:
    for sample in samples():
        profile = profile_table(read_table(Source(str(sample.path))), Source(str(sample.path)))
        assert profile.target == sample.target
        assert leaks(profile) == []


def test_tasks_and_classes_of_the_samples() -> None:
    found = {}
    for sample in samples():
        profile = profile_table(read_table(Source(str(sample.path))), Source(str(sample.path)))
        found[sample.name] = (profile.task, len(profile.classes), profile.rows)
    assert found == {
        "penguins": ("classification", 3, 344),
        "churn": ("classification", 2, 5000),
        "cars": ("regression", 0, 406),
        "digits": ("classification", 10, 1797),
        "spirals": ("classification", 2, 1000),
    }


def test_numbers_as_classes_are_in_order_and_the_task_can_be_set() -> None:
    frame = base()
    frame["target"] = RNG.choice([10.0, 9.0, 2.0], ROWS)
    assert profiled(frame).classes == ("2", "9", "10")
    assert profiled(frame, Source("x.csv", task="regression")).classes == ()


def test_the_record_is_plain_and_complete() -> None:
    frame = base()
    frame["size"] = frame["size"].astype(float)
    frame.loc[0, "size"] = np.nan
    frame.insert(0, "day\x1b[2J", pd.date_range("2020-01-01", periods=ROWS).strftime("%Y-%m-%d"))
    source_table = table(
        frame, dropped=(DroppedRow(7, "4 cells where 3 are expected"),), warnings=("A sentence.",)
    )
    record = profile_record(source_table, profile_table(source_table, Source("x.csv")))
    again = json.loads(json.dumps(record, allow_nan=False))
    assert again == record
    assert set(record) >= {"file", "rows", "columns", "dialect", "warnings", "dropped", "target"}
    assert set(record["dialect"]) >= {"encoding", "delimiter", "quote", "decimal", "header"}
    assert record["dropped"] == [{"line": 7, "reason": "4 cells where 3 are expected"}]
    assert [column["name"] for column in record["columns"]] == list(frame.columns)
    for column in record["columns"]:
        assert set(column) >= {"name", "kind", "missing", "distinct", "findings"}
    assert record["columns"][0]["minimum"] == "2020-01-01"
    assert record["columns"][1]["missing"] == 1


def test_absurd_values_do_not_break_the_profile() -> None:
    frame = pd.DataFrame(
        {
            "huge": [1e308, -1e308, 1e300, 5.0] * 20,
            "tiny": [5e-324, 0.0, -5e-324, 1e-300] * 20,
            "infinite": [np.inf, -np.inf, np.nan, 1.0] * 20,
            "[/]": ["[bold]", "\u202e", "\x00", "😀"] * 20,
            "empty": pd.Series([None] * 80, dtype=object),
        }
    )
    profile = profiled(frame)
    json.dumps(profile_record(table(frame), profile), allow_nan=False)
    assert (profile.column("infinite").unparseable, profile.column("infinite").missing) == (0, 60)


def test_tables_without_rows_or_a_possible_target() -> None:
    assert profiled(pd.DataFrame({"a": [1.0]}).iloc[:0]).target is None
    only = pd.DataFrame({"id": [f"x{k:04d}" for k in range(100)]})
    profile = profiled(only)
    assert (profile.target, profile.task) == (None, None)


@pytest.mark.parametrize(
    ("header", "candidates"),
    [
        ("a,class,b", ("class",)),
        ("a,Label_2,b", ("Label_2",)),
        ("species,a,b", ("species",)),
        ("a,b,price", ("price",)),
        ("a,price,b", ("b", "word", "a", "price")),
        ("a,species,b", ("species", "b", "word", "a")),
        ("species,a,price", ("price", "species", "word")),
        ("a,b,c", ("c", "word", "a")),
    ],
)
def test_a_target_is_certain_only_where_the_table_says_so(
    tmp_path: Path, header: str, candidates: tuple[str, ...]
) -> None:
    first, second, third = header.split(",")
    rows = [f"{row * 3 % 29}.5,{'xy'[row % 2]},{row * 7 % 31}.5,{row * 5 % 23}.5" for row in range(60)]
    file = tmp_path / "table.csv"
    file.write_text("\n".join([f"{first},word,{second},{third}", *rows]), encoding="utf-8")
    source = Source(str(file))
    profile = profile_table(read_table(source), source)
    assert profile.candidates == candidates
    assert profile.target == candidates[0] and profile.guessed and profile.unsure == (len(candidates) > 1)
    stated = replace(source, target=second)
    profile = profile_table(read_table(stated), stated)
    assert profile.target == second and not profile.guessed and not profile.unsure


def test_the_only_column_of_classes_is_certain_where_it_stands_last(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(
        "\n".join(["a,b,c", *(f"{n}.5,{n * 7 % 31}.5,{n % 2}" for n in range(60))]), encoding="utf-8"
    )
    source = Source(str(file))
    assert profile_table(read_table(source), source).candidates == ("c",)
