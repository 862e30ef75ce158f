"""A choice that an experiment file gets wrong is refused by name, with what may be meant; none is lost in silence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import Run

from ann_tui.data.choices.source import Source
from ann_tui.experiments.derived import load

TYPOS = [
    ('rules = ["acid 0-3"]', "source.rules: the rule 'acid 0-3' is not understood; write:"),
    ('rules = ["acid in 0-3"]', "source.rules: the rule 'acid in 0-3' is not understood; write: acid in 0..120"),
    ('rules = ["acid in 3..0"]', "source.rules: the rule 'acid in 3..0' allows nothing: 3 is above 0"),
    ('rules = ["acidd in 0..3"]', "there is no column 'acidd'; did you mean 'acid'?"),
    ('included = ["sald"]', "source.included: there is no column 'sald'; did you mean 'salt'?"),
    ('excluded = ["Sald"]', "source.excluded: there is no column 'Sald'; did you mean 'salt'?"),
    ('excluded = ["q"]', "there is no column 'q'; the columns are: acid, sugar, salt, grade"),
    ('kinds = {sald = "category"}', "source.kinds: there is no column 'sald'; did you mean 'salt'?"),
    ('kinds = {salt = "categry"}', "unknown kind of the column 'salt': 'categry': choose from number, category,"),
    ('column_marks = {sugr = ["0.822"]}', "source.column_marks: there is no column 'sugr'; did you mean 'sugar'?"),
    ("column_marks = {sugar = 3}", "[source.column_marks.sugar] expected a list, got a whole number"),
    ("sample_rows = -5", "[source] sample rows -5: it must be a whole number, 1 or more"),
    ('[preparation.columns.sald]\nmissing = "mean"', "preparation.columns: there is no column 'sald'; did you"),
    ('[preparation.columns.salt]\nmissing = "mode"', "[preparation.columns.salt] missing is 'mode', which isn't"),
    ('[preparation.split]\nmethod = "time"\ncolumn = "grd"', "preparation.split.column: there is no column 'grd'"),
    ("[preparation.split]\nseed = 5000000000", "the split's seed is 5000000000: choose a whole number from 0 to 429"),
]  # fmt: skip


@pytest.fixture
def folder(cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The wines, and the current folder."""
    shutil.copytree(cases / "toml_typos", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("typo", "says"), TYPOS)
def test_a_typo_is_refused_by_file_and_name(folder: Path, run: Run, typo: str, says: str) -> None:
    (folder / "e.toml").write_text(f'[source]\npath = "wine.csv"\ntarget = "grade"\n{typo}\n')
    ended = run("train", "e.toml", "--epochs", 1, "--no-baselines")
    assert ended.code == 2 and ended.out == "" and ended.err.count("\n") == 1, ended
    assert ended.err.startswith("ann-tui: error: e.toml: ") and says in ended.err, ended.err


def test_the_app_says_what_it_cannot_follow(folder: Path) -> None:
    """There the table opens all the same, and each is a finding."""
    from ann_tui.experiments.experiment_file import read_experiment

    data = load(read_experiment("k.toml").source)
    found = [finding.text for finding in data.profile.findings if finding.kind in ("rule", "unknown column")]
    assert len(found) == 7
    for word in ("'sald'", "'sugr'", "'acidd'", "'salt in 0-3'", "'acid in 3..0'"):
        assert any(word in text for text in found)
    whole = load(Source("wine.csv", rules=("acid in -9..9",), included=("salt",)))
    assert not [each for each in whole.profile.findings if each.kind in ("rule", "unknown column")]


def test_a_seed_too_large_to_draw_rows_with_is_refused(folder: Path, run: Run) -> None:
    """The largest that can be is taken."""
    ended = run("train", "wine.csv", "--seed", 5_000_000_000)
    assert ended.code == 2 and "5000000000: it must be a whole number from 0 to 4294967294" in ended.err
    assert run("train", "wine.csv", "--seed", 2**32 - 2, "--epochs", 1, "--no-baselines").code == 0
