"""Dates in which day and month could be exchanged: said, and mended by a remedy or an option."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from command_line import Run

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.profile.findings import apply_remedy
from ann_tui.data.profile.table_profile import profile_table
from ann_tui.data.reading.read_table import read_table

EARLY = [date(2021, 1 + place % 12, 1 + (place * 5 + 3) % 12) for place in range(96)]


def write(path: Path, days: list[date], form: str) -> Path:
    rows = (f"{day.strftime(form)};{place % 7};{'ab'[day.month > 6]}\n" for place, day in enumerate(days))
    path.write_text("day;count;kind\n" + "".join(rows))
    return path


@pytest.mark.parametrize(
    ("form", "other"),
    [("%d/%m/%Y", "day"), ("%m.%d.%Y", "month"), ("%m-%d-%Y", "month"), ("%d/%m/%y", "day")],
)
def test_an_order_that_could_be_either_is_a_finding_with_a_remedy(
    tmp_path: Path, form: str, other: str
) -> None:
    """Where the guess is wrong, the remedy makes it right."""
    source = Source(str(write(tmp_path / "t.csv", EARLY, form)))
    profile = profile_table(read_table(source), source)
    (finding,) = (found for found in profile.column("day").findings if found.kind == "date order")
    assert finding.remedy is not None and finding.remedy.text == f"read dates with the {other} first"
    source, _ = apply_remedy(finding.remedy, source, Preparation())
    after = profile_table(read_table(source), source).column("day")
    assert not any(found.kind == "date order" for found in after.findings)
    assert after.minimum == (min(EARLY) - date(1970, 1, 1)) / timedelta(seconds=1)
    assert after.maximum == (max(EARLY) - date(1970, 1, 1)) / timedelta(seconds=1)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d %b %Y", "%Y/%m/%d"])
def test_an_order_without_doubt_is_not_mentioned(tmp_path: Path, form: str) -> None:
    source = Source(str(write(tmp_path / "t.csv", EARLY, form)))
    found = profile_table(read_table(source), source).column("day").findings
    assert not any(each.kind == "date order" for each in found)


def test_one_day_after_the_twelfth_leaves_no_doubt(tmp_path: Path) -> None:
    source = Source(str(write(tmp_path / "t.csv", [*EARLY, date(2021, 3, 25)], "%d/%m/%Y")))
    found = profile_table(read_table(source), source).column("day").findings
    assert not any(each.kind == "date order" for each in found)


def test_the_order_is_said_before_training_and_kept_by_the_model(run: Run, tmp_path: Path) -> None:
    table, model = write(tmp_path / "t.csv", EARLY, "%d/%m/%Y"), tmp_path / "m.ann"
    words = ("train", table, "--target", "kind", "--epochs", 1, "--no-baselines", "--save", model)
    ended = run(*words)
    assert "note: day: “04/01/2021” (line 2) is read as 1 April, and may be 4 January" in ended.err
    option = 'source.date_forms."day"=%d/%m/%Y'
    assert f"to read dates with the day first: --set '{option}'" in ended.err
    new = write(tmp_path / "new.csv", [date(2021, 3, 25)], "%d/%m/%Y")
    assert run("predict", model, new).code == 2, "the guess was the other one"
    ended = run(*words, "--set", option)
    assert ended.code == 0 and "is read as" not in ended.err
    assert run("predict", model, new).code == 0


def test_what_is_no_date_format_is_refused() -> None:
    for form in ("", "%d/%m", "day first", "%H:%M"):
        with pytest.raises(ValueError, match="dates of the column 'day'"):
            Source("t.csv", date_forms={"day": form})
