"""The list of runs: its orders and its filter against plain ones, and what stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_tui.experiments.kept.run_list import BEST_FIRST, ORDERS, ListedRun, holding, listed, ordered
from ann_tui.experiments.kept.stored_run import Record, StoredRun
from ann_tui.experiments.run_label import Label


def stored(number: int, **fields: object) -> StoredRun:
    record = Record(
        table="/t.csv", target="y", began="2026-01-01", kept=f"2026-01-{number:02d}", number=number,
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip
    return StoredRun(Path(f"/nowhere/run-{number}"), record)


scores = st.one_of(st.none(), st.floats(0, 1))
runs_of_scores = st.lists(
    st.tuples(scores, scores, st.integers(1, 9), st.sampled_from(["", "a", "B"])), max_size=12
)


def made(rows: list[tuple[float | None, float | None, int, str]]) -> list[ListedRun]:
    return listed(
        (),
        [
            stored(
                place,
                metrics={"accuracy": validation},
                test={} if test is None else {"accuracy": test},
                epochs=epochs,
                seconds=float(epochs),
                name=name,
                state=("finished", "stopped")[place % 2],
            )
            for place, (validation, test, epochs, name) in enumerate(rows, 1)
        ],
        lambda run: None,
    )


@given(runs_of_scores, st.sampled_from(sorted(ORDERS)), st.booleans())
def test_each_order_is_total_stable_and_leaves_the_unknown_at_the_end(
    rows: list[tuple[float | None, float | None, int, str]], by: str, turned: bool
) -> None:
    runs, key = made(rows), ORDERS[by]
    found = ordered(runs, by, turned=turned)
    assert {id(run) for run in found} == {id(run) for run in runs} and len(found) == len(runs)
    values = [key(run) for run in found]
    known = [value for value in values if value is not None]
    assert values[len(known) :] == [None] * (len(values) - len(known))
    falling = (by in BEST_FIRST) != turned
    for (one, first), (other, second) in zip(zip(known, found), zip(known[1:], found[1:])):  # noqa: B905
        assert (one > other if falling else one < other) or (one == other and first.number > second.number)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", [1, 2, 3]),
        ("64 RELU", [1, 3]),
        ("good", [2]),
        ("good relu", []),
        ("cosine", [3]),
        ("stopped in", [2]),
    ],
)
def test_a_filter_wants_every_word(typed: str, numbers: list[int]) -> None:
    runs = listed(
        (),
        [
            stored(1, choices={"network.layers": "64 relu"}),
            stored(
                2, choices={"network.layers": "8 tanh"}, note="a Good one", steered=("stopped in epoch 3",)
            ),
            stored(3, choices={"network.layers": "64 relu", "training.schedule": "cosine"}),
        ],
        lambda run: None,
    )
    assert [run.number for run in holding(runs, typed)] == numbers


def test_only_what_differs_is_said() -> None:
    runs = listed(
        (),
        [
            stored(
                1, choices={"training.batch": "16", "training.seed": "0"}, steered=("batch 8 in epoch 3",)
            ),
            stored(2, choices={"training.batch": "32", "training.seed": "0"}),
        ],
        lambda run: None,
    )
    assert runs[0].differs_from(runs[1]) == ["batch 16", "batch 8 in epoch 3"]
    assert (
        runs[1].differs_from(runs[0]) == ["batch 32", "without batch 8 in epoch 3"]
        and runs[0].differs_from(runs[0]) == []
    )


def test_a_parent_is_named_by_its_number_where_it_is_still_there() -> None:
    runs = listed(
        (),
        [stored(7), stored(8, parent="run-7", began_at=4), stored(9, parent="gone", began_at=2)],
        lambda run: None,
    )
    assert [(run.parent, run.began_at) for run in runs] == [(0, 0), (7, 4), (0, 2)]
    assert [run.label for run in runs] == [Label()] * 3
