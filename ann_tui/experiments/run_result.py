"""What came of a run, apart from the run itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ann_tui.data.cells.table import DroppedRow
    from ann_tui.data.preparing.fitted import FittedPreparation
    from ann_tui.data.preparing.row_digests import KnownRows
    from ann_tui.evaluation.answers import Answers
    from ann_tui.evaluation.evaluation import Evaluation, SplitName
    from ann_tui.evaluation.threshold import Aim
    from ann_tui.experiments.experiment import Experiment
    from ann_tui.model.trained_model import Fingerprint
    from ann_tui.network.network import Network
    from ann_tui.training.changes import Change
    from ann_tui.training.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class RunResult:
    """What came of a run; it can be pickled, and holds no rows but answers.

    `changes` are what a person did to it while it trained, which its `experiment` tells too.
    `network` has the best weights, or with `refit` those that were trained again on the validation rows too, whose
    score is that of the network before. `rows` counts those of each part. `dropped` lists the rows that take no part,
    by their line in the file; `total` counts all records of the file. `file` tells of the file, but for its SHA-256,
    and `known_rows` of the training rows as much as is needed to recognize them. `aim` is what the validation rows
    chose the threshold of two classes for, None where they did not. `answers` are those for the rows kept from the
    training, and `newest` has the newest weights, None where these are the best ones, or are not kept. `evaluation` is
    None where the training failed.
    """

    experiment: Experiment
    fitted: FittedPreparation
    network: Network
    snapshot: Snapshot
    changes: tuple[Change, ...]
    evaluation: Evaluation | None
    rows: Mapping[SplitName, int]
    dropped: tuple[DroppedRow, ...]
    total: int
    file: Fingerprint
    known_rows: KnownRows
    aim: Aim | None = None
    answers: Mapping[SplitName, Answers] = field(default_factory=dict)
    newest: Network | None = None
    refit: bool = False

    @property
    def judged(self) -> Evaluation:
        """The evaluation of a run that did not fail."""
        assert self.evaluation is not None
        return self.evaluation

    @property
    def lacks_refit(self) -> bool:
        """Whether it was to be trained again on all rows, and was stopped before that was done."""
        asked = self.experiment.plan.refit and self.snapshot.state == "finished"
        return asked and not self.refit and self.rows["validation"] > 0
