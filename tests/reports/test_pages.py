"""The report of a run: one file that stands alone, tells what the run's own record tells, and shows texts as texts."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from command_line import Run as Command
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ann_tui.data.choices.source import Source
from ann_tui.data.plain_text import visible
from ann_tui.evaluation.metrics import METRIC_TITLES, metric_text
from ann_tui.evaluation.verdict import verdict
from ann_tui.experiments.derived import load, prepare_experiment
from ann_tui.experiments.experiment import Experiment
from ann_tui.experiments.run import Run
from ann_tui.experiments.run_again import judged_beside_baselines
from ann_tui.model.storage import load_model, save_model
from ann_tui.model.trained_model import TrainedModel
from ann_tui.network.design import NetworkDesign
from ann_tui.reports.drawings.notes import Taken, box_of
from ann_tui.reports.drawings.plot import Series, plot
from ann_tui.reports.html import element
from ann_tui.reports.page.as_html import as_html
from ann_tui.reports.page.as_markdown import as_markdown
from ann_tui.reports.page.model_card import page_of
from ann_tui.reports.reported_run import ReportedRun
from ann_tui.reports.writing import reported
from ann_tui.training.optimizers import OPTIMIZERS

SAMPLES = sorted(path.name for path in (Path(__file__).resolve().parents[2] / "sample_data").glob("*.csv"))
CARD = (
    "Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data",
    "Quantitative analyses", "Ethical considerations", "Caveats and recommendations",
)  # fmt: skip
"""The headings of Mitchell et al. 2019."""
ALLOWED = {"html", "head", "meta", "title", "style", "body", "main", "section", "nav", "h1", "h2", "h3", "p", "a", "ul",
           "li", "strong", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "pre",
           "code", "span", "svg", "g", "line", "circle", "polyline", "text"}  # fmt: skip
EVIL = "<script>alert(1)</script>"


class Read(HTMLParser):
    """What stands in a page: its elements with their attributes, and the text of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        assert not self.open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """An element ends: the one that began last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text of the innermost element."""
        self.texts.append((self.open[-1] if self.open else "", data))

    def said(self, tag: str) -> list[str]:
        """The texts of all elements of this name."""
        return [text for where, text in self.texts if where == tag]

    @property
    def words(self) -> str:
        """All text but the style."""
        return " ".join(text for where, text in self.texts if where != "style")


def judged(path: Path, layers: str = "6 relu", epochs: int = 3, **source: str) -> Run:
    """A run on a file, trained for a moment and compared with its baselines."""
    experiment = Experiment(Source(str(path), **source), design=NetworkDesign.from_text(layers))
    experiment = replace(experiment, plan=replace(experiment.plan, epochs=epochs))
    run = Run(experiment, prepare_experiment(experiment, load(experiment.source)))
    run.train()
    return judged_beside_baselines(run)


def check_alone(page: str) -> Read:
    """The page asks for nothing and runs nothing; gives what stands in it."""
    read = Read(page)
    assert {tag for tag, _ in read.elements} <= ALLOWED
    for _, attributes in read.elements:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
        assert "url(" not in (attributes.get("style") or "")
    (style,) = read.said("style")
    assert "url(" not in style and "@import" not in style and "<" not in style
    assert any("default-src 'none'" in (each.get("content") or "") for _, each in read.elements)
    assert len(page.encode()) < 1_000_000
    return read


@pytest.fixture(scope="module")
def penguins(sample_data: Path) -> ReportedRun:
    """A report of three classes."""
    return reported(judged(sample_data / "penguins.csv"), 3)


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_sample(sample: str, sample_data: Path, tmp_path: Path) -> None:
    """It stands alone, the verdict first, with the headings of a model card and the figures of the record."""
    run = reported(judged(sample_data / sample), 1)
    page = page_of(run, tmp_path)
    written = as_html(page)
    read = check_alone(written)
    headings = read.said("h2")
    assert [each for each in headings if each in CARD] == list(CARD)
    assert headings[-1] == "How to run it again"
    assert read.said("p")[0] == verdict(run.judged)
    score = run.judged.scores[run.judged.judged]
    for name, value in score.metrics.items():
        place = read.said("td").index(METRIC_TITLES[name])
        assert metric_text(name, value) in read.said("td")[place : place + 6]
    for baseline in run.judged.baselines:
        assert baseline.name in read.said("th")
    assert {column.name for column in run.background.profile.columns} <= set(read.said("td"))  # type: ignore[union-attr]
    assert sum(tag == "figure" for tag, _ in read.elements) >= 4
    assert f"{'#' * 2} How to run it again" in as_markdown(page)


