"""The page at which the lesson was left, kept in the user's state folder."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_state_path

from ann_tui.atomic_file import atomic_file


@dataclass(frozen=True)
class Bookmark:
    """The table, by its absolute path, and the place of the page, from 0."""

    path: str
    page: int


def _file() -> Path:
    return user_state_path("ann-tui") / "lesson.json"


def bookmark() -> Bookmark | None:
    """Where the lesson was left; None where it was not begun, was ended, or its table is gone."""
    try:
        read = json.loads(_file().read_text(encoding="utf-8"))
        found = Bookmark(str(read["path"]), int(read["page"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if found.page >= 0 and Path(found.path).is_file() else None


def put_bookmark(mark: Bookmark) -> None:
    """Keep it; does nothing where the folder can't be written."""
    with contextlib.suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(_file()) as file:
            file.write(json.dumps(asdict(mark)).encode())


def take_bookmark() -> None:
    """The lesson was gone through to its end."""
    with contextlib.suppress(OSError):
        _file().unlink(missing_ok=True)
