"""The pages at which the lesson was left, a table each, kept in the user's state folder."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path

from ann_tui.atomic_file import atomic_file

MOST = 50


@dataclass(frozen=True)
class Bookmark:
    """The table, by its absolute path, and the place of the page, from 0."""

    path: str
    page: int


def _file() -> Path:
    return user_state_path("ann-tui") / "lesson.json"


def bookmarks() -> tuple[Bookmark, ...]:
    """Where the lesson was left, the newest first; none of it where the file is none, or a table is gone."""
    try:
        read = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    if not isinstance(read, dict):
        return ()
    return tuple(
        Bookmark(path, page)
        for path, page in read.items()
        if type(page) is int and page >= 0 and Path(path).is_file()
    )


def bookmark_of(path: str) -> Bookmark | None:
    """Where the lesson on a table was left; None where it was not begun, or was gone through."""
    return next((mark for mark in bookmarks() if mark.path == path), None)


def put_bookmark(mark: Bookmark) -> None:
    """Keep it, before all others; does nothing where the folder can't be written."""
    others = [each for each in bookmarks() if each.path != mark.path]
    _write([mark, *others][:MOST])


def take_bookmark(path: str) -> None:
    """The lesson on a table was gone through to its end."""
    marks = bookmarks()
    others = [each for each in marks if each.path != path]
    if len(others) < len(marks):
        _write(others)


def _write(marks: list[Bookmark]) -> None:
    with contextlib.suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(_file()) as file:
            file.write(json.dumps({mark.path: mark.page for mark in marks}).encode())