def test_the_experiment_on_the_page_gives_the_same_weights(
    penguins: ReportedRun, tmp_path: Path, sample_data: Path
) -> None:
    """The lines of the last section are an experiment file."""
    from ann_tui.experiments.experiment_file import experiment_from_text

    for folder, named in ((sample_data.parent, "sample_data/penguins.csv"), (tmp_path, "penguins.csv")):
        read = Read(as_html(page_of(penguins, folder)))
        (text,) = [each for each in read.said("code") if "[source]" in each]
        found = experiment_from_text(text, folder)
        assert Path(found.source.path) == folder / named
        assert replace(found, source=penguins.experiment.source) == penguins.experiment
        assert ("to be put there first: penguins.csv" in read.words) == (folder == tmp_path)
        assert str(sample_data.parent) not in as_html(page_of(penguins, folder))


def test_no_folder_of_the_writer_stands_on_a_page(tmp_path: Path, sample_data: Path, run: Command) -> None:
    """Not with the table at hand, not of a split by a second file, and not where both are gone."""
    secret = tmp_path / "a-secret-folder"
    secret.mkdir()
    lines = (sample_data / "penguins.csv").read_text().splitlines(keepends=True)
    (secret / "birds.csv").write_text("".join(lines[:250]))
    (secret / "others.csv").write_text("".join([lines[0], *lines[250:]]))
    words = (
        "--set",
        "preparation.split.method=file",
        "--set",
        f"preparation.split.file={secret / 'others.csv'}",
    )
    model = secret / "m.ann"
    quick = ("--target", "species", "--epochs", "2", "--layers", "4 relu", "--no-baselines")
    trained = run("train", str(secret / "birds.csv"), *words, *quick, "--save", str(model))
    assert trained.code == 0, trained.err
    for gone in (False, True):
        if gone:
            (secret / "birds.csv").unlink()
        for name in ("p.html", "p.md"):
            outside = tmp_path / f"elsewhere-{gone}"
            outside.mkdir(exist_ok=True)
            assert run("report", str(model), "-o", str(outside / name)).code == 0
            page = (outside / name).read_text()
            assert "secret" not in page and str(tmp_path) not in page and "birds.csv" in page


def test_what_was_used_stands_beside_the_choices(penguins: ReportedRun, tmp_path: Path) -> None:
    """A choice that leaves the value to the optimizer or to the target is told by that value."""
    for optimizer, decay in (("adamw", 0.0), ("adamw", 0.07), ("adam", 0.0)):
        plan = replace(penguins.experiment.plan, optimizer=optimizer, weight_decay=decay)
        run = replace(penguins, experiment=replace(penguins.experiment, plan=plan))
        cells = Read(as_html(page_of(run, tmp_path))).said("td")
        own = OPTIMIZERS[optimizer].weight_decay
        used = f"{decay:g}" if decay or not own else f"{own:g}, {optimizer}'s own"
        assert cells[cells.index("weight decay") + 1] == used
        assert cells[cells.index("cost") + 1].startswith("cross-entropy")


def test_a_split_a_range_of_dates_and_rows_of_rare_classes_are_told(
    sample_data: Path, tmp_path: Path
) -> None:
    """As they were used: at random for a number; the first and the last day; and many classes as one reason."""
    cars = Read(as_html(page_of(reported(judged(sample_data / "cars.csv", epochs=1), 1), tmp_path)))
    cells = cars.said("td")
    assert cells[cells.index("seed of the split") - 5 : cells.index("seed of the split")].count("random") == 1
    assert "stratified" not in cells and "1970-01-01 · 1982-01-01" in cells
    codes = [f"code {row}" if row % 4 else "usual" for row in range(200)]
    lines = "".join(f"{row * 7 % 31},{code}\n" for row, code in enumerate(codes))
    (tmp_path / "rare.csv").write_text(f"size,kind\n{lines}")
    rare = Read(
        as_html(page_of(reported(judged(tmp_path / "rare.csv", epochs=1, target="kind"), 1), tmp_path))
    )
    told = [text for text in rare.said("td") if "classes that no training row has" in text]
    assert told and all(text.endswith(", …)") for text in told)


def test_what_stands_under_a_picture_only_stands_there(sample_data: Path, tmp_path: Path) -> None:
    """Markdown tells the figures of a picture, and nothing of lines and dots."""
    for sample in ("penguins.csv", "cars.csv"):
        page = page_of(reported(judged(sample_data / sample, "input scale, 6 relu"), 1), tmp_path)
        text = as_markdown(page)
        assert not re.search(r"[Dd]ashed|diagonal|are drawn|Shaded", text)
        assert "1 hidden layer (input scale besides)" in text
        captions = Read(as_html(page)).said("figcaption")
        assert all(
            each[0].isupper() and each.endswith(".") and any(map(str.isdigit, each)) for each in captions
        )


