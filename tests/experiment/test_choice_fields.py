"""Every field of the four choices is described where it is declared, and what is checked is what is described."""

from __future__ import annotations

import math
from dataclasses import MISSING, fields, replace
from typing import Any

import pytest

from ann_tui.choice_fields import (
    ANY_NUMBER,
    NOT_NEGATIVE,
    POSITIVE,
    SHARE,
    ChoiceField,
    Range,
    askers,
    described,
    matters,
    refusal,
)
from ann_tui.data.choices.preparation import ColumnPreparation, Preparation
from ann_tui.data.choices.source import Dialect, Source
from ann_tui.data.choices.split import Split
from ann_tui.experiments.experiment_comments import field_comment, table_comment
from ann_tui.network.design import LayerDesign, NetworkDesign
from ann_tui.training.plan import TrainingPlan

KINDS = (Source, Dialect, Preparation, Split, ColumnPreparation, NetworkDesign, LayerDesign, TrainingPlan)
CHECKED = [
    (kind, name)
    for kind in (Source, Dialect, Preparation, Split, NetworkDesign, TrainingPlan)
    for name, about in described(kind).items()
    if about.range is not None or about.options is not None
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_described_in_a_few_words(kind: type) -> None:
    about = described(kind)
    assert list(about) == [field.name for field in fields(kind)]
    for name, one in about.items():
        assert 0 < len(one.title) <= 30 and len(one.words) > 5, name
        assert not one.words.endswith(".") and "\n" not in one.words, name


@pytest.mark.parametrize("kind", KINDS)
def test_a_default_and_every_step_can_be_had(kind: type) -> None:
    for field in fields(kind):
        one = described(kind)[field.name]
        if field.default is not MISSING:
            assert one.takes(field.default), field.name
        if isinstance(one.steps, tuple) and one.steps:
            numbers = [value for value in one.steps if value is not None]
            assert one.range is not None and numbers == sorted(set(numbers)), field.name
            assert all(value in one.range for value in numbers), field.name
            assert None not in one.steps[1:-1] and (None not in one.steps or one.none), field.name


def _outside(one: ChoiceField) -> list[Any]:
    if one.options is not None:
        return ["unheard of"]
    assert one.range is not None
    low, high = one.range.low, one.range.high
    values = [math.nan, math.inf, -math.inf]
    values += [low] if one.range.open_low else [low - 1] if math.isfinite(low) else []
    return values + ([high] if one.range.open_high else [high + 1] if math.isfinite(high) else [])


@pytest.mark.parametrize(("kind", "name"), CHECKED, ids=[name for _, name in CHECKED])
def test_what_lies_outside_the_description_is_refused_by_name(kind: type, name: str) -> None:
    for value in _outside(described(kind)[name]):
        with pytest.raises(ValueError, match=name.replace("_", "[ _]")) as error:
            replace(kind("data.csv") if kind is Source else kind(), **{name: value})
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("numbers", "inside", "outside", "text"),
    [
        (SHARE, (0, 0.5, 0.999), (-0.1, 1), "a number from 0 to below 1"),
        (POSITIVE, (1e-300, 1e300), (0, -1), "a number above 0"),
        (NOT_NEGATIVE, (0, 1), (-1e-300,), "a number, 0 or more"),
        (ANY_NUMBER, (-1e300, 0), (), "a number"),
        (Range(0, 1, open_low=True, open_high=True), (0.5,), (0, 1), "a number between 0 and 1"),
        (Range(0, 10, open_low=True), (10,), (0, 11), "a number above 0 to 10"),
        (
            Range(1, 65_536, whole=True),
            (1, 65_536),
            (0, 65_537, 1.5, "2", None),
            "a whole number from 1 to 65536",
        ),
    ],
)
def test_a_range_takes_what_its_words_say(
    numbers: Range, inside: tuple[float, ...], outside: tuple[Any, ...], text: str
) -> None:
    assert all(value in numbers for value in inside)
    assert not any(value in numbers for value in (*outside, math.nan, math.inf, -math.inf))
    assert numbers.text == numbers.typed_text.replace(",", "" if numbers.whole else ",") == text


def test_what_is_typed_ends_earlier() -> None:
    numbers = Range(1, whole=True, typed=10_000)
    assert 10_001 in numbers and not numbers.takes_typed(10_001) and numbers.takes_typed(10_000)
    assert numbers.typed_text == "a whole number from 1 to 10,000"


def test_a_unit_stands_in_what_is_refused() -> None:
    rows = ChoiceField("rows", "How many", range=Range(1, whole=True), unit="rows")
    share = ChoiceField("share", "How much", range=SHARE, unit="rows", percent=True)
    assert refusal("batch", 0, rows) == "batch 0: it must be a whole number of rows, 1 or more"
    assert refusal("test", 1.0, share) == "test 1: it must be a share of the rows, from 0 to below 1"


def test_a_field_matters_where_a_chosen_option_asks_for_it() -> None:
    assert askers(TrainingPlan, "ema_decay") == [("average", "ema")]
    assert matters(TrainingPlan(average="ema"), "ema_decay") and not matters(TrainingPlan(), "ema_decay")
    assert not matters(TrainingPlan(optimizer="l-bfgs"), "learning_rate")
    assert matters(NetworkDesign(), "quantile", {"cost": "quantile"})
    assert not matters(NetworkDesign(), "quantile")


def test_comments_say_what_a_field_is_for_and_with_which_options() -> None:
    assert field_comment("training.batch") == "how many rows a step looks at"
    assert field_comment("training.momentum").startswith(
        "for momentum, nesterov, muon: the share of its speed"
    )
    assert field_comment("source.task", unset=True).endswith("from the target: classification, regression")
    assert field_comment("training.average") == "none, ema, swa"
    assert field_comment("preparation.fill_number") == "for constant: what a missing number is filled with"
    assert field_comment("preparation.split.column").startswith("for group, time: ")
    assert table_comment("training") == "How the weights are found."
    assert table_comment("preparation.split").endswith("judge once at the end.")
