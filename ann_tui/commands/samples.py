"""`ann-tui samples`: the sample files."""

from __future__ import annotations

import click

from ann_tui.commands.running import DONE, say


@click.command()
def samples() -> int:
    """List the sample files, and how to open each.

    \b
    Example:
      ann-tui samples
    """
    from ann_tui.data.samples import samples as all_samples

    for sample in all_samples():
        say(f"{sample.name:<10} {sample.title}\n           ann-tui {sample.path}")
    return DONE
