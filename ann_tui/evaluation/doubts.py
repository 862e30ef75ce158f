"""What is known against a score: rows that the network has seen, inputs that betray the answer, rows torn apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ann_tui.data.choices.row_options import DUPLICATES
from ann_tui.data.plain_text import printable
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text

if TYPE_CHECKING:
    from ann_tui.data.cells.row_prints import Prints
    from ann_tui.data.preparing.prepare import Part, PreparedData
    from ann_tui.data.profile.findings import Finding

SPLIT_ADVICE = ("split by group", "split by time")


@dataclass(frozen=True)
class SplitCost:
    """What a stricter split costs: the first metric of the same network trained after two splits of the same rows.

    Both came from the training and validation rows alone. `method` and `column` are those of the stricter split, which
    gave `strict`, and a split at random gave `at_random`.
    """

    method: str
    column: str | None
    metric: str
    at_random: float
    strict: float

    @property
    def text(self) -> str:
        """In one sentence."""
        by = self.method + (f" ({printable(self.column, 40)})" if self.column else "")
        return (
            f"trained twice on the training and validation rows alone, the network has {METRIC_TITLES[self.metric]} "
            f"{metric_text(self.metric, self.at_random)} after a split at random and "
            f"{metric_text(self.metric, self.strict)} after one by {by}"
        )


@dataclass(frozen=True, eq=False)
class Doubts:
    """What is known against the score on the judged rows.

    `repeats` (n,) says which of them repeat a training row, in the inputs and the answer; `unknown_class` counts those
    that were set aside because no training row has their class, by that. `cells` are sentences about cells that had to
    be filled or lie outside of what training saw. `findings` are those of the table that bear on it: leak
    suspects among the inputs, repeated rows, groups and an order of time that the split tore apart. Where only one row
    in `one_in` can be recognized, so many are marked in `repeats`. `new_file`: the rows are of no part of the split,
    but of another file.
    """

    repeats: NDArray[np.bool_]
    unknown_class: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    costs: tuple[SplitCost, ...] = field(default=())
    one_in: int = 1
    new_file: bool = False
    cells: tuple[str, ...] = ()

    @property
    def advice(self) -> tuple[Finding, ...]:
        """The findings that advise another split."""
        return tuple(
            each for each in self.findings if each.remedy is not None and each.remedy.action in SPLIT_ADVICE
        )


def learnt_digests(prepared: PreparedData, *, refit: bool) -> Prints:
    """The digests of the rows that the network was trained on; with `refit` the validation rows are among them."""
    if not refit:
        return prepared.training.digests
    return np.concatenate([prepared.training.digests, prepared.validation.digests])


def doubts_about(prepared: PreparedData, part: Part, name: str, *, refit: bool = False) -> Doubts:
    """What is known against a score on one part of the split, called `name`; `refit` as in `learnt_digests`."""
    inputs = {column.name for column in prepared.fitted.columns}
    findings = [
        finding
        for column in prepared.profile.columns
        if column.name in inputs
        for finding in column.findings
        if finding.kind == "leak suspect"
    ]
    if prepared.preparation.split.way.shuffles:
        findings += [each for each in prepared.profile.findings if each.kind in ("groups", "time order")]
    if DUPLICATES[prepared.preparation.duplicates].keeps_all:
        findings += [each for each in prepared.profile.findings if each.kind == "duplicate rows"]
    repeats = np.isin(part.digests, learnt_digests(prepared, refit=refit))
    second_file = name == "test" and prepared.preparation.split.way.second_file
    return Doubts(
        repeats,
        prepared.unknown_class.get(name, {}),
        tuple(findings),
        cells=prepared.test_report.sentences() if second_file else (),
    )
