"""A finished run as one typed record, from which the text, the JSON and the page of a run are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ann_tui.experiments.experiment import Experiment, experiment_of
from ann_tui.model.trained_model import Fingerprint, RunSummary, TrainedModel, summary_of, used_versions

if TYPE_CHECKING:
    from ann_tui.data.cells.table import DroppedRow
    from ann_tui.data.preparing.targets import Target
    from ann_tui.evaluation.evaluation import Evaluation
    from ann_tui.evaluation.threshold import Aim
    from ann_tui.experiments.file_score import FileScore
    from ann_tui.experiments.run_result import RunResult
    from ann_tui.reports.background import Background


@dataclass(frozen=True, eq=False)
class ReportedRun:
    """What a report tells of a run.

    `seconds` is how long it trained, or where a saved model was scored how long that took; None where nobody knows.
    `total` counts every record of the file and `dropped` lists those that take no part. `aim` is what the validation
    rows chose the threshold for. `looks` counts the networks that the test rows have judged by now, None where that is
    not known. `training_file` says that the rows are those of the training, split as they were then. `evaluation` is
    None where the rows are not at hand, `background` where nobody asked for a page; `missing` then says why.
    """

    experiment: Experiment
    file: Fingerprint
    target: Target
    summary: RunSummary
    seconds: float | None
    evaluation: Evaluation | None
    threshold: float
    total: int = 0
    dropped: tuple[DroppedRow, ...] = ()
    aim: Aim | None = None
    looks: int | None = None
    training_file: bool = True
    versions: Mapping[str, str] = field(default_factory=dict)
    saved: str = ""
    background: Background | None = None
    missing: str = ""

    @property
    def judged(self) -> Evaluation:
        """The evaluation of a run that has one."""
        assert self.evaluation is not None
        return self.evaluation

    @property
    def design_text(self) -> str:
        """The layers as a person types them."""
        design = self.experiment.design
        return f"{f'{design.members} times ' if design.members > 1 else ''}{design.text or 'no hidden layer'}"

    @classmethod
    def of_result(cls, result: RunResult, looks: int | None = None) -> ReportedRun:
        """What came of a run that did not fail."""
        return cls(
            result.experiment,
            result.file,
            result.fitted.target,
            summary_of(result),
            result.snapshot.seconds,
            result.judged,
            result.judged.threshold,
            result.total,
            result.dropped,
            result.aim,
            looks,
            versions=used_versions(),
        )

    @classmethod
    def of_score(
        cls, model: TrainedModel, score: FileScore, seconds: float | None = None, looks: int | None = None
    ) -> ReportedRun:
        """A saved model on the rows of a file."""
        return cls(
            experiment_of(model),
            model.data,
            model.fitted.target,
            model.summary,
            seconds,
            score.evaluation,
            model.threshold,
            score.total,
            score.dropped,
            model.aim,
            looks,
            training_file=score.training_file,
            versions=model.versions,
            saved=model.saved,
        )

    @classmethod
    def of_model(cls, model: TrainedModel, missing: str) -> ReportedRun:
        """A saved model whose rows are not at hand, for the reason that is given."""
        return cls(
            experiment_of(model),
            model.data,
            model.fitted.target,
            model.summary,
            None,
            None,
            model.threshold,
            model.data.rows,
            aim=model.aim,
            versions=model.versions,
            saved=model.saved,
            missing=missing,
        )
