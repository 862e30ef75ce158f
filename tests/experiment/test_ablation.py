"""What each piece gives: the trainings, their seeds, what judges them, and what is said of the differences."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from experiment.small import shells, small_experiment

from ann_tui.data.choices.preparation import Preparation
from ann_tui.data.choices.source import Source
from ann_tui.data.choices.split import Split
from ann_tui.experiments import ablation as module
from ann_tui.experiments.ablation import (
    HELPS,
    HURTS,
    NOTHING,
    UNSEEN,
    Ablation,
    Trial,
    ablation_of,
    chance_of_a_word,
    effect,
    trials,
    word_for,
)
from ann_tui.experiments.derived import load
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.presets import with_preset
from ann_tui.experiments.run import run_experiment
from ann_tui.network.design import NetworkDesign
from ann_tui.training.changes import Change
from ann_tui.training.plan import TrainingPlan


def _small(folder: Path, *, seeds: int = 2, **plan: Any) -> tuple[Ablation, Any]:
    """Four pieces, one of which changes nothing: no category is rare by either limit."""
    experiment = small_experiment(
        shells(folder), preparation=Preparation(scaling="min-max", rare=0.02), **({"average": "ema"} | plan)
    )
    return ablation_of(experiment, 60, seeds), load(experiment.source)


def _comparable(found: list[Trial]) -> list[Trial]:
    """But for what the clock said, in one order."""
    return sorted(
        (replace(trial, seconds=0.0) for trial in found),
        key=lambda trial: (trial.repetition, repr(trial.variant)),
    )


def test_a_piece_that_must_matter_is_said_to_help(tmp_path: Path) -> None:
    """The target steps up and down along one number: bins bend where a few epochs of two small layers can't."""
    rng = np.random.default_rng(0)
    along, other = rng.random(400), rng.random(400)
    steps = np.floor(along * 8) % 2 + rng.normal(size=400) / 20
    path = tmp_path / "steps.csv"
    rows = (f"{a:.4f},{b:.4f},{c:.4f}" for a, b, c in zip(along, other, steps, strict=True))
    path.write_text("\n".join(["along,other,height", *rows]) + "\n")
    source = Source(str(path), target="height", task="regression")
    plan = TrainingPlan(epochs=30, batch=16, learning_rate=0.01)
    whole = Experiment(source, Preparation(number_encoding="piecewise linear", rare=0.02), plan=plan)
    ablation = ablation_of(whole, 400, 3)
    found = list(trials(ablation, load(source)))
    said = {piece.title: effect(ablation, piece.without, found) for piece in ablation.pieces}
    bins = said["numbers in bins"]
    assert bins.word == HELPS and bins.difference is not None and bins.difference < -0.2
    assert said["rare categories"].word == NOTHING and said["rare categories"].difference == 0
    assert effect(ablation, ablation.whole, found).word == ""


def test_the_whole_scores_on_the_validation_rows_what_a_run_of_it_does(tmp_path: Path) -> None:
    """With the seeds of split and training one larger at a time, as `train --seed` has them."""
    ablation, data = _small(tmp_path, seeds=3)
    found = [trial for trial in trials(ablation, data) if trial.variant == ablation.whole]
    assert [trial.repetition for trial in found] == [0, 1, 2]
    for trial in found:
        experiment = replace(
            ablation.whole,
            preparation=replace(ablation.whole.preparation, split=Split(seed=trial.repetition)),
            plan=replace(ablation.whole.plan, seed=trial.repetition),
        )
        run = run_experiment(experiment, baselines=False)
        score = run.judged.scores["validation"]
        assert (trial.metrics, trial.rows) == (score.metrics, score.rows)
        assert (trial.metric, trial.score, trial.epochs) == ("accuracy", score.metrics["accuracy"], 2)
    assert len({trial.network for trial in found}) == 3


