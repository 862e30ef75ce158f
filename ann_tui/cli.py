"""The command line: its names, its exit codes, and how it fails. What each command does stands in `commands`."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from ann_tui.commands.ablate import ablate
from ann_tui.commands.choices import choices
from ann_tui.commands.completion import completion
from ann_tui.commands.cv import cv
from ann_tui.commands.evaluate import evaluate
from ann_tui.commands.export import export
from ann_tui.commands.options import FILE
from ann_tui.commands.predict import predict
from ann_tui.commands.profile import profile
from ann_tui.commands.report import report
from ann_tui.commands.running import (
    BAD_INPUT,
    DONE,
    INTERRUPTED,
    is_terminal,
    leaving_as_python_does,
    leaving_at_once,
    say,
)
from ann_tui.commands.runs import runs
from ann_tui.commands.samples import samples
from ann_tui.commands.sweep import sweep
from ann_tui.commands.train import train
from ann_tui.commands.web import web
from ann_tui.data.plain_text import shown_path
from ann_tui.left_behind import something_runs_on


def main() -> NoReturn:
    """The program: `command_line`, and an end that does not wait for work that was left behind."""
    try:
        command_line()
    except SystemExit as ended:
        if something_runs_on():
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError, AttributeError):
                    stream.flush()
            os._exit(ended.code if isinstance(ended.code, int) else DONE)
        raise


def command_line() -> NoReturn:
    """Run the command line and exit: 0 done, 2 bad usage or bad input, 130 interrupted.

    Warnings of libraries, which speak to programmers, are not shown unless Python is told to (`-W`, PYTHONWARNINGS).
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    try:
        with leaving_at_once():
            status = commands.main(sys.argv[1:], prog_name="ann-tui", standalone_mode=False)
            if sys.stdout is not None:
                sys.stdout.flush()
    except click.ClickException as error:
        _fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _leave_closed_pipe()
    except MemoryError:
        _fail("there is not enough memory: close other programs, or take a part of the rows")
    except (ValueError, OSError) as error:
        _fail(_one_line(error))
    sys.exit(status if isinstance(status, int) else DONE)


def _fail(message: str) -> NoReturn:
    with suppress(BrokenPipeError):
        say(f"ann-tui: error: {' '.join(message.split())}", err=True)
    sys.exit(BAD_INPUT)


def _leave_closed_pipe() -> NoReturn:
    """Nobody reads on (`| head`): end quietly, without the interpreter's own attempt to flush."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
    sys.exit(DONE)


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error) or type(error).__name__


class CommandOrFile(click.Group):
    """A group whose first word may also be a file: `ann-tui data.csv` opens the app on it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a first word that is no command for a file to open. Raises ClickException where it is neither."""
        if self.get_command(ctx, args[0]) is not None:
            return super().resolve_command(ctx, args)
        if not Path(args[0]).exists():
            raise click.ClickException(
                f"{shown_path(args[0])}: there is no such file{self._no_command(*args)}"
            )
        return "open", self.get_command(ctx, "open"), args

    def _no_command(self, word: str, *more: str) -> str:
        """That a word is no command either, with the one that it resembles."""
        names = sorted(name for name, command in self.commands.items() if not command.hidden)
        near = get_close_matches(word.casefold(), names, 1)
        if near:
            return f", and no such command; did you mean: {' '.join(['ann-tui', near[0], *more])}"
        return f", and no such command ({', '.join(names)})"

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader that has gone is no error, as click would take it for one."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _leave_closed_pipe()

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and options, and files as well."""
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]


@click.group(
    cls=CommandOrFile,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="[FILE | COMMAND [ARGS]...]",
    epilog='The tab key completes after:  eval "$(ann-tui completion bash)"',
)
@click.version_option(None, "--version", package_name="ann-tui", message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context) -> int | None:
    """Turn a CSV into a trained neural network, and understand what happened.

    \b
      ann-tui                             choose a sample or a file
      ann-tui data.csv                    open a file; t trains, f1 helps
      ann-tui train data.csv --save m.ann the same without the screen
      ann-tui predict m.ann new.csv       what the network says about new rows
    """
    if context.invoked_subcommand is None:
        return _run_app(None)
    return None


def _check_terminal() -> None:
    """Raise ClickException where nobody could see the app or press a key: it would wait for ever.

    A browser is as good as a terminal; `ann-tui web` says by Textual's own variable that there is one.
    """
    if os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver"):
        return
    if not all(map(is_terminal, (sys.__stdin__, sys.__stderr__))):
        raise click.ClickException("the app needs a terminal; without one, see: ann-tui train --help")


@commands.command("open", hidden=True)
@click.argument("file", type=FILE)
def open_file(file: str) -> int:
    """Open the app on FILE."""
    return _run_app(file)


@commands.command()
@click.argument("file", type=FILE, required=False)
def learn(file: str | None) -> int:
    """Open the lesson on FILE, where it was left, or on the first sample.

    \b
    Twelve pages, each on the real screen with something to try: from a table
    over one neuron, one row, one step of gradient descent, to new data.

    \b
    Example:
      ann-tui learn data.csv
    """
    return _run_app(file, lesson=True)


def _run_app(file: str | None, *, lesson: bool = False) -> int:
    _check_terminal()
    gc.disable()  # All that is imported stays: the app collects from its first frame on.
    from ann_tui.tui.app.run_app import run_app

    with leaving_as_python_does():
        return run_app(file, lesson=lesson)


for command in (
    train,
    evaluate,
    predict,
    cv,
    sweep,
    export,
    report,
    ablate,
    profile,
    runs,
    choices,
    samples,
    web,
    completion,
):
    commands.add_command(command)


if __name__ == "__main__":
    main()
