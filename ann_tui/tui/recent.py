"""The files that were opened last, kept in the user's state folder."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

from platformdirs import user_state_path

MOST = 12


def _list_file() -> Path:
    return user_state_path("ann-tui") / "recent.json"


def recent_files() -> tuple[str, ...]:
    """Absolute paths, the newest first, of those files that still exist; empty where nothing can be read."""
    try:
        paths = json.loads(_list_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    if not isinstance(paths, list):
        return ()
    return tuple(path for path in paths if isinstance(path, str) and Path(path).exists())[:MOST]


def remember(path: str) -> None:
    """Put a file in front of the list; does nothing where the folder can't be written."""
    absolute = str(Path(path).absolute())
    paths = [absolute, *(other for other in recent_files() if other != absolute)][:MOST]
    target = _list_file()
    with contextlib.suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False) as file:
            json.dump(paths, file, indent=1)
        Path(file.name).replace(target)
