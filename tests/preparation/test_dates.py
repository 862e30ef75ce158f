"""Dates as features, against the calendar of the standard library."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ann_tui.data.cells.dates import TIMES_OF_DAY, written_moment
from ann_tui.data.choices.date_parts import PARTS
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation
from ann_tui.data.preparing.date_features import fit_date_parts
from ann_tui.data.preparing.prepare import prepare, prepare_rows
from ann_tui.data.preparing.split import Assignment

from .conftest import TableMaker

moments = st.datetimes(datetime(1850, 1, 1), datetime(2150, 1, 1)).map(
    lambda each: each.replace(microsecond=0)
)


@settings(max_examples=80, deadline=None)
@given(moment=moments)
def test_the_parts_are_those_of_the_calendar(moment: datetime) -> None:
    seconds = np.array([moment.replace(tzinfo=UTC).timestamp()])
    expected = {
        "year": moment.year,
        "month": moment.month - 1,
        "day": moment.day,
        "weekday": moment.weekday(),
        "hour": moment.hour + moment.minute / 60 + moment.second / 3600,
        "days": (moment - datetime(1970, 1, 1)).total_seconds() / 86400,
    }
    for part, value in expected.items():
        assert PARTS[part].of(seconds)[0] == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("dates", "names"),
    [
        (["2001-01-01", "2002-01-01", "2004-01-01"], ["year"]),
        (["2001-03-01", "2001-04-01", "2001-05-01"], ["month", "weekday"]),
        (["2001-03-05", "2001-03-12", "2001-03-19"], ["day"]),
        (["2001-03-05", "2002-03-04"], ["year"]),
        (["2001-03-05 10:00", "2001-03-05 11:30"], ["hour"]),
        (["2001-03-05", "2001-03-05"], ["year"]),
    ],
)
def test_only_parts_that_vary_are_used(dates: list[str], names: list[str]) -> None:
    seconds = np.array(dates, dtype="datetime64[s]").astype(float)
    assert [part.part for part in fit_date_parts("parts", "standard", seconds)] == names


def test_december_is_next_to_january() -> None:
    seconds = np.array(["2001-01-01", "2001-12-01", "2001-07-01"], dtype="datetime64[s]").astype(float)
    (month,) = [part for part in fit_date_parts("parts", "standard", seconds) if part.part == "month"]
    january, december, july = np.column_stack(month.apply(seconds))
    assert np.hypot(*(january - december)) < np.hypot(*(january - july)) / 3


@pytest.mark.parametrize(
    ("option", "names"),
    [("number", ["when days"]), ("year", ["when year"]), ("leave out", [])],
)
def test_the_other_options(table: TableMaker, option: str, names: list[str]) -> None:
    dates = [f"20{row + 10}-05-{row + 1:02d}" for row in range(20)]
    given_ = table(
        {"when": dates, "x": list(range(20)), "y": ["a", "b"] * 10},
        {"when": "date", "x": "number", "y": "category"},
        "y",
    )
    data = prepare(*given_, Preparation(columns={"when": ColumnPreparation(dates=option)}))
    assert list(data.fitted.feature_names) == [*names, "x"]


def test_new_dates_are_read_in_the_form_of_training(table: TableMaker) -> None:
    dates = [f"{row + 13:02d}/02/2020" for row in range(15)] + ["01/02/2020", "02/02/2020", "03/02/2020"]
    given_ = table({"when": dates, "y": ["a", "b"] * 9}, {"when": "date", "y": "category"}, "y")
    fitted = prepare(*given_, Preparation(dates="number", scaling="none")).fitted
    import pandas as pd

    x, report = fitted.transform(pd.DataFrame({"when": ["01/03/2020"]}))
    assert x[0, 0] == (datetime(2020, 3, 1) - datetime(1970, 1, 1)).days
    assert report.outside["when"].before == ("2020-03-01",)


def test_test_rows_have_no_say_in_the_form_of_dates(table: TableMaker) -> None:
    training = [f"{row % 12 + 1:02d}/{row % 5 + 1:02d}/2020" for row in range(20)]
    given_ = table(
        {"when": training + ["25/02/2020"] * 15, "y": ["a", "b"] * 17 + ["a"]},
        {"when": "date", "y": "category"},
        "y",
    )
    rows = np.arange(35)
    preparation = Preparation(dates="number", scaling="none")
    data = prepare_rows(*given_, preparation, Assignment(rows[:20], rows[:0], rows[20:]))
    assert data.training.x[1, 0] == (datetime(2020, 2, 2) - datetime(1970, 1, 1)).days
    assert data.training.x[11, 0] == (datetime(2020, 12, 2) - datetime(1970, 1, 1)).days
    (effect,) = [each for each in data.effects if each.step == "inaccurate"]
    assert effect.cells == 15


@pytest.mark.parametrize(
    "form", ["%d.%m.%Y", "%m/%d/%y", "%Y-%m-%d", "%Y%m%d", "%d %b %Y", "%Y-%m-%dT%H:%M:%SZ", "%m/%Y"]
)
def test_a_typical_date_is_written_as_it_is_read(table: TableMaker, form: str) -> None:
    dates = [datetime(2020 + row // 12, row % 12 + 1, 1, row % 24).strftime(form) for row in range(40)]
    given_ = table({"when": dates, "y": ["a", "b"] * 20}, {"when": "date", "y": "category"}, "y")
    fitted = prepare(*given_, Preparation()).fitted
    (described,) = fitted.inputs
    import pandas as pd

    _, report = fitted.transform(pd.DataFrame({"when": [described.typical]}))
    assert described.typical
    assert report.sentences() == ()


def test_a_time_of_day_is_a_point_on_a_circle_and_written_without_a_day(table: TableMaker) -> None:
    times = [f"{row % 24:02d}:{row % 4 * 15:02d}" for row in range(48)]
    given_ = table({"at": times, "y": ["a", "b"] * 24}, {"at": "date", "y": "category"}, "y")
    data = prepare(*given_, Preparation())
    assert data.fitted.feature_names == ("at hour sine", "at hour cosine")
    hours = np.array([row % 24 + row % 4 / 4 for row in data.training.rows])
    np.testing.assert_allclose(data.training.x[:, 0], np.sin(2 * np.pi * hours / 24), atol=1e-6)
    assert data.fitted.inputs[0].typical in times
    assert written_moment(TIMES_OF_DAY * 86400 + 37_800) == "10:30:00"
    assert written_moment(37_800) == "1970-01-01 10:30:00"
    assert written_moment(86_400) == "1970-01-02"
