"""The pieces of a preset: put back together they give it, left out together they give the plain one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.choices.split import Split
from ann_tui.experiments import preset_pieces
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.named_choices import named_choices
from ann_tui.experiments.preset_pieces import (
    GROUPS,
    INPUT_SCALE,
    KEPT,
    PLAIN,
    fields_of,
    pieces_of,
    plain_of,
    with_fields,
)
from ann_tui.experiments.presets import PRESETS, with_preset
from ann_tui.network.design import NetworkDesign
from ann_tui.training.plan import TrainingPlan

ROWS = (30, 4_000, 8_001, 60_000, 2_000_000)
GROUPED = [name for group in GROUPS for name in group.fields]


def _whole(preset: str, rows: int) -> Experiment:
    return with_preset(Experiment(Source("t.csv", target="y")), preset, rows)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("preset", [name for name in PRESETS if name != PLAIN])
def test_pieces_are_the_difference_between_a_preset_and_plain(preset: str, rows: int) -> None:
    whole, plain = _whole(preset, rows), _whole(PLAIN, rows)
    assert plain_of(whole, rows) == plain
    pieces = pieces_of(whole, plain)
    built, taken_apart = plain, whole
    for piece in pieces:
        own, other = fields_of(whole), fields_of(piece.without)
        assert {name for name in own if own[name] != other[name]} == set(piece.fields)
        assert all(other[name] == fields_of(plain)[name] for name in piece.fields)
        built = with_fields(built, {name: own[name] for name in piece.fields})
        taken_apart = with_fields(taken_apart, {name: other[name] for name in piece.fields})
    assert built == whole and taken_apart == plain
    assert max(Counter(name for piece in pieces for name in piece.fields).values()) == 1


def test_the_pieces_of_the_presets_have_titles_that_the_table_of_groups_gives() -> None:
    """A field that a preset chooses, and that stands in no group, is to be entered there."""
    for preset in PRESETS:
        for rows in ROWS:
            pieces = pieces_of(_whole(preset, rows), _whole(PLAIN, rows))
            nameless = {name for piece in pieces for name in piece.fields} - set(GROUPED)
            assert not nameless, f"enter {sorted(nameless)} into GROUPS of preset_pieces.py"
    titles = [piece.title for piece in pieces_of(_whole("strong", 4_000), _whole(PLAIN, 4_000))]
    assert titles == [
        "numbers in bins", "rare categories", "input scale", "several networks", "batches and length",
        "training again on all rows", "averaged weights",
    ]  # fmt: skip


def test_a_field_without_a_group_is_a_piece_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    left = tuple(group for group in GROUPS if "training.average" not in group.fields)
    monkeypatch.setattr(preset_pieces, "GROUPS", left)
    pieces = pieces_of(_whole("good", 4_000), _whole(PLAIN, 4_000))
    assert [(piece.title, piece.fields) for piece in pieces][-1] == ("average weights", ("training.average",))
    assert pieces[-1].without.plan.average == "none"


def test_the_table_of_groups_names_each_field_once_and_none_that_is_kept() -> None:
    assert max(Counter(GROUPED).values()) == 1
    assert set(GROUPED) - {INPUT_SCALE} <= set(named_choices()) and set(named_choices()) >= KEPT
    assert not KEPT & set(GROUPED)


def test_layers_and_the_scales_in_front_of_them_are_two_pieces() -> None:
    whole = replace(_whole(PLAIN, 100), design=NetworkDesign.from_text("input scale, 8 relu, input scale"))
    scale, layers = pieces_of(whole, plain_of(whole, 100))
    assert (scale.title, scale.without.design.text) == ("input scale", "8 relu, input scale")
    assert (layers.title, layers.without.design.text) == ("hidden layers", "input scale, 64 relu, 32 relu")


def test_which_rows_judge_and_what_is_stated_of_columns_stays() -> None:
    preparation = Preparation(split=Split("random", 0.3, 0.1, seed=5), duplicates="drop", scaling="robust")
    whole = Experiment(
        Source("t.csv", target="y"), preparation, plan=TrainingPlan(seed=7, learning_rate=0.5, l2=0.1)
    )
    plain = plain_of(whole, 100)
    assert plain.preparation == replace(preparation, scaling="standard") and plain.plan == TrainingPlan(
        seed=7
    )
    assert [piece.title for piece in pieces_of(whole, plain)] == [
        "optimizer and rate",
        "penalties",
        "scaling",
    ]


def test_a_piece_tells_what_is_chosen_with_it_and_without() -> None:
    pieces = pieces_of(_whole("good", 4_000), _whole(PLAIN, 4_000))
    told = {each.name: (each.one, each.other) for piece in pieces for each in piece.choices}
    assert told["network.layers"] == ("input scale, 64 relu, 32 relu", "64 relu, 32 relu")
    assert told["training.batch"] == ("16", "32")
    assert told["preparation.number_encoding"] == ("piecewise linear", "as they are")
