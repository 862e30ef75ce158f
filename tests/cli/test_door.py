"""What a file, its name or an argument says is never acted upon by a terminal, whichever command speaks of it."""

from __future__ import annotations

import ast
import json
import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from command_line import Ended
from command_line import Run as RunCommand

import ann_tui
from ann_tui.data.plain_text import VisibleLines, visible, visible_json
from ann_tui.reports.console import SafeConsole

TITLE, COLOUR, TURNED = "\x1b]0;owned\x07", "\x9b31m", "a\u202eb"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A file whose name, headers, cells and classes steer a terminal that is told of them as they are."""
    path = tmp_path / f"rows{COLOUR}\x1b[2J.csv"
    lines = [f"{TITLE},{COLOUR},{TURNED},class{TITLE}"]
    lines += [
        f"{row % 7}.5,{row % 5},a {COLOUR if row % 9 == 0 else 'plain cell'},{TURNED if row % 7 > 3 else 'none'}"
        for row in range(60)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def check(ended: Ended, code: int = 0) -> Ended:
    """It ended so, said something, and nothing that steers."""
    said = ended.out + ended.err
    steering = {
        f"{ord(each):04x}"
        for each in said.replace("\n", "")
        if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp")
    }
    assert (ended.code, steering) == (code, set()) and said
    return ended


def test_no_command_lets_it_through(run: RunCommand, table: Path, tmp_path: Path) -> None:
    model = tmp_path / f"{TITLE}.ann"
    few = ("--layers", "3 relu", "--epochs", 2, "--target", f"class{TITLE}")
    check(run("profile", table))
    check(run("train", table, *few, "--save", model, "--save-experiment", tmp_path / f"{COLOUR}.toml"))
    check(run("train", table, "--epochs", 1))
    check(run("evaluate", model, table))
    small = ("--set", "network.layers=3 relu", "--save-experiment", tmp_path / f"{COLOUR}.toml")
    check(run("train", table, "--epochs", 2, "--target", f"class{TITLE}", *small))
    check(run("ablate", tmp_path / f"{COLOUR}.toml", "--seeds", 1))
    check(run("predict", model, table, "-o", tmp_path / f"{TURNED}.csv"))


def test_json_has_the_same_values_in_harmless_letters(run: RunCommand, table: Path, tmp_path: Path) -> None:
    model, few = tmp_path / "m.ann", ("--layers", "", "--epochs", 1, "--target", f"class{TITLE}")
    columns = json.loads(check(run("profile", table, "--json")).out)["columns"]
    assert [column["name"] for column in columns] == [TITLE, COLOUR, TURNED, f"class{TITLE}"]
    record = json.loads(check(run("train", table, *few, "--save", model, "--json")).out)
    assert set(record["classes"]) == {"none", TURNED}
    check(run("evaluate", model, table, "--json"))


def test_what_is_refused_is_said_in_harmless_letters(run: RunCommand, table: Path, tmp_path: Path) -> None:
    model, other = tmp_path / f"m{COLOUR}.ann", tmp_path / "other.csv"
    check(run("train", table, "--layers", "", "--epochs", 1, "--save", model))
    other.write_text(f"x,{COLOUR}\n1,2\n")
    broken = tmp_path / f"{TITLE}.ann"
    broken.write_bytes(b"no model")
    for words in (
        ("train", table, "--target", "nosuch"),
        ("train", table, "--target", TITLE[1:], "--drop", COLOUR + "x"),
        ("train", table, "--optimizer", TITLE),
        ("train", table, "--set", f"{TITLE}={COLOUR}"),
        ("train", table, f"--{TITLE}"),
        ("train", tmp_path / f"{TURNED}.csv"),
        ("profile", model),
        ("profile", tmp_path / f"no{TITLE}.csv"),
        ("evaluate", model, other),
        ("evaluate", broken, table),
        ("predict", model, other),
        ("predict", model, table, "-o", tmp_path / COLOUR / "out.csv"),
        ("predict", model, table, "-o", f"{TITLE}.toml"),
        ("choices", TITLE),
        (f"{TITLE}.csv",),
        ("completion", COLOUR),
    ):
        ended = check(run(*words), 2)
        assert ended.err.startswith("ann-tui: error: ") and ended.err.count("\n") == 1, words


def test_rich_steers_and_its_text_does_not() -> None:
    console = SafeConsole(highlight=False, force_terminal=True, color_system="standard", width=60)
    with console.capture() as captured:
        console.print(f"{TITLE}{COLOUR}{TURNED}", style="red")
        console.rule(TITLE)
    said = captured.get()
    assert "\x1b[31m␛]0;owned" in said
    assert not {"\x07", "\x9b", "\u202e"} & set(said) and "\x1b]" not in said


def test_lines_stay_lines_and_letters_letters() -> None:
    plain = "Grüße, 数, 👩‍🔬\n\nτ"
    assert visible(plain) == plain.replace("\u200d", "") and visible_json(json.dumps(plain)) == json.dumps(
        plain
    )
    wild = f"{TITLE}{TURNED}\x7f\u2028\U000e0001 ü"
    text = visible_json(json.dumps(wild, ensure_ascii=False))
    assert json.loads(text) == wild and text.isprintable() and "ü" in text
    terminal = BytesIO()
    lines = VisibleLines(terminal)
    for byte in f"a,{COLOUR}ü\nb\n".encode():
        lines.write(bytes([byte]))
    assert terminal.getvalue().decode() == "a,<U+009B>31mü\nb\n"


def test_there_is_no_other_door() -> None:
    """Each of these goes out in one place, where it is made harmless."""
    doors = {"click.echo": {"running.py"}, "Console": {"console.py"}, "print": {"run_app.py"}}
    root = Path(ann_tui.__file__).parent
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            assert called not in doors or path.name in doors[called], f"{path}: {called}"
