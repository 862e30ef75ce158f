"""Rows that belong together are told from rows that don't: groups of alike rows, and an order of time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.profile.findings import Finding, Remedy, apply_remedy
from ann_tui.experiments.derived import load


def _found(frame: pd.DataFrame, target: str, folder: Path) -> list[Finding]:
    path = folder / "table.csv"
    frame.to_csv(path, index=False)
    findings = load(Source(str(path), target=target)).profile.findings
    return [finding for finding in findings if finding.kind in ("groups", "time order")]


def _patients(rng: np.random.Generator, name: str, *, numbered: bool = False) -> pd.DataFrame:
    """Forty patients of eight visits: what is measured, and the state, are the patient's own."""
    patient = np.repeat(np.arange(40), 8)
    own = rng.normal(size=(40, 3))[patient]
    frame = pd.DataFrame(own + rng.normal(scale=0.05, size=own.shape), columns=["a", "b", "c"])
    frame["state"] = np.where(rng.random(40) < 0.5, "well", "sick")[patient]
    frame.insert(0, name, patient + 100 if numbered else [f"p{each}" for each in patient])
    return frame.sample(frac=1, random_state=1)


@pytest.mark.parametrize(("name", "numbered"), [("who", False), ("patient_id", True)])
def test_alike_rows_of_one_patient_are_a_group(name: str, numbered: bool, tmp_path: Path) -> None:
    frame = _patients(np.random.default_rng(0), name, numbered=numbered)
    (finding,) = _found(frame, "state", tmp_path)
    assert finding.kind == "groups" and finding.remedy == Remedy("split by group", name)
    assert name in finding.text and "40 values" in finding.text


def test_a_number_of_the_visit_does_not_hide_them(tmp_path: Path) -> None:
    frame = _patients(np.random.default_rng(0), "who").sort_index()
    frame["visit"] = list(range(8)) * 40
    frame["mood"] = np.random.default_rng(1).normal(size=len(frame))
    (finding,) = _found(frame, "state", tmp_path)
    assert finding.remedy == Remedy("split by group", "who")


def test_a_column_of_groups_is_no_leak_suspect_besides(tmp_path: Path) -> None:
    frame = _patients(np.random.default_rng(0), "who")
    path = tmp_path / "table.csv"
    frame.to_csv(path, index=False)
    profile = load(Source(str(path), target="state")).profile
    assert not [each for each in profile.column("who").findings if each.kind == "leak suspect"]


def test_the_remedy_splits_by_that_column() -> None:
    remedy, source = Remedy("split by group", "who"), Source("t.csv")
    _, preparation = apply_remedy(remedy, source, Preparation())
    assert (preparation.split.method, preparation.split.column) == ("group", "who")
    assert apply_remedy(remedy, source, preparation) == (source, preparation)


def test_labels_of_rows_that_have_nothing_else_in_common_are_no_group(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = _patients(rng, "who")
    frame["who"] = rng.permutation(frame["who"].to_numpy())
    assert _found(frame, "state", tmp_path) == []


def test_groups_within_which_the_target_differs_as_everywhere_are_none(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = _patients(rng, "who")
    frame["state"] = rng.choice(["well", "sick"], len(frame))
    assert _found(frame, "state", tmp_path) == []


def _walk(rng: np.random.Generator, rows: int = 400) -> pd.DataFrame:
    return pd.DataFrame({"x": rng.normal(size=rows), "y": rng.normal(size=rows).cumsum()})


def test_a_walk_has_an_order_of_time_by_its_own_rows(tmp_path: Path) -> None:
    (finding,) = _found(_walk(np.random.default_rng(0)), "y", tmp_path)
    assert finding.kind == "time order" and finding.remedy == Remedy("split by time")


def test_dates_name_the_order_even_where_the_file_is_shuffled(tmp_path: Path) -> None:
    frame = _walk(np.random.default_rng(0))
    frame.insert(0, "day", pd.date_range("2021-01-01", periods=len(frame)).strftime("%Y-%m-%d"))
    (finding,) = _found(frame.sample(frac=1, random_state=0), "y", tmp_path)
    assert finding.remedy == Remedy("split by time", "day")


def test_dates_that_tell_nothing_in_no_order_are_no_order_of_time(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=300), "y": rng.normal(size=300)})
    days = pd.Series(pd.date_range("1960-01-01", periods=300, freq="31D")).sample(frac=1, random_state=0)
    frame["born"] = days.dt.strftime("%Y-%m-%d").to_numpy()
    assert _found(frame, "y", tmp_path) == []


@pytest.mark.parametrize("target", ["kind", "y"])
def test_a_table_sorted_by_its_target_is_none(target: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=300), "y": rng.normal(size=300)})
    frame["kind"] = np.where(frame["x"] + rng.normal(size=300) > 0, "up", "down")
    assert _found(frame.sort_values(target), target, tmp_path) == []


def test_a_table_sorted_by_a_label_that_the_target_follows_is_none(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    place = np.repeat(np.arange(5), 60)
    frame = pd.DataFrame({"place": [f"town {each}" for each in place], "y": 10.0 * place})
    frame["y"] += rng.normal(size=300)
    frame["x"] = rng.normal(size=300)
    assert _found(frame, "y", tmp_path) == []


@pytest.mark.parametrize("seed", range(20))
def test_independent_rows_are_in_no_order(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(80, 3)), columns=list("abc"))
    frame["k"] = rng.choice([f"k{each}" for each in range(12)], 80)
    frame["y"] = rng.choice(["no", "yes"], 80)
    assert _found(frame, "y", tmp_path) == []


def test_hours_without_a_date_are_no_order_of_time(tmp_path: Path) -> None:
    minutes = np.random.default_rng(0).integers(5, 900, 200)
    clock = [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]
    frame = pd.DataFrame({"took": clock, "fuel": minutes * 0.1 + 1})
    assert not _found(frame, "fuel", tmp_path)
    frame["took"] = [f"2024-03-01 {hour}" for hour in clock]
    (finding,) = _found(frame, "fuel", tmp_path)
    assert finding.remedy == Remedy("split by time", "took")
