"""A sweep on a real Dask cluster: the trials of one process, also where a worker is killed on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from experiment.small import prepared_anew, shells, small_experiment
from experiment.test_cluster import Started, start
from experiment.test_sweep import SPACE, facts

from ann_tui.experiments.derived import load
from ann_tui.experiments.sweeps.sweep import InMemory, sweep_of, trials_of
from ann_tui.experiments.sweeps.trial import Reached, Trial
from ann_tui.experiments.workers.side_by_side import Workers

pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.xdist_group("cluster")]
__all__ = ["start"]


class Noting(InMemory):
    """Counts how often each stage is kept, and calls something after the fifth."""

    def __init__(self, after_five: Callable[[], None]) -> None:
        super().__init__()
        self.kept: Counter[tuple[int, int]] = Counter()
        self._call = after_five

    def keep(self, trial: Trial, reached: Reached) -> None:
        super().keep(trial, reached)
        self.kept[reached.number, reached.until] += 1
        if self.kept.total() == 5:
            self._call()


@pytest.mark.parametrize("workers, killed", [(1, False), (2, False), (2, True)])
def test_a_cluster_gives_the_trials_of_one_process(
    tmp_path: Path, start: Callable[..., Started], workers: int, killed: bool
) -> None:
    """None is lost and none is there twice; a worker that dies costs the stage that it was at."""
    base = replace(small_experiment(shells(tmp_path), epochs=8), space=SPACE)
    data = load(base.source)
    sweep = sweep_of(base, prepared_anew(base, data), trials=20, sampler="random")
    with Workers(data) as here:
        alone = {trial.number: trial for trial in trials_of(sweep, here)}
    cluster = start(workers)
    memory = Noting(cluster.workers[0].kill if killed else lambda: None)
    with Workers(data, cluster=cluster.address) as there:
        found = {trial.number: trial for trial in trials_of(sweep, there, memory)}
    assert facts(found) == facts(alone)
    places = {int(reached.place.split()[-1]) for trial in found.values() for reached in trial.reached}
    assert places <= {worker.pid for worker in cluster.workers}, "none was trained here"
    assert set(memory.kept.values()) == {1}
    assert memory.kept.total() == sum(len(trial.reached) for trial in alone.values())
