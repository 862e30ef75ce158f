"""The runs of a table as one list, whether they are at hand or on disk: sorted, filtered, and told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ann_tui.experiments.choice_texts import Texts, differences
from ann_tui.experiments.run_label import Label

if TYPE_CHECKING:
    from ann_tui.experiments.kept.stored_run import StoredRun
    from ann_tui.experiments.run import Run
    from ann_tui.training.snapshot import State

FIRST = ("accuracy", "r2")
"""The metrics that stand for a run, by its target."""


@dataclass(frozen=True, eq=False)
class ListedRun:
    """One line of the list.

    `run` is None for one that only stands on disk, `stored` for one that does not yet. `parent` is the number of the
    run that it began from, 0 where that is none, or gone. `validation` and `test` are figures of the `metric` at the
    epoch whose weights are kept; the test rows' None where nobody has looked at them, else `looks` networks had been
    looked at by then.
    """

    run: Run | None
    stored: StoredRun | None
    number: int
    label: Label
    parent: int
    began_at: int
    began: str
    state: str
    epochs: int
    best_epoch: int
    seconds: float
    metric: str
    validation: float | None
    test: float | None
    looks: int
    choices: Texts
    steered: tuple[str, ...]
    target: str

    @property
    def name(self) -> str:
        """What the person calls it, or its number."""
        return self.label.name or f"run {self.number}"

    @property
    def network(self) -> str:
        """Its layers, and how many networks of them there are."""
        layers, members = (self.choices.get(f"network.{name}", "") for name in ("layers", "members"))
        return layers if members in ("", "1") else f"{members} times {layers}"

    @property
    def has_network(self) -> bool:
        """Whether its weights are at hand or on disk."""
        return self.run is not None or (self.stored is not None and self.stored.model is not None)

    def differs_from(self, other: ListedRun) -> list[str]:
        """What it chose in another way than the other run, and what was done to one of them alone while it trained."""
        if other is self:
            return []
        said = [f"{each.title} {each.other}" for each in differences(other.choices, self.choices)]
        said += [text for text in self.steered if text not in other.steered]
        return said + [f"without {text}" for text in other.steered if text not in self.steered]

    @cached_property
    def searched(self) -> str:
        """The text that a filter looks into."""
        choices = (f"{name} {value}" for name, value in self.choices.items())
        label = self.label
        return "\n".join((self.name, label.note, self.state, self.target, *self.steered, *choices)).casefold()


Key = Callable[[ListedRun], float | str | None]

ORDERS: Mapping[str, Key] = {
    "run": lambda each: each.number,
    "name": lambda each: each.label.name.casefold() or None,
    "from": lambda each: each.parent or None,
    "epochs": lambda each: each.epochs,
    "validation": lambda each: each.validation,
    "test": lambda each: each.test,
    "seconds": lambda each: each.seconds,
    "state": lambda each: each.state,
}
"""What the list can be sorted by."""
BEST_FIRST = ("run", "validation", "test", "epochs")
"""Where the largest figure comes first."""


def ordered(runs: Iterable[ListedRun], by: str, *, turned: bool = False) -> list[ListedRun]:
    """The runs by one of `ORDERS`, the other way round where it is `turned`; those without that figure at the end.

    The newest of equal ones comes first.
    """
    key = ORDERS[by]
    newest = sorted(runs, key=lambda each: -each.number)
    known = [each for each in newest if key(each) is not None]
    known.sort(key=lambda each: key(each), reverse=(by in BEST_FIRST) != turned)  # type: ignore[arg-type, return-value]
    return known + [each for each in newest if key(each) is None]


def holding(runs: Iterable[ListedRun], text: str) -> list[ListedRun]:
    """The runs in whose name, note, state or choices every word of the text stands."""
    words = text.casefold().split()
    return [each for each in runs if all(word in each.searched for word in words)]


def listed(
    runs: Iterable[Run], kept: Iterable[StoredRun], stored_of: Callable[[Run], StoredRun | None]
) -> list[ListedRun]:
    """The runs at hand, and behind them those that are kept of the table and not at hand."""
    pairs = [(run, stored_of(run)) for run in runs]
    at_hand = {stored.id for _, stored in pairs if stored is not None}
    others = [each for each in kept if each.id not in at_hand]
    numbers = {stored.id: run.id for run, stored in reversed(pairs) if stored is not None}
    numbers |= {each.id: each.record.number for each in others}
    return [
        *(_of_run(run, stored, numbers) for run, stored in pairs),
        *(_of_stored(each, numbers) for each in others),
    ]


STATES: Mapping[State | str, str] = {"ready": "training", "running": "training"}


def _of_run(run: Run, stored: StoredRun | None, numbers: Mapping[str, int]) -> ListedRun:
    snapshot, scores = run.snapshot, run.scores
    target = run.prepared.fitted.target
    metric = "accuracy" if target.classes else "r2"
    best = snapshot.best_epoch or len(snapshot.history)
    judged = scores.get("validation")
    validation = judged.metrics.get(metric) if judged is not None else None
    if judged is None and snapshot.history:
        validation = snapshot.history[best - 1].validation_metric
    test = scores["test"].metrics.get(metric) if run.looks and "test" in scores else None
    parent, began_at = run.parent or 0, run.began_at
    if stored is not None and stored.record.parent:
        parent, began_at = numbers.get(stored.record.parent, 0), stored.record.began_at
    return ListedRun(
        run,
        stored,
        run.id,
        run.label,
        parent,
        began_at,
        run.began.isoformat(timespec="seconds"),
        STATES.get(snapshot.state, snapshot.state),
        snapshot.epoch,
        best,
        snapshot.seconds,
        metric,
        validation,
        test,
        (run.looks or 0) if test is not None else 0,
        run.choices,
        tuple(change.text for change in run.steering),
        target.name,
    )


def _of_stored(stored: StoredRun, numbers: Mapping[str, int]) -> ListedRun:
    record = stored.record
    metric = next((name for name in FIRST if name in (*record.metrics, *record.test)), "")
    return ListedRun(
        None,
        stored,
        record.number,
        Label(record.name, record.note, record.pinned),
        numbers.get(record.parent, 0),
        record.began_at,
        record.began,
        record.state,
        record.epochs,
        record.best_epoch,
        record.seconds,
        metric,
        record.metrics.get(metric),
        record.test.get(metric),
        record.looks,
        record.choices,
        record.steered,
        record.target,
    )
