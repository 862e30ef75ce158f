"""`ann-tui web`: the app in a browser."""

from __future__ import annotations

import errno

import click

from ann_tui.commands.options import FILE
from ann_tui.commands.running import DONE, leaving_as_python_does, say


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where it listens."
)
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
    from pathlib import Path

    from ann_tui.data.plain_text import printable, shown_path

    if file is not None and not Path(file).is_file():
        raise click.ClickException(f"{shown_path(file)}: there is no such file")
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
        why = (
            "is taken by another program" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        )
        raise click.ClickException(
            f"port {port} of {printable(host, 80)} {why}: choose another with --port"
        ) from None
    return DONE
