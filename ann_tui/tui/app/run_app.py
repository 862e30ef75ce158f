"""The app from its beginning to its end, whatever ends it: what was made is on disk, and is spoken of in a line."""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

from ann_tui.data.plain_text import visible
from ann_tui.tui.app.app import AnnApp
from ann_tui.tui.app.ending import UNFORESEEN
from ann_tui.tui.app.teacher import first_table
from ann_tui.tui.text import unforeseen


def run_app(file: str | None = None, *, lesson: bool = False) -> int:
    """Run the app until it ends, on a file when one is given, with the lesson on it where that is asked for.

    0 where the person left; 1 after an error that nobody foresaw or where the terminal is gone; 128 and the number
    of a signal after that. What stands in no file of the person's own is kept in the store of runs.
    """
    app = AnnApp(first_table() if lesson and file is None else file, lesson=lesson)
    failure: BaseException | None = None
    try:
        app.run()
    except (Exception, KeyboardInterrupt) as error:
        failure = error
    failure = failure or app.failure
    status = app.return_code or (0 if failure is None else UNFORESEEN)
    kept, problems = app.keeper.keep_all(interrupted=bool(status))
    if failure is not None:
        said = unforeseen(failure) if isinstance(failure, Exception) else "interrupted"
        details = _write_details(failure)
        problems.insert(0, said + (f" (details: {details})" if details else ""))
    lines = [f"ann-tui: error: {problem}" for problem in problems]
    lines += [f"ann-tui: kept: {one}; o in the app offers it" for one in kept]
    lines += [f"ann-tui: kept: {app.sweeper.left}"] if app.sweeper.left else []
    # The terminal may be gone.
    with suppress(OSError, ValueError):
        print(*map(visible, lines), sep="\n", end="\n" if lines else "", file=sys.stderr)
    return status


def _write_details(failure: BaseException) -> Path | None:
    """Where the traceback of a failure now stands, for a report; None where it can't be written."""
    path = user_state_path("ann-tui") / "last-failure.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(failure)), encoding="utf-8")
    except OSError:
        return None
    return path
