"""What commands share: exit codes, JSON, notes on standard error, and how they end when they are interrupted."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import click

from ann_tui.atomic_file import check_writable, remove_unfinished

DONE, BAD_INPUT, INTERRUPTED = 0, 2, 130
REQUESTS = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
SHOW_CURSOR = b"\x1b[?25h\n"
Handler = Callable[[int, FrameType | None], object] | signal.Handlers


def say(text: str, *, err: bool = False) -> None:
    """Lines on standard output, or with `err` on standard error: nothing in them is acted upon by a terminal."""
    from ann_tui.data.plain_text import visible

    click.echo(visible(text), err=err)


def print_json(record: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    import json

    from ann_tui.data.plain_text import visible_json

    click.echo(visible_json(json.dumps(record, ensure_ascii=False, allow_nan=False)))


def print_notes(sentences: Iterable[str]) -> None:
    """Sentences on standard error, each on a line of its own, with nothing invisible in them."""
    from ann_tui.data.plain_text import printable

    for sentence in sentences:
        say(f"note: {printable(sentence, 400)}", err=True)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sees what is written to it; a closed stream is None."""
    return stream is not None and stream.isatty()


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """A request to end (Ctrl-C, SIGTERM, a closed terminal) ends the program there and then, without half a file.

    An exception would be lost now and then: Python ignores one that comes up while a module is being imported.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        remove_unfinished()
        if is_terminal(sys.stderr):
            os.write(sys.stderr.fileno(), SHOW_CURSOR)
        os._exit(128 + number)

    with _handling(dict.fromkeys(REQUESTS, handle)):
        yield


@contextmanager
def leaving_as_python_does() -> Iterator[None]:
    """Requests to end are left to Python and to the app, which has a terminal to put in order."""
    usual: dict[signal.Signals, Handler] = dict.fromkeys(REQUESTS, signal.SIG_DFL)
    with _handling(usual | {signal.SIGINT: signal.default_int_handler}):
        yield


@contextmanager
def stopping_on_interrupt(stop: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Ctrl-C calls `stop` instead of ending the program; the call of what is given tells whether it came."""
    came = False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        stop()

    with _handling({signal.SIGINT: handle}):
        yield lambda: came


@contextmanager
def _handling(handlers: Mapping[signal.Signals, Handler]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def check_table(path: str, *, experiment: bool = False) -> None:
    """Refuse a model where a table is to be read, and an experiment file but where it is welcome.

    Raises ClickException with one line; whatever else the file may be is told by the reader.
    """
    from ann_tui.data.plain_text import shown_path

    suffix = Path(path).suffix.casefold()
    if suffix == ".ann" and Path(path).is_file():
        raise click.ClickException(f"{shown_path(path)} is a model, not a table of rows")
    if suffix == ".toml" and not experiment and Path(path).is_file():
        raise click.ClickException(
            f"{shown_path(path)} is an experiment file, not a table of rows: ann-tui train runs it"
        )


def check_output(path: str, inputs: Iterable[str], suffix: str = "") -> None:
    """Refuse to begin what could not be written at the end, or would overwrite what was given to read.

    With `suffix` an existing file must be one of its kind: a model is only written over a model. Raises
    ClickException or OSError with one line.
    """
    from ann_tui.data.plain_text import shown_path

    if path.endswith(tuple(filter(None, (os.sep, os.altsep)))):
        raise click.ClickException(f"{shown_path(path)} is the name of a folder: write the name of a file")
    target = Path(path)
    for given in inputs:
        if given != "-" and target.exists() and Path(given).exists() and target.samefile(given):
            raise click.ClickException(f"{shown_path(path)} is what is read: choose another name to write to")
    if suffix and target.is_file() and target.suffix != suffix and target.stat().st_size:
        raise click.ClickException(
            f"{shown_path(path)} exists and does not end in {suffix}: choose a name that does"
        )
    check_writable(path)


def confirm_overwriting(path: str, *, can_ask: bool = True) -> None:
    """Ask on a terminal before a file that holds something is written over.

    Raises ClickException with one line where the person says no, or can't be asked.
    """
    from ann_tui.data.plain_text import shown_path

    target, shown = Path(path), shown_path(path)
    if not target.is_file() or not target.stat().st_size:
        return
    if not (can_ask and is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise click.ClickException(f"{shown} exists: choose another name, or write over it with --force")
    if not click.confirm(f"{shown} exists. Write over it?", err=True):
        raise click.ClickException(f"{shown} stays as it is: nothing was written")
