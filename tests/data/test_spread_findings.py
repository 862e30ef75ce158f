"""Numbers far out: single ones far from all others, long tails, tails on both sides; and what is none of these."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.data.cells.table import Table
from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.preparing.prepare import prepare
from ann_tui.data.profile.findings import Finding, apply_remedy
from ann_tui.data.profile.isolated import isolated_values, looks_like_code
from ann_tui.data.profile.table_profile import TableProfile, profile_table

Generator = np.random.Generator
Floats = np.typing.NDArray[np.float64]
FAR_OUT = ("isolated value", "outliers", "skewed")


def table(values: Floats) -> Table:
    frame = pd.DataFrame({"size": values, "target": np.arange(len(values)) % 2})
    return Table(frame, np.arange(2, len(values) + 2, dtype=np.int64), Dialect(), Path("x.csv"))


def profiled(values: Floats, source: Source | None = None) -> TableProfile:
    return profile_table(table(values), source or Source("x.csv", target="target"))


def far_out(values: Floats) -> list[Finding]:
    return [each for each in profiled(values).column("size").findings if each.kind in FAR_OUT]


def with_values(usual: Floats, *values: float) -> Floats:
    """The values put in from row 410 on."""
    usual = np.array(usual, dtype=np.float64)
    usual[410 : 410 + len(values)] = values
    return usual


def ages(rng: Generator) -> Floats:
    return rng.normal(45, 15, 1000).clip(18, 90).round()


def likert(rng: Generator) -> Floats:
    return rng.integers(0, 7, 1000).astype(float)


ISOLATED: dict[str, tuple[Callable[[Generator], Floats], str, str]] = {
    "a slip or a code": (
        lambda rng: with_values(likert(rng), 99),
        "99 in line 412, all others 0 to 6: a typing error, or a code for missing?",
        "size <= 20",
    ),
    "a code": (
        lambda rng: with_values(likert(rng), 99, 99, 99),
        "99 in 3 rows (from line 412), all others 0 to 6: a code for missing?",
        "size <= 20",
    ),
    "several codes": (
        lambda rng: with_values(rng.integers(1, 6, 1000), 98, 99, 99),
        "99 in 2 rows (from line 413) and 1 more value, all others 1 to 5: a code for missing?",
        "size <= 17",
    ),
    "a negative code": (
        lambda rng: with_values(ages(rng), -999),
        "-999 in line 412, all others 18 to 90: a typing error, or a code for missing?",
        "size >= -170",
    ),
    "nothing": (
        lambda rng: with_values(rng.integers(2007, 2018, 1000), 0, 0),
        "0 in 2 rows (from line 412), all others 2007 to 2017: a code for missing?",
        "size >= 1900",
    ),
    "another unit": (
        lambda rng: with_values(np.round(rng.uniform(1.6, 1.9, 1000), 2), 1750),
        "1750 in line 412, all others 1.6 to 1.9: a typing error, or another unit?",
        "size <= 18",
    ),
    "the same number again and again": (
        lambda rng: with_values(likert(rng), *[400] * 50),
        "400 in 50 rows (from line 412), all others 0 to 6: a code, or another unit?",
        "size <= 38",
    ),
    "one farther out than the other": (
        lambda rng: with_values(ages(rng), -99999, -999),
        "-99999 in line 412 and 1 more value, all others 18 to 90: a code for missing?",
        "size >= -180",
    ),
    "on both sides": (
        lambda rng: with_values(ages(rng), 9999, -9999),
        "-9999 in line 413 and 1 more value, all others 18 to 90: a code for missing?",
        "size in -630..720",
    ),
}


@pytest.mark.parametrize("name", ISOLATED)
def test_isolated_values_are_named_and_taken_as_missing_by_a_rule(name: str) -> None:
    make, text, rule = ISOLATED[name]
    values = make(np.random.default_rng(1))
    (found,) = far_out(values)
    assert (found.kind, found.text, found.severity) == ("isolated value", text, "warning")
    assert found.remedy is not None and found.remedy.value == rule
    source, preparation = apply_remedy(found.remedy, Source("x.csv", target="target"), Preparation())
    assert apply_remedy(found.remedy, source, preparation) == (source, preparation)
    data = prepare(table(values), profiled(values), source, preparation)
    broken = sum(each.cells for each in data.effects if each.step == "inaccurate")
    isolated = profiled(values).column("size").isolated
    assert isolated is not None and broken == isolated.rows


NOT_ISOLATED: dict[str, Callable[[Generator, int], Floats]] = {
    "normal": lambda rng, n: rng.normal(size=n),
    "uniform": lambda rng, n: rng.random(n),
    "exponential": lambda rng, n: rng.exponential(size=n),
    "lognormal": lambda rng, n: rng.lognormal(0, 2, n),
    "Pareto": lambda rng, n: rng.pareto(1, n),
    "Cauchy": lambda rng, n: rng.standard_cauchy(n),
    "rare counts": lambda rng, n: rng.poisson(0.1, n).astype(float),
    "overdispersed counts": lambda rng, n: rng.negative_binomial(0.3, 0.05, n).astype(float),
    "mostly zero": lambda rng, n: rng.lognormal(0, 1, n) * (rng.random(n) < 0.1),
    "two groups": lambda rng, n: np.where(np.arange(n) % 8 == 0, 1000, 0) + rng.normal(size=n),
    "a group at one value": lambda rng, n: np.where(np.arange(n) % 8 == 0, 1000, rng.normal(size=n)),
    "groups at three values": lambda rng, n: np.where(
        np.arange(n) % 20 == 0, 1000 + 100 * (np.arange(n) // 20 % 3), rng.integers(0, 7, n)
    ).astype(float),
    "a switch": lambda rng, n: (rng.random(n) < 0.02).astype(float),
    "days": lambda rng, n: 20_240_000 + 100 * rng.integers(1, 13, n) + rng.integers(1, 29, n).astype(float),
}


@pytest.mark.parametrize("rows", [30, 100, 1000])
@pytest.mark.parametrize("name", NOT_ISOLATED)
def test_heavy_tails_counts_and_groups_have_no_isolated_values(name: str, rows: int) -> None:
    """At most 2 in 100 samples, of the heaviest tails as well."""
    found = 0
    for seed in range(100):
        values = np.sort(NOT_ISOLATED[name](np.random.default_rng(seed), rows))
        found += isolated_values(values, float(np.median(values))) is not None
    assert found <= 2


def test_few_values_say_nothing() -> None:
    assert far_out(np.array([0, 0, 0, 0, 1, 2, 0, 5] * 3, dtype=float)) == []
    assert far_out(np.array([1.0, 2, 3, 4, 5] * 5 + [99])) == []


@given(
    st.lists(st.integers(-50, 50), min_size=30, max_size=200),
    st.sampled_from([0.0, 1e6, -7.0]),
    st.sampled_from([1.0, 0.125, 1024.0]),
    st.lists(st.integers(-100_000, 100_000), max_size=3),
)
def test_limits_part_the_isolated_from_all_others(
    usual: list[int], shift: float, scale: float, more: list[int]
) -> None:
    values = np.sort(np.array([*usual, *more], dtype=float) * scale + shift)
    found = isolated_values(values, float(np.median(values)))
    mirrored = isolated_values(np.sort(-values), -float(np.median(values)))
    assert (found is None) == (mirrored is None)
    if found is None:
        return
    low = -np.inf if found.minimum is None else found.minimum
    high = np.inf if found.maximum is None else found.maximum
    kept = values[(values >= low) & (values <= high)]
    assert (kept.min(), kept.max()) == (found.low, found.high)
    assert set(values) - set(kept) == set(found.values)
    assert len(values) - len(kept) == found.rows
    assert (found.minimum is None) == (found.low == values[0])
    assert (found.maximum is None) == (found.high == values[-1])


def test_codes_are_nines_eights_sevens_zero_and_minus_one() -> None:
    codes = (9, 99, -99, 999.9, 9999, 88, 777, 98, 997, 0, -1)
    assert all(looks_like_code(value) for value in codes)
    assert not any(looks_like_code(value) for value in (1, -2, 100, 1750, 98.7, 990, 89, 12))


def test_a_skew_that_an_isolated_value_alone_makes_is_none() -> None:
    values = with_values(np.random.default_rng(2).normal(10, 2, 1000), 9999)
    profile = profiled(values).column("size")
    assert profile.skew is not None and profile.skew > 30
    assert [each.kind for each in far_out(values)] == ["isolated value"]


def test_a_long_tail_is_skewed_and_names_its_end() -> None:
    values = np.round(np.random.default_rng(3).lognormal(8, 1.5, 1000))
    row = int(values.argmax())
    text = f"skewed: half below {np.median(values):g}, largest {values[row]:.0f} in line {row + 2}"
    (found,) = far_out(values)
    assert (found.kind, found.text) == ("skewed", text)
    assert found.remedy is not None
    assert apply_remedy(found.remedy, Source("x"), Preparation())[1].columns["size"].scaling == "quantile"
    (left,) = far_out(-values)
    assert left.text == text.replace("below ", "above -").replace("largest ", "smallest -")
    (zeros,) = far_out(values * (np.arange(1000) % 3 == 0))
    assert zeros.text.startswith("skewed: half at 0, largest ")


def test_heavy_tails_on_both_sides_are_outliers_and_name_the_furthest() -> None:
    values = np.random.default_rng(4).standard_t(2, 1000)
    row = int(np.abs(values - np.median(values)).argmax())
    (found,) = far_out(values)
    assert found.kind == "outliers"
    assert found.text.endswith(f" outliers, furthest {values[row]:.6g} in line {row + 2}")
    assert found.remedy is not None
    assert apply_remedy(found.remedy, Source("x"), Preparation())[1].columns["size"].outliers == "iqr"


@pytest.mark.parametrize("rows", [30, 100, 1000])
def test_normal_numbers_have_nothing_far_out(rows: int) -> None:
    assert [far_out(np.random.default_rng(seed).normal(size=rows)) for seed in range(20)] == [[]] * 20


def test_a_target_of_numbers_is_looked_at_and_one_of_classes_is_not() -> None:
    values = with_values(likert(np.random.default_rng(5)), 99)
    as_number = profiled(values, Source("x.csv", target="size", task="regression"))
    assert [each.kind for each in as_number.column("size").findings] == ["isolated value"]
    as_class = profiled(values, Source("x.csv", target="size", task="classification"))
    assert as_class.column("size").findings == ()


def test_where_a_rule_says_what_is_possible_nothing_is_guessed() -> None:
    values = with_values(ages(np.random.default_rng(6)), 999)
    source = Source("x.csv", target="target", rules=("size in 0..120",))
    kinds = [each.kind for each in profiled(values, source).column("size").findings]
    assert kinds == ["impossible value"]


def test_a_limit_on_the_other_side_stays_when_a_rule_is_taken() -> None:
    remedy = far_out(with_values(ages(np.random.default_rng(7)), 999))[0].remedy
    assert remedy is not None and remedy.text == "take as missing by rule: <= 240"
    _, floor = apply_remedy(remedy, Source("x.csv"), _limited(minimum=20.0))
    assert (floor.columns["size"].minimum, floor.columns["size"].maximum) == (20, 240)
    _, beyond = apply_remedy(remedy, Source("x.csv"), _limited(minimum=500.0))
    assert (beyond.columns["size"].minimum, beyond.columns["size"].maximum) == (None, 240)


def _limited(minimum: float) -> Preparation:
    from ann_tui.data.choices.preparation import ColumnPreparation

    return Preparation(columns={"size": ColumnPreparation(minimum=minimum)})
