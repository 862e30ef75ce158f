"""Weights of the epochs gone by, within a bound, and going on from any of them as if nothing had come after."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from training.problems import SteerAtLooks, StopAfter, make_trainer
from training.test_resume import PLANS, outcome

from ann_tui.network.scoring import predict
from ann_tui.training.changes import Change
from ann_tui.training.observers import timeline as room
from ann_tui.training.observers.divergence import Divergence
from ann_tui.training.observers.timeline import Timeline
from ann_tui.training.trainer import Trainer

ROOMY = 64 << 20


@pytest.fixture(autouse=True)
def every_third_epoch_is_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what lies between is trained again, whatever the machine's speed."""
    keep = Timeline._add_key
    since: WeakKeyDictionary[Timeline, int] = WeakKeyDictionary()

    def add(self: Timeline, epoch: int) -> None:
        if epoch - since.get(self, -3) >= 3:
            since[self] = epoch
            keep(self, epoch)

    monkeypatch.setattr(room, "KEY_SECONDS", 0.0)
    monkeypatch.setattr(Timeline, "_add_key", add)


def kept_of(trainer: Trainer) -> Timeline:
    assert trainer.timeline is not None
    return trainer.timeline


def gone_back(trainer: Trainer, epoch: int, **plan: object) -> Trainer:
    """Another trainer of the same experiment, which stands where this one stood after an epoch."""
    key = kept_of(trainer).key_before(epoch)
    assert key is not None
    again = make_trainer(**plan, replay=trainer.changes, network_seed=99)
    again.begin_at(key.state, trainer.history.rows[: key.epoch])
    again.run(until=epoch)
    return again


@pytest.mark.bits
@pytest.mark.parametrize("name", PLANS)
@settings(max_examples=5, deadline=None)
@given(
    epoch=st.integers(0, 8),
    factors=st.dictionaries(st.integers(1, 40), st.sampled_from([0.5, 1.5]), max_size=3),
)
def test_going_on_from_any_epoch_equals_the_original(
    name: str, epoch: int, factors: dict[int, float]
) -> None:
    """For all kinds of plans, steered by hand or not: what comes after, moments and history included, is the same."""
    original = make_trainer(**PLANS[name], keep=ROOMY, control=SteerAtLooks(factors))
    original.run()
    if original.snapshot.state == "failed":
        return
    epoch = min(epoch, original.snapshot.epoch)
    again = gone_back(original, epoch, **PLANS[name])
    assert (
        again.loop.position.epoch == epoch and again.history.rows[:epoch] == _untimed(again, original)[:epoch]
    )
    kept = kept_of(original).at(epoch)
    assert kept is not None
    again._take_up()
    assert [vector.tobytes() for vector in again.loop.view.kept] == [
        kept.weights.tobytes(),
        kept.statistics.tobytes(),
    ]
    again.run()
    ended, expected = outcome(again), outcome(original)
    if epoch == original.snapshot.epoch:
        for key in [key for key in expected if key.startswith((Divergence.REMEMBERED, "position.generator"))]:
            del ended[key], expected[key]
    assert ended == expected


def _untimed(again: Trainer, original: Trainer) -> list[object]:
    from dataclasses import replace

    return [
        replace(row, seconds=own.seconds)
        for row, own in zip(original.history.rows, again.history.rows, strict=False)
    ]


@pytest.mark.bits
def test_keeping_changes_nothing() -> None:
    with_it, without = make_trainer(keep=ROOMY, epochs=20), make_trainer(epochs=20)
    with_it.run()
    without.run()
    assert outcome(with_it) == outcome(without)