def test_all_variants_have_the_same_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []
    fresh_training: Callable[..., Any] = module.fresh_training

    def noting(experiment: Experiment, *rest: Any) -> Any:
        seen.append((experiment.preparation.split.seed, experiment.plan.seed))
        return fresh_training(experiment, *rest)

    monkeypatch.setattr(module, "fresh_training", noting)
    experiment = small_experiment(
        shells(tmp_path), preparation=Preparation(scaling="robust", split=Split(seed=4)), seed=9
    )
    ablation = ablation_of(experiment, 60, 2)
    assert len(list(trials(ablation, load(experiment.source)))) == len(seen) == len(ablation)
    assert seen == [(4, 9)] * len(ablation.variants) + [(5, 10)] * len(ablation.variants)


def test_what_is_equal_is_trained_once(tmp_path: Path) -> None:
    """Without its only piece, an experiment is the plain one."""
    whole = replace(with_preset(Experiment(Source("t.csv")), "plain", 60), preparation=Preparation(rare=0.2))
    ablation = ablation_of(whole, 60, 5)
    assert len(ablation.pieces) == 1 and len(ablation.variants) == 2 and len(ablation) == 10
    assert ablation.variants[0] == ablation.whole and ablation.variants[1] == ablation.plain


def test_processes_give_what_one_after_the_other_does(tmp_path: Path) -> None:
    ablation, data = _small(tmp_path)
    assert _comparable(list(trials(ablation, data, jobs=2))) == _comparable(list(trials(ablation, data)))


def _endless(folder: Path) -> tuple[Ablation, Any]:
    """The whole goes on for very long, and without its length it soon has an end."""
    whole = small_experiment(
        shells(folder), preparation=Preparation(scaling="robust"), epochs=1_000_000, early_stopping=False
    )
    ablation = ablation_of(whole, 60, 2)
    length = tuple(piece for piece in ablation.pieces if "training.epochs" in piece.fields)
    return replace(ablation, pieces=length), load(whole.source)


def test_a_training_under_way_is_given_up_when_it_is_stopped(tmp_path: Path) -> None:
    class ThirdLook:
        """Set when it is looked at for the third time, in an epoch."""

        looks = 0

        def is_set(self) -> bool:
            self.looks += 1
            return self.looks >= 3

    ablation, data = _endless(tmp_path)
    assert list(trials(ablation, data, stop=ThirdLook())) == []


def test_trainings_under_way_in_processes_are_given_up_when_it_is_stopped(tmp_path: Path) -> None:
    """One process is at the whole, the other one ends a training."""
    ablation, data = _endless(tmp_path)
    stop, found = Event(), []
    for trial in trials(ablation, data, jobs=2, stop=stop):
        found.append(trial)
        stop.set()
    assert found and ablation.whole not in [trial.variant for trial in found]
    assert len(found) < len(ablation.variants)


def test_when_it_is_stopped_between_two_nothing_more_comes(tmp_path: Path) -> None:
    ablation, data = _small(tmp_path)
    stop, found = Event(), []
    for trial in trials(ablation, data, stop=stop):
        found.append(trial)
        if len(found) == 3:
            stop.set()
    assert len(found) == 3


def test_what_cannot_be_trained_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    """The cost of a variant grows without bound; where that is the whole, nothing is left to compare."""
    astray = {"optimizer": "sgd", "learning_rate": 1e30, "schedule": "constant"}
    ablation, data = _small(tmp_path, seeds=1)
    plain = replace(ablation.plain, plan=replace(ablation.plain.plan, **astray))
    found = list(trials(replace(ablation, plain=plain), data))
    assert [bool(trial.problem) for trial in found] == [trial.variant == plain for trial in found]
    told = effect(ablation, plain, found)
    assert told.problem.startswith("the cost grew without bound") and (told.score, told.word) == (None, "")
    ablation, data = _small(tmp_path, seeds=1, **astray)
    with pytest.raises(ValueError, match="the cost grew without bound"):
        list(trials(ablation, data))


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    plain = with_preset(Experiment(Source("t.csv")), "plain", 60)
    with pytest.raises(ValueError, match="nothing can be left out"):
        ablation_of(plain, 60, 3)
    split = Split(validation=0.0)
    with pytest.raises(ValueError, match="no validation rows"):
        ablation_of(replace(plain, preparation=Preparation(rare=0.5, split=split)), 60, 3)


