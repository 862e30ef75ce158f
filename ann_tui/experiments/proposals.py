"""What a sweep tries next: drawn at random, or by a sampler of Optuna's that learns from the trials before.

A proposer is asked for the trials of a round one after the other, and told in the same order what came of them; with
the same seed and the same answers it proposes the same. Nothing is drawn from a generator that others draw from.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ann_tui.choice_fields import options, unknown

if TYPE_CHECKING:
    from ann_tui.experiments.dimension import Dimension, Value
    from ann_tui.experiments.space import Settings

RANDOM, TPE = "random", "tpe"
SAMPLERS = options(
    (RANDOM, "every trial is drawn for itself"),
    (TPE, "draws more often where earlier trials were good (Optuna's TPE; extra sweep)"),
)

ATTEMPTS = 50
"""So often it is drawn anew where the same trial came before; then the space is as good as exhausted."""

FIRST = 16
"""So many trials a sampler of Optuna's draws at random before it learns from them."""


class SamplerError(ValueError):
    """A sampler that can't propose; the message is one line."""


@dataclass(frozen=True)
class Told:
    """What came of a proposal: its costs after so many epochs, and whether it was trained to the end."""

    number: int
    costs: tuple[tuple[int, float], ...]
    finished: bool


class Proposer(Protocol):
    """Proposes the trials of a sweep."""

    def ask(self, number: int) -> Settings:
        """The settings of the trial with this number."""

    def tell(self, told: Sequence[Told]) -> None:
        """Learn what came of the trials of a round, in their order."""


def has_optuna() -> bool:
    """Whether Optuna is installed, which the extra `sweep` brings."""
    return importlib.util.find_spec("optuna") is not None


def default_sampler() -> str:
    """The name of the best sampler that there is."""
    return TPE if has_optuna() else RANDOM


def version_of(sampler: str) -> str:
    """What the proposals depend on besides seed and results, as a text: the library that draws them."""
    from importlib.metadata import version

    return f"optuna {version('optuna')}" if sampler == TPE else f"numpy {np.__version__}"


def check_sampler(name: str) -> None:
    """Raise SamplerError with one line where there is no such sampler here."""
    if name not in SAMPLERS:
        raise SamplerError(unknown("sampler", name, SAMPLERS))
    if name == TPE and not has_optuna():
        raise SamplerError(
            "the sampler tpe needs Optuna: pip install 'ann-tui[sweep]', or --sampler random without it"
        )


def proposer(name: str, space: Sequence[Dimension], seed: int) -> Proposer:
    """A sampler by its name. Raises SamplerError."""
    check_sampler(name)
    return RandomProposer(space, seed) if name == RANDOM else OptunaProposer(space, seed)


class RandomProposer:
    """Draws each value of each trial for itself; the same trial twice only where there are hardly others."""

    def __init__(self, space: Sequence[Dimension], seed: int) -> None:
        self._space, self._seed = space, seed
        self._before: set[tuple[Value, ...]] = set()

    def ask(self, number: int) -> Settings:
        """Draw by a generator of the trial's own."""
        generator = np.random.default_rng(np.random.SeedSequence([self._seed, number]))
        for _ in range(ATTEMPTS):
            drawn = tuple(each.at(float(generator.random())) for each in self._space)
            if drawn not in self._before:
                break
        self._before.add(drawn)
        return dict(zip((each.name for each in self._space), drawn, strict=True))

    def tell(self, told: Sequence[Told]) -> None:
        """Learn nothing."""


class OptunaProposer:
    """Optuna's TPE (Bergstra et al. 2011), asked and told; trials that were stopped early count as pruned."""

    def __init__(self, space: Sequence[Dimension], seed: int) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        sampler = optuna.samplers.TPESampler(
            seed=seed, n_startup_trials=FIRST, constant_liar=True, multivariate=True
        )
        self._optuna, self._space = optuna, {each.name: each for each in space}
        self._study = optuna.create_study(sampler=sampler)
        self._asked: dict[int, Any] = {}
        self._distributions = {each.name: _distribution(each) for each in space}

    def ask(self, number: int) -> Settings:
        """Ask the study."""
        self._asked[number] = asked = self._study.ask(self._distributions)
        return {name: _value(self._space[name], value) for name, value in asked.params.items()}

    def tell(self, told: Sequence[Told]) -> None:
        """Tell the study, in order."""
        state = self._optuna.trial.TrialState
        for each in told:
            asked = self._asked.pop(each.number, None)
            if asked is None:
                continue
            for epochs, cost in each.costs:
                asked.report(cost, epochs)
            if not each.costs:
                self._study.tell(asked, state=state.FAIL)
            elif each.finished:
                self._study.tell(asked, each.costs[-1][1])
            else:
                self._study.tell(asked, state=state.PRUNED)


def _distribution(dimension: Dimension) -> Any:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if dimension.values:
        return CategoricalDistribution(range(len(dimension.values)))
    if dimension.whole:
        return IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log)


def _value(dimension: Dimension, drawn: float) -> Value:
    if dimension.values:
        return dimension.values[int(drawn)]
    if dimension.whole:
        return int(drawn)
    return min(max(float(f"{drawn:.4g}"), dimension.low), dimension.high)
