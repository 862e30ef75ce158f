"""Large batches, shared between two threads."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from training.problems import OUTPUTS, draw

from ann_tui.network.design import NetworkDesign
from ann_tui.network.network import Network
from ann_tui.training import binding, shared_epoch
from ann_tui.training.control import TrainingControl
from ann_tui.training.epoch import SmallBatches
from ann_tui.training.examples import checked
from ann_tui.training.helper import Helper, Pair
from ann_tui.training.loop import Loop
from ann_tui.training.optimizers import OPTIMIZERS
from ann_tui.training.plan import TrainingPlan
from ann_tui.training.shared_epoch import SharedBatches, is_large
from ann_tui.training.shared_step import Run, SharedStep
from ann_tui.training.update import Vectors, bind_update, is_by_number, learning_mask, penalized_mask


@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("rows", [1, 2, 1025, 2500])
def test_the_gradient_is_that_of_the_whole_batch(kind: str, weighted: bool, rows: int) -> None:
    """However many parts it is made of."""
    data = draw(kind, rows, weighted=weighted)
    network = Network(NetworkDesign.from_text("5 tanh"), 4, OUTPUTS[kind], seed=1, dtype=np.float64)
    gradients = np.zeros((2, network.weights.size))
    generators = [np.random.default_rng(stream) for stream in (0, 1)]
    data = checked(data, network, "training")
    order = np.arange(rows)

    small = SmallBatches(network, data, rows, gradients[0], generators[0])
    small.load(order, 0)
    small.train(0, [0.0], 0, lambda rate, count: None, Control())
    with Helper() as helper:
        shared = SharedBatches(network, data, rows, gradients[1], generators, helper)
        shared.load(order, 0)
        shared.fill_gradient()
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(shared.results(0, 1), small.results(0, 1), rtol=1e-12)


class Control:
    attention = False


@pytest.mark.bits
def test_the_same_bits_whoever_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread after the other or both at once: the clock decides about the speed alone."""
    data = draw("multiclass", 3000)
    found = []
    for way in ("in_turn", "together"):
        network = Network(NetworkDesign.from_text("16 relu, dropout 0.3"), 4, OUTPUTS["multiclass"], seed=1)
        gradient = np.zeros_like(network.weights)
        generators = [np.random.default_rng(stream) for stream in (0, 1)]
        with Helper() as helper:
            batches = SharedBatches(network, data, 3000, gradient, generators, helper)
            monkeypatch.setattr(batches.pair, "do", getattr(batches.pair, way))
            batches.load(np.arange(3000), 0)
            batches.fill_gradient()
        found.append(gradient.tobytes() + batches.scores.tobytes())
    assert found[0] == found[1]


def test_what_is_shared() -> None:
    """Large batches; never one whose rows depend on each other."""
    small = Network(NetworkDesign.from_text("8 relu"), 4, OUTPUTS["binary"])
    wide = Network(NetworkDesign.from_text("512 relu, 512 relu"), 200, OUTPUTS["binary"])
    mixing = Network(NetworkDesign.from_text("512 relu, batch norm, 512 relu"), 200, OUTPUTS["binary"])
    assert is_large(small, 10_000)
    assert not is_large(small, 128)
    assert is_large(wide, 256)
    assert not is_large(mixing, 10_000)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("choice", [{}, {"l1": 0.01, "l2": 0.1, "clip_value": 0.05}, {"weight_decay": 0.5}])
def test_a_shared_step_is_the_whole_step(optimizer: str, choice: dict[str, float]) -> None:
    """Half the vectors each, number by number the same bits; what needs all numbers isn't shared."""
    plan = TrainingPlan(optimizer=optimizer, **choice)  # type: ignore[arg-type]
    assert not is_by_number(TrainingPlan(optimizer=optimizer, clip_norm=1.0))
    assert not is_by_number(TrainingPlan(optimizer=optimizer, max_norm=1.0))
    if OPTIMIZERS[optimizer].searches or OPTIMIZERS[optimizer].matrices:
        assert not is_by_number(plan)
        return
    found = []
    for middle in (0, 30):
        network = Network(NetworkDesign.from_text("7 tanh"), 4, OUTPUTS["multiclass"], seed=1)
        size = network.weights.size
        vectors = Vectors(
            network.weights,
            np.zeros((2, size), np.float32),
            np.zeros((OPTIMIZERS[optimizer].moments, size), np.float32),
            penalized_mask(network),
            learning_mask(network, plan),
            mean=(mean := network.weights.copy()),
        )
        generator = np.random.default_rng(0)
        parts = [vectors.part(slice(0, middle)), vectors.part(slice(middle, None))]
        first, second = (bind_update(part, plan) for part in parts)
        step = SharedStep(first, second, middle) if middle else bind_update(vectors, plan)
        for count in range(1, 8):
            vectors.workspace[0] = generator.normal(size=size)
            step(0.01, count)
        found.append(network.weights.tobytes() + mean.tobytes())
    assert found[0] == found[1]