def test_what_a_person_did_while_it_trained_is_left_out() -> None:
    whole = with_preset(Experiment(Source("t.csv")), "good", 60)
    steered = replace(whole, steering=(Change(1, 0, "learning_rate", 0.5),))
    ablation = ablation_of(steered, 60, 1)
    assert not any(each.steering for each in (ablation.whole, ablation.plain, *ablation.variants))


def test_a_cost_for_numbers_keeps_its_task_where_it_is_left_out(tmp_path: Path) -> None:
    """Without it the few whole numbers of the target would be classes."""
    path = tmp_path / "few.csv"
    rng = np.random.default_rng(0)
    path.write_text("x,y\n" + "".join(f"{rng.random():.3f},{row % 3}\n" for row in range(90)))
    source = Source(str(path), target="y")
    data = load(source)
    assert data.profile.task == "classification"
    design = NetworkDesign.from_text("4 relu", "huber")
    preparation = Preparation(scaling="robust", rare=0.1)
    whole = Experiment(source, preparation, design, TrainingPlan(epochs=2))
    ablation = ablation_of(whole, 90, 1)
    assert "cost function" in [piece.title for piece in ablation.pieces]
    assert {trial.metric for trial in trials(ablation, data)} == {"r2"}


# ---------------------------------------------------------------------- what is said of the differences


def _told(whole: list[float], without: list[float], metric: str = "r2") -> module.Effect:
    """What is said of scores with the seeds 0, 1, … of a whole and of a variant."""
    ablation = ablation_of(with_preset(Experiment(Source("t.csv")), "good", 60), 60, len(whole))
    found = [
        Trial(variant, repetition, metric, {metric: score}, network=f"{variant.plan.average}{repetition}")
        for variant, scores in ((ablation.whole, whole), (ablation.plain, without))
        for repetition, score in enumerate(scores)
    ]
    return effect(ablation, ablation.plain, found)


def test_differences_are_those_of_pairs_with_their_standard_error() -> None:
    told = _told([0.5, 0.9, 0.7], [0.4, 0.7, 0.7])
    assert told.difference == pytest.approx(-0.1)
    assert told.error == pytest.approx(math.sqrt((0.0**2 + 0.1**2 + 0.1**2) / 2) / math.sqrt(3))
    assert told.word == UNSEEN and told.score == pytest.approx(0.6) and told.seeds == (0, 1, 2)


def test_a_seed_that_only_one_of_them_has_is_no_pair() -> None:
    told = _told([0.5, 0.9, 0.7], [0.4, 0.7])
    assert told.difference == pytest.approx(-0.15) and told.error == pytest.approx(0.05)
    assert told.word == HELPS and told.seeds == (0, 1)


def test_one_seed_gets_no_word() -> None:
    told = _told([0.9], [0.1])
    assert (told.difference, told.error, told.word) == (pytest.approx(-0.8), None, "")


@pytest.mark.parametrize(
    ("metric", "difference", "word"),
    [
        ("r2", -0.21, HELPS), ("r2", 0.21, HURTS), ("r2", -0.2, UNSEEN), ("r2", 0.2, UNSEEN), ("r2", 0.0, UNSEEN),
        ("accuracy", -0.3, HELPS), ("mae", 0.3, HELPS), ("mae", -0.3, HURTS),
    ],
)  # fmt: skip
def test_what_is_worse_without_a_piece_says_that_it_helps(metric: str, difference: float, word: str) -> None:
    assert word_for(metric, difference, 0.1) == word
    assert word_for(metric, 0.0, 0.0) == UNSEEN


def test_how_often_chance_gives_a_word() -> None:
    """Student's t with one and with two degrees of freedom has these closed forms."""
    assert chance_of_a_word(2) == pytest.approx(1 - 2 / math.pi * math.atan(2))
    assert chance_of_a_word(3) == pytest.approx(1 - 2 / math.sqrt(2 + 4))
    assert chance_of_a_word(1000) == pytest.approx(0.0455, abs=5e-4)