def evil_table(folder: Path, rows: int = 60, columns: int = 0) -> Path:
    """A table whose header, words and classes are HTML, Markdown, and signs that reorder text."""
    path = folder / "evil <b>&amp;.csv"
    words = (
        "<img src=x onerror=alert(2)>",
        "a | b",
        "`tick` *star* [link](http://x.example)",
        "\u202egnp.exe",
    )
    more = "".join(f",c{place}" for place in range(columns))
    lines = [f'"{EVIL}",word,"# kind"{more}']
    for row in range(rows):
        cells = "".join(f",{(row * 7 + place) % 13}" for place in range(columns))
        kind = ("</style>", "<script>")[row % 2]
        lines.append(f'{row % 11},"{words[row % 4]}","{kind}"{cells}')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_texts_of_the_data_are_shown_as_texts(tmp_path: Path) -> None:
    """A header `<script>` is no script, in HTML as in Markdown."""
    run = reported(judged(evil_table(tmp_path), target="# kind"), None)
    page = page_of(run, tmp_path)
    read = check_alone(as_html(page))
    assert EVIL in read.said("td") and "<script>" in read.said("th")
    assert "a | b" in read.said("td") and "\u202e" not in read.words and "U+202E" in read.words
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(as_markdown(page))
    flat = [token for each in tokens for token in (each, *(each.children or []))]
    kinds = {token.type for token in flat}
    assert not kinds & {"html_inline", "html_block", "link_open", "image"}
    shown = {token.content for token in flat if token.type == "inline"}
    unescaped = {re.sub(r"\\(.)", r"\1", text) for text in shown}
    assert EVIL in unescaped and "a | b" in unescaped


def test_a_wide_table_stays_below_a_megabyte(tmp_path: Path) -> None:
    """Of many columns the rest is counted."""
    run = reported(judged(evil_table(tmp_path, columns=700), epochs=1, target="# kind"), None)
    read = check_alone(as_html(page_of(run, tmp_path)))
    assert "more columns are left out" in read.words


PLACE = st.tuples(st.floats(0, 300), st.floats(0, 200))


@given(st.lists(st.lists(PLACE, min_size=2, max_size=6), max_size=4), st.lists(PLACE, min_size=1, max_size=8))
def test_a_note_stands_where_it_crosses_least(
    curves: list[list[tuple[float, float]]], places: list[tuple[float, float]]
) -> None:
    """Wherever one of the places is free, nothing is crossed; the next note stays off the first."""
    taken = Taken((0, 0, 300, 200))
    for curve in curves:
        taken.line(curve)
    spots = [(across, down, anchor) for across, down in places for anchor in ("start", "end")]
    costs = [taken.crossed(box_of("best", spot)) for spot in spots]
    across, down, anchor = spots[costs.index(min(costs))]
    written = taken.note("best", spots)
    (attributes,) = [each for tag, each in Read(written).elements if tag == "text"]
    assert (attributes["x"], attributes["y"]) == (f"{round(across, 1)}", f"{round(down, 1)}")
    assert attributes["text-anchor"] == anchor
    assert taken.crossed(box_of("best", (across, down, anchor))) >= 1_000


def test_a_label_leaves_room_for_the_curve() -> None:
    """A level's name stands at the end that the curve does not cross."""
    for falls, anchor in ((True, "end"), (False, "start")):
        points = [(float(x), 1.0 - 0.1 * x if falls else 0.1 * x) for x in range(11)]
        written = plot("t", "x", "y", [Series("s", points, "a")], levels=[(0.97, "level")])
        (label,) = [each for tag, each in Read(f"<p>{written}</p>").elements if each.get("class") == "note"]
        assert label["text-anchor"] == anchor


@given(st.text(), st.text())
def test_text_stays_text(body: str, attribute: str) -> None:
    """Whatever it is, it comes back as it is shown."""
    written = element("p", body, element("b", body), title=attribute)
    read = Read(written)
    assert "".join(text for _, text in read.texts) == visible(body) * 2
    assert read.elements == [("p", {"title": visible(attribute)}), ("b", {})]


def test_without_its_table_a_model_tells_what_it_holds(
    penguins: ReportedRun, sample_data: Path, tmp_path: Path, run: Command
) -> None:
    """The score as it was when the model was saved, and why nothing stands beside it."""
    table = tmp_path / "birds.csv"
    table.write_bytes((sample_data / "penguins.csv").read_bytes())
    save_model(TrainedModel.from_result(judged(table).result()), tmp_path / "m.ann")
    there = run("report", str(tmp_path / "m.ann"), "-o", str(tmp_path / "there.html"))
    assert there.code == 0 and "Beside the baselines" in (tmp_path / "there.html").read_text()
    table.write_text(table.read_text().replace("Torgersen", "Elsewhere", 1))
    ended = run("report", str(tmp_path / "m.ann"), "-o", str(tmp_path / "gone.html"))
    assert ended.code == 0 and "not the one that it was trained on any more" in ended.err
    read = check_alone((tmp_path / "gone.html").read_text())
    summary = load_model(tmp_path / "m.ann").summary
    score = metric_text("accuracy", summary.metrics["test"]["accuracy"])
    verdict_first, why = read.said("p")[:2]
    assert verdict_first.startswith(f"The network had accuracy {score} on {summary.rows['test']} test rows")
    assert "the table birds.csv is not the one" in why and "accuracy" in read.said("td")
    assert [each for each in read.said("h2") if each in CARD] == list(CARD)


