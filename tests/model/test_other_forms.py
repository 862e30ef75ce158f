"""A model trained on one form of a column and asked with another: the same answers, or a refusal that names it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from command_line import Run

from ann_tui.data.preparing.columns import DateColumn
from ann_tui.model.storage import load_model

DAYS = [datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=37 * place % 700) for place in range(120)]
NUMBERS = [1000 + place * 37 % 4000 + 0.5 for place in range(120)]
FLAGS = [place * 7 % 5 < 2 for place in range(120)]

Form = Callable[[Any], str]
DATES: dict[str, Form] = {
    form: lambda day, form=form: day.strftime(form)  # type: ignore[misc]
    for form in (
        "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y", "%Y-%m-%d", "%Y/%m/%d",
        "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%SZ", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d %b %Y", "%B %d, %Y",
        "%Y%m%d",
    )
}  # fmt: skip
ALWAYS_READ = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%SZ", "%d %b %Y", "%B %d, %Y")
FIGURES: dict[str, Form] = {
    "plain": lambda number: f"{number}",
    "grouped": lambda number: f"{number:,}",
    "a unit": lambda number: f"{number} kg",
    "another unit": lambda number: f"{number}lb",
    "a currency": lambda number: f"${number:,.2f}",
    "another currency": lambda number: f"{number:,.2f} €",
    "shares": lambda number: f"{100 * number:.0f} %",
    "thousands": lambda number: f"{number / 1000:.4f}k",
    "European": lambda number: f"{number:,.1f}".translate(str.maketrans(".,", ",.")),
    "words": lambda number: f"about {number}",
    "scientific": lambda number: f"{number:.6e}",
}
WORDS: dict[str, Form] = {
    " ".join(pair): lambda flag, pair=pair: pair[0] if flag else pair[1]  # type: ignore[misc]
    for pair in (
        ("True", "False"), ("yes", "no"), ("1", "0"), ("T", "F"), ("Y", "N"), ("on", "off"), ("TRUE", "FALSE"),
    )
}  # fmt: skip


def write(path: Path, cells: Sequence[Any], form: Form, answers: Sequence[str] | None = None) -> Path:
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["cell", "x", *(["y"] if answers else [])])
        for place, cell in enumerate(cells):
            own = [answers[place]] if answers else []
            rows.writerow([form(cell), (place * 11) % 7, *own])
    return path


def compare(
    run: Run,
    folder: Path,
    forms: dict[str, Form],
    cells: Sequence[Any],
    answers: Sequence[str],
    trained: str,
    *options: str,
) -> dict[str, str]:
    """What became of each other form: "right" or "refused"; fails where it is neither."""
    model, found = folder / "m.ann", {}
    table = write(folder / "train.csv", cells, forms[trained], answers)
    ended = run("train", table, "--target", "y", "--epochs", 3, "--no-baselines", "--save", model, *options)
    assert ended.code == 0, ended
    new = cells[:40]
    expected = [
        line.split(",")[-2:] for line in _answers(run, model, write(folder / "n.csv", new, forms[trained]))
    ]
    for name, form in forms.items():
        ended = run("predict", model, write(folder / "n.csv", new, form))
        if ended.code == 2:
            assert "'cell'" in ended.err, (trained, name, ended)
            found[name] = "refused"
        else:
            answered = [line.split(",")[-2:] for line in ended.out.splitlines()]
            assert answered == expected, (trained, name, ended.err)
            found[name] = "right"
    return found


def _answers(run: Run, model: Path, table: Path) -> list[str]:
    ended = run("predict", model, table)
    assert ended.code == 0 and "could not" not in ended.err, ended
    return ended.out.splitlines()


@pytest.mark.parametrize("trained", DATES)
def test_dates(run: Run, tmp_path: Path, trained: str) -> None:
    """Those that can mean but one day are read whatever training had."""
    answers = ["summer" if 4 <= day.month <= 9 else "winter" for day in DAYS]
    found = compare(run, tmp_path, DATES, DAYS, answers, trained)
    assert found[trained] == "right"
    if trained != "%Y%m%d":
        assert {found[name] for name in ALWAYS_READ} == {"right"}, found


BARE = ("plain", "grouped", "scientific")


@pytest.mark.parametrize(
    ("trained", "form", "read"),
    [
        ("plain", "", (*BARE, "a currency", "another currency", "European")),
        ("grouped", "", (*BARE, "a currency", "another currency", "European")),
        ("scientific", "", (*BARE, "a currency", "another currency", "European")),
        ("a currency", "", (*BARE, "a currency", "European")),
        ("a unit", "", (*BARE, "a unit", "European")),
        ("shares", "", ("shares",)),
        ("thousands", "12k", (*BARE, "thousands", "European")),
    ],
)
def test_numbers(run: Run, tmp_path: Path, trained: str, form: str, read: tuple[str, ...]) -> None:
    """A bare number is in the unit of training, unless that is percent; another unit is refused."""
    answers = ["high" if number > 3000 else "low" for number in NUMBERS]
    options = ("--set", f"source.number_forms.cell={form}") if form else ()
    found = compare(run, tmp_path, FIGURES, NUMBERS, answers, trained, *options)
    assert {name for name, outcome in found.items() if outcome == "right"} == set(read)


def test_points_between_thousands(run: Run, cases: Path, tmp_path: Path) -> None:
    """Read so where it is said, in training and in new rows; what has decimals instead is refused."""
    table, model = cases / "euro_integers" / "train.csv", tmp_path / "m.ann"
    form = ("--set", "source.number_forms.umsatz=1.234")
    ended = run("train", table, "--target", "y", "--epochs", 3, "--no-baselines", "--save", model, *form)
    assert ended.code == 0
    rows = [line.split(";")[:2] for line in table.read_text().splitlines()[1:41]]
    right = _answers(run, model, _file(tmp_path, rows, ";"))
    plain = _answers(run, model, _file(tmp_path, [[cell.replace(".", ""), x] for cell, x in rows], ","))
    rows = [[cell, x] for cell, x in rows if "." in cell]
    commas = [[f'"{int(cell.replace(".", "")):,}"', x] for cell, x in rows]
    assert [line.split(",")[2:] for line in plain] == [line.split(",")[2:] for line in right]
    for wrong in (commas, [[f"{cell}5", x] for cell, x in rows]):
        ended = run("predict", model, _file(tmp_path, wrong, ","))
        assert ended.code == 2 and "'umsatz' should hold numbers with points between thousands" in ended.err


def _file(folder: Path, rows: Sequence[Sequence[str]], delimiter: str) -> Path:
    path = folder / "new.csv"
    path.write_text("".join(f"{delimiter.join(row)}\n" for row in [["umsatz", "x"], *rows]))
    return path


def test_a_target_with_a_unit(run: Run, cases: Path, tmp_path: Path) -> None:
    """It is a number; rows in another unit are refused, bare ones are in the unit of training."""
    table, model = cases / "number_target_as_classes" / "units.csv", tmp_path / "m.ann"
    ended = run("train", table, "--target", "price", "--epochs", 3, "--no-baselines", "--save", model)
    assert ended.code == 0 and "regression" in ended.out
    new = tmp_path / "new.csv"
    rows, scores = "".join(table.read_text().splitlines(keepends=True)[:100]), []
    for unit in (" kg", "KG", ""):
        new.write_text(rows.replace(" kg", unit))
        ended = run("evaluate", model, new, "--no-baselines", "--json")
        scores.append(json.loads(ended.out)["metrics"])
    assert scores[0] == scores[1] == scores[2]
    new.write_text(rows.replace(" kg", " lb"))
    ended = run("evaluate", model, new, "--no-baselines")
    assert ended.code == 2, ended


@pytest.mark.parametrize("trained", WORDS)
def test_booleans(run: Run, tmp_path: Path, trained: str) -> None:
    """Words for yes and no are those of training; a column of 1 and 0 is one of numbers."""
    answers = ["leave" if flag else "stay" for flag in FLAGS]
    found = compare(run, tmp_path, WORDS, FLAGS, answers, trained)
    assert trained == "1 0" or set(found.values()) == {"right"}, found


def test_dates_with_day_and_month_exchanged(run: Run, cases: Path, tmp_path: Path) -> None:
    """A few cells that only the other order reads, and none that it does not, tell that all are in it."""
    folder, model = cases / "date_order_drift", tmp_path / "m.ann"
    assert run("train", folder / "train_dmy.csv", "--target", "y", "--epochs", 3, "--save", model).code == 0
    ended = run("predict", model, folder / "new_mdy_clear.csv")
    assert ended.code == 2 and "have day and month in another order (such as '07/25/2024')" in ended.err
    assert "write them like 31/12/2024" in ended.err
    iso, time = (run("predict", model, folder / f"new_{name}.csv") for name in ("iso", "time"))
    assert iso.code == time.code == 0
    assert [line.split(",")[2:] for line in iso.out.splitlines()] == [
        line.split(",")[2:] for line in time.out.splitlines()
    ]


def test_one_cell_that_is_no_date_is_told_with_the_form_that_is_expected(
    run: Run, cases: Path, tmp_path: Path
) -> None:
    folder, model = cases / "date_order_drift", tmp_path / "m.ann"
    assert run("train", folder / "train_dmy.csv", "--target", "y", "--epochs", 3, "--save", model).code == 0
    new = tmp_path / "new.csv"
    new.write_text("day,x\n25/12/2024,1\n26/12/2024,2\nsoon,3\n")
    ended = run("predict", model, new)
    assert ended.code == 0
    assert (
        "note: day: 1 cell that could not be read as a date like 31/12/2024, taken as missing (soon)"
        in ended.err
    )
    assert ended.err.count("day: 1") == 1, "the same cell is told of once"


@pytest.mark.parametrize("zoned", [True, False])
def test_times_with_and_without_a_zone_are_told_apart(run: Run, tmp_path: Path, zoned: bool) -> None:
    """In training, and in new rows; the same zones are not worth a word."""
    zone = timezone(timedelta(hours=2))
    forms: dict[bool, Form] = {
        True: lambda moment: moment.astimezone(zone).isoformat(),
        False: lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S"),
    }
    moments = [DAYS[0] + timedelta(hours=7 * place) for place in range(120)]
    answers = ["day" if 6 <= moment.hour < 18 else "night" for moment in moments]
    table, model = write(tmp_path / "train.csv", moments, forms[zoned], answers), tmp_path / "m.ann"
    assert run("train", table, "--target", "y", "--epochs", 2, "--no-baselines", "--save", model).code == 0
    own, other = (
        run("predict", model, write(tmp_path / "n.csv", moments[:20], forms[form]))
        for form in (zoned, not zoned)
    )
    assert own.code == other.code == 0 and "zone" not in own.err
    told = "without a time zone, which training had" if zoned else "with a time zone, which training had not"
    assert f"cell: 20 cells {told}: taken as times of UTC" in other.err
    again = run("evaluate", model, table, "--no-baselines")
    assert "split as they were then" in again.err


def test_a_model_of_an_earlier_version_answers_like_one_fitted_anew(
    run: Run, cases: Path, tmp_path: Path
) -> None:
    """It does not tell of zones; the file of its training is still known to be that."""
    model = tmp_path / "m.ann"
    table = cases / "date_order_drift" / "train_dmy.csv"
    assert run("train", table, "--target", "y", "--epochs", 1, "--no-baselines", "--save", model).code == 0
    new = load_model(model).fitted
    (day,) = (column for column in new.columns if isinstance(column, DateColumn))
    old, other = (
        replace(new, columns=(msgspec.structs.replace(day, **changed), *new.columns[1:]), inputs=())
        for changed in ({"zoned": None}, {"fill": 1.0})
    )
    assert day.zoned is False and new.columns[0] == day
    assert new.answers_like(old) and old.answers_like(new) and not new.answers_like(other)
