"""`ann-tui web`: the app in a browser."""

from __future__ import annotations

import errno
from pathlib import Path

import click

from ann_tui.commands.options import FILE, Whole
from ann_tui.commands.running import DONE, leaving_as_python_does, say


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option("--port", type=Whole(1, 65535), default=8000, show_default=True, help="Where it listens.")
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Which network it listens on. Anything but this computer itself lets others read and write files as you.",
)
def web(file: str | None, port: int, host: str) -> int:
    """Serve the app to a browser, on FILE when one is given; Ctrl-C ends it.

    Each visit runs an app of its own on this computer, which ends when the page is left and keeps what was made. There
    is no password. It needs the extra: pip install 'ann-tui[web]'.

    \b
    Examples:
      ann-tui web
      ann-tui web sample_data/penguins.csv --port 8001
    """
    if file is not None:
        _check_file(file)
    try:
        from ann_tui.web.serving import AppServer, warning_of
    except ModuleNotFoundError as error:
        if error.name not in ("textual_serve", "aiohttp", "aiohttp_jinja2", "jinja2"):
            raise
        raise click.ClickException(
            f"{error.name} is not installed: pip install 'ann-tui[web]' gives what a browser needs"
        ) from None

    def ready(address: str) -> None:
        say(f"open {address} in a browser; Ctrl-C ends it")
        say(f"warning: {warning_of(host)}", err=True)

    try:
        with leaving_as_python_does():
            AppServer(file, host, port, ready).serve()
    except OSError as error:
        raise click.ClickException(_why_not(error, host, port)) from None
    except UnicodeError:
        raise click.ClickException(_no_address(host)) from None
    return DONE


def _check_file(file: str) -> None:
    """Raise an error with one line where the app could not open a file, or the table that it names."""
    from ann_tui.commands.running import check_table
    from ann_tui.data.plain_text import shown_path

    path = Path(file)
    if file == "-":
        raise click.ClickException("a visit can't read standard input: name a file")
    if path.is_dir():
        raise click.ClickException(f"{shown_path(file)} is a folder: name a file in it")
    if not path.is_file():
        raise click.ClickException(f"{shown_path(file)}: there is no such file")
    suffix, table = path.suffix.casefold(), file
    if suffix == ".toml":
        from ann_tui.experiments.experiment_file import read_experiment

        table = read_experiment(path).source.path
    elif suffix == ".ann":
        from ann_tui.model.storage import load_model

        load_model(path)
        return
    else:
        with path.open("rb") as opened:
            opened.read(1)
    check_table(table)
    if not Path(table).is_file():
        raise click.ClickException(f"{shown_path(file)}: its table {shown_path(table)} is not there")


def _why_not(error: OSError, host: str, port: int) -> str:
    """Why nothing can listen there, and what would help."""
    from ann_tui.data.plain_text import printable

    where = f"port {port} of {printable(host, 80)}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken by another program: choose another with --port"
    if error.errno == errno.EACCES:
        return f"{where} is not open to you: choose one from 1024 on with --port"
    from socket import gaierror

    if isinstance(error, gaierror) or error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return _no_address(host)
    return f"{where}: {error.strerror or error}"


def _no_address(host: str) -> str:
    from ann_tui.data.plain_text import printable

    return (
        f"{printable(host, 80) or 'an empty name'} is no address of this computer: leave out --host, or name one that "
        "it has, such as 0.0.0.0 for all"
    )
