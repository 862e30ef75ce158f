"""`ann-tui profile`: what is in a file and what looks wrong."""

from __future__ import annotations

import click

from ann_tui.commands.options import FILE, as_json
from ann_tui.commands.running import DONE, check_table, print_json


@click.command()
@click.argument("file", type=FILE)
@as_json
def profile(file: str, as_json: bool) -> int:
    """Say what is in FILE and what looks wrong: what the app's first screen knows.

    \b
    Example:
      ann-tui profile sample_data/cars.csv
    """
    from ann_tui.data.choices.source import Source
    from ann_tui.experiments.derived import load

    check_table(file)
    data = load(Source(file))
    if as_json:
        from ann_tui.data.profile.profile_record import profile_record

        print_json(profile_record(data.table, data.profile))
    else:
        from ann_tui.reports.text_report import print_profile

        print_profile(data)
    return DONE
