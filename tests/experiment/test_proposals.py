"""What a sweep tries next: seeded, repeatable, and learnt from what came before; which settings mattered."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from experiment.small import small_experiment

from ann_tui.experiments.dimension import Dimension
from ann_tui.experiments.sweeps import proposals
from ann_tui.experiments.sweeps.mattered import LEAST, mattered
from ann_tui.experiments.sweeps.proposals import RANDOM, TPE, SamplerError, Told, check_sampler, proposer
from ann_tui.experiments.sweeps.space import Settings
from ann_tui.experiments.sweeps.trial import Reached, Trial

SPACE = (
    Dimension("network.width", (2, 4, 8, 16)),
    Dimension("training.learning_rate", low=0.001, high=0.1, log=True),
    Dimension("training.clip_norm", (None, 1.0)),
    Dimension("training.batch", low=4.0, high=64.0, whole=True),
)


def _asked(sampler: str, seed: int, count: int = 40, round: int = 8) -> list[dict[str, object]]:
    """The proposals of a sampler that is told how far off the mark each rate was."""
    proposing, found = proposer(sampler, SPACE, seed), []
    for first in range(0, count, round):
        numbers = range(first, min(first + round, count))
        settings = {number: dict(proposing.ask(number) or {}) for number in numbers}
        found += list(settings.values())
        proposing.tell(
            [
                Told(number, ((1, _cost(each)), (4, _cost(each))), number % 2 == 0)
                for number, each in settings.items()
            ]
        )
    return found


def _cost(settings: dict[str, object]) -> float:
    return abs(math.log(float(str(settings["training.learning_rate"])) / 0.01))


@pytest.mark.parametrize("sampler", [RANDOM, TPE])
def test_a_sampler_with_the_same_seed_and_answers_proposes_the_same(sampler: str) -> None:
    if sampler == TPE:
        pytest.importorskip("optuna")
    found = _asked(sampler, 3)
    assert found == _asked(sampler, 3) and found != _asked(sampler, 4)
    for settings in found:
        for dimension in SPACE:
            value = settings[dimension.name]
            assert value in dimension.values if dimension.values else isinstance(value, int | float)


def test_drawing_uses_no_generator_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    before = np.random.get_state()[1].copy()  # type: ignore[union-attr,index]  # noqa: NPY002
    _asked(RANDOM, 0)
    assert np.array_equal(before, np.random.get_state()[1])  # type: ignore[arg-type,index]  # noqa: NPY002


def test_a_random_trial_does_not_depend_on_those_before_it() -> None:
    """A later round of a longer sweep has the same trials."""
    assert _asked(RANDOM, 0, round=8) == _asked(RANDOM, 0, round=3)


SMALL = (
    Dimension("training.batch", (1, 2, 3)),
    Dimension("training.clip_norm", (None, 1.0)),
    Dimension("training.patience", low=1, high=20, whole=True),
)


@pytest.mark.parametrize("sampler", [RANDOM, TPE])
def test_each_design_of_a_space_is_proposed_once_and_then_no_more(sampler: str) -> None:
    """Those without an effect on the design too, and those that are there without settings."""
    if sampler == TPE:
        pytest.importorskip("optuna")

    def design(settings: Settings) -> Hashable:
        # The patience matters for one batch alone; the default is a batch of 2 without a bound.
        patience = settings.get("training.patience") if settings.get("training.batch") == 1 else None
        return settings.get("training.batch", 2), settings.get("training.clip_norm"), patience

    def asked() -> list[Settings]:
        proposing, found = proposer(sampler, SMALL, 5, design), []
        while (settings := proposing.ask(len(found))) is not None:
            proposing.tell([Told(len(found), ((1, float(len(found))),), True)])
            found.append(settings)
        assert proposing.ask(len(found)) is None
        return found

    found = asked()
    every = {
        design({"training.batch": batch, "training.clip_norm": clip, "training.patience": patience})
        for batch in (1, 2, 3)
        for clip in (None, 1.0)
        for patience in range(1, 21)
    }
    assert len(found) == len(every) - 1
    assert {design(settings) for settings in found} == every - {design({})}
    assert found == asked()


def test_a_span_with_few_numbers_ends_too() -> None:
    """It can't be gone through, as nobody knows how many numbers there are."""
    proposing = proposer(RANDOM, (Dimension("training.learning_rate", low=0.1, high=0.1002),), 0)
    found = []
    while (settings := proposing.ask(len(found))) is not None:
        found.append(settings["training.learning_rate"])
    assert sorted(found, key=str) == [0.1, 0.1001, 0.1002]


def test_tpe_draws_more_often_where_trials_were_good() -> None:
    pytest.importorskip("optuna")
    found = _asked(TPE, 0, count=80)
    early, late = ([_cost(each) for each in part] for part in (found[:16], found[-16:]))
    assert np.mean(late) < np.mean(early)


def test_tpe_without_optuna_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "has_optuna", lambda: False)
    assert proposals.default_sampler() == RANDOM
    with pytest.raises(SamplerError, match=r"pip install 'ann-tui\[sweep\]'"):
        check_sampler(TPE)
    with pytest.raises(SamplerError, match="choose from random, tpe"):
        check_sampler("grid")


def _trials(costs: list[float], **settings: list[object]) -> list[Trial]:
    experiment = small_experiment(Path("shells.csv"))
    names = {"width": "network.width", "batch": "training.batch"}
    return [
        Trial(
            number + 1,
            {names[name]: values[number] for name, values in settings.items()},  # type: ignore[misc]
            experiment,
            (replace(Reached(number + 1, 1), cost=cost),),
            "finished",
        )
        for number, cost in enumerate(costs)
    ]


def test_what_decides_the_order_mattered_and_what_does_not_did_not() -> None:
    rng = np.random.default_rng(0)
    width = [(2, 4, 8)[place % 3] for place in range(60)]
    batch = [int(each) for each in rng.integers(1, 100, 60)]
    costs = [float(each) for each in (np.array(width) + rng.normal(0, 0.1, 60))]
    space = (Dimension("training.batch", low=1, high=99, whole=True), Dimension("network.width", (2, 4, 8)))
    found = mattered(space, _trials(costs, width=list(width), batch=list(batch)))
    assert [each.dimension.name for each in found] == ["network.width", "training.batch"]
    assert found[0].share > 0.8 and found[0].ahead == "2" and found[1].share < 0.15
    assert mattered(space, _trials(costs, width=list(width), batch=list(batch))[: LEAST - 1]) == ()


def test_the_share_is_kruskal_s_statistic_corrected_for_the_number_of_groups() -> None:
    from scipy.stats import kruskal

    rng = np.random.default_rng(1)
    width = [(2, 4, 8, 16)[place % 4] for place in range(37)]
    costs = [float(each) for each in np.array(width) * 0.05 + rng.normal(0, 1, 37)]
    costs[3] = costs[7] = costs[11]
    groups = [[cost for cost, own in zip(costs, width, strict=True) if own == each] for each in (2, 4, 8, 16)]
    statistic = float(kruskal(*groups).statistic)
    (found,) = mattered((SPACE[0],), _trials(costs, width=list(width)))
    assert found.share == pytest.approx(max((statistic - 4 + 1) / (37 - 4), 0.0))
