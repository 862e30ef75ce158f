"""What a sweep tries next: drawn at random, or by a sampler of Optuna's that learns from the trials before.

A proposer is asked for the trials of a round one after the other, and told in the same order what came of them; with
the same seed and the same answers it proposes the same. Nothing is drawn from a generator that others draw from. No
design is proposed twice, nor the one that is there without settings.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ann_tui.choice_fields import options, unknown

if TYPE_CHECKING:
    from ann_tui.experiments.dimension import Dimension, Value
    from ann_tui.experiments.sweeps.space import Settings

RANDOM, TPE = "random", "tpe"
SAMPLERS = options(
    (RANDOM, "every trial is drawn for itself"),
    (TPE, "draws more often where earlier trials were good (Optuna's TPE; extra sweep)"),
)

ATTEMPTS = 50
"""So often it is drawn anew where the same design came before; then the space is gone through."""

LARGEST = 200_000
"""A space of more settings than this is not gone through: drawing finds a new design, or there is hardly one left."""

Design = Callable[["Settings"], Hashable]
"""What is the same for settings that make the same experiment."""

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

    def ask(self, number: int) -> Settings | None:
        """The settings of the trial with this number, of a design that was not proposed before; None for no more."""

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


def every_setting(settings: Settings) -> Hashable:
    """Takes all settings that differ for different designs."""
    return tuple(settings.items())


def proposer(name: str, space: Sequence[Dimension], seed: int, design: Design = every_setting) -> Proposer:
    """A sampler by its name. Raises SamplerError."""
    check_sampler(name)
    untried = _Untried(space, seed, design)
    return RandomProposer(space, seed, untried) if name == RANDOM else OptunaProposer(space, seed, untried)


class _Untried:
    """Which designs of a space were not proposed yet."""

    def __init__(self, space: Sequence[Dimension], seed: int, design: Design) -> None:
        self._space, self._seed, self._design = space, seed, design
        self._tried = {design({})}

    def take(self, settings: Settings) -> bool:
        """Whether they make a new design, which is none any more from now on."""
        design = self._design(settings)
        new = design not in self._tried
        self._tried.add(design)
        return new

    def any(self, number: int) -> Settings | None:
        """The settings of a new design, from a place in the space that is drawn for a trial; None where there is none.

        It is then none any more.
        """
        counts = [each.count for each in self._space if each.count is not None]
        total = math.prod(counts)
        if len(counts) < len(self._space) or total > LARGEST:
            return None
        first = int(_generator(self._seed, number, 1).integers(total))
        for place in (*range(first, total), *range(first)):
            settings, rest = {}, place
            for each, count in zip(self._space, counts, strict=True):
                rest, own = divmod(rest, count)
                settings[each.name] = each.nth(own)
            if self.take(settings):
                return settings
        return None


def _generator(*seeds: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seeds))


class RandomProposer:
    """Draws each value of each trial for itself, and anew where the design came before."""

    def __init__(self, space: Sequence[Dimension], seed: int, untried: _Untried) -> None:
        self._space, self._seed, self._untried = space, seed, untried

    def ask(self, number: int) -> Settings | None:
        """Draw by a generator of the trial's own."""
        generator = _generator(self._seed, number)
        for _ in range(ATTEMPTS):
            drawn = {each.name: each.at(float(generator.random())) for each in self._space}
            if self._untried.take(drawn):
                return drawn
        return self._untried.any(number)

    def tell(self, told: Sequence[Told]) -> None:
        """Learn nothing."""


class OptunaProposer:
    """Optuna's TPE (Bergstra et al. 2011), asked and told; trials that were stopped early count as pruned."""

    def __init__(self, space: Sequence[Dimension], seed: int, untried: _Untried) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        sampler = optuna.samplers.TPESampler(
            seed=seed, n_startup_trials=FIRST, constant_liar=True, multivariate=True
        )
        self._untried = untried
        self._optuna, self._space = optuna, {each.name: each for each in space}
        self._study = optuna.create_study(sampler=sampler)
        self._asked: dict[int, Any] = {}
        self._distributions = {each.name: _distribution(each) for each in space}

    def ask(self, number: int) -> Settings | None:
        """Ask the study, and again where the design came before, which it then counts as failed."""
        for _ in range(ATTEMPTS):
            asked = self._study.ask(self._distributions)
            settings = {name: _value(self._space[name], value) for name, value in asked.params.items()}
            if self._untried.take(settings):
                self._asked[number] = asked
                return settings
            self._study.tell(asked, state=self._optuna.trial.TrialState.FAIL)
        left = self._untried.any(number)
        if left is not None:
            self._study.enqueue_trial(
                {name: _drawn(self._space[name], value) for name, value in left.items()}
            )
            self._asked[number] = self._study.ask(self._distributions)
        return left

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


def _drawn(dimension: Dimension, value: Value) -> Any:
    """What `_value` gives the value for."""
    return dimension.values.index(value) if dimension.values else value
