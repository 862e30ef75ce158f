"""Writes the torture files, each with the expectation beside it.

    python tests/torture/make_files.py FOLDER

The cases stand in `cases/*.py` as a list `CASES` of dicts: `name`, `data` (bytes), and either `refused`
(a regular expression for the one line of the message) or `columns` and `rows` (numbers, texts, None for missing)
with, where it matters, `dialect`, `dropped` (line and a regular expression for the reason), `lines`, `warnings`
(regular expressions, all of which some warning matches) and `kinds`.
"""

import json
import runpy
import sys
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


def cases() -> list[dict[str, Any]]:
    """All cases, in the order of their files."""
    found: list[dict[str, Any]] = []
    for path in sorted(CASES.glob("*.py")):
        found += runpy.run_path(str(path))["CASES"]
    names = [case["name"] for case in found]
    assert len(set(names)) == len(names), "two cases have the same name"
    return found


def write_files(folder: Path) -> list[Path]:
    """Write every file and its expectation (NAME.expected.json) into the folder; gives the paths of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for case in cases():
        path = folder / case["name"]
        path.write_bytes(case["data"])
        expected = {key: value for key, value in case.items() if key not in ("name", "data")}
        Path(f"{path}.expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
        paths.append(path)
    return paths


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_files.py FOLDER")
    print(f"{len(write_files(Path(sys.argv[1])))} files written to {sys.argv[1]}")
