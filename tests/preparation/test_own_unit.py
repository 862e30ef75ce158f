"""A number target that a cost wants in its own unit: it stays as it is, and what does not fit is refused."""

from __future__ import annotations

import numpy as np
import pytest

from ann_tui.data.choices.preparation import ColumnPreparation, Preparation, PreparationError
from ann_tui.data.preparing.fitted import FittedPreparation
from ann_tui.data.preparing.prepare import prepare
from ann_tui.data.preparing.target_scale import OwnUnit

from .conftest import Given, TableMaker

COUNTS = OwnUnit("of counts", 0.0)


def visits(table: TableMaker, **changed: float) -> Given:
    """100 rows of which some counts are changed: row_17=-3."""
    rng = np.random.default_rng(2)
    counts = rng.poisson(3, 100).astype(float)
    for name, value in changed.items():
        counts[int(name.removeprefix("row_"))] = value
    cells = {"x": rng.normal(size=100), "city": [f"c{code}" for code in counts % 4], "visits": counts}
    return table(cells, {"x": "number", "city": "category", "visits": "number"}, "visits")


def test_counts_stay_counts(table: TableMaker) -> None:
    """Whole or not, and through a file as well."""
    given = visits(table, row_4=2.5, row_5=0)
    data = prepare(*given, Preparation(), own_unit=COUNTS)
    for part in (data.training, data.validation, data.test):
        assert part.y.dtype == np.float32
        np.testing.assert_array_equal(part.y, given[0].frame["visits"].iloc[part.rows])
        np.testing.assert_array_equal(data.fitted.target.decode(part.y), part.actual)
    again = FittedPreparation.from_dict(data.fitted.to_dict())
    assert again == data.fitted and again.target.decode(np.array([7.25])) == [7.25]
    assert [effect.text for effect in data.effects if effect.step == "target"] == ["'visits', left as it is"]
    plain = prepare(*given, Preparation())
    assert plain.training.y.min() < 0
    np.testing.assert_array_equal(plain.training.x, data.training.x)


def test_categories_by_their_mean_count_stay_small(table: TableMaker) -> None:
    """As mean standardized counts, which do for the network what the counts themselves can't where they are large."""
    rng = np.random.default_rng(0)
    city = [f"c{code}" for code in rng.integers(0, 4, 200)]
    counts = 20_000.0 * np.array([1 + int(name[1]) for name in city]) + rng.integers(0, 9, 200)
    given = table({"city": city, "n": counts}, {"city": "category", "n": "number"}, "n")
    data = prepare(*given, Preparation(encoding="target"), own_unit=COUNTS)
    same = prepare(*given, Preparation(encoding="target"))
    np.testing.assert_array_equal(data.training.x, same.training.x)
    assert np.abs(data.test.x).max() < 3


@pytest.mark.parametrize("transform", ["log", "quantile"])
def test_a_transform_is_refused_with_the_remedy(table: TableMaker, transform: str) -> None:
    with pytest.raises(PreparationError) as error:
        prepare(*visits(table), Preparation(target_transform=transform), own_unit=COUNTS)
    assert str(error.value) == (
        "the cost 'of counts' takes the target 'visits' as it is, and the target transform is "
        f"'{transform}': choose 'none', or another cost"
    )


@pytest.mark.parametrize("row", [0, 41, 99])
def test_too_low_a_value_is_named_with_its_line(table: TableMaker, row: int) -> None:
    """In whatever part it would be; one against the rule of the target is none."""
    given = visits(table, **{f"row_{row}": -3.5})
    with pytest.raises(PreparationError) as error:
        prepare(*given, Preparation(), own_unit=COUNTS)
    assert str(error.value) == (
        f"the target 'visits' is -3.5 in line {row + 2}, and the cost 'of counts' takes nothing below 0: "
        "choose another cost, mend the file, or let such cells count as missing"
    )
    ruled = Preparation(columns={"visits": ColumnPreparation(minimum=0)})
    assert [place for place, _ in prepare(*given, ruled, own_unit=COUNTS).set_aside] == [row]
    prepare(*given, Preparation(), own_unit=OwnUnit("any"))


def test_classes_know_nothing_of_a_unit(mixed: Given) -> None:
    assert prepare(*mixed, Preparation(), own_unit=COUNTS).fitted == prepare(*mixed, Preparation()).fitted
