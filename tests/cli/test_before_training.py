"""What is lost of a table, or not as it looks, is said before a network is trained on it."""

from __future__ import annotations

import json
from pathlib import Path

from command_line import Run

QUICK = ("--epochs", 1, "--no-baselines")


def write(path: Path, cells: list[str]) -> Path:
    rows = (f"{cell};{place % 7};{'ab'[place % 2]}\n" for place, cell in enumerate(cells))
    path.write_text("size;count;kind\n" + "".join(rows))
    return path


def test_cells_that_are_no_numbers(run: Run, tmp_path: Path) -> None:
    cells = [f"{place / 3:.2f}" for place in range(60)]
    cells[5], cells[9], cells[20] = "#DIV/0!", "inf", "below LOD"
    table = write(tmp_path / "t.csv", cells)
    ended = run("train", table, "--target", "kind", *QUICK)
    assert "note: size: “below LOD” in line 22 is no number" in ended.err
    assert "note: size: 2 cells say “#DIV/0!” or “inf”: taken as missing" in ended.err
    told = json.loads(run("train", table, "--target", "kind", *QUICK, "--json").out)["notes"]
    assert [f"note: {note}" for note in told] == [
        line for line in ended.err.splitlines() if line.startswith("note: ")
    ]


def test_columns_that_could_be_numbers_with_the_option_that_reads_them(run: Run, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", [f"{place / 3:.2f}k" for place in range(60)])
    ended = run("train", table, "--target", "kind", *QUICK)
    option = 'source.number_forms."size"=12k'
    assert "size is left out: numbers with k for thousands" in ended.err and f"--set '{option}'" in ended.err
    ended = run("train", table, "--target", "kind", *QUICK, "--set", option)
    assert ended.code == 0 and "size" not in ended.err
    mixed = write(tmp_path / "u.csv", [f"{place} {'kg' if place % 2 else 'lb'}" for place in range(60)])
    assert "size is left out: numbers in 2 units" in run("train", mixed, "--target", "kind", *QUICK).err


def test_what_reading_did_and_left_out(run: Run, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", [f"{place / 3:.2f}" for place in range(60)])
    lines = table.read_text().splitlines()
    lines[9] += ";too;many"
    table.write_text("\n".join([*lines, *[";;"] * 9]) + "\n")
    ended = run("train", table, "--target", "kind", *QUICK)
    assert "note: 9 rows without any value at the end left out (lines 62 to 70)." in ended.err
    assert "note: 1 line left out (line 10: 5 cells where 3 are expected" in ended.err


def test_nothing_is_said_of_a_clean_table(run: Run, sample_data: Path) -> None:
    for sample, target in (
        ("penguins.csv", "species"),
        ("cars.csv", "Miles_per_Gallon"),
        ("churn.csv", "churn"),
    ):
        ended = run("train", sample_data / sample, "--target", target, *QUICK)
        assert "note: " not in ended.err, ended.err
