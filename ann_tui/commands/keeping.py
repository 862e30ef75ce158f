"""What the command line keeps of a training in the store of runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ann_tui.commands.running import say

if TYPE_CHECKING:
    from ann_tui.experiments.run_result import RunResult


def keep_run(result: RunResult, began: datetime, *, looks: int | None, network: bool) -> str:
    """Keep the scores and the choices of a run, and its network where that is asked for.

    `looks` counts the networks that its test rows have judged, None where its own test score was not shown. Of a table
    on standard input nothing is kept: it could not be found again. What can't be written is said, and no error. Gives
    in one line where the network is kept, "" where it was not asked for.
    """
    from ann_tui.experiments.kept.run_store import Beginning, RunStore

    experiment = result.experiment
    if experiment.source.path == "-":
        if network:
            say("note: nothing is kept of a table on standard input: --save keeps the network", err=True)
        return ""
    store = RunStore()
    try:
        stored = store.keep(experiment, result, began=Beginning(began), network=network)
        test = None if result.evaluation is None else result.evaluation.scores.get("test")
        if looks and test is not None:
            store.update(stored, looks=looks, test=dict(test.metrics))
    except OSError as error:
        say(f"note: the run could not be kept: {error.strerror or error}", err=True)
        return ""
    gave_up = store.make_room()
    if gave_up:
        say(f"note: {gave_up}", err=True)
    short = stored.short_id
    return f"kept: run {stored.record.number}, {short} (ann-tui runs show {short})" if network else ""
