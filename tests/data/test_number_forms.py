"""Numbers with units, with k or M, with the minus behind or points between thousands: found, named and read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.data.cells.kinds import infer_kind, interpret, number_form
from ann_tui.data.cells.number_forms import find_form, has_sure_unit, same_unit, value_of, values_of
from ann_tui.data.choices.column_kind import ColumnKind
from ann_tui.data.choices.number_form import NumberForm
from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.profile.findings import Finding, apply_remedy
from ann_tui.data.profile.table_profile import TableProfile, profile_table
from ann_tui.data.reading.read_table import read_table

FOUND: list[tuple[Sequence[str], str, list[float]]] = [
    (["4545 kg", "1,200 kg", "12.5 KG", "-3kg"], "12 kg", [4545, 1200, 12.5, -3]),
    (["23.4 kmpl", "17 kmpl", "20 kmpl", "21 kmpl", "3 km/kg"], "12 kmpl", [23.4, 17, 20, 21, math.nan]),
    (["1248 CC", "800 CC"], "12 CC", [1248, 800]),
    (["74 bhp", "82.5 bhp", "90"], "12 bhp", [74, 82.5, 90]),
    (["4.5k", "1.2M", "300", "2.3M"], "12k", [4500, 1.2e6, 300, 2.3e6]),
    (["$4.5k", "$2M"], "12k $", [4500, 2e6]),
    (["2 Mio €", "3.5 Mio. €", "800 Tsd €"], "12k €", [2e6, 3.5e6, 8e5]),
    (["1.5m", "300k"], "12k", [1.5e6, 3e5]),
    (["5m", "7 m"], "12 m", [5, 7]),
    (["300 K", "280 K"], "12 K", [300, 280]),
    (["1455.05-", "12.30", "1,200.50-"], "12-", [-1455.05, 12.3, -1200.5]),
    (["45 %", "3.5%"], "12 %", [0.45, 0.035]),
    (["€ 5", "7 EUR", "3,50 €"], "12 €", [5, 7, 3.5]),
    (["1 year", "2 years"], "12 year", [1, 2]),
    (["20 m²", "35.5 m²"], "12 m²", [20, 35.5]),
    (["12A", "12B", "13C", "14D", "15E", "16F"], "", []),
    (["1st", "2nd", "3rd", "4th", "5th", "6th"], "", []),
    (["25-34", "35-44"], "", []),
    (["12 Main Street 4", "14 High Street 2"], "", []),
    (["1.2.3", "1.2.4"], "", []),
    (["007 kg", "012 kg"], "", []),
    (["red", "blue"], "", []),
]


@pytest.mark.parametrize(("cells", "form", "values"), FOUND)
def test_the_form_of_a_column(cells: Sequence[str], form: str, values: list[float]) -> None:
    counts = np.ones(len(cells), dtype=np.int64)
    found, share = find_form(cells, counts)
    assert (found.text if share >= 0.8 else "") == form
    if values:
        np.testing.assert_array_equal([value_of(found, cell) for cell in cells], values)


forms = st.builds(
    NumberForm,
    st.sampled_from(["", "kg", "%", "sq ft", "€", "kmpl"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(forms)
def test_the_text_of_a_form_says_it_all(form: NumberForm) -> None:
    assert NumberForm.of(form.text) == form


@pytest.mark.parametrize("text", ["kg", "13 kg", "12 5", "1.234.567", "12 " + "x" * 30, "k"])
def test_what_is_no_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="12 kg"):
        NumberForm.of(text)
    with pytest.raises(ValueError, match="numbers of the column 'a'"):
        Source("x.csv", number_forms={"a": text})


@given(st.integers(-10_000_000, 10_000_000), st.integers(0, 99))
def test_a_number_is_the_same_in_every_form(whole: int, hundredths: int) -> None:
    number = float(f"{whole}.{hundredths:02d}")
    plain = f"{abs(number):.2f}"
    minus, behind = ("-", "-") if number < 0 else ("", "")
    assert value_of(NumberForm("kg"), f"{minus}{plain} kg") == number
    assert value_of(NumberForm("€"), f"{minus}€{abs(number):,.2f}") == number
    assert value_of(NumberForm(minus_behind=True), f"{plain}{behind}") == number
    grouped = f"{minus}{abs(number):,.2f}".translate(str.maketrans(".,", ",."))
    assert value_of(NumberForm(grouped=True), grouped) == number
    assert value_of(NumberForm("%"), f"{minus}{plain} %") == number / 100
    assert value_of(NumberForm(scaled=True), f"{minus}{plain}k") == float(f"{minus}{plain}e3")


@given(
    st.lists(st.from_regex(r"[+-]?\d{0,4}[.,]?\d{0,3}(e-?\d{1,3})? ?(kg|g|%|€|)", fullmatch=True), max_size=9)
)
def test_many_cells_are_read_as_each_alone(cells: list[str]) -> None:
    for unit in ("kg", "€"):
        form = NumberForm(unit)
        np.testing.assert_array_equal(values_of(form, cells), [value_of(form, cell) for cell in cells])


def test_another_unit_is_no_number_and_a_bare_share_neither() -> None:
    kilograms, shares = NumberForm("kg"), NumberForm("%")
    for cell in ("5 lb", "5 g", "$5", "5 kg 3", "5k", "5-"):
        assert math.isnan(value_of(kilograms, cell)), cell
    assert value_of(kilograms, "5") == 5
    assert math.isnan(value_of(shares, "0.45")) and math.isnan(value_of(shares, "45"))
    assert value_of(shares, "0") == 0
    assert math.isnan(value_of(NumberForm(), "45 %")) and value_of(NumberForm(mixed=True), "45 %") == 0.45


def test_units_are_compared_but_for_their_case() -> None:
    assert (
        same_unit("KG", "kg")
        and same_unit("years", "year")
        and same_unit("€", "EUR")
        and same_unit("kg.", "kg")
    )
    assert not same_unit("MW", "mW") and not same_unit("kg", "g") and not same_unit("$", "€")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([f"{place + 0.5} kg" for place in range(40)], ColumnKind.NUMBER),
        ([f"{place} km" for place in range(39)] + ["40"], ColumnKind.IDENTIFIER),
        ([f"{place} kmpl" for place in range(40)], ColumnKind.IDENTIFIER),
        ([f"{place % 20}{'ABCDEF'[place % 6]}" for place in range(60)], ColumnKind.CATEGORY),
        ([f"{place}k" for place in range(40)], ColumnKind.IDENTIFIER),
    ],
)
def test_only_a_usual_unit_in_every_cell_is_read_unasked(cells: list[str], kind: ColumnKind) -> None:
    column = pd.Series(cells, name="size", dtype=object)
    found = infer_kind(column)
    assert (found is ColumnKind.NUMBER) == (kind is ColumnKind.NUMBER)
    assert has_sure_unit(NumberForm("kg"), ["5 kg", "7kg"]) and not has_sure_unit(
        NumberForm("kg"), ["5 kg", "7"]
    )


def test_training_rows_alone_say_the_form() -> None:
    column = pd.Series([f"{place} kg" for place in range(10)] + [f"{place} lb" for place in range(30)])
    assert number_form(column, np.arange(10)).text == "12 kg"
    read = interpret(column, ColumnKind.NUMBER, form="12 kg")
    assert read.unparseable.sum() == 30 and read.form == "12 kg"


def test_shares_and_bare_numbers_in_one_column_are_told_apart() -> None:
    """Whichever are fewer have no value: 45 beside 45 % is not forty-five whole ones."""
    column = pd.Series(["45 %", "50 %", "3 %", "45"])
    read = interpret(column, ColumnKind.NUMBER)
    np.testing.assert_array_equal(read.values, [0.45, 0.5, 0.03, np.nan])
    assert read.unparseable.tolist() == [False, False, False, True]
    mostly_bare = interpret(pd.Series(["45", "50", "3", "45 %"]), ColumnKind.NUMBER)
    np.testing.assert_array_equal(mostly_bare.values, [45, 50, 3, np.nan])


def _finding(profile: TableProfile, column: str, kind: str) -> Finding:
    return next(found for found in profile.column(column).findings if found.kind == kind)


def _mended(path: Path, column: str, kind: str) -> tuple[Finding, TableProfile]:
    """A finding, and the table after its remedy."""
    source = Source(str(path))
    finding = _finding(profile_table(read_table(source), source), column, kind)
    assert finding.remedy is not None
    source, _ = apply_remedy(finding.remedy, source, Preparation())
    return finding, profile_table(read_table(source), source)


def test_points_between_thousands_are_a_finding_with_a_remedy(cases: Path) -> None:
    path = cases / "euro_integers" / "train.csv"
    finding, after = _mended(path, "umsatz", "point groups")
    assert finding.severity == "warning" and "“9.250” (line 3) may be 9,250" in finding.text
    values = [int(line.split(";")[0].replace(".", "")) for line in path.read_text().splitlines()[1:]]
    column = after.column("umsatz")
    assert (column.minimum, column.maximum, column.mean) == (min(values), max(values), np.mean(values))
    assert _finding(after, "umsatz", "number form").text == "numbers with points between thousands"


@pytest.mark.parametrize(
    ("cells", "severity"),
    [
        (["9.250", "598", "1.650", "3.305"], "warning"),
        (["9.251", "1.652", "3.305", "7.281"], "note"),
        (["9.25", "1.650", "3.305"], None),
        (["0.925", "1.650", "3.305"], None),
        (["9.250", "1234", "3.305", "1.111"], "note"),
        (["12.345.678", "1.650", "3.305"], "warning"),
    ],
)
def test_which_points_may_separate_thousands(tmp_path: Path, cells: list[str], severity: str | None) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a;b\n" + "".join(f"{cell};{place}\n" for place, cell in enumerate(cells * 5)))
    source = Source(str(path))
    found = profile_table(read_table(source), source).column("a").findings
    grouped = [each.severity for each in found if each.kind == "point groups"]
    if cells[0] == "12.345.678":
        assert not grouped, "points that must separate thousands are read so"
    else:
        assert grouped == ([severity] if severity else [])


def test_a_minus_behind_is_a_finding_with_a_remedy(cases: Path) -> None:
    path = cases / "number_target_as_classes" / "trail_minus.csv"
    finding, after = _mended(path, "price", "number form")
    assert "“1455.05-” (line 2) could be -1,455.05" in finding.text
    cells = [line.split(",")[2] for line in path.read_text().splitlines()[1:]]
    values = [float(f"-{cell[:-1]}" if cell.endswith("-") else cell) for cell in cells]
    column = after.column("price")
    assert column.kind is ColumnKind.NUMBER
    assert (column.minimum, column.maximum) == (min(values), max(values))


def test_a_few_cells_with_a_unit_among_numbers(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "a,b\n" + "".join(f"{place}{' kg' if place % 10 == 3 else ''},{place}\n" for place in range(50))
    )
    finding, after = _mended(path, "a", "number form")
    assert "“3 kg” (line 5) could be 3" in finding.text
    assert after.column("a").unparseable == 0 and after.column("a").mean == 24.5


def test_a_unit_that_is_read_unasked_is_named(cases: Path) -> None:
    path = cases / "number_target_as_classes" / "units.csv"
    source = Source(str(path), target="price")
    profile = profile_table(read_table(source), source)
    assert profile.task == "regression" and profile.doubted_target is None
    finding, after = _mended(path, "price", "number form")
    assert finding.text == "numbers in kg" and after.column("price").kind is ColumnKind.CATEGORY


def test_a_target_that_could_be_numbers_is_doubted(cases: Path) -> None:
    source = Source(str(cases / "number_target_as_classes" / "trail_minus.csv"), target="price")
    doubt = profile_table(read_table(source), source).doubted_target
    assert doubt is not None and doubt.remedy is not None
    assert doubt.remedy.option == "--set 'source.number_forms.\"price\"=12-'"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            ["3341 g", "1.44 kg", "500 g", "2 kg"],
            "numbers in 2 units: “3341 g” (line 2) and “1.44 kg” (line 3)",
        ),
        (["62.4°F", "-9.5°C"], "numbers in 2 units: “62.4°F” (line 2) and “-9.5°C” (line 3)"),
        (["£17,245", "€3,298", "$12"], "numbers in 3 units: “£17,245” (line 2) and “€3,298” (line 3)"),
        (["1 year", "2 years"], None),
        (["12A", "13B", "14C"], None),
        (["5", "7 kg"], None),
    ],
)
def test_several_units_are_said(tmp_path: Path, cells: list[str], said: str | None) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a;b\n" + "".join(f"{cell};{place}\n" for place, cell in enumerate(cells * 20)))
    source = Source(str(path))
    found = profile_table(read_table(source), source).column("a").findings
    texts = [each.text for each in found if each.kind == "several units"]
    assert texts == ([f"{said}: bring them into one"] if said else [])


def test_whole_numbers_that_would_lose_digits_are_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "".join(f"{2**53 + place % 3 - 1},{place % 5}\n" for place in range(90)))
    finding, after = _mended(path, "a", "long numbers")
    assert finding.text == f"{2**53 + 1} (line 4) has more digits than a number keeps: codes?"
    assert after.column("a").distinct == 3


@pytest.mark.parametrize(("cells", "found"), [(["494k", "8.2M"], True), (["12A", "14A"], False)])
def test_a_sure_form_is_found_beside_many_words(tmp_path: Path, cells: list[str], found: bool) -> None:
    path = tmp_path / "t.csv"
    texts = [*cells * 15, *["Varies with device"] * 12]
    path.write_text("size,b\n" + "".join(f"{text},{place}\n" for place, text in enumerate(texts)))
    source = Source(str(path))
    findings = profile_table(read_table(source), source).column("size").findings
    assert any(each.kind == "number form" for each in findings) is found
