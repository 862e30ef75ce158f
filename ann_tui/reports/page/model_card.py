"""What stands on the page of a run: the verdict, then the headings of a model card.

Mitchell et al., Model Cards for Model Reporting, 2019.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ann_tui.data.preparing.deciding import DEFAULT_THRESHOLD
from ann_tui.evaluation.cautions import cautions
from ann_tui.evaluation.measures import measures_of
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.evaluation.verdict import interval_text, verdict
from ann_tui.experiments.experiment_writing import experiment_text
from ann_tui.experiments.looks import looks_text
from ann_tui.figures import counted, number
from ann_tui.model.trained_model import SPLIT_KEYS
from ann_tui.reports.page.blocks import Block, Bullets, Code, Grid, Page, Paragraph, Section
from ann_tui.reports.page.data import evaluation_data, training_data
from ann_tui.reports.page.network import model_details
from ann_tui.reports.page.portable import portable
from ann_tui.reports.page.scores import quantitative_analyses
from ann_tui.reports.reported_run import ReportedRun

_PARTS = {key: name for name, key in SPLIT_KEYS.items()}
MOST_LISTED = 60
"""Of more columns the rest is counted."""
BAR = 20


def page_of(run: ReportedRun, folder: Path) -> Page:
    """The page of a run, for a file in `folder`; it names no folder above that one."""
    experiment, elsewhere = portable(run.experiment, folder)
    run = replace(run, experiment=experiment)
    return Page(
        f"{run.target.name} from {run.file.file}: a report",
        tuple(_lead(run)),
        (
            model_details(run),
            Section("Intended use", tuple(_intended_use(run))),
            Section("Factors", tuple(_factors(run))),
            Section("Metrics", tuple(_metrics(run))),
            evaluation_data(run),
            training_data(run),
            quantitative_analyses(run),
            Section("Ethical considerations", (Paragraph(_ETHICS),)),
            Section("Caveats and recommendations", tuple(_caveats(run))),
            _again(run, elsewhere),
        ),
    )


_ETHICS = (
    "Nothing here asks whether the network treats people alike, or whether these columns may be used to decide about "
    "them. Where a row is a person, look at the scores by group above, ask what a wrong answer does to whom, and who "
    "can object. A column that stands for another one (a postcode for an income) tells what it stands for."
)


def _lead(run: ReportedRun) -> list[Block]:
    evaluation, target = run.evaluation, run.target
    learnt = "one of " + counted(len(target.classes), "class", "classes") if target.classes else "a number"
    about = (
        f"A neural network ({run.design_text}) predicts {target.name}, {learnt}, "
        f"from the other columns of {run.file.file}."
    )
    if evaluation is None:
        return [*_known_score(run), Paragraph(about)]
    metric = evaluation.measures.first
    score = evaluation.scores[evaluation.judged]
    figure = f"{METRIC_TITLES[metric]} {metric_text(metric, score.metrics.get(metric))}"
    interval = interval_text(metric, evaluation.intervals.get(metric))
    between = f" (95 %: {interval})" if interval else ""
    decides = "" if run.threshold == DEFAULT_THRESHOLD else f", at its threshold of {run.threshold:g},"
    never = {
        "test": "which the network never saw",
        "validation": "which helped to choose its weights, and flatter",
        "training": "which it was trained on",
    }[evaluation.judged]
    found: list[Block] = [
        Paragraph(verdict(evaluation), strong=True),
        Paragraph(
            f"{about} It has{decides} {figure}{between} on {counted(score.rows, f'{evaluation.judged} row')}, {never}."
        ),
    ]
    against = [caution.brief for caution in cautions(evaluation)]
    if against:
        found.append(Paragraph(f"known against it: {'; '.join(against)}.", warns=True))
    if said := looks_text(run.looks):
        found.append(Paragraph(f"{said}.", warns=True))
    return found


def _known_score(run: ReportedRun) -> list[Block]:
    """What the model file tells of its score, and why nothing stands beside it."""
    summary = run.summary
    scores = summary.metrics.get(summary.judged, {})
    metric = measures_of(run.target).first
    missing = f"{run.missing[:1].upper()}{run.missing[1:]}, so that nothing stands beside it."
    if scores.get(metric) is None:
        return [Paragraph(f"No verdict: {run.missing}.", strong=True)]
    rows = counted(summary.rows.get(summary.judged, 0), f"{_PARTS[summary.judged]} row")
    said = f"{METRIC_TITLES[metric]} {metric_text(metric, scores[metric])} on {rows}"
    return [
        Paragraph(f"The network had {said}, as its file tells.", strong=True),
        Paragraph(f"No verdict on simpler models: {missing[:1].lower()}{missing[1:]}"),
    ]


def _intended_use(run: ReportedRun) -> list[Block]:
    background, target = run.background, run.target.name
    takes = (
        "It takes rows like those that it was trained on: the same columns in the same units, from the same source. "
        "Words that training never saw count as unknown, gaps are filled as below, and about numbers outside of the "
        "range of the training rows it knows nothing."
    )
    found: list[Block] = [Paragraph(f"To predict {target} for rows of which it is not known yet. {takes}")]
    if background is not None:
        shown = background.inputs[:MOST_LISTED]
        more = len(background.inputs) - len(shown)
        found.append(
            Paragraph(f"Columns that it needs: {', '.join(shown)}{f' and {more:,} more' if more else ''}.")
        )
    found.append(
        Paragraph(
            "Whom it is meant for, and what it must not be used for, no training can tell: who hands it on should "
            "write it here."
        )
    )
    return found


def _beside(value: float, most: float) -> float:
    """A value, 0 where it is what rounding leaves beside the largest."""
    return 0.0 if abs(value) < 1e-9 * abs(most) else value


def _factors(run: ReportedRun) -> list[Block]:
    background, evaluation = run.background, run.evaluation
    if background is None or evaluation is None:
        return [Paragraph(f"Not known: {run.missing}.")]
    found: list[Block] = []
    if background.relevances:
        most = max(each.rise for each in background.relevances)
        rows = tuple(
            (
                each.name,
                number(_beside(each.rise, most), 3),
                f"± {number(_beside(each.spread, most), 2)}",
                "█" * round(BAR * max(0.0, each.rise) / most) if most > 0 else "",
            )
            for each in background.relevances[:MOST_LISTED]
        )
        more = len(background.relevances) - len(rows)
        also = f"; {more:,} less relevant columns are left out" if more else ""
        found.append(
            Grid(
                ("column", "cost rises by", "", ""),
                rows,
                (1, 2),
                f"What it relies on: how much the cost rises on the {evaluation.judged} rows when a column is "
                f"shuffled, mean and spread of 5 shuffles. Columns that tell the same share it{also}.",
            )
        )
    else:
        found.append(Paragraph("What it relies on is not told: the rows of this run were let go of."))
    if background.groups:
        metric = evaluation.measures.first
        groups = tuple(
            (each.column, each.word or "(missing)", f"{each.rows:,}", metric_text(metric, each.value))
            for each in background.groups
        )
        found.append(
            Grid(
                ("column", "group", "rows", METRIC_TITLES[metric]),
                groups,
                (2, 3),
                f"The {evaluation.judged} rows by groups; – stands for fewer than 10 rows, which tell too little.",
            )
        )
    return found


_MEANINGS = {
    "accuracy": "the share of rows whose class is told right",
    "balanced_accuracy": "the mean over the classes of the share of each that is found",
    "log_loss": "the mean of minus the logarithm of the probability given to the true class; 0 is perfect",
    "roc_auc": "how surely a row of a class gets a higher probability for it than another row; 0.5 is chance",
    "average_precision": "the area under precision against recall",
    "precision_macro": "of the answers for a class, the share that is right; the mean over classes",
    "precision_weighted": "the same, each class by its rows",
    "f1_macro": "the harmonic mean of precision and recall; the mean over classes",
    "f1_weighted": "the same, each class by its rows",
    "matthews": "the correlation of true and given class; 0 is chance",
    "r2": "the share of the spread of the target that the network tells; 0 is the mean, 1 perfect",
    "rmse": "the root of the mean squared error, in the target's unit",
    "mae": "the mean size of an error, in the target's unit",
    "median_error": "half of the errors are smaller, in the target's unit",
}


def _metrics(run: ReportedRun) -> list[Block]:
    judged = run.summary.judged or "test"
    names = next((tuple(each) for each in run.summary.metrics.values()), ())
    if run.evaluation is not None:
        judged = SPLIT_KEYS[run.evaluation.judged]
        names = tuple(run.evaluation.scores[run.evaluation.judged].metrics)
    lines = tuple(f"{METRIC_TITLES[name]}: {_MEANINGS[name]}" for name in names if name in _MEANINGS)
    found: list[Block] = [
        Bullets(lines),
        Paragraph(
            "Intervals are 95 % bootstrap intervals of the judged rows (Efron 1979): how much a figure would move with "
            "other rows of the same kind. They say nothing of another training, or of rows of another kind."
        ),
    ]
    if len(run.target.classes) == 2:
        second = run.target.classes[1]
        how = "the more probable class is the answer"
        if run.threshold != DEFAULT_THRESHOLD:
            how = f"{second} is the answer where its probability is above {run.threshold:g}"
        if run.aim is not None:
            how += f", chosen on the validation rows for {run.aim.text_of(run.target.classes)}"
        found.append(Paragraph(f"Decision threshold: {how}."))
    if judged == "test":
        looks = "How often the test rows of this table have judged a network is not known."
        if run.looks is not None:
            looks = f"The test rows of this table have judged {counted(run.looks, 'network')} by now."
        found.append(Paragraph(looks))
    return found


def _caveats(run: ReportedRun) -> list[Block]:
    found: list[Block] = []
    evaluation = run.evaluation
    if evaluation is not None:
        found += [Paragraph(f"{caution.text}.", warns=True) for caution in cautions(evaluation)]
        if evaluation.judged != "test":
            found.append(
                Paragraph(
                    f"no test rows were set aside, so that the {evaluation.judged} rows judge; they flatter.",
                    warns=True,
                )
            )
        elif evaluation.scores["test"].rows < 100:
            found.append(
                Paragraph(
                    f"{counted(evaluation.scores['test'].rows, 'test row')} judge: the intervals are wide.",
                    warns=True,
                )
            )
    if said := looks_text(run.looks):
        found.append(Paragraph(f"{said}.", warns=True))
    lines = (
        "The score holds for rows drawn as these were. Where the source, the time or the way of measuring changes, "
        "score it again on labelled rows (ann-tui evaluate).",
        "A probability is how sure the network is, not how often it is right: see its calibration.",
        "Relevance tells what the network uses, not what causes the target.",
    )
    return [*found, Bullets(lines if run.target.classes else (lines[0], lines[2]))]


def _again(run: ReportedRun, elsewhere: tuple[str, ...]) -> Section:
    decides = "" if run.threshold == DEFAULT_THRESHOLD else f" --threshold {run.threshold:g}"
    if run.aim is not None:
        decides = f" --threshold {run.aim.written}"
    blocks: list[Block] = [
        Paragraph(
            "Keep the lines below as experiment.toml in the folder of this page. The same file, choices and seeds give "
            "the same weights, bit for bit on one machine."
        )
    ]
    if elsewhere:
        blocks.append(
            Paragraph(
                f"Not in that folder when this page was written, and to be put there first: {', '.join(elsewhere)}."
            )
        )
    if run.experiment.source.path == "-":
        blocks.append(Paragraph("The table came on standard input, and has to come there again."))
    blocks += [
        Code(f"ann-tui train experiment.toml{decides} --save model.ann", "sh"),
        Code(experiment_text(run.experiment, Path()), "toml"),
    ]
    return Section("How to run it again", tuple(blocks))