def test_a_run_of_which_scores_are_kept_is_trained_again(
    sample_data: Path, tmp_path: Path, run: Command
) -> None:
    """To the same network, which is no further look at the test rows."""
    import json

    quick = ("--epochs", "3", "--layers", "4 relu", "--no-baselines", "--json")
    trained = json.loads(run("train", str(sample_data / "penguins.csv"), *quick).out)
    (listed,) = json.loads(run("runs", "--json").out)["runs"]
    out = tmp_path / "run.md"
    ended = run("report", listed["id"][-8:], "-o", str(out))
    assert ended.code == 0 and "trained again" in ended.err
    text = out.read_text()
    assert metric_text("accuracy", trained["metrics"]["test"]["accuracy"]) in text
    assert "have judged 1 network by now" in text


@pytest.mark.parametrize("aim", ["1:5", "f1", "0.3"])
def test_a_threshold_holds_for_the_whole_report(
    aim: str, sample_data: Path, tmp_path: Path, run: Command
) -> None:
    """The groups add up to the headline, and a kept run tells what its saved model tells, also how it was chosen."""
    import json

    quick = ("--epochs", "3", "--layers", "4 relu", "--threshold", aim, "--json")
    model, by_model, by_run = (tmp_path / name for name in ("m.ann", "m.md", "r.md"))
    words = ("train", str(sample_data / "churn.csv"), *quick, "--save", str(model))
    trained = json.loads(run(*words).out)
    (listed,) = json.loads(run("runs", "--json").out)["runs"]
    assert run("report", str(model), "-o", str(by_model)).code == 0
    assert run("report", listed["id"][-8:], "-o", str(by_run)).code == 0
    chosen = trained.get("threshold_for")
    for path in (by_model, by_run):
        page = re.sub(r"\\(.)", r"\1", path.read_text())
        headline = metric_text("accuracy", trained["metrics"]["test"]["accuracy"])
        assert f" accuracy {headline} (95 %" in page
        if chosen:
            assert f"chosen on the validation rows for {chosen}" in page
        groups = re.findall(r"^\| international_plan \| \w+ \| (\d+) \| ([\d.]+) % \|$", page, re.MULTILINE)
        rows = sum(int(count) for count, _ in groups)
        mean = sum(int(count) * float(share) for count, share in groups) / rows
        assert rows == trained["rows"]["test"] and f"{mean:.1f} %" == headline
    lead = [path.read_text().split("\n\n")[1] for path in (by_model, by_run)]
    assert lead[0] == lead[1]


def test_without_test_rows_nobody_looks(sample_data: Path, tmp_path: Path, run: Command) -> None:
    """The page says who judges instead, or that nobody can."""
    model, out = tmp_path / "m.ann", tmp_path / "m.md"
    words = (
        "train",
        str(sample_data / "penguins.csv"),
        "--test-fraction",
        "0",
        "--epochs",
        "2",
        "--no-baselines",
    )
    for preset, said in (("plain", "flatter"), ("good", "No verdict")):
        assert run(*words, "--preset", preset, "--save", str(model)).code == 0
        assert run("report", str(model), "-o", str(out), "--force").code == 0
        assert said in out.read_text() and "by now" not in out.read_text()


def test_an_experiment_has_no_run_yet(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to do stands there, as it is to be typed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "birds.toml").write_text('[source]\npath = "birds.csv"\n')
    ended = run("report", "birds.toml", "-o", "x.html")
    assert ended.code == 2 and ended.err.count("\n") == 1
    assert "ann-tui train birds.toml --save birds.ann, then ann-tui report birds.ann" in ended.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("report", "nowhere.ann", "-o", "x.html"), "there is no such file"),
        (("report", "abcdefgh", "-o", "x.html"), "no run of that name"),
        (("report", "abcdefgh", "-o", "x.pdf"), "ends in .html or .md"),
        (("report", "", "-o", "x.html"), "name a model file (.ann) or a run"),
        (("report", "abcdefgh", "-o", "x.html/"), "is the name of a folder"),
    ],
)
def test_one_line_for_each_fault(
    words: tuple[str, ...], message: str, run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is written."""
    monkeypatch.chdir(tmp_path)
    ended = run(*words)
    assert ended.code == 2 and message in ended.err and ended.err.count("\n") == 1
    assert not list(tmp_path.iterdir())
