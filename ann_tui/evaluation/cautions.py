"""What is known against a score in words, to be said wherever the score stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ann_tui.data.plain_text import printable
from ann_tui.evaluation.doubts import Doubts, SplitCost
from ann_tui.evaluation.evaluation import Evaluation
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.figures import counted

if TYPE_CHECKING:
    from ann_tui.data.profile.findings import Finding

MOST_NAMED = 5
"""So many unknown classes are named."""


@dataclass(frozen=True)
class Caution:
    """One thing that is known against a score; `cost` where it is about the split and was weighed.

    `brief` is a few words, `text` a sentence.
    """

    kind: str
    brief: str
    text: str
    cost: SplitCost | None = None


def cautions(evaluation: Evaluation) -> list[Caution]:
    """What is known against the score on the judged rows; none where nothing is."""
    doubts, part = evaluation.doubts, evaluation.judged
    if doubts is None or part == "training":
        return []
    found = []
    if repeated := int(doubts.repeats.sum()) * doubts.one_in:
        found.append(_repeated_rows(evaluation, doubts, repeated))
    for finding in doubts.findings:
        if finding.kind == "leak suspect":
            found.append(_leak(finding))
        elif finding.kind != "duplicate rows":
            found.append(_torn_apart(finding, doubts.costs))
    if doubts.unknown_class:
        found.append(_unknown_classes(evaluation, doubts))
    if names := _without_judged_rows(evaluation, doubts):
        found.append(_classes_not_judged(evaluation, names))
    found += [Caution("cells", each, f"in the {part} rows, {each}") for each in doubts.cells]
    return found


def brief_cautions(doubts: Doubts, part: str) -> list[str]:
    """What is known against a score on one part's rows, in a few words each, as far as it needs no score to tell."""
    found = []
    if repeated := int(doubts.repeats.sum()) * doubts.one_in:
        total = counted(len(doubts.repeats), f"{part} row")
        found.append(f"{repeated:,} of {total} {_repeat(repeated)}")
    found += [
        _leak(finding).brief if finding.kind == "leak suspect" else _torn_apart(finding, doubts.costs).brief
        for finding in doubts.findings
        if finding.kind != "duplicate rows"
    ]
    return found


def _leak(finding: Finding) -> Caution:
    name = printable(finding.column, 40)
    text = f"{name} {finding.text.removeprefix('leak suspect: ')}: a leak suspect"
    return Caution(finding.kind, f"leak suspect {name}", text)


def _repeat(rows: int) -> str:
    return "repeats a training row" if rows == 1 else "repeat training rows"


def _without_judged_rows(evaluation: Evaluation, doubts: Doubts) -> list[str]:
    """The classes that no judged row of a split has; another file need not have rows of each."""
    if evaluation.confusion is None or doubts.new_file:
        return []
    rows = evaluation.confusion.counts.sum(axis=1).tolist()
    return [name for name, count in zip(evaluation.classes, rows, strict=True) if not count]


def _unknown_classes(evaluation: Evaluation, doubts: Doubts) -> Caution:
    total = sum(doubts.unknown_class.values())
    noun = ("row of the file", "rows of the file") if doubts.new_file else (f"{evaluation.judged} row",)
    rows = counted(total, *noun)
    names = ", ".join(
        f"'{printable(name, 40)}' {count:,}"
        for name, count in list(doubts.unknown_class.items())[:MOST_NAMED]
    )
    more = ", …" if len(doubts.unknown_class) > MOST_NAMED else ""
    text = (
        f"{rows} of a class that no training row has ({names}{more}) {'was' if total == 1 else 'were'} set aside: the "
        "network would have been wrong on each"
    )
    score = evaluation.scores[evaluation.judged]
    accuracy = score.metrics.get("accuracy")
    if accuracy is not None:
        counting = accuracy * score.rows / (score.rows + total)
        usual, strict = (metric_text("accuracy", value) for value in (accuracy, counting))
        text += f"; with them, {METRIC_TITLES['accuracy']} is {strict} instead of {usual}"
    return Caution("unknown class", f"{rows} of unknown classes set aside", text)


def _repeated_rows(evaluation: Evaluation, doubts: Doubts, repeated: int) -> Caution:
    part, total = evaluation.judged, len(doubts.repeats)
    noun = ("row of the file", "rows of the file") if doubts.new_file else (f"{part} row", f"{part} rows")
    repeat = _repeat(repeated)
    about, others = ("", _on_the_others(evaluation)) if doubts.one_in == 1 else ("about ", "")
    copies = any(finding.kind == "duplicate rows" for finding in doubts.findings)
    mend = "; repeated rows can be left out before the split (drop duplicates)" if copies else ""
    return Caution(
        "repeated rows",
        f"{about}{repeated:,} of {total:,} rows {repeat}",
        f"{about}{repeated:,} of the {counted(total, *noun)} {repeat}, inputs and answer alike{others}{mend}",
    )


def _torn_apart(finding: Finding, costs: Sequence[SplitCost]) -> Caution:
    """Rows that belong together and stand in several parts of the split."""
    remedy = finding.remedy
    column = printable(remedy.column, 40) if remedy is not None and remedy.column else ""
    brief = f"alike rows of one {column}" if finding.kind == "groups" else "rows in order of time"
    for cost in costs:
        if remedy is not None and (f"split by {cost.method}", cost.column) == (remedy.action, remedy.column):
            usual, strict = (metric_text(cost.metric, value) for value in (cost.at_random, cost.strict))
            brief += f" ({METRIC_TITLES[cost.metric]} {usual} → {strict} when split by {cost.method})"
            return Caution(finding.kind, brief, f"{finding.text}; {cost.text}", cost)
    advice = "" if remedy is None else f"; {remedy.text} would tell"
    return Caution(finding.kind, brief, finding.text + advice)


def _on_the_others(evaluation: Evaluation) -> str:
    """The first metric on the judged rows that repeat no training row; "" where they are too few."""
    others = evaluation.others
    if others is None:
        return ""
    metric = evaluation.measures.first
    value = metric_text(metric, others.metrics.get(metric))
    return f": {METRIC_TITLES[metric]} {value} on the other {others.rows:,}"


def _classes_not_judged(evaluation: Evaluation, names: Sequence[str]) -> Caution:
    part = evaluation.judged
    shown = ", ".join(f"'{printable(name, 40)}'" for name in names[:MOST_NAMED])
    more = ", …" if len(names) > MOST_NAMED else ""
    which, them = (f"the class {shown}", "it") if len(names) == 1 else (f"the classes {shown}{more}", "them")
    return Caution(
        "class not judged",
        f"no {part} row of {counted(len(names), 'class', 'classes')}",
        f"no {part} row is of {which}: the score says nothing about {them}",
    )
