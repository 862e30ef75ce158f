"""What the bar on top says: the file, its target and its figures, and how far the steps are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ann_tui.experiments.workbench import Step
from ann_tui.figures import counted
from ann_tui.tui.widgets.top_bar import TopBarState

if TYPE_CHECKING:
    from ann_tui.experiments.derived import Derived
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.experiments.workbench import Workbench
    from ann_tui.tui.app.reading import Reading
    from ann_tui.tui.app.steps import Steps

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space", "": "one column"}


def bar_state(
    here: Step | None,
    workbench: Workbench,
    reading: Reading,
    steps: Steps,
    *,
    asked_for: str | None,
    busy: str,
) -> TopBarState:
    """What it says while `here` is shown; `asked_for` is the file that the app was started with."""
    derived, experiment = workbench.derived, workbench.experiment
    file = target = about = ""
    guessed = False
    if here in (Step.DATA, None) and reading.job is not None and reading.opens_file:
        file = reading.job.name
    elif derived is not None and experiment is not None:
        file, target = Path(experiment.source.path).name, derived.profile.target or ""
        about, guessed = _about(derived, experiment), derived.profile.guessed
    elif workbench.model is not None:
        file, target = Path(workbench.model_file).name, workbench.model.target
        about = "a saved model: it predicts; b trains on"
    elif asked_for is not None:
        file = Path(asked_for).name
    blocked = {step: why for step in Step if (why := steps.why_blocked(step)) is not None}
    first = next(iter(blocked), None)
    return TopBarState(
        here=here,
        file=file,
        target=target,
        guessed=guessed,
        about=about,
        done=frozenset(step for step in Step if workbench.done(step)),
        blocked=frozenset(blocked),
        why="" if first is None else f"{first.number} {first.heading}: {blocked[first]}",
        busy=busy,
    )


def _about(derived: Derived, experiment: Experiment) -> str:
    table = derived.table
    sample = "" if experiment.source.sample_rows is None else "sample of "
    return " · ".join(
        (
            sample + counted(len(table.frame), "row"),
            counted(len(table.frame.columns), "column"),
            table.dialect.encoding,
            DELIMITERS.get(table.dialect.delimiter, table.dialect.delimiter),
            "header" if table.dialect.header else "no header",
        )
    )