@pytest.mark.bits
@pytest.mark.parametrize("choice", [{}, {"l1": 0.01, "frozen_layers": 1, "average": "ema"}])
def test_a_run_of_batches_has_the_same_bits_whoever_computes(
    monkeypatch: pytest.MonkeyPatch, choice: dict[str, float | str]
) -> None:
    """In one thread, in two that meet, and batch by batch with the step of the whole vectors."""
    plan = TrainingPlan(batch=300, **choice)  # type: ignore[arg-type]
    monkeypatch.setattr(binding, "is_large", lambda network, batch: True)
    found = []
    for way in ("in_turn", "together", "whole"):
        monkeypatch.setattr(binding, "SHARED_WEIGHTS", 10_000 if way == "whole" else 0)
        network = Network(
            NetworkDesign.from_text("16 relu, dropout 0.3, 7 tanh"), 4, OUTPUTS["multiclass"], seed=1
        )
        loop = Loop(network, draw("multiclass", 3050), plan)
        with Helper() as helper:
            bound = loop.bind(TrainingControl(), helper, bool, lambda: True, lambda: None, int)
            assert isinstance(bound.batches, SharedBatches)
            assert isinstance(bound.step, SharedStep) == (way != "whole")
            if way != "whole":
                monkeypatch.setattr(bound.batches.runs, "do", said(getattr(bound.batches.runs, way)))
            for _ in range(2):
                loop.begin_epoch()
                assert loop.train_epoch(bound)
        found.append([network.weights, *loop.memory.moments, *loop.probe.norms(), *loop.averages.weights])
        found[-1].append(loop.costs.figures)
    for other in found[1:]:
        assert [np.asarray(part).tobytes() for part in other] == [
            np.asarray(part).tobytes() for part in found[0]
        ]


def said(way: Callable[[], None]) -> Callable[[int], None]:
    """The way, whatever amount of work it holds."""
    return lambda amount: way()


@pytest.mark.parametrize("way", ["in_turn", "together"])
def test_a_run_ends_where_attention_is_asked_for(way: str) -> None:
    """After the batch in which that happens, with both halves of its step; a run has one batch at least."""
    for asked, expected in ((0, 1), (2, 3), (9, 5)):
        control, parts = Control(), []

        def work(half: int, number: int, control: Control = control, asked: int = asked) -> None:
            control.attention = control.attention or number == asked

        def step(half: int, number: int, parts: list[tuple[int, int]] = parts) -> None:
            parts.append((number, half))

        run = Run(work, step, 0, 5, control)  # type: ignore[arg-type]
        with Helper() as helper:
            pair = Pair(helper, partial(run.share, 0), partial(run.share, 1), run.in_turn)
            getattr(pair, way)()
        assert run.done == expected
        assert sorted(parts) == [(number, half) for number in range(expected) for half in (0, 1)]


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("failing", ["work", "step"])
def test_a_thread_that_fails_in_a_run_takes_the_other_along(half: int, failing: str) -> None:
    """The exception comes out, and neither waits for the other for ever."""

    def fails(mine: int, number: int) -> None:
        if mine == half and number == 2:
            raise KeyError("here")

    def passes(mine: int, number: int) -> None: ...

    parts = (fails, passes) if failing == "work" else (passes, fails)
    run = Run(*parts, 0, 5, TrainingControl())
    with Helper() as helper, pytest.raises(KeyError, match="here"):
        helper.together(lambda: run.share(0), lambda: run.share(1))


def raising() -> None:
    raise KeyError("here")


@pytest.mark.parametrize("way", ["do", "in_turn", "together"])
@pytest.mark.parametrize("jobs", [(raising, int), (int, raising)])
def test_an_exception_of_either_job_comes_out(
    way: str, jobs: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    """And the helper ends its thread all the same."""
    with Helper() as helper:
        with pytest.raises(KeyError, match="here"):
            getattr(Pair(helper, *jobs), way)()
        getattr(Pair(helper, int, int), way)()
    assert helper._thread is None


def test_the_helper_tries_both_ways_and_then_keeps_one() -> None:
    """Every job is done exactly once, whichever way."""
    done: list[str] = []
    with Helper() as helper:
        pair = Pair(helper, lambda: done.append("mine"), lambda: done.append("other"))
        for _ in range(20):
            pair.do()
    assert sorted(done) == ["mine"] * 20 + ["other"] * 20


def test_parts_fit_the_cache() -> None:
    """The measured range: 320 to 640 rows."""
    assert 320 <= shared_epoch.PART_ROWS <= 640
