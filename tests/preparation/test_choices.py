"""The choices: what they accept, how they resolve, and that they stay light."""

import subprocess
import sys

import msgspec
import pytest

from ann_tui.data.choices.preparation import (
    CHOICES,
    ColumnPreparation,
    Preparation,
    PreparationError,
    Split,
    fields_for,
    is_default,
    options_for,
)
from ann_tui.data.choices.splits import SPLITS

KINDS = ("number", "category", "boolean", "date", "text", "identifier")


def test_importing_the_choices_imports_nothing_heavy() -> None:
    code = (
        "import sys, ann_tui.data.choices.preparation; "
        "print(sorted({'pandas', 'numpy', 'sklearn', 'scipy'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_every_option_has_its_name_and_a_short_summary() -> None:
    for known in (*CHOICES.values(), SPLITS):
        for name, option in known.items():
            assert option.name == name
            assert 10 < len(option.summary) <= 100
            assert "\n" not in option.summary


def test_the_defaults_are_among_the_options() -> None:
    preparation = Preparation()
    for name, known in CHOICES.items():
        assert getattr(preparation, name) in known


def test_choices_go_through_plain_values_and_back() -> None:
    preparation = Preparation(
        outliers="iqr",
        split=Split("group", column="customer", seed=3),
        columns={"a": ColumnPreparation(scaling="robust", merge={"x": "y"}, order=("lo", "hi"), minimum=0.5)},
    )
    plain = msgspec.to_builtins(preparation)
    assert msgspec.convert(plain, Preparation) == preparation


@pytest.mark.parametrize("name", CHOICES)
def test_an_unknown_option_is_refused_and_the_known_ones_listed(name: str) -> None:
    with pytest.raises(PreparationError, match="choose '") as error:
        Preparation(**{name: "unheard of"})
    assert "unheard of" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Split("nonsense"),
        lambda: Split(test=1.0),
        lambda: Split(validation=-0.1),
        lambda: Split(test=0.6, validation=0.5),
        lambda: Split(seed=-1),
        lambda: Split("group"),
        lambda: Split("file"),
        lambda: Preparation(rare=1.5),
        lambda: Preparation(outlier_limit=0.0),
        lambda: ColumnPreparation(minimum=3, maximum=2),
        lambda: ColumnPreparation(scaling="nonsense"),
        lambda: ColumnPreparation(missing="nonsense"),
    ],
)
def test_impossible_choices_are_refused(make) -> None:
    with pytest.raises(PreparationError):
        make()


def test_a_column_takes_the_default_but_for_its_exceptions() -> None:
    preparation = Preparation(
        scaling="robust", indicator=True, columns={"a": ColumnPreparation(scaling="none", indicator=False)}
    )
    own, other = preparation.of_column("a", "number"), preparation.of_column("b", "number")
    assert (own.scaling, own.indicator, own.missing) == ("none", False, "median")
    assert (other.scaling, other.indicator) == ("robust", True)


def test_an_option_of_another_kind_is_refused() -> None:
    preparation = Preparation(columns={"city": ColumnPreparation(missing="median")})
    with pytest.raises(PreparationError, match="'city' is a category column"):
        preparation.of_column("city", "category")


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_offers_options_that_a_column_takes(kind: str) -> None:
    for field in fields_for(kind):
        offered = options_for(kind, field)
        assert len(offered) >= 2
        for name in offered:
            value = {"yes": True, "no": False}[name] if field in ("indicator", "merge_labels") else name
            column = ColumnPreparation(**{field: value})
            assert not is_default(column)
            resolved = Preparation(columns={"a": column}).of_column("a", kind)
            assert getattr(resolved, field) == value


def test_a_field_of_another_kind_offers_nothing() -> None:
    assert options_for("text", "scaling") == {}
    assert is_default(ColumnPreparation())
