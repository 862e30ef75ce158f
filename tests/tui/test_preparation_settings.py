"""Every choice of preparing can be made on the Prepare screen, and is written, read and stepped as it is described."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.split import Split
from ann_tui.tui.settings.preparation_settings import BY_FIELD, SETTINGS
from ann_tui.tui.settings.setting import Setting


def test_no_choice_is_left_to_the_experiment_file() -> None:
    """But for what is chosen column by column, or asked for by the kind of split."""
    choices = {field.name for field in fields(Preparation)} - {"split", "columns"}
    split = {f"split.{field.name}" for field in fields(Split)} - {"split.column", "split.file"}
    assert {setting.field for setting in SETTINGS} == choices | split


@pytest.mark.parametrize("setting", SETTINGS, ids=[setting.field for setting in SETTINGS])
def test_a_value_is_read_as_it_is_written(setting: Setting) -> None:
    holder = Preparation()
    value = setting.of(holder)
    written = value if setting.options is not None else setting.write(value)
    assert setting.answered(holder, written) == holder
    assert setting.explanation and setting.label


@pytest.mark.parametrize(
    ("field", "start", "direction", "seen"),
    [
        ("outlier_limit", None, 1, [0.5, 1.0, 1.5]),
        ("outlier_limit", 1.2, -1, [1.0, 0.5, None, None]),
        ("rare", 0.01, 1, [0.015, 0.02]),
        ("rare", 0.0, -1, [0.0]),
        ("split.test", 0.5, 1, [0.55, 0.6, 0.6]),
        ("split.seed", 0, -1, [0]),
        ("split.seed", 7, 1, [8, 9]),
        ("merge_labels", False, 1, [True, False]),
        ("fill_number", 3.0, 1, [3.0]),
    ],
)
def test_the_arrow_keys_walk_along_the_steps(field: str, start: Any, direction: int, seen: list[Any]) -> None:
    value = start
    for wanted in seen:
        value = BY_FIELD[field].stepped(value, direction)
        assert value == wanted and type(value) is type(wanted)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("outlier_limit", "usual", None),
        ("outlier_limit", " ", None),
        ("split.test", "35 %", 0.35),
        ("rare", "0.02", 0.02),
        ("split.seed", "1,234", 1234),
        ("fill_number", "-1e3", -1000.0),
        ("fill_category", " none of these ", "none of these"),
    ],
)
def test_what_is_typed_is_taken(field: str, text: str, value: Any) -> None:
    setting = BY_FIELD[field]
    assert setting.of(setting.answered(Preparation(), text)) == value


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("split.seed", "1.5", "^type a whole number$"),
        ("split.seed", "9999999999", "^type a whole number from 0 to 2,147,483,647$"),
        ("rare", "60%", "^type a number from 0 to 0.5$"),
        ("fill_number", "nan", "^type a number$"),
        ("fill_category", " ", "^type a word$"),
        ("merge_labels", "perhaps", "^type yes or no$"),
    ],
)
def test_what_can_not_be_is_said(field: str, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        BY_FIELD[field].answered(Preparation(), text)


def test_the_explanation_says_with_which_option_a_value_is_used() -> None:
    assert BY_FIELD["fill_number"].explanation == "What a missing number is filled with (for constant)"
