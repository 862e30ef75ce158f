"""`ann-tui choices`: what can be chosen, by its name in an experiment file."""

from __future__ import annotations

import click

from ann_tui.commands.running import DONE


@click.command()
@click.argument("part", required=False, default="")
def choices(part: str) -> int:
    """List what can be chosen: activations, costs, optimizers, scalings …, each with what it means.

    The names are those of the experiment file and of `ann-tui train --set NAME=VALUE`. With PART only the choices
    that have it in their name, or the options that do.

    \b
    Examples:
      ann-tui choices
      ann-tui choices optimizer
    """
    from rich.table import Table
    from rich.text import Text

    from ann_tui.experiments.named_choices import options_by_name
    from ann_tui.reports.console import report_console

    wanted = part.casefold()
    found = {
        name: {key: each.summary for key, each in options.items() if wanted in name or wanted in key}
        for name, options in options_by_name().items()
    }
    if not any(found.values()):
        raise click.ClickException(
            f"{part}: no choice and no option has this in its name; see: ann-tui choices"
        )
    console = report_console()
    for place, (name, options) in enumerate((name, options) for name, options in found.items() if options):
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, min_width=16)
        for key, summary in options.items():
            table.add_row(Text(f"  {key}", style="bold"), Text(summary))
        console.print(Text(f"{name}" if place == 0 else f"\n{name}"), table)
    return DONE