def test_every_epoch_is_kept_as_it_was_measured() -> None:
    """Epoch 0 too; the validation cost of the weights is that of the history."""
    trainer = make_trainer(keep=ROOMY, epochs=12, average="ema")
    begin = trainer.network.weights.copy()
    trainer.run()
    timeline = kept_of(trainer)
    assert timeline.epochs == tuple(range(13))
    first = timeline.at(0)
    assert first is not None and np.array_equal(first.weights, begin)
    assert trainer.validation is not None
    for epoch in range(1, 13):
        kept = timeline.at(epoch)
        assert kept is not None and not kept.weights.flags.writeable
        trainer.network.weights[:], trainer.network.statistics[:] = kept.weights, kept.statistics
        right = predict(trainer.network, trainer.validation.x).argmax(axis=1) == trainer.validation.y
        assert trainer.history.rows[epoch - 1].validation_metric == pytest.approx(right.mean(), abs=1e-7)


@settings(max_examples=15, deadline=None)
@given(bound=st.integers(0, 60_000), epochs=st.integers(1, 150))
def test_the_bound_is_never_passed(bound: int, epochs: int) -> None:
    """However long it trains; what is left is spread evenly, with the first, the best and the newest."""
    sizes: list[int] = []

    class Watching(SteerAtLooks):
        def epoch_ended(self) -> None:
            sizes.append(kept_of(trainer).size)

    trainer = make_trainer(
        keep=max(1, bound), epochs=epochs, early_stopping=False, control=Watching({50: 0.5, 90: 0.5})
    )
    trainer.run()
    timeline = kept_of(trainer)
    assert max([*sizes, timeline.size]) <= max(1, bound)
    kept = timeline.epochs
    one = 700 + trainer.network.weights.nbytes
    if bound > 20 * one:
        events = {row.epoch for row in trainer.history.rows if row.event}
        assert {0, trainer.best.epoch, epochs} | events <= set(kept)
        gaps = np.diff([epoch for epoch in kept if epoch % timeline._stride == 0])
        assert len(gaps) == 0 or (gaps == timeline._stride).all()
    assert (
        timeline.key_before(epochs) is None
        or timeline.size - sum(each.size for each in timeline._kept.values()) <= bound // 2
    )


def test_between_kept_epochs_the_nearest_is_found() -> None:
    trainer = make_trainer(keep=60_000, epochs=150, early_stopping=False)
    trainer.run()
    timeline = kept_of(trainer)
    assert timeline._stride > 1
    for epoch in range(151):
        found = timeline.nearest(epoch)
        assert found is not None
        assert abs(found.epoch - epoch) == min(abs(other - epoch) for other in timeline.epochs)


def test_held_epochs_are_among_the_last_to_go() -> None:
    trainer = make_trainer(keep=60_000, epochs=300, early_stopping=False, control=StopAfter(7))
    trainer.run()
    kept_of(trainer).hold(7)
    trainer.control = SteerAtLooks({})
    trainer.run()
    assert 7 in kept_of(trainer).epochs and kept_of(trainer)._stride > 1


def test_a_history_of_another_run_goes_before_its_own() -> None:
    """A branch can look back at what it came from."""
    original = make_trainer(keep=ROOMY, epochs=6)
    original.run()
    branch = make_trainer(keep=ROOMY, epochs=9)
    key = kept_of(original).key_before(3)
    assert key is not None and key.epoch == 3
    branch.begin_at(key.state, original.history.rows[:3])
    kept_of(branch).begin_behind(kept_of(original), 3)
    branch.run()
    assert kept_of(branch).epochs == tuple(range(10))
    assert kept_of(branch).at(1) is kept_of(original).at(1)
    assert Change(9, 0, "learning_rate", 1.0) not in branch.changes


def test_what_is_taken_is_what_is_counted() -> None:
    """Also of a branch, which has its first epoch from the original as well."""
    original = make_trainer(keep=ROOMY, epochs=6)
    original.run()
    branch = make_trainer(keep=ROOMY, epochs=9)
    key = kept_of(original).key_before(3)
    assert key is not None
    branch.begin_at(key.state, original.history.rows[:3])
    kept_of(branch).begin_behind(kept_of(original), 3)
    for timeline in (kept_of(original), kept_of(branch)):
        assert timeline._weights_size + timeline._keys_size == timeline.size
